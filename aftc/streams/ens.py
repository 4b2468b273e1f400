"""Entry summary declarations: CC315A and its amendment CC313A, with or without an envelope.

What identifies the message (its id, its LRN or MRN, its numbered goods items) must be there; everything else that
is missing or unreadable becomes a flag. Masses are kilograms on the wire and grams in the record; times are local
to the first entry office, whole minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import EntrySummary, GoodsItem
from aftc.streams import ens_parties as parties
from aftc.streams.elements import Group, element_among, elements_named, read_xml
from aftc.streams.ens_build import build
from aftc.streams.ens_parts import first_entry, goods_items, listed, movement_reference
from aftc.streams.values import Flags, country_code, kilograms, reference, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ens"

DECLARATION, AMENDMENT = "CC315A", "CC313A"

_MESSAGES = frozenset((DECLARATION, AMENDMENT))


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a CC315A or CC313A."""
    return element_among(head, _MESSAGES) is not None


def parse(raw: bytes) -> tuple[EntrySummary, ...]:
    """The declarations in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit, or of too many parts.
    """
    messages = tuple(_entry(element) for element in elements_named(read_xml(raw), _MESSAGES))
    if not messages:
        raise MalformedMessage("an element CC315A or CC313A", "none")
    return messages


def _entry(element: _Element) -> EntrySummary:
    flags = Flags()
    kind = DECLARATION if element.tag.endswith(DECLARATION) else AMENDMENT
    message = Group(element, kind, flags)
    header = message.group("HEAHEA")
    if header is None:
        raise MalformedMessage(f"{kind}/HEAHEA", "no such element")
    amendment = kind == AMENDMENT
    office, zone, arrival = first_entry(message, kind, flags, states_arrival=True)
    return EntrySummary(
        lrn=None if amendment else header.required("RefNumHEA4", reference),
        mrn=movement_reference(header, kind, flags) if amendment else None,
        message_id=message.required("MesIdeMES19", reference),
        amendment=amendment,
        declared_at=header.local("DatTimAmeHEA113" if amendment else "DecDatTimHEA114", zone),
        transport_mode=header.expected("TraModAtBorHEA76", reference),
        conveyance_reference=header.reference("ConRefNumHEA"),
        conveyance_identity=header.reference("IdeOfMeaOfTraCroHEA85"),
        conveyance_nationality=header.take("NatOfMeaOfTraCroHEA87", country_code),
        office_of_first_entry=office,
        expected_arrival=arrival,
        itinerary=listed(message, "ITI", "CouOfRouCodITI1"),
        place_of_loading=header.reference("PlaLoaGOOITE334"),
        place_of_unloading=header.reference("PlaUnlGOOITE334"),
        payment_method=header.reference("TraChaMetOfPayHEA1"),
        special_circumstance=header.reference("SpeCirIndHEA1"),
        ucr=header.reference("ComRefNumHEA"),
        total_items=header.take("TotNumOfIteHEA305", whole_number),
        total_packages=header.take("TotNumOfPacHEA306", whole_number),
        total_gross_mass_g=header.take("TotGroMasHEA307", kilograms),
        consignor=parties.CONSIGNOR.read(message),
        consignee=parties.CONSIGNEE.read(message),
        notify=parties.NOTIFY.read(message),
        carrier=parties.CARRIER.read(message),
        declarant=parties.DECLARANT.read(message),
        representative=parties.REPRESENTATIVE.read(message),
        items=_goods(message, kind),
        seals=listed(message, "SEAID529", "SeaIdSEAID530"),
        flags=flags.sealed(),
    )


def _goods(message: Group, kind: str) -> tuple[GoodsItem, ...]:
    items = goods_items(message)
    if not items:
        raise MalformedMessage(f"{kind}/GOOITEGDS", "no goods item")
    return items
