"""Goods Movement References: the haulier's body, the port interface's views, flags and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage, OversizeMessage
from aftc.records import CrossingStage, DeclarationReference, GoodsMovement
from aftc.streams import gmr

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "gmr"

BODY: dict[str, Any] = {
    "gmrId": "GMRI000023KN",
    "direction": "UK_INBOUND",
    "isUnaccompanied": False,
    "vehicleRegNum": "AB12 CDE",
    "trailerRegistrationNums": ["A1234567"],
    "haulierEori": "GB123456789000",
    "state": "CHECKED_IN",
    "plannedCrossing": {"routeId": "101", "localDateTimeOfDeparture": "2026-07-01T10:00"},
    "checkedInCrossing": {"routeId": "101", "localDateTimeOfArrival": "2026-07-01T10:30"},
    "customsDeclarations": [
        {"customsDeclarationId": "26GB1", "sAndSMasterRefNum": "26GB2"},
        {"customsDeclarationId": "0GB123456789000-1"},
    ],
    "transitDeclarations": [{"transitDeclarationId": "26FR1", "isTSAD": True}],
    "metadata": {
        "updatedDateTime": "2026-06-30T08:00:00.123Z",
        "inspectionRequired": True,
        "reportToLocations": [
            {"inspectionTypeId": "1", "locationIds": ["L1", "L2"]},
            {"inspectionTypeId": "2", "locationIds": ["L2"]},
        ],
    },
}


def _parse(**changes: Any) -> GoodsMovement:
    (movement,) = gmr.parse(json.dumps(BODY | changes).encode())
    return movement


def test_a_hauliers_body_is_read() -> None:
    """Every field of the record; the departure in Calais's clock and the arrival in Dover's, an hour apart."""
    assert _parse() == GoodsMovement(
        gmr_id="GMRI000023KN",
        updated_at=parse_instant("2026-06-30T08:00:00.123Z"),
        state="CHECKED_IN",
        direction="UK_INBOUND",
        unaccompanied=False,
        vehicle="AB12 CDE",
        trailers=("A1234567",),
        containers=(),
        haulier_eori="GB123456789000",
        route_id="101",
        crossing_stage=CrossingStage.CHECKED_IN,
        departure=parse_instant("2026-07-01T08:00:00Z"),
        arrival=parse_instant("2026-07-01T09:30:00Z"),
        declarations=(
            DeclarationReference("customs", "26GB1", "26GB2"),
            DeclarationReference("customs", "0GB123456789000-1"),
            DeclarationReference("transit", "26FR1"),
        ),
        inspection_required=True,
        report_to=("L1", "L2"),
        flags=(),
    )


def test_the_most_certain_crossing_wins() -> None:
    """An actual crossing gives stage, route and arrival; a time of another route is not borrowed."""
    movement = _parse(actualCrossing={"routeId": "102", "localDateTimeOfArrival": "2026-07-01T11:00"})
    assert (movement.crossing_stage, movement.route_id) == (CrossingStage.ACTUAL, "102")
    assert (movement.departure, movement.arrival) == (None, parse_instant("2026-07-01T10:00:00Z"))


def test_a_view_gives_one_record_for_each_movement() -> None:
    """An array is read in order; its fields at the top level count before those of the metadata."""
    first = {"gmrId": "GMRA00000001", "isUnaccompanied": True, "inspectionRequired": False}
    second = {"gmrId": "GMRA00000002", "isUnaccompanied": False, "metadata": {"inspectionRequired": True}}
    movements = gmr.parse(json.dumps([first, second]).encode())
    assert [each.gmr_id for each in movements] == ["GMRA00000001", "GMRA00000002"]
    assert [each.inspection_required for each in movements] == [False, True]
    assert [each.flags for each in movements] == [(), ()]


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"vehicleRegNum": 12}, "vehicleRegNum: not a text: '12'"),
        ({"trailerRegistrationNums": "A1"}, "trailerRegistrationNums: not an array: 'A1'"),
        ({"trailerRegistrationNums": ["A1", 3]}, "trailerRegistrationNums: not a text: '3'"),
        ({"metadata": []}, "metadata: not an object: an array"),
        ({"customsDeclarations": ["26GB1"]}, "customsDeclarations[1]: not an object: '26GB1'"),
        ({"inspectionRequired": "yes"}, "inspectionRequired: not true or false: 'yes'"),
        ({"updatedDateTime": "2026-06-30"}, "updatedDateTime: not a time as 2026-03-01T09:20:00Z: '2026-06-30'"),
        ({"updatedDateTime": "2026-02-30T00:00:00Z"}, "updatedDateTime: no such date or time: '2026-02-30T00:00:00Z'"),
        ({"haulierEori": "G" * 101}, "haulierEori: longer than 100 characters: 'GGG"),
    ],
)
def test_an_unreadable_value_is_flagged(changes: dict[str, Any], flag: str) -> None:
    """One bad value costs that value alone."""
    flags = _parse(**changes).flags
    assert len(flags) == 1
    assert flags[0].startswith(flag)


@pytest.mark.parametrize(
    ("crossing", "flag"),
    [
        ({"routeId": "999", "localDateTimeOfArrival": "2026-07-01T10:30"}, "routeId: unknown route"),
        ({"localDateTimeOfArrival": "2026-07-01T10:30"}, "routeId: unknown route"),
        (
            {"routeId": "101", "localDateTimeOfArrival": "2026-07-01T10:30Z"},
            "actualCrossing/localDateTimeOfArrival: not a local time as 2026-03-01T09:20: '2026-07-01T10:30Z'",
        ),
        (
            {"routeId": "101", "localDateTimeOfArrival": "2026-10-25T01:30"},
            "actualCrossing/localDateTimeOfArrival: ambiguous or skipped hour in Europe/London",
        ),
    ],
)
def test_doubtful_times_are_flagged(crossing: dict[str, Any], flag: str) -> None:
    """An unknown route is read by London's clock; a time with a zone where none belongs is not read."""
    body = {"gmrId": "GMRA00000001", "isUnaccompanied": True, "actualCrossing": crossing}
    (movement,) = gmr.parse(json.dumps(body).encode())
    assert len(movement.flags) == 1
    assert movement.flags[0].startswith(flag)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"isUnaccompanied": true, "actualCrossing": {}}', "a readable gmrId at $"),
        (b'{"gmrId": "GMRA00000001"}', "a readable isUnaccompanied at $"),
        (b'{"gmrId": "GMRA00000001", "isUnaccompanied": "no"}', "a readable isUnaccompanied at $"),
        (b'[{"gmrId": "A", "isUnaccompanied": true}, {"gmrId": 5}]', "a readable gmrId at $[1]"),
        (b"[]", "at least one goods movement"),
        (b"[1]", "an object at $[0]"),
        (b'"GMRA00000001"', "an object at $"),
        (b'{"gmrId": "GMRA', "JSON in UTF-8"),
        (b'{"gmrId": NaN}', "JSON in UTF-8"),
        (b'{"gmrId": "A\\u0000B"}', "texts without control characters"),
    ],
)
def test_what_cannot_be_a_movement_is_refused(raw: bytes, expected: str) -> None:
    """A movement without its id, or whose kind of unit is unknown, is quarantined; so is broken JSON."""
    with pytest.raises(MalformedMessage) as refused:
        gmr.parse(raw)
    assert refused.value.expected == expected


def test_nested_json_is_refused() -> None:
    """Thirty-two levels are read, more are refused wherever they are read, and the stack is never at risk."""
    for depth in (31, 32, 900, 100_000):
        raw = b'{"gmrId":"G","isUnaccompanied":true,"x":' + b"[" * depth + b"]" * depth + b"}"
        if depth < 32:
            assert gmr.parse(raw)[0].flags == ()
        else:
            with pytest.raises(OversizeMessage, match="JSON of at most 32 levels"):
                gmr.parse(raw)


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b'{"gmrId": "GMRA00000001"}', True),
        (b'[{"plannedCrossing": {}}]', True),
        (b'{"definitions": {"gmrId": {"type": "string"}}}', False),
        (b'{"$schema": "x", "plannedCrossing": {}}', False),
        (b'{"routes": [{"routeId": "4"}]}', False),
        (b'gmrId": "GMRA00000001"', False),
    ],
)
def test_recognition(head: bytes, known: bool) -> None:
    """Bodies and views are recognised; schemas and reference data are not."""
    assert gmr.sniff(head) is known


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
def test_the_published_examples_are_read() -> None:
    """The three views give four movements each; only the route that the project does not know is flagged."""
    flagged = []
    for name in ("checked-in-gmrs-for-departure", "controlled-gmrs-for-arrival", "controlled-gmrs-for-departure"):
        raw = (SAMPLES / "examples" / f"get-{name}.json").read_bytes()
        assert gmr.sniff(raw)
        movements = gmr.parse(raw)
        assert len(movements) == 4
        flagged += [each.flags for each in movements if each.flags]
    assert flagged == [("routeId: unknown route, its times are read in Europe/London: '19'",)]
