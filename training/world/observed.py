"""What a week's papers show of every consignment, as columns: the measurements' own short cut past the messages.

Pure functions of one week's arrivals. Nothing here is the truth of what is aboard; identity codes are keys, under which
history may be kept, and never columns themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aftc.clock import HOUR
from training.world.cast import Cast
from training.world.conduct import Carriage
from training.world.consignments import NOBODY, SEA
from training.world.lanes import ROUTES
from training.world.parameters import Flags, Floats, Ints
from training.world.simulation import Arrivals
from training.world.traffic import Traffic, on_crossing

__all__ = ["CATEGORICAL", "KEYS", "Observer", "Shown"]

CATEGORICAL = (0, 1, 2, 3)  # mode, declared goods, country of dispatch and route among the raw columns
KEYS = (
    "consignor", "consignee", "consignor and consignee", "forwarder", "goods and country", "haulier", "vehicle",
    "trailer", "driver", "route", "terminal and line",
)  # fmt: skip
_UTC_HOURS = 24
_MOST_PACKAGES = 1 << 20  # of one consignment, told apart


@dataclass(frozen=True, slots=True)
class Shown:
    """What one week's papers show, a row a consignment; NaN where a mode has no such field.

    Attributes:
        raw: Single fields; the first columns are codes, see `CATEGORICAL`.
        mismatches: Where two streams disagree.
        goods: int64, key of goods and country, to which norms belong; -1 without goods.
        ratios: float64 [consignments, 2], log pence per kilogram and log grams per package; NaN without goods.
        keys: int64 [consignments, KEYS], under which history is kept; -1 where there is none.
        exact: int64, key of goods, country and packages as declared; -1 without goods.
    """

    raw: Floats
    mismatches: Floats
    goods: Ints
    ratios: Floats
    keys: Ints
    exact: Ints


class Observer:
    """Turns arrivals into what their papers show.

    Args:
        cast: Whose codes of countries and places stay the same over all weeks.
    """

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    @cached_property
    def _countries(self) -> Ints:
        """Code of each consignor's country; the last one stands for none."""
        named = [*(party.country or "" for party in self._cast.consignors.parties), ""]
        return np.asarray(np.unique(named, return_inverse=True)[1], dtype=np.int64)

    @cached_property
    def _load_ports(self) -> Ints:
        """Code of each lane's place of loading, after those of the ferry routes."""
        return len(ROUTES) + np.asarray(np.unique(self._cast.lanes.load_port, return_inverse=True)[1], dtype=np.int64)

    def show(self, arrivals: Arrivals) -> Shown:
        """What the papers of a week show."""
        traffic, paperwork = arrivals.traffic, arrivals.paperwork
        laden = traffic.consignments.commodity != NOBODY
        country = self._countries[traffic.consignments.consignor]
        goods = np.where(laden, paperwork.commodity * len(self._countries) + country, NOBODY)
        mass, packages = np.maximum(paperwork.entry_mass, 1), np.maximum(paperwork.entry_packages, 1)
        ratios = np.column_stack([np.log(np.maximum(paperwork.value, 1) / mass * 1000), np.log(mass / packages)])
        return Shown(
            raw=self._raw(arrivals, country),
            mismatches=_mismatches(arrivals),
            goods=goods,
            ratios=np.where(laden[:, None], ratios, np.nan),
            keys=self._keys(traffic, goods),
            exact=np.where(laden, goods * _MOST_PACKAGES + np.minimum(packages, _MOST_PACKAGES - 1), NOBODY),
        )

    def _raw(self, arrivals: Arrivals, country: Ints) -> Floats:
        traffic, carriage, paperwork = arrivals.traffic, arrivals.carriage, arrivals.paperwork
        consignments, units = traffic.consignments, traffic.units
        unit = consignments.unit
        arrival = units.arrival[unit]
        return np.column_stack(
            [
                consignments.mode,
                np.where(consignments.commodity == NOBODY, NOBODY, paperwork.commodity),
                country,
                self._routes(traffic),
                paperwork.entry_packages,
                paperwork.entry_mass,
                paperwork.value,
                (arrival - paperwork.declared) / HOUR,
                paperwork.vague,
                paperwork.elsewhere,
                paperwork.amended,
                paperwork.to_order,
                np.array(paperwork.payment) == "A",
                np.bincount(unit, minlength=len(units.number))[unit],
                consignments.units,
                arrival // HOUR % _UTC_HOURS,
                _by_ferry(traffic, (units.departure - carriage.booked) / HOUR),
                _by_ferry(traffic, carriage.cash),
                _by_ferry(traffic, carriage.amendments),
                _by_ferry(traffic, carriage.return_trip),
                _by_ferry(traffic, carriage.booked_mass),
            ]
        ).astype(np.float64)

    def _routes(self, traffic: Traffic) -> Ints:
        route = on_crossing(traffic, traffic.crossings.route)
        return np.where(route >= 0, route, self._load_ports[traffic.consignments.lane])

    def _keys(self, traffic: Traffic, goods: Ints) -> Ints:
        consignments, crossings = traffic.consignments, traffic.crossings
        consignor, consignee = consignments.consignor, consignments.consignee
        pair = consignor * len(self._cast.consignees.parties) + consignee
        aboard = (crossings.haulier, crossings.vehicle, crossings.trailer, crossings.driver)
        columns = (
            consignor,
            consignee,
            np.where(consignor >= 0, pair, NOBODY),
            consignments.forwarder,
            goods,
            *(np.maximum(on_crossing(traffic, each), NOBODY) for each in aboard),
            self._routes(traffic),
            self._terminals(traffic),
        )
        return np.column_stack(columns)

    def _terminals(self, traffic: Traffic) -> Ints:
        """Where a container was last handled abroad, and the line that carries it."""
        unit, lanes, carriers = traffic.consignments.unit, self._cast.lanes, self._cast.carriers
        boxed = traffic.consignments.mode == SEA
        if not boxed.any():
            return np.full(len(unit), NOBODY)
        call = traffic.boxes.call[np.where(boxed, unit - traffic.first_box, 0)]
        line = carriers.operator[traffic.calls.vessel[call]]
        names = [after or port for port, after in zip(lanes.load_port, lanes.transhipment, strict=True)]
        place = np.unique(names, return_inverse=True)[1][traffic.consignments.lane]
        return np.where(boxed, place * len(carriers.parties) + line, NOBODY)


def _mismatches(arrivals: Arrivals) -> Floats:
    traffic, carriage, paperwork = arrivals.traffic, arrivals.carriage, arrivals.paperwork
    consignments = traffic.consignments
    sea = consignments.mode == SEA
    return np.column_stack(
        [
            np.where(sea, paperwork.manifest_mass / np.maximum(paperwork.entry_mass, 1), np.nan),
            np.where(sea, paperwork.manifest_packages - paperwork.entry_packages, np.nan),
            np.where(sea, paperwork.container_other, np.nan),
            carriage.seal_changed[consignments.unit],
            *(_by_ferry(traffic, each) for each in _disagreements(carriage)),
        ]
    ).astype(np.float64)


def _disagreements(carriage: Carriage) -> tuple[Floats | Flags, ...]:
    """Columns [units] of what booking, goods movement and check-in say otherwise."""
    weighed = carriage.weighed_mass / np.maximum(carriage.booked_mass, 1)
    return (
        weighed,
        carriage.driver_changed,
        carriage.haulier_other,
        carriage.vehicle_other,
        carriage.trailer_other,
    )


def _by_ferry(traffic: Traffic, column: Floats | Ints | Flags) -> Floats:
    """A column of the units as ferry crossings state it, for every consignment; NaN otherwise."""
    unit = traffic.consignments.unit
    return np.where(unit < traffic.first_box, np.asarray(column, dtype=np.float64)[unit], np.nan)
