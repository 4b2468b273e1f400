"""Greedy selection against selection with a part at random, each through the same worlds from the same beginnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.rehearsal.catalogue_feed import CatalogueFeed
from training.rehearsal.feeds import Feed, ObservedFeed
from training.rehearsal.plan import Plan
from training.rehearsal.weekly import Tally, rehearse, total
from training.world.cast import Cast, make_cast
from training.world.parameters import Floats, WorldParameters

__all__ = ["FEEDS", "Contest", "Pair", "contest"]

FEEDS: Final[Mapping[str, Callable[[Cast], Feed]]] = {"observed": ObservedFeed, "catalogue": CatalogueFeed}
_LAST_PART: Final = 4  # the last quarter of the run is compared


@dataclass(frozen=True, slots=True)
class Pair:
    """One world under both policies: counts of each week."""

    seed: int
    greedy: tuple[Tally, ...]
    mixed: tuple[Tally, ...]

    @property
    def greedy_late(self) -> Tally:
        """The last quarter under greedy selection."""
        return _late(self.greedy)

    @property
    def mixed_late(self) -> Tally:
        """The last quarter with a part at random."""
        return _late(self.mixed)


@dataclass(frozen=True, slots=True)
class Contest:
    """Several worlds of one regime under both policies.

    Attributes:
        parameters: Of the worlds, but for the seed.
        plan: Of the policy with a part at random; the other differs in that alone.
        pairs: One a seed.
    """

    parameters: WorldParameters
    plan: Plan
    pairs: tuple[Pair, ...]

    @property
    def ratio(self) -> float:
        """Hit rate of greedy selection over the other's in the last quarter: mean over mean of the worlds."""
        greedy, mixed = self._rates()
        return float(greedy.mean() / mixed.mean()) if mixed.any() else float("nan")

    @property
    def costs(self) -> Floats:
        """What the random part costs in the last quarter of each world, in hit rate; above 0 where it costs."""
        greedy, mixed = self._rates()
        return greedy - mixed

    @property
    def cost(self) -> float:
        """The mean of `costs`."""
        return float(self.costs.mean())

    def _rates(self) -> tuple[Floats, Floats]:
        greedy = np.array([pair.greedy_late.hit_rate for pair in self.pairs])
        return greedy, np.array([pair.mixed_late.hit_rate for pair in self.pairs])


def contest(parameters: WorldParameters, plan: Plan, *, seeds: Iterable[int], features: str = "observed") -> Contest:
    """Let both policies live through each world.

    Args:
        parameters: Of the worlds; each seed takes the place of theirs.
        plan: Of the policy with a part at random.
        seeds: Of the worlds.
        features: Name of a feed, see `FEEDS`.
    """
    greedy, make_feed = replace(plan, random_share=0.0), FEEDS[features]
    pairs = []
    for seed in seeds:
        cast = make_cast(replace(parameters, seed=seed))
        pairs.append(Pair(seed, rehearse(cast, greedy, make_feed), rehearse(cast, plan, make_feed)))
    return Contest(parameters, plan, tuple(pairs))


def _late(tallies: tuple[Tally, ...]) -> Tally:
    return total(tallies[-max(1, len(tallies) // _LAST_PART) :])
