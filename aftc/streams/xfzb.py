"""House waybills: IATA Cargo-XML XFZB, one consignment under an air waybill.

What identifies the message (the house waybill's number, its consignment) must be there; everything else that is missing
or unreadable becomes a flag. Masses, values and airports are the house consignment's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import AirWaybill
from aftc.streams.cargo_parts import Part, element, leaf, message
from aftc.streams.cargo_waybill import Identity, read_waybill, written_consignment, written_header, written_items
from aftc.streams.elements import elements_named, looks_like_xml, read_xml
from aftc.streams.values import Flags, reference

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "xfzb"

HOUSE = "703"  # UN/EDIFACT 1001

_ROOT = "HouseWaybill"
_MARK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?HouseWaybill[\s>]")


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of an XFZB."""
    return looks_like_xml(head) and b"iata:housewaybill:" in head and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[AirWaybill, ...]:
    """The house waybills in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    waybills = tuple(_waybill(each) for each in elements_named(read_xml(raw), frozenset((_ROOT,))))
    if not waybills:
        raise MalformedMessage("an element HouseWaybill", "none")
    return waybills


def _waybill(root: _Element) -> AirWaybill:
    flags = Flags()
    whole = Part(root, _ROOT, flags)
    header, business = whole.group("MessageHeaderDocument"), whole.group("BusinessHeaderDocument")
    above = whole.group("MasterConsignment")
    consignment = above.group("IncludedHouseConsignment") if above else None
    if business is None or above is None or consignment is None:
        missing = "BusinessHeaderDocument" if business is None else "MasterConsignment/IncludedHouseConsignment"
        raise MalformedMessage(f"{_ROOT}/{missing}", "no such element")
    document = above.group("TransportContractDocument")
    identity = Identity(
        master=document.reference("ID") if document else None,
        house=business.required("ID", reference),
        consolidation=None,
    )
    items = list(consignment.each("IncludedHouseConsignmentItem"))
    return read_waybill(identity, header, consignment, items, above, flags)


def build(waybill: AirWaybill) -> bytes:
    """The message of a record, version 3; `parse` gives it back, but for flags."""
    house = waybill.house or ""
    items = written_items(waybill, "IncludedHouseConsignmentItem")
    consignment = element("IncludedHouseConsignment", leaf("ID", house) + written_consignment(waybill) + items)
    master = element("TransportContractDocument", leaf("ID", waybill.master))
    above = element("m:MasterConsignment", master + consignment)
    return message(_ROOT, "iata:housewaybill:1", written_header(waybill, "House Waybill", HOUSE, house) + above)
