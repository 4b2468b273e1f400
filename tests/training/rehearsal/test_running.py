"""Running history of observed columns."""

from __future__ import annotations

import numpy as np
import pytest

from training.rehearsal.running import HISTORY, NORMS, Running, Seen, beginning, columns_of, labels_of
from training.world.cast import Cast
from training.world.observed import KEYS
from training.world.parameters import Floats, Ints
from training.world.simulation import Week


@pytest.fixture(scope="module")
def seen(little_cast: Cast, little_weeks: list[Week]) -> list[Seen]:
    """What was known of each week when it began."""
    running, found = Running(little_cast), []
    for week in little_weeks:
        found.append(running.see(week.arrivals))
        running.learn(found[-1], week)
    return found


def _of(seen: Seen, name: str) -> Floats:
    """Sightings, examinations and finds of one key."""
    first = KEYS.index(name) * len(HISTORY)
    return seen.history[:, first : first + 3]


@pytest.mark.parametrize("name", KEYS)
def test_history_is_what_plain_counting_gives(
    little_cast: Cast, little_weeks: list[Week], seen: list[Seen], name: str
) -> None:
    """In the last week every key has the sightings of earlier weeks and the outcomes recorded before it began."""
    last, place = len(little_weeks) - 1, KEYS.index(name)
    begins = beginning(little_cast.parameters.origin, last)
    counted: dict[int, Ints] = {}
    for week, shown in zip(little_weeks[:last], (each.shown for each in seen), strict=False):
        unit = week.arrivals.traffic.consignments.unit
        known = week.examinations.recorded[unit] <= begins
        rows = zip(shown.keys[:, place].tolist(), labels_of(week).tolist(), known.tolist(), strict=True)
        for key, label, recorded in rows:
            counted.setdefault(key, np.zeros(3, dtype=np.int64))
            counted[key] += (1, recorded and label >= 0, recorded and label == 1)
    keys = seen[last].shown.keys[:, place].tolist()
    expected = np.array([counted.get(key, np.zeros(3)) if key >= 0 else [np.nan] * 3 for key in keys])
    assert np.array_equal(_of(seen[last], name), expected, equal_nan=True)


def test_the_first_week_knows_nothing(seen: list[Seen]) -> None:
    """Before anything has arrived there are neither norms nor sightings."""
    assert np.isnan(seen[0].norms).all()
    assert not np.nansum(_of(seen[0], "consignor"))


def test_norms_are_deviations_from_earlier_weeks(little_weeks: list[Week], seen: list[Seen]) -> None:
    """In the last week price and weight are held against the mean and spread of the same goods and country before."""
    before = np.concatenate([each.shown.goods for each in seen[:-1]])
    ratios = np.vstack([each.shown.ratios for each in seen[:-1]])
    shown, found = seen[-1].shown, 0
    for row in range(len(shown.goods)):
        alike = ratios[before == shown.goods[row]]
        if shown.goods[row] < 0 or len(alike) < 5:
            assert np.isnan(seen[-1].norms[row]).all()
            continue
        found += 1
        expected = (shown.ratios[row] - alike.mean(axis=0)) / np.maximum(alike.std(axis=0), 0.01)
        assert np.allclose(seen[-1].norms[row], expected, rtol=1e-6, atol=1e-6)
    assert found > 100
    assert seen[-1].norms.shape[1] == NORMS


def test_labels_follow_the_outcomes(little_weeks: list[Week]) -> None:
    """A consignment has a label if its unit was searched and no find there is nameless: whether it held something."""
    labels = [label for week in little_weeks for label in labels_of(week).tolist()]
    assert set(labels) == {-1, 0, 1}
    for week in little_weeks:
        examinations, unit = week.examinations, week.arrivals.traffic.consignments.unit.tolist()
        found = [any(row) for row in examinations.found.tolist()]
        nameless = {
            hiding
            for hiding, hit in zip(examinations.hiding.tolist(), found, strict=True)
            if hit and not examinations.named[hiding]
        }
        for row, label in enumerate(labels_of(week).tolist()):
            if not examinations.examined[unit[row]] or unit[row] in nameless:
                assert label == -1
            elif examinations.hiding[row] not in nameless:
                assert label == int(found[row])


def test_ids_dealt_out_anew_keep_all_but_whose_they_are(little_cast: Cast, little_weeks: list[Week]) -> None:
    """Shuffled, the ids of a week are the same many; papers and norms stay as they are."""
    running, dealt = Running(little_cast), Running(little_cast, shuffled=np.random.default_rng(1))
    own, others = running.see(little_weeks[0].arrivals), dealt.see(little_weeks[0].arrivals)
    assert np.array_equal(np.sort(own.shown.keys, axis=0), np.sort(others.shown.keys, axis=0))
    assert not np.array_equal(own.shown.keys, others.shown.keys)
    assert np.array_equal(own.shown.raw, others.shown.raw, equal_nan=True)


def test_every_column_has_its_direction(seen: list[Seen]) -> None:
    """There is one monotone direction for each column, none but history's with any."""
    columns = columns_of(seen[0])
    assert len(columns.monotone) == seen[0].everything.shape[1]
    assert not any(columns.monotone[: -len(HISTORY) * len(KEYS)])
