"""Parts that entry summary declarations and the messages about them have in common: read alike, flagged alike."""

from __future__ import annotations

import re

from aftc.clock import Instant
from aftc.records import DocumentReference, GoodsItem
from aftc.streams import ens_parties as parties
from aftc.streams.bounds import MOST_GOODS_ITEMS, bound
from aftc.streams.elements import Group
from aftc.streams.values import Flags, commodity_code, kilograms, reference, whole_number
from aftc.streams.zones import zone_of_office

__all__ = ["first_entry", "goods_items", "listed", "movement_reference"]

_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")


def movement_reference(header: Group, kind: str, flags: Flags) -> str:
    """The MRN of a message of this kind; flagged where it is not of the form of one.

    Raises:
        MalformedMessage: absent or unreadable.
    """
    mrn = header.required("DocNumHEA5", reference)
    if not _MRN.fullmatch(mrn):
        flags.add(f"{kind}/HEAHEA/DocNumHEA5", "not of the form of an MRN", mrn)
    return mrn


def first_entry(
    message: Group, kind: str, flags: Flags, *, states_arrival: bool
) -> tuple[str | None, str, Instant | None]:
    """Office of first entry, the zone in which the message's times are read, and the expected arrival there.

    Args:
        message: Of this kind.
        kind: How flags name it.
        flags: Where doubts are noted.
        states_arrival: Whether the kind must state the arrival.
    """
    group = message.group("CUSOFFFENT730")
    if group is None:
        flags.add(f"{kind}/CUSOFFFENT730", "missing")
        return None, zone_of_office(None)[0], None
    office = group.expected("RefNumCUSOFFFENT731", reference)
    zone, known = zone_of_office(office)
    if not known:
        flags.add(f"{kind}/CUSOFFFENT730", f"unknown office, its times are read in {zone}", office)
    return office, zone, group.local("ExpDatOfArrFIRENT733", zone, expected=states_arrival)


def listed(parent: Group, group: str, name: str) -> tuple[str, ...]:
    """The leaf of this name in each group, those that state it."""
    values = (each.reference(name) for each in parent.each(group))
    return tuple(value for value in values if value)


def goods_items(message: Group) -> tuple[GoodsItem, ...]:
    """The goods items of a message, each with its number.

    Raises:
        MalformedMessage: an item without a readable number.
        OversizeMessage: more than a message can have.
    """
    bound(len(message.groups.get("GOOITEGDS", ())), MOST_GOODS_ITEMS, "goods items")
    return tuple(_goods_item(group) for group in message.each("GOOITEGDS"))


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
        containers=listed(group, "CONNR2", "ConNumNR21"),
        vehicles=listed(group, "IDEMEATRAGI970", "IdeMeaTraGIMEATRA971"),
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
