"""The scoring path: one snapshot, one model, one audit record. It knows nothing of the wire."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.audit.log import AuditLog
from aftc.audit.record import AuditRecord, Basis, Subject, SubjectKind
from aftc.audit.shards import find_record
from aftc.clock import day_of
from aftc.errors import HistoryError, UnknownSubject
from aftc.features.algebra import KeyKind
from aftc.features.catalogue import SCHEMA
from aftc.features.entity_records import key_bytes
from aftc.features.extract import Extract, extract
from aftc.features.identity import NO_KEY
from aftc.features.online import window_sums
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, Threat
from aftc.scoring import Explanation, Model
from aftc.state import Distant, Snapshots, View, Watermark, read_watermark
from serving.inline import resolve_inline, stored_body
from serving.models import CurrentModel

__all__ = ["Scoring"]

LONGEST_CHAIN = 16  # take-overs followed from one id; more would be a circle
_ENCODER = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    """What one consistent view gave for one consignment."""

    version: ConsignmentVersion
    body: bytes
    watermark: Watermark
    extracted: Extract
    sums: NDArray[np.int64]


class Scoring:
    """Scores and explains. Safe to use from several threads.

    Args:
        state: The online state, read only.
        audit: This process's end of the audit log.
        model: The current model.
    """

    def __init__(self, state: Snapshots, audit: AuditLog, model: CurrentModel) -> None:
        self.state = state
        self._audit = audit
        self._model = model

    def warm(self) -> None:
        """Read the windows of nothing, so that the kernel is compiled before the first caller waits for it."""
        nothing = np.zeros(len(KeyKind), np.int64)
        window_sums(MemoryState(), SCHEMA, nothing, nothing[:0], day=0)

    def score_ingested(self, consignment_id: str, request_id: str) -> AuditRecord:
        """Score the last version of an ingested consignment, or of the one that took it over.

        Raises:
            UnknownSubject: the state holds no such consignment.
            InputError: nothing is known about it that a model could use.
            StateError: a record of the state is damaged.
            AuditError: the record could not be written; there is no score.
        """
        with self.state.snapshot() as view:
            seen = _look(view, *_last_version(view, consignment_id))
        return self._record(SubjectKind.INGESTED, seen, request_id)

    def score_inline(self, given: ConsignmentVersion, request_id: str) -> AuditRecord:
        """Score a consignment that the caller gives, complete and joined; the state does not change.

        Raises as `score_ingested`, and
            InputError: nothing identifies the consignment.
        """
        with self.state.snapshot() as view:
            return self.score_inline_in(view, given, request_id)

    def score_inline_in(self, view: View, given: ConsignmentVersion, request_id: str) -> AuditRecord:
        """The same within a snapshot that the caller holds: several scores then stand on one watermark."""
        version = resolve_inline(view, given, read_watermark(view))
        return self._record(SubjectKind.INLINE, _look(view, version, _ENCODER.encode(version)), request_id)

    def past(self, score_id: str) -> AuditRecord:
        """The record of a past score, of whichever process.

        Raises:
            UnknownSubject: there is none.
            InputError: not the form of a score id.
            AuditError: its record is damaged.
        """
        return find_record(self._audit.folder, score_id)

    def explain(self, record: AuditRecord, threat: Threat) -> Explanation:
        """Every contribution to a recorded score, by the bundle that made it.

        Raises:
            BundleError: that bundle is gone, altered, of another feature schema, or does not score this threat.
        """
        return self._model.of(record.basis.bundle).explain(record.assessment, threat)

    def _record(self, kind: SubjectKind, seen: _Snapshot, request_id: str) -> AuditRecord:
        model = self._model.now
        assessment = model.assess(seen.version, seen.extracted, seen.sums)
        subject = Subject(
            kind=kind,
            consignment_id=seen.version.consignment_id,
            version=seen.version.version,
            mode=seen.version.mode,
            version_digest=sha256(seen.body).digest(),
            body=seen.body if kind is SubjectKind.INLINE else b"",
        )
        return self._audit.append(request_id, subject, _basis(seen.watermark, model), assessment)


def _look(view: View, version: ConsignmentVersion, body: bytes) -> _Snapshot:
    """All that a score takes from the state, at one watermark."""
    watermark = read_watermark(view)
    extracted = extract(version)
    if isinstance(view, Distant):
        view.fetch(_wanted(extracted))
    sums = window_sums(view, SCHEMA, extracted.slots, extracted.owners, day=day_of(watermark.known_at))
    return _Snapshot(version, body, watermark, extracted, sums)


def _wanted(extracted: Extract) -> dict[str, list[bytes]]:
    """Keys of the records that a version's windows are read from, but for those of further members of its parties."""
    entities = [key_bytes(key) for key in dict.fromkeys(extracted.slots.tolist()) if key != NO_KEY]
    owners = [key_bytes(owner) for owner in dict.fromkeys(extracted.owners.tolist())]
    return {"owners": owners, "members": entities, "entities": entities}


def _last_version(view: View, consignment_id: str) -> tuple[ConsignmentVersion, bytes]:
    """Last version of a consignment, or of the one that took it over, and its bytes."""
    identity = consignment_id
    for _ in range(LONGEST_CHAIN):
        stored = stored_body(view, identity)
        if stored is None:
            advice = "ingest its messages first, or score it inline"
            raise UnknownSubject("an ingested consignment", "none of this id", advice=advice, subject=identity)
        if stored[0].joined_into is None:
            return stored
        identity = stored[0].joined_into
    raise HistoryError(
        f"at most {LONGEST_CHAIN} take-overs", "more", advice="rebuild the state", subject=consignment_id
    )


def _basis(watermark: Watermark, model: Model) -> Basis:
    return Basis(
        sequence=watermark.sequence,
        known_at=watermark.known_at,
        day=day_of(watermark.known_at),
        bundle=model.bundle.digest,
        schema=SCHEMA.digest,
    )
