"""Detections and selectors: what must not be guessed is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from aftc.errors import MalformedMessage
from aftc.records import ConditionKind, Detection, Selector
from aftc.streams import detection, selector
from aftc.streams.selector import PROTECTED
from aftc.testing import a_detection, a_selector
from tests.streams.test_own_formats import SCHEMAS


def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def _detection(**changes: Any) -> Detection:
    message = json.loads(detection.build(a_detection())) | changes
    left = {name: value for name, value in message.items() if value is not None}
    (read,) = detection.parse(json.dumps(left).encode())
    return read


def _selector(*conditions: dict[str, Any]) -> Selector:
    message = json.loads(selector.build(a_selector())) | {"conditions": conditions}
    (read,) = selector.parse(json.dumps(message).encode())
    return read


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"selection": None}, "the selection that directed it, found none"),
        ({"cause": "routine"}, "no selection of what is routine, found EX-1"),
        ({"unit": None}, "a unit or an MRN that was tried, found neither"),
        ({"means": "hunch"}, "Invalid enum value 'hunch'"),
        ({"confidence": 101}, "`int` <= 100"),
    ],
)
def test_a_detection_says_of_what_and_why(changes: dict[str, Any], words: str) -> None:
    """What would leave it open whether a selection caused it, or what was tried, is refused by parser and schema."""
    with pytest.raises(MalformedMessage, match=words):
        _detection(**changes)
    message = json.loads(detection.build(a_detection())) | changes
    with pytest.raises(ValidationError):
        _schema("detection").validate({name: value for name, value in message.items() if value is not None})


@pytest.mark.parametrize("kind", [*sorted(PROTECTED), "Sexual Orientation", "NATIONALITY", "date-of-birth"])
def test_protected_characteristics_are_refused_with_the_reason(kind: str) -> None:
    """However it is written, and whatever stands beside it."""
    with pytest.raises(MalformedMessage, match="no protected characteristic of persons") as refused:
        _selector({"kind": "eori", "value": "GB123456789000"}, {"kind": kind, "value": "any"})
    assert kind in str(refused.value)
    message = json.loads(selector.build(a_selector())) | {"conditions": [{"kind": kind, "value": "any"}]}
    with pytest.raises(ValidationError):
        _schema("selector").validate(message)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([{"kind": "heading", "value": "0803"}], "a heading with a route"),
        ([{"kind": "route", "value": "FRCQF-GBDVR"}], "a heading with a route"),
        ([{"kind": "heading", "value": "08"}, {"kind": "eori", "value": "GB1"}], r"a heading of the form \[0-9\]"),
        ([{"kind": "route", "value": "Calais"}, {"kind": "eori", "value": "GB1"}], "a route of the form"),
        ([{"kind": "party", "value": "Harbour Fruit"}], "a party's country, and its postcode or city"),
        ([{"kind": "account", "value": "ACC-1"}], "the operator whose account it is"),
        ([{"kind": "tattoo", "value": "x"}], "a kind of condition among eori, party"),
        ([], "`array` of length >= 1"),
    ],
)
def test_conditions_name_somebody_or_something(conditions: list[dict[str, Any]], words: str) -> None:
    """Whole trades, bare names and unknown kinds are refused by parser and schema."""
    with pytest.raises(MalformedMessage, match=words):
        _selector(*conditions)
    with pytest.raises(ValidationError):
        _schema("selector").validate(json.loads(selector.build(a_selector())) | {"conditions": conditions})


def test_no_kind_of_condition_is_a_protected_one() -> None:
    """The vocabulary itself names none."""
    assert not {kind.value for kind in ConditionKind} & {each.casefold() for each in PROTECTED}
