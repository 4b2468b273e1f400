"""Latent risk: which actors carry it, for which threat, and when.

Nobody sees the loading; it shows only in what happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.world.parameters import Flags, Floats, Ints
from training.world.threats import THREATS, origin_picture

__all__ = ["Risk", "make_risk"]

_SPECIALITY = 6.5  # log odds a risky actor adds to the threat it deals in
_SPECIALITY_SPREAD = 0.5  # standard deviation of that between actors
_SIDELINE = 0.3  # log odds it adds to every other threat
_STEADY = 0.6  # share of risky actors that always are; the others have a campaign that begins and ends


@dataclass(frozen=True, slots=True)
class Risk:
    """Latent risk of a kind of actor.

    Attributes:
        loading: float64 [actors, threats], log odds added while active; zero for the honest.
        active_from: int64 [actors], first day of the campaign, counted from the world's first day.
        active_to: int64 [actors], day after its last.
    """

    loading: Floats
    active_from: Ints
    active_to: Ints

    def at(self, actors: Ints, days: Ints) -> Floats:
        """Loadings [consignments, threats] of actors on days; actor -1 (nobody) adds nothing."""
        active = (actors >= 0) & (days >= self.active_from[actors]) & (days < self.active_to[actors])
        return np.where(active[:, None], self.loading[actors], 0.0)


def make_risk(rng: np.random.Generator, countries: Sequence[str], activity: Floats, share: float, days: int) -> Risk:
    """Risk for actors dealing with countries: a share of them is risky, each with one speciality.

    One of every 1/share actors of like activity is risky, so that worlds differ little in how much risk moves.
    """
    count = len(countries)
    risky = _one_in_each(rng, activity, round(1 / share))
    pictures = np.array([origin_picture(country) for country in countries])
    steps = np.cumsum(pictures, axis=1)
    speciality = (rng.random(count)[:, None] * steps[:, -1:] > steps).sum(axis=1)
    loading = np.full((count, len(THREATS)), _SIDELINE)
    loading[np.arange(count), speciality] = _SPECIALITY + rng.normal(0.0, _SPECIALITY_SPREAD, count)
    loading[~risky] = 0.0
    begins, lasts = rng.integers(-2 * days, days + 1, count), rng.integers(days // 2, 2 * days + 1, count)
    steady = rng.random(count) < _STEADY
    return Risk(loading, np.where(steady, -days, begins), np.where(steady, 2 * days, begins + lasts))


def _one_in_each(rng: np.random.Generator, activity: Floats, size: int) -> Flags:
    """One actor drawn from each block of `size` that follow each other in activity."""
    order = np.argsort(activity, kind="stable")
    starts = np.arange(0, len(order), size)
    drawn = starts + rng.integers(0, np.minimum(size, len(order) - starts))
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order[drawn]] = True
    return chosen
