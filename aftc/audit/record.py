"""The audit record: everything one score rested on and answered, in one frozen type with one encoding.

Arrays are kept as little-endian bytes (int64 or float64), so that a replay compares them bit for bit. The encoding
is MessagePack with the fields in the order of their declaration: the same record gives the same bytes, and these
bytes are a leaf of the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from aftc.clock import Day, Instant
from aftc.errors import AuditError
from aftc.records import Mode
from aftc.scoring import Assessment

__all__ = ["AuditRecord", "Basis", "Subject", "SubjectKind", "decode", "encode"]


class SubjectKind(StrEnum):
    """Where the scored consignment came from."""

    INGESTED = "ingested"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Subject:
    """The consignment version that was scored.

    Attributes:
        version_digest: SHA-256 of the version's MessagePack bytes.
        body: These bytes for an inline consignment, whose only trace this is; empty for an ingested one.
    """

    kind: SubjectKind
    consignment_id: str
    version: int
    mode: Mode
    version_digest: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Basis:
    """The point in the timeline and the software that a score stands on.

    Attributes:
        sequence, known_at: Last applied message of the snapshot.
        day: UTC day of that known-at, at which windows end.
        bundle, schema: Digests, hexadecimal.
    """

    sequence: int
    known_at: Instant
    day: Day
    bundle: str
    schema: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One score.

    Attributes:
        score_id: Names shard, index and place of this record.
        index: Count of the record in its shard, from 0.
        scored_at: The clock's time, for people only: nothing depends on it.
        request_id: The caller's own name for the call.
    """

    score_id: str
    index: int
    scored_at: Instant
    request_id: str
    subject: Subject
    basis: Basis
    assessment: Assessment


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(AuditRecord)


def encode(record: AuditRecord) -> bytes:
    """The record's bytes."""
    return _ENCODER.encode(record)


def decode(raw: bytes) -> AuditRecord:
    """The record of bytes whose checksum has been verified.

    Raises:
        AuditError: the bytes are of another version of this project.
    """
    try:
        return _DECODER.decode(raw)
    except msgspec.DecodeError as error:
        advice = "read this shard with the version that wrote it"
        raise AuditError("an audit record of this version", str(error), advice=advice) from error
