"""Final forms, each against a sum done by hand."""

from __future__ import annotations

from math import isnan, nan, sqrt

import numpy as np
import pytest

from aftc.features.algebra import MISSING, Fact, KeyKind, Measure, Quantity, Window
from aftc.features.assembly import assemble
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.forms import UNIT_VALUES, Deviation, Form, Gap, Multiple, Novelty, Share, Total
from aftc.features.schema import FeatureSchema, make_schema

KEY = KeyKind.CONSIGNOR
ONE = Fact("one", lambda stated: stated.entry_mass_g, Quantity.GRAMS, 0, 10**12)
OTHER = Fact("other", lambda stated: stated.gross_mass_g, Quantity.GRAMS, 0, 10**12)


def schema_of(form: Form) -> FeatureSchema:
    """A schema of one feature."""
    feature = Feature(form=form, group=ReasonGroup.GOODS, officer="{value}", auditor="A.", missing="M")
    return make_schema([feature], revisions={})


def value_of(form: Form, facts: dict[Fact, int] | None = None, sums: dict[Measure, int] | None = None) -> float:
    """The form's value for these facts and sums; the entity is known where sums are given."""
    schema = schema_of(form)
    columns = np.full((1, schema.fact_columns), MISSING, np.int64)
    for fact, value in (facts or {}).items():
        columns[0, schema.facts.index(fact)] = value
    if sums is not None:
        columns[0, len(schema.facts) + KEY] = 1
    row = [(sums or {}).get(window.measure, 0) for window in schema.windows]
    return float(assemble(schema, columns, np.array([row], np.int64))[0, 0])


@pytest.mark.parametrize(("found", "expected"), [(3, 3.0), (0, 0.0), (-1, 0.0)])
def test_a_total_is_the_sum_and_never_below_zero(found: int, expected: float) -> None:
    """A correction whose first count lies before the window takes nothing from nothing."""
    assert value_of(Total(Window(KEY, Measure.FOUND, 28)), sums={Measure.FOUND: found}) == expected


def test_without_the_entity_a_total_is_missing_not_zero() -> None:
    """No consignor is not a consignor without history."""
    form = Total(Window(KEY, Measure.FOUND, 28))
    assert isnan(value_of(form))
    assert value_of(form, sums={}) == 0.0


@pytest.mark.parametrize(
    ("found", "examined", "expected"),
    [(0, 0, 0.05), (1, 1, 1.5 / 11), (5, 90, 5.5 / 100), (-1, -1, 0.05), (50, 1, 1.0)],
)
def test_a_share_is_drawn_towards_its_prior(found: int, examined: int, expected: float) -> None:
    """(part + 0.05 * 10) / (whole + 10), at most 1."""
    form = Share(KEY, Measure.FOUND, Measure.EXAMINED, 365, prior=0.05, strength=10.0)
    assert value_of(form, sums={Measure.FOUND: found, Measure.EXAMINED: examined}) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("count", "expected"), [(0, 1.0), (1, 0.0), (7, 0.0)])
def test_new_means_that_nobody_else_has_counted(count: int, expected: float) -> None:
    """The own sightings are subtracted before; zero is left."""
    assert value_of(Novelty(KEY), sums={Measure.COUNT: count}) == expected


def test_novelty_looks_back_as_far_as_history_is_kept() -> None:
    """730 days, 365 for natural persons."""
    assert [window.days for window in schema_of(Novelty(KEY)).windows] == [730]
    assert [window.days for window in schema_of(Novelty(KeyKind.DRIVER)).windows] == [365]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(8, 10, -0.2), (10, 8, 0.2), (5, 5, 0.0), (0, 7, -1.0), (0, 0, nan), (MISSING, 4, nan)],
)
def test_a_gap_is_the_difference_over_the_greater(one: int, other: int, expected: float) -> None:
    """Between -1 and 1, missing where there is nothing to compare."""
    assert value_of(Gap(ONE, OTHER), {ONE: one, OTHER: other}) == pytest.approx(expected, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    ("mass", "total", "count", "expected"), [(30, 60, 4, 2.0), (30, 0, 0, nan), (10**9, 1, 1, 1000.0), (0, 60, 4, 0.0)]
)
def test_a_multiple_is_over_the_mean(mass: int, total: int, count: int, expected: float) -> None:
    """Mass * count / sum, at most 1,000, missing without history."""
    form = Multiple(ONE, KEY, Measure.GROSS_MASS_G, 365)
    found = value_of(form, {ONE: mass}, {Measure.GROSS_MASS_G: total, Measure.COUNT: count})
    assert found == pytest.approx(expected, rel=1e-15, nan_ok=True)


UNIT_VALUES_IN_ORDER = (UNIT_VALUES.total, UNIT_VALUES.square, UNIT_VALUES.count)


def norm(values: list[int]) -> dict[Measure, int]:
    """The sums of some log masses."""
    return {
        Measure.LOG_UNIT_MASS: sum(values),
        Measure.LOG_UNIT_MASS_SQUARE: sum(value * value for value in values),
        Measure.LOG_UNIT_MASS_COUNT: len(values),
    }


def test_a_deviation_counts_standard_deviations_from_the_mean() -> None:
    """Masses 100, 200, 300, 400, 500 have mean 300 and deviation sqrt(20000)."""
    form = Deviation(ONE, KEY, 365)
    assert value_of(form, {ONE: 500}, norm([100, 200, 300, 400, 500])) == pytest.approx(200 / sqrt(20_000), rel=1e-12)


def test_a_norm_is_of_its_own_measures() -> None:
    """A deviation of customs values reads their sums, and none of the masses'."""
    values = dict(zip(UNIT_VALUES_IN_ORDER, norm([100, 200, 300, 400, 500]).values(), strict=True))
    form = Deviation(ONE, KEY, 365, UNIT_VALUES)
    assert value_of(form, {ONE: 500}, values) == pytest.approx(200 / sqrt(20_000), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "mass", "expected"),
    [
        ([7000] * 4, 7100, nan),
        ([7000] * 5, 7100, 2.0),
        ([7000] * 5, 9000, 10.0),
        ([7000] * 5, 0, -10.0),
        ([], 7000, nan),
    ],
)
def test_a_norm_needs_five_and_has_a_least_spread_and_bounds(values: list[int], mass: int, expected: float) -> None:
    """Fewer than five say nothing; equal packages count as 5 % apart; beyond ten deviations all are alike."""
    assert value_of(Deviation(ONE, KEY, 365), {ONE: mass}, norm(values)) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (Total(Window(KEY, Measure.FOUND, 365)), "consignor_found_365d"),
        (Share(KEY, Measure.FOUND, Measure.EXAMINED, 365, 0.1, 1.0), "consignor_found_per_examined_365d"),
        (Novelty(KeyKind.CONSIGNOR_CONSIGNEE), "new_consignor_consignee"),
        (Gap(ONE, OTHER), "one_against_other"),
        (Multiple(ONE, KEY, Measure.PACKAGES, 91), "one_over_consignor_mean_91d"),
        (Deviation(ONE, KeyKind.HS6_ORIGIN, 365), "one_from_hs6_origin_norm_365d"),
    ],
)
def test_names_derive_from_definitions(form: Form, name: str) -> None:
    """The same definition has the same name everywhere."""
    assert form.name == name
