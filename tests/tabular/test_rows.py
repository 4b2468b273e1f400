"""Rows made messages: what a table says is what the records say, whatever its contents."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.clock import DAY, parse_instant
from aftc.errors import InputError, MalformedMessage, MessageError
from aftc.records import EntrySummary, Examination, OutcomeKind, Party, SelectionReason, Threat
from aftc.streams import read
from aftc.tabular import BrokenLine, Mapping, RowWriter
from tests.streams.valid_values import UNHURRIED
from tests.tabular.a_mapping import HEADER, MAPPING, mapping_of

LIMIT = 10_000_000
ROW = {
    "No": "A 1",
    "Lodged": "2026-03-01",
    "Mode": "sea",
    "HS": "80390",
    "Origin": "CO",
    "Kilos": "108.0",
    "Worth": "12.5",
    "Money": "EUR",
    "Buyer": "K9",
    "Goods": " fresh \t bananas\n",
    "Checked": "Y",
    "Result": "coke",
    "Seen": "2026-03-01",
    "P": "0.25",
}


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    """The mapping of these tests."""
    return mapping_of(tmp_path_factory.mktemp("mapping"))


def _records(mapping: Mapping, **changed: str) -> list[EntrySummary | Examination]:
    writer = RowWriter(mapping)
    row = ROW | changed
    messages = list(writer.messages([row[name] for name in writer.columns]))
    return [read(each.raw, limit_bytes=LIMIT).records[0] for each in messages]  # type: ignore[misc]  # a row gives no other


def test_a_row_is_a_declaration_and_an_outcome(mapping: Mapping) -> None:
    """Every mapped cell arrives in its field, in the house's units."""
    entry, outcome = _records(mapping)
    assert isinstance(entry, EntrySummary)
    assert isinstance(outcome, Examination)
    goods = entry.items[0]
    assert (entry.mrn, entry.transport_mode, entry.consignee) == ("port/A 1", "1", Party(eori="port/K9"))
    assert (goods.hs_code, goods.origin_country, goods.gross_mass_g) == ("080390", "CO", 108_000)
    assert goods.description == "fresh bananas"
    assert goods.customs_value is not None
    assert (goods.customs_value.thousandths, goods.customs_value.currency) == (12_500, "EUR")
    assert entry.flags == outcome.flags == ()
    assert [each.threat for each in outcome.finds] == [Threat.COCAINE]
    assert outcome.selection.reasons == (SelectionReason("random", 0.25, True),)
    assert outcome.consignments == (entry.mrn,)


def test_messages_are_known_when_the_row_says(mapping: Mapping) -> None:
    """A date alone is the end of its day there, an outcome of that day comes after the declaration."""
    writer = RowWriter(mapping)
    declared, recorded = (each.known_at for each in writer.messages([ROW[name] for name in writer.columns]))
    assert declared == parse_instant("2026-03-01T23:59:59Z")
    assert recorded == declared + 999_999


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"Checked": "N"}, 1),
        ({"Checked": "", "Result": "coke"}, 1),
        ({"Checked": "Y", "Result": "none"}, 2),
    ],
)
def test_only_what_was_examined_has_an_outcome(mapping: Mapping, changed: dict[str, str], kinds: int) -> None:
    """A label in a row that was not examined is none."""
    assert len(_records(mapping, **changed)) == kinds


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"No": "-"}, "the number of the declaration"),
        ({"No": "D\udcff"}, "characters that were lost"),
        ({"Lodged": "soon"}, "a date or time in Lodged"),
        ({"Checked": "perhaps"}, "whether it was examined in Checked"),
        ({"Result": "?"}, r"a label of the mapping in Result, found '\?'"),
        ({"Result": ""}, "a label in Result, found an empty cell"),
        ({"P": "0"}, "a probability in P"),
        ({"Seen": "2026-02-01"}, "recorded when its declaration was known"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(mapping: Mapping, changed: dict[str, str], error: str) -> None:
    """The reader refuses the message in words that name the column and quote what came."""
    with pytest.raises(MessageError, match=error):
        _records(mapping, **changed)


def test_every_row_examined_is_a_draw_that_always_fires(tmp_path: Path) -> None:
    """Without a selection to undo, the weight is 1 and every row is in the random stratum."""
    head = MAPPING.partition("[outcome]")[0]
    rest = '[outcome]\nfinds = [{ column = "Result", means = { coke = "cocaine", none = "nothing" } }]\n'
    every = head + rest + 'recorded_after_days = 7\n[selection]\nexamined = "every row"\n'
    entry, outcome = _records(mapping_of(tmp_path, every), Result="none")
    assert isinstance(entry, EntrySummary)
    assert isinstance(outcome, Examination)
    assert outcome.outcome is OutcomeKind.NEGATIVE
    assert outcome.selection.reasons == (SelectionReason("random", 1.0, True),)
    assert outcome.recorded_at == (entry.declared_at or 0) + 7 * DAY
    labelled = every.replace("every row", "labelled rows") + 'probability = "unknown"\n'
    assert len(_records(mapping_of(tmp_path, labelled), Result="")) == 1
    (_, outcome) = _records(mapping_of(tmp_path, labelled))
    assert outcome.flags == ("selection/combined: unknown, 1 stands for it",)


def test_a_number_may_stand_in_several_columns(tmp_path: Path) -> None:
    """An office and its own count together name a declaration; without one of them nothing does."""
    both = mapping_of(tmp_path, MAPPING.replace('reference = "No"', 'reference = ["Origin", "No"]'))
    entry = _records(both)[0]
    assert isinstance(entry, EntrySummary)
    assert entry.mrn == "port/CO/A 1"
    with pytest.raises(MessageError, match="the number of the declaration"):
        _records(both, Origin="")


def test_the_same_row_is_the_same_bytes_under_one_mapping(mapping: Mapping, tmp_path: Path) -> None:
    """Spaces and columns that are not mapped do not count; another mapping does."""
    writer = RowWriter(mapping)
    other = RowWriter(mapping_of(tmp_path, MAPPING.replace('unit = "kg"', 'unit = "t"')))
    row = [ROW[name] for name in writer.columns]
    spaced = [f" {each} " for each in row]
    assert list(writer.messages(row)) == list(writer.messages(spaced))
    assert {each.raw for each in writer.messages(row)}.isdisjoint(each.raw for each in other.messages(row))


@given(row=st.lists(st.text(max_size=40), min_size=len(HEADER), max_size=len(HEADER)))
@UNHURRIED
def test_any_contents_are_taken_or_refused(mapping: Mapping, row: list[str]) -> None:
    """Whatever a table holds, each message is read or refused as a row, and gives the same message again."""
    writer = RowWriter(mapping)
    for message in writer.messages(row[: len(writer.columns)]):
        assert message in list(writer.messages(row[: len(writer.columns)]))
        assert _stream(message.raw) == "table_row"


def _stream(raw: bytes) -> str:
    """The stream that recognised a message, whether it could be read or is malformed."""
    try:
        return read(raw, limit_bytes=LIMIT).stream
    except MalformedMessage as error:
        return error.stream


VISIBLE = st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffd")
TEXTS = st.text(VISIBLE, min_size=1, max_size=30).filter(lambda text: text != "-")


@given(
    number=TEXTS,
    grams=st.integers(0, 10**12),
    pence=st.integers(0, 10**12),
    buyer=TEXTS,
    goods=TEXTS,
    chance=st.integers(1, 1_000),
    found=st.booleans(),
)
@UNHURRIED
def test_what_a_row_says_its_records_say(
    mapping: Mapping, number: str, grams: int, pence: int, buyer: str, goods: str, chance: int, found: bool
) -> None:
    """A round trip: values written as a table would, read back exactly."""
    written = {
        "No": number,
        "Kilos": f"{grams / 1000:.3f}",
        "Worth": f"{pence / 100:.2f}",
        "Buyer": buyer,
        "Goods": goods,
        "P": str(chance / 1_000),
        "Result": "coke" if found else "none",
    }
    entry, outcome = _records(mapping, **written)
    assert isinstance(entry, EntrySummary)
    assert isinstance(outcome, Examination)
    item = entry.items[0]
    assert entry.mrn == f"port/{number}"
    assert item.gross_mass_g == grams
    assert item.customs_value is not None
    assert item.customs_value.thousandths == pence * 10
    assert (item.description, entry.consignee) == (goods, Party(eori=f"port/{buyer}"))
    assert outcome.selection.combined == chance / 1_000
    assert bool(outcome.finds) is found


def test_a_broken_line_is_a_message_of_its_own(mapping: Mapping) -> None:
    """It has no clock, keeps the line, and is refused with what was wrong."""
    (message,) = RowWriter(mapping).messages(BrokenLine("14 cells", "3 cells", "a,b,c"))
    assert message.known_at is None
    assert b'"line":"a,b,c"' in message.raw
    with pytest.raises(MessageError, match="expected 14 cells, found 3 cells"):
        read(message.raw, limit_bytes=LIMIT)


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ([each for each in HEADER if each != "Kilos"], "the column 'Kilos' once, found the columns No, Lodged"),
        ([each if each != "Lodged" else "lodged" for each in HEADER], "did you mean 'lodged'"),
        ([*HEADER, "HS"], "the column 'HS' once, found it 2 times"),
    ],
)
def test_a_mapping_that_does_not_fit_a_header_is_refused(mapping: Mapping, header: list[str], error: str) -> None:
    """A column that is not there, or there twice, is named, with what there is and what was perhaps meant."""
    with pytest.raises(InputError, match=error):
        RowWriter(mapping).check(header, "table.csv")
