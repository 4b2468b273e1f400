"""Entry summary declarations: CC315A and its amendment CC313A, with or without an envelope.

What identifies the message (its id, its LRN or MRN, its numbered goods items) must be there; everything else that
is missing or unreadable becomes a flag. Masses are kilograms on the wire and grams in the record; times are local
to the first entry office, whole minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import DocumentReference, EntrySummary, GoodsItem
from aftc.streams import ens_parties as parties
from aftc.streams.bounds import MOST_GOODS_ITEMS, bound
from aftc.streams.elements import Group, elements_named, looks_like_xml, read_xml
from aftc.streams.ens_build import build
from aftc.streams.values import (
    Flags,
    commodity_code,
    country_code,
    kilograms,
    reference,
    whole_number,
)
from aftc.streams.zones import zone_of_office

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ens"

DECLARATION, AMENDMENT = "CC315A", "CC313A"

_MESSAGES = frozenset((DECLARATION, AMENDMENT))
_MARK = re.compile(rb"<!--.*?(?:-->|\Z)|<(?:[A-Za-z_][\w.-]*:)?(CC31[35]A)[\s/>]", re.DOTALL)
_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a CC315A or CC313A."""
    return looks_like_xml(head) and any(found[1] for found in _MARK.finditer(head))


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
    office, zone, arrival = _first_entry(message, kind, flags)
    return EntrySummary(
        lrn=None if amendment else header.required("RefNumHEA4", reference),
        mrn=_mrn(header, flags) if amendment else None,
        message_id=message.required("MesIdeMES19", reference),
        amendment=amendment,
        declared_at=header.local("DatTimAmeHEA113" if amendment else "DecDatTimHEA114", zone),
        transport_mode=header.expected("TraModAtBorHEA76", reference),
        conveyance_reference=header.reference("ConRefNumHEA"),
        conveyance_identity=header.reference("IdeOfMeaOfTraCroHEA85"),
        conveyance_nationality=header.take("NatOfMeaOfTraCroHEA87", country_code),
        office_of_first_entry=office,
        expected_arrival=arrival,
        itinerary=_listed(message, "ITI", "CouOfRouCodITI1"),
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
        seals=_listed(message, "SEAID529", "SeaIdSEAID530"),
        flags=flags.sealed(),
    )


def _mrn(header: Group, flags: Flags) -> str:
    mrn = header.required("DocNumHEA5", reference)
    if not _MRN.fullmatch(mrn):
        flags.add(f"{AMENDMENT}/HEAHEA/DocNumHEA5", "not of the form of an MRN", mrn)
    return mrn


def _first_entry(message: Group, kind: str, flags: Flags) -> tuple[str | None, str, int | None]:
    group = message.group("CUSOFFFENT730")
    if group is None:
        flags.add(f"{kind}/CUSOFFFENT730", "missing")
        return None, zone_of_office(None)[0], None
    office = group.expected("RefNumCUSOFFFENT731", reference)
    zone, known = zone_of_office(office)
    if not known:
        flags.add(f"{kind}/CUSOFFFENT730", f"unknown office, its times are read in {zone}", office)
    return office, zone, group.local("ExpDatOfArrFIRENT733", zone)


def _listed(parent: Group, group: str, name: str) -> tuple[str, ...]:
    values = (each.reference(name) for each in parent.each(group))
    return tuple(value for value in values if value)


def _goods(message: Group, kind: str) -> tuple[GoodsItem, ...]:
    bound(len(message.groups.get("GOOITEGDS", ())), MOST_GOODS_ITEMS, "goods items")
    items = tuple(_goods_item(group) for group in message.each("GOOITEGDS"))
    if not items:
        raise MalformedMessage(f"{kind}/GOOITEGDS", "no goods item")
    return items


def _goods_item(group: Group) -> GoodsItem:
    packages, package_kind = _packages(group)
    commodity = group.group("COMCODGODITM")
    return GoodsItem(
        number=group.required("IteNumGDS7", whole_number),
        description=group.text("GooDesGDS23"),
        hs_code=commodity.take("ComNomCMD1", commodity_code) if commodity else None,
        gross_mass_g=group.take("GroMasGDS46", kilograms),
        packages=packages,
        package_kind=package_kind,
        documents=_documents(group),
        ucr=group.reference("ComRefNumGIM1"),
        containers=_listed(group, "CONNR2", "ConNumNR21"),
        vehicles=_listed(group, "IDEMEATRAGI970", "IdeMeaTraGIMEATRA971"),
        consignor=parties.ITEM_CONSIGNOR.read(group),
        consignee=parties.ITEM_CONSIGNEE.read(group),
        notify=parties.ITEM_NOTIFY.read(group),
        place_of_loading=group.reference("PlaLoaGOOITE333"),
        place_of_unloading=group.reference("PlaUnlGOOITE333"),
        payment_method=group.reference("MetOfPayGDI12"),
        dangerous_goods_code=group.reference("UNDanGooCodGDI1"),
    )


def _documents(group: Group) -> tuple[DocumentReference, ...]:
    named = ((each.reference("DocTypDC21"), each.reference("DocRefDC23")) for each in group.each("PRODOCDC2"))
    return tuple(DocumentReference(kind or "", number) for kind, number in named if number)


def _packages(group: Group) -> tuple[int | None, str | None]:
    """Packages, or pieces of unpacked goods, over all lines, and the kind of the first line that names one."""
    total, kind = None, None
    for line in group.each("PACGS2"):
        number = line.take("NumOfPacGS24", whole_number)
        if number is None:
            number = line.take("NumOfPieGS25", whole_number)
        if number is not None:
            total = (total or 0) + number
        kind = kind or line.reference("KinOfPacGS23")
    return total, kind
