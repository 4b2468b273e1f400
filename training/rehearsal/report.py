"""The measurements as Markdown, and into a page: nothing in the tables is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from aftc.errors import InputError
from training.rehearsal.ceiling import MORE, Ceiling
from training.rehearsal.contest import Contest, Pair
from training.rehearsal.gates import Figure, Verdict
from training.rehearsal.ladder import Ladder
from training.rehearsal.weekly import Tally, total
from training.world.distributions import table
from training.world.parameters import Floats

__all__ = ["ceiling_table", "check", "gate_table", "ladder_table", "policy_table", "put_into", "week_table"]

_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_RUNGS: Final = (
    ("base", "base rate"),
    ("lookup", "lookup of exact goods tuples"),
    ("legacy", "legacy score"),
    ("raw", "raw columns"),
    ("norms", "+ price and weight norms"),
    ("mismatches", "+ mismatches between streams"),
    ("history", "+ history as known"),
    ("shuffled", "the same, ids dealt out anew"),
    ("recorded_raw", "raw columns, recorded labels"),
    ("recorded", "all, recorded labels"),
    ("oracle", "oracle"),
)
_HEIGHTS: Final = (
    ("raw", "raw columns, recorded labels, usual size"),
    ("raw_true", f"raw columns, true labels of {MORE} times the rows"),
    ("recorded", f"catalogue, recorded labels of {MORE} times the rows"),
    ("true", f"catalogue, true labels of {MORE} times the rows: the ceiling"),
)
_RATES: Final[tuple[tuple[str, Callable[[Tally], float]], ...]] = (
    ("hit rate", lambda tally: tally.hit_rate),
    ("caught", lambda tally: tally.recall),
    ("over best", lambda tally: tally.over_best),
)
_POLICIES: Final[tuple[tuple[str, Callable[[Pair], tuple[Tally, ...]], Callable[[Pair], Tally]], ...]] = (
    ("greedy", lambda pair: pair.greedy, lambda pair: pair.greedy_late),
    ("a part at random", lambda pair: pair.mixed, lambda pair: pair.mixed_late),
)


def ladder_table(ladders: Sequence[Ladder]) -> str:
    """Average precision of everything that ranks."""
    oracle = np.array([each.oracle for each in ladders])
    rows = []
    for name, words in _RUNGS:
        values = np.array([getattr(each, name) for each in ladders])
        rows.append((words, f"{values.mean():.3f}", _deviation(values), f"{(values / oracle).mean():.2f}"))
    return table(("average precision, last part", "mean", "spread", "of the oracle's"), rows)


def ceiling_table(ceilings: Sequence[Ceiling]) -> str:
    """Shares of the oracle's average precision."""
    rows = []
    for name, words in _HEIGHTS:
        values = np.array([getattr(each, name) for each in ceilings])
        rows.append((words, f"{values.mean():.3f}", _deviation(values)))
    return table(("average precision over the oracle's, last part", "mean", "spread"), rows)


def policy_table(contests: Iterable[Contest]) -> str:
    """Each policy in the last quarter of each regime."""
    rows = []
    for contest in contests:
        for name, _, late in _POLICIES:
            tallies = [late(pair) for pair in contest.pairs]
            cells = [np.array([rate(tally) for tally in tallies]) for _, rate in _RATES]
            figures = [f"{values.mean():.3f} ({_deviation(values)})" for values in cells]
            rows.append((contest.parameters.regime.value, name, *figures))
    heads = (
        "regime",
        "policy",
        "hit rate among examined",
        "share of threats caught",
        "precision over the best possible",
    )
    return table(heads, rows)


def week_table(contest: Contest) -> str:
    """Both policies week by week, all worlds together."""
    heads = ["week", *(f"{words}, {name}" for name, _, _ in _POLICIES for words, _ in _RATES)]
    rows = []
    for week in range(len(contest.pairs[0].greedy)):
        pooled = [total([weeks(pair)[week] for pair in contest.pairs]) for _, weeks, _ in _POLICIES]
        rows.append((str(week + 1), *(f"{rate(tally):.3f}" for tally in pooled for _, rate in _RATES)))
    return table(heads, rows)


def gate_table(verdicts: Iterable[Verdict]) -> str:
    """Each gate with what it rests on."""
    rows = [
        (each.gate, "; ".join(map(_figure, each.figures)), "holds" if each.holds else "**fails**") for each in verdicts
    ]
    return table(("gate", "figures: mean (spread)", "verdict"), rows)


def check(page: Path) -> None:
    """See that a page can take a report.

    Raises:
        InputError: it cannot be read, or has no marks.
    """
    _parts(page)


def put_into(page: Path, text: str) -> None:
    """Replace what stands between a page's two marks.

    Raises:
        InputError: the page cannot be read or written, or has no marks.
    """
    before, after = _parts(page)
    try:
        page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")
    except OSError as error:
        raise _unusable(page, error) from error


def _parts(page: Path) -> tuple[str, str]:
    """What stands before and after the marks."""
    try:
        before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    except OSError as error:
        raise _unusable(page, error) from error
    _, end, after = rest.partition(_END)
    if not end:
        raise InputError(f"the marks {_BEGIN} and {_END}", "a page without them", subject=str(page))
    return before, after


def _unusable(page: Path, error: OSError) -> InputError:
    return InputError("a page that can be read and written", error.strerror or str(error), subject=str(page))


def _figure(figure: Figure) -> str:
    spread = "" if figure.spread is None else f" ({figure.spread:.3f})"
    bound = "" if figure.bound is None else f", bound {figure.bound:.3f}"
    return f"{figure.words} {figure.mean:.3f}{spread}{bound}"


def _deviation(values: Floats) -> str:
    return f"{values.std(ddof=1):.3f}" if len(values) > 1 else "-"
