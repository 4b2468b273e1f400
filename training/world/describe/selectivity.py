"""Selection: with which chances units were chosen, how much was examined, what became of the selected."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.bias import estimates, groups
from training.world.describe.chances import chances
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.marks import heights, lengths
from training.world.describe.rate_exhibits import rate_picture, rate_table
from training.world.describe.rates import Rate, clustered_rate, rate, rates
from training.world.describe.sources import Source
from training.world.describe.words import capital, count, label, level, several, share

__all__ = ["selectivity"]


def selectivity(source: Source) -> Section:
    """The section on how examinations were chosen."""
    consignments = source.consignments
    examined = rate(consignments.examined)
    return Section(
        anchor="selection",
        title="Selection and its bias",
        introduction=(
            "Who is examined is a choice, so what is found is no sample of what arrives. Each reason’s chance of "
            "selection is recorded for every unit before the draw, fired or not; with it, the choice can be undone in "
            "the estimate."
        ),
        exhibits=(
            chances(consignments),
            _examined(consignments, examined),
            _outcomes(consignments),
            groups(consignments),
            estimates(consignments),
        ),
        point=(
            f"{share(examined.value)} of the consignments were examined ({level(source.parameters.examined_share)} was "
            "asked for); the true rate among them is "
            f"{clustered_rate(consignments.y, consignments.examined, consignments.unit)}."
            if examined.hits
            else "No consignment was examined."
        ),
    )


def _examined(consignments: Consignments, examined: Rate) -> Exhibit:
    given = rates(consignments.examined, consignments.mode)
    names = [label(name) for name in consignments.mode.names]
    most = max(range(len(names)), key=lambda place: given[place].value)
    return Exhibit(
        title="How much is examined",
        finding=(
            f"{capital(several(examined.hits, 'consignment was', 'consignments were'))} examined, "
            f"{share(examined.value)} of all; most of {names[most]}, {given[most]}."
            if examined.hits
            else "No consignment was examined."
        ),
        picture=rate_picture(names, given, examined),
        tables=(rate_table("Consignments examined, by mode", "mode", names, given, hits="examined"),),
    )


def _outcomes(consignments: Consignments) -> Exhibit:
    kinds, counts = consignments.outcome, consignments.outcome.counts()
    order = sorted(kinds.named(), key=lambda each: (-counts[each[0]], each[1]))
    if not order:
        return Exhibit("What became of the selected", "Nothing was selected, so there are no outcomes.")
    names, values = [label(name) for _, name in order], [int(counts[place]) for place, _ in order]
    total = sum(values)
    examined = int((consignments.examined & kinds.known()).sum())

    def drawn(figure: Figure, narrow: bool) -> None:
        spoken = [f"{count(one)}  ({share(one / total)})" for one in values]
        lengths(figure.subplots(), names, values, spoken, narrow=narrow)

    return Exhibit(
        title="What became of the selected",
        finding=(
            f"{capital(several(total, 'consignment was', 'consignments were'))} aboard selected units. "
            f"{share(examined / total)} of them were examined; only these carry a label, positive or negative. The "
            f"most frequent outcome is “{names[0]}” ({share(values[0] / total)})."
        ),
        picture=Picture("Consignments by the outcome finally recorded for their unit.", drawn, *heights(names, 0.4)),
        tables=(_by_mode(consignments, [place for place, _ in order], names),),
    )


def _by_mode(consignments: Consignments, places: list[int], names: list[str]) -> Table:
    modes = consignments.mode
    grid = np.array([modes.counts(consignments.outcome.place == place) for place in places])
    rows = [
        (name, *(count(one) for one in line), count(line.sum()), share(line.sum() / grid.sum()))
        for name, line in zip(names, grid, strict=True)
    ]
    head = ("outcome", *(label(name) for name in modes.names), "all", "share")
    return Table("Consignments by outcome and mode", head, rows)
