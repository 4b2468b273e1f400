"""Spool: which files are messages, when each was received, in which order they are taken."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest

from aftc.clock import parse_instant
from aftc.errors import InputError
from aftc.records import Message
from aftc.streams.spool import SpoolFile, load, order, scan

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
NOW = parse_instant("2026-03-02T00:00:00Z")


def _write(folder: Path, **contents: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")


def test_a_folder_is_walked_and_dated(tmp_path: Path) -> None:
    """Messages at every depth, each with the known-at of the sidecar beside it, its digest and its size."""
    _write(tmp_path, a__xml="<a/>", received__csv="file,received\na.xml,2026-03-01T09:00:00+01:00\n")
    _write(tmp_path / "deep" / "er", b__edi="UNH")
    first, second, sidecar = sorted(scan([tmp_path]), key=lambda each: each.path.suffix, reverse=True)[0:3]
    assert (first.path.name, first.known_at) == ("a.xml", parse_instant("2026-03-01T08:00:00Z"))
    assert (first.digest, first.size) == (hashlib.sha256(b"<a/>").digest(), 4)
    assert (second.path.name, second.known_at, second.skipped) == ("b.edi", None, None)
    assert (sidecar.path.name, sidecar.skipped) == ("received.csv", "the sidecar of received times")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("schema.xsd", "<x/>", "an XML schema"),
        ("case.ctl", "<x/>", "a control file of expected errors"),
        ("api.yaml", "a: 1", "an API description"),
        ("README.md", "# hello", "documentation or a licence"),
        ("notes.md", "# hello", "documentation"),
        ("LICENSE", "Apache", "documentation or a licence"),
        ("LICENSE-MIT", "MIT", "documentation or a licence"),
        ("licence.txt", "MIT", "documentation or a licence"),
        (".gitignore", "x", "a hidden file"),
        ("upload.part", "<CC315", "a file still being written"),
        ("view.json", '{"$schema": "http://json-schema.org/draft-07/schema#"}', "a JSON Schema"),
        ("view.json", '{"title": "x",\n "$schema": "http://json-schema.org/draft-07/schema#"}', "a JSON Schema"),
        ("reference.json", '{"routes": []}', None),
        ("message.txt", "UNB+", None),
        ("empty.xml", "", None),
        ("other.csv", "a,b", None),
        ("licensed_goods.xml", "<x/>", None),
    ],
)
def test_what_is_no_message_says_why(tmp_path: Path, name: str, content: str, why: str | None) -> None:
    """Schemas, control files, descriptions, licences are skipped with a reason; anything else is a message."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    (found,) = scan([tmp_path])
    assert found.skipped == why
    assert bool(found.digest) == (why is None)


def test_what_is_no_file_says_why(tmp_path: Path) -> None:
    """A pipe is never opened, and a link to nothing is not read."""
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nothing")
    reasons = {each.path.name: each.skipped for each in scan([tmp_path])}
    assert reasons == {"pipe.xml": "not a regular file", "gone.xml": "cannot be read: No such file or directory"}


def test_overlapping_paths_give_each_file_once(tmp_path: Path) -> None:
    """A folder, a file in it and a link to that file are one message, dated by the sidecar beside it."""
    _write(tmp_path / "in", a__xml="<a/>", received__csv="file,received\na.xml,2026-03-01T09:00:00Z\n")
    (tmp_path / "link.xml").symlink_to(tmp_path / "in" / "a.xml")
    (found,) = [each for each in scan([tmp_path / "in" / "a.xml", tmp_path]) if not each.skipped]
    assert found.known_at == parse_instant("2026-03-01T09:00:00Z")


def test_folders_that_link_to_themselves_end(tmp_path: Path) -> None:
    """Links to folders are not followed."""
    _write(tmp_path, a__xml="<a/>")
    (tmp_path / "again").symlink_to(tmp_path)
    assert [each.path.name for each in scan([tmp_path])] == ["a.xml"]


def test_a_path_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    """A wrong path is said at once, before anything is read."""
    with pytest.raises(InputError, match="nothing at"):
        scan([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("sidecar", "words"),
    [
        ("file,received\na.xml,yesterday\n", "received as an RFC 3339 time with its zone"),
        ("file,received\na.xml,2026-03-01T09:00:00\n", "received as an RFC 3339 time with its zone"),
        ("name,time\na.xml,2026-03-01T09:00:00Z\n", "file and received in line 2"),
        ("file,received\na.xml\n", "file and received in line 2"),
        ('file,received\n"a.xml,2026', "a CSV table of file and received"),
    ],
)
def test_a_sidecar_that_cannot_be_read_stops_the_scan(tmp_path: Path, sidecar: str, words: str) -> None:
    """A wrong known-at would bend the timeline for good, so it is the caller's to put right."""
    _write(tmp_path, a__xml="<a/>", received__csv=sidecar)
    with pytest.raises(InputError, match=words):
        scan([tmp_path])


def test_messages_are_taken_by_known_at_then_digest() -> None:
    """What no sidecar dates is received now; equal times are told apart by digest; skipped files are left out."""
    files = [
        SpoolFile("undated", None, None, b"\x01"),
        SpoolFile("late", NOW + 1, None, b"\x00"),
        SpoolFile("skipped", NOW - 9, "a licence"),
        SpoolFile("second", NOW - 5, None, b"\x02"),
        SpoolFile("first", NOW - 5, None, b"\x01"),
    ]
    taken = order(files, NOW)
    assert [each.path.name for each in taken] == ["first", "second", "undated", "late"]
    assert taken[2].known_at == NOW
    assert order(reversed(files), NOW) == taken


def test_bytes_are_read_when_taken_and_only_as_scanned(tmp_path: Path) -> None:
    """The message carries bytes, known-at and source; a file that changed or went since the scan is not taken."""
    _write(tmp_path, a__xml="<a/>")
    (found,) = scan([tmp_path])
    assert load(found, NOW) == Message(b"<a/>", NOW, str(tmp_path / "a.xml"))
    (tmp_path / "a.xml").write_text("<b/>")
    with pytest.raises(InputError, match="as scanned, found other bytes"):
        load(found, NOW)
    (tmp_path / "a.xml").unlink()
    with pytest.raises(InputError, match="as scanned, found No such file"):
        load(found, NOW)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
def test_every_sample_is_accounted_for() -> None:
    """Of the files beside the ENS messages, 592 are messages; control files, schemas and a licence are none."""
    found = scan([SAMPLES / "ens"])
    assert Counter(each.skipped for each in found) == {
        None: 592,
        "a control file of expected errors": 582,
        "an XML schema": 16,
        "documentation or a licence": 1,
    }
    reasons = {f"{each.path.parent.name}/{each.path.name}": each.skipped for each in scan([SAMPLES / "gmr"])}
    assert reasons["schemas/properties.json"] == "a JSON Schema"
    assert [name for name, why in sorted(reasons.items()) if why is None] == [
        "examples/get-checked-in-gmrs-for-departure.json",
        "examples/get-controlled-gmrs-for-arrival.json",
        "examples/get-controlled-gmrs-for-departure.json",
        "examples/get-reference-data.json",
        "gmr/test-gvms-reference-data.json",
    ]
