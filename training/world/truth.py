"""The truth of a world as a table: one row a consignment.

Nothing but `--truth` reads it; no message carries any of it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from aftc.records import OutcomeKind
from training.world.cast import Cast
from training.world.consignments import MODES
from training.world.examinations import KINDS
from training.world.goods import COMMODITIES
from training.world.lanes import ROUTES
from training.world.networks import METHODS
from training.world.parameters import Ints
from training.world.selection import INTELLIGENCE, RANDOM, RULE, SELECTOR
from training.world.simulation import Week
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
    empty where there is none), `method`, `network` (-1: nobody's), `p_REASON` and `fired_REASON` of the unit's
    selection, `p_combined`, `selected`, `outcome` (as finally recorded, empty where not selected), `examined`,
    `found_any` and `found_THREAT`, `recorded` (instant of the first record, null where none).
    """
    arrivals, selections, examinations = week.arrivals, week.selections, week.examinations
    traffic, schemes = arrivals.traffic, arrivals.schemes
    consignments, units = traffic.consignments, traffic.units
    unit, hiding = consignments.unit, examinations.hiding
    kinds = [*(kind.value for kind in KINDS), ""]
    kind = np.where(examinations.kind[hiding] >= 0, examinations.kind[hiding], len(KINDS))
    found = examinations.found
    positive, negative = KINDS.index(OutcomeKind.POSITIVE), KINDS.index(OutcomeKind.NEGATIVE)
    selected = selections.selected[hiding]
    countries = [*(party.country or "" for party in cast.consignors.parties), ""]
    codes = [*(each.hs_code for each in COMMODITIES), ""]
    columns: dict[str, pa.Array] = {
        "document": pa.array([traffic.reference(row) for row in range(len(unit))]),
        "unit_number": pa.array([units.number[each] for each in unit.tolist()]),
        "mode": pa.array([MODES[mode].value for mode in consignments.mode.tolist()]),
        "week": pa.array(np.full(len(unit), arrivals.number)),
        "arrival": pa.array(units.arrival[unit]),
        "origin": pa.array([countries[each] for each in consignments.consignor.tolist()]),
        "route": pa.array(_routes(traffic)),
        "hs_code": pa.array([codes[each] for each in consignments.commodity.tolist()]),
        "value_pence": pa.array(consignments.value),
        "y_any": pa.array(schemes.y_any),
        **{f"y_{threat.value}": pa.array(schemes.y[:, index]) for index, threat in enumerate(THREATS)},
        "p_any": pa.array(schemes.p_any),
        **{f"p_{threat.value}": pa.array(schemes.p[:, index]) for index, threat in enumerate(THREATS)},
        "legacy_score": pa.array(arrivals.scores),
        "scheme": pa.array([*(threat.value for threat in THREATS), ""]).take(
            pa.array(_last(schemes.threat, len(THREATS)))
        ),
        "method": pa.array([*(each.value for each in METHODS), ""]).take(
            pa.array(_last(arrivals.marks.method, len(METHODS)))
        ),
        "network": pa.array(arrivals.network),
        **{f"p_{name}": pa.array(selections.chance[hiding, place]) for name, place in _REASONS.items()},
        "p_combined": pa.array(selections.combined[hiding]),
        **{f"fired_{name}": pa.array(selections.fired[hiding, place]) for name, place in _REASONS.items()},
        "selected": pa.array(selected),
        "outcome": pa.array(kinds).take(pa.array(kind)),
        "examined": pa.array(np.isin(kind, (positive, negative))),
        "found_any": pa.array(found.any(axis=1)),
        **{f"found_{threat.value}": pa.array(found[:, index]) for index, threat in enumerate(THREATS)},
        "recorded": pa.array(examinations.recorded[hiding], mask=~selected),
    }
    return pa.table(columns)


def _last(places: Ints, size: int) -> Ints:
    """Places with -1 replaced by the one after the last."""
    return np.where(places < 0, size, places)


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
