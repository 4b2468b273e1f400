"""A world's consignments side by side: what was seen of them in families of columns, what is so, what was recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.rehearsal.running import Running, Seen, history_of, labels_of
from training.rehearsal.tallies import Tallies
from training.world.cast import make_cast
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.simulation import Week, weeks

__all__ = ["LEARNING_PART", "Panel", "make_panel"]

LEARNING_PART = 0.6  # share of the weeks that a model may learn from; it is judged on the others


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One world under the legacy policy, a row a consignment in the order of weeks.

    Attributes:
        raw, norms, mismatches, history: Families of observed columns, history as known when the week begins.
        shuffled: History kept under ids that were dealt out anew each week.
        leaky: History of the whole run as if all had been searched: the row's own threat and later ones with it.
        exact: int64, key of the goods tuple as declared, -1 without goods.
        legacy: The legacy policy's score.
        holds: Whether any threat is aboard; `chance` the oracle.
        found: int64, 1 where something was found, 0 where nothing, -1 where nobody looked.
        weight: Inverse selection probability.
        early: Whether a model may learn from it.
        unit: int64, unit by number over the run: rows that were searched together.
    """

    raw: Floats
    norms: Floats
    mismatches: Floats
    history: Floats
    shuffled: Floats
    leaky: Floats
    exact: Ints
    legacy: Floats
    holds: Flags
    chance: Floats
    found: Ints
    weight: Floats
    early: Flags
    unit: Ints


def make_panel(parameters: WorldParameters) -> Panel:
    """The panel of a world."""
    cast = make_cast(parameters)
    running, dealt = Running(cast), Running(cast, shuffled=np.random.default_rng(parameters.seed))
    gone: list[Week] = []
    seen: list[Seen] = []
    strangers: list[Seen] = []
    for week in weeks(cast):
        for history, kept in ((running, seen), (dealt, strangers)):
            kept.append(history.see(week.arrivals))
            history.learn(kept[-1], week)
        gone.append(week)
    holds = np.concatenate([week.arrivals.schemes.y_any for week in gone])
    border = round(len(gone) * LEARNING_PART)
    return Panel(
        raw=np.vstack([each.shown.raw for each in seen]),
        norms=np.vstack([each.norms for each in seen]),
        mismatches=np.vstack([each.shown.mismatches for each in seen]),
        history=np.vstack([each.history for each in seen]),
        shuffled=np.vstack([each.history for each in strangers]),
        leaky=_leaky(seen, holds),
        exact=np.concatenate([each.shown.exact for each in seen]),
        legacy=np.concatenate([week.arrivals.scores for week in gone]),
        holds=holds,
        chance=np.concatenate([week.arrivals.schemes.p_any for week in gone]),
        found=np.concatenate([labels_of(week) for week in gone]),
        weight=1.0 / np.concatenate([week.selections.combined[_unit(week)] for week in gone]),
        early=np.concatenate([np.full(len(_unit(week)), week.arrivals.number < border) for week in gone]),
        unit=_numbered([_unit(week) for week in gone]),
    )


def _unit(week: Week) -> Ints:
    return week.arrivals.traffic.consignments.unit


def _numbered(units: list[Ints]) -> Ints:
    starts = np.cumsum([0, *(int(unit.max(initial=0)) + 1 for unit in units)])
    return np.concatenate([unit + start for unit, start in zip(units, starts.tolist(), strict=False)])


def _leaky(seen: list[Seen], holds: Flags) -> Floats:
    """History as it must never be: of the whole run and of the row's own week, what is aboard the row included."""
    ones, aboard = np.ones(len(holds)), holds.astype(np.float64)
    week = np.repeat(np.arange(len(seen)), [len(each.shown.goods) for each in seen])
    columns = []
    for key in np.vstack([each.shown.keys for each in seen]).T:
        always, lately = Tallies(3), Tallies(2)
        always.add(key, np.column_stack([ones, ones, aboard]))
        lately.add(key * len(seen) + week, np.column_stack([ones, aboard]))
        column = history_of(np.hstack([always.of(key), lately.of(key * len(seen) + week)]))
        column[key < 0] = np.nan
        columns.append(column)
    return np.hstack(columns)
