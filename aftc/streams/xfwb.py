"""Air waybills: IATA Cargo-XML XFWB, of a direct consignment or of a consolidation with house waybills below it.

What identifies the message (the waybill's number, its consignment) must be there; everything else that is missing or
unreadable becomes a flag. A consolidation is known by document code 741 or by the header note C, a direct waybill by
740.
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

NAME = "xfwb"

DIRECT, MASTER = "740", "741"  # UN/EDIFACT 1001
CONSOLIDATION = "C"  # header note

_ROOT = "Waybill"
_MARK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Waybill[\s>]")


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of an XFWB."""
    return looks_like_xml(head) and b"iata:waybill:" in head and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[AirWaybill, ...]:
    """The air waybills in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    waybills = tuple(_waybill(each) for each in elements_named(read_xml(raw), frozenset((_ROOT,))))
    if not waybills:
        raise MalformedMessage("an element Waybill", "none")
    return waybills


def _waybill(root: _Element) -> AirWaybill:
    flags = Flags()
    whole = Part(root, _ROOT, flags)
    header, business = whole.group("MessageHeaderDocument"), whole.group("BusinessHeaderDocument")
    consignment = whole.group("MasterConsignment")
    if business is None or consignment is None:
        missing = "BusinessHeaderDocument" if business is None else "MasterConsignment"
        raise MalformedMessage(f"{_ROOT}/{missing}", "no such element")
    number = business.required("ID", reference)
    items = [
        item for rating in consignment.each("ApplicableRating") for item in rating.each("IncludedMasterConsignmentItem")
    ]
    identity = Identity(number, None, _consolidation(header, business))
    return read_waybill(identity, header, consignment, items, consignment, flags)


def _consolidation(header: Part | None, business: Part) -> bool | None:
    kind = header.reference("TypeCode") if header else None
    noted = any(note.reference("ContentCode") == CONSOLIDATION for note in business.each("IncludedHeaderNote"))
    return True if noted or kind == MASTER else False if kind == DIRECT else None


def build(waybill: AirWaybill) -> bytes:
    """The message of a record, version 3; `parse` gives it back, but for flags."""
    kind = {True: MASTER, False: DIRECT, None: None}[waybill.consolidation]
    name = "Air Waybill" if kind == DIRECT else "Master Air Waybill"
    items = element("ApplicableRating", written_items(waybill, "IncludedMasterConsignmentItem"))
    number = waybill.master or ""
    consignment = element("m:MasterConsignment", leaf("ID", number) + written_consignment(waybill) + items)
    return message(_ROOT, "iata:waybill:1", written_header(waybill, name, kind, number) + consignment)
