"""Faults: what becomes of messages between what is so and what arrives.

    dispatch -> what its sender states -> the way -> the bytes -> deliveries
             `-> a second message that contradicts it -> ...

A dispatch gives one delivery, and more where it is amended or arrives twice; what is lost is delivered with no time.
Faults are drawn apart from what is aboard and from everything else; outcomes keep what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from aftc.clock import HOUR, MINUTE, SECOND
from training.world.dispatch import Delivery, Dispatch
from training.world.fault_amendments import amended
from training.world.fault_bytes import damaged, truncated
from training.world.fault_picks import Picks
from training.world.fault_rates import (
    AMENDED,
    CARRIED,
    RATE_HEADS,
    RATES,
    STATED,
    Fault,
    Odds,
    Rate,
    odds,
    rate_rows,
)
from training.world.fault_statements import misstate
from training.world.native import arrived as bytes_of
from training.world.parameters import FaultLevel

__all__ = ["RATES", "RATE_HEADS", "Fault", "Rate", "deliver", "rate_rows"]

_NAME_SIGNS = 12
_OUTCOME = "outcome"
_HELD_UP = (2 * HOUR, 96 * HOUR)
_OVERTAKEN_BY = (SECOND, 10 * MINUTE)
_AGAIN_AFTER = (2 * SECOND, 120 * HOUR)


@dataclass(frozen=True, slots=True)
class _Chances:
    """The chances of a level; an outcome's bytes may be cut off but not altered."""

    stated: Odds
    amended: Odds
    carried: Odds
    carried_outcome: Odds

    @classmethod
    def of(cls, level: FaultLevel) -> _Chances:
        spared = [each for each in CARRIED if each is not Fault.MALFORMED]
        return cls(odds(level, STATED), odds(level, AMENDED), odds(level, CARRIED), odds(level, spared))

    def way(self, stream: str) -> Odds:
        return self.carried_outcome if stream == _OUTCOME else self.carried


def deliver(dispatches: Iterable[Dispatch], level: FaultLevel, rng: np.random.Generator) -> Iterator[Delivery]:
    """What becomes of the dispatches, in their order; what one gives stands together.

    Args:
        dispatches: In any order; those of one sender about the same should follow one another as they were sent,
            since a message can only be overtaken by the next one.
        level: How much goes wrong. At none every dispatch arrives as it is.
        rng: Of its own; equal dispatches, level and generator give equal deliveries.
    """
    if level is FaultLevel.NONE:
        yield from map(_as_it_is, dispatches)
        return
    picks, chances = Picks(rng), _Chances.of(level)
    for dispatch, following in _with_next(dispatches):
        record, stated = misstate(dispatch.record, chances.stated, picks)
        amendments = chances.amended.draw(picks)
        on_the_way = chances.way(dispatch.stream).draw(picks)
        if not stated and not amendments and not on_the_way:
            yield _as_it_is(dispatch)
            continue
        sent = replace(_as_it_is(dispatch), record=record, faults=stated, meant=dispatch.record if stated else None)
        yield from _carried(sent, on_the_way, following, picks)
        for fault in amendments:
            amendment = amended(dispatch, fault, picks)
            if amendment is not None:
                yield from _carried(amendment, chances.carried.draw(picks), None, picks)


def _as_it_is(dispatch: Dispatch) -> Delivery:
    return Delivery(dispatch.stream, dispatch.name, dispatch.received, dispatch.record, dispatch.about)


def _with_next(dispatches: Iterable[Dispatch]) -> Iterator[tuple[Dispatch, Dispatch | None]]:
    """Each dispatch with the one that follows it."""
    held: Dispatch | None = None
    for dispatch in dispatches:
        if held is not None:
            yield held, dispatch
        held = dispatch
    if held is not None:
        yield held, None


def _carried(sent: Delivery, faults: tuple[Fault, ...], following: Dispatch | None, picks: Picks) -> Iterator[Delivery]:
    """A message after its way, and after it the same again where it arrives twice."""
    arrived = sent
    for fault in faults:
        if fault is Fault.OVERTAKEN:
            arrived = _overtaken(arrived, following, picks)
        elif fault is not Fault.DUPLICATE:
            arrived = _WAYS[fault](arrived, picks)
    yield arrived
    if Fault.DUPLICATE in faults and arrived.received is not None:
        again = arrived.received + picks.spread(*_AGAIN_AFTER) // SECOND * SECOND
        twice = (*arrived.faults, Fault.DUPLICATE)
        yield replace(arrived, name=picks.code(_NAME_SIGNS), received=again, faults=twice)


def _overtaken(arrived: Delivery, following: Dispatch | None, picks: Picks) -> Delivery:
    """Received just after the next message about the same, if that is its sender's and would have come later."""
    if following is None or arrived.received is None or not arrived.about:
        return arrived
    if (following.stream, following.about) != (arrived.stream, arrived.about) or following.received < arrived.received:
        return arrived
    after = following.received + picks.spread(*_OVERTAKEN_BY) // SECOND * SECOND
    return replace(arrived, received=after, faults=(*arrived.faults, Fault.OVERTAKEN))


def _delayed(arrived: Delivery, picks: Picks) -> Delivery:
    wait = picks.spread(*_HELD_UP) // SECOND * SECOND
    received = None if arrived.received is None else arrived.received + wait
    return replace(arrived, received=received, faults=(*arrived.faults, Fault.DELAYED))


def _lost(arrived: Delivery, _: Picks) -> Delivery:
    return replace(arrived, received=None, faults=(*arrived.faults, Fault.LOST))


def _malformed(arrived: Delivery, picks: Picks) -> Delivery:
    return replace(arrived, raw=damaged(bytes_of(arrived), picks), faults=(*arrived.faults, Fault.MALFORMED))


def _truncated(arrived: Delivery, picks: Picks) -> Delivery:
    return replace(arrived, raw=truncated(bytes_of(arrived), picks), faults=(*arrived.faults, Fault.TRUNCATED))


_WAYS: dict[Fault, Callable[[Delivery, Picks], Delivery]] = {
    Fault.DELAYED: _delayed,
    Fault.MALFORMED: _malformed,
    Fault.TRUNCATED: _truncated,
    Fault.LOST: _lost,
}
