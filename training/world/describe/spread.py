"""How the oracle’s chances are spread over the consignments, and over those with a threat."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import columns, panels, shares_axis
from training.world.describe.words import count, share
from training.world.parameters import Floats

__all__ = ["spread"]

_EDGES: Final = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_HIGH: Final = 0.5  # a chance above which a threat is likelier than none


def spread(consignments: Consignments) -> Exhibit:
    """How many consignments, and how much of the threat, lies at each height of the chance."""
    steps = len(_EDGES) - 1
    place = np.clip(np.searchsorted(_EDGES, consignments.p, side="right") - 1, 0, steps - 1)
    rows = np.bincount(place, minlength=steps)
    hits = np.bincount(place[consignments.y], minlength=steps)
    parts = {"share of consignments": rows / rows.sum(), "share of those with a threat": hits / max(hits.sum(), 1)}
    names = [f"{low * 100:g} to {high * 100:g} %" for low, high in pairwise(_EDGES)]
    high = consignments.p > _HIGH
    return Exhibit(
        title="How the chances are spread",
        finding=(
            f"The median chance of any threat is {share(float(np.median(consignments.p)))}, the mean "
            f"{share(float(consignments.p.mean()))}. {share(float(high.mean()))} of the consignments more likely than "
            f"not carry one; they hold {share(float(consignments.y[high].sum() / max(hits.sum(), 1)))} of all that do."
        ),
        picture=Picture(
            "Consignments by the oracle’s chance of any threat; the steps of the scale are not even.",
            lambda figure, _: _drawn(figure, parts),
            3.3,
            3.3,
        ),
        tables=(
            Table(
                "Consignments by the oracle’s chance of any threat",
                ("chance", "consignments", "share", "with a threat", "share of these"),
                [
                    (name, count(one), share(of_all), count(two), share(of_these))
                    for name, one, of_all, of_these, two in zip(names, rows, *parts.values(), hits, strict=True)
                ],
            ),
        ),
    )


def _drawn(figure: Figure, parts: dict[str, Floats]) -> None:
    axes = panels(figure, len(parts), 1, sharex=True)
    for one, (title, values) in zip(axes, parts.items(), strict=True):
        columns(one, np.arange(len(values)), values)
        one.set(title=title, ylim=(0, None))
        shares_axis(one.yaxis)
    axes[-1].set_xticks(np.arange(len(_EDGES)) - 0.5, [f"{edge * 100:g}" for edge in _EDGES])
    axes[-1].set_xlabel("chance (%)")
