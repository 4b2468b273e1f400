"""Hauliers and what they run: vehicles, trailers and drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aftc.records import Party
from training.world.draws import ALPHANUMERIC, Draws, codes, weighted
from training.world.naming import companies, registrations
from training.world.parameters import Floats, Ints, WorldParameters
from training.world.risk import Risk, make_risk
from training.world.traders import ACTIVITY_SPREAD

__all__ = ["Fleet", "Hauliers", "make_hauliers"]

_COUNTRIES = {
    "GB": 0.22, "IE": 0.08, "FR": 0.08, "BE": 0.07, "NL": 0.14, "DE": 0.09,
    "ES": 0.07, "PL": 0.12, "RO": 0.06, "LT": 0.03, "TR": 0.04,
}  # fmt: skip
_CONSIGNMENTS_A_HAULIER, _CONSIGNMENTS_A_VEHICLE = 130, 30  # on average
_FEWEST_HAULIERS = 12
_RISKY_HAULIERS, _RISKY_VEHICLES, _RISKY_TRAILERS, _RISKY_DRIVERS = 0.09, 0.07, 0.05, 0.07  # shares
_PAYS_CASH = 0.15  # share of hauliers with the habit of paying in cash
_CASH_HABIT, _CASH_SELDOM = 0.4, 0.03  # share of bookings that those and the others pay in cash


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles, trailers or drivers: `numbers` in order of haulier, `first` [hauliers + 1] where each one's begin."""

    numbers: tuple[str, ...]
    first: Ints
    risk: Risk


@dataclass(frozen=True, slots=True)
class Hauliers:
    """Hauliers with what they run; `cash` is each one's habit of paying bookings in cash (a probability)."""

    parties: tuple[Party, ...]
    activity: Floats
    cash: Floats
    risk: Risk
    vehicles: Fleet
    trailers: Fleet
    drivers: Fleet


def make_hauliers(draws: Draws, parameters: WorldParameters) -> Hauliers:
    """Hauliers with vehicles, and half as many trailers and a quarter as many drivers more, after their activity."""
    rng = draws.of("hauliers")
    count = max(_FEWEST_HAULIERS, parameters.consignments // _CONSIGNMENTS_A_HAULIER)
    chosen = weighted(rng, np.array(list(_COUNTRIES.values())), count)
    countries = [list(_COUNTRIES)[each] for each in chosen.tolist()]
    activity = rng.lognormal(0.0, ACTIVITY_SPREAD, count)
    share = activity / activity.sum() * parameters.consignments / _CONSIGNMENTS_A_VEHICLE
    vehicles = 1 + np.floor(share).astype(np.int64)
    taken: set[str] = set()
    fleets = _Fleets(rng, countries, parameters.days)
    return Hauliers(
        parties=tuple(companies(rng, countries, hauliers=True)),
        activity=activity,
        cash=np.where(rng.random(count) < _PAYS_CASH, _CASH_HABIT, _CASH_SELDOM),
        risk=make_risk(rng, countries, activity, _RISKY_HAULIERS, parameters.days),
        vehicles=fleets.registered(vehicles, taken, _RISKY_VEHICLES),
        trailers=fleets.registered(vehicles + vehicles // 2, taken, _RISKY_TRAILERS),
        drivers=fleets.drivers(vehicles + vehicles // 4, _RISKY_DRIVERS),
    )


@dataclass(frozen=True, slots=True)
class _Fleets:
    """Makes fleets for hauliers of these countries."""

    rng: np.random.Generator
    countries: Sequence[str]
    days: int

    def registered(self, sizes: Ints, taken: set[str], risky: float) -> Fleet:
        """Vehicles or trailers under distinct registrations of the haulier's country."""
        homes = [self.countries[owner] for owner in np.repeat(np.arange(len(sizes)), sizes).tolist()]
        return self._fleet(registrations(self.rng, homes, taken), homes, sizes, risky)

    def drivers(self, sizes: Ints, risky: float) -> Fleet:
        """Drivers, known by tokens."""
        homes = [self.countries[owner] for owner in np.repeat(np.arange(len(sizes)), sizes).tolist()]
        return self._fleet(codes(self.rng, len(homes), 10, ALPHANUMERIC), homes, sizes, risky)

    def _fleet(self, numbers: list[str], homes: list[str], sizes: Ints, risky: float) -> Fleet:
        first = np.concatenate([[0], np.cumsum(sizes)])
        return Fleet(tuple(numbers), first, make_risk(self.rng, homes, self.rng.random(len(homes)), risky, self.days))
