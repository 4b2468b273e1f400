"""Shares of `any`: shrunken to an even share, weighted, without the rows that are in doubt."""

from __future__ import annotations

import numpy as np
import pytest

from training.labels import FOUND, NOT_FOUND, UNKNOWN
from training.shares import PSEUDO_FINDS, shrunken_share

EVEN = 1 / 7


def test_without_finds_every_threat_has_an_even_share() -> None:
    """Seven threats share what nobody has seen."""
    nothing = np.full(5, NOT_FOUND, dtype=np.int8)
    assert shrunken_share(nothing, nothing, np.ones(5)) == EVEN


@pytest.mark.parametrize(("finds", "of"), [(0, 10), (5, 10), (10, 10), (150, 280)])
def test_the_share_is_shrunken(finds: int, of: int) -> None:
    """(finds + 20 / 7) / (all + 20)."""
    threat = np.where(np.arange(of) < finds, FOUND, NOT_FOUND).astype(np.int8)
    share = shrunken_share(threat, np.full(of, FOUND, dtype=np.int8), np.full(of, 3.0))
    assert share == pytest.approx((finds + PSEUDO_FINDS * EVEN) / (of + PSEUDO_FINDS))


def test_doubtful_rows_and_rows_without_a_find_do_not_count() -> None:
    """Only finds of any threat whose kind is known enter."""
    threat = np.array([FOUND, UNKNOWN, NOT_FOUND], dtype=np.int8)
    any_threat = np.array([FOUND, FOUND, NOT_FOUND], dtype=np.int8)
    expected = (1 + PSEUDO_FINDS * EVEN) / (1 + PSEUDO_FINDS)
    assert shrunken_share(threat, any_threat, np.ones(3)) == pytest.approx(expected)


def test_rarely_selected_finds_weigh_more() -> None:
    """A find that stands for nine raises its threat's share."""
    threat = np.array([FOUND, NOT_FOUND], dtype=np.int8)
    both = np.full(2, FOUND, dtype=np.int8)
    share = shrunken_share(threat, both, np.array([9.0, 1.0]))
    assert share == pytest.approx((1.8 + PSEUDO_FINDS * EVEN) / (2 + PSEUDO_FINDS))
