"""The terms of a policy."""

from __future__ import annotations

import pytest

from aftc.errors import InputError
from training.rehearsal.plan import Plan


@pytest.mark.parametrize(
    "given", [{"capacity": 0.0}, {"random_share": 1.1}, {"warm_up": 0}, {"largest_weight": 0.5}, {"rounds": 0}]
)
def test_terms_outside_their_range_are_refused(given: dict[str, float]) -> None:
    """Each term is held to its range when the plan is made."""
    with pytest.raises(InputError, match="from"):
        Plan(**given)  # type: ignore[arg-type]  # one wrong value at a time
