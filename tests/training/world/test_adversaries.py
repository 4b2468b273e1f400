"""Adversaries: what they learn, from what, and what they change."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from training.world.adversaries import Adversaries
from training.world.cast import Cast, make_cast
from training.world.draws import Draws
from training.world.networks import Hands, Kind
from training.world.parameters import Flags, Ints, Regime, WorldParameters
from training.world.selection import RANDOM, Selections
from training.world.simulation import Arrivals, Simulation, Week
from training.world.traders import Traders, Way

_KINDS = [Kind.CONSIGNOR, Kind.CONSIGNEE]


def _selecting(arrivals: Arrivals, wanted: Flags) -> Selections:
    """A policy that selects these consignments' units, all of them, for certain."""
    traffic = arrivals.traffic
    consignments = traffic.consignments
    chance = np.full((len(traffic.units.number), 5), np.nan)
    chance[:, RANDOM] = 0.0
    for extra in range(int(consignments.units.max())):
        chance[consignments.unit[wanted & (consignments.units > extra)] + extra, RANDOM] = 1.0
    return Selections(chance, np.nan_to_num(chance) > 0, traffic.units.arrival - 1)


def _run(cast: Cast, wanted: str) -> list[Week]:
    """A world in which all, nothing, or only what is wholly clean is selected."""
    simulation, found = Simulation(cast), []
    while (arrivals := simulation.arrive()) is not None:
        unit = arrivals.traffic.consignments.unit
        dirty = (
            np.bincount(unit, weights=arrivals.schemes.y_any, minlength=len(arrivals.traffic.units.number))[unit] > 0
        )
        wished = {"all": np.ones_like(dirty), "nothing": np.zeros_like(dirty), "clean": ~dirty}[wanted]
        found.append(simulation.conclude(arrivals, _selecting(arrivals, wished)))
    return found


@pytest.fixture(scope="module")
def cast() -> Cast:
    """A cast whose networks react often."""
    return make_cast(WorldParameters(seed=6, days=56, consignments=4_000, prevalence=0.12, regime=Regime.MIGRATING))


@pytest.fixture(scope="module")
def undisturbed(cast: Cast) -> list[Week]:
    """Its world when nothing is selected."""
    return _run(cast, "nothing")


@pytest.fixture(scope="module")
def hunted(cast: Cast) -> list[Week]:
    """Its world when everything is selected."""
    return _run(cast, "all")


def _same(one: Week, other: Week) -> bool:
    """Whether the same arrives in two weeks, with the same truth and conduct."""
    return (
        one.arrivals.traffic.units.number == other.arrivals.traffic.units.number
        and one.arrivals.traffic.consignments.document == other.arrivals.traffic.consignments.document
        and np.array_equal(one.arrivals.traffic.consignments.consignor, other.arrivals.traffic.consignments.consignor)
        and np.array_equal(one.arrivals.schemes.y, other.arrivals.schemes.y)
        and np.array_equal(one.arrivals.paperwork.declared, other.arrivals.paperwork.declared)
        and np.array_equal(one.arrivals.scores, other.arrivals.scores)
    )


def test_searches_without_finds_change_nothing(cast: Cast, undisturbed: list[Week]) -> None:
    """Searching all that is clean leaves the world as it is when nothing is searched: nobody reacts to being let go."""
    searched = _run(cast, "clean")
    assert sum(int(week.examinations.examined.sum()) for week in searched) > 1_000
    assert not any(week.examinations.found.any() for week in searched)
    assert all(_same(one, other) for one, other in zip(searched, undisturbed, strict=True))


def test_finds_change_later_weeks_alone(undisturbed: list[Week], hunted: list[Week]) -> None:
    """The first week is the same whatever is searched; once much was found, what arrives differs."""
    assert hunted[0].examinations.found.any()
    assert _same(hunted[0], undisturbed[0])
    assert not any(_same(one, other) for one, other in zip(hunted[2:], undisturbed[2:], strict=True))


@pytest.mark.parametrize("column", ["consignor", "consignee"])
def test_found_traders_are_seen_no_more(cast: Cast, undisturbed: list[Week], hunted: list[Week], column: str) -> None:
    """Where finds are frequent, spare identities take the place of those found, which have no standing trade again."""
    traders: Traders = getattr(cast, f"{column}s")
    assert not _spares(traders, undisturbed, column)
    spares = _spares(traders, hunted, column)
    assert len(spares) > 3
    for identity, first in spares.items():
        root = int(traders.spare_of[identity])
        given_up = [root, *(each for each in spares if traders.spare_of[each] == root and each < identity)]
        for week in hunted[first:]:
            consignments = week.arrivals.traffic.consignments
            assert not np.isin(getattr(consignments, column)[~consignments.new_pair], given_up).any()


def _spares(traders: Traders, weeks: list[Week], column: str) -> dict[int, int]:
    """Spare identities that were seen, with the first week of each."""
    found: dict[int, int] = {}
    for week in weeks:
        actor = getattr(week.arrivals.traffic.consignments, column)
        for each in np.unique(actor[actor >= 0]).tolist():
            if traders.spare_of[each] >= 0:
                found.setdefault(each, week.arrivals.number)
    return found


def _taught(cast: Cast, kind: Kind, rounds: int) -> tuple[Adversaries, Ints]:
    """Adversaries after so many weeks in which something was found with every hand of a kind, and those hands."""
    adversaries = Adversaries(cast)
    hands = np.flatnonzero(cast.hands.kind == kind)
    for week in range(rounds):
        adversaries.learn(Draws(1, week), hands, week)
    return adversaries, hands


@pytest.mark.parametrize("kind", _KINDS)
def test_a_new_identity_takes_over_the_trade(cast: Cast, kind: Kind) -> None:
    """After a reaction the spare has all lanes of the one found, lives on in its place, and is the network's hand."""
    adversaries, hands = _taught(cast, kind, 2)
    column = "consignor" if kind is Kind.CONSIGNOR else "consignee"
    traders = adversaries.trade.consignors if kind is Kind.CONSIGNOR else adversaries.trade.consignees
    before, after = getattr(cast.lanes, column), getattr(adversaries.trade.lanes, column)
    moved = hands[cast.hands.actor[hands] != adversaries.hands.actor[hands]]
    assert 0 < len(moved) < len(hands)
    for old, new in zip(cast.hands.actor[moved].tolist(), adversaries.hands.actor[moved].tolist(), strict=True):
        assert traders.spare_of[new] == old
        assert np.array_equal(before == old, after == new)
        assert traders.lives.died[old] <= traders.lives.born[new] <= 14
        assert traders.lives.at(14)[old] == 0 < traders.lives.at(14)[new]


def test_without_finds_nothing_is_touched(cast: Cast) -> None:
    """Weeks without finds, or with finds of nobody's own, leave hands and trade as the cast has them."""
    adversaries = Adversaries(cast)
    for week in range(20):
        adversaries.learn(Draws(1, week), np.array([], dtype=np.int64), week)
        adversaries.learn(Draws(1, week), np.array([-1, -1]), week)
    assert _differing(adversaries.hands, cast.hands) == set()
    assert _differing(adversaries.trade.lanes, cast.lanes) == set()
    assert _differing(adversaries.trade.consignors.lives, cast.consignors.lives) == set()


def _differing(one: object, other: object) -> set[str]:
    """Names of the columns in which two dataclasses differ."""
    names = [field.name for field in fields(one)]  # type: ignore[arg-type]  # dataclasses both
    return {name for name in names if not np.array_equal(getattr(one, name), getattr(other, name))}


def test_learning_leaves_the_cast_alone(cast: Cast) -> None:
    """What adversaries change is theirs: the cast is the same after much was found."""
    kept = replace(cast.hands, actor=cast.hands.actor.copy(), polish=cast.hands.polish.copy())
    consignor, born = cast.lanes.consignor.copy(), cast.consignors.lives.born.copy()
    _taught(cast, Kind.CONSIGNOR, 10)
    assert _differing(cast.hands, kept) == set()
    assert np.array_equal(cast.lanes.consignor, consignor)
    assert np.array_equal(cast.consignors.lives.born, born)


def test_brokers_routes_and_goods_vary(cast: Cast) -> None:
    """After finds lanes of the hands change forwarder, ferry route and goods; no other column, and no other lane."""
    adversaries, hands = _taught(cast, Kind.CONSIGNOR, 3)
    lanes, before = adversaries.trade.lanes, cast.lanes
    assert _differing(lanes, before) == {"consignor", "commodity", "forwarder", "route"}
    own = np.isin(before.consignor, cast.hands.actor[hands])
    for name in ("commodity", "forwarder", "route"):
        changed = getattr(lanes, name) != getattr(before, name)
        assert changed.any()
        assert not changed[~own].any()
    assert ((lanes.route >= 0) == (lanes.way == Way.ROAD)).all()


def test_signs_are_hidden_better_after_finds(cast: Cast) -> None:
    """Polish rises with each reaction towards one and never falls; hands that were not found learn nothing."""
    once, hands = _taught(cast, Kind.TRAILER, 2)
    often, _ = _taught(cast, Kind.TRAILER, 12)
    assert (once.hands.polish >= cast.hands.polish).all()
    assert often.hands.polish[hands].mean() > once.hands.polish[hands].mean() > cast.hands.polish[hands].mean()
    assert often.hands.polish.max() < 1
    others = np.setdiff1d(np.arange(len(cast.hands.kind)), hands)
    assert np.array_equal(often.hands.polish[others], cast.hands.polish[others])


def test_another_driver_or_trailer_is_of_the_same_haulier(cast: Cast) -> None:
    """A found trailer's network goes on with another one of that haulier where it has one, and nobody works for two."""
    adversaries, hands = _taught(cast, Kind.TRAILER, 4)
    owner = cast.hauliers.trailers.owner
    old, new = cast.hands.actor[hands], adversaries.hands.actor[hands]
    assert (old != new).any()
    several = np.diff(cast.hauliers.trailers.first)[owner[old]] > len(hands)
    assert (owner[old] == owner[new])[several].all()
    trailers: Hands = adversaries.hands
    mine = trailers.actor[trailers.kind == Kind.TRAILER]
    assert len(np.unique(mine)) == len(mine)


def test_some_regimes_react_more_than_others() -> None:
    """Of hands found in each of five weeks most react in a migrating world, less than half in a stable one."""
    shares = {}
    for regime in (Regime.STABLE, Regime.MIGRATING):
        cast = make_cast(WorldParameters(seed=6, days=56, consignments=20_000, prevalence=0.12, regime=regime))
        adversaries, hands = _taught(cast, Kind.CONSIGNOR, 5)
        shares[regime] = (adversaries.hands.polish[hands] > cast.hands.polish[hands]).mean()
    assert shares[Regime.STABLE] < 0.5 < 0.7 < shares[Regime.MIGRATING]
