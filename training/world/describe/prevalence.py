"""Rates: how often a threat is aboard, by mode, threat, route, method, and by origin and goods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from training.labels import THREATS
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Section
from training.world.describe.goods import goods
from training.world.describe.places import route_name
from training.world.describe.rate_exhibits import rate_picture, rate_table
from training.world.describe.rates import Rate, apart, rate, rate_of, rates
from training.world.describe.sources import Source
from training.world.describe.words import capital, label, level, listed, several, share

__all__ = ["prevalence"]

_FEWEST: Final = 30  # consignments of a route below which its rate says nothing
_MOST_DRAWN: Final = 24  # routes in the picture; the table has all
_CHANCE: Final = 0.05  # share of 95 % intervals that miss by chance


def prevalence(source: Source) -> Section:
    """The section on the true rates."""
    consignments = source.consignments
    overall = rate(consignments.y)
    asked = source.parameters.prevalence
    agrees = "which the interval covers" if not overall.differs(asked) else "which lies outside the interval"
    return Section(
        anchor="rates",
        title="True rates",
        introduction=(
            "How often a threat is aboard: the truth about every consignment, examined or not. No service could know "
            "these figures; they are the yardstick for what it estimates."
        ),
        exhibits=(
            _by_mode(consignments, overall),
            _by_threat(consignments),
            _by_route(consignments, overall),
            _by_method(consignments),
            goods(consignments),
        ),
        point=f"The true rate of any threat is {overall}; {level(asked)} was asked for, {agrees}.",
    )


def _by_mode(consignments: Consignments, overall: Rate) -> Exhibit:
    given = rates(consignments.y, consignments.mode)
    names = [label(name) for name in consignments.mode.names]
    most, least = _extremes(given)
    return Exhibit(
        title="By mode",
        finding=(
            f"{capital(names[most])} has the highest rate, {given[most]}; {names[least]} the lowest, {given[least]}; "
            f"{apart(given[most], given[least])}."
            if len(names) > 1 and overall.hits
            else f"{capital(listed(names))}: {overall}."
        ),
        picture=rate_picture(names, given, overall),
        tables=(rate_table("Consignments with a threat aboard, by mode", "mode", names, given),),
    )


def _by_threat(consignments: Consignments) -> Exhibit:
    given = [rate(column) for column in consignments.holds.T[1:]]
    names = [label(name) for name in THREATS[1:]]
    order = sorted(range(len(names)), key=lambda one: -given[one].value)
    names, given = [names[one] for one in order], [given[one] for one in order]
    both = int((consignments.holds[:, 1:].sum(axis=1) > 1).sum())
    return Exhibit(
        title="By threat",
        finding=(
            f"{capital(names[0])} is the most frequent threat: {given[0]} of all consignments. "
            f"{capital(several(both, 'consignment carries', 'consignments carry'))} more than one threat."
            if consignments.y.any()
            else "No consignment carries any threat."
        ),
        picture=rate_picture(names, given),
        tables=(rate_table("Consignments with a threat aboard, by threat", "threat", names, given),),
    )


def _by_route(consignments: Consignments, overall: Rate) -> Exhibit:
    routes, title = consignments.route, "By route"
    given = dict(zip(routes.names, rates(consignments.y, routes), strict=True))
    ranked = sorted((name for name in given if name), key=lambda name: (-given[name].rows, name))
    judged = [name for name in ranked if given[name].rows >= _FEWEST]
    if not judged:
        return Exhibit(title, f"No route has {_FEWEST} consignments, so no rate of a route is worth a judgement.")
    differing = sum(given[name].differs(overall.value) for name in judged)
    drawn = sorted(judged[:_MOST_DRAWN], key=lambda name: (-given[name].value, name))
    rest = [given[name] for name in ranked if name not in judged]
    others = rate_of(sum(each.hits for each in rest), sum(each.rows for each in rest))
    note = f"Shown are the {len(drawn)} busiest of {len(judged)} routes." if len(drawn) < len(judged) else ""
    return Exhibit(
        title=title,
        finding=(
            f"Routes with {_FEWEST} consignments or more whose interval excludes the rate of all: {differing} of "
            f"{len(judged)}; were all routes alike, about {_CHANCE * len(judged):.1f} would by chance."
        ),
        picture=rate_picture([route_name(name) for name in drawn], [given[name] for name in drawn], overall, note),
        tables=(
            rate_table(
                "Consignments with a threat aboard, by route, the busiest first",
                "route",
                [*(route_name(name) for name in judged), f"{len(rest)} routes with fewer than {_FEWEST}"],
                [*(given[name] for name in judged), others],
            ),
        ),
    )


def _by_method(consignments: Consignments) -> Exhibit:
    methods = consignments.method
    named = methods.named()
    if not named:
        return Exhibit("By method", "No consignment belongs to a scheme, so there are no methods to compare.")
    given = rates(consignments.y, methods)
    order = sorted(named, key=lambda each: (-given[each[0]].rows, each[1]))
    names, shown = [label(name) for _, name in order], [given[place] for place, _ in order]
    beside = rate(consignments.y, ~methods.known())
    most = int(np.argmax([each.rows for each in shown]))
    total = sum(each.rows for each in shown)
    return Exhibit(
        title="By method of the scheme",
        finding=(
            f"{capital(several(total, 'consignment belongs', 'consignments belong'))} to a scheme, most of them "
            f"({share(shown[most].rows / total)}) “{names[most]}”. A scheme’s consignment does not always carry the "
            f"goods: the rates go from {share(min(each.value for each in shown))} to "
            f"{share(max(each.value for each in shown))}. Without a scheme the rate is {share(beside.value)}."
        ),
        picture=rate_picture(names, shown),
        tables=(
            rate_table(
                "Consignments with a threat aboard, by method", "method", [*names, "no scheme"], [*shown, beside]
            ),
        ),
    )


def _extremes(given: Sequence[Rate]) -> tuple[int, int]:
    values = [each.value for each in given]
    return int(np.nanargmax(values)), int(np.nanargmin(values))
