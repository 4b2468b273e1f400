"""A consignment's timeline: what was known of it from which message, and when."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from aftc.clock import Instant, format_instant
from aftc.dissemination import to_targeter
from aftc.errors import UnknownSubject
from aftc.history.lake import Lake
from aftc.linking.keys import normal_reference
from aftc.records import ConsignmentVersion, Link
from serving.sea_statements import sea_statements

__all__ = ["Entry", "Timeline", "timeline", "timeline_payload", "timeline_text"]

_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)
_COLUMNS = ("sequence", "known_at", "consignment_id", "document", "body")
_DETECTIONS = (
    "sequence", "known_at", "detection_id", "cause", "means", "result", "confidence", "detected_at", "place",
    "unit_number", "mrn", "selection", "aboard",
)  # fmt: skip
_OUTCOMES = ("sequence", "known_at", "examination_id", "revision", "outcome", "unit_number", "aboard", "named", "finds")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message changed.

    Attributes:
        known_at: Instant of the message.
        what: A version or an outcome, in a few words.
        links: Joins that this version has and the one before had not; some were brought by earlier messages, which
            nothing was known to join until now.
        said: What its containers' plans and orders say, where its bills disagree, and which selectors it matches, if
            the version before said otherwise.
    """

    sequence: int
    known_at: Instant
    what: str
    links: tuple[Link, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A consignment and its entries in the order of the messages."""

    consignment_id: str
    document: str
    entries: tuple[Entry, ...]


def timeline(lake: Lake, reference: str) -> Timeline:
    """The timeline of a consignment.

    Args:
        lake: The store's lake.
        reference: Its id, or the reference of the document that identifies it.

    Raises:
        UnknownSubject: the lake holds no such consignment.
    """
    rows = lake.read("versions", columns=_COLUMNS)
    own = rows.filter(pc.equal(rows["consignment_id"], reference))
    if not len(own):
        by_document = rows.filter(pc.equal(rows["document"], normal_reference(reference)))
        if not len(by_document):
            advice = "name a consignment id as a score shows it, or a transport document"
            raise UnknownSubject(
                "an ingested consignment", "none of this id or document", advice=advice, subject=reference
            )
        identity = by_document["consignment_id"][len(by_document) - 1].as_py()
        own = rows.filter(pc.equal(rows["consignment_id"], identity))
    last = own.slice(len(own) - 1).to_pylist()[0]
    versions = sorted((_VERSIONS.decode(body) for body in own["body"].to_pylist()), key=lambda each: each.version)
    entries = [_version_entry(*pair) for pair in zip((None, *versions), versions, strict=False)]
    entries += _outcome_entries(lake.read("outcomes", columns=_OUTCOMES), last["consignment_id"])
    entries += _detection_entries(lake.read("detections", columns=_DETECTIONS), last["consignment_id"])
    ordered = tuple(sorted(entries, key=lambda entry: entry.sequence))
    return Timeline(last["consignment_id"], last["document"], ordered)


def _version_entry(before: ConsignmentVersion | None, version: ConsignmentVersion) -> Entry:
    parts = {
        "entry summary": version.entry,
        "import declaration": version.import_declaration,
        "transit declaration": version.transit,
        "manifest": version.manifest,
        "electronic bill": version.transport_document,
        "bay plan": version.bay_plan,
        "container order": version.container_order,
        "waybill": version.waybill,
        "flight manifest": version.flight,
        "booking": version.booking,
        "check-in": version.check_in,
        _departed(version): version.ferry_departure,
        "goods movement": version.goods_movement,
    }
    streams = ", ".join(name for name, record in parts.items() if record is not None)
    arrival = format_instant(version.scheduled_arrival) if version.scheduled_arrival is not None else "not known"
    units = " ".join(unit.number for unit in version.units) or "no unit"
    what = f"version {version.version}: {version.mode.value}, {units}, arrival {arrival}; {streams or 'no record'}"
    if version.joined_into is not None:
        what = f"version {version.version}: taken over by {version.joined_into}"
    return Entry(
        sequence=version.sequence,
        known_at=version.known_at,
        what=what,
        links=tuple(each for each in version.links if before is None or each not in before.links),
        said=_said_anew(before, version),
    )


def _departed(version: ConsignmentVersion) -> str:
    aboard = version.ferry_departure is None or version.ferry_departure.units[0].boarded
    return "ferry departure" if aboard else "ferry departure that left it behind"


def _said_anew(before: ConsignmentVersion | None, version: ConsignmentVersion) -> tuple[str, ...]:
    """What a version says beside its records and the one before did not, and selectors that it matches no longer."""
    known = _said(before) if before is not None else ()
    lost = [each for each in before.selectors if each not in version.selectors] if before is not None else []
    over = [f"no longer: {to_targeter(each)}" for each in lost]
    return (*(line for line in _said(version) if line not in known), *over)


def _said(version: ConsignmentVersion) -> tuple[str, ...]:
    return (*sea_statements(version), *map(to_targeter, version.selectors))


def _outcome_entries(rows: pa.Table, consignment_id: str) -> list[Entry]:
    entries = []
    for row in rows.to_pylist():
        if consignment_id in row["named"] or (not row["named"] and consignment_id in row["aboard"]):
            finds = ", ".join(find["threat"] for find in row["finds"])
            what = f"examination {row['examination_id']} of {row['unit_number']}: {row['outcome']}"
            entries.append(Entry(row["sequence"], row["known_at"], f"{what} ({finds})" if finds else what))
    return entries


def _detection_entries(rows: pa.Table, consignment_id: str) -> list[Entry]:
    entries = []
    for row in rows.to_pylist():
        if consignment_id not in row["aboard"]:
            continue
        tried = row["unit_number"] or row["mrn"]
        sure = f" ({row['confidence']} % sure)" if row["confidence"] is not None else ""
        why = f"directed by {row['selection']}" if row["selection"] else row["cause"]
        what = f"{row['means']} of {tried} at {row['place']}, {format_instant(row['detected_at'])}, {why}"
        entries.append(Entry(row["sequence"], row["known_at"], f"detection {what}: {row['result']}{sure}"))
    return entries


def timeline_payload(made: Timeline) -> dict[str, object]:
    """A timeline as JSON can hold it."""
    return {
        "consignment_id": made.consignment_id,
        "document": made.document,
        "entries": [
            {
                "sequence": each.sequence,
                "known_at": format_instant(each.known_at),
                "what": each.what,
                "links": [
                    {"stream": link.stream, "key": link.key, "value": link.value, "confidence": link.confidence}
                    for link in each.links
                ],
                "said": list(each.said),
            }
            for each in made.entries
        ],
    }


def timeline_text(made: Timeline) -> str:
    """A timeline: a line a message, its joins below it."""
    lines = [f"{made.consignment_id}  {made.document}"]
    for each in made.entries:
        lines.append(f"  {format_instant(each.known_at)}  message {each.sequence:>6}  {each.what}")
        lines += [f"      {line}" for line in each.said]
        lines += [f"      joined by {_told(link, each.sequence)}" for link in each.links]
    return "\n".join(lines)


def _told(link: Link, sequence: int) -> str:
    """A join, with the message that brought it where that is an earlier one."""
    earlier = f", from message {link.sequence}" if link.sequence != sequence else ""
    return f"{link.key} {link.value} ({link.confidence:.0%}){earlier}"
