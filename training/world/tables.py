"""Records as tables: one row a message that arrived, its nested columns as `training.world.columns` makes them.

Before the record's own columns stand `name` (of the message's file, without its extension), `received` (known-at) and
`faults`. What is read back equals what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from pathlib import Path
from types import TracebackType

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from aftc.clock import Instant
from aftc.records import (
    AirWaybill,
    BayPlan,
    ContainerOrder,
    DeclarationNotification,
    Detection,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    Examination,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    FlightManifest,
    GoodsMovement,
    ImportDeclaration,
    Manifest,
    Record,
    Selector,
    TransitDeclaration,
    TransportDocument,
)
from training.world.columns import Table, TableWriter, table_of
from training.world.dispatch import Delivery

__all__ = ["RECORD_TYPES", "RecordTables", "Recorded", "read_records", "record_table"]

RECORD_TYPES: dict[str, type[Record]] = {
    "ens": EntrySummary,
    "ens_response": EntryResponse,
    "ens_intervention": EntryIntervention,
    "gmr": GoodsMovement,
    "cuscar": Manifest,
    "baplie": BayPlan,
    "coprar": ContainerOrder,
    "dcsa_bl": TransportDocument,
    "ferry_booking": FerryBooking,
    "ferry_check_in": FerryCheckIn,
    "ferry_departure": FerryDeparture,
    "cds_import": ImportDeclaration,
    "cds_notification": DeclarationNotification,
    "ncts_transit": TransitDeclaration,
    "outcome": Examination,
    "xfwb": AirWaybill,
    "xfzb": AirWaybill,
    "xffm": FlightManifest,
    "detection": Detection,
    "selector": Selector,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of records: what native messages hold as a file and a line of its sidecar."""

    name: str
    received: Instant
    faults: tuple[str, ...]
    record: Record


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What a row holds beside its record."""

    name: str
    received: Instant
    faults: tuple[str, ...]


@cache
def record_table(stream: str) -> Table[Delivery]:
    """The table of a stream's messages that arrived whole."""
    envelope, record = table_of(_Envelope), table_of(RECORD_TYPES[stream])

    def turn(rows: Sequence[Delivery]) -> list[pa.Array]:
        around = [_Envelope(row.name, row.received or 0, row.faults) for row in rows]
        return [*envelope.turn(around), *record.turn([row.record for row in rows])]

    return Table(pa.schema([*envelope.schema, *record.schema]), turn)


def read_records(path: Path, stream: str) -> Iterator[Recorded]:
    """The rows of a stream's table in order, a row group at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                name, received, faults = row.pop("name"), row.pop("received"), tuple(row.pop("faults"))
                yield Recorded(name, received, faults, msgspec.convert(row, RECORD_TYPES[stream]))


class RecordTables:
    """One week's records of some streams: `records/STREAM/WEEK.parquet`. What arrived garbled is no record.

    Args:
        folder: The world's.
        week: Name of the week's files.

    Attributes:
        digests: Of the files by path, when all is written.
    """

    def __init__(self, folder: Path, week: str) -> None:
        self._folder = folder
        self._week = week
        self._streams: dict[str, TableWriter[Delivery]] = {}
        self._open = ExitStack()
        self.digests: dict[str, str] = {}

    def __enter__(self) -> RecordTables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The files are complete only where all went well."""
        self._open.__exit__(kind, error, trace)
        if kind is not None:
            return
        for path in self._streams:
            with (self._folder / path).open("rb") as file:
                self.digests[path] = file_digest(file, "sha256").hexdigest()

    def put(self, delivery: Delivery) -> bool:
        """Write a record; False where there is none, as the message never arrived or arrived garbled."""
        if delivery.received is None or delivery.raw is not None:
            return False
        path = f"records/{delivery.stream}/{self._week}.parquet"
        if path not in self._streams:
            (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
            writer = TableWriter(self._folder / path, record_table(delivery.stream))
            self._streams[path] = self._open.enter_context(writer)
        self._streams[path].put(delivery)
        return True
