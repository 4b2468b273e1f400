"""The ladder: how far each family of columns gets towards the oracle, in average precision against the truth.

All models are the same learner with the same settings. The rungs learn what is aboard every early consignment, so that
they measure what columns hold and not how it was selected; two more learn what was recorded, as one has to in earnest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.evaluation import LeakCheck
from training.evidence import Judged
from training.labels import THREATS
from training.metrics import Ranking
from training.rehearsal.learner import Columns, Form, Labelled, learnt, scored
from training.rehearsal.panel import Panel
from training.rehearsal.running import HISTORY
from training.truth import leak_check
from training.world.observed import CATEGORICAL
from training.world.parameters import Flags, Floats

__all__ = ["LARGEST_WEIGHT", "Ladder", "climb", "precision", "score_raw"]

LARGEST_WEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Average precisions in the later part of one world.

    Attributes:
        base: Share that carries a threat: what chance gets.
        legacy: The legacy policy's score.
        lookup: Share of earlier consignments of exactly the same goods tuple that carried a threat.
        raw: Single fields; `norms` and price and weight against the goods' norms; `mismatches` and disagreements
            between streams; `history` and point-in-time history; `shuffled` the same with ids dealt out anew.
        oracle: The chances from which the truth was drawn.
        recorded_raw: Single fields, from recorded labels; `recorded` all families.
        honest: Whether the model with history is above the oracle; `leaky` whether one is with history of all times.
    """

    base: float
    legacy: float
    lookup: float
    raw: float
    norms: float
    mismatches: float
    history: float
    shuffled: float
    oracle: float
    recorded_raw: float
    recorded: float
    honest: LeakCheck
    leaky: LeakCheck


def climb(panel: Panel) -> Ladder:
    """The ladder of one world."""
    papers = (panel.raw, panel.norms, panel.mismatches)
    true, recorded = _true(panel), _recorded(panel)
    history, leaky = _score((*papers, panel.history), true), _score((*papers, panel.leaky), true)
    return Ladder(
        base=float(panel.holds[~panel.early].mean()),
        legacy=precision(panel, panel.legacy),
        lookup=precision(panel, _looked_up(panel)),
        raw=precision(panel, _score(papers[:1], true)),
        norms=precision(panel, _score(papers[:2], true)),
        mismatches=precision(panel, _score(papers, true)),
        history=precision(panel, history),
        shuffled=precision(panel, _score((*papers, panel.shuffled), true)),
        oracle=precision(panel, panel.chance),
        recorded_raw=precision(panel, _score(papers[:1], recorded)),
        recorded=precision(panel, _score((*papers, panel.history), recorded)),
        honest=_leak(panel, history),
        leaky=_leak(panel, leaky),
    )


def score_raw(panel: Panel, *, recorded: bool) -> Floats:
    """Scores of all rows by single fields, learnt from what was recorded or from what is aboard."""
    return _score((panel.raw,), _recorded(panel) if recorded else _true(panel))


def precision(panel: Panel, score: Floats) -> float:
    """Average precision of scores of all rows, in the later part."""
    late = ~panel.early
    return float(Ranking(panel.holds[late], score[late]).average_precision(np.ones((1, int(late.sum()))))[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """What a model learns from: which rows, what is said to be aboard, how much each counts."""

    rows: Flags
    label: Flags
    weight: Floats


def _true(panel: Panel) -> _Lesson:
    return _Lesson(panel.early, panel.holds, np.ones(len(panel.early)))


def _recorded(panel: Panel) -> _Lesson:
    looked = panel.early & (panel.found >= 0)
    return _Lesson(looked, panel.found == 1, np.minimum(panel.weight, LARGEST_WEIGHT))


def _score(families: tuple[Floats, ...], lesson: _Lesson) -> Floats:
    """Scores of all rows; the family after mismatches is history, in which finds can only raise a score."""
    vectors = np.hstack(families)
    free = sum(each.shape[1] for each in families[:3])
    columns = Columns(CATEGORICAL, (*[0] * free, *HISTORY * ((vectors.shape[1] - free) // len(HISTORY))))
    rows = Labelled(vectors[lesson.rows], lesson.label[lesson.rows], lesson.weight[lesson.rows])
    return scored(learnt(rows, columns, Form()), vectors)


def _looked_up(panel: Panel) -> Floats:
    """Share of the early rows of the same goods tuple that carried a threat; of all, where there is none."""
    known = panel.early & (panel.exact >= 0)
    tuples, place = np.unique(panel.exact[known], return_inverse=True)
    share = np.bincount(place, panel.holds[known]) / np.bincount(place)
    base = float(panel.holds[panel.early].mean())
    found = np.minimum(np.searchsorted(tuples, panel.exact), tuples.size - 1)
    return np.where(tuples[found] == panel.exact, share[found], base)


def _leak(panel: Panel, score: Floats) -> LeakCheck:
    late = ~panel.early
    shape = (int(late.sum()), len(THREATS))
    judged = Judged(np.broadcast_to(panel.holds[late][:, None], shape), np.ones(shape), panel.unit[late])
    return leak_check(judged, score[late], panel.chance[late])
