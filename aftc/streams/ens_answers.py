"""What every message about a declaration repeats of it, and its envelope: one reading and one writing for them all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from aftc.clock import Instant
from aftc.errors import MalformedMessage
from aftc.records import AnsweredEntry
from aftc.streams import ens_parties as parties
from aftc.streams.elements import Group
from aftc.streams.ens_build import UNSTATED, digits, document, first_entry, goods_item
from aftc.streams.ens_parties import leaf
from aftc.streams.ens_parts import first_entry as read_first_entry
from aftc.streams.ens_parts import goods_items, movement_reference
from aftc.streams.values import Flags, country_code, reference
from aftc.streams.zones import zone_of_office

__all__ = ["Envelope", "answered_entry", "header_of", "header_start", "nationality", "written"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who is answered, and by which message; `prepared` is when it was written (event time)."""

    message_id: str
    correlation_id: str | None
    recipient: str | None
    prepared: Instant | None = None

    @classmethod
    def read(cls, message: Group) -> Envelope:
        """The envelope of a message, but for the time.

        Raises:
            MalformedMessage: no readable id.
        """
        return cls(
            message_id=message.required("MesIdeMES19", reference),
            correlation_id=message.reference("CorIdeMES25"),
            recipient=message.reference("MesRecMES6"),
        )


def header_of(message: Group, kind: str) -> Group:
    """The header of a message of this kind.

    Raises:
        MalformedMessage: it has none.
    """
    header = message.group("HEAHEA")
    if header is None:
        raise MalformedMessage(f"{kind}/HEAHEA", "no such element")
    return header


def answered_entry(message: Group, kind: str, flags: Flags, *, names: Collection[str]) -> tuple[AnsweredEntry, str]:
    """What a message repeats of the declaration, and the zone in which its times are read.

    Args:
        message: Of this kind.
        kind: How errors and flags name it.
        flags: Where doubts are noted.
        names: What the kind names the declaration by: `lrn`, `mrn`, or both.

    Raises:
        MalformedMessage: a name or an item's number that is absent or unreadable.
    """
    header, lodged = header_of(message, kind), message.group("CUSOFFLON")
    office, zone, arrival = None, zone_of_office(None)[0], None
    if "mrn" in names:
        office, zone, arrival = read_first_entry(message, kind, flags, states_arrival=False)
    entry = AnsweredEntry(
        lrn=header.required("RefNumHEA4", reference) if "lrn" in names else None,
        mrn=movement_reference(header, kind, flags) if "mrn" in names else None,
        transport_mode=header.reference("TraModAtBorHEA76"),
        conveyance_reference=header.reference("ConRefNumHEA"),
        conveyance_identity=header.reference("IdeOfMeaOfTraCroHEA85"),
        conveyance_nationality=header.take(nationality(kind), country_code),
        ucr=header.reference("ComRefNumHEA"),
        office_of_lodgement=lodged.reference("RefNumCOL1") if lodged else None,
        office_of_first_entry=office,
        expected_arrival=arrival,
        declarant=parties.DECLARANT.read(message),
        representative=parties.REPRESENTATIVE.read(message),
        carrier=parties.CARRIER.read(message),
        items=goods_items(message),
    )
    return entry, zone


def nationality(kind: str) -> str:
    """Name of the element of the conveyance's nationality."""
    return "NatOfMeaOfTraCroHEA87" if kind == "CC304A" else "NatHEA001"


def header_start(entry: AnsweredEntry, kind: str, total_items: int | None = None) -> str:
    """The leaves that a message's header begins with, in the order of its schema."""
    of_country = leaf(nationality(kind), entry.conveyance_nationality)
    amendment = kind == "CC304A"
    return (
        leaf("RefNumHEA4", entry.lrn)
        + leaf("DocNumHEA5", entry.mrn)
        + leaf("TraModAtBorHEA76", entry.transport_mode)
        + ("" if amendment else of_country)
        + leaf("IdeOfMeaOfTraCroHEA85", entry.conveyance_identity)
        + (of_country if amendment else "")
        + leaf("TotNumOfIteHEA305", total_items)
        + leaf("ComRefNumHEA", entry.ucr)
        + leaf("ConRefNumHEA", entry.conveyance_reference)
    )


def written(kind: str, envelope: Envelope, entry: AnsweredEntry, header: str, *, before: str = "", after: str) -> bytes:
    """A message about a declaration.

    Args:
        kind: Of the message.
        envelope: Its own.
        entry: The declaration that it is about.
        header: All leaves of its header.
        before: Elements that stand between header and goods items.
        after: Elements at its end.
    """
    zone, _ = zone_of_office(entry.office_of_first_entry)
    prepared = envelope.prepared or 0
    lodged = f"<CUSOFFLON>{leaf('RefNumCOL1', entry.office_of_lodgement)}</CUSOFFLON>"
    body = (
        leaf("MesSenMES3", entry.office_of_first_entry or UNSTATED)
        + leaf("MesRecMES6", envelope.recipient)
        + leaf("DatOfPreMES9", digits(prepared, zone, "%y%m%d"))
        + leaf("TimOfPreMES10", digits(prepared, zone, "%H%M"))
        + leaf("MesIdeMES19", envelope.message_id)
        + leaf("MesTypMES20", kind)
        + leaf("CorIdeMES25", envelope.correlation_id)
        + f"<HEAHEA>{header}</HEAHEA>"
        + before
        + "".join(goods_item(item) for item in entry.items)
        + (lodged if entry.office_of_lodgement else "")
        + parties.REPRESENTATIVE.write(entry.representative)
        + parties.DECLARANT.write(entry.declarant)
        + first_entry(entry.office_of_first_entry, entry.expected_arrival, zone)
        + parties.CARRIER.write(entry.carrier)
        + after
    )
    return document(kind, body)
