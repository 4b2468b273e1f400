"""The envelope: every message of a file is an entry of its own, named by where it stands; the others do not notice."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from aftc.clock import HOUR, parse_instant
from aftc.errors import MessageError, OversizeMessage, UnknownFormat
from aftc.records import Message
from aftc.streams import cuscar, ens, ferry_booking, gmr, read
from aftc.streams.edifact import MOST_MESSAGES
from aftc.streams.envelope import messages, unpack
from aftc.streams.not_kept import MOST_FILE_BYTES, not_kept
from aftc.streams.spool import order, scan
from aftc.testing import a_booking, a_goods_movement, a_manifest, a_roro_entry

LIMIT = 10_000_000
NOW = parse_instant("2026-03-02T00:00:00Z")
BOOKING, MOVEMENT, ENTRY = ferry_booking.build(a_booking()), gmr.build(a_goods_movement()), ens.build(a_roro_entry())
OTHER = ferry_booking.build(a_booking(booking_reference="BK-2"))
MANIFEST = cuscar.build(a_manifest())


def _zip(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def _unpacked(raw: bytes, source: str = "FILE") -> tuple[dict[str, bytes], dict[str, str]]:
    """Sources and bytes of the messages, sources and reasons of what was skipped."""
    skipped: dict[str, str] = {}
    parts = list(unpack(Message(raw, NOW, source), skipped.__setitem__))
    assert {part.known_at for part in parts} <= {NOW}
    assert len({part.source for part in parts}) == len(parts)
    return {part.source: part.raw for part in parts}, skipped


@pytest.mark.parametrize("raw", [ENTRY, MANIFEST, BOOKING, MOVEMENT, b"", b"not a message", b"[1, 2]", b"\xff\xfe"])
def test_one_message_stays_as_it_came(raw: bytes) -> None:
    """Bytes and source of a single message, or of what is none, do not change."""
    assert _unpacked(raw) == ({"FILE": raw}, {})


def test_members_of_an_archive() -> None:
    """Messages are named FILE!MEMBER; what is no message is skipped with the reason, as it is in a folder."""
    raw = _zip(
        ("in/entry.xml", ENTRY),
        ("booking.json", BOOKING),
        ("__MACOSX/._entry.xml", b"x"),
        (".DS_Store", b"x"),
        ("README.md", b"x"),
        ("schema.xsd", b"x"),
        ("schema.json", b'{"$schema": "x"}'),
        ("cut.xml", ENTRY[:200]),
    )
    taken, skipped = _unpacked(raw)
    assert taken == {"FILE!in/entry.xml": ENTRY, "FILE!booking.json": BOOKING, "FILE!cut.xml": ENTRY[:200]}
    assert skipped == {
        "FILE!__MACOSX/._entry.xml": "a hidden file",
        "FILE!.DS_Store": "a hidden file",
        "FILE!README.md": "documentation or a licence",
        "FILE!schema.xsd": "an XML schema",
        "FILE!schema.json": "a JSON Schema",
    }


def test_several_messages_in_a_member() -> None:
    """A member of many messages is taken apart like a file: FILE!MEMBER!2 is its second one."""
    lines = BOOKING + b"\n" + OTHER
    assert _unpacked(_zip(("day.jsonl", lines)))[0] == {"FILE!day.jsonl!1": BOOKING, "FILE!day.jsonl!2": OTHER}
    assert _unpacked(gzip.compress(lines), "in/day.jsonl.gz")[0] == {
        "in/day.jsonl.gz!day.jsonl!1": BOOKING,
        "in/day.jsonl.gz!day.jsonl!2": OTHER,
    }


def test_a_port_view_is_a_message_for_each_movement() -> None:
    """The same movement in the next view has the same bytes, so that it is known again."""
    other = gmr.build(a_goods_movement(gmr_id="GMRA00000002"))
    first, second = b"[" + MOVEMENT + b"]", b"[" + other + b",\n" + MOVEMENT + b"]"
    assert _unpacked(first)[0] == {"FILE!1": MOVEMENT}
    assert _unpacked(second)[0] == {"FILE!1": other, "FILE!2": MOVEMENT}


def test_one_bad_message_costs_the_others_nothing() -> None:
    """In an array, in lines, in an interchange and in an archive: one is refused, the others are read."""
    bad = b'{"messageType": "ferryBooking"}'
    interchange = MANIFEST.replace(b"UNZ+1", b"UNZ+2")
    head, tail = interchange.index(b"UNH"), interchange.index(b"UNZ")
    body = interchange[head:tail]
    edifact = interchange[:head] + body + body.replace(b"UNT+", b"UNT+9") + interchange[tail:]
    for raw in (
        b"[" + BOOKING + b"," + bad + b"]",
        BOOKING + b"\n" + bad[:-3],
        edifact,
        _zip(("good.json", BOOKING), ("bad.json", bad)),
        _zip(("good.json", BOOKING), ("bad.zip", _zip(("x", BOOKING)))),
    ):
        good, refused = _unpacked(raw)[0].values()
        assert len(read(good, limit_bytes=LIMIT).records) == 1
        with pytest.raises(MessageError):
            read(refused, limit_bytes=LIMIT)


def test_arrays_of_no_stream_stay_whole() -> None:
    """An array that no stream recognises is one message of an unknown format, not a thousand."""
    raw = json.dumps([{"routeId": str(number)} for number in range(1_000)]).encode()
    assert _unpacked(raw) == ({"FILE": raw}, {})
    with pytest.raises(UnknownFormat, match="JSON with the fields routeId"):
        read(raw, limit_bytes=LIMIT)


def test_too_many_messages_stay_whole() -> None:
    """Above a hundred thousand in one array nothing is taken apart, and the reason says so."""
    raw = b"[" + MOVEMENT + b",{}" * MOST_MESSAGES + b"]"
    assert _unpacked(raw) == ({"FILE": raw}, {})
    with pytest.raises(OversizeMessage, match="at most 100000 goods movements, found 100001"):
        read(raw, limit_bytes=LIMIT)


def test_xml_documents_side_by_side_are_refused_for_that() -> None:
    """Two documents in one file are no XML: the reason says so."""
    for raw in (ENTRY + ENTRY, ENTRY + b"\n" + ENTRY.partition(b"?>")[2]):
        assert _unpacked(raw) == ({"FILE": raw}, {})
        with pytest.raises(MessageError, match="one XML document, found more after its end; send each in a file"):
            read(raw, limit_bytes=LIMIT)


def test_an_archive_that_is_not_opened_stays_whole() -> None:
    """Its bytes are kept as they came; so are those of a single member that cannot be got out."""
    nested = _zip(("inner.zip", _zip(("a.xml", ENTRY))))
    assert _unpacked(nested)[0] == {"FILE!inner.zip": nested}
    for raw in (gzip.compress(ENTRY)[:-9], _zip(("a.xml", ENTRY))[:-9]):
        assert _unpacked(raw)[0] == {"FILE": raw}


def test_names_of_members_are_printable_and_short() -> None:
    """Control characters and endless names of members stay out of the journal."""
    (source,) = _unpacked(_zip(("\x1b[31m\n" + "x" * 5_000, ENTRY)))[0]
    assert source == "FILE!_[31m_" + "x" * 194


def test_messages_of_a_file_are_received_with_it(tmp_path: Path) -> None:
    """The sidecar dates the file, and so all that it holds."""
    (tmp_path / "two.zip").write_bytes(_zip(("a.xml", ENTRY), ("b.json", BOOKING)))
    (tmp_path / "received.csv").write_text("file,received\ntwo.zip,2026-03-01T09:00:00Z\n")
    (file,) = order(scan([tmp_path]), NOW)
    taken = list(messages(file, NOW, lambda source, why: None))
    at = parse_instant("2026-03-01T09:00:00Z")
    source = str(tmp_path / "two.zip")
    assert taken == [Message(ENTRY, at, f"{source}!a.xml"), Message(BOOKING, at, f"{source}!b.json")]


def test_a_file_too_large_to_keep_leaves_a_note(tmp_path: Path) -> None:
    """Above a hundred million bytes the journal holds size and digest, and the reason says that they were not kept."""
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.write(ENTRY)
        file.truncate(MOST_FILE_BYTES + 1)
    (found,) = order(scan([path]), NOW)
    (taken,) = messages(found, NOW + HOUR, lambda source, why: None)
    digest = hashlib.sha256(path.read_bytes())
    assert taken == Message(not_kept(digest.digest(), MOST_FILE_BYTES + 1), NOW, str(path))
    with pytest.raises(OversizeMessage, match=f"100000001 bytes of SHA-256 {digest.hexdigest()}, which were not kept"):
        read(taken.raw, limit_bytes=LIMIT)
    assert list(messages(replace(found, known_at=None), NOW, lambda source, why: None)) == [taken]


def test_a_broken_note_is_no_note() -> None:
    """What only begins like a note is a message of an unknown format."""
    with pytest.raises(UnknownFormat):
        read(b'{"messageType":"notKept","sha256":5}', limit_bytes=LIMIT)
