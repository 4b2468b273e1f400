"""Outcomes and detections that came before anything was known of what they are about.

They are kept under the number of their unit and every reference that they name, and looked at again whenever a message
tells of one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from aftc.clock import Instant
from aftc.linking.context import KEEP_CANDIDATES, Context, link_key
from aftc.linking.documents import bill_identity, waybill_identity
from aftc.linking.keys import normal_registration
from aftc.linking.movements import stated_numbers
from aftc.records import ConsignmentVersion, Detection, Examination

__all__ = ["Waiting", "let_wait", "settled", "waiting"]

MOST_WAITING = 20  # under one name, the newest


class Waiting(Struct, frozen=True):
    """An outcome or a detection that concerns nothing known yet, when it came, and the names under which it waits."""

    examination: Examination | None
    detection: Detection | None
    known_at: Instant
    names: tuple[tuple[str, str], ...]


_WAITING = msgspec.msgpack.Decoder(tuple[Waiting, ...])
_encode = msgspec.msgpack.Encoder().encode


def let_wait(context: Context, told: Examination | Detection, references: Iterable[str]) -> None:
    """Keep an outcome or detection until something is known of its unit or of what it names.

    Args:
        context: Of its message.
        told: The outcome or detection.
        references: Of consignments that it names.
    """
    unit = normal_registration(told.unit.number) if told.unit is not None else ""
    stated = [("unit", unit), *(("name", each) for each in references)]
    names = tuple(dict.fromkeys((kind, each) for kind, each in stated if each))
    new = (
        Waiting(told, None, context.known_at, names)
        if isinstance(told, Examination)
        else Waiting(None, told, context.known_at, names)
    )
    for kind, name in names:
        fresh = (each for each in _held(context, kind, name) if each.known_at > context.known_at - KEEP_CANDIDATES)
        _keep(context, kind, name, (*(each for each in fresh if not _said_again(each, new)), new)[-MOST_WAITING:])


def waiting(context: Context) -> Iterator[Waiting]:
    """What waits for the movements and consignments that this message changed, each once."""
    moved = [movement for each in sorted(context.moved) if (movement := context.movement(each)) is not None]
    names = [("unit", number) for each in moved for number in (each.unit.number, *stated_numbers(each))]
    names += [("name", each) for version in context.changed.values() for each in _known_as(version)]
    seen: set[Waiting] = set()
    for kind, name in dict.fromkeys(names):
        for each in _held(context, kind, name):
            if each not in seen:
                seen.add(each)
                yield each


def settled(context: Context, found: Waiting) -> None:
    """Something is known of it now: it waits no more."""
    for kind, name in found.names:
        _keep(context, kind, name, tuple(each for each in _held(context, kind, name) if each != found))


def _known_as(version: ConsignmentVersion) -> Iterator[str]:
    """References by which an officer may name a consignment."""
    entry, bills = version.entry, version.manifest.bills if version.manifest is not None else ()
    named = [version.consignment_id, version.registered_mrn, version.import_mrn]
    named += [bill_identity(bill.master, bill.house) for bill in bills]
    named += [waybill_identity(version.waybill)] if version.waybill is not None else []
    named += [version.booking.booking_reference] if version.booking is not None else []
    if entry is not None:
        named += [entry.mrn, entry.ucr, *(goods.ucr for goods in entry.items)]
        named += [document.reference for goods in entry.items for document in goods.documents]
    yield from filter(None, named)


def _said_again(held: Waiting, new: Waiting) -> bool:
    """Whether what waits came again; revisions of one examination or detection wait side by side."""
    return (held.examination, held.detection) == (new.examination, new.detection)


def _held(context: Context, kind: str, name: str) -> tuple[Waiting, ...]:
    raw = context.writer.get("links", link_key(f"awaited {kind}", name))
    return _WAITING.decode(raw) if raw else ()


def _keep(context: Context, kind: str, name: str, held: tuple[Waiting, ...]) -> None:
    context.writer.put("links", link_key(f"awaited {kind}", name), _encode(held))
