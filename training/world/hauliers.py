"""Hauliers and what they run: vehicles, trailers and drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aftc.records import Party
from training.world.draws import ALPHANUMERIC, Draws, codes, weighted
from training.world.lives import Lives, crowd, make_lives
from training.world.naming import companies, registrations
from training.world.parameters import Floats, Ints, WorldParameters
from training.world.traders import ACTIVITY_SPREAD

__all__ = ["Fleet", "Hauliers", "make_hauliers"]

_COUNTRIES = {
    "GB": 0.22, "IE": 0.08, "FR": 0.08, "BE": 0.07, "NL": 0.14, "DE": 0.09,
    "ES": 0.07, "PL": 0.12, "RO": 0.06, "LT": 0.03, "TR": 0.04,
}  # fmt: skip
_CONSIGNMENTS_A_HAULIER, _CONSIGNMENTS_A_VEHICLE = 65, 20  # a month, on average
_FEWEST_HAULIERS = 12
_PAYS_CASH = 0.15  # share of hauliers with the habit of paying in cash
_CASH_HABIT, _CASH_SELDOM = 0.4, 0.03  # share of bookings that those and the others pay in cash


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles, trailers or drivers: `numbers` in order of haulier, `first` [hauliers + 1] where each one's begin."""

    numbers: tuple[str, ...]
    first: Ints

    @property
    def owner(self) -> Ints:
        """int64 [numbers], the haulier of each."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Hauliers:
    """Hauliers with what they run; `cash` is each one's habit of paying bookings in cash (a probability)."""

    parties: tuple[Party, ...]
    activity: Floats
    cash: Floats
    lives: Lives
    vehicles: Fleet
    trailers: Fleet
    drivers: Fleet


def make_hauliers(draws: Draws, parameters: WorldParameters) -> Hauliers:
    """Hauliers with vehicles, and half as many trailers and a quarter as many drivers more, after their activity."""
    rng = draws.of("hauliers")
    count = crowd(max(_FEWEST_HAULIERS, round(parameters.monthly / _CONSIGNMENTS_A_HAULIER)), parameters.days)
    chosen = weighted(rng, np.array(list(_COUNTRIES.values())), count)
    countries = [list(_COUNTRIES)[each] for each in chosen.tolist()]
    activity = rng.lognormal(0.0, ACTIVITY_SPREAD, count)
    share = activity / activity.sum() * parameters.monthly / _CONSIGNMENTS_A_VEHICLE
    vehicles = 1 + np.floor(share).astype(np.int64)
    taken: set[str] = set()
    fleets = _Fleets(rng, countries)
    return Hauliers(
        parties=tuple(companies(rng, countries, hauliers=True)),
        activity=activity,
        cash=np.where(rng.random(count) < _PAYS_CASH, _CASH_HABIT, _CASH_SELDOM),
        lives=make_lives(rng, count, parameters.days),
        vehicles=fleets.registered(vehicles, taken),
        trailers=fleets.registered(vehicles + vehicles // 2, taken),
        drivers=fleets.drivers(vehicles + vehicles // 4),
    )


@dataclass(frozen=True, slots=True)
class _Fleets:
    """Makes fleets for hauliers of these countries."""

    rng: np.random.Generator
    countries: Sequence[str]

    def registered(self, sizes: Ints, taken: set[str]) -> Fleet:
        """Vehicles or trailers under distinct registrations of the haulier's country."""
        homes = [self.countries[owner] for owner in np.repeat(np.arange(len(sizes)), sizes).tolist()]
        return _fleet(registrations(self.rng, homes, taken), sizes)

    def drivers(self, sizes: Ints) -> Fleet:
        """Drivers, known by tokens."""
        return _fleet(codes(self.rng, int(sizes.sum()), 10, ALPHANUMERIC), sizes)


def _fleet(numbers: list[str], sizes: Ints) -> Fleet:
    return Fleet(tuple(numbers), np.concatenate([[0], np.cumsum(sizes)]))
