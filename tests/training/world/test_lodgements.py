"""Lodgements: what is declared together, and the numbers that it gets."""

from __future__ import annotations

from collections import Counter

import numpy as np

from aftc.clock import MINUTE
from training.world.consignments import PARCEL
from training.world.lodgements import lodgements
from training.world.simulation import Week


def test_everything_is_declared_once(small_weeks: list[Week]) -> None:
    """Each consignment with a document is in one declaration, no empty movement in any; numbers never repeat."""
    mrns, lrns = set[str](), set[str]()
    count = 0
    for week in small_weeks:
        lodged = lodgements(week.arrivals)
        rows = sorted(row for each in lodged for row in each.rows)
        documents = week.arrivals.traffic.consignments.document
        assert rows == [row for row, document in enumerate(documents) if document]
        mrns |= {each.mrn for each in lodged}
        lrns |= {each.lrn for each in lodged}
        count += len(lodged)
    assert len(mrns) == len(lrns) == count


def test_what_is_declared_together_is_aboard_one_unit(small_weeks: list[Week]) -> None:
    """Half of the shared units are declared in one message, a third of the devices with parcels several at a time."""
    together: Counter[bool] = Counter()
    for week in small_weeks:
        consignments = week.arrivals.traffic.consignments
        aboard = Counter(consignments.unit.tolist())
        for each in lodgements(week.arrivals):
            assert len({int(consignments.unit[row]) for row in each.rows}) == 1
            unit, parcel = int(consignments.unit[each.rows[0]]), consignments.mode[each.rows[0]] == PARCEL
            assert len(each.rows) <= (10 if parcel else aboard[unit])
            if aboard[unit] > 1 and not parcel:
                together[len(each.rows) > 1] += len(each.rows)
    assert 0.4 < together[True] / together.total() < 0.6


def test_registration_takes_minutes(small_weeks: list[Week]) -> None:
    """One to fifteen minutes after the declaration, half of them three minutes or less; whole minutes."""
    waits = np.array(
        [
            each.registered - int(week.arrivals.paperwork.declared[each.rows[0]])
            for week in small_weeks
            for each in lodgements(week.arrivals)
        ]
    )
    assert (waits % MINUTE == 0).all()
    assert waits.min() == MINUTE
    assert waits.max() <= 15 * MINUTE
    assert 2 * MINUTE <= np.median(waits) <= 3 * MINUTE
