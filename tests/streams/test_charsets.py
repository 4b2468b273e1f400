"""Character sets: UTF-16 is read where the format has it, and what no format has is named."""

from __future__ import annotations

import pytest

from aftc.errors import MalformedMessage
from aftc.streams import ens, ferry_booking, read
from aftc.streams.charsets import as_utf_8
from aftc.testing import a_booking, a_party, a_roro_entry

LIMIT = 10_000_000
ENTRY = a_roro_entry(consignee=a_party("Łódź Ørsted 宁波"))
LATIN = a_roro_entry(consignee=a_party("Çalışkan Ørsted".replace("ı", "i").replace("ş", "s")))
DECLARED = '<?xml version="1.0" encoding="{}"?>'


def _xml(entry: object, encoding: str, declared: str) -> bytes:
    text = ens.build(entry).decode()  # type: ignore[arg-type]  # entries alone are given
    body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
    return (DECLARED.format(declared) + body).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "utf-16"),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
    ],
)
def test_xml_in_unicode_is_read(encoding: str, declared: str) -> None:
    """UTF-8 and UTF-16, with a byte order mark or by the declaration, give the same record."""
    assert read(_xml(ENTRY, encoding, declared), limit_bytes=LIMIT).records == (ENTRY,)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("iso8859-1", "ISO-8859-1"), ("iso8859-15", "iso-8859-15"), ("cp1252", "windows-1252"), ("ascii", "US-ASCII")],
)
def test_xml_in_a_declared_charset_is_read(encoding: str, declared: str) -> None:
    """The encoding that the declaration names is the one that is read."""
    entry = a_roro_entry(consignee=a_party("Orsted")) if encoding == "ascii" else LATIN
    assert read(_xml(entry, encoding, declared), limit_bytes=LIMIT).records == (entry,)


def test_xml_that_is_not_as_declared_is_refused() -> None:
    """Latin-1 bytes under a declaration of UTF-8 are no text of any kind."""
    with pytest.raises(MalformedMessage, match="well-formed XML"):
        read(_xml(LATIN, "iso8859-1", "UTF-8"), limit_bytes=LIMIT)
    with pytest.raises(MalformedMessage):
        read(_xml(LATIN, "utf-8", "no-such-charset"), limit_bytes=LIMIT)


def test_json_in_utf_16_is_read() -> None:
    """With its byte order mark, as older senders write it."""
    raw = ferry_booking.build(a_booking()).decode().encode("utf-16")
    assert read(raw, limit_bytes=LIMIT).records == (a_booking(),)


def test_a_document_type_hides_in_no_encoding() -> None:
    """A DOCTYPE is refused in UTF-16 as it is in UTF-8."""
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><CC315A>&a;</CC315A>'
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        with pytest.raises(MalformedMessage, match="without a document type definition"):
            read(text.encode(encoding), limit_bytes=LIMIT)


@pytest.mark.parametrize("text", ['{"messageType":"ferryBooking"}', "<CC315A/>", "UNH+1+CUSCAR:D:95B:UN'"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-32", "utf-32-le"])
def test_what_no_format_has_is_named(text: str, encoding: str) -> None:
    """UTF-32, and UTF-16 that nothing marks, are refused as what they are."""
    with pytest.raises(MalformedMessage, match="text in UTF-8 or UTF-16, found UTF-32 or binary"):
        read(text.encode(encoding), limit_bytes=LIMIT)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("UNH+1+CUSCAR:D:95B:UN'".encode("utf-16"), "XML or JSON in UTF-16"),
        (b"\xff\xfe<\x00a", "text in UTF-16"),
        (b"\xff\xfe<\x00\x00\xd8", "text in UTF-16"),
        (b"\x00\x01\x02\x03", "text in UTF-8 or UTF-16"),
    ],
)
def test_broken_utf_16_is_refused(raw: bytes, words: str) -> None:
    """EDIFACT has no UTF-16; half a character or half a pair is none."""
    with pytest.raises(MalformedMessage, match=words):
        read(raw, limit_bytes=LIMIT)


def test_utf_8_is_left_as_it_is() -> None:
    """The same bytes, not a copy."""
    raw = b"<a/>"
    assert as_utf_8(raw) is raw
