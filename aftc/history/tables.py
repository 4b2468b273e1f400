"""The lake's tables: their columns, and the rows that an applied message adds to each.

Known-at and event times are instants (microseconds UTC), days whole UTC days of known-at; a null means that nothing
said so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from aftc.features.extract import Extract
from aftc.features.sightings import COLUMNS
from aftc.history.fold import Applied
from aftc.linking import Alias, ResolvedDetection, ResolvedOutcome
from aftc.linking.documents import bill_identity, import_document, lowest_document
from aftc.linking.keys import normal_reference, normal_waybill
from aftc.records import ConsignmentVersion, JournalEntry, SelectionReason

__all__ = ["SCHEMAS", "UNRECOGNISED", "LakeRows", "columns_digest", "document_of"]

UNRECOGNISED = "unrecognised"  # in the place of a stream, for a message that none recognised

_INTEGERS = pa.list_(pa.int64())
_TEXTS = pa.list_(pa.string())

SCHEMAS: dict[str, pa.Schema] = {
    "records": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("stream", pa.string()),
            ("ordinal", pa.int64()),
            ("body", pa.binary()),
        ]
    ),
    "versions": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("day", pa.int64()),
            ("consignment_id", pa.string()),
            ("version", pa.int64()),
            ("document", pa.string()),
            ("mode", pa.string()),
            ("scheduled_arrival", pa.int64()),
            ("control_at", pa.int64()),
            ("joined_into", pa.string()),
            ("unit_kinds", _TEXTS),
            ("unit_numbers", _TEXTS),
            ("movements", _TEXTS),
            ("joined_from", _TEXTS),
            ("owners", _INTEGERS),
            ("slots", _INTEGERS),
            ("facts", _INTEGERS),
            ("body", pa.binary()),
        ]
    ),
    "sightings": pa.schema([(name, pa.int64()) for name in COLUMNS]),
    "aliases": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("key", pa.string()),
            ("members", _TEXTS),
            ("one", pa.string()),
            ("other", pa.string()),
            ("applied", pa.bool_()),
            ("decided_by", pa.string()),
            ("decided_at", pa.int64()),
            ("reason", pa.string()),
        ]
    ),
    "outcomes": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("examination_id", pa.string()),
            ("revision", pa.int64()),
            ("unit_kind", pa.string()),
            ("unit_number", pa.string()),
            ("outcome", pa.string()),
            ("movements", _TEXTS),
            ("aboard", _TEXTS),
            ("named", _TEXTS),
            ("finds", pa.list_(pa.struct([("threat", pa.string()), ("consignment", pa.string())]))),
            ("issued_at", pa.int64()),
            ("combined_probability", pa.float64()),
            ("random_fired", pa.bool_()),
            ("random_probability", pa.float64()),
            ("rule_fired", pa.bool_()),
            ("rule_probability", pa.float64()),
            ("arrival", pa.int64()),
        ]
    ),
    "detections": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("detection_id", pa.string()),
            ("revision", pa.int64()),
            ("cause", pa.string()),
            ("means", pa.string()),
            ("result", pa.string()),
            ("confidence", pa.int64()),
            ("detected_at", pa.int64()),
            ("place", pa.string()),
            ("unit_kind", pa.string()),
            ("unit_number", pa.string()),
            ("mrn", pa.string()),
            ("selection", pa.string()),
            ("movements", _TEXTS),
            ("aboard", _TEXTS),
        ]
    ),
    "quarantine": pa.schema(
        [
            ("sequence", pa.int64()),
            ("known_at", pa.int64()),
            ("source", pa.string()),
            ("digest", pa.string()),
            ("size", pa.int64()),
            ("stream", pa.string()),
            ("reason", pa.string()),
            ("stage", pa.string()),
            ("expected", pa.string()),
            ("found", pa.string()),
            ("advice", pa.string()),
        ]
    ),
}

_encode: Callable[[object], bytes] = msgspec.msgpack.Encoder().encode


def columns_digest() -> str:
    """What tells lakes of other columns apart."""
    stated = ";".join(f"{name}({', '.join(map(str, schema))})" for name, schema in SCHEMAS.items())
    return sha256(stated.encode()).hexdigest()[:16]


def document_of(version: ConsignmentVersion) -> str:
    """Reference by which people know a consignment: house, else master, else LRN, else booking, else movement."""
    if version.manifest is not None:
        bill = version.manifest.bills[0]
        return bill_identity(bill.master, bill.house) or normal_reference(version.manifest.reference)
    if version.transport_document is not None and version.transport_document.reference:
        return normal_reference(version.transport_document.reference)
    if version.waybill is not None and version.waybill.house:
        return normal_reference(version.waybill.house)
    named = (lowest_document(goods.documents) for goods in version.entry.items) if version.entry is not None else ()
    declared = next(filter(None, named), None)
    if declared is not None:
        return declared
    if version.waybill is not None and version.waybill.master:
        return normal_waybill(version.waybill.master)
    if version.entry is not None:
        return version.entry.lrn or version.entry.mrn or version.entry.message_id
    if version.import_declaration is not None:
        return import_document(version.import_declaration) or version.import_declaration.lrn
    if version.booking is not None:
        return version.booking.booking_reference
    return version.movements[0] if version.movements else version.consignment_id


class LakeRows:
    """Rows gathered from applied messages, one list a table, until they are appended to the lake."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in SCHEMAS if name != "sightings"}
        self._sightings: list[np.ndarray] = []

    def add(self, entry: JournalEntry, applied: Applied) -> None:
        """Take over what one message changed."""
        if applied.quarantined is not None:
            error = applied.quarantined
            self._rows["quarantine"].append(
                (
                    entry.sequence,
                    entry.known_at,
                    entry.source,
                    entry.digest.hex(),
                    len(entry.raw),
                    error.stream or UNRECOGNISED,
                    error.reason,
                    error.stage,
                    error.expected,
                    error.found,
                    error.advice,
                )
            )
            return
        for ordinal, record in enumerate(applied.records):
            self._rows["records"].append((entry.sequence, entry.known_at, applied.stream, ordinal, _encode(record)))
        for version, extract in applied.versions:
            self._rows["versions"].append(_version_row(version, extract))
        for outcome in applied.outcomes:
            self._rows["outcomes"].append(_outcome_row(entry, outcome))
        for detection in applied.detections:
            self._rows["detections"].append(_detection_row(entry, detection))
        for alias in applied.aliases:
            self._rows["aliases"].append(_alias_row(entry, alias))
        if len(applied.sightings):
            self._sightings.append(applied.sightings)

    def tables(self) -> dict[str, pa.Table]:
        """The gathered rows as tables, those without rows left out."""
        tables = {
            name: pa.table(
                [
                    _array(column, field.type)
                    for column, field in zip(zip(*rows, strict=True), SCHEMAS[name], strict=True)
                ],
                schema=SCHEMAS[name],
            )
            for name, rows in self._rows.items()
            if rows
        }
        if self._sightings:
            matrix = np.concatenate(self._sightings)
            schema = SCHEMAS["sightings"]
            tables["sightings"] = pa.table([pa.array(matrix[:, i]) for i in range(len(schema))], schema=schema)
        return tables


def _array(column: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column; whole vectors of integers as they lie in memory, not number by number."""
    if kind != _INTEGERS:
        return pa.array(column, type=kind)
    offsets = np.cumsum([0, *map(len, column)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(column)))


def _alias_row(entry: JournalEntry, alias: Alias) -> tuple[object, ...]:
    merge = alias.merge
    decided = (merge.applied, merge.decided_by, merge.decided_at, merge.reason)
    return entry.sequence, entry.known_at, alias.key, list(alias.members), *merge.keys, *decided


def _version_row(version: ConsignmentVersion, extract: Extract) -> tuple[object, ...]:
    return (
        version.sequence,
        version.known_at,
        extract.day,
        version.consignment_id,
        version.version,
        document_of(version),
        version.mode.value,
        version.scheduled_arrival,
        version.control_at,
        version.joined_into,
        [unit.kind.value for unit in version.units],
        [unit.number for unit in version.units],
        list(version.movements),
        list(version.joined_from),
        extract.owners,
        extract.slots,
        extract.facts,
        _encode(version),
    )


def _detection_row(entry: JournalEntry, resolved: ResolvedDetection) -> tuple[object, ...]:
    detection = resolved.detection
    unit = detection.unit
    return (
        entry.sequence,
        entry.known_at,
        detection.detection_id,
        detection.revision,
        detection.cause.value,
        detection.means.value,
        detection.result.value,
        detection.confidence,
        detection.detected_at,
        detection.place,
        unit.kind.value if unit else None,
        unit.number if unit else None,
        detection.mrn,
        detection.selection,
        list(resolved.movements),
        list(resolved.aboard),
    )


def _outcome_row(entry: JournalEntry, outcome: ResolvedOutcome) -> tuple[object, ...]:
    examination = outcome.examination
    reasons = {reason.reason: reason for reason in examination.selection.reasons}
    none = SelectionReason("", 0.0, False)
    random, rule = reasons.get("random", none), reasons.get("rule", none)
    return (
        entry.sequence,
        entry.known_at,
        examination.examination_id,
        examination.revision,
        examination.unit.kind.value,
        examination.unit.number,
        examination.outcome.value,
        list(outcome.movements),
        list(outcome.aboard),
        list(outcome.named),
        [{"threat": find.threat.value, "consignment": find.consignment_id} for find in outcome.finds],
        examination.selection.issued_at,
        examination.selection.combined,
        random.fired,
        random.probability,
        rule.fired,
        rule.probability,
        examination.arrival,
    )
