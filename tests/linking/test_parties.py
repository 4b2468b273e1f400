"""Keys of parties: what says nothing does not part them, and what says something does."""

from __future__ import annotations

import pytest

from aftc.linking.parties import normal_name, party_key
from aftc.records import Party
from aftc.testing import a_party

ALIKE = [
    ("Müller Früchte GmbH", "MUELLER FRUECHTE G.m.b.H."),
    ("Zakłady Łódź Sp. z o.o.", "Zaklady Lodz Sp z oo"),
    ("Øst & Søn A/S", "OST AND SON AS"),
    ("Harbour Trading Co Ltd", "Trading Harbour Company Limited"),
    ("Calder Intl. Trdg Ltd", "CALDER INTERNATIONAL TRADING"),
    ("O'Neill's Foods", "ONeills Foods Ltd."),
    ("Ромашка ООО", "Romashka OOO"),
    ("Société Velmont S.A.R.L.", "SARL Societe Velmont"),
]
UNLIKE = [
    ("Calder Trading Ltd", "Calder Foods Ltd"),
    ("上海贸易", "北京贸易"),
    ("Import/Export Ltd", "Importexport Ltd"),
    ("Calder Trading", "Caldr Trading"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_other_spellings_are_one_name(one: str, other: str) -> None:
    """Accents, scripts, umlauts written out, legal forms, order, abbreviations, dots."""
    assert normal_name(one) == normal_name(other) != ""


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_other_names_are_other(one: str, other: str) -> None:
    """Another word, another script's name, or a slip of the hand is another key."""
    assert normal_name(one) != normal_name(other)


def test_a_name_of_legal_forms_alone_stays() -> None:
    """A key needs something that identifies."""
    assert normal_name("AS Co Ltd") == "AS CO LTD"


def test_the_address_in_a_key_is_the_postcode_else_the_town() -> None:
    """Postcodes without spaces and dashes; where there is none, two towns are two parties."""
    assert party_key(a_party(postcode="ct16-1aa")) == party_key(a_party()) == "N|FRUIT HARBOUR IMPORTS|GB|CT161AA"
    assert party_key(a_party(postcode=None)) == "N|FRUIT HARBOUR IMPORTS|GB|DOVER"
    assert party_key(a_party(postcode=None, city="Hull")) != party_key(a_party(postcode=None))


def test_a_trader_number_outweighs_the_name() -> None:
    """With it the name does not matter; one made of a British VAT number has its zeros."""
    assert party_key(a_party(eori="gb 123456789 000")) == party_key(Party(eori="GB123456789")) == "E|GB123456789000"


@pytest.mark.parametrize("name", ["TO ORDER", "To order of shipper", "TO THE ORDER OF THE ISSUING BANK", "..."])
def test_goods_to_order_name_nobody(name: str) -> None:
    """Their consignees are no one party with a history."""
    assert party_key(Party(name=name, country="GB")) is None
    assert party_key(None) is None
