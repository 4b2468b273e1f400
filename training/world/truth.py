"""The truth of a world as a table: one row a consignment.

Nothing but `--truth` reads it; no message carries any of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from training.world.cast import Cast
from training.world.consignments import MODES
from training.world.examinations import KINDS
from training.world.goods import COMMODITIES
from training.world.lanes import ROUTES
from training.world.networks import METHODS
from training.world.parameters import Flags, Floats, Ints
from training.world.selection import INTELLIGENCE, RANDOM, RULE, SELECTOR
from training.world.simulation import Arrivals, Week
from training.world.threats import THREATS
from training.world.traffic import Traffic

__all__ = ["truth_table"]

_REASONS = {"rule": RULE, "selector": SELECTOR, "intelligence": INTELLIGENCE, "random": RANDOM}


def truth_table(cast: Cast, week: Week) -> pa.Table:
    """The truth of a week, in no order.

    Columns: `document` (identity: house bill or waybill, else master, road consignment note, parcel number, or the
    booking reference of an empty movement), `unit_number` (its first unit), `mode`, `week`, `arrival` (scheduled,
    event time, microseconds UTC), `origin`, `route`, `hs_code` (of what is aboard), `value_pence` (true),
    `y_any` and `y_THREAT` (what is aboard), `p_any` and `p_THREAT` (the oracle), `legacy_score`, `scheme` (its threat,
    empty where there is none), `method`, `network` (-1: nobody's), `p_REASON` and `fired_REASON` (of the
    unit that hides it; where it fills several, one drawn at random), `p_combined`, `selected`, `outcome` (as finally
    recorded, empty where not selected), `examined`, `found_any` and `found_THREAT`, `recorded` (instant of the first
    record, null where none): all of that unit.
    """
    arrivals, consignments = week.arrivals, week.arrivals.traffic.consignments
    countries = [party.country or "" for party in cast.consignors.parties]
    codes = [each.hs_code for each in COMMODITIES]
    units, unit = arrivals.traffic.units, consignments.unit
    return pa.table(
        {
            "document": pa.array([arrivals.traffic.reference(row) for row in range(len(unit))]),
            "unit_number": pa.array([units.number[each] for each in unit.tolist()]),
            "mode": _words([mode.value for mode in MODES], consignments.mode),
            "week": pa.array(np.full(len(unit), arrivals.number)),
            "arrival": pa.array(units.arrival[unit]),
            "origin": _words(countries, consignments.consignor),
            "route": pa.array(_routes(arrivals.traffic)),
            "hs_code": _words(codes, consignments.commodity),
            "value_pence": pa.array(consignments.value),
            **_aboard(arrivals),
            **_selected(week),
            **_found(week),
        }
    )


def _aboard(arrivals: Arrivals) -> dict[str, pa.Array]:
    """What is aboard, with which chance, and who is behind it."""
    schemes = arrivals.schemes
    return {
        "y_any": pa.array(schemes.y_any),
        **_by_threat("y", schemes.y),
        "p_any": pa.array(schemes.p_any),
        **_by_threat("p", schemes.p),
        "legacy_score": pa.array(arrivals.scores),
        "scheme": _words([threat.value for threat in THREATS], schemes.threat),
        "method": _words([method.value for method in METHODS], arrivals.marks.method),
        "network": pa.array(arrivals.network),
    }


def _selected(week: Week) -> dict[str, pa.Array]:
    """Why the unit that hides what a consignment carries was selected, if it was."""
    selections, hiding = week.selections, week.examinations.hiding
    return {
        **{f"p_{name}": pa.array(selections.chance[hiding, place]) for name, place in _REASONS.items()},
        "p_combined": pa.array(selections.combined[hiding]),
        **{f"fired_{name}": pa.array(selections.fired[hiding, place]) for name, place in _REASONS.items()},
        "selected": pa.array(selections.selected[hiding]),
    }


def _found(week: Week) -> dict[str, pa.Array]:
    """What became of the selection."""
    examinations = week.examinations
    hiding, found = examinations.hiding, examinations.found
    return {
        "outcome": _words([kind.value for kind in KINDS], examinations.kind[hiding]),
        "examined": pa.array(examinations.examined[hiding]),
        "found_any": pa.array(found.any(axis=1)),
        **_by_threat("found", found),
        "recorded": pa.array(examinations.recorded[hiding], mask=~week.selections.selected[hiding]),
    }


def _by_threat(name: str, columns: Flags | Floats) -> dict[str, pa.Array]:
    return {f"{name}_{threat.value}": pa.array(columns[:, place]) for place, threat in enumerate(THREATS)}


def _words(words: Sequence[str], places: Ints) -> pa.Array:
    """The word at each place; empty text for -1."""
    return pa.array([*words, ""]).take(pa.array(np.where(places < 0, len(words), places)))


def _routes(traffic: Traffic) -> list[str]:
    """Ferry route, else port and port, else airport and airport."""
    crossings = [ROUTES[each].route_id for each in traffic.crossings.route.tolist()]
    calls = [f"{a}-{b}" for a, b in zip(traffic.calls.load_port, traffic.calls.discharge_port, strict=True)]
    flights = [f"{a}-{b}" for a, b in zip(traffic.flights.load_airport, traffic.flights.arrival_airport, strict=True)]
    by_unit = [
        *crossings,
        *(calls[each] for each in traffic.boxes.call.tolist()),
        *(flights[each] for each in traffic.ulds.flight.tolist()),
    ]
    return [by_unit[each] for each in traffic.consignments.unit.tolist()]
