"""Signs: rates of what conduct shows."""

from __future__ import annotations

import numpy as np
import pytest

from training.world.networks import METHODS
from training.world.signs import CLEAN, Marks, Sign, Signs
from training.world.threats import Method

_SIGN = Sign("something", 0.1, 0.3, {Method.RIP_ON: 0.5})


def _rate(method: int, polish: float) -> float:
    return float(_SIGN.rates(Marks(np.array([method]), np.array([polish])))[0])


def test_each_method_shows_its_own_rate() -> None:
    """What has no scheme shows the honest rate, a scheme the usual one, and a method that differs its own."""
    assert _rate(CLEAN, 0.0) == pytest.approx(0.1)
    assert _rate(METHODS.index(Method.BUILT_IN), 0.0) == pytest.approx(0.3)
    assert _rate(METHODS.index(Method.RIP_ON), 0.0) == pytest.approx(0.5)


def test_polish_hides_signs() -> None:
    """Half the polish shows half of the difference, all of it none; the honest have nothing to hide."""
    rip_on = METHODS.index(Method.RIP_ON)
    assert [_rate(rip_on, polish) for polish in (0.0, 0.5, 1.0)] == pytest.approx([0.5, 0.3, 0.1])
    assert _rate(CLEAN, 1.0) == pytest.approx(0.1)


def test_no_sign_is_proof() -> None:
    """Every share is between 0 and 1, no scheme always shows a sign, and all but one occur among the honest too."""
    never = []
    for sign in Signs.every():
        assert sign.words
        rates = (sign.honest, sign.scheme, *sign.methods.values())
        if "(share)" in sign.words:
            assert all(0 <= rate < 0.8 for rate in rates)
        else:
            assert min(rates) > 0
        never += [sign] if sign.honest == 0 else []
    assert never == [Signs.CASH]  # it comes on top of hauliers' habit of paying in cash


def test_every_sign_is_listed_once() -> None:
    """The list holds all signs of the class, each with words of its own and other rates with a scheme than without."""
    every = Signs.every()
    assert len(every) == sum(isinstance(each, Sign) for each in vars(Signs).values()) > 20
    assert len({sign.words for sign in every}) == len(every)
    assert all(sign.scheme != sign.honest for sign in every)
