"""Outcomes: reasons with their chances, finds by threat and way in, corrections."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from aftc.records import Examination, OutcomeKind, UnitKind
from training.world.consignments import PARCEL
from training.world.dispatch import Dispatch
from training.world.selection import REASONS
from training.world.simulation import Week

_HEAVIEST_PARCEL_G = 30_000


@pytest.fixture(scope="module")
def outcomes(dispatches: list[Dispatch]) -> list[Examination]:
    """All outcomes, in the order in which they come."""
    ordered = sorted(dispatches, key=lambda each: each.received)
    return [each.record for each in ordered if isinstance(each.record, Examination)]


def test_reasons_are_those_in_use(outcomes: list[Examination]) -> None:
    """Every outcome gives the chance of every reason in use, one of which fired, and their combination."""
    for outcome in outcomes:
        reasons = outcome.selection.reasons
        assert tuple(each.reason for each in reasons) == REASONS[:4]
        assert any(each.fired for each in reasons)
        combined = 1 - np.prod([1 - each.probability for each in reasons])
        assert outcome.selection.combined == pytest.approx(combined, abs=1e-8)


def test_corrections_replace_what_was_wrong(small_weeks: list[Week], outcomes: list[Examination]) -> None:
    """A correction is a second revision with the other result; the last revision is what was found."""
    revisions: dict[str, list[Examination]] = defaultdict(list)
    for outcome in outcomes:
        revisions[outcome.examination_id].append(outcome)
    corrected = [each for each in revisions.values() if len(each) > 1]
    assert len(corrected) == sum(week.examinations.corrected.sum() for week in small_weeks) > 0
    assert all({each.outcome for each in pair} == {OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE} for pair in corrected)
    last = [max(each, key=lambda record: record.revision) for each in revisions.values()]
    positive = sum((week.examinations.kind == 0).sum() for week in small_weeks)
    assert sum(each.outcome is OutcomeKind.POSITIVE for each in last) == positive


def test_devices_are_examined_too(outcomes: list[Examination]) -> None:
    """Units of all four kinds that move are examined; those that come by air nearly always name what is aboard."""
    assert {each.unit.kind for each in outcomes} == set(UnitKind) - {UnitKind.CONSIGNMENT}
    by_air = [bool(each.consignments) for each in outcomes if each.unit.kind is UnitKind.ULD]
    assert np.mean(by_air) > 0.9


def test_finds_fit_in_their_consignment(small_weeks: list[Week], outcomes: list[Examination]) -> None:
    """What is found says what, where and how much: never more than the goods weigh, no parcel above 30 kg."""
    mass, mode = {}, {}
    for week in small_weeks:
        traffic = week.arrivals.traffic
        for row, weight in enumerate(traffic.consignments.mass.tolist()):
            for reference in {traffic.reference(row), traffic.consignments.ucr[row]}:
                mass[reference], mode[reference] = weight, traffic.consignments.mode[row]
    finds = [(find, find.quantity_g) for each in outcomes for find in each.finds if find.quantity_g is not None]
    assert len(finds) > 10
    for find, quantity in finds:
        assert find.substance
        assert find.concealment
        if find.consignment and mass[find.consignment]:
            assert 0 < quantity <= mass[find.consignment]
            assert quantity < _HEAVIEST_PARCEL_G or mode[find.consignment] != PARCEL
