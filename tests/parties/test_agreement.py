"""The rule of merges: which identifiers agree, and which numbers contradict each other."""

from __future__ import annotations

from typing import Any

import pytest

from aftc.parties.agreement import Identifier, agreeing, contradict
from aftc.parties.statements import statement
from aftc.testing import a_party

NAME, ADDRESS, NUMBER = Identifier.NAME, Identifier.ADDRESS, Identifier.NUMBER


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (NAME, ADDRESS)),
        ({"name": "Harbuor Fruit Imports Ltd"}, (NAME, ADDRESS)),
        ({"name": "Harb. Fruit Imports"}, (NAME, ADDRESS)),
        ({"name": "Harbour Meat Imports Ltd"}, (ADDRESS,)),
        ({"name": None}, (ADDRESS,)),
        ({"street": "2 Quay Road"}, (NAME,)),
        ({"street": "Quay Rd 1"}, (NAME, ADDRESS)),
        ({"street": "1 Quay Road, Dover", "city": None}, (NAME, ADDRESS)),
        ({"postcode": None}, (NAME, ADDRESS)),
        ({"postcode": "CT16 1AB"}, (NAME,)),
        ({"postcode": None, "city": "Hull"}, (NAME,)),
        ({"street": None}, (NAME,)),
        ({"country": "FR"}, (NAME,)),
        ({"country": None}, (NAME, ADDRESS)),
    ],
)
def test_what_agrees(given: dict[str, Any], expected: tuple[Identifier, ...]) -> None:
    """One abbreviation or slip in a word is forgiven, another house, postcode, town or country is not."""
    one, other = statement("a", a_party()), statement("b", a_party(**given))
    assert agreeing(one, other) == agreeing(other, one) == expected


def test_people_at_one_address_are_not_one() -> None:
    """Initials are too short for a slip."""
    one, other = (statement(key, a_party(f"{key} Brasklby")) for key in ("J", "K"))
    assert agreeing(one, other) == (ADDRESS,)


def test_a_number_agrees_by_itself() -> None:
    """Whatever else is said."""
    one = statement("a", a_party(eori="GB123456789000"))
    other = statement("b", a_party("Weald Foods", eori="GB123456789", street="9 Mill Lane", postcode="X1"))
    assert agreeing(one, other) == (NUMBER,)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("GB123456789012", False),
        ("GB132456789012", False),
        ("GB12345678912", False),
        ("GB1O3456789012", False),
        ("GB123456789021", False),
        ("GB123456789013", True),
        ("GB12345678901Z", False),
        ("GB123456780013", True),
        ("FR123456789012", True),
        ("", False),
    ],
)
def test_numbers_contradict_but_for_one_slip(other: str, expected: bool) -> None:
    """Neighbours in a row are two traders; swapped, lost or mistaken signs are one."""
    number = "GB123456789012"
    assert contradict(number, other) == contradict(other, number) == expected
