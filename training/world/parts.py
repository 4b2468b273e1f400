"""Parts of a world: one week's messages of some streams, or one week's truth; any process may write any part.

A part's files are its own, so that parts are written in any order and side by side. What a part knows of the truth
goes to a scratch folder, to be put together when all parts are there.
"""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pyarrow import feather

from aftc.clock import Instant
from training.world.actors import Actors, NamedActor
from training.world.cast import Cast, make_cast
from training.world.columns import TableWriter, table_of
from training.world.deliveries import PARTS, deliveries
from training.world.dispatch import Delivery
from training.world.native import NativeMessages
from training.world.parameters import WorldParameters
from training.world.simulation import Week
from training.world.tables import RecordTables
from training.world.truth import truth_table

__all__ = ["SCRATCH", "TRUTH", "Form", "MessageTruth", "Part", "Task", "Writer", "drop", "keep", "parts_of", "writer"]

SCRATCH = ".scratch"
TRUTH = "truth"


class Form(StrEnum):
    """How messages are written: in their own formats, or as tables of records."""

    NATIVE = "native"
    RECORDS = "records"


_SINKS: dict[Form, type[NativeMessages] | type[RecordTables]] = {
    Form.NATIVE: NativeMessages,
    Form.RECORDS: RecordTables,
}


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """A part to be written: a week's number, and the name of its messages or `TRUTH`."""

    week: int
    part: str

    @property
    def scratch(self) -> str:
        """Where its truth goes, below the world's folder."""
        return f"{SCRATCH}/{self.week:03}-{self.part}.table"


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was written.

    Attributes:
        digests: Of its files or whole folders, by their paths below the world's folder.
        messages: Messages written, by stream.
        faults: Messages by what went wrong with them.
        lost: Messages that never arrived.
        garbled: Messages that arrived otherwise than sent; tables of records leave them out.
    """

    task: Task
    digests: dict[str, str]
    messages: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    garbled: int = 0


@dataclass(frozen=True, slots=True)
class MessageTruth:
    """The truth about a message: known-at (None where lost), documents of the consignments it is about, faults.

    `parties` are those whom its sender meant to name, by their places in the record; a slip may have left one out.
    """

    stream: str
    name: str
    received: Instant | None
    documents: tuple[str, ...]
    faults: tuple[str, ...]
    week: int
    parties: tuple[NamedActor, ...]


def parts_of(week: int) -> list[Task]:
    """The parts of a week."""
    return [Task(week, part) for part in (*PARTS, TRUTH)]


def keep(week: Week, folder: Path) -> None:
    """Put a week where all who write its parts find it."""
    with _kept(folder, week.arrivals.number).open("xb") as file:
        pickle.dump(week, file, protocol=pickle.HIGHEST_PROTOCOL)


def drop(week: int, folder: Path) -> None:
    """Remove a week whose parts are all written."""
    _kept(folder, week).unlink()


def _kept(folder: Path, week: int) -> Path:
    return folder / SCRATCH / f"{week:03}.week"


def writer(parameters: WorldParameters, folder: Path, form: Form) -> Writer:
    """A writer with a cast of its own, for another process."""
    return Writer(make_cast(parameters), folder, form)


class Writer:
    """Writes parts of weeks that are kept.

    Args:
        cast: Of the world.
        folder: The world's.
        form: How messages are written.
    """

    def __init__(self, cast: Cast, folder: Path, form: Form) -> None:
        self._cast = cast
        self._actors = Actors(cast)
        self._folder = folder
        self._form = form
        self._held: tuple[int, Week] | None = None

    def __call__(self, task: Task) -> Part:
        """Write a part."""
        week = self._week(task.week)
        if task.part != TRUTH:
            return self._messages(task, week)
        place = self._folder / task.scratch
        feather.write_feather(truth_table(self._cast, week), place, compression="zstd")
        return Part(task, {})

    def _messages(self, task: Task, week: Week) -> Part:
        written, faults = Counter[str](), Counter[str]()
        lost, garbled = 0, 0
        with (
            TableWriter(self._folder / task.scratch, table_of(MessageTruth)) as truths,
            _SINKS[self._form](self._folder, f"week-{task.week:03}") as sink,
        ):
            for each in deliveries(self._cast, week, task.part):
                truths.put(self._truth(each, task.week))
                faults.update(each.faults)
                lost += each.received is None
                garbled += each.raw is not None and each.received is not None
                written[each.stream] += sink.put(each)
        return Part(task, sink.digests, +written, faults, lost, garbled)

    def _truth(self, delivery: Delivery, week: int) -> MessageTruth:
        return MessageTruth(
            stream=delivery.stream,
            name=delivery.name,
            received=delivery.received,
            documents=delivery.about,
            faults=delivery.faults,
            week=week,
            parties=self._actors.named(delivery.meant or delivery.record),
        )

    def _week(self, number: int) -> Week:
        if self._held is None or self._held[0] != number:
            self._held = None  # one week at a time
            with _kept(self._folder, number).open("rb") as file:
                self._held = (number, pickle.load(file))  # this run wrote it
        return self._held[1]
