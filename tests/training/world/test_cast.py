"""The cast: everyone who can appear."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from training.world.cast import Cast, make_cast
from training.world.hauliers import Fleet
from training.world.lives import NEVER
from training.world.networks import Kind
from training.world.parameters import WorldParameters
from training.world.traders import Traders, Way


def _same(one: object, other: object) -> bool:
    """Whether two casts or parts of them are equal, columns by what they hold."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other)
    fields = getattr(type(one), "__dataclass_fields__", None)
    if fields is None:
        return one == other
    return all(_same(getattr(one, name), getattr(other, name)) for name in fields)


def test_equal_parameters_make_equal_casts() -> None:
    """Everyone is the same for the same parameters, and another seed has others."""
    parameters = WorldParameters(seed=4, days=30, consignments=1_000)
    assert _same(make_cast(parameters), make_cast(parameters))
    assert not _same(make_cast(parameters), make_cast(WorldParameters(seed=5, days=30, consignments=1_000)))


def _owned(cast: Cast, kind: Kind) -> set[int]:
    return set(cast.hands.actor[cast.hands.kind == kind].tolist())


def test_spares_stand_behind_those_whom_networks_control(large_cast: Cast) -> None:
    """Six unborn identities for each trader that is a hand, of its country, goods and way, and for nobody else."""
    for traders, kind in ((large_cast.consignors, Kind.CONSIGNOR), (large_cast.consignees, Kind.CONSIGNEE)):
        owners = _owned(large_cast, kind)
        spare = np.flatnonzero(traders.spare_of >= 0)
        root = traders.spare_of[spare]
        assert Counter(root.tolist()) == dict.fromkeys(owners, 6)
        assert (traders.lives.born[spare] == NEVER).all()
        assert (traders.commodity[spare] == traders.commodity[root]).all()
        assert (traders.way[spare] == traders.way[root]).all()
        for identity, owner in zip(spare.tolist(), root.tolist(), strict=True):
            assert traders.parties[identity].country == traders.parties[owner].country
            assert traders.parties[identity] != traders.parties[owner]


def test_spares_cannot_be_told_by_their_number(large_cast: Cast) -> None:
    """Identity numbers of companies are distinct over the cast and those of spare ones lie anywhere among them."""
    traders = large_cast.consignors
    numbers = np.array([int("".join(sign for sign in party.eori or "" if sign.isdigit())) for party in traders.parties])
    assert len(set(numbers.tolist())) == len(numbers)
    british = np.array([int((party.eori or "")[2:]) for party in large_cast.consignees.parties])
    spare = large_cast.consignees.spare_of >= 0
    place = np.argsort(np.argsort(british)) / len(british)
    assert abs(place[spare].mean() - 0.5) < 4 * np.sqrt(1 / 12 / spare.sum())


@pytest.mark.parametrize("name", ["consignors", "consignees", "forwarders"])
def test_columns_of_traders_are_of_one_length(large_cast: Cast, name: str) -> None:
    """Every trader has an activity, goods, a way, a habit and a life; activity is skewed as a log-normal one is."""
    traders: Traders = getattr(large_cast, name)
    count = len(traders.parties)
    for column in (traders.activity, traders.commodity, traders.way, traders.states_eori, traders.spare_of):
        assert len(column) == count
    assert len(traders.lives.born) == len(traders.lives.died) == len(traders.lives.growth) == count
    if count > 100:
        busiest = np.sort(traders.activity)[::-1]
        assert 0.3 < busiest[: count // 10].sum() / busiest.sum() < 0.5


def test_the_cast_grows_with_the_world() -> None:
    """Ten times the consignments have about ten times the traders and vehicles, whatever the number of days."""
    small = make_cast(WorldParameters(consignments=10_000, days=30))
    large = make_cast(WorldParameters(consignments=100_000, days=30))
    for ratio in (
        len(large.consignors.parties) / len(small.consignors.parties),
        len(large.consignees.parties) / len(small.consignees.parties),
        len(large.hauliers.vehicles.numbers) / len(small.hauliers.vehicles.numbers),
    ):
        assert 8 < ratio < 12


def test_fleets_are_of_their_hauliers(large_cast: Cast) -> None:
    """Each haulier has a vehicle, a trailer and a driver at least, and no number is given twice."""
    hauliers = large_cast.hauliers
    fleets: tuple[Fleet, ...] = (hauliers.vehicles, hauliers.trailers, hauliers.drivers)
    for fleet in fleets:
        assert (np.diff(fleet.first) >= 1).all()
        assert len(fleet.first) == len(hauliers.parties) + 1
        assert np.array_equal(np.bincount(fleet.owner), np.diff(fleet.first))
        assert len(set(fleet.numbers)) == len(fleet.numbers) == fleet.first[-1]
    assert not set(hauliers.vehicles.numbers) & set(hauliers.trailers.numbers)


def test_households_have_parcels_alone(large_cast: Cast) -> None:
    """Who receives parcels has no other lane; about seven in ten of them state no number, as private people."""
    consignees, lanes = large_cast.consignees, large_cast.lanes
    by_post = consignees.way[lanes.consignee] == Way.POST
    assert np.array_equal(by_post, lanes.way == Way.POST)
    parcels = consignees.way == Way.POST
    assert consignees.states_eori[parcels].mean() < 0.35 < 0.6 < consignees.states_eori[~parcels].mean()
