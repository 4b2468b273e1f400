"""What customs answers to an entry summary declaration: registered (CC328A), rejected (CC316A), amended (CC304A).

With or without an envelope. What identifies must be there: the message's id, the LRN of what is registered or rejected,
the MRN of what is registered or amended. Times are local to the first entry office; a rejection names none, its time is
London's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import EntryError, EntryResponse, ResponseKind
from aftc.streams.elements import Group, element_among, elements_named, read_xml
from aftc.streams.ens_answers import Envelope, answered_entry, header_of, header_start, written
from aftc.streams.ens_build import digits
from aftc.streams.ens_parties import leaf
from aftc.streams.values import Flags, reference, text
from aftc.streams.zones import zone_of_office

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ens_response"

_KINDS = {
    "CC304A": ResponseKind.AMENDMENT_ACCEPTED,
    "CC316A": ResponseKind.REJECTED,
    "CC328A": ResponseKind.REGISTERED,
}
_MESSAGES = frozenset(_KINDS)
_NAMED_BY = {"CC304A": ("mrn",), "CC316A": ("lrn",), "CC328A": ("lrn", "mrn")}
_ANSWERED_AT = {"CC304A": "AmeAccDatTimHEA111", "CC316A": "DecRejDatTimHEA116", "CC328A": "DecRegDatTimHEA115"}


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a CC304A, CC316A or CC328A."""
    return element_among(head, _MESSAGES) is not None


def parse(raw: bytes) -> tuple[EntryResponse, ...]:
    """The answers in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    messages = tuple(_response(element) for element in elements_named(read_xml(raw), _MESSAGES))
    if not messages:
        raise MalformedMessage("an element CC304A, CC316A or CC328A", "none")
    return messages


def _response(element: _Element) -> EntryResponse:
    flags = Flags()
    kind = next(name for name in _KINDS if element.tag.endswith(name))
    message = Group(element, kind, flags)
    envelope, header = Envelope.read(message), header_of(message, kind)
    entry, zone = answered_entry(message, kind, flags, names=_NAMED_BY[kind])
    if kind == "CC328A" and entry.declarant is None:
        flags.add("CC328A/PERLODSUMDEC", "missing")
    return EntryResponse(
        kind=_KINDS[kind],
        message_id=envelope.message_id,
        correlation_id=envelope.correlation_id,
        recipient=envelope.recipient,
        entry=entry,
        answered_at=header.local(_ANSWERED_AT[kind], zone),
        amended_at=header.local("DatTimAmeHEA113", zone) if kind == "CC304A" else None,
        reason=header.text("DecRejReaHEA252"),
        errors=tuple(_error(group) for group in message.each("FUNERRER1")),
        flags=flags.sealed(),
    )


def _error(group: Group) -> EntryError:
    return EntryError(
        code=group.expected("ErrTypER11", reference),
        pointer=group.expected("ErrPoiER12", text),
        rule=group.reference("ErrReaER13"),
        value=group.text("OriAttValER14"),
    )


def build(response: EntryResponse) -> bytes:
    """The message of a record; `parse` gives it back, but for flags and seconds, which the format cannot hold."""
    kind = next(name for name, meant in _KINDS.items() if meant is response.kind)
    zone, _ = zone_of_office(response.entry.office_of_first_entry)
    header = (
        header_start(response.entry, kind)
        + leaf("DecRejReaHEA252", response.reason)
        + leaf(_ANSWERED_AT[kind], digits(response.answered_at, zone))
        + leaf("DatTimAmeHEA113", digits(response.amended_at, zone))
    )
    envelope = Envelope(response.message_id, response.correlation_id, response.recipient, response.answered_at)
    return written(
        kind, envelope, response.entry, header, before="".join(_written(error) for error in response.errors), after=""
    )


def _written(error: EntryError) -> str:
    leaves = (
        leaf("ErrTypER11", error.code)
        + leaf("ErrPoiER12", error.pointer)
        + leaf("ErrReaER13", error.rule)
        + leaf("OriAttValER14", error.value)
    )
    return f"<FUNERRER1>{leaves}</FUNERRER1>"
