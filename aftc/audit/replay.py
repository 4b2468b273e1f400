"""Replay: a past score made again from the recorded messages, and compared bit for bit with its audit record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.audit.record import AuditRecord, Basis, SubjectKind
from aftc.audit.shards import find_record
from aftc.errors import AuditError, ReplayError
from aftc.features.algebra import KeyKind
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract, extract
from aftc.models.placed import load_placed
from aftc.records import ConsignmentVersion
from aftc.scoring import Assessment, Inputs, Model

__all__ = ["Difference", "History", "ReplayReport", "replay"]

LISTED_DIFFERENCES = 20  # of one part; more of them tell nothing new
_ENCODER = msgspec.msgpack.Encoder()
_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)


class History(Protocol):
    """What was known at a watermark, from wherever it is kept."""

    def version(self, consignment_id: str, sequence: int) -> ConsignmentVersion:
        """Last version of a consignment made at or before a sequence number.

        Raises:
            ReplayError: there is none, or history does not reach that far.
        """

    def sums(self, extracted: Extract, basis: Basis) -> NDArray[np.int64]:
        """int64[W]: window sums of a version's entities at a watermark, its own rows aside."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that came out otherwise than recorded."""

    part: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay compared.

    Attributes:
        compared: Values compared in each part, in order.
        differences: Empty where the score was reproduced bit for bit.
    """

    score_id: str
    record: AuditRecord
    compared: tuple[tuple[str, int], ...]
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Whether everything came out as recorded."""
        return not self.differences


def replay(score_id: str, *, store: Path, history: History) -> ReplayReport:
    """Make a past score again and compare every part of it.

    Args:
        score_id: As the reply named it.
        store: Holds the audit log and the bundle that made the score.
        history: What was known.

    Raises:
        UnknownSubject: no such score.
        AuditError: its record is damaged.
        BundleError: its bundle is gone or altered.
        ReplayError: the score stands on another feature schema, or history does not reach it.
    """
    record = find_record(store / "audit", score_id)
    if record.basis.schema != SCHEMA.digest:
        raise ReplayError(
            f"the feature schema {record.basis.schema[:12]}",
            SCHEMA.digest[:12],
            advice="replay with the version of this project that made the score",
            subject=score_id,
        )
    model = Model(load_placed(store, record.basis.bundle))
    version, body = _version(record, history)
    extracted = extract(version)
    assessment = model.assess(version, extracted, history.sums(extracted, record.basis))
    compared, differences = _compare(record, body, assessment)
    return ReplayReport(score_id, record, compared, differences)


def _version(record: AuditRecord, history: History) -> tuple[ConsignmentVersion, bytes]:
    if record.subject.kind is SubjectKind.INGESTED:
        version = history.version(record.subject.consignment_id, record.basis.sequence)
        return version, _ENCODER.encode(version)
    try:
        return _VERSIONS.decode(record.subject.body), record.subject.body
    except msgspec.DecodeError as error:
        raise AuditError("the inline consignment of the score", str(error), subject=record.score_id) from error


def _compare(
    record: AuditRecord, body: bytes, made: Assessment
) -> tuple[tuple[tuple[str, int], ...], tuple[Difference, ...]]:
    compared, differences = [("consignment", 1)], []
    digest = sha256(body).digest()
    if digest != record.subject.version_digest:
        differences.append(Difference("consignment", record.subject.version_digest.hex(), digest.hex()))
    for name, names in _INPUT_NAMES.items():
        expected, found = getattr(record.assessment.inputs, name), getattr(made.inputs, name)
        compared.append((name, len(expected) // 8))
        differences.extend(_words(name, names, expected, found))
    for each in fields(Assessment):
        if each.name != "inputs":
            expected, found = getattr(record.assessment, each.name), getattr(made, each.name)
            compared.append((each.name, len(expected)))
            differences.extend(_values(each.name, expected, found))
    return tuple(compared), tuple(differences)


def _words(part: str, names: tuple[str, ...], expected: bytes, found: bytes) -> list[Difference]:
    """Differing words of two arrays, by the names of their places; bits are compared, so NaN equals itself."""
    if expected == found:
        return []
    if len(expected) != len(found):
        return [Difference(part, f"{len(expected) // 8} values", f"{len(found) // 8}")]
    kind = "<f8" if part == "vector" else "<i8"
    places = np.flatnonzero(np.frombuffer(expected, "<i8") != np.frombuffer(found, "<i8"))[:LISTED_DIFFERENCES]
    was, now = np.frombuffer(expected, kind), np.frombuffer(found, kind)
    label = {place: names[place] if place < len(names) else str(place) for place in places.tolist()}
    return [Difference(f"{part}: {label[at]}", repr(was[at].item()), repr(now[at].item())) for at in places.tolist()]


def _values(part: str, expected: tuple[Any, ...], found: tuple[Any, ...]) -> list[Difference]:
    """Differing entries of two tuples; their encodings are compared, so that every bit of a float counts."""
    if len(expected) != len(found):
        return [Difference(part, f"{len(expected)} entries", f"{len(found)}")]
    pairs = enumerate(zip(expected, found, strict=True))
    differing = [(at, was, now) for at, (was, now) in pairs if _ENCODER.encode(was) != _ENCODER.encode(now)]
    return [Difference(f"{part}: {at}", repr(was), repr(now)) for at, was, now in differing[:LISTED_DIFFERENCES]]


_INPUT_NAMES: dict[str, tuple[str, ...]] = {each.name: () for each in fields(Inputs)} | {
    "facts": (*(fact.name for fact in SCHEMA.facts), *(f"{kind.label} known" for kind in KeyKind)),
    "slots": tuple(kind.label for kind in KeyKind),
    "sums": tuple(window.name for window in SCHEMA.windows),
    "vector": SCHEMA.names,
}
