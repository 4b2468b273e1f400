"""Rows of tables: every unit, clock, role and label, what is flagged and what is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from aftc.clock import DAY, parse_instant
from aftc.errors import MalformedMessage
from aftc.records import DeclaredValue, EntrySummary, Examination, OutcomeKind, Party, SelectionReason, Threat, UnitKind
from aftc.streams import read
from aftc.streams.table_row import parse

DECLARED: dict[str, Any] = {"text": "2026-03-01", "column": "Date", "format": "%Y-%m-%d", "zone": "Asia/Seoul"}
END_OF_DAY = parse_instant("2026-03-01T23:59:59+09:00")


def _row(part: str, cells: dict[str, Any], **more: Any) -> bytes:
    known = {"reference": {"text": "7", "column": "No"}, "declared": DECLARED}
    tree = {"messageType": "tableRow", "table": "history", "mapping": "ab", "part": part, "cells": known | cells}
    return msgspec.json.encode(tree | more)


def _entry(**cells: Any) -> EntrySummary:
    (record,) = read(
        _row("declaration", {name.replace("__", "."): cell for name, cell in cells.items()}), limit_bytes=9_999
    ).records
    assert isinstance(record, EntrySummary)
    return record


def _outcome(*labels: str | None, **cells: Any) -> Examination:
    recorded = {"recorded": {"text": "14", "unit": "days"}}
    finds = [{"text": "1", "column": "Label"} | ({} if each is None else {"means": each}) for each in labels]
    (record,) = parse(_row("outcome", recorded | cells, finds=finds))
    assert isinstance(record, Examination)
    return record


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [
        ("20.7", "kg", 20_700),
        ("500", "g", 500),
        ("1.25", "t", 1_250_000),
        ("1", "lb", 454),
        ("1e3", "kg", 1_000_000),
        ("0.0015", "kg", 2),
    ],
)
def test_masses_become_whole_grams(text: str, unit: str, grams: int) -> None:
    """Every unit gives grams, to the nearest one, an exact half to the even one."""
    entry = _entry(grossMass={"text": text, "column": "Mass", "unit": unit})
    assert (entry.items[0].gross_mass_g, entry.flags) == (grams, ())


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"text": "12 kg", "unit": "kg"}, "not a mass in kg"),
        ({"text": "12,5", "unit": "kg"}, "not a mass in kg"),
        ({"text": "-1", "unit": "kg"}, "negative mass"),
        ({"text": "NaN", "unit": "kg"}, "not a mass in kg"),
        ({"text": "1e30", "unit": "kg"}, "heavier than can be"),
        ({"text": "1", "unit": "stone"}, "a mass in an unknown unit"),
    ],
)
def test_an_unreadable_mass_costs_itself(cell: dict[str, Any], words: str) -> None:
    """A bad mass is None and a flag that names its column and quotes it."""
    entry = _entry(grossMass={"column": "Mass", **cell})
    assert entry.items[0].gross_mass_g is None
    assert entry.flags == (f"Mass: {words}: '{cell['text']}'",)


def test_a_decimal_comma_is_read_where_the_mapping_says_so() -> None:
    """12,5 kg is 12,500 g with a decimal comma."""
    assert _entry(grossMass={"text": "12,5", "unit": "kg", "decimal": ","}).items[0].gross_mass_g == 12_500


def test_values_are_thousandths_of_their_currency() -> None:
    """A value keeps its currency; one that is none of three letters is a flag."""
    assert _entry(value={"text": "372254.4", "unit": "KRW"}).items[0].customs_value == DeclaredValue(372_254_400, "KRW")
    assert _entry(value={"text": "1", "unit": "won", "column": "Price"}).flags == (
        "Price: a value in no currency of three letters: '1'",
    )


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ({"text": "2026-03-01T09:20:00Z"}, "2026-03-01T09:20:00Z"),
        ({"text": "2026-03-01T09:20:00.5+09:00"}, "2026-03-01T00:20:00.5Z"),
        ({"text": "2026-03-01 09:20", "zone": "Asia/Seoul"}, "2026-03-01T00:20:00Z"),
        ({"text": "2026-03-01", "zone": "Asia/Seoul"}, "2026-03-01T14:59:59Z"),
        ({"text": "2026-03-01", "zone": "Asia/Seoul", "time": "09:00"}, "2026-03-01T00:00:00Z"),
        ({"text": "01/03/2026 09:20", "format": "%d/%m/%Y %H:%M", "zone": "Europe/London"}, "2026-03-01T09:20:00Z"),
        ({"text": "20260301", "format": "%Y%m%d", "zone": "UTC"}, "2026-03-01T23:59:59Z"),
        ({"text": "2026-03-01 09:20 +0900", "format": "%Y-%m-%d %H:%M %z"}, "2026-03-01T00:20:00Z"),
    ],
)
def test_clocks_become_instants(cell: dict[str, str], instant: str) -> None:
    """Times with and without zones, and dates alone, which are the last second of their day."""
    assert _entry(declared=cell).declared_at == parse_instant(instant)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ({"text": "01/02/2026"}, "not a date or time as 2026-03-01 or 2026-03-01T09:20:00Z: '01/02/2026'"),
        ({"text": "2026-02-30", "zone": "UTC"}, "no such date or time: '2026-02-30'"),
        ({"text": "2026-03-01"}, "a time without a zone: '2026-03-01'"),
        ({"text": "2026-03-01", "zone": "Moon/Sea"}, "a time without a zone: '2026-03-01'"),
        ({"text": "1 Mar 2026", "format": "%d %b %Y", "zone": "UTC"}, "a clock of an unknown format: '1 Mar 2026'"),
        ({"text": "0001-01-01T00:00:00+14:00", "time": "x"}, None),
    ],
)
def test_an_unreadable_clock_refuses_the_row(cell: dict[str, str], found: str | None) -> None:
    """A row that cannot be dated is refused, with what came; the year 1 is a date all the same."""
    if found is None:
        assert (_entry(declared=cell).declared_at or 0) < 0
        return
    with pytest.raises(MalformedMessage) as refused:
        _entry(declared={"column": "Date", **cell})
    assert refused.value.expected == "a date or time in Date"
    assert refused.value.found == found


def test_an_hour_that_occurs_twice_is_flagged() -> None:
    """At the end of summer time the first reading is taken, and a flag names the column and the zone."""
    entry = _entry(declared={"text": "2026-10-25 01:30", "column": "Lodged", "zone": "Europe/London"})
    assert entry.declared_at == parse_instant("2026-10-25T00:30:00Z")
    assert entry.flags[0].startswith("Lodged: ambiguous or skipped hour in Europe/London")


def test_codes_of_a_table_stay_its_own() -> None:
    """The table's name stands before numbers and codes of its own; an MRN and an EORI stay as they are."""
    entry = _entry(consignee__code={"text": "QLR"}, declarant__eori={"text": "GB1"}, carrier__name={"text": "A Line"})
    assert (entry.mrn, entry.lrn, entry.message_id) == ("history/7", None, "history/7")
    assert entry.consignee == Party(eori="history/QLR")
    assert entry.declarant == Party(eori="GB1")
    assert entry.carrier == Party(name="A Line")
    assert entry.notify is None
    assert _entry(mrn={"text": "26GB00000000000001"}).mrn == "26GB00000000000001"


def test_a_translation_that_the_mapping_lacks_is_flagged() -> None:
    """A content that the mapping's table does not have is never guessed at."""
    assert _entry(mode={"text": "40", "means": "4"}).transport_mode == "4"
    entry = _entry(mode={"text": "77", "column": "Mode", "means": ""})
    assert (entry.transport_mode, entry.flags) == (None, ("Mode: no value that the mapping knows: '77'",))


def test_commodity_codes_lose_their_points() -> None:
    """Grouped codes are taken as digits; words are not."""
    assert _entry(hsCode={"text": "0803.90 10"}).items[0].hs_code == "08039010"
    assert _entry(hsCode={"text": "bananas", "column": "HS"}).flags == (
        "HS: not a commodity code of 4 to 10 digits: 'bananas'",
    )


def test_lost_characters_are_flagged() -> None:
    """A text that the table's character set could not give is kept, and doubted."""
    entry = _entry(description={"text": "caf\ufffd", "column": "Goods"})
    assert entry.items[0].description == "caf\ufffd"
    assert entry.flags == ("Goods: characters that were lost: 'caf\ufffd'",)


def test_a_find_names_its_consignment_and_each_threat_once() -> None:
    """Two columns that find the same and one that finds nothing give one find, in the row's own consignment."""
    outcome = _outcome("cocaine", "nothing", "cocaine")
    assert outcome.outcome is OutcomeKind.POSITIVE
    assert [(each.threat, each.consignment) for each in outcome.finds] == [(Threat.COCAINE, "history/7")]
    assert outcome.consignments == ("history/7",)
    assert (outcome.unit.kind, outcome.unit.number) == (UnitKind.CONSIGNMENT, "history/7")


def test_an_outcome_is_known_after_its_declaration() -> None:
    """Days count from when the declaration was known; the selection follows the declaration at once."""
    outcome = _outcome("nothing")
    assert outcome.outcome is OutcomeKind.NEGATIVE
    assert outcome.recorded_at == END_OF_DAY + 14 * DAY
    assert outcome.selection.issued_at == END_OF_DAY + 1


def test_dates_of_one_day_keep_their_order() -> None:
    """An outcome dated on the day of its declaration is known after it."""
    outcome = _outcome("nothing", recorded=DECLARED)
    assert outcome.recorded_at == END_OF_DAY + 999_999


def test_an_unknown_chance_weighs_nothing_and_says_so() -> None:
    """Without a probability 1 stands for it, under an unknown reason, and a flag tells."""
    outcome = _outcome("nothing")
    assert outcome.selection.reasons == (SelectionReason("unknown", 1.0, True),)
    assert outcome.flags == ("selection/combined: unknown, 1 stands for it",)
    known = _outcome("nothing", probability={"text": "0.05"}, reason={"text": "R", "means": "random"})
    assert known.selection.reasons == (SelectionReason("random", 0.05, True),)
    assert (known.selection.combined, known.flags) == (0.05, ())


@pytest.mark.parametrize(
    ("labels", "cells", "expected"),
    [
        ((), {}, "a label"),
        (("",), {}, "a label of the mapping in Label"),
        ((None,), {}, "a label of the mapping in Label"),
        (("any",), {}, "a label of the mapping in Label"),
        (
            ("nothing",),
            {"examined": {"text": "perhaps", "column": "Done", "means": ""}},
            "whether it was examined in Done",
        ),
        (("nothing",), {"probability": {"text": "0", "column": "P"}}, "a probability in P"),
        (("nothing",), {"probability": {"text": "5 %", "column": "P"}}, "a probability in P"),
        (("nothing",), {"recorded": {"text": "2026-02-28", "zone": "UTC"}}, "recorded when its declaration was known"),
        (("nothing",), {"recorded": {"text": "soon", "column": "Result"}}, "a date or time in Result"),
        (("nothing",), {"recorded": {"text": "-1", "unit": "days"}}, "a number of days"),
        (("nothing",), {"selected": {"text": "?", "column": "Sel"}}, "a date or time in Sel"),
        (("nothing",), {"reference": {"text": ""}}, "the number of the declaration in reference, found an empty cell"),
    ],
)
def test_a_doubtful_label_is_refused(labels: tuple[str | None, ...], cells: dict[str, Any], expected: str) -> None:
    """What a label, its weight or its clock rests on is there and readable, or the outcome is refused."""
    with pytest.raises(MalformedMessage, match=expected):
        _outcome(*labels, **cells)


def test_a_broken_line_tells_what_was_wrong_when_it_came() -> None:
    """The message of a broken line is refused in the words noted with it."""
    raw = _row("broken", {}, expected="3 cells, as the header has", found="2 cells", line="a,b")
    with pytest.raises(MalformedMessage, match="3 cells, as the header has, found 2 cells"):
        read(raw, limit_bytes=9_999)


def test_unknown_cells_are_flagged() -> None:
    """A cell that is for nothing costs nothing and is named."""
    assert _entry(colour={"text": "red"}).flags == ("colour: unknown field",)
