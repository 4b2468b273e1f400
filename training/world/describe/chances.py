"""The recorded chances of selection: how they are spread, and whether as many fired as they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.consignments import REASONS, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import columns, panels
from training.world.describe.words import capital, count, label, listed, several, share, signed
from training.world.parameters import Floats

__all__ = ["chances", "gap"]

_BINS: Final = np.linspace(0.0, 1.0, 21)
_FAR: Final = 3.0  # standard deviations that chance exceeds in one case of 370
_TITLE: Final = "Recorded chances"


@dataclass(frozen=True, slots=True)
class Gap:
    """Between how many there should be by their chances, and how many there are.

    Attributes:
        deviations: The difference in standard deviations; 0 where the chances leave no doubt.
    """

    expected: float
    happened: int
    deviations: float

    @property
    def far(self) -> bool:
        """Whether chance alone would hardly explain it."""
        return abs(self.deviations) > _FAR


def gap(chance: Floats, happened: int) -> Gap:
    """The gap of independent events: their chances, and how many happened."""
    spread = float(np.sqrt((chance * (1 - chance)).sum()))
    expected = float(chance.sum())
    return Gap(expected, happened, (happened - expected) / spread if spread else 0.0)


def chances(consignments: Consignments) -> Exhibit:
    """Each reason's chances over the units, and how many it selected."""
    first = np.unique(consignments.unit, return_index=True)[1]
    chance, fired = consignments.reason[first], consignments.fired[first]
    active = [place for place in range(len(REASONS)) if chance[:, place].any() or fired[:, place].any()]
    if not active:
        return Exhibit(_TITLE, "No reason has a chance of selection in this world.")
    gaps = {place: gap(chance[:, place], int(fired[:, place].sum())) for place in active}
    far = [label(REASONS[place]) for place, each in gaps.items() if each.far]
    height = 0.5 + 1.5 * -(-len(active) // 2)
    return Exhibit(
        title=_TITLE,
        finding=(
            f"{capital(several(len(active), 'reason selects', 'reasons select'))} among {several(len(first), 'unit')}. "
            + (
                f"For {listed(far)}, the number that fired differs from the sum of the chances by more than chance "
                "explains."
                if far
                else "For each, the number that fired agrees with the sum of the chances."
            )
        ),
        picture=Picture(
            "Units by their chance of selection, for each reason; the upright scale is logarithmic.",
            lambda figure, _: _drawn(figure, active, chance),
            height,
            height,
        ),
        tables=(_table(active, chance, gaps),),
    )


def _drawn(figure: Figure, active: list[int], chance: Floats) -> None:
    for axes, place in zip(panels(figure, len(active), 2, sharex=True, sharey=True), active, strict=True):
        heights = np.histogram(np.clip(chance[:, place], 0, 1), _BINS)[0]
        columns(axes, (_BINS[1:] + _BINS[:-1]) / 2, heights, width=0.046)
        axes.set_title(label(REASONS[place]))
        axes.set_yscale("symlog", linthresh=1)
        axes.yaxis.set_major_formatter(lambda value, _: count(value))
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    figure.supxlabel("chance of selection", fontsize=9)
    figure.supylabel("units", fontsize=9)


def _table(active: list[int], chance: Floats, gaps: dict[int, Gap]) -> Table:
    rows = [
        (
            label(REASONS[place]),
            share(float(chance[:, place].mean())),
            f"{share(float(chance[:, place].min()))} to {share(float(chance[:, place].max()))}",
            count(gaps[place].expected),
            count(gaps[place].happened),
            signed(gaps[place].deviations),
        )
        for place in active
    ]
    head = ("reason", "mean chance", "least to most", "sum of chances", "fired", "gap in standard deviations")
    return Table("Chances of selection by reason, of units", head, rows)
