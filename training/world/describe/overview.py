"""What this world is: its parameters, its digest, and what becomes of consignments in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from matplotlib.figure import Figure

from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.marks import lengths, panels
from training.world.describe.rates import Rate, rate
from training.world.describe.sources import Source
from training.world.describe.words import count, several, share, spoken_day

__all__ = ["overview"]

_STAGES: Final = ("arrived", "selected", "examined", "with a find")
_MEANINGS: Final = {
    "seed": "Root of every random draw: the same seed makes the same world",
    "days": "Days with arrivals",
    "consignments": "Consignments, empty movements included",
    "prevalence": "Share of consignments that carry any threat, asked for",
    "examined_share": "Share of consignments examined, asked for",
    "random_stratum": "Chance of every unit to be drawn at random",
    "regime": "How the threat changes over the run",
    "faults": "How much goes wrong between what is so and what arrives",
    "start": "First day with arrivals (UTC)",
}


def overview(source: Source) -> Section:
    """The first section."""
    parameters, all_ = source.parameters, source.consignments
    last = parameters.start + timedelta(days=parameters.days - 1)
    return Section(
        anchor="world",
        title="What this world is",
        introduction=(
            "No real seizure data can be public. This world was simulated so that methods can be measured against a "
            "known truth: every person, company, vehicle, vessel and seizure in it is invented. It speaks of no real "
            "trader, route or country."
        ),
        exhibits=(_made_from(source), _course(source)),
        point=(
            f"The world holds {several(len(all_), 'consignment')} that arrive from {spoken_day(parameters.start)} to "
            f"{spoken_day(last)}, told by {several(len(source.messages), 'message')}."
        ),
    )


def _made_from(source: Source) -> Exhibit:
    parameters, held = source.parameters, len(source.consignments)
    agree = "as many as" if held == parameters.consignments else f"not the {count(parameters.consignments)} that"
    rows = [(_MEANINGS.get(name, name), _value(value)) for name, value in parameters.as_mapping().items()]
    rows += [("Digest of the world’s files (SHA-256)", source.digest)]
    rows += [("Digest of the sources that made it (SHA-256)", source.generator)] if source.generator else []
    return Exhibit(
        title="How it was made",
        finding=(
            f"The world was made from seed {parameters.seed}, with the regime “{parameters.regime}” and faults "
            f"“{parameters.faults}”. Its truth lists {several(held, 'consignment')}, {agree} were asked for."
        ),
        tables=(Table("Parameters and digests", ("parameter", "value"), rows),),
    )


def _value(value: int | float | str) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _course(source: Source) -> Exhibit:
    all_ = source.consignments
    found = all_.found[:, 0]
    stages = [[rate(all_.selected), rate(all_.examined), rate(found)]]
    stages += [[rate(each, all_.y) for each in (all_.selected, all_.examined, found)]]
    every, carrying = (
        [_whole(int(rows)), *given] for rows, given in zip((len(all_), all_.y.sum()), stages, strict=True)
    )

    def drawn(figure: Figure, narrow: bool) -> None:
        axes = panels(figure, 2, 1 if narrow else 2)
        heads = ("of all consignments", "of those with a threat aboard")
        for one, head, given in zip(axes, heads, (every, carrying), strict=True):
            values = [each.value if each.rows else 0.0 for each in given]
            lengths(one, _STAGES, values, [share(each.value) for each in given], narrow=narrow)
            one.set_title(head)

    missed = int(all_.y.sum()) - carrying[-1].hits
    rows = [
        (stage, count(one.hits), share(one.value), count(two.hits), share(two.value))
        for stage, one, two in zip(_STAGES, every, carrying, strict=True)
    ]
    head = ("stage", "consignments", "share", "with a threat aboard", "share of these")
    return Exhibit(
        title="From arrival to find",
        finding=(
            f"Of {several(int(all_.y.sum()), 'consignment')} with a threat aboard, {count(carrying[2].hits)} were "
            f"examined and {count(carrying[3].hits)} found; {count(missed)} passed. Nobody in the world learns of "
            "these: only the truth file does."
            if all_.y.any()
            else "No consignment carries a threat, so nothing could be found."
        ),
        picture=Picture("How many consignments reach each stage, as shares.", drawn, 1.9, 3.3),
        tables=(Table("Consignments by stage", head, rows),),
    )


def _whole(rows: int) -> Rate:
    return Rate(rows, rows, 1.0 if rows else float("nan"), 1.0, 1.0)
