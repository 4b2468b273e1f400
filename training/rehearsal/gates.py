"""Validity gates: what an honest world must show before anything is measured on it.

Each gate is a function of measurements; it returns a verdict with the figures that it rests on. Differences are paired
by world: a step counts where the one-sided 95 % lower bound of its mean, by Student's t over the worlds, is above 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from aftc.errors import InputError
from training.rehearsal.ceiling import Ceiling
from training.rehearsal.contest import Contest
from training.rehearsal.ladder import Ladder
from training.world.parameters import Floats

__all__ = [
    "RUNGS",
    "Figure",
    "Verdict",
    "collapse",
    "difficulty",
    "goods_tuples",
    "leak_alarm",
    "lower_bound",
    "rungs",
    "shuffled_ids",
    "stable",
]

RUNGS: Final = (("raw", "norms"), ("norms", "mismatches"), ("mismatches", "history"), ("history", "oracle"))
_LOOKUP: Final = 0.1  # most of the oracle's gain over chance that a lookup of goods tuples may reach
_SHUFFLED: Final = 0.25  # most of the gain of history that may be left when ids are dealt out anew
_TRIVIAL: Final = 0.4  # most that raw columns may reach of the oracle's average precision
_CEILING: Final = (0.7, 0.85)  # between these lies the reference ceiling
_COLLAPSED: Final = 0.5  # greedy selection falls below this share of the other's hit rate
_INSURANCE: Final = 0.03  # most that a part at random may cost where nothing changes, in hit rate
# Student's t, one-sided 95 %, by number of worlds.
_STUDENT: Final = {2: 6.314, 3: 2.920, 4: 2.353, 5: 2.132, 6: 2.015, 7: 1.943, 8: 1.895, 9: 1.860, 10: 1.833}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words: its mean over worlds, their standard deviation, and the bound that a verdict rests on."""

    words: str
    mean: float
    spread: float | None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate found.

    Attributes:
        gate: What must hold, in words.
        holds: Whether it does.
        figures: What it rests on.
    """

    gate: str
    holds: bool
    figures: tuple[Figure, ...]


def rungs(ladders: Sequence[Ladder]) -> Verdict:
    """Each family of columns helps, and the oracle stays above all of them."""
    steps = [_values(ladders, above) - _values(ladders, below) for below, above in RUNGS]
    figures = tuple(
        Figure(f"{above} over {below}", *_spread(step), lower_bound(step))
        for (below, above), step in zip(RUNGS, steps, strict=True)
    )
    return Verdict(
        "raw columns < + norms < + mismatches < + history < oracle, each step beyond noise",
        all(lower_bound(step) > 0 for step in steps),
        figures,
    )


def goods_tuples(ladders: Sequence[Ladder]) -> Verdict:
    """A lookup of exact goods tuples gains little over the base rate: labels were not copied with the goods."""
    base = _values(ladders, "base")
    share = (_values(ladders, "lookup") - base) / (_values(ladders, "oracle") - base)
    return Verdict(
        f"a lookup of exact goods tuples gains at most {_LOOKUP:g} of what the oracle gains over the base rate",
        bool(share.mean() <= _LOOKUP),
        (Figure("share of the oracle's gain", *_spread(share)),),
    )


def shuffled_ids(ladders: Sequence[Ladder]) -> Verdict:
    """History is of entities: dealt out anew, ids give nothing."""
    without = _values(ladders, "mismatches")
    gained, left = _values(ladders, "history") - without, _values(ladders, "shuffled") - without
    return Verdict(
        f"with ids dealt out anew, at most {_SHUFFLED:g} of what history gives is left",
        bool(gained.mean() > 0 and left.mean() <= _SHUFFLED * gained.mean()),
        (Figure("history gives", *_spread(gained)), Figure("with ids dealt out anew", *_spread(left))),
    )


def leak_alarm(ladders: Sequence[Ladder]) -> Verdict:
    """The alarm that stands between a leak and promotion goes off for one, and for nothing else."""
    leaky = np.array([ladder.leaky.lower_bound or 0.0 for ladder in ladders])
    honest = np.array([ladder.honest.lower_bound or 0.0 for ladder in ladders])
    return Verdict(
        "history of all times trips the alarm in every world, history as known in none",
        all(ladder.leaky.alarm and not ladder.honest.alarm for ladder in ladders),
        (
            Figure("lower bound over the oracle, history of all times", *_spread(leaky), float(leaky.min())),
            Figure("lower bound over the oracle, history as known", *_spread(honest), float(honest.max())),
        ),
    )


def difficulty(ceilings: Sequence[Ceiling]) -> Verdict:
    """The usual world is neither trivial nor hopeless."""
    raw = np.array([each.raw for each in ceilings])
    top = np.array([each.true for each in ceilings])
    low, high = _CEILING
    return Verdict(
        f"raw columns reach at most {_TRIVIAL:g} of the oracle, the reference ceiling from {low:g} to {high:g}",
        bool(raw.mean() <= _TRIVIAL and low <= top.mean() <= high),
        (Figure("raw columns over the oracle", *_spread(raw)), Figure("ceiling over the oracle", *_spread(top))),
    )


def collapse(contest: Contest) -> Verdict:
    """Where adversaries go where nobody looks, greedy selection must fail and a part at random must rescue it."""
    return Verdict(
        f"greedy selection falls below {_COLLAPSED:g} of the hit rate with a part at random, last quarter",
        bool(contest.ratio < _COLLAPSED),
        (*_late(contest), Figure("greedy over the other, of means", contest.ratio, None)),
    )


def stable(contest: Contest) -> Verdict:
    """Where nothing changes, a part at random costs little."""
    return Verdict(
        f"a part at random costs less than {_INSURANCE:g} of hit rate, last quarter",
        bool(contest.cost < _INSURANCE),
        (*_late(contest), Figure("cost in hit rate", *_spread(contest.costs))),
    )


def lower_bound(differences: Floats) -> float:
    """One-sided 95 % lower bound of the mean of paired differences, by Student's t.

    Raises:
        InputError: fewer than two worlds or more than ten.
    """
    count = len(differences)
    if count not in _STUDENT:
        raise InputError("two to ten worlds", str(count))
    return float(differences.mean() - _STUDENT[count] * differences.std(ddof=1) / np.sqrt(count))


def _late(contest: Contest) -> tuple[Figure, Figure]:
    rates = [[pair.greedy_late.hit_rate, pair.mixed_late.hit_rate] for pair in contest.pairs]
    greedy, mixed = np.array(rates).T
    return Figure("hit rate, greedy", *_spread(greedy)), Figure("hit rate, a part at random", *_spread(mixed))


def _values(ladders: Sequence[Ladder], name: str) -> Floats:
    return np.array([getattr(ladder, name) for ladder in ladders])


def _spread(values: Floats) -> tuple[float, float | None]:
    return float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else None
