"""Selection bias: how the selected differ from all, and what each way of estimating makes of it."""

from __future__ import annotations

from typing import Final

from training.world.describe.consignments import ANY, REASONS, Consignments
from training.world.describe.exhibits import Exhibit
from training.world.describe.rate_exhibits import rate_picture, rate_table
from training.world.describe.rates import Rate, clustered_rate, rate, rate_of, weighted_rate
from training.world.describe.words import share
from training.world.parameters import Flags

__all__ = ["estimates", "groups"]

_RANDOM: Final = REASONS.index("random")
_NAMES: Final = {
    "rule": "selected by rule",
    "selector": "selected by selector",
    "intelligence": "selected by intelligence",
    "random": "selected at random",
}


def groups(consignments: Consignments) -> Exhibit:
    """The true rate of those that each reason selected."""
    every = rate(consignments.y)
    parts: list[tuple[str, Flags]] = [
        (_NAMES[name], consignments.fired[:, place]) for place, name in enumerate(REASONS)
    ]
    parts += [("selected by any reason", consignments.selected), ("examined", consignments.examined)]
    parts += [("never examined", ~consignments.examined)]
    shown = [(name, clustered_rate(consignments.y, rows, consignments.unit)) for name, rows in parts if rows.any()]
    names, given = ["all consignments", *(name for name, _ in shown)], [every, *(each for _, each in shown)]
    by_name = dict(shown)
    random, examined = by_name.get(_NAMES["random"], rate_of(0, 0)), by_name.get("examined", rate_of(0, 0))
    return Exhibit(
        title="True rate of the selected",
        finding=" ".join(part for part in (_bias(every, examined), _draw(every, random)) if part),
        picture=rate_picture(names, given, every),
        tables=(rate_table("Consignments with a threat aboard, by how they were selected", "group", names, given),),
    )


def _bias(every: Rate, examined: Rate) -> str:
    if not examined.rows:
        return "Nothing was examined."
    if not every.value:
        return "No consignment carries a threat, so no group can differ."
    factor = f"{examined.value / every.value:.2g} times that of all consignments"
    verdict = (
        "what was examined is not like what arrives" if examined.differs(every.value) else "within what chance explains"
    )
    return f"Among the examined the rate is {examined}, {factor}: {verdict}."


def _draw(every: Rate, random: Rate) -> str:
    if not random.rows:
        return "No unit was drawn at random, so nothing here is a fair sample."
    verdict = "does not cover" if random.differs(every.value) else "covers"
    return f"The random draw has {random}; its interval {verdict} the rate of all."


def estimates(consignments: Consignments) -> Exhibit:
    """The rate as it would be estimated from examined finds, beside the truth."""
    title = "Estimating the rate from what was examined"
    rows = consignments.examined & (consignments.combined > 0)
    if not rows.any():
        return Exhibit(title, "Nothing was examined with a recorded chance, so the rate cannot be estimated.")
    found, chance, unit = consignments.found[:, ANY], consignments.combined[rows], consignments.unit[rows]
    drawn = consignments.examined & consignments.fired[:, _RANDOM]
    truth = rate(consignments.y)
    given = {
        "finds, as they are": clustered_rate(found, consignments.examined, consignments.unit),
        "finds, weighted": weighted_rate(found[rows], chance, unit),
        "finds, random draw only": clustered_rate(found, drawn, consignments.unit),
        "aboard, weighted": weighted_rate(consignments.y[rows], chance, unit),
        "truth, all consignments": truth,
    }
    names = [name for name, each in given.items() if each.rows]
    naive, weighted, aboard = (given[name] for name in ("finds, as they are", "finds, weighted", "aboard, weighted"))
    covers = "does not cover" if aboard.differs(truth.value) else "covers"
    return Exhibit(
        title=title,
        finding=(
            f"The truth is {share(truth.value)}. Finds divided by examinations give {naive}; weighted by the inverse "
            f"of the chance of selection, they give {weighted}. What is still missing are the threats that "
            f"examinations did not find: with these counted, the weighted estimate is {aboard}, and its interval "
            f"{covers} the truth."
        ),
        picture=rate_picture(
            names,
            [given[name] for name in names],
            truth,
            "“Weighted” gives each examined consignment the inverse of its chance of selection.",
        ),
        tables=(rate_table("Estimates of the rate of any threat", "estimate", names, [given[name] for name in names]),),
    )
