"""Lives: when actors are born and die, how they grow, and the seasons and weekdays they live by.

Times are whole days counted from the world's first. An actor's volume on a day is its usual activity times what this
module gives; before its birth and after its death it is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from training.world.draws import weighted
from training.world.goods import COMMODITIES
from training.world.parameters import DAYS_A_WEEK, Floats, Ints, WorldParameters

__all__ = ["NEVER", "Lives", "arrival_days", "crowd", "make_lives", "season", "week_days"]

NEVER = 1 << 40  # a day that no world reaches

_RAMP_DAYS = 45  # a newcomer reaches its usual volume in so long
_LIFE_DAYS = 1_500  # on average: about a fifth of all is gone within a year
_GROWTH = 0.25  # standard deviation of yearly log growth
_YEAR = 365.25
_WEEKDAY = (1.15, 1.15, 1.1, 1.1, 1.0, 0.75, 0.6)  # Monday first: relative volume of freight traffic
_AUTUMN = 0.1  # rise of all trade before Christmas: amplitude of a yearly cycle that peaks in November
_PEAK_MONTH = 11


@dataclass(frozen=True, slots=True)
class Lives:
    """Columns [actors]: days of birth and death, and yearly log growth."""

    born: Ints
    died: Ints
    growth: Floats

    def at(self, day: float) -> Floats:
        """Volume on a day over the usual one; zero outside the life."""
        alive = (self.born <= day) & (day < self.died)
        ramp = np.clip((day - self.born + 1) / _RAMP_DAYS, 0.05, 1.0)
        return np.where(alive, ramp * np.exp(self.growth * np.clip(day / _YEAR, -1.0, 2.0)), 0.0)


def crowd(needed: int, days: int) -> int:
    """How many actors a run needs so that about as many live at any time, with those yet to be born."""
    return needed + round(needed * days / _LIFE_DAYS)


def make_lives(rng: np.random.Generator, count: int, days: int) -> Lives:
    """Lives of a steady population: as many are born in a day as die."""
    later = round(count * days / (_LIFE_DAYS + days))
    born = np.where(np.arange(count) < count - later, -_LIFE_DAYS, rng.integers(1, days + 1, count))
    left = rng.exponential(_LIFE_DAYS, count).astype(np.int64) + 1
    shuffled = rng.permutation(count)
    return Lives(
        born=born[shuffled],
        died=np.where(born < 0, left, born + left)[shuffled],
        growth=rng.normal(0.0, _GROWTH, count),
    )


def season(parameters: WorldParameters, day: float) -> Floats:
    """Volume of every commodity on a day over its mean, after its own yearly cycle and that of all trade."""
    date = parameters.start + timedelta(days=int(day))
    month = date.timetuple().tm_yday / _YEAR * 12 + 0.5
    peaks = np.array([each.season for each in COMMODITIES])
    own = 1.0 + peaks[:, 1] * np.cos((month - peaks[:, 0]) / 12 * 2 * np.pi)
    return np.asarray(own * (1.0 + _AUTUMN * np.cos((month - _PEAK_MONTH) / 12 * 2 * np.pi)))


def week_days(parameters: WorldParameters, week: int) -> Floats:
    """Relative volume of each day of a week of the run; the last week may be short."""
    first = week * DAYS_A_WEEK
    weekday = parameters.start.weekday()
    last = min(first + DAYS_A_WEEK, parameters.days)
    return np.array([_WEEKDAY[(weekday + day) % DAYS_A_WEEK] for day in range(first, last)])


def arrival_days(rng: np.random.Generator, parameters: WorldParameters, week: int, count: int) -> Ints:
    """Days of arrival within a week of the run, counted from the run's first, after the rhythm of the week."""
    return week * DAYS_A_WEEK + weighted(rng, week_days(parameters, week), count)
