"""Shards of the audit log on disk: their form, and reading them.

A shard is a file that one process appended to and nobody rewrites: eight bytes of magic, then frames. A frame is the
length of its body (uint32, little-endian), the body's leaf hash and the body. The leaf hash is SHA-256 over a zero
byte and the body (RFC 6962, section 2.1). A process that is killed, or a loss of power, leaves at most a torn last
frame: reading stops there, and the next process begins a shard of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import BinaryIO

from aftc.audit.record import AuditRecord, decode
from aftc.errors import AuditError, InputError, UnknownSubject

__all__ = [
    "MAGIC",
    "Shard",
    "check_shard",
    "find_record",
    "frame",
    "leaf_hash",
    "records",
    "score_name",
    "shard_path",
    "shard_paths",
]

MAGIC = b"AFTCAUD1"
SUFFIX = ".audit"
HEADER = Struct("<I32s")
BODY_LIMIT = 64 << 20  # bytes; far above any record (an inline consignment has at most one mebibyte)
_SCORE_NAME = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})")


@dataclass(frozen=True, slots=True)
class Shard:
    """What checking a shard found.

    Attributes:
        name: The shard's name.
        records: Whole, verified records.
        damaged: Byte offsets of whole frames whose body is not what was written, or cannot be read as a record.
        torn_bytes: Bytes after the last whole frame: an append that a crash broke off, or what a cut left.
    """

    name: str
    records: int
    damaged: tuple[int, ...]
    torn_bytes: int


def leaf_hash(body: bytes) -> bytes:
    """Hash of a record's bytes as a leaf of a Merkle tree."""
    return sha256(b"\x00" + body).digest()


def frame(body: bytes) -> bytes:
    """The bytes that append a record."""
    return HEADER.pack(len(body), leaf_hash(body)) + body


def score_name(shard: str, index: int, offset: int) -> str:
    """Name of the score whose record has this index and begins at this byte of its shard."""
    return f"{shard}-{index:x}-{offset:x}"


def shard_path(folder: Path, shard: str) -> Path:
    """File of a shard."""
    return folder / (shard + SUFFIX)


def shard_paths(folder: Path) -> list[Path]:
    """All shards of a folder, the oldest first."""
    return sorted(folder.glob("*" + SUFFIX))


def find_record(folder: Path, score_id: str) -> AuditRecord:
    """The record of a score, read directly from its place.

    Raises:
        InputError: not the form of a score id.
        UnknownSubject: no shard reaches there.
        AuditError: something else stands at its place.
    """
    parts = _SCORE_NAME.fullmatch(score_id)
    if parts is None:
        raise InputError("a score id", repr(score_id[:80]), advice="copy it from the reply that named it")
    found = None
    with suppress(FileNotFoundError), shard_path(folder, parts[1]).open("rb") as file:
        found = _frame_at(file, int(parts[3], 16))
    if found is None:
        raise UnknownSubject("a score of this store", "none", advice="check the id and the store", subject=score_id)
    record = decode(found.body) if found.sound else None
    if record is None or record.score_id != score_id:
        advice = "check the id for a slip; if it is right the log was altered: run 'aftc audit verify'"
        raise AuditError("the audit record of this score", "other bytes at its place", advice=advice, subject=score_id)
    return record


def records(path: Path) -> Iterator[AuditRecord]:
    """The sound records of a shard, in the order in which they were written."""
    for found in _frames(path):
        if found.sound:
            yield decode(found.body)


def check_shard(path: Path) -> Shard:
    """Verify every frame of a shard.

    Raises:
        AuditError: not a shard.
    """
    name, whole, end = path.name.removesuffix(SUFFIX), 0, len(MAGIC)
    damaged: list[int] = []
    for found in _frames(path):
        end = found.offset + HEADER.size + len(found.body)
        if found.sound and _in_place(name, whole + len(damaged), found):
            whole += 1
        else:
            damaged.append(found.offset)
    return Shard(name, whole, tuple(damaged), path.stat().st_size - end)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A whole frame: where it begins, whether its body is what was written, the body."""

    offset: int
    sound: bool
    body: bytes


def _frames(path: Path) -> Iterator[_Frame]:
    """Whole frames in order; ends at the first that is not whole."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise AuditError("a shard of the audit log", "another file", subject=str(path))
        offset = len(MAGIC)
        while (found := _frame_at(file, offset)) is not None:
            yield found
            offset += HEADER.size + len(found.body)


def _frame_at(file: BinaryIO, offset: int) -> _Frame | None:
    """The whole frame that begins here, or None where the shard ends before its end."""
    file.seek(offset)
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length, checksum = HEADER.unpack(header)
    body = file.read(length) if 0 < length <= BODY_LIMIT else b""  # a lost page reads as zeros: no length, no record
    if not body or len(body) < length:
        return None
    return _Frame(offset, leaf_hash(body) == checksum, body)


def _in_place(shard: str, index: int, found: _Frame) -> bool:
    try:
        record = decode(found.body)
    except AuditError:
        return False
    return record.index == index and record.score_id == score_name(shard, index, found.offset)
