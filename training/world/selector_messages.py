"""Selectors of partner agencies: some name whoever has a scheme, more name others; some are stale or withdrawn.

Who is named follows from schemes, never from what is aboard: so p stays what is to be known. The watch lists that
select (`watch`) are another matter, and take nothing from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, SECOND, Instant
from aftc.records import (
    ConditionKind,
    Credibility,
    Handling,
    Party,
    Reliability,
    Selector,
    SelectorCondition,
    SelectorStanding,
)
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.lanes import ROUTES
from training.world.parameters import DAYS_A_WEEK
from training.world.simulation import Arrivals

__all__ = ["selector_dispatches"]

_Value = TypeVar("_Value")

_WITH_SCHEME, _WITHOUT = 0.03, 0.005  # chance that a consignment's actor, or its goods and route, are named
_BEFORE_WEEK_DAYS, _SPREAD_DAYS = 3, 7  # when they are issued, from before the week of that consignment
_FACTS: Final = 0.3  # share stated as fact
_NUMBER_KNOWN: Final = 0.6  # share of the traders named whose number the agency knows
_VALID_DAYS: Final = (2, 60)
_WITHDRAWN, _AMENDED = 0.15, 0.15  # share that a second version ends, or prolongs
_SECOND_DAYS: Final = (1, 14)  # after the first
_PROLONGED: Final = 30 * DAY
_AGENCIES: Final = ("Partner Agency North", "Partner Agency South", "Coastal Intelligence Cell")  # invented
_TEXTS: Final = ("Reported by a partner.", "Seen with others of interest.", "Paid for by an unknown third party.")
_HANDLING: Final = (Handling.OPEN, Handling.TARGETERS, Handling.TARGETERS, Handling.ORIGINATOR)
_RELIABILITY: Final = tuple(Reliability)
_CREDIBILITY: Final = tuple(Credibility)
_PICKS: Final = 9
_NAME_SIGNS: Final = 12


def selector_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """The selectors that a week's consignments give cause for, with their second versions, in no order of time."""
    rng, scheme = arrivals.draws.of("selectors"), arrivals.schemes.hand >= 0
    named = rng.random(len(scheme)) < np.where(scheme, _WITH_SCHEME, _WITHOUT)
    rows = np.flatnonzero(named & (arrivals.traffic.consignments.commodity >= 0)).tolist()
    ids = arrivals.draws.codes("selectors", len(rows), 10)
    names = arrivals.draws.codes("selector names", 2 * len(rows), _NAME_SIGNS)
    waits, picks = delays(rng, 2 * len(rows)).tolist(), rng.random((len(rows), _PICKS)).tolist()
    begins = cast.parameters.origin + (arrivals.number * DAYS_A_WEEK - _BEFORE_WEEK_DAYS) * DAY
    people = _People(cast, arrivals)
    for place, (row, number, pick) in enumerate(zip(rows, ids, picks, strict=True)):
        issued = begins + int(pick[0] * _SPREAD_DAYS * DAY) // SECOND * SECOND
        first = _selector(f"S{number}", people.conditions(row, pick), issued, pick)
        yield Dispatch("selector", names[2 * place], issued + waits[2 * place], first)
        if pick[8] < _WITHDRAWN + _AMENDED:
            second = _second(first, withdrawn=pick[8] < _WITHDRAWN, after=pick[7])
            yield Dispatch("selector", names[2 * place + 1], second.issued_at + waits[2 * place + 1], second)


def _selector(number: str, conditions: tuple[SelectorCondition, ...], issued: Instant, pick: list[float]) -> Selector:
    least, most = _VALID_DAYS
    return Selector(
        selector_id=number,
        version=0,
        agency=_one(_AGENCIES, pick[1]),
        handling=_one(_HANDLING, pick[2]),
        standing=SelectorStanding.FACT if pick[3] < _FACTS else SelectorStanding.ASSESSMENT,
        reliability=_one(_RELIABILITY, pick[4]),
        credibility=_one(_CREDIBILITY[:4] if pick[3] < _FACTS else _CREDIBILITY, pick[5]),
        withdrawn=False,
        issued_at=issued,
        valid_from=issued,
        valid_until=issued + int(least + (most - least) * pick[6] ** 2) * DAY,
        conditions=conditions,
        text=_one(_TEXTS, pick[1]),
    )


def _second(first: Selector, *, withdrawn: bool, after: float) -> Selector:
    least, most = _SECOND_DAYS
    issued = first.issued_at + int((least + (most - least) * after) * DAY) // SECOND * SECOND
    until = first.valid_until if withdrawn else first.valid_until + _PROLONGED
    return replace(first, version=1, issued_at=issued, withdrawn=withdrawn, valid_until=until)


class _People(Struct, frozen=True):
    """Whom and what the selectors of a week may name."""

    cast: Cast
    arrivals: Arrivals

    def conditions(self, row: int, pick: list[float]) -> tuple[SelectorCondition, ...]:
        """What a selector with cause in this consignment looks for."""
        consignments = self.arrivals.traffic.consignments
        consignor = self.cast.consignors.parties[int(consignments.consignor[row])]
        consignee = self.cast.consignees.parties[int(consignments.consignee[row])]
        people = [(_party(party, known=pick[5] < _NUMBER_KNOWN),) for party in (consignor, consignee)]
        found = [*self._unit(row), self._goods(row), *people]
        return _one([each for each in found if each], pick[7])

    def _unit(self, row: int) -> Iterator[tuple[SelectorCondition, ...]]:
        """By ferry the vehicle and the trailer; by sea the container."""
        traffic = self.arrivals.traffic
        unit = int(traffic.consignments.unit[row])
        if unit < traffic.first_box:
            vehicle, trailer = traffic.crossings.vehicle_number[unit], traffic.crossings.trailer_number[unit]
            if vehicle:
                yield (SelectorCondition(ConditionKind.VEHICLE, vehicle),)
            if trailer:
                yield (SelectorCondition(ConditionKind.TRAILER, trailer),)
        elif int(traffic.consignments.mode[row]) == SEA:
            yield (SelectorCondition(ConditionKind.CONTAINER, traffic.units.number[unit]),)

    def _goods(self, row: int) -> tuple[SelectorCondition, ...]:
        """Heading and route, where there is a route."""
        traffic = self.arrivals.traffic
        unit = int(traffic.consignments.unit[row])
        if unit < traffic.first_box:
            route = ROUTES[int(traffic.crossings.route[unit])]
            ends = (route.departure, route.arrival)
        elif unit < traffic.first_uld:
            call = int(traffic.boxes.call[unit - traffic.first_box])
            ends = (traffic.calls.load_port[call], traffic.calls.discharge_port[call])
        else:
            return ()
        heading = COMMODITIES[int(traffic.consignments.commodity[row])].hs_code[:4]
        return (
            SelectorCondition(ConditionKind.HEADING, heading),
            SelectorCondition(ConditionKind.ROUTE, "-".join(ends)),
        )


def _party(party: Party, *, known: bool) -> SelectorCondition:
    """By trader number where there is one that is known, else by name and address."""
    if party.eori and known:
        return SelectorCondition(ConditionKind.EORI, party.eori)
    return SelectorCondition(ConditionKind.PARTY, party.name or "", party.country, party.postcode, party.city)


def _one(values: Sequence[_Value], pick: float) -> _Value:
    return values[int(pick * len(values))]
