"""Outcomes: labels rest on them, so contradictions are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aftc.errors import MalformedMessage
from aftc.records import Examination
from aftc.streams import outcome
from aftc.testing import an_examination

FIND = {"threat": "cocaine", "consignment": "NSEA123456"}
POSITIVE: dict[str, Any] = {"outcome": "positive", "finds": [FIND], "consignments": ["NSEA123456"]}


def _parse(**changes: Any) -> Examination:
    message = {**json.loads(outcome.build(an_examination())), "outcome": "negative", "finds": []} | changes
    (examination,) = outcome.parse(json.dumps(message).encode())
    return examination


def _selection(*reasons: tuple[str, float, bool], combined: float) -> dict[str, Any]:
    return {
        "issuedAt": "2026-02-03T04:00:00Z",
        "reasons": [{"reason": name, "probability": chance, "fired": fired} for name, chance, fired in reasons],
        "combined": combined,
    }


def test_reasons_are_kept_exactly() -> None:
    """Every reason considered, fired or not, with its probability to the last bit."""
    selection = _selection(("rule", 0.1, True), ("random", 1 / 3, False), combined=1 - 0.9 * (2 / 3))
    found = _parse(selection=selection).selection
    assert [(each.reason, each.probability, each.fired) for each in found.reasons] == [
        ("rule", 0.1, True),
        ("random", 1 / 3, False),
    ]


@pytest.mark.parametrize(
    ("combined", "taken"), [(0.28, True), (0.28 + 9e-7, True), (0.28 - 9e-7, True), (0.28 + 2e-6, False), (0.3, False)]
)
def test_probabilities_must_combine(combined: float, taken: bool) -> None:
    """1 - (1 - 0.1)(1 - 0.2) = 0.28, within 1e-6."""
    selection = _selection(("rule", 0.1, True), ("random", 0.2, False), combined=combined)
    if taken:
        assert _parse(selection=selection).flags == ()
        return
    with pytest.raises(MalformedMessage, match=r"1 - prod\(1 - probability\) = 0.280000000"):
        _parse(selection=selection)


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (_selection(("rule", -0.1, True), combined=0.1), "`float` >= 0.0 at [$].selection.reasons"),
        (_selection(("rule", 1.1, True), combined=1.0), "`float` <= 1.0 at [$].selection.reasons"),
        (_selection(("hunch", 0.1, True), combined=0.1), "Invalid enum value 'hunch'"),
        (_selection(("rule", 0.0, True), combined=0.0), "a probability above 0 for the reason rule that fired"),
        (_selection(combined=0.0), "`array` of length >= 1"),
    ],
)
def test_impossible_reasons_are_refused(selection: dict[str, Any], words: str) -> None:
    """Probabilities lie within 0 and 1, what fired had a chance, and a reason is one of the five."""
    with pytest.raises(MalformedMessage, match=words):
        _parse(selection=selection)


def test_a_probability_that_is_not_a_number_is_refused() -> None:
    """NaN and infinity are no JSON, and a number beyond a double is none either."""
    raw = outcome.build(an_examination())
    for bad in (b"NaN", b"Infinity", b"1e999"):
        with pytest.raises(MalformedMessage):
            outcome.parse(raw.replace(b'"combined":', b'"combined":' + bad + b',"was":'))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "positive"}, "at least one find with the outcome positive, found 0 finds"),
        ({"finds": [FIND]}, "no find with the outcome negative, found 1 finds"),
        ({"outcome": "no_show", "finds": [FIND]}, "no find with the outcome no_show"),
        ({**POSITIVE, "finds": [{"threat": "any"}]}, "the threat that was found"),
        ({**POSITIVE, "finds": [{"threat": "wine"}]}, "Invalid enum value 'wine'"),
        ({"outcome": "lost"}, "Invalid enum value 'lost'"),
        ({"unit": {"kind": "train", "number": "1"}}, "Invalid enum value 'train'"),
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any], words: str) -> None:
    """A positive names what was found, and nothing else does."""
    with pytest.raises(MalformedMessage, match=words):
        _parse(**changes)
