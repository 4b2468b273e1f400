"""The oracle: what could be known at best, and how well it and the legacy policy rank."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.labels import THREATS
from training.metrics import Ranking, selection
from training.world.describe.calibration import calibration, distribution
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.marks import shares_axis
from training.world.describe.palette import ACCENT, MUTED, PRIMARY
from training.world.describe.rates import Rate, rate, rate_of
from training.world.describe.sources import Source
from training.world.describe.words import decimal, label, level, share
from training.world.parameters import Flags, Floats

__all__ = ["oracle"]

_SHARES: Final = (0.01, 0.02, 0.05)  # of consignments, as many as a port might search
_CURVE: Final = np.linspace(0.0, 0.3, 61)  # of consignments, in the picture of what is reached


def oracle(source: Source) -> Section:
    """The section on what could be known."""
    consignments = source.consignments
    best = _average_precision(consignments.y, consignments.p)
    base = rate(consignments.y)
    return Section(
        anchor="oracle",
        title="The oracle",
        introduction=(
            "The oracle is the chance from which the world drew what is aboard: all that could be known before "
            "looking. No honest model ranks better; one that does has seen the answer."
        ),
        exhibits=(
            distribution(consignments),
            calibration(consignments),
            _ranking(consignments),
            _by_threat(consignments),
        ),
        point=(
            f"The oracle’s average precision is {decimal(best)}, against {decimal(base.value)} for a random order and "
            f"{decimal(_average_precision(consignments.y, consignments.legacy))} for the legacy score."
            if base.hits
            else "No consignment carries a threat, so there is nothing to rank."
        ),
    )


def _average_precision(holds: Flags, score: Floats) -> float:
    return float(Ranking(holds, score).average_precision(np.ones((1, len(holds))))[0])


def _precision(holds: Flags, score: Floats, part: float) -> Rate:
    taken = selection(score, part)
    return rate_of(round(float((taken * holds).sum())), round(float(taken.sum())))


def _ranking(consignments: Consignments) -> Exhibit:
    title = "What a ranking reaches"
    holds = consignments.y
    if not holds.any():
        return Exhibit(title, "No consignment carries a threat, so there is nothing to rank.")
    base = rate(holds)
    scores = {"oracle": consignments.p, "legacy score": consignments.legacy}
    rows = [
        (name, decimal(_average_precision(holds, score)), *(str(_precision(holds, score, part)) for part in _SHARES))
        for name, score in scores.items()
    ]
    rows.append(("random order", decimal(base.value), *(share(base.value) for _ in _SHARES)))
    first = _SHARES[0]
    reached = {name: _reached(holds, score) for name, score in scores.items()}

    def drawn(figure: Figure, _: bool) -> None:
        axes = figure.subplots()
        styles = {"oracle": (PRIMARY, "-"), "legacy score": (ACCENT, (0, (5, 2)))}
        for name, curve in reached.items():
            axes.plot(_CURVE, curve, color=styles[name][0], linestyle=styles[name][1], label=name)
        axes.plot(_CURVE, _CURVE, color=MUTED, linestyle=(0, (1.5, 1.5)), label="random order")
        axes.set(xlabel="consignments searched", xlim=(0, _CURVE[-1]), ylim=(0, 1.02))
        axes.set_title("share of all threats reached")
        shares_axis(axes.xaxis)
        shares_axis(axes.yaxis)
        axes.grid(axis="y")
        axes.legend(loc="upper left")

    return Exhibit(
        title=title,
        finding=(
            f"Of the {level(first)} of consignments that the oracle ranks highest, "
            f"{_precision(holds, consignments.p, first)} carry a threat; of the legacy score’s, "
            f"{_precision(holds, consignments.legacy, first)}; of all, {share(base.value)}."
        ),
        picture=Picture(
            "Share of all consignments with a threat that are reached by searching in the order of each score.",
            drawn,
            3.1,
            3.0,
        ),
        tables=(
            Table(
                "Average precision, and share with a threat among those ranked highest (95 % interval)",
                ("order", "average precision", *(f"highest {level(part)}" for part in _SHARES)),
                rows,
            ),
            Table(
                "Share of threats reached",
                ("consignments searched", *reached, "random order"),
                [
                    (share(part), *(share(float(curve[place])) for curve in reached.values()), share(part))
                    for place, part in enumerate(_CURVE.tolist())
                    if place % 4 == 0
                ],
            ),
        ),
    )


def _reached(holds: Flags, score: Floats) -> Floats:
    """float64[curve]: share of the threats among the highest; equal scores share their places evenly."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]) + 1, len(ranked))
    hits = np.cumsum(holds[order])[last - 1]
    return np.asarray(np.interp(_CURVE * len(ranked), np.append(0, last), np.append(0, hits)) / hits[-1])


def _by_threat(consignments: Consignments) -> Exhibit:
    held = [place for place in range(1, len(THREATS)) if consignments.holds[:, place].any()]
    title = "Threat by threat"
    if not held:
        return Exhibit(title, "No consignment carries any threat.")
    rows, value = [], {}
    for place in held:
        holds, name = consignments.holds[:, place], label(THREATS[place])
        value[name] = _average_precision(holds, consignments.chance[:, place])
        legacy = _average_precision(holds, consignments.legacy)
        rows.append((name, f"{int(holds.sum()):,}", decimal(value[name]), decimal(legacy), f"{holds.mean():.4f}"))
    easy, hard = max(value, key=value.__getitem__), min(value, key=value.__getitem__)
    return Exhibit(
        title=title,
        finding=(
            f"Ranked by its own chance, {easy} can be told best (average precision {decimal(value[easy])}) and {hard} "
            f"least ({decimal(value[hard])})."
            if len(value) > 1
            else f"Only {easy} occurs; its average precision is {decimal(value[easy])}."
        ),
        tables=(
            Table(
                "Average precision by threat",
                ("threat", "aboard", "oracle", "legacy score", "random order"),
                rows,
            ),
        ),
    )
