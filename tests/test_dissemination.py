"""What people are told of a selector, by its handling code."""

from __future__ import annotations

import pytest

from aftc.dissemination import in_score, to_targeter
from aftc.records import Handling, SelectorStanding
from aftc.testing import a_selector_hit

NAMED = "selector Partner Agency North/S-1 version 0"


@pytest.mark.parametrize(
    ("handling", "targeter", "score"),
    [
        (
            Handling.OPEN,
            f"{NAMED}, stated as assessment, handling H1: graded B3, matches vehicle",
            f"{NAMED}, stated as assessment, handling H1: graded B3, matches vehicle",
        ),
        (
            Handling.TARGETERS,
            f"{NAMED}, stated as assessment, handling H2: graded B3, matches vehicle",
            "a selector of Partner Agency North, stated as assessment, handling H2",
        ),
        (
            Handling.ORIGINATOR,
            f"{NAMED}, stated as assessment, handling H3: what it matches on stays with Partner Agency North",
            "a selector of Partner Agency North, stated as assessment, handling H3",
        ),
    ],
)
def test_each_code_says_no_more_than_it_may(handling: Handling, targeter: str, score: str) -> None:
    """Every line names fact or assessment and the code; what else it says is the code's."""
    hit = a_selector_hit(handling=handling)
    assert (to_targeter(hit), in_score(hit)) == (targeter, score)


def test_a_fact_is_told_as_one() -> None:
    """Fact and assessment are told apart."""
    assert "stated as fact" in in_score(a_selector_hit(standing=SelectorStanding.FACT))
