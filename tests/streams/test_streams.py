"""The contract of every stream: what it writes it reads, and no bytes make it raise anything but `MessageError`."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.errors import MalformedMessage, MessageError, OversizeMessage, UnknownFormat
from aftc.streams import STREAMS, read
from aftc.streams.quality import doubted
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED

LIMIT = 10_000_000
NAMES = sorted(STREAMS)
XML_STREAMS = (
    "cds_import",
    "cds_notification",
    "ens",
    "ens_intervention",
    "ens_response",
    "ncts_transit",
    "xfwb",
    "xfzb",
    "xffm",
)
EDIFACT_STREAMS = ("baplie", "coprar", "cuscar")
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def _build(name: str, record: object) -> bytes:
    raw: bytes = importlib.import_module(f"aftc.streams.{name}").build(record)
    return raw


def test_every_stream_is_registered_under_its_module_and_tried_here() -> None:
    """The registry, the modules and the random records name the same streams."""
    assert sorted(RECORDS) == NAMES
    assert [importlib.import_module(f"aftc.streams.{name}").NAME for name in NAMES] == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(UNHURRIED)
def test_what_a_stream_writes_it_reads(name: str, data: st.DataObject) -> None:
    """A valid record, written and recognised again, is the same record, with no flag but its doubts."""
    record = data.draw(RECORDS[name])
    reading = read(_build(name, record), limit_bytes=LIMIT)
    assert reading.stream == name
    assert reading.records == (doubted(name, record),)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(UNHURRIED, max_examples=60)
def test_broken_messages_raise_message_errors_alone(name: str, data: st.DataObject) -> None:
    """Flipped bytes, cuts and repeats of a valid message are read or refused, and nothing else happens."""
    raw = bytearray(_build(name, data.draw(RECORDS[name])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw))) :]
    _read_or_refuse(name, bytes(raw))


ODD_JSON: st.SearchStrategy[Any] = st.sampled_from(
    (None, True, 0, -1, 10**30, 1e308, "", "x" * 3_000, [], {}, [[]], [None], "0001-01-01T00:00:00+14:00", "2026-02-30")
)


def _replaced_in_json(raw: bytes, data: st.DataObject) -> bytes:
    tree = json.loads(raw)
    place = tree
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = data.draw(ODD_JSON)
            return json.dumps(tree).encode()
        place = place[key]


def _replaced_in_xml(raw: bytes, data: st.DataObject) -> bytes:
    texts = list(re.finditer(r">([^<]+)<", raw.decode()))
    start, end = data.draw(st.sampled_from(texts)).span(1)
    odd = data.draw(st.sampled_from(("", " ", "x" * 3_000, "-1", "1e5", "٣", "000101010000", "999912312359", "<a/>")))
    return (raw.decode()[:start] + odd + raw.decode()[end:]).encode()


def _shuffled_edifact(raw: bytes, data: st.DataObject) -> bytes:
    una, unb, unh, *body, _, unz, rest = raw.decode("utf-8" if b"UNOW" in raw else "iso8859-1").split("\n")
    body = data.draw(st.permutations(body))[: data.draw(st.integers(0, len(body)))]
    lines = (una, unb.replace("UNOC:3", "UNOW:4"), unh, *body, f"UNT+{len(body) + 2}+1'", unz, rest)
    return "\n".join(lines).encode()


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(UNHURRIED, max_examples=60)
def test_sound_syntax_with_odd_content_raises_message_errors_alone(name: str, data: st.DataObject) -> None:
    """Well-formed messages with a value of another kind or segments in any order are read or refused."""
    edifact = dict.fromkeys(EDIFACT_STREAMS, _shuffled_edifact)
    change = {**edifact, **dict.fromkeys(XML_STREAMS, _replaced_in_xml)}.get(name, _replaced_in_json)
    _read_or_refuse(name, change(_build(name, data.draw(RECORDS[name])), data))


@pytest.mark.parametrize("name", NAMES)
@given(raw=st.binary(max_size=200))
@settings(UNHURRIED)
def test_any_bytes_raise_message_errors_alone(name: str, raw: bytes) -> None:
    """Random bytes are refused by recognition and by each parser."""
    _read_or_refuse(name, raw)


def _read_or_refuse(name: str, raw: bytes) -> None:
    refusals: list[MessageError] = []
    for reader in (STREAMS[name].parse, lambda given: read(given, limit_bytes=LIMIT)):
        try:
            reader(raw)
        except MessageError as error:
            refusals.append(error)
    assert all(each.expected and each.found and each.stage == "streams" for each in refusals)


@pytest.mark.parametrize(
    ("raw", "looks_like"),
    [
        (b"", "an empty message"),
        (b" \n", "an empty message"),
        (b"UNH+1+MOVINS:D:95B:UN'", "EDIFACT MOVINS D95B"),
        (b"UNA:+.? 'UNB+UNOA:2+A+B+260101:0000+1'UNH+1+IFTSTA:D:00B:UN'", "EDIFACT IFTSTA D00B"),
        (b"UNB+UNOA:2+A+B", "EDIFACT without a message type"),
        (b"ISA*00*", "an X12 interchange"),
        (b"<?xml version='1.0'?><!-- <CC313A> --><ncts:CC014C/>", "XML with the root element ncts:CC014C"),
        (b"<ie:CC305A xmlns:ie='x'/>", "XML with the root element ie:CC305A"),
        (b"<answer><a:CC305A xmlns:a='x'/></answer>", "XML with the root element answer, which holds CC305A"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "XML with the root element x"),
        (b"<!-- no root", "XML without a root element"),
        (b'{"messageType":"CC015C"}', "JSON of messageType CC015C"),
        (b'{"$schema":"x","gmrId":"y"}', "a JSON Schema"),
        (b'{"routes":[{"routeId":"4"}]}', "JSON with the fields routes, routeId"),
        (b"[1, 2]", "JSON without fields"),
        (b"\x89PNG\r\n\x1a\n", "binary content"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7-Zip archive"),
        (b"a.xml".ljust(257, b"\x00") + b"ustar\x0000", "a tar archive"),
        (b"%PDF-1.7\n\xe2\x00", "a PDF document"),
        (b"file,received\n", "text beginning 'file,received\\n'"),
    ],
)
def test_an_unknown_format_is_named(raw: bytes, looks_like: str) -> None:
    """A message that no stream reads is refused with what it looks like."""
    with pytest.raises(UnknownFormat) as refused:
        read(raw, limit_bytes=LIMIT)
    assert refused.value.found == looks_like


def test_a_message_above_the_limit_is_refused_unread() -> None:
    """One byte more than the limit is too much, whatever the bytes are."""
    with pytest.raises(OversizeMessage, match="at most 9 bytes, found 10 bytes"):
        read(b"<CC315A/>\n", limit_bytes=9)


def test_a_byte_order_mark_of_utf_8_is_no_hindrance() -> None:
    """UTF-8 files from editors that mark them are recognised: all three syntaxes get past it."""
    for raw in (b'{"messageType":"ferryBooking"}', b"<CC315A/>", b"UNB+UNOA:2'UNH+1+CUSCAR:D:95B:UN'"):
        with pytest.raises(MalformedMessage):
            read(b"\xef\xbb\xbf" + raw, limit_bytes=LIMIT)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
@pytest.mark.parametrize("folder", ["x12"])
def test_samples_of_formats_not_yet_read_are_unknown(folder: str) -> None:
    """No message of another format is taken for one of ours."""
    for path in sorted((SAMPLES / folder).iterdir()):
        with pytest.raises(UnknownFormat):
            read(path.read_bytes(), limit_bytes=LIMIT)


def test_the_streams_import_without_lxml() -> None:
    """The bare install, which has no XML parser, still reads and writes every other stream."""
    script = (
        "import sys; sys.modules['lxml'] = None\n"
        "import aftc.streams\n"
        "from aftc.errors import UnknownFormat\n"
        "try:\n    aftc.streams.read(b'{}', limit_bytes=9)\n"
        "except UnknownFormat:\n    print('fine')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "fine\n"
