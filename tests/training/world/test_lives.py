"""Lives: births, deaths, growth, seasons and the week's rhythm."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from aftc.clock import DAY
from training.world.cast import Cast, make_cast
from training.world.consignments import NOBODY
from training.world.goods import COMMODITIES
from training.world.lanes import lane_volumes
from training.world.lives import NEVER, Lives, arrival_days, crowd, make_lives, season, successors, week_days
from training.world.parameters import DAYS_A_WEEK, WorldParameters
from training.world.simulation import Week, weeks

_WEEK = DAYS_A_WEEK


@pytest.mark.parametrize("days", [60, 365, 730])
def test_births_and_deaths_balance(days: int) -> None:
    """As many actors as needed live on the first day, in the middle and on the last, within 6 %."""
    lives = make_lives(np.random.default_rng(1), crowd(10_000, days), days)
    for day in (0, days // 2, days - 1):
        alive = (lives.at(day) > 0).sum()
        assert abs(alive / 10_000 - 1) < 0.06
    assert (lives.born > 0).any()
    assert (lives.died < days).any()


def test_nobody_does_anything_before_birth_or_after_death() -> None:
    """Volume is nothing before the first and from the last day on; a newcomer grows to its usual volume in weeks."""
    lives = Lives(born=np.array([10]), died=np.array([100]), growth=np.zeros(1))
    volume = np.array([float(lives.at(day)[0]) for day in range(110)])
    assert not volume[:10].any()
    assert not volume[100:].any()
    assert (np.diff(volume[10:100]) >= 0).all()
    assert 0 < volume[10] < 0.1 < 0.9 < volume[99] == 1.0


def test_growth_is_yearly() -> None:
    """With a log growth of log 2 the volume doubles in a year."""
    lives = Lives(born=np.array([-500]), died=np.array([NEVER]), growth=np.array([np.log(2.0)]))
    assert float(lives.at(365.25)[0] / lives.at(0)[0]) == pytest.approx(2.0)


def test_nobody_moves_goods_before_birth_or_after_death(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Whoever sends, receives, declares or hauls in a week lives on its middle day, spare identities aside."""
    forwarders, hauliers = large_cast.forwarders.lives, large_cast.hauliers.lives
    for week in large_weeks:
        traffic, middle = week.arrivals.traffic, week.arrivals.number * _WEEK + 2  # the last week has four days
        consignments = traffic.consignments
        for traders, actor in (
            (large_cast.consignors, consignments.consignor),
            (large_cast.consignees, consignments.consignee),
        ):
            own = np.unique(actor[actor != NOBODY])
            own = own[traders.spare_of[own] < 0]
            assert (traders.lives.born[own] <= middle + 2).all()
            assert (traders.lives.died[own] > middle).all()
        declaring = np.unique(consignments.forwarder[consignments.forwarder >= 0])
        for lives, actor in ((forwarders, declaring), (hauliers, np.unique(traffic.crossings.haulier))):
            assert (lives.born[actor] <= middle + 2).all()
            assert (lives.died[actor] > middle).all()
    for lives in (large_cast.consignors.lives, large_cast.consignees.lives):
        assert ((lives.born > 0) & (lives.born < NEVER)).any()
        assert (lives.died < large_cast.parameters.days).any()


def test_one_follows_whoever_is_gone() -> None:
    """Each actor with a volume works for itself; the next one that has a volume takes over from one that has none."""
    assert successors(np.array([0.0, 1.0, 0.0, 0.0, 2.0, 0.0])).tolist() == [1, 1, 4, 4, 4, 1]
    assert successors(np.zeros(2)).tolist() == [0, 1]


def test_lanes_move_nothing_without_their_ends(large_cast: Cast) -> None:
    """On every day a lane has a volume exactly where its consignor and its consignee live."""
    lanes = large_cast.lanes
    for day in (0, 30, 59):
        volumes = lane_volumes(large_cast.parameters, lanes, large_cast.consignors, large_cast.consignees, day)
        living = large_cast.consignors.lives.at(day)[lanes.consignor] > 0
        living &= large_cast.consignees.lives.at(day)[lanes.consignee] > 0
        assert ((volumes > 0) == living).all()
        assert 0 < living.sum() < len(living)


def test_goods_have_their_seasons() -> None:
    """Over a year every commodity moves its usual volume on average (within 3 %), most near the month of its peak."""
    parameters = WorldParameters(days=365, consignments=1_000, start=date(2026, 1, 1))
    year = np.array([season(parameters, day) for day in range(365)])
    assert np.abs(year.mean(axis=0) - 1).max() < 0.03
    for place, commodity in enumerate(COMMODITIES):
        peak, amplitude = commodity.season
        if amplitude >= 0.3:
            month = int(year[:, place].argmax()) / 365 * 12 + 1
            assert min(abs(month - peak), 12 - abs(month - peak)) < 1.5
            assert year[:, place].max() > 1.5 * year[:, place].min()


def test_a_year_of_traffic_has_its_seasons() -> None:
    """Goods of strong seasons arrive near their peaks: the mean cosine of the distance is half the amplitude.

    The rise of all trade in autumn, of a tenth, adds half of its own to goods that peak then.
    """
    parameters = WorldParameters(seed=4, days=364, consignments=5_000, start=date(2026, 1, 1))
    table = np.array([commodity.season for commodity in COMMODITIES])
    near, expected = [], []
    for week in weeks(make_cast(parameters)):
        consignments = week.arrivals.traffic.consignments
        peak, strength = table[consignments.commodity[consignments.commodity != NOBODY]].T
        month = (week.arrivals.number * _WEEK + 4) / 365.25 * 12 + 0.5
        strong = strength >= 0.3
        near.append(np.cos((month - peak[strong]) / 12 * 2 * np.pi))
        expected.append(strength[strong] / 2 + 0.05 * np.cos((peak[strong] - 11) / 12 * 2 * np.pi))
    cosines = np.concatenate(near)
    assert len(cosines) > 400
    assert abs(cosines.mean() - np.concatenate(expected).mean()) < 4 / np.sqrt(2 * len(cosines))


def test_seasons_follow_the_calendar_not_the_run() -> None:
    """The first of July is the same day of the season in a run from January and in one from July."""
    winter = WorldParameters(days=365, consignments=1_000, start=date(2026, 1, 1))
    summer = WorldParameters(days=365, consignments=1_000, start=date(2026, 7, 1))
    assert np.array_equal(season(winter, 181), season(summer, 0))


def test_all_trade_rises_in_autumn() -> None:
    """Over a year of traffic November sees about a fifth more arrivals a day than May, as the cycle says."""
    parameters = WorldParameters(seed=4, days=364, consignments=20_000, start=date(2026, 1, 1))
    arrival = np.concatenate([week.arrivals.traffic.units.arrival for week in weeks(make_cast(parameters))])
    days = arrival // DAY - arrival.min() // DAY
    spring, autumn = (np.count_nonzero((days >= first) & (days < first + 56)) for first in (105, 287))
    assert 1.1 < autumn / spring < 1.35


def test_weekdays_have_their_rhythm() -> None:
    """Sundays see about half of a Monday's arrivals, whichever weekday the run begins on; no day is left out."""
    for start in (date(2026, 1, 5), date(2026, 1, 8)):  # a Monday and a Thursday
        parameters = WorldParameters(days=21, start=start)
        days = arrival_days(np.random.default_rng(1), parameters, 1, 40_000)
        assert set(days.tolist()) == set(range(7, 14))
        counts = np.bincount((days + start.weekday()) % 7, minlength=7)
        expected = np.roll(week_days(parameters, 1), start.weekday())
        assert np.abs(counts / counts.sum() - expected / expected.sum()).max() < 0.01
        assert 0.45 < counts[6] / counts[0] < 0.6


def test_the_last_week_ends_with_the_run() -> None:
    """A run of ten days has a second week of three days, with arrivals on these alone."""
    parameters = WorldParameters(days=10)
    assert [len(week_days(parameters, week)) for week in range(2)] == [7, 3]
    assert set(arrival_days(np.random.default_rng(1), parameters, 1, 1_000).tolist()) == {7, 8, 9}


def test_arrivals_of_a_world_have_the_rhythm_of_the_week(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Units arrive more on the first five days of the week than on the other two, by a third a day or more."""
    arrival = np.concatenate([week.arrivals.traffic.units.arrival for week in large_weeks[:-1]])
    weekday = (arrival - large_cast.parameters.origin) // (86_400 * 1_000_000) % 7
    counts = np.bincount(weekday, minlength=7)
    assert counts[:5].mean() > 4 / 3 * counts[5:].mean()
