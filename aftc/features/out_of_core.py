"""Batch over more than memory holds: sightings and requests are shared out by key, summed share by share, gathered.

    decisions --> requests by share --+
                                      +--> sums by block of decisions --> vectors, block by block
    sightings --> sightings by share -+

Each arrow is a step of numbered units that depend on nothing but the step before; a unit leaves one file, and a file
that is there and sound is not made again. So a run that was ended goes on where it stood, and neither the number of
shares nor that of threads changes a bit: window sums are sums of integers.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from aftc.errors import InputError
from aftc.features.aliases import NO_ALIASES, Aliases
from aftc.features.batch import Moments, Requests
from aftc.features.blocks import Blocks
from aftc.features.parts import Parts, finished, write_parts
from aftc.features.schema import FeatureSchema
from aftc.features.shares import (
    ASKING,
    Asked,
    asked_columns,
    block_vectors,
    deal_requests,
    deal_sightings,
    moments_of,
    pack_requests,
    requests_of,
    sum_share,
    together,
    unpack_requests,
)

__all__ = ["Engine", "Finish", "Job", "Plan", "Progress", "Result", "compute", "each_unit", "plan_of"]

MEMORY_BYTES: Final = 1 << 30  # for the sightings that are shared out or summed at a time
SIGHTING_BYTES: Final = 200  # what one takes meanwhile, amounts and places in tables included
MOST_SHARES: Final = 4_096
_AHEAD: Final = 2  # units begun for each thread before the first of them is asked for

Result = TypeVar("Result")
Finish: TypeAlias = Callable[[int, Callable[[], NDArray[np.float64]]], Result]
"""Told a block's number and how to get its vectors (float64[rows, features]), in any thread."""

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What to compute the vectors of, and with what.

    Attributes:
        schema: The features.
        sightings: Columns `sightings.COLUMNS`, any order.
        decisions: Columns `sequence`, `day`, `slots`, `owners`, `facts`.
        folder: Where the steps leave their files; another job's folder is refused.
        aliases: The merges of parties.
        memory_bytes: For the sightings that are shared out or summed at a time.
        threads: How many units of a step run at a time.
    """

    schema: FeatureSchema
    sightings: Blocks
    decisions: Blocks
    folder: Path
    aliases: Aliases = NO_ALIASES
    memory_bytes: int = MEMORY_BYTES
    threads: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))

    @property
    def identity(self) -> str:
        """SHA-256 (hex) over what the vectors depend on."""
        merges = json.dumps(sorted(self.aliases.known.items()))
        parts = (self.schema.digest, self.sightings.identity, self.decisions.identity, merges)
        return sha256("\n".join(parts).encode()).hexdigest()

    @property
    def sightings_at_a_time(self) -> int:
        """How many sightings one thread shares out, or sums, at a time."""
        return max(self.memory_bytes // (self.threads * SIGHTING_BYTES), 1)


class Engine(Protocol):
    """A way to compute a job's vectors; all ways give the same bits."""

    def __call__(self, job: Job, finish: Finish[Result], progress: Progress) -> Iterator[Result]:
        """As `compute`."""


def compute(job: Job, finish: Finish[Result], progress: Progress) -> Iterator[Result]:
    """Compute vectors block by block of the decisions.

    Args:
        job: Of what.
        finish: What to do with each block's vectors.
        progress: Told what is done, a line at a time.

    Yields:
        What `finish` returned, in the order of the blocks.

    Raises:
        HistoryError: days that do not follow the sequence, integers of another schema, a damaged file.
        InputError: the folder is another job's.
    """
    plan = plan_of(job)
    for step in ("requests", "sightings", "sums"):
        (job.folder / step).mkdir(exist_ok=True)
    with ThreadPoolExecutor(job.threads) as pool:
        each = partial(each_unit, pool, job.threads, progress)
        blocks = range(len(job.decisions.rows))
        units = _units(job.sightings.rows, plan.sightings_a_unit)
        asked, made = Asked(job.schema, sum(job.decisions.rows)), []
        for when, which in each("decisions", blocks, partial(_ask, job, plan.shares)):
            made.append(when)
            asked.mark(which)
        moments = together(made)
        for _ in each("sightings", range(len(units)), partial(_share_out, job, plan.shares, asked.table, units)):
            pass
        requests = [Parts(_path(job, "requests", block)) for block in blocks]
        sighted = [Parts(_path(job, "sightings", place)) for place in range(len(units))]
        largest = sorted(range(plan.shares), key=lambda share: -sum(parts.length(share) for parts in sighted))
        for _ in each("shares", largest, partial(_sum_share, job, moments, requests, sighted)):
            pass
        sums = [Parts(_path(job, "sums", share)) for share in range(plan.shares)]
        vectors = partial(_vectors, job, requests, sums)
        yield from each("vectors", blocks, lambda block: finish(block, partial(vectors, block)))


def each_unit(
    pool: ThreadPoolExecutor,
    threads: int,
    progress: Progress,
    step: str,
    numbers: Iterable[int],
    work: Callable[[int], Result],
) -> Iterator[Result]:
    """Results of a step's units in their order, few of them at a time."""
    queue = list(numbers)
    waiting: deque[Future[Result]] = deque()
    told = 0
    for done in range(len(queue)):
        while len(waiting) < threads * _AHEAD and done + len(waiting) < len(queue):
            waiting.append(pool.submit(work, queue[done + len(waiting)]))
        yield waiting.popleft().result()
        if 10 * (done + 1) // len(queue) > told:
            told = 10 * (done + 1) // len(queue)
            progress(f"{step}: {done + 1:,} of {len(queue):,}")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a job is divided.

    Attributes:
        shares: Into how many the keys are: as few as memory allows.
        sightings_a_unit: How many sightings are shared out at a time; a block is never divided.
    """

    shares: int
    sightings_a_unit: int


def plan_of(job: Job) -> Plan:
    """How a job is divided: as its folder says, else as memory allows, which the folder keeps.

    Raises:
        InputError: the folder is another job's.
    """
    path = job.folder / "plan.json"
    if path.exists():
        told = json.loads(path.read_text())
        if told.pop("identity") != job.identity:
            raise InputError(
                "a folder of this work, or a new one",
                f"the work on other rows or of another schema in {job.folder}",
                advice="remove the folder or name another",
            )
        return Plan(**told)
    most = job.sightings_at_a_time
    plan = Plan(min(sum(job.sightings.rows) // most + 1, MOST_SHARES), most)
    job.folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"identity": job.identity, **asdict(plan)}))
    unfinished.replace(path)
    return plan


def _units(rows: Sequence[int], most: int) -> list[range]:
    """Successive blocks that have at most so many rows together, but at least one block each."""
    units: list[range] = []
    room = 0
    for block, count in enumerate(rows):
        if units and count <= room:
            units[-1] = range(units[-1].start, block + 1)
        else:
            units.append(range(block, block + 1))
            room = most
        room -= count
    return units


def _path(job: Job, step: str, number: int) -> Path:
    return job.folder / step / f"{number:06}"


def _ask(job: Job, shares: int, block: int) -> tuple[Moments, Requests]:
    """Share out the keys that a block's decisions name; when they were made stays in memory."""
    path = _path(job, "requests", block)
    rows = job.decisions.read(block, ASKING)
    requests = requests_of(rows, job.aliases)
    if not finished(path):
        write_parts(path, list(map(pack_requests, deal_requests(requests, shares))))
    return moments_of(rows), requests


def _share_out(job: Job, shares: int, asked: NDArray[np.int64], units: Sequence[range], number: int) -> None:
    """Share out a unit's blocks of sightings."""
    path = _path(job, "sightings", number)
    if not finished(path):
        rows = [job.sightings.read(block, asked_columns(job.schema)) for block in units[number]]
        write_parts(path, deal_sightings(job.schema, rows, asked, shares))


def _sum_share(job: Job, moments: Moments, requests: list[Parts], sighted: list[Parts], share: int) -> None:
    """Sum a share."""
    path = _path(job, "sums", share)
    if finished(path):
        return
    firsts = np.cumsum([0, *job.decisions.rows])[:-1].tolist()
    asked = [(first, unpack_requests(parts.read(share))) for first, parts in zip(firsts, requests, strict=True)]
    parts = (each.read(share) for each in sighted)
    write_parts(path, sum_share(job.schema, moments, asked, parts, job.sightings_at_a_time))


def _vectors(job: Job, requests: list[Parts], sums: list[Parts], block: int) -> NDArray[np.float64]:
    """The vectors of a block."""
    parts = ((unpack_requests(requests[block].read(share)), each.read(block)) for share, each in enumerate(sums))
    return block_vectors(job.schema, job.decisions.read(block, ("facts",))["facts"], parts)
