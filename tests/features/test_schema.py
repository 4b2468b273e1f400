"""The feature schema and its digests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftc.errors import InputError
from aftc.features.algebra import Fact, KeyKind
from aftc.features.catalogue import CATALOGUE, SCHEMA
from aftc.features.catalogue.row import GROSS_MASS
from aftc.features.feature import Feature
from aftc.features.forms import Gap
from aftc.features.schema import make_schema

REVISIONS = {"keys": "1"}
BASE = make_schema(CATALOGUE, revisions=REVISIONS)


def changed_fact(feature: Feature) -> Feature:
    """A feature whose fact has another meaning under the same name."""
    assert isinstance(feature.form, Fact)
    return replace(feature, form=replace(feature.form, revision=feature.form.revision + 1))


@pytest.mark.parametrize(
    ("features", "same_layout"),
    [
        ((replace(CATALOGUE[0], officer="Other words {value}"), *CATALOGUE[1:]), True),
        ((replace(CATALOGUE[0], monotone=1), *CATALOGUE[1:]), True),
        (CATALOGUE[1:], False),
        (CATALOGUE[::-1], False),
        ((changed_fact(CATALOGUE[0]), *CATALOGUE[1:]), False),
    ],
    ids=["other words", "other direction", "fewer", "reordered", "other meaning"],
)
def test_any_change_of_a_definition_changes_the_digest(features: tuple[Feature, ...], same_layout: bool) -> None:
    """A model is refused with another schema; a store only where the facts that its lake holds are others."""
    changed = make_schema(features, revisions=REVISIONS)
    assert changed.digest != BASE.digest
    assert (changed.layout == BASE.layout) is same_layout


def test_a_changed_meaning_of_keys_changes_the_layout_too() -> None:
    """What history is made of binds the state and the lake."""
    changed = make_schema(CATALOGUE, revisions={"keys": "2"})
    assert changed.digest != BASE.digest
    assert changed.layout != BASE.layout


def test_the_same_catalogue_has_the_same_digest() -> None:
    """The digest depends on definitions alone."""
    assert make_schema(CATALOGUE, revisions=REVISIONS).digest == BASE.digest


def test_a_name_twice_is_refused() -> None:
    """Two features or facts of one name would be one column for two meanings."""
    with pytest.raises(InputError, match="each feature once, found mode"):
        make_schema((*CATALOGUE, CATALOGUE[0]), revisions={})
    namesake = replace(GROSS_MASS, high=5)
    gap = replace(CATALOGUE[0], form=Gap(namesake, namesake))
    with pytest.raises(InputError, match="each fact once, found gross_mass_g"):
        make_schema((*CATALOGUE, gap), revisions={})
    with pytest.raises(InputError, match="at least one feature, found none"):
        make_schema((), revisions={})


def test_window_tables_are_in_the_order_of_the_windows() -> None:
    """Sums come by kind, days and measure; each kind knows its own."""
    for kind in KeyKind:
        first, last = SCHEMA.tables.first[kind], SCHEMA.tables.first[kind + 1]
        windows = SCHEMA.windows[first:last]
        assert all(window.key is kind for window in windows)
        assert [window.days for window in windows] == SCHEMA.tables.days[first:last].tolist()
        assert [window.measure for window in windows] == SCHEMA.tables.measure[first:last].tolist()
        assert np.all(np.diff(SCHEMA.tables.days[first:last]) >= 0)


def test_columns_for_models_follow_the_vector() -> None:
    """Names, categorical sizes and directions are as many as the features."""
    assert len(SCHEMA.names) == len(SCHEMA.categorical_sizes) == len(SCHEMA.monotone) == len(SCHEMA.features)
    sizes = dict(zip(SCHEMA.names, SCHEMA.categorical_sizes, strict=True))
    assert sizes["mode"] == 6
    assert sizes["hs_chapter"] == 100
    assert sizes["packages"] == 0
    assert set(SCHEMA.monotone) == {-1, 0, 1}
