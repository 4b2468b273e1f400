"""`aftc quarantine`: listed, shown, counted, exported and retried as a person types it."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from aftc.clock import HOUR, format_instant
from aftc.config import Settings
from aftc.history.journal import Journal
from aftc.records import Message
from aftc.streams import STREAMS, ens, ferry_booking
from aftc.testing import ARRIVAL, a_booking, a_roro_entry
from serving.ingest import Ingest
from tests.serving.test_commands import Shell

AFTC = Path(sys.executable).with_name("aftc")
BOOKING, ENTRY = ferry_booking.build(a_booking()), ens.build(a_roro_entry())
STEERING = b"<CC315A>\x1b[31m\r\nsecond\xff line\x07\n</CC315A>"
MESSAGES = (
    (ENTRY, "entry.xml"),
    (ENTRY[:300], "cut.xml"),
    (STEERING, "\x1b]0;title\x07.xml"),
    (BOOKING, "=HYPERLINK.json"),
    (b"\x01\x02 noise", "noise.bin"),
    (b"{" + b" " * 10_000_000, "large.json"),
)


@pytest.fixture
def quarantined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of six messages, an hour apart, of which one was read; bookings were not read yet."""
    with monkeypatch.context() as yesterday:
        yesterday.delitem(STREAMS, "ferry_booking")
        with Ingest(Settings(store=tmp_path / "store")) as ingest:
            for _ in ingest.take(Message(raw, ARRIVAL + n * HOUR, name) for n, (raw, name) in enumerate(MESSAGES)):
                pass
    return tmp_path / "store"


@pytest.fixture
def shell(quarantined: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell over that store."""
    return Shell(quarantined, capsys)


def test_a_list_tells_what_where_and_why(shell: Shell) -> None:
    """Newest first, with number, time, stream, reason, stage, digest, size, what was expected and found."""
    told = shell.json("quarantine", "list")
    assert told["total"] == 5
    assert [each["sequence"] for each in told["messages"]] == [6, 5, 4, 3, 2]
    cut = told["messages"][-1]
    assert cut["found"].startswith(("Premature end", "Couldn't find end"))
    del cut["found"]
    assert cut == {
        "sequence": 2,
        "known_at": format_instant(ARRIVAL + HOUR),
        "source": "cut.xml",
        "digest": sha256(ENTRY[:300]).hexdigest(),
        "size": 300,
        "stream": "ens",
        "reason": "malformed",
        "stage": "streams",
        "expected": "well-formed XML",
        "advice": "send the whole message again",
        "retried_as": None,
    }
    text = shell.text("quarantine", "list")
    assert "cut.xml" in text
    assert "5 messages in quarantine" in text


@pytest.mark.parametrize(
    ("conditions", "numbers"),
    [
        (("--reason", "malformed"), [3, 2]),
        (("--reason", "unknown"), [5, 4]),
        (("--stream", "ens"), [3, 2]),
        (("--stream", "unrecognised"), [6, 5, 4]),
        (("--stream", "gmr"), []),
        (("--since", format_instant(ARRIVAL + 4 * HOUR)), [6, 5]),
        (("--since", "2026-02-04"), []),
        (("--limit", "2"), [6, 5]),
        (("--limit", "0"), []),
        (("--reason", "oversize", "--stream", "unrecognised"), [6]),
    ],
)
def test_a_list_can_be_narrowed(shell: Shell, conditions: tuple[str, ...], numbers: list[int]) -> None:
    """By reason, stream, time and number, and by several of them at once."""
    told = shell.json("quarantine", "list", *conditions)
    assert [each["sequence"] for each in told["messages"]] == numbers


def test_counts_by_reason_stream_and_cause(shell: Shell) -> None:
    """Each message is counted once by each."""
    told = shell.json("quarantine", "count")
    assert told["total"] == 5
    assert told["quarantined_by_reason"] == {"malformed": 2, "unknown format": 2, "oversize": 1}
    assert told["quarantined_by_stream"] == {"unrecognised": 3, "ens": 2}
    assert {(each["stream"], each["words"], each["count"]) for each in told["quarantined_by_cause"]} == {
        ("ens", "well-formed XML", 2),
        ("unrecognised", "JSON of messageType ferryBooking", 1),
        ("unrecognised", "binary content", 1),
        ("unrecognised", "at most N bytes", 1),
    }
    assert "2  ens, malformed: well-formed XML" in shell.text("quarantine", "count", "--stream", "ens")


def test_bytes_are_shown_and_steer_nothing(shell: Shell) -> None:
    """Control characters and broken UTF-8 come as escapes, in the bytes and in the name of the file."""
    told = shell.text("quarantine", "show", 3)
    assert "\x1b" not in told
    assert "\x07" not in told
    assert "| <CC315A>\\x1b[31m\n| second\\xff line\\x07\n| </CC315A>" in told
    assert "source      \\x1b]0;title\\x07.xml" in told
    assert "today       still refused: expected well-formed XML" in told
    told = shell.json("quarantine", "show", 3)
    assert told["text"] == "<CC315A>\\x1b[31m\\r\\nsecond\\xff line\\x07\\n</CC315A>"
    assert "today       can be read as ferry_booking: retry it" in shell.text("quarantine", "show", 4)


def test_of_a_large_message_the_beginning_is_shown(shell: Shell) -> None:
    """Ten megabytes are not printed; how much is left is said."""
    told = shell.text("quarantine", "show", 6)
    assert len(told) < 6_000
    assert "9,996,001 bytes more: --raw FILE" in told


def test_raw_bytes_go_to_a_new_file_alone(shell: Shell, tmp_path: Path) -> None:
    """Unchanged, and never over what is there."""
    shell.text("quarantine", "show", 3, "--raw", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == STEERING
    assert "a file that is not there yet" in shell.refused("quarantine", "show", 5, "--raw", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == STEERING


def test_a_list_is_exported_without_formulas(shell: Shell, tmp_path: Path) -> None:
    """All rows and columns; a name that a spreadsheet would run gets an apostrophe."""
    told = shell.json("quarantine", "list", "--csv", tmp_path / "q.csv")
    assert (told["total"], told["rows"]) == (5, 5)
    with (tmp_path / "q.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["sequence"]: row for row in csv.DictReader(file)}
    assert rows["4"]["source"] == "'=HYPERLINK.json"
    assert rows["3"]["source"] == "\\x1b]0;title\\x07.xml"
    assert rows["2"]["digest"] == sha256(ENTRY[:300]).hexdigest()
    assert "a file that is not there yet" in shell.refused("quarantine", "list", "--csv", tmp_path / "q.csv")
    assert "2 rows in" in shell.text("quarantine", "list", "--limit", 2, "--csv", tmp_path / "two.csv")


def test_a_retry_takes_what_can_be_read_now(shell: Shell, quarantined: Path) -> None:
    """All of them are read again, one is taken; the list names its new number, and a second retry finds it taken."""
    told = shell.json("quarantine", "retry", "--all")
    assert (told["retried"], told["taken"], told["still_refused"], told["taken_before"]) == (5, 1, 4, 0)
    assert {"sequence": 4, "result": "taken", "numbers": [7], "expected": "", "found": ""} in told["messages"]
    (row,) = (each for each in shell.json("quarantine", "list")["messages"] if each["sequence"] == 4)
    assert row["retried_as"] == 7
    assert "taken before as 7" in shell.text("quarantine", "retry", 4)
    assert "0 taken, 4 still refused" in shell.text("quarantine", "retry", "--all", status=1)
    assert Journal(quarantined / "journal").last()[0] == 7


def test_a_retry_can_be_narrowed(shell: Shell) -> None:
    """By the conditions of the list."""
    assert shell.json("quarantine", "retry", "--all", "--stream", "ens", status=1)["retried"] == 2
    assert shell.json("quarantine", "retry", "--all", "--stream", "gmr")["retried"] == 0
    assert shell.json("quarantine", "retry", 4, 4)["retried"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "1"), "1: expected a message in quarantine, found none of this number"),
        (("retry", "99"), "99: expected a message in quarantine"),
        (("retry",), "ID..., or --all, found neither"),
        (("retry", "4", "--all"), "ID..., or --all, found both"),
        (("retry", "4", "--stream", "ens"), "ID... alone, or --all with conditions"),
    ],
)
def test_a_mistake_is_one_line(shell: Shell, words: tuple[str, ...], told: str) -> None:
    """What a person can mend is said in one line with status 2."""
    assert told in shell.refused("quarantine", *words)


@pytest.mark.parametrize("words", [("list",), ("count",), ("show", "1"), ("retry", "--all")])
def test_without_a_store_none_is_made(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty folder stays empty, and the next step is named."""
    assert "run 'aftc ingest" in Shell(tmp_path / "none", capsys).refused("quarantine", *words)
    assert not (tmp_path / "none").exists()


def test_a_retry_waits_for_no_writer(shell: Shell, quarantined: Path) -> None:
    """While an ingest holds the store a retry is refused with advice; looking is possible all the time."""
    command = [str(AFTC), "ingest", "--follow", "--store", str(quarantined), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        assert "as they come" in process.stderr.readline()
        assert "to be the one writer of this store, found another process" in shell.refused("quarantine", "retry", 4)
        assert shell.json("quarantine", "count")["total"] == 5
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert shell.json("quarantine", "retry", 4)["taken"] == 1


def test_ingest_counts_by_reason_and_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reply of an ingest accounts for every part of every file, and counts refusals as the quarantine does."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "entry.xml").write_bytes(ENTRY)
    (folder / "cut.xml").write_bytes(ENTRY[:300])
    (folder / "day.jsonl").write_bytes(BOOKING + b'\n{"messageType": "ferryBooking"}\n' + BOOKING + b"\n[5]")
    (folder / "README.md").write_text("words")
    shell = Shell(tmp_path / "store", capsys)
    told = json.loads(shell.text("ingest", folder, "--json"))
    assert (told["files"], told["parts"]) == (4, 7)
    assert told["taken"] + told["quarantined"] + told["skipped"] == told["parts"]
    assert told["taken_by_stream"] == {"ens": 1, "ferry_booking": 1}
    assert told["quarantined_by_reason"] == {"malformed": 2, "unknown format": 1}
    assert told["quarantined_by_stream"] == {"ens": 1, "ferry_booking": 1, "unrecognised": 1}
    assert {Path(each["source"]).name for each in told["quarantine"]} == {"cut.xml", "day.jsonl!2", "day.jsonl!4"}
    counted = shell.json("quarantine", "count")
    assert counted["quarantined_by_cause"] == told["quarantined_by_cause"]
    assert "0 taken" in shell.text("ingest", folder)
