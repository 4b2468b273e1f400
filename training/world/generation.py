"""Making a world: from parameters to a folder, once; the same again is recognised and left as it is.

    weeks(cast) -> parts, by any number of processes -> the truth put together -> world.json

Weeks follow one another, as adversaries learn; parts of a week are written side by side.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from hashlib import file_digest, sha256
from pathlib import Path

import aftc.records
import aftc.reference
import aftc.streams
from aftc.errors import InputError
from training.world.cast import Cast, make_cast
from training.world.examinations import KINDS
from training.world.folder import Staging, folder_digest, no_room
from training.world.gathering import gather
from training.world.parameters import WorldParameters
from training.world.parts import SCRATCH, Form, Part, Task, Writer, drop, keep, parts_of, writer
from training.world.processes import results
from training.world.simulation import Week, weeks

__all__ = ["WorldSummary", "generate"]

_MOST_PROCESSES = 256
_ROOM = {Form.NATIVE: 26_000, Form.RECORDS: 900}  # bytes a consignment, about: measured in whole blocks of 4,096


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What a world's folder holds.

    Attributes:
        parameters: What it was made from.
        form: Native messages, or tables of records.
        messages: Number of messages written, by stream.
        lost: Messages that were made and never arrived.
        garbled: Messages that arrived otherwise than sent; tables of records leave them out.
        faults: Number of messages by what went wrong with them.
        consignments: Number of consignments.
        units: Number of searchable units; `units_examined` were searched.
        outcomes: Number of selections by outcome kind, as finally recorded.
        found_consignments: Consignments in which an examination found something.
        digest: Of the folder without world.json (`training.world.folder.folder_digest`).
        generator: SHA-256 over the sources that made it.
        reused: Whether the folder was there already.
    """

    parameters: WorldParameters
    form: Form
    messages: dict[str, int]
    lost: int
    garbled: int
    faults: dict[str, int]
    consignments: int
    units: int
    units_examined: int
    outcomes: dict[str, int]
    found_consignments: int
    digest: str
    generator: str
    reused: bool = False

    @property
    def total_messages(self) -> int:
        """Number of messages of all streams."""
        return sum(self.messages.values())


def generate(
    folder: Path,
    parameters: WorldParameters,
    progress: Callable[[int, int], None] | None = None,
    *,
    processes: int = 1,
    form: Form = Form.NATIVE,
) -> WorldSummary:
    """Make the world of these parameters in a folder, or recognise that it is there.

    Args:
        folder: Where; absent, empty, or the same world.
        parameters: What to make.
        progress: Called with consignments whose messages are written, and all consignments.
        processes: How many write messages; what is written is the same with any number.
        form: How messages are written.

    Returns:
        What the folder holds.

    Raises:
        InputError: the folder holds something else or cannot be written, or there is no room for it.
    """
    if not 1 <= processes <= _MOST_PROCESSES:
        raise InputError(f"processes from 1 to {_MOST_PROCESSES}", str(processes))
    target = folder.resolve()
    if target.is_mount():
        raise InputError("a folder to be made", f"a mount point at {folder}", advice="choose a folder in it")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        return _recognised(target, parameters, form)
    making = _Making(parameters, form, progress or (lambda *_: None))
    try:
        with Staging(target) as staged:
            return making.make(staged, processes)
    except OSError as error:
        raise no_room(error, target, _ROOM[form] * parameters.consignments) or InputError(
            f"room and permission to write {folder}", error.strerror or str(error), advice="choose another folder"
        ) from error


@dataclass(slots=True)
class _Making:
    """A world on its way, and how far it is."""

    parameters: WorldParameters
    form: Form
    progress: Callable[[int, int], None]
    parts: dict[Task, Part] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    consignments: dict[int, int] = field(default_factory=dict)
    done: int = 0

    def make(self, staged: Path, processes: int) -> WorldSummary:
        """Write everything below a folder."""
        (staged / SCRATCH).mkdir()
        cast = make_cast(self.parameters)
        ready = (
            partial(writer, self.parameters, staged, self.form)
            if processes > 1
            else partial(Writer, cast, staged, self.form)
        )
        with closing(results(self._tasks(cast, staged), ready, processes)) as written:
            for part in written:
                self._account(part, staged)
        summary = self._summary(self._digests(staged))
        written_down = asdict(summary) | {"parameters": self.parameters.as_mapping()}
        del written_down["reused"]
        (staged / "world.json").write_text(f"{json.dumps(written_down, indent=2, sort_keys=True)}\n", encoding="ascii")
        self.progress(self.parameters.consignments, self.parameters.consignments)
        return summary

    def _tasks(self, cast: Cast, staged: Path) -> Iterator[Task]:
        for week in weeks(cast):
            self._count(week)
            keep(week, staged)
            yield from parts_of(week.arrivals.number)

    def _count(self, week: Week) -> None:
        examinations, traffic = week.examinations, week.arrivals.traffic
        self.consignments[week.arrivals.number] = len(traffic.consignments.document)
        self.counts["units"] += len(traffic.units.number)
        self.counts["units_examined"] += int(examinations.examined.sum())
        self.counts["found_consignments"] += int(examinations.found.any(axis=1).sum())
        self.outcomes.update({kind.value: int((examinations.kind == place).sum()) for place, kind in enumerate(KINDS)})

    def _account(self, part: Part, staged: Path) -> None:
        self.parts[part.task] = part
        parts = parts_of(part.task.week)
        if self.parts.keys() >= set(parts):
            drop(part.task.week, staged)
        self.done += self.consignments[part.task.week]
        self.progress(self.done // len(parts), self.parameters.consignments)

    def _digests(self, staged: Path) -> dict[str, str]:
        gather(staged, sorted(self.parts))
        digests = {path: digest for part in self.parts.values() for path, digest in part.digests.items()}
        for path in (staged / "truth").iterdir():
            with path.open("rb") as file:
                digests[f"truth/{path.name}"] = file_digest(file, "sha256").hexdigest()
        return digests

    def _summary(self, digests: dict[str, str]) -> WorldSummary:
        messages, faults = Counter[str](), Counter[str]()
        for part in self.parts.values():
            messages.update(part.messages)
            faults.update(part.faults)
        return WorldSummary(
            parameters=self.parameters,
            form=self.form,
            messages=dict(sorted(messages.items())),
            lost=sum(part.lost for part in self.parts.values()),
            garbled=sum(part.garbled for part in self.parts.values()),
            faults=dict(sorted(faults.items())),
            consignments=sum(self.consignments.values()),
            units=self.counts["units"],
            units_examined=self.counts["units_examined"],
            outcomes=dict(self.outcomes),
            found_consignments=self.counts["found_consignments"],
            digest=folder_digest(digests),
            generator=_generator(),
        )


def _recognised(target: Path, parameters: WorldParameters, form: Form) -> WorldSummary:
    """The summary of the world that is there, if it is the one asked for."""
    advice = "remove it or choose another folder"
    try:
        written = json.loads((target / "world.json").read_text(encoding="ascii"))
        held, held_form = WorldParameters.from_mapping(written.pop("parameters")), Form(written.pop("form"))
        summary = WorldSummary(parameters=held, form=held_form, **written, reused=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "an empty folder or the same world", f"{target.name} with other files", advice=advice
        ) from error
    if (held, held_form) != (parameters, form):
        found = f"a world of {held} as {held_form}"
        raise InputError("the same world's parameters", found, advice=advice, subject=str(target))
    if summary.generator != _generator():
        raise InputError(
            "a world made by this version", "one made by other sources", advice=advice, subject=str(target)
        )
    return summary


@lru_cache(maxsize=1)
def _generator() -> str:
    """SHA-256 over the sources that make a world: this package, the records, their formats, and the places."""
    packages = (aftc.records, aftc.reference, aftc.streams)
    folders = (Path(__file__).parent, *(Path(each.__file__ or "").parent for each in packages))
    sources = sorted(path for each in folders for path in each.glob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
