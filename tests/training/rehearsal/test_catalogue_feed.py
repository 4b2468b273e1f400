"""The catalogue as a feed of the weekly loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftc.clock import DAY
from aftc.features.catalogue import SCHEMA
from training.rehearsal.catalogue_feed import CatalogueFeed
from training.rehearsal.running import beginning, labels_of
from training.world.cast import Cast, make_cast
from training.world.deliveries import PARTS, caused, deliveries, told
from training.world.parameters import FaultLevel, Floats
from training.world.simulation import Week, weeks


@pytest.fixture(scope="module")
def faultless_cast(little_cast: Cast) -> Cast:
    """The little world where nothing goes wrong with messages."""
    return make_cast(replace(little_cast.parameters, faults=FaultLevel.NONE))


@pytest.fixture(scope="module")
def faultless_weeks(faultless_cast: Cast) -> list[Week]:
    """Its weeks."""
    return list(weeks(faultless_cast))


@pytest.fixture(scope="module")
def fed(faultless_cast: Cast, faultless_weeks: list[Week]) -> tuple[CatalogueFeed, list[Floats]]:
    """A feed that has seen all weeks, and the vectors it gave."""
    feed, vectors = CatalogueFeed(faultless_cast), []
    for week in faultless_weeks:
        vectors.append(feed.see(week.arrivals))
        feed.conclude(week)
    return feed, vectors


def test_every_consignment_has_a_vector(faultless_weeks: list[Week], fed: tuple[CatalogueFeed, list[Floats]]) -> None:
    """Each consignment has a row of the catalogue in the order of the arrivals, empty if its first message is late."""
    mode = SCHEMA.names.index("mode")
    for week, vectors in zip(faultless_weeks, fed[1], strict=True):
        modes = week.arrivals.traffic.consignments.mode
        assert vectors.shape == (len(modes), len(SCHEMA.features))
        told = ~np.isnan(vectors).all(axis=1)
        assert told.mean() > 0.99
        for each in np.unique(modes):
            assert len(np.unique(vectors[told & (modes == each), mode])) == 1


def test_history_grows_with_the_weeks(fed: tuple[CatalogueFeed, list[Floats]]) -> None:
    """Sightings of other consignments of the same consignor are none at first and more in each week."""
    sightings = SCHEMA.names.index("consignor_count_365d")
    means = [float(np.nanmean(vectors[:, sightings])) for vectors in fed[1]]
    assert means == sorted(means)
    assert means[-1] > 2 * means[1] > 0


def test_labels_are_those_recorded_by_then(
    faultless_cast: Cast, faultless_weeks: list[Week], fed: tuple[CatalogueFeed, list[Floats]]
) -> None:
    """When a week begins, labels are of earlier weeks alone; at last they are those of all outcomes that were taken."""
    origin = faultless_cast.parameters.origin
    counts = [len(fed[0].labelled(beginning(origin, number), 20.0).found) for number in range(len(faultless_weeks) + 1)]
    assert counts[0] == 0
    assert counts == sorted(counts)
    fed[0].see(replace(faultless_weeks[-1].arrivals, number=len(faultless_weeks)))  # lets what waits be received
    rows = fed[0].labelled(origin + 365 * DAY, 20.0)
    plain = np.concatenate([labels_of(week) for week in faultless_weeks])
    assert abs(len(rows.found) - np.count_nonzero(plain >= 0)) <= 0.03 * len(rows.found)
    assert abs(int(rows.found.sum()) - np.count_nonzero(plain == 1)) <= 0.1 * rows.found.sum()
    assert rows.weight.min() >= 1.0
    assert rows.weight.max() <= 20.0


def test_messages_are_those_that_a_world_is_written_with(little_cast: Cast, little_weeks: list[Week]) -> None:
    """Before and after the selections together they are all deliveries of the week, faults included."""
    week = little_weeks[1]
    written = {each for part in PARTS for each in deliveries(little_cast, week, part)}
    assert {*told(little_cast, week.arrivals), *caused(little_cast, week)} == written
