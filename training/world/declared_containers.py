"""Declared containers: a few declarations name another container than the one that comes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from training.world.consignments import SEA
from training.world.simulation import Arrivals

__all__ = ["declared_containers"]

_MISTYPED = 0.5  # share of wrong containers that are the right one with one digit off; others come by the same vessel
_DIGITS = range(4, 11)  # places of the digits in a container number, check digit included


def declared_containers(arrivals: Arrivals) -> tuple[dict[int, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Declared containers of every sea consignment, by row; the right ones of those declared wrongly, by document."""
    traffic = arrivals.traffic
    unit, units = traffic.consignments.unit.tolist(), traffic.consignments.units.tolist()
    by_sea = traffic.consignments.mode == SEA
    declared = {
        row: traffic.units.number[unit[row] : unit[row] + units[row]] for row in np.flatnonzero(by_sea).tolist()
    }
    call = traffic.boxes.call.tolist()
    aboard: dict[int, list[str]] = defaultdict(list)
    for each, number in zip(call, traffic.boxes.number, strict=True):
        aboard[each].append(number)
    picks = arrivals.draws.of("declared containers").random((len(unit), 3)).tolist()
    right: dict[str, tuple[str, ...]] = {}
    for row in np.flatnonzero(by_sea & arrivals.paperwork.container_other).tolist():
        own, (form, first, second) = declared[row], picks[row]
        others = [each for each in aboard[call[unit[row] - traffic.first_box]] if each not in own]
        mistyped = form < _MISTYPED or not others
        wrong = _one_digit_off(own[0], first, second) if mistyped else others[int(first * len(others))]
        declared[row] = (wrong, *own[1:])
        right[traffic.consignments.document[row]] = own
    return declared, right


def _one_digit_off(number: str, first: float, second: float) -> str:
    place = _DIGITS[int(first * len(_DIGITS))]
    digit = (int(number[place]) + 1 + int(second * 9)) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"
