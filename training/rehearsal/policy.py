"""Policies: which units to examine at a capacity, by a model's score and, beside it, by lot.

The lot is an independent draw for every unit, with a chance that fills its part of the capacity on average; both
chances are recorded for every unit considered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.world.parameters import Flags, Floats

__all__ = ["Choice", "choose"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns [units].

    Attributes:
        model: Chance that the model selects the unit: 1 for those that its capacity takes, else 0.
        random: Chance of the lot.
        drawn: Whether the lot fell on the unit.
    """

    model: Floats
    random: Floats
    drawn: Flags


def choose(scores: Floats, capacity: int, random_share: float, rng: np.random.Generator) -> Choice:
    """Select units.

    Args:
        scores: float64 [units]; equal scores are put in an order by lot.
        capacity: How many units can be examined.
        random_share: Share of the capacity that is drawn at random, 0 to 1.
        rng: Of the lots.
    """
    shuffled = rng.permutation(len(scores))
    lots = rng.random(len(scores))
    by_lot = random_share * capacity
    ranked = shuffled[np.argsort(-scores[shuffled], kind="stable")]
    model = np.zeros(len(scores))
    model[ranked[: round(capacity - by_lot)]] = 1.0
    left = len(scores) - float(model.sum())
    random = np.full(len(scores), min(1.0, by_lot / left) if left else 0.0)
    return Choice(model, random, lots < random)
