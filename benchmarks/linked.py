"""Where messages ended: of each message in a store, the consignments that hold it in the end, and the key of the join.

Only the lake and the journal are read, as anyone may. A message has ended in

- the consignments whose last version holds the booking, check-in, goods movement, manifest or flight that it states
  (for a bill's message that of its manifest), known by the sender's own reference;
- for declarations, answers and waybills: the consignments, or those that took them over, that carry evidence it
  brought; where it brought none that was new, those of which it made a version and which have evidence of its stream;
- for outcomes and detections: the consignments aboard and those named, or those that took them over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from aftc.history.lake import Lake
from aftc.linking.keys import normal_reference
from aftc.records import ConsignmentVersion, Link

__all__ = ["Ended", "ended"]

SAME_AGAIN: Final = "the same again"  # no evidence that an earlier message of the stream had not brought
_RESOLVED: Final = {"outcome": "outcome: unit or named", "detection": "detection: unit or named"}
_OUTWEIGHS: Final = ("goods movement names ucr", "goods movement names mrn")  # a window join made before
_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a message ended.

    Attributes:
        sequence: Its number in the store.
        stream: Its stream.
        consignments: Id of each standing consignment that holds it, with the key that joined the two: of a crossing
            and a consignment with a document, the one that put the consignment on the crossing.
    """

    sequence: int
    stream: str
    consignments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known in the end."""

    last: Mapping[str, ConsignmentVersion]
    made: Mapping[int, tuple[ConsignmentVersion, ...]]
    holding: Mapping[tuple[str, ...], tuple[str, ...]]
    bringing: Mapping[int, tuple[str, ...]]

    def standing(self, identity: str) -> str | None:
        """The consignment that stands for this one; None where linking knows none."""
        version = self.last.get(identity)
        while version is not None and version.joined_into is not None:
            version = self.last.get(version.joined_into)
        return version.consignment_id if version else None


def ended(store: Path) -> Iterator[Ended]:
    """Where each message of a store ended, in the order of their numbers; those in quarantine are left out.

    Args:
        store: A store that nobody writes to now.
    """
    lake = Lake(store / "lake")
    held = _held(lake)
    outcomes = lake.read("outcomes", columns=("sequence", "aboard", "named")).to_pylist()
    detections = lake.read("detections", columns=("sequence", "aboard")).to_pylist()
    resolved = {row["sequence"]: (*row["aboard"], *row["named"]) for row in outcomes}
    resolved |= {row["sequence"]: tuple(row["aboard"]) for row in detections}
    found: dict[int, tuple[str, dict[str, str]]] = {}
    rows = lake.read("records", columns=("sequence", "stream", "body"))
    for sequence, stream, body in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
        holding = found.setdefault(sequence, (stream, {}))[1]
        if stream in _RESOLVED:
            names = filter(None, map(held.standing, resolved[sequence]))
            holding.update(dict.fromkeys(names, _RESOLVED[stream]))
            continue
        if stream in _CARRIED:
            identities = held.holding.get(_carried(stream, msgspec.msgpack.decode(body)), ())
        else:
            identities = _subjects(held, sequence, stream)
        holding.update((each, _key(held.last[each], sequence, stream)) for each in identities)
    for sequence, (stream, holding) in sorted(found.items()):
        yield Ended(sequence, stream, holding)


def _held(lake: Lake) -> _Held:
    last: dict[str, ConsignmentVersion] = {}
    made: dict[int, list[ConsignmentVersion]] = defaultdict(list)
    for body in lake.read("versions", columns=("body",))["body"].to_pylist():
        version = _VERSIONS.decode(body)
        made[version.sequence].append(version)
        before = last.get(version.consignment_id)
        if before is None or before.version <= version.version:
            last[version.consignment_id] = version
    holding: dict[tuple[str, ...], list[str]] = defaultdict(list)
    bringing: dict[int, dict[str, None]] = defaultdict(dict)
    for identity, version in last.items():
        if version.joined_into is None:
            for key in _held_by(version):
                holding[key].append(identity)
            for link in version.links:
                if link.stream not in _CARRIED:
                    bringing[link.sequence][identity] = None
    return _Held(
        last,
        {sequence: tuple(versions) for sequence, versions in made.items()},
        {key: tuple(identities) for key, identities in holding.items()},
        {sequence: tuple(identities) for sequence, identities in bringing.items()},
    )


def _subjects(held: _Held, sequence: int, stream: str) -> tuple[str, ...]:
    """The consignments that a declaration, an answer or a waybill speaks of."""
    found = dict.fromkeys(held.bringing.get(sequence, ()))
    made = held.made.get(sequence, ())
    brought = [each for each in made if any(_brought(link, sequence, stream) for link in each.links)]
    if not brought and not found:
        brought = [each for each in made if any(link.stream == stream for link in each.links)]
    found |= dict.fromkeys(filter(None, (held.standing(each.consignment_id) for each in brought)))
    return tuple(found)


def _brought(link: Link, sequence: int, stream: str) -> bool:
    return link.sequence == sequence and link.stream == stream


def _key(version: ConsignmentVersion, sequence: int, stream: str) -> str:
    """The key that joined a message to a consignment that holds it."""
    own = [link.key for link in version.links if _brought(link, sequence, stream)]
    if stream in _CROSSINGS and version.entry is not None:
        keys = [link.key for link in version.links if link.confidence < 1 or link.key in _OUTWEIGHS]
        sure = [key for key in keys if key in _OUTWEIGHS]
        if sure or keys:
            return (sure or keys)[-1]
    return own[0] if own else SAME_AGAIN


_CROSSINGS: Final = ("ferry_booking", "ferry_check_in", "gmr", "ferry_departure")
_CARRIED: Final[Mapping[str, tuple[str, ...]]] = {
    "ferry_booking": ("operator", "booking_reference"),
    "ferry_check_in": ("operator", "booking_reference"),
    "gmr": ("gmr_id",),
    "ferry_departure": ("operator", "route_id", "departure"),
    "cuscar": ("reference",),
    "baplie": ("reference",),
    "coprar": ("reference",),
    "xffm": ("flight", "departure"),
}
"""By stream the fields by which the sender knows what a message states."""


def _carried(stream: str, record: object) -> tuple[str, ...]:
    get = record.get if isinstance(record, dict) else partial(getattr, record)
    return (stream, *(normal_reference(str(get(name))) for name in _CARRIED[stream]))


def _held_by(version: ConsignmentVersion) -> Iterator[tuple[str, ...]]:
    """What a consignment's last version holds, by stream and the sender's reference."""
    crossings = (version.booking, version.check_in, version.goods_movement, version.ferry_departure)
    voyages = (version.manifest, version.bay_plan, version.container_order)
    records = (*crossings, *voyages, version.flight)
    for stream, record in zip(_CARRIED, records, strict=True):
        if record is not None:
            yield _carried(stream, record)
