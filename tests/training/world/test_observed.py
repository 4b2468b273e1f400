"""What a week's papers show, as columns."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from training.world.cast import Cast
from training.world.consignments import NOBODY
from training.world.observed import CATEGORICAL, KEYS, Observer
from training.world.simulation import Week


def test_columns_hold_no_truth(small_cast: Cast, small_weeks: list[Week]) -> None:
    """With another truth, other networks and other legacy scores behind the same papers, every column is the same."""
    arrivals = small_weeks[1].arrivals
    schemes = arrivals.schemes
    blank = replace(
        schemes,
        threat=np.full_like(schemes.threat, -1),
        hand=np.full_like(schemes.hand, -1),
        p=np.zeros_like(schemes.p),
        y=np.zeros_like(schemes.y),
    )
    innocent = replace(
        arrivals,
        schemes=blank,
        marks=replace(arrivals.marks, method=np.full_like(arrivals.marks.method, -1)),
        network=np.full_like(arrivals.network, -1),
        scores=np.zeros_like(arrivals.scores),
    )
    observer = Observer(small_cast)
    first, second = observer.show(arrivals), observer.show(innocent)
    for field in fields(first):
        assert np.array_equal(getattr(first, field.name), getattr(second, field.name), equal_nan=True)


def test_every_consignment_has_a_row(small_cast: Cast, small_weeks: list[Week]) -> None:
    """One row a consignment in every family; codes are whole; an empty movement has no goods, prices nor parties."""
    observer = Observer(small_cast)
    for week in small_weeks:
        shown, consignments = observer.show(week.arrivals), week.arrivals.traffic.consignments
        count = len(consignments.unit)
        assert {len(getattr(shown, field.name)) for field in fields(shown)} == {count}
        codes = shown.raw[:, list(CATEGORICAL)]
        assert np.array_equal(codes, np.rint(codes))
        empty = consignments.commodity == NOBODY
        assert empty.any()
        assert (shown.goods[empty] == -1).all()
        assert np.isnan(shown.ratios[empty]).all()
        assert not np.isnan(shown.ratios[~empty]).any()
        assert (
            shown.keys[empty][:, [KEYS.index(name) for name in ("consignor", "consignee", "forwarder")]] == -1
        ).all()


def test_codes_mean_the_same_in_every_week(small_cast: Cast, small_weeks: list[Week]) -> None:
    """A country or a place has one code over the run: consignors keep theirs from week to week."""
    observer = Observer(small_cast)
    known: dict[int, float] = {}
    for week in small_weeks:
        countries = observer.show(week.arrivals).raw[:, 2]
        for consignor, country in zip(week.arrivals.traffic.consignments.consignor.tolist(), countries, strict=True):
            assert known.setdefault(consignor, country) == country


def test_keys_tell_different_goods_tuples_apart(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Equal goods tuples have equal keys and different ones different keys."""
    arrivals = small_weeks[0].arrivals
    shown = Observer(small_cast).show(arrivals)
    tuples = list(
        zip(
            arrivals.paperwork.commodity.tolist(),
            shown.raw[:, 2].tolist(),
            arrivals.paperwork.entry_packages.tolist(),
            strict=True,
        )
    )
    laden = shown.exact >= 0
    kept = [each for each, is_laden in zip(tuples, laden.tolist(), strict=True) if is_laden]
    assert (
        len(set(kept))
        == len(set(shown.exact[laden].tolist()))
        == len(set(zip(kept, shown.exact[laden].tolist(), strict=True)))
    )
