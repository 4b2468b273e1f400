"""Calibration: Platt's sigmoid and beta calibration are two cases of one formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.models.calibration import Calibration

MARGINS = st.floats(-30, 30)
PARAMETERS = st.floats(0, 5)


@given(margin=MARGINS, a=PARAMETERS, b=PARAMETERS, c=st.floats(-5, 5))
def test_beta_calibration_in_its_published_form(margin: float, a: float, b: float, c: float) -> None:
    """Slope a, bend b - a and intercept c give logit a ln(s) - b ln(1 - s) + c of s = sigmoid(margin), within 1e-9."""
    log_s, log_rest = -np.logaddexp(0, -margin), -np.logaddexp(0, margin)
    found = Calibration(a, c, b - a).log_odds(np.array([margin]))[0]
    assert abs(found - (a * log_s - b * log_rest + c)) < 1e-9


def test_sigmoid() -> None:
    """Without a bend it is Platt's sigmoid, to 1e-15, and reaches 0 and 1 without warnings."""
    margins = np.array([-800.0, -1.0, 0.0, 1.0, 800.0])
    found = Calibration(2.0, -0.5).probabilities(margins)
    assert found[[0, 4]].tolist() == [0.0, 1.0]
    assert np.allclose(found[1:4], 1 / (1 + np.exp(-(2.0 * margins[1:4] - 0.5))), rtol=1e-15, atol=0)


@given(a=PARAMETERS, b=PARAMETERS, margins=st.lists(MARGINS, min_size=2, max_size=10))
def test_order_is_kept(a: float, b: float, margins: list[float]) -> None:
    """A calibration without fault never puts a larger margin below a smaller one by more than rounding (1e-12)."""
    calibration = Calibration(a, 0.0, b - a)
    assert (np.diff(calibration.log_odds(np.sort(margins))) >= -1e-12).all() or calibration.fault()


@pytest.mark.parametrize("wrong", [Calibration(-0.1, 0.0), Calibration(1.0, 0.0, -1.1), Calibration(1.0, float("inf"))])
def test_faults_are_named(wrong: Calibration) -> None:
    """Falling or infinite calibrations have a fault, others none."""
    assert wrong.fault()
    assert not Calibration(1.0, 0.0, -1.0).fault()
