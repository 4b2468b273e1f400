"""Archives: what is unzipped, within which bounds, and that what is not keeps its bytes and its reason."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.errors import MessageError, OversizeMessage, RefusedEnvelope
from aftc.streams import archives, read
from aftc.streams.archives import Member, looks_like_archive, refusal, unzipped

LIMIT = 10_000_000


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return held.getvalue()


def _members(raw: bytes) -> list[Member]:
    return list(unzipped(raw))


def test_members_come_in_their_order() -> None:
    """Stored or deflated, by their names, folders left out; names need not be ASCII."""
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        raw = _zip(("b.xml", b"<b/>"), ("folder/", b""), ("folder/ä漢.xml", b"<a/>"), method=method)
        assert _members(raw) == [Member("b.xml", b"<b/>"), Member("folder/ä漢.xml", b"<a/>")]
    assert _members(gzip.compress(b"<a/>", mtime=0) + gzip.compress(b"<b/>")) == [Member("", b"<a/><b/>")]


def _flagged(raw: bytes, name: bytes, *, local: int, central: int, value: bytes) -> bytes:
    """The archive with some bytes of a member's two headers replaced."""
    changed = bytearray(raw)
    for signature, header, place in ((b"PK\x03\x04", 30, local), (b"PK\x01\x02", 46, central)):
        start = next(
            at for at in range(len(raw)) if raw[at : at + 4] == signature and raw[at + header :].startswith(name)
        )
        changed[start + place : start + place + len(value)] = value
    return bytes(changed)


GOOD = ("good.xml", b"<good/>")
BAD = ("bad.xml", b"<bad>" + b"some text that deflates, some text that deflates" * 9 + b"</bad>")
BOTH = _zip(GOOD, BAD)
ENCRYPTED = _flagged(BOTH, b"bad.xml", local=6, central=8, value=b"\x01\x00")
METHOD = _flagged(BOTH, b"bad.xml", local=8, central=10, value=struct.pack("<H", 14))
CHECKSUM = _flagged(BOTH, b"bad.xml", local=14, central=16, value=b"\x00\x00\x00\x00")
BOMB = _zip(GOOD, ("bad.xml", b"0" * 50_000_000))
HUGE = _flagged(BOTH, b"bad.xml", local=22, central=24, value=struct.pack("<L", archives.MOST_MEMBER_BYTES + 1))
NESTED = _zip(GOOD, ("bad.xml", _zip(GOOD)))
NESTED_GZIP = _zip(GOOD, ("bad.xml", gzip.compress(b"<a/>", mtime=0)))


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        (ENCRYPTED, RefusedEnvelope, "a member without a password, found an encrypted one"),
        (METHOD, RefusedEnvelope, "a stored or deflated member, found one of method 14"),
        (CHECKSUM, RefusedEnvelope, "a sound member, found BadZipFile: Bad CRC-32"),
        (BOMB, RefusedEnvelope, "a member of at most 100 times its zipped size, found 50000000 bytes"),
        (HUGE, OversizeMessage, "a member of at most 100000000 bytes, found 100000001"),
        (NESTED, RefusedEnvelope, "messages in an archive, found an archive in an archive"),
        (NESTED_GZIP, RefusedEnvelope, "messages in an archive, found an archive in an archive"),
    ],
)
def test_a_bad_member_keeps_its_bytes_and_costs_the_others_nothing(
    raw: bytes, kind: type[MessageError], words: str
) -> None:
    """It is cut out into an archive of its own, which any reader refuses for the same reason; the other is read."""
    good, bad = _members(raw)
    assert good == Member(*GOOD)
    assert bad.refused is not None
    with pytest.raises(kind, match=words):
        raise bad.refused
    with pytest.raises(kind, match=words):
        read(bad.raw, limit_bytes=LIMIT)
    assert len(bad.raw) < len(raw)
    (again,) = _members(bad.raw)
    assert (again.name, again.raw) == (bad.name, bad.raw)


def test_a_member_cut_out_is_an_archive_for_other_programs() -> None:
    """What was kept of a nested archive opens as one of a single member, with its content."""
    kept = io.BytesIO(_members(NESTED)[1].raw)
    with zipfile.ZipFile(kept) as archive:
        assert archive.namelist() == ["bad.xml"]
        assert archive.read("bad.xml") == _zip(GOOD)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 and nothing", "a sound ZIP archive, found no end of its directory"),
        (BOTH[:-30], "a sound ZIP archive, found no end of its directory"),
        (BOTH.replace(b"PK\x01\x02", b"PK\x01\x09"), "a sound ZIP archive, found BadZipFile"),
        (_zip(), "an archive of messages, found an empty one"),
        (_zip(("folder/", b"")), "an archive of messages, found an empty one"),
        (_zip(GOOD, ("[Content_Types].xml", b"<a/>")), "an archive of messages, found an office document"),
        (_zip(GOOD, ("in/received.csv", b"file,received")), "an archive of messages alone, found received.csv"),
        (b"\x1f\x8b", "a sound gzip file"),
        (gzip.compress(b"<a/>" * 99, mtime=0)[:-4], "a sound gzip file, found EOFError"),
        (gzip.compress(b"<a/>", mtime=0)[:-8] + bytes(8), "a sound gzip file, found BadGzipFile: CRC check failed"),
        (gzip.compress(gzip.compress(b"<a/>", mtime=0), mtime=0), "an archive in an archive"),
        (gzip.compress(BOTH, mtime=0), "an archive in an archive"),
        (gzip.compress(b"0" * 30_000_000, mtime=0), "gzip of at most 2[0-9]{6} bytes unzipped, found more"),
    ],
)
def test_an_archive_that_is_not_opened_says_why(raw: bytes, words: str) -> None:
    """As a whole it is damaged, cut, empty, something else, nested or a bomb; reading its bytes gives the reason."""
    with pytest.raises(RefusedEnvelope, match=words):
        _members(raw)
    with pytest.raises(RefusedEnvelope, match=words):
        read(raw, limit_bytes=LIMIT)


def test_what_gzip_holds_is_bounded_whatever_its_ratio() -> None:
    """A hundred million bytes are the most that is unzipped, of a file that hardly shrank as well."""
    with pytest.raises(RefusedEnvelope, match=f"gzip of at most {archives.MOST_MEMBER_BYTES} bytes unzipped"):
        _members(gzip.compress(bytes(archives.MOST_MEMBER_BYTES + 1), 0))


def test_the_directory_is_bounded_before_it_is_read() -> None:
    """Too many members, or a directory too large for them, are refused by the archive's last bytes."""
    many = bytearray(_zip(GOOD))
    struct.pack_into("<H", many, len(many) - 12, archives.MOST_MEMBERS + 1)
    wide = bytearray(_zip(GOOD))
    struct.pack_into("<L", wide, len(wide) - 10, archives.DIRECTORY_BYTES + 1)
    for raw in (many, wide):
        with pytest.raises(RefusedEnvelope, match="at most 10000 members"):
            _members(bytes(raw))


def test_the_sizes_of_all_members_are_bounded() -> None:
    """Eleven members that state a hundred million bytes each are refused before one is unzipped; so are overlaps."""
    raw = _zip(*((f"{number}.xml", b"<a/>") for number in range(11)))
    stated = raw
    for number in range(11):
        name = f"{number}.xml".encode()
        stated = _flagged(stated, name, local=22, central=24, value=struct.pack("<L", archives.MOST_MEMBER_BYTES))
    with pytest.raises(RefusedEnvelope, match="at most 1000000000 bytes unzipped, found 1100000000"):
        _members(stated)
    overlapping = _flagged(raw, b"0.xml", local=18, central=20, value=struct.pack("<L", len(raw)))
    with pytest.raises(RefusedEnvelope, match="members side by side"):
        _members(overlapping)


def test_an_archive_that_opens_is_no_message() -> None:
    """Where the bytes of a sound archive reach a reader, it says that they can be taken apart."""
    with pytest.raises(RefusedEnvelope, match="an archive that can be taken apart now; retry it"):
        raise refusal(BOTH)


@given(data=st.data())
@settings(max_examples=300)
def test_damage_raises_message_errors_alone(data: st.DataObject) -> None:
    """Flipped, cut and added bytes are unzipped or refused, and what is kept of a member is refused again."""
    raw = bytearray(
        data.draw(st.sampled_from([BOTH, _zip(GOOD, method=0), gzip.compress(BAD[1], mtime=0), NESTED, ENCRYPTED]))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(2, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    if not looks_like_archive(bytes(raw)):
        return
    try:
        members = _members(bytes(raw))
    except RefusedEnvelope:
        members = []
    for each in members:
        if each.refused is not None:
            with pytest.raises(MessageError):
                read(each.raw, limit_bytes=LIMIT)
