"""The oracle: what could be known at best, and how well it and the legacy policy rank."""

from __future__ import annotations

from training.world.describe.calibration import calibration
from training.world.describe.exhibits import Section
from training.world.describe.ranking import average_precision, ranking, threats
from training.world.describe.sources import Source
from training.world.describe.spread import spread
from training.world.describe.words import decimal

__all__ = ["oracle"]


def oracle(source: Source) -> Section:
    """The section on what could be known."""
    consignments = source.consignments
    best, legacy = (average_precision(consignments.y, score) for score in (consignments.p, consignments.legacy))
    return Section(
        anchor="oracle",
        title="The oracle",
        introduction=(
            "The oracle is the chance from which the world drew what is aboard: all that could be known before "
            "looking. No honest model ranks better, but by luck; one that does has seen the answer."
        ),
        exhibits=(spread(consignments), calibration(consignments), ranking(consignments), threats(consignments)),
        point=(
            f"The oracle’s average precision is {decimal(best)}, against {decimal(float(consignments.y.mean()))} for a "
            f"random order and {decimal(legacy)} for the legacy score."
            if consignments.y.any()
            else "No consignment carries a threat, so there is nothing to rank."
        ),
    )
