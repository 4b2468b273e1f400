"""What a ranking reaches: average precision, precision at the head, and the share of the threats that is met."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.labels import THREATS
from training.metrics import Ranking, selection
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import shares_axis
from training.world.describe.palette import ACCENT, DASHES, MUTED, PRIMARY
from training.world.describe.rates import Rate, rate_of
from training.world.describe.words import capital, count, decimal, label, level, share
from training.world.parameters import Flags, Floats

__all__ = ["average_precision", "ranking", "threats"]

_HEADS: Final = (0.01, 0.02, 0.05)  # shares of the consignments that a port might search
_CURVE: Final = np.linspace(0.0, 0.3, 61)  # shares of the consignments, in the picture
_TABLED: Final = 4  # every so many points of the curve are in the table
_COLOURS: Final = (PRIMARY, ACCENT, MUTED)


def average_precision(holds: Flags, score: Floats) -> float:
    """Of the ranking by a score; NaN where nothing is held."""
    return float(Ranking(holds, score).average_precision(np.ones((1, len(holds))))[0])


def ranking(consignments: Consignments) -> Exhibit:
    """The oracle and the legacy score beside a random order."""
    title, holds = "What a ranking reaches", consignments.y
    if not holds.any():
        return Exhibit(title, "No consignment carries a threat, so there is nothing to rank.")
    scores = {"oracle": consignments.p, "legacy score": consignments.legacy, "random order": np.zeros(len(holds))}
    reached = {name: _reached(holds, score) for name, score in scores.items()}
    first = {name: _precision(holds, score, _HEADS[0]) for name, score in scores.items()}
    return Exhibit(
        title=title,
        finding=(
            f"Of the {level(_HEADS[0])} of consignments that the oracle ranks highest, {first['oracle']} carry a "
            f"threat; of the legacy score’s, {first['legacy score']}; of all, {share(float(holds.mean()))}. The "
            f"oracle’s highest {level(_HEADS[-1])} hold "
            f"{share(float(np.interp(_HEADS[-1], _CURVE, reached['oracle'])))} of all threats."
        ),
        picture=Picture(
            "Share of all consignments with a threat that are met by searching in the order of each score.",
            lambda figure, narrow: _drawn(figure, reached, 2 if narrow else 3),
            3.2,
            3.2,
        ),
        tables=(_heads(holds, scores), _curve(reached)),
    )


def threats(consignments: Consignments) -> Exhibit:
    """Average precision of each threat by itself."""
    held = [place for place in range(1, len(THREATS)) if consignments.holds[:, place].any()]
    title = "Threat by threat"
    if not held:
        return Exhibit(title, "No consignment carries any threat.")
    value, rows = {}, []
    for place in held:
        holds, name = consignments.holds[:, place], label(THREATS[place])
        value[name] = average_precision(holds, consignments.chance[:, place])
        legacy = average_precision(holds, consignments.legacy)
        rows.append((name, count(holds.sum()), decimal(value[name]), decimal(legacy), decimal(float(holds.mean()), 4)))
    easy, hard = max(value, key=value.__getitem__), min(value, key=value.__getitem__)
    return Exhibit(
        title=title,
        finding=(
            f"Ranked by its own chance, {easy} can be told best (average precision {decimal(value[easy])}), {hard} "
            f"least ({decimal(value[hard])})."
            if len(value) > 1
            else f"{capital(easy)} alone occurs; its average precision is {decimal(value[easy])}."
        ),
        tables=(
            Table("Average precision by threat", ("threat", "aboard", "oracle", "legacy score", "random order"), rows),
        ),
    )


def _precision(holds: Flags, score: Floats, part: float) -> Rate:
    taken = selection(score, part)
    return rate_of(round(float((taken * holds).sum())), round(float(taken.sum())))


def _reached(holds: Flags, score: Floats) -> Floats:
    """float64[curve]: share of the threats among the highest; equal scores share their places evenly."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]) + 1, len(ranked))
    hits = np.cumsum(holds[order])[last - 1]
    return np.asarray(np.interp(_CURVE * len(ranked), np.append(0, last), np.append(0, hits)) / hits[-1])


def _drawn(figure: Figure, reached: dict[str, Floats], across: int) -> None:
    axes = figure.subplots()
    for (name, curve), colour, dashes in zip(reached.items(), _COLOURS, DASHES, strict=False):
        axes.plot(_CURVE, curve, color=colour, linestyle=dashes, label=name)
    axes.set(xlabel="consignments searched", xlim=(0, _CURVE[-1]), ylim=(0, 1.02), title="share of threats met")
    shares_axis(axes.xaxis)
    shares_axis(axes.yaxis)
    axes.grid(axis="y")
    figure.legend(loc="outside lower left", ncols=across)


def _heads(holds: Flags, scores: dict[str, Floats]) -> Table:
    rows = [
        (name, decimal(average_precision(holds, score)), *(str(_precision(holds, score, part)) for part in _HEADS))
        for name, score in scores.items()
    ]
    head = ("order", "average precision", *(f"highest {level(part)}" for part in _HEADS))
    return Table("Average precision, and share with a threat among those ranked highest", head, rows)


def _curve(reached: dict[str, Floats]) -> Table:
    rows = [
        (level(float(part)), *(share(float(curve[place])) for curve in reached.values()))
        for place, part in enumerate(_CURVE)
        if place % _TABLED == 0
    ]
    return Table("Share of threats met", ("consignments searched", *reached), rows)
