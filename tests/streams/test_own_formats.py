"""The project's own JSON: strict types, tolerated strangers, schemas that say what the parsers do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aftc.errors import InputError, MalformedMessage, OversizeMessage
from aftc.records import FerryBooking, FerryCheckIn
from aftc.streams import (
    detection,
    ferry_booking,
    ferry_check_in,
    ferry_departure,
    outcome,
    party_merge,
    selector,
)
from aftc.testing import a_booking, an_examination
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
MODULES = {
    "ferry_booking": ferry_booking,
    "ferry_check_in": ferry_check_in,
    "ferry_departure": ferry_departure,
    "outcome": outcome,
    "party_merge": party_merge,
    "detection": detection,
    "selector": selector,
}
NAMES = sorted(MODULES)


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _built(name: str, record: Any) -> bytes:
    raw: bytes = MODULES[name].build(record)
    return raw


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one(name: str) -> None:
    """The schemas satisfy their own dialect, and describe every field."""
    Draft202012Validator.check_schema(_schema(name))
    assert all("description" in each for each in _schema(name)["properties"].values())


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(UNHURRIED)
def test_what_is_written_satisfies_its_schema(name: str, data: st.DataObject) -> None:
    """Every message that a valid record gives is valid by the published schema, with nothing left undescribed."""
    message = json.loads(_built(name, data.draw(RECORDS[name])))
    schema = _schema(name) | {"unevaluatedProperties": False}
    Draft202012Validator(schema).validate(message)


@pytest.mark.parametrize("name", NAMES)
def test_schema_and_parser_demand_the_same_fields(name: str) -> None:
    """The wire type and the schema name the same fields and require the same ones."""
    module = MODULES[name]
    (wire,) = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__struct_config__.tag_field
    ]
    described, schema = msgspec.json.schema(wire), _schema(name)
    own = next(each for each in described["$defs"].values() if "messageType" in each["properties"])
    assert set(schema["properties"]) == set(own["properties"])
    assert set(schema["required"]) == set(own["required"])


def test_the_units_of_a_departure_are_those_of_its_schema() -> None:
    """Of each unit, schema and wire type name the same fields, demand the same and allow the same reasons."""
    schema = _schema("ferry_departure")["properties"]["units"]["items"]
    (wire,) = [each for each in vars(ferry_departure).values() if getattr(each, "__name__", "") == "_Unit"]
    own = msgspec.json.schema(wire)["$defs"]["_Unit"]
    assert set(schema["properties"]) == set(own["properties"])
    assert set(schema["required"]) == set(own["required"])
    reasons = own["properties"]["leftBecause"]["anyOf"][0]["enum"]
    assert schema["properties"]["leftBecause"]["enum"] == reasons


def _changed(record: FerryBooking | FerryCheckIn, **changes: Any) -> tuple[Any, ...]:
    name = "ferry_booking" if isinstance(record, FerryBooking) else "ferry_check_in"
    message = json.loads(_built(name, record)) | changes
    parsed: tuple[Any, ...] = MODULES[name].parse(json.dumps(message).encode())
    return parsed


@pytest.mark.parametrize(
    ("changes", "expected", "found"),
    [
        ({"amendment": "1"}, "`int` at $.amendment", "`str`"),
        ({"amendment": 1.5}, "`int` at $.amendment", "`float`"),
        ({"amendment": True}, "`int` at $.amendment", "`bool`"),
        ({"unaccompanied": 0}, "`bool` at $.unaccompanied", "`int`"),
        ({"operator": None}, "`str` at $.operator", "`null`"),
        ({"trailers": "T1"}, "`array` at $.trailers", "`str`"),
        ({"trailers": [1]}, "`str` at $.trailers[0]", "`int`"),
        ({"booker": "Harbour Fruit"}, "`object | null` at $.booker", "`str`"),
    ],
)
def test_types_are_strict(changes: dict[str, Any], expected: str, found: str) -> None:
    """A value of another type is refused by its place; nothing is guessed."""
    with pytest.raises(MalformedMessage) as refused:
        _changed(a_booking(), **changes)
    assert (refused.value.expected, refused.value.found) == (expected, found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amendment": -1}, "`int` >= 0 at [$].amendment, found another value"),
        ({"grossMassG": 10**16}, "`int` <= 1000000000000000 at [$].grossMassG"),
        ({"operator": ""}, "`str` of length >= 1 at [$].operator"),
        ({"operator": "x" * 101}, "`str` of length <= 100 at [$].operator"),
        ({"departure": "2026-03-01T09:20:00"}, "`datetime` with a timezone component at [$].departure"),
        ({"departure": "2026-02-30T09:20:00Z"}, "Invalid RFC3339 encoded datetime - at `[$].departure`"),
        ({"departure": "tomorrow"}, "Invalid RFC3339 encoded datetime - at `[$].departure`"),
        ({"booker": {"country": "gb"}}, "`str` matching regex .* at [$].booker.country"),
        ({"goodsDescription": "a\u0000b"}, "texts without control characters"),
        ({"goodsDescription": "a\nb"}, "texts without control characters"),
        ({"goodsDescription": "a\u007fb"}, "texts without control characters"),
        ({"goodsDescription": "a\\\n"}, "texts without control characters"),
        ({"messageType": "ferryCheckIn"}, "Invalid value 'ferryCheckIn' - at `[$].messageType`"),
    ],
)
def test_ranges_are_strict(changes: dict[str, Any], words: str) -> None:
    """What is out of range, without a zone or with control characters is refused by its place."""
    with pytest.raises(MalformedMessage, match=words):
        _changed(a_booking(), **changes)


def test_a_missing_field_is_named() -> None:
    """A message without a mandatory field is refused with that field's name."""
    with pytest.raises(MalformedMessage, match="missing required field `bookingReference`"):
        ferry_booking.parse(b'{"messageType":"ferryBooking"}')


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"messageType":"ferryBooking","amendment":NaN}',
        b'{"messageType":"ferryBooking","amendment":Infinity}',
        b'{"messageType":"ferryBooking","operator":"\xff"}',
        b'{"messageType":"ferryBooking","operator":"\x01"}',
        b'{"messageType":"ferryBooking","operator":"\\ud800"}',
        '{"messageType":"ferryBooking"}'.encode("utf-16"),
        ferry_booking.build(a_booking()) + b" and more",
        ferry_booking.build(a_booking())[:-1],
    ],
)
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    """Broken JSON, NaN, other encodings, cuts and trailing text are refused as such."""
    with pytest.raises(MalformedMessage, match="expected JSON in UTF-8"):
        ferry_booking.parse(raw)


def test_an_escaped_backslash_is_no_control_character() -> None:
    """A backslash before an n, two characters, is text; only what decodes to a control character is refused."""
    (booking,) = _changed(a_booking(), goodsDescription="C:\\new \\\\temp")
    assert booking.goods_description == "C:\\new \\\\temp"


def test_unknown_fields_are_tolerated_and_flagged() -> None:
    """Strangers at every level are named; what is known is read as ever."""
    booker = {"name": "Harbour Fruit Ltd", "phone": "1"}
    (booking,) = _changed(a_booking(), colour="red", booker=booker)
    assert booking.flags == ("booker/phone: unknown field", "colour: unknown field")
    assert booking.booker.name == "Harbour Fruit Ltd"
    message = json.loads(_built("outcome", an_examination()))
    message["selection"]["reasons"][0]["why"] = "?"
    (examination,) = outcome.parse(json.dumps(message).encode())
    assert examination.flags == ("selection/reasons[1]/why: unknown field",)


def test_nested_json_is_refused() -> None:
    """A hundred brackets in a field that nobody knows are too deep, and a hundred thousand are no more."""
    sound = ferry_booking.build(a_booking())[:-1]
    for depth in (100, 100_000):
        with pytest.raises(OversizeMessage, match="JSON of at most 32 levels"):
            ferry_booking.parse(sound + b',"x":' + b"[" * depth + b"]" * depth + b"}")


def test_a_time_that_no_calendar_holds_is_the_callers_error() -> None:
    """Writing refuses an instant outside the years 1 to 9999."""
    with pytest.raises(InputError, match="an instant within the years 1 to 9999"):
        ferry_booking.build(a_booking(departure=10**18))
