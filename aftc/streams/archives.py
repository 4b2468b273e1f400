"""Zipped messages: what a ZIP archive or a gzip file holds, within fixed bounds, and why a part of it is not got out.

Nothing is unzipped before the sizes that the archive states have passed; no more is unzipped than stated. A member
that is not got out is kept as an archive of its own, cut out of the bytes that came, so that reading it again gives
the same reason and any other program can open it.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from aftc.errors import MessageError, OversizeMessage, RefusedEnvelope

__all__ = [
    "MOST_MEMBERS",
    "MOST_RATIO",
    "MOST_UNZIPPED_BYTES",
    "Member",
    "looks_like_archive",
    "refusal",
    "unzipped",
]

MOST_MEMBERS = 10_000
MOST_UNZIPPED_BYTES = 1_000_000_000  # of all members together
MOST_MEMBER_BYTES = 100_000_000  # of one, which may hold many messages; it is unzipped in memory
MOST_RATIO = 100  # unzipped to zipped; deflate can reach 1,032
FREE_BYTES = 1_000_000  # a member up to this may have any ratio
DIRECTORY_BYTES = 400 * MOST_MEMBERS  # what names and places may take

_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,  # zipfile raises it for a compression that it does not know
    RuntimeError,
    struct.error,
)
OFFICE = frozenset(("[Content_Types].xml", "mimetype"))  # what Office Open XML and OpenDocument begin with
RECEIVED = "received.csv"  # as beside messages in a folder
ENCRYPTED = 1  # bit of the flags
UTF_8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive.

    Attributes:
        name: As the archive names it.
        raw: Its bytes; of one that is not got out, the archive of it alone.
        refused: Why it is not got out; None where it is.
    """

    name: str
    raw: bytes
    refused: MessageError | None = None


def looks_like_archive(raw: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive or a gzip file does."""
    return raw.startswith((_ZIP, _EMPTY_ZIP, _GZIP))


def refusal(raw: bytes) -> MessageError:
    """Why an archive, or a member cut out of one, was not taken apart: what a reader says of its bytes."""
    try:
        refused = next((each.refused for each in unzipped(raw) if each.refused), None)
    except RefusedEnvelope as error:
        return error
    return refused or RefusedEnvelope("a message", "an archive that can be taken apart now", advice="retry it")


def unzipped(raw: bytes) -> Iterator[Member]:
    """The members in their order, one unzipped at a time; folders are none.

    Raises:
        RefusedEnvelope: the archive as a whole is damaged, empty, beyond a bound or no archive of messages.
    """
    if raw.startswith(_GZIP):
        yield Member("", _gunzipped(raw))
        return
    archive, members = _opened(raw)
    with archive:
        for each in members:
            try:
                yield Member(each.filename, _content(archive, each))
            except MessageError as error:
                yield Member(each.filename, _cut_out(raw, each) if len(members) > 1 else raw, error)


def _gunzipped(raw: bytes) -> bytes:
    most = min(MOST_MEMBER_BYTES, max(FREE_BYTES, MOST_RATIO * len(raw)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            content = stream.read(most + 1)
    except _DAMAGE as error:
        raise RefusedEnvelope("a sound gzip file", _words(error), advice="send it again") from error
    if len(content) > most:
        raise RefusedEnvelope(f"gzip of at most {most} bytes unzipped", f"more, from {len(raw)} bytes")
    return _no_archive(content)


def _opened(raw: bytes) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The archive, and its members as its directory states them, within bounds."""
    _check_directory(raw)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGE as error:
        raise RefusedEnvelope("a sound ZIP archive", _words(error), advice="send it again") from error
    members = [each for each in archive.infolist() if not each.filename.endswith("/")]
    total, zipped = sum(each.file_size for each in members), sum(each.compress_size for each in members)
    names = {each.filename for each in members}
    if not members:
        raise RefusedEnvelope("an archive of messages", "an empty one")
    if len(members) > MOST_MEMBERS:
        raise RefusedEnvelope(f"at most {MOST_MEMBERS} members", f"{len(members)}", advice="send several archives")
    if total > MOST_UNZIPPED_BYTES:
        raise RefusedEnvelope(f"at most {MOST_UNZIPPED_BYTES} bytes unzipped", f"{total}", advice="send several")
    if zipped > len(raw):
        raise RefusedEnvelope("members side by side", f"members of {zipped} bytes that overlap in {len(raw)}")
    if names & OFFICE:
        raise RefusedEnvelope("an archive of messages", "an office document")
    if any(name.rpartition("/")[2] == RECEIVED for name in names):
        advice = "unzip it and ingest the folder: what an archive holds is received with the archive"
        raise RefusedEnvelope("an archive of messages alone", f"{RECEIVED} among them", advice=advice)
    return archive, members


def _check_directory(raw: bytes) -> None:
    """Bound the directory before all of it is read into objects."""
    place = raw.rfind(_EMPTY_ZIP, max(0, len(raw) - _END.size - 65_535))
    if place < 0 or len(raw) - place < _END.size:
        raise RefusedEnvelope("a sound ZIP archive", "no end of its directory", advice="send it whole")
    entries, size = _END.unpack_from(raw, place)[4:6]
    if entries > MOST_MEMBERS or size > DIRECTORY_BYTES:
        raise RefusedEnvelope(f"at most {MOST_MEMBERS} members", f"{entries} in a directory of {size} bytes")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise RefusedEnvelope("a member without a password", "an encrypted one", advice="send it unencrypted")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedEnvelope("a stored or deflated member", f"one of method {member.compress_type}")
    if member.file_size > MOST_MEMBER_BYTES:
        raise OversizeMessage(f"a member of at most {MOST_MEMBER_BYTES} bytes", f"{member.file_size}")
    if member.file_size > max(FREE_BYTES, MOST_RATIO * member.compress_size):
        found = f"{member.file_size} bytes from {member.compress_size}"
        raise RefusedEnvelope(f"a member of at most {MOST_RATIO} times its zipped size", found)
    try:
        content = archive.read(member)
    except _DAMAGE as error:
        raise RefusedEnvelope("a sound member", _words(error), advice="send it again") from error
    return _no_archive(content)


def _no_archive(content: bytes) -> bytes:
    if looks_like_archive(content):
        raise RefusedEnvelope("messages in an archive", "an archive in an archive", advice="send the inner one alone")
    return content


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _cut_out(raw: bytes, member: zipfile.ZipInfo) -> bytes:
    """An archive of one member alone: its own bytes as they came, and a directory of one."""
    start = member.header_offset
    local = raw[start : start + _LOCAL.size]
    names = sum(_LOCAL.unpack(local)[-2:]) if len(local) == _LOCAL.size else 0
    own = raw[start : start + _LOCAL.size + names + member.compress_size]
    name = member.orig_filename.encode("utf-8" if member.flag_bits & UTF_8_NAME else "cp437", "replace")
    sizes = (min(member.compress_size, 2**32 - 2), min(member.file_size, 2**32 - 2))
    stamp = (0, 0x21)  # 1980-01-01: the time of the member says nothing about the message
    central = _CENTRAL.pack(
        b"PK\x01\x02", 20, 0, 20, 0, member.flag_bits, member.compress_type, *stamp, member.CRC, *sizes,
        len(name), 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    end = _END.pack(_EMPTY_ZIP, 0, 0, 1, 1, len(central) + len(name), len(own), 0)
    return own + central + name + end
