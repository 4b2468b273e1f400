"""Conduct: signs, what they depend on, and that none of them tells the truth by itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2
from sklearn.metrics import average_precision_score

from training.world.conduct import unit_marks
from training.world.consignments import SEA
from training.world.parameters import Flags, Floats
from training.world.schemes import NO_SCHEME
from training.world.signs import CLEAN, Marks, Sign, Signs
from training.world.simulation import Week

UNIT_SIGNS = {
    "driver_changed": Signs.DRIVER_CHANGED,
    "haulier_other": Signs.HAULIER_OTHER,
    "vehicle_other": Signs.VEHICLE_OTHER,
    "trailer_other": Signs.TRAILER_OTHER,
    "return_trip": Signs.RETURN_TRIP,
    "seal_changed": Signs.SEAL_CHANGED,
}
PAPER_SIGNS = {
    "vague": Signs.VAGUE,
    "container_other": Signs.CONTAINER_OTHER,
    "elsewhere": Signs.ELSEWHERE,
    "amended": Signs.ENTRY_AMENDED,
    "to_order": Signs.TO_ORDER,
}


def _marks(each: list[Marks]) -> Marks:
    return Marks(np.concatenate([one.method for one in each]), np.concatenate([one.polish for one in each]))


def _follows(shown: Flags, marks: Marks, sign: Sign) -> bool:
    """Whether a sign is shown as often as its rates say, with and without a scheme, within four errors."""
    rates = sign.rates(marks)
    return all(
        abs(shown[rows].sum() - rates[rows].sum()) < 4 * np.sqrt((rates[rows] * (1 - rates[rows])).sum())
        for rows in (marks.method == CLEAN, marks.method != CLEAN)
    )


@pytest.mark.parametrize("column", UNIT_SIGNS)
def test_units_show_signs_at_their_rates(large_weeks: list[Week], column: str) -> None:
    """Signs of units occur at the documented rates, with a scheme aboard and without."""
    marks = _marks([unit_marks(week.arrivals.traffic, week.arrivals.marks) for week in large_weeks])
    shown = np.concatenate([getattr(week.arrivals.carriage, column) for week in large_weeks])
    assert _follows(shown, marks, UNIT_SIGNS[column])


@pytest.mark.parametrize("column", PAPER_SIGNS)
def test_papers_show_signs_at_their_rates(large_weeks: list[Week], column: str) -> None:
    """Signs of papers occur at the documented rates, with a scheme and without."""
    marks = _marks([week.arrivals.marks for week in large_weeks])
    shown = np.concatenate([getattr(week.arrivals.paperwork, column) for week in large_weeks])
    assert _follows(shown, marks, PAPER_SIGNS[column])


def _dependence(shown: Flags, truth: Flags) -> float:
    """Chi-square of a table of two by two: one degree of freedom where they are independent."""
    observed = np.array([[(shown == a) & (truth == b) for b in (False, True)] for a in (False, True)]).sum(axis=2)
    expected = observed.sum(axis=1, keepdims=True) * observed.sum(axis=0, keepdims=True) / observed.sum()
    return float(((observed - expected) ** 2 / expected).sum())


def test_conduct_depends_on_the_scheme_and_not_on_what_is_aboard(large_weeks: list[Week]) -> None:
    """Among schemes, papers' signs and truth are independent: the chi-squares sum to no more than chance would give."""
    scheme = np.concatenate([week.arrivals.schemes.threat != NO_SCHEME for week in large_weeks])
    truth = np.concatenate([week.arrivals.schemes.y_any for week in large_weeks])
    signs = {
        name: np.concatenate([getattr(week.arrivals.paperwork, name) for week in large_weeks]) for name in PAPER_SIGNS
    }
    signs["mass"] = np.concatenate([_mass_differs(week) for week in large_weeks])
    signs["seal"] = np.concatenate(
        [week.arrivals.carriage.seal_changed[week.arrivals.traffic.consignments.unit] for week in large_weeks]
    )
    assert 100 < (scheme & ~truth).sum() < (scheme & truth).sum()
    within = sum(_dependence(shown[scheme], truth[scheme]) for shown in signs.values())
    assert within < chi2.ppf(0.999, len(signs))
    over_all = sum(_dependence(shown, truth) for shown in signs.values())
    assert over_all > 10 * chi2.ppf(0.999, len(signs))  # though the signs tell much of the truth over all


def _mass_differs(week: Week) -> Flags:
    papers, mass = week.arrivals.paperwork, week.arrivals.traffic.consignments.mass
    return np.asarray(np.abs(papers.manifest_mass - mass) > 0.02 * mass)


def test_no_single_column_tells_the_truth(large_weeks: list[Week]) -> None:
    """Ranking by any one sign, upwards or downwards, stays below half of the oracle's average precision."""
    truth = np.concatenate([week.arrivals.schemes.y_any for week in large_weeks])
    oracle = average_precision_score(truth, np.concatenate([week.arrivals.schemes.p_any for week in large_weeks]))
    papers: list[Floats] = []
    for week in large_weeks:
        carriage, paperwork = week.arrivals.carriage, week.arrivals.paperwork
        unit = week.arrivals.traffic.consignments.unit
        columns = [getattr(carriage, name)[unit] for name in (*UNIT_SIGNS, "cash", "amendments", "weighed_mass")]
        columns += [getattr(paperwork, name) for name in (*PAPER_SIGNS, "declared", "entry_mass", "value")]
        papers.append(np.column_stack(columns).astype(np.float64))
    table = np.concatenate(papers)
    best = max(average_precision_score(truth, side * column) for column in table.T for side in (1.0, -1.0))
    assert truth.mean() < best < oracle / 2


def test_mass_aboard_adds_up(small_weeks: list[Week]) -> None:
    """What the port weighs is, but for hidden weight, what the goods weigh: the median ratio is within 1 % of one."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        mass = np.zeros(len(traffic.units.number))
        for unit, units, grams in zip(
            traffic.consignments.unit, traffic.consignments.units, traffic.consignments.mass, strict=True
        ):
            mass[unit : unit + units] += grams / units
        heavy = mass > 1_000_000
        assert abs(np.median(week.arrivals.carriage.weighed_mass[heavy] / mass[heavy]) - 1) < 0.01


def test_a_units_conduct_follows_from_any_scheme_aboard(large_weeks: list[Week]) -> None:
    """A unit is marked exactly where a consignment aboard has a scheme, in every container that it fills."""
    for week in large_weeks:
        traffic, marks = week.arrivals.traffic, week.arrivals.marks
        expected = np.zeros(len(traffic.units.number), dtype=np.bool_)
        for row in np.flatnonzero(marks.method != CLEAN).tolist():
            first = int(traffic.consignments.unit[row])
            expected[first : first + int(traffic.consignments.units[row])] = True
        assert np.array_equal(unit_marks(traffic, marks).method != CLEAN, expected)


def test_papers_come_in_time_and_mostly_before(large_weeks: list[Week]) -> None:
    """Bookings precede departure; declarations come two hours or more before arrival but for the few late ones."""
    late = []
    for week in large_weeks:
        traffic, carriage, paperwork = week.arrivals.traffic, week.arrivals.carriage, week.arrivals.paperwork
        assert (carriage.booked < carriage.checked_in).all()
        assert (carriage.checked_in < traffic.units.departure).all()
        before = traffic.units.arrival[traffic.consignments.unit] - paperwork.declared
        late.append(before < 2 * 3_600 * 1_000_000)
    assert 0.01 < np.concatenate(late).mean() < 0.06


def test_by_sea_manifests_agree_with_declarations_for_most(large_weeks: list[Week]) -> None:
    """Honest manifests repeat the declaration's packages for 19 in 20, and no sign falls below one package."""
    agree = []
    for week in large_weeks:
        papers, honest = week.arrivals.paperwork, week.arrivals.marks.method == CLEAN
        by_sea = week.arrivals.traffic.consignments.mode == SEA
        assert papers.manifest_packages.min() >= 1
        agree.append((papers.manifest_packages == papers.entry_packages)[honest & by_sea])
    assert 0.95 < np.concatenate(agree).mean() < 0.99
