"""Amended declarations: what was stated first, and the amendment CC313A that puts it right.

An amendment repeats the whole declaration under the movement reference number (MRN) that the customs office gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, Instant
from aftc.records import EntrySummary
from training.world.movement_references import movement_reference

__all__ = ["Sending", "amendment", "before_amendment"]

_WEIGHT, _PACKAGES = 0.45, 0.7  # shares of what is put right: up to there weight, then packages, then arrival
_OFF = (0.9, 0.94, 0.97, 1.04, 1.08, 1.12)  # weight stated first over the right one
_MISCOUNTED = (1, 2, 3, 5, 10)
_SHIFT_MINUTES = (-90, -60, -45, 45, 60, 90, 120)  # by which an arrival was off
_SHIFT_BY_SEA = 12  # so many times as much
_LATE = 0.12  # share of amendments that come after arrival
_SOONEST = 20 * MINUTE
_LATEST_AFTER = 36 * HOUR
_BY_SEA = "1"


@dataclass(frozen=True, slots=True)
class Sending:
    """How an amendment is sent: its name, scheduled arrival, a pick from 0 to 1."""

    name: str
    arrival: Instant
    pick: float


def before_amendment(entry: EntrySummary, right: Mapping[str, tuple[str, ...]], pick: float) -> EntrySummary:
    """What the first declaration said where the amendment says this.

    Args:
        entry: As amended, but for containers, which it states as they were first stated.
        right: The right containers of consignments (by document) that are declared with a wrong one.
        pick: From 0 to 1.
    """
    items = entry.items
    first = items[0]
    if first.documents[0].reference in right:
        return entry
    if pick < _WEIGHT and first.gross_mass_g:
        off = _OFF[int(pick / _WEIGHT * len(_OFF))]
        items = (replace(first, gross_mass_g=max(10, round(first.gross_mass_g * off / 10) * 10)), *items[1:])
    elif pick < _PACKAGES and first.packages:
        more = _MISCOUNTED[int(pick * 997) % len(_MISCOUNTED)]
        items = (replace(first, packages=first.packages + more), *items[1:])
    else:
        minutes = _SHIFT_MINUTES[int(pick * 997) % len(_SHIFT_MINUTES)]
        minutes *= _SHIFT_BY_SEA if entry.transport_mode == _BY_SEA else 1
        return replace(entry, expected_arrival=(entry.expected_arrival or 0) + minutes * MINUTE)
    return replace(
        entry,
        items=items,
        total_packages=sum(item.packages or 0 for item in items),
        total_gross_mass_g=sum(item.gross_mass_g or 0 for item in items),
    )


def amendment(entry: EntrySummary, right: Mapping[str, tuple[str, ...]], sending: Sending) -> EntrySummary:
    """The amendment that says this, with the right containers (by document) where they were wrong."""
    items = tuple(
        replace(item, containers=right.get(item.documents[0].reference, item.containers)) for item in entry.items
    )
    declared = entry.declared_at or 0
    return replace(
        entry,
        lrn=None,
        mrn=movement_reference(declared, entry.lrn or ""),
        message_id=sending.name,
        amendment=True,
        declared_at=_sent(declared, sending),
        items=items,
    )


def _sent(declared: Instant, sending: Sending) -> Instant:
    """Some time before arrival where there is time for it; a few come after."""
    first, last = declared + _SOONEST, sending.arrival - _SOONEST
    if sending.pick >= _LATE and first < last:
        share = (sending.pick - _LATE) / (1.0 - _LATE)
        return first + int((last - first) * share) // MINUTE * MINUTE
    after = int(_LATEST_AFTER * (sending.pick / _LATE % 1) ** 2) // MINUTE * MINUTE
    return max(declared, sending.arrival) + _SOONEST + after
