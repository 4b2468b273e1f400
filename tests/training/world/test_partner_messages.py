"""Detections and selectors of a world: directed ones after selection, portals blind, selectors modestly informative."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.records import (
    ConditionKind,
    Detection,
    DetectionCause,
    DetectionResult,
    Examination,
    Selector,
)
from training.world.cast import Cast, make_cast
from training.world.detection_messages import routine_dispatches
from training.world.dispatch import Dispatch
from training.world.parameters import WorldParameters
from training.world.selector_messages import selector_dispatches
from training.world.simulation import Week, weeks


def _detections(dispatches: list[Dispatch], cause: DetectionCause) -> list[Detection]:
    records = [each.record for each in dispatches]
    return [each for each in records if isinstance(each, Detection) and each.cause is cause]


def test_a_directed_detection_names_the_examination_of_its_unit(dispatches: list[Dispatch]) -> None:
    """It is of the unit that was searched, after the selection was issued and the unit had arrived."""
    examinations = {
        each.record.examination_id: each.record for each in dispatches if isinstance(each.record, Examination)
    }
    directed = _detections(dispatches, DetectionCause.DIRECTED)
    assert len(directed) > 100
    for each in directed:
        examination = examinations[each.selection or ""]
        assert each.unit == examination.unit
        assert each.detected_at > max(examination.selection.issued_at, examination.arrival or 0)


def test_what_is_found_is_mostly_seen(dispatches: list[Dispatch]) -> None:
    """Of what is found in the end four in five are seen in the first detection, of the rest fewer than one in six."""
    positive = {
        each.record.examination_id
        for each in dispatches
        if isinstance(each.record, Examination) and each.record.finds and each.record.finds[0].substance
    }
    directed = _detections(dispatches, DetectionCause.DIRECTED)
    seen = {True: [0, 0], False: [0, 0]}
    for each in directed:
        seen[each.selection in positive][each.result is not DetectionResult.NO_ANOMALY] += 1
    assert seen[True][1] / sum(seen[True]) > 0.5
    assert seen[False][1] / sum(seen[False]) < 1 / 6


def test_portals_stand_in_the_way_of_some(small_cast: Cast, small_weeks: list[Week]) -> None:
    """About 15 in a hundred units by ferry and sea, nobody's selection, and alarms among few of them."""
    made = [each.record for week in small_weeks for each in routine_dispatches(small_cast, week.arrivals)]
    records = [each for each in made if isinstance(each, Detection)]
    units = sum(week.arrivals.traffic.first_uld for week in small_weeks)
    assert 0.1 < len(records) / units < 0.2
    assert {each.selection for each in records} == {None}
    assert 0 < np.mean([each.result is DetectionResult.ALARM for each in records]) < 0.05


@pytest.fixture(scope="module")
def usual() -> tuple[list[Week], list[Selector]]:
    """A world of the usual prevalence, 10,000 consignments in four weeks, with its selectors."""
    cast = make_cast(WorldParameters(seed=3, days=28, consignments=10_000))
    made = list(weeks(cast))
    records = [each.record for week in made for each in selector_dispatches(cast, week.arrivals)]
    return made, [each for each in records if isinstance(each, Selector)]


def test_selectors_are_of_every_kind_and_some_come_again(usual: tuple[list[Week], list[Selector]]) -> None:
    """Every kind that the world can name is; three in ten come a second time, withdrawn or amended."""
    _, selectors = usual
    again = [each for each in selectors if each.version == 1]
    first = len(selectors) - len(again)
    assert 0.15 < len(again) / first < 0.45
    assert {each.withdrawn for each in again} == {True, False}
    assert len({each.selector_id for each in selectors}) == first
    kinds = {part.kind for each in selectors for part in each.conditions}
    assert kinds == set(ConditionKind) - {ConditionKind.ACCOUNT, ConditionKind.PHONE}


def test_selectors_are_modestly_informative(usual: tuple[list[Week], list[Selector]]) -> None:
    """Of the vehicles named fewer than half have a scheme aboard in any week, but more than of all vehicles."""
    made, selectors = usual
    named = {part.value for each in selectors for part in each.conditions if part.kind is ConditionKind.VEHICLE}
    everyone: set[str] = set()
    dirty: set[str] = set()
    for week in made:
        traffic = week.arrivals.traffic
        everyone.update(filter(None, traffic.crossings.vehicle_number))
        rows = np.flatnonzero(week.arrivals.schemes.hand >= 0).tolist()
        units = [int(traffic.consignments.unit[row]) for row in rows]
        found = (traffic.crossings.vehicle_number[unit] for unit in units if unit < traffic.first_box)
        dirty.update(each for each in found if each)
    assert len(dirty) / len(everyone) < len(named & dirty) / len(named) < 0.5
