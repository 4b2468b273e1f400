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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.columns import instants, matrix, ragged
from aftc.errors import InputError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.aliases import NO_ALIASES, Aliases
from aftc.features.assembly import assemble
from aftc.features.batch import IDENTITY, Moments, Requests, Sighted, request_sums, sum_requests
from aftc.features.blocks import Blocks
from aftc.features.packing import MOST_BYTES, pack_integers, pack_rows, unpack_integers, unpack_rows
from aftc.features.parts import Parts, finished, write_parts
from aftc.features.schema import FeatureSchema

__all__ = ["Job", "compute"]

MEMORY_BYTES: Final = 1 << 30  # for the sightings of the shares that are summed at a time
SIGHTING_BYTES: Final = 200  # what one takes while it is summed, amounts and places in tables included
MOST_SHARES: Final = 4_096
_GOLDEN: Final = -7046029254386353131  # 2^64 over the golden ratio: spreads codes that lie close together
_REQUEST: Final = np.dtype([("decision", "<i4"), ("kind", "i1"), ("key", "<i8")])  # decision within its block
_AHEAD: Final = 2  # units begun for each thread before the first of them is asked for

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Job:
    """What to compute the vectors of, and with what.

    Attributes:
        schema: The features.
        sightings: Columns `sightings.COLUMNS`, any order.
        decisions: Columns `sequence`, `day`, `slots`, `owners`, `facts`.
        folder: Where the steps leave their files; another job's folder is refused.
        aliases: The merges of parties.
        memory_bytes: For the sightings of the shares that are summed at a time.
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
        """How many sightings of a share one thread sums at a time."""
        return max(self.memory_bytes // (self.threads * SIGHTING_BYTES), 1)


def compute(
    job: Job, finish: Callable[[int, Callable[[], NDArray[np.float64]]], _Result], progress: Callable[[str], None]
) -> Iterator[_Result]:
    """Compute vectors block by block of the decisions.

    Args:
        job: Of what.
        finish: Told each block's number and how to get its vectors (float64[rows, features]), in any thread.
        progress: Told what is done, a line at a time.

    Yields:
        What `finish` returned, in the order of the blocks.

    Raises:
        HistoryError: days that do not follow the sequence, integers of another schema, a damaged file.
        InputError: the folder is another job's.
    """
    shares = _shares(job)
    with ThreadPoolExecutor(job.threads) as pool:
        each = partial(_each, pool, job.threads, progress)
        blocks = range(len(job.decisions.rows))
        slices = range(len(job.sightings.rows))
        moments = _together(list(each("decisions", blocks, partial(_ask, job, shares))))
        for _ in each("sightings", slices, partial(_share_out, job, shares)):
            pass
        requests = [Parts(_path(job, "requests", block)) for block in blocks]
        sighted = [Parts(_path(job, "sightings", place)) for place in slices]
        largest = sorted(range(shares), key=lambda share: -sum(parts.length(share) for parts in sighted))
        for _ in each("shares", largest, partial(_sum_share, job, moments, requests, sighted)):
            pass
        sums = [Parts(_path(job, "sums", share)) for share in range(shares)]
        vectors = partial(_vectors, job, requests, sums)
        yield from each("vectors", blocks, lambda block: finish(block, partial(vectors, block)))


def _each(
    pool: ThreadPoolExecutor,
    threads: int,
    progress: Callable[[str], None],
    step: str,
    numbers: Iterable[int],
    work: Callable[[int], _Result],
) -> Iterator[_Result]:
    """Results of a step's units in their order, few of them at a time."""
    queue = list(numbers)
    waiting: deque[Future[_Result]] = deque()
    told = 0
    for done in range(len(queue)):
        while len(waiting) < threads * _AHEAD and done + len(waiting) < len(queue):
            waiting.append(pool.submit(work, queue[done + len(waiting)]))
        yield waiting.popleft().result()
        if 10 * (done + 1) // len(queue) > told:
            told = 10 * (done + 1) // len(queue)
            progress(f"{step}: {done + 1:,} of {len(queue):,}")


def _shares(job: Job) -> int:
    """Into how many shares the keys are divided: as the folder's plan says, else as few as memory allows."""
    path = job.folder / "plan.json"
    if path.exists():
        plan = json.loads(path.read_text())
        if plan["identity"] != job.identity:
            raise InputError(
                "a folder of this work, or a new one",
                f"the work on other rows or of another schema in {job.folder}",
                advice="remove the folder or name another",
            )
        return int(plan["shares"])
    shares = min(2 * sum(job.sightings.rows) // job.sightings_at_a_time + 1, MOST_SHARES)
    for step in ("requests", "sightings", "sums"):
        (job.folder / step).mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"identity": job.identity, "shares": shares}))
    unfinished.replace(path)
    return shares


def _path(job: Job, step: str, number: int) -> Path:
    return job.folder / step / f"{number:06}"


def _by_share(keys: NDArray[np.int64], shares: int) -> tuple[NDArray[np.int64], list[slice]]:
    """The order of rows by share, and where each share's stand in it."""
    share = (((keys * _GOLDEN) >> 33) & 0x7FFFFFFF) % shares
    ends = np.cumsum(np.bincount(share, minlength=shares)).tolist()
    order = np.argsort(share.astype(np.int16), kind="stable")
    return order, [slice(first, end) for first, end in zip([0, *ends], ends, strict=False)]


def _ask(job: Job, shares: int, block: int) -> Moments:
    """Share out the keys that a block's decisions name; when they were made stays in memory."""
    path = _path(job, "requests", block)
    rows = job.decisions.read(block, ("sequence", "day", "owners", "slots"))
    sequence = instants(rows["sequence"])
    if not finished(path):
        requests = Requests.of(matrix(rows["slots"], len(KeyKind)), sequence, job.aliases)
        records = np.empty(len(requests.key), _REQUEST)
        records["decision"], records["kind"], records["key"] = requests.decision, requests.kind, requests.key
        order, places = _by_share(requests.key, shares)
        write_parts(path, [records[order[place]].tobytes() for place in places])
    offsets, owners = ragged(rows["owners"])
    return Moments(owner_offsets=offsets, owners=owners, day=instants(rows["day"]), sequence=sequence)


def _together(blocks: list[Moments]) -> Moments:
    lengths = [np.zeros(1, np.int64), *(np.diff(each.owner_offsets) for each in blocks)]
    none = [np.empty(0, np.int64)]
    return Moments(
        owner_offsets=np.cumsum(np.concatenate(lengths)),
        owners=np.concatenate(none + [each.owners for each in blocks]),
        day=np.concatenate(none + [each.day for each in blocks]),
        sequence=np.concatenate(none + [each.sequence for each in blocks]),
    )


def _share_out(job: Job, shares: int, number: int) -> None:
    """Share out a block of sightings."""
    path = _path(job, "sightings", number)
    if finished(path):
        return
    asked = sorted({Measure(window.measure) for window in job.schema.windows})
    rows = job.sightings.read(number, (*IDENTITY, *(measure.label for measure in asked)))
    identity = [instants(rows[name]) for name in IDENTITY]
    sighted = Sighted.of(identity, ((measure, instants(rows[measure.label])) for measure in asked))
    order, places = _by_share(sighted.key, shares)
    write_parts(path, [_packed(sighted, order[place]) for place in places])


def _packed(sighted: Sighted, rows: NDArray[np.int64]) -> bytes:
    """Some sightings: how many they are and their amounts, keys, owners, then the rest in few bytes."""
    amounts = int((sighted.offsets[rows + 1] - sighted.offsets[rows]).sum())
    octets = np.empty(3 * MOST_BYTES * len(rows) + (1 + MOST_BYTES) * amounts, np.uint8)
    columns = (sighted.sequence, sighted.day, sighted.offsets, sighted.measure, sighted.amount)
    length = pack_rows(rows, *columns, octets)
    head = np.array([len(rows), amounts], np.int64)
    return b"".join(
        (head.tobytes(), sighted.key[rows].tobytes(), sighted.owner[rows].tobytes(), octets[:length].tobytes())
    )


def _unpacked(parts: list[bytes]) -> Sighted:
    heads = np.array([np.frombuffer(part, np.int64, 2) for part in parts]).reshape(-1, 2)
    rows, amounts = heads.sum(axis=0).tolist()
    key, owner, sequence, day, counts = (np.empty(rows, np.int64) for _ in range(5))
    measure, amount = np.empty(amounts, np.uint8), np.empty(amounts, np.int64)
    row = at = 0
    for part, (more_rows, more_amounts) in zip(parts, heads.tolist(), strict=True):
        here, there = slice(row, row + more_rows), slice(at, at + more_amounts)
        key[here] = np.frombuffer(part, np.int64, more_rows, 16)
        owner[here] = np.frombuffer(part, np.int64, more_rows, 16 + 8 * more_rows)
        octets = np.frombuffer(part, np.uint8, offset=16 + 16 * more_rows)
        unpack_rows(octets, sequence[here], day[here], counts[here], measure[there], amount[there])
        row, at = here.stop, there.stop
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    return Sighted(key, owner, sequence, day, offsets, measure, amount)


def _sum_share(job: Job, moments: Moments, requests: list[Parts], sighted: list[Parts], share: int) -> None:
    """Sum a share's sightings for its requests; a key of very many sightings is summed a part at a time."""
    path = _path(job, "sums", share)
    if finished(path):
        return
    asked = [_asked(parts.read(share)) for parts in requests]
    firsts = np.cumsum([0, *job.decisions.rows])[:-1].tolist()
    none = [np.empty(0, np.int64)]
    whole = Requests(
        decision=np.concatenate(none + [each.decision + first for each, first in zip(asked, firsts, strict=True)]),
        kind=np.concatenate(none + [each.kind for each in asked]),
        key=np.concatenate(none + [each.key for each in asked]),
    )
    places = whole.places(job.schema)
    sums = np.zeros(places[-1], np.int64)
    if sums.size:
        for parts in _at_a_time(sighted, share, job.sightings_at_a_time):
            sums += request_sums(job.schema, _unpacked(parts), whole, moments)
    ends = places[np.cumsum([0, *(len(each.key) for each in asked)])].tolist()
    octets = np.empty(MOST_BYTES * max(np.diff(ends), default=0), np.uint8)
    packed = []
    for first, end in pairwise(ends):
        length = pack_integers(sums[first:end], octets)
        packed.append(octets[:length].tobytes())
    write_parts(path, packed)


def _asked(part: bytes) -> Requests:
    records = np.frombuffer(part, _REQUEST)
    decision, kind, key = (records[name].astype(np.int64) for name in ("decision", "kind", "key"))
    return Requests(decision, kind, key)


def _at_a_time(sighted: list[Parts], share: int, most: int) -> Iterator[list[bytes]]:
    """A share's parts, as many together as have at most so many sightings, but at least one."""
    gathered: list[bytes] = []
    count = 0
    for parts in sighted:
        part = parts.read(share)
        rows = int(np.frombuffer(part, np.int64, 1)[0])
        if gathered and count + rows > most:
            yield gathered
            gathered, count = [], 0
        gathered.append(part)
        count += rows
    if gathered:
        yield gathered


def _vectors(job: Job, requests: list[Parts], sums: list[Parts], block: int) -> NDArray[np.float64]:
    """Gather a block's sums from all shares and assemble its vectors."""
    gathered = np.zeros((job.decisions.rows[block], len(job.schema.windows)), np.int64)
    for share, parts in enumerate(sums):
        asked = _asked(requests[block].read(share))
        values = np.empty(asked.places(job.schema)[-1], np.int64)
        unpack_integers(np.frombuffer(parts.read(block), np.uint8), values)
        sum_requests(job.schema, asked, values, gathered)
    facts: pa.Table = job.decisions.read(block, ("facts",))
    return assemble(job.schema, matrix(facts["facts"], job.schema.fact_columns), gathered)
