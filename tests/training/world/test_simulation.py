"""The world week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from training.world.cast import make_cast
from training.world.draws import Draws
from training.world.networks import METHODS
from training.world.parameters import Flags, Regime, WorldParameters
from training.world.simulation import Simulation, Week, weeks
from training.world.threats import THREATS, Method

_SMALL = WorldParameters(seed=8, days=17, consignments=600, prevalence=0.1, regime=Regime.MIGRATING)

Truth = Mapping[str, npt.NDArray[Any]]


def _same(one: object, other: object) -> bool:
    """Whether two weeks or parts of them are equal, columns by what they hold."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, Draws):
        return isinstance(other, Draws)
    if is_dataclass(one):
        return all(_same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return one == other


def test_a_week_follows_from_seed_and_number() -> None:
    """Twice the same parameters give the same weeks in every column; another seed gives others."""
    first, again = (list(weeks(make_cast(_SMALL))) for _ in range(2))
    assert len(first) == len(again) == 3
    assert all(_same(one, other) for one, other in zip(first, again, strict=True))
    other = next(weeks(make_cast(WorldParameters(seed=9, days=17, consignments=600, prevalence=0.1))))
    assert not _same(first[0].arrivals.traffic, other.arrivals.traffic)


def test_asking_again_draws_the_same(small_weeks: list[Week]) -> None:
    """A week's generators can be asked at any time, by any process: what they give does not depend on who asked."""
    for week in small_weeks:
        draws = Draws(11, week.arrivals.number)
        assert draws.of("anything").random() == week.arrivals.draws.of("anything").random()


def test_selecting_draws_nothing_that_others_draw() -> None:
    """Asking for the legacy policy's selections, once, twice or never, leaves the arrivals of later weeks alone."""
    seen = []
    for times in (1, 2):
        simulation = Simulation(make_cast(_SMALL))
        arrivals = simulation.arrive()
        assert arrivals is not None
        for _ in range(times):
            selections = simulation.legacy(arrivals)
        simulation.conclude(arrivals, selections)
        seen.append(simulation.arrive())
    assert _same(seen[0], seen[1])


def test_the_world_ends_after_its_last_week() -> None:
    """Weeks are numbered from zero, and after the last nothing arrives, however often it is asked."""
    simulation, numbers = Simulation(make_cast(_SMALL)), []
    while (arrivals := simulation.arrive()) is not None:
        numbers.append(arrivals.number)
        simulation.conclude(arrivals, simulation.legacy(arrivals))
    assert numbers == [0, 1, 2]
    assert simulation.arrive() is None


def test_a_week_shows_what_its_networks_do(small_weeks: list[Week]) -> None:
    """Methods mark exactly the schemes, networks are behind those with a hand, and all columns are of one length."""
    for week in small_weeks:
        arrivals = week.arrivals
        count = len(arrivals.traffic.consignments.unit)
        assert np.array_equal(arrivals.marks.method >= 0, arrivals.schemes.threat >= 0)
        assert ((arrivals.network >= 0) <= (arrivals.schemes.threat >= 0)).all()
        for column in (arrivals.scores, arrivals.network, arrivals.paperwork.declared, arrivals.schemes.y):
            assert len(column) == count
        for column in (arrivals.carriage.booked, week.selections.issued, week.examinations.kind):
            assert len(column) == len(arrivals.traffic.units.number)


def _shares(truth: Truth, column: str, words: list[str], parts: int) -> npt.NDArray[np.float64]:
    """Share of each word among the schemes of each part of the run, [parts, words]."""
    part = truth["week"] * parts // (truth["week"].max() + 1)
    scheme: Flags = truth["scheme"] != ""
    return np.array(
        [[(truth[column][scheme & (part == each)] == word).mean() for word in words] for each in range(parts)]
    )


def _change(truth: Truth, column: str, words: list[str]) -> float:
    """Chi-square of a column's mix among schemes between the run's halves, over what chance gives in 1,000."""
    shares = _shares(truth, column, words, 2)
    schemes = (truth["scheme"] != "").sum() / 2
    counts = shares[:, shares.sum(axis=0) > 0] * schemes
    expected = counts.mean(axis=0)
    return float(((counts - expected) ** 2 / expected).sum() / chi2.ppf(0.999, counts.shape[1] - 1))


_THREATS = [threat.value for threat in THREATS]
_METHODS = [method.value for method in METHODS]
_MODES = ["roro_accompanied", "roro_unaccompanied", "container", "air", "parcel"]


def test_a_stable_world_changes_little(regime_truths: dict[Regime, Truth]) -> None:
    """Between its halves threats, methods and ways change by a third of what they do where a regime turns, or less."""
    changes = {
        regime: max(_change(truth, *each) for each in (("scheme", _THREATS), ("method", _METHODS), ("mode", _MODES)))
        for regime, truth in regime_truths.items()
    }
    turning = (Regime.ABRUPT, Regime.MIGRATING, Regime.COLLAPSE)
    assert min(changes[regime] for regime in turning) > 3 * changes[Regime.STABLE]


def test_an_abrupt_change_is_in_the_middle(regime_truths: dict[Regime, Truth]) -> None:
    """Within each half shares keep near; in the middle loads lose a third, cocaine and opioids gain a quarter."""
    loads = _shares(regime_truths[Regime.ABRUPT], "method", [Method.CONCEALED_LOAD.value], 2)[:, 0]
    assert loads[1] < loads[0] * 2 / 3
    rising = _shares(regime_truths[Regime.ABRUPT], "scheme", ["cocaine", "opioids_nps"], 4).sum(axis=1)
    assert abs(rising[0] - rising[1]) < rising[2] - rising[1] > abs(rising[3] - rising[2])
    assert rising[2:].mean() > 1.25 * rising[:2].mean()


def test_a_gradual_change_shows_by_the_end(regime_truths: dict[Regime, Truth]) -> None:
    """From the first quarter of the run to the last loads lose a tenth of their share, cocaine and opioids gain."""
    loads = _shares(regime_truths[Regime.GRADUAL], "method", [Method.CONCEALED_LOAD.value], 4)[:, 0]
    assert loads[3] < 0.9 * loads[0]
    rising = _shares(regime_truths[Regime.GRADUAL], "scheme", ["cocaine", "opioids_nps"], 4).sum(axis=1)
    assert rising[3] > 1.1 * rising[0]


def test_migrating_schemes_move_from_way_to_way(regime_truths: dict[Regime, Truth]) -> None:
    """Drivers in the first quarter of the run, then containers, then parcels, then trailers: each has its time."""
    methods = (Method.RECRUITED_DRIVER, Method.RIP_ON, Method.PARCEL_SWARM, Method.BUILT_IN)
    shares = _shares(regime_truths[Regime.MIGRATING], "method", [each.value for each in methods], 4)
    assert shares.argmax(axis=0).tolist() == [0, 1, 2, 3]
    containers, parcels = _shares(regime_truths[Regime.MIGRATING], "mode", ["container", "parcel"], 4).T
    assert containers[1] > max(containers[0], containers[3])
    assert parcels.argmax() == 2


def test_in_a_collapse_schemes_leave_for_the_sea(regime_truths: dict[Regime, Truth]) -> None:
    """No schemes to speak of come in containers at first; from the middle of the run six in ten and more do."""
    by_sea = _shares(regime_truths[Regime.COLLAPSE], "mode", ["container"], 4)[:, 0]
    assert by_sea[0] < 0.1
    assert by_sea[2:].min() > 0.6


def test_traffic_itself_does_not_follow_the_regime(regime_truths: dict[Regime, Truth]) -> None:
    """Ways keep their shares of all consignments over the run: only schemes move."""
    for truth in regime_truths.values():
        part = truth["week"] * 4 // (truth["week"].max() + 1)
        for mode in _MODES[2:]:
            shares = [(truth["mode"][part == each] == mode).mean() for each in range(4)]
            assert max(shares) - min(shares) < 0.01
