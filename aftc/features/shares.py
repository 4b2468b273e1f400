"""What is done with a share of the keys: pure steps from rows to bytes and sums, whoever carries them in between.

    decisions --> requests, a part a share --+
                                             +--> sums of a share, a part a block --> sums of a block --> vectors
    sightings --> sightings, a part a share -+

Every engine calls these steps: on one machine files carry the parts (`out_of_core`), on many Spark's shuffle (`spark`).
A part holds integers in few bytes, as `packing` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.columns import instants, matrix, ragged
from aftc.features.algebra import KeyKind, Measure
from aftc.features.aliases import Aliases
from aftc.features.assembly import assemble
from aftc.features.batch import IDENTITY, Moments, Requests, Sighted, request_sums, sum_requests
from aftc.features.packing import MOST_BYTES, pack_integers, pack_rows, unpack_integers, unpack_rows
from aftc.features.schema import FeatureSchema

__all__ = [
    "ASKING",
    "asked_columns",
    "block_vectors",
    "deal_requests",
    "deal_sightings",
    "moments_of",
    "pack_moments",
    "pack_requests",
    "requests_of",
    "sum_share",
    "together",
    "unpack_moments",
    "unpack_requests",
]

ASKING: Final = ("sequence", "day", "owners", "slots")
"""Columns of decisions that say what they ask for."""

_GOLDEN: Final = -7046029254386353131  # 2^64 over the golden ratio: spreads codes that lie close together
_REQUEST: Final = np.dtype([("decision", "<i4"), ("kind", "i1"), ("key", "<i8")])  # decision within its block


def requests_of(rows: pa.Table, aliases: Aliases) -> Requests:
    """The keys that decisions name, columns `ASKING`, and the further members of their parties."""
    return Requests.of(matrix(rows["slots"], len(KeyKind)), instants(rows["sequence"]), aliases)


def moments_of(rows: pa.Table) -> Moments:
    """When decisions, columns `ASKING`, are made, and by whom."""
    offsets, owners = ragged(rows["owners"])
    return Moments(owner_offsets=offsets, owners=owners, day=instants(rows["day"]), sequence=instants(rows["sequence"]))


def together(blocks: Sequence[Moments]) -> Moments:
    """Moments of several blocks, one block's after the other's."""
    lengths = [np.zeros(1, np.int64), *(np.diff(each.owner_offsets) for each in blocks)]
    none = [np.empty(0, np.int64)]
    return Moments(
        owner_offsets=np.cumsum(np.concatenate(lengths)),
        owners=np.concatenate(none + [each.owners for each in blocks]),
        day=np.concatenate(none + [each.day for each in blocks]),
        sequence=np.concatenate(none + [each.sequence for each in blocks]),
    )


def pack_moments(moments: Moments) -> bytes:
    """Moments as a part: how many decisions and owners they are, then all columns."""
    head = np.array([len(moments.day), len(moments.owners)], np.int64)
    columns = (head, moments.owner_offsets, moments.owners, moments.day, moments.sequence)
    return np.concatenate(columns).tobytes()


def unpack_moments(part: bytes) -> Moments:
    """The moments of a part."""
    rows, owners, *_ = (words := np.frombuffer(part, np.int64))
    columns = np.split(words[2:], np.cumsum([rows + 1, owners, rows]))
    return Moments(owner_offsets=columns[0], owners=columns[1], day=columns[2], sequence=columns[3])


def deal_requests(requests: Requests, shares: int) -> list[Requests]:
    """The requests of each share, in their order."""
    order, places = _by_share(requests.key, shares)
    dealt = (order[place] for place in places)
    return [Requests(requests.decision[rows], requests.kind[rows], requests.key[rows]) for rows in dealt]


def pack_requests(requests: Requests) -> bytes:
    """Requests as a part."""
    records = np.empty(len(requests.key), _REQUEST)
    records["decision"], records["kind"], records["key"] = requests.decision, requests.kind, requests.key
    return records.tobytes()


def unpack_requests(part: bytes) -> Requests:
    """The requests of a part."""
    records = np.frombuffer(part, _REQUEST)
    decision, kind, key = (records[name].astype(np.int64) for name in ("decision", "kind", "key"))
    return Requests(decision, kind, key)


def asked_columns(schema: FeatureSchema) -> tuple[str, ...]:
    """Columns of sightings that a schema's windows sum."""
    return (*IDENTITY, *(measure.label for measure in _asked(schema)))


def _asked(schema: FeatureSchema) -> list[Measure]:
    return sorted({Measure(window.measure) for window in schema.windows})


def deal_sightings(schema: FeatureSchema, rows: pa.Table, shares: int) -> list[bytes]:
    """The sightings of each share as a part, from columns `asked_columns`."""
    identity = [instants(rows[name]) for name in IDENTITY]
    sighted = Sighted.of(identity, ((measure, instants(rows[measure.label])) for measure in _asked(schema)))
    order, places = _by_share(sighted.key, shares)
    return [_packed(sighted, order[place]) for place in places]


def _by_share(keys: NDArray[np.int64], shares: int) -> tuple[NDArray[np.int64], list[slice]]:
    """The order of rows by share, and where each share's stand in it."""
    share = (((keys * _GOLDEN) >> 33) & 0x7FFFFFFF) % shares
    ends = np.cumsum(np.bincount(share, minlength=shares)).tolist()
    order = np.argsort(share.astype(np.int16), kind="stable")
    return order, [slice(first, end) for first, end in zip([0, *ends], ends, strict=False)]


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


def sum_share(
    schema: FeatureSchema,
    moments: Moments,
    asked: Sequence[tuple[int, Requests]],
    sighted: Iterable[bytes],
    most: int,
) -> list[bytes]:
    """Sum a share's sightings for its requests; a key of very many sightings is summed a part at a time.

    Args:
        schema: The windows.
        moments: Of the decisions that ask.
        asked: Of each block of decisions, where its decisions begin among the moments, and its requests.
        sighted: The share's parts.
        most: So many sightings at a time, but at least one part.

    Returns:
        The sums of each block's requests, one request's after the other's, as a part.

    Raises:
        HistoryError: days of a key that do not follow the sequence.
    """
    none = [np.empty(0, np.int64)]
    whole = Requests(
        decision=np.concatenate(none + [each.decision + first for first, each in asked]),
        kind=np.concatenate(none + [each.kind for _, each in asked]),
        key=np.concatenate(none + [each.key for _, each in asked]),
    )
    places = whole.places(schema)
    sums = np.zeros(places[-1], np.int64)
    if sums.size:
        for parts in _at_a_time(sighted, most):
            sums += request_sums(schema, _unpacked(parts), whole, moments)
    ends = places[np.cumsum([0, *(len(each.key) for _, each in asked)])].tolist()
    octets = np.empty(MOST_BYTES * max(np.diff(ends), default=0), np.uint8)
    packed = []
    for first, end in pairwise(ends):
        length = pack_integers(sums[first:end], octets)
        packed.append(octets[:length].tobytes())
    return packed


def _at_a_time(sighted: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Parts, as many together as have at most so many sightings, but at least one."""
    gathered: list[bytes] = []
    count = 0
    for part in sighted:
        rows = int(np.frombuffer(part, np.int64, 1)[0])
        if gathered and count + rows > most:
            yield gathered
            gathered, count = [], 0
        gathered.append(part)
        count += rows
    if gathered:
        yield gathered


def block_vectors(
    schema: FeatureSchema, facts: pa.ChunkedArray, parts: Iterable[tuple[Requests, bytes]]
) -> NDArray[np.float64]:
    """Gather a block's sums from all shares and assemble its vectors.

    Args:
        schema: The features.
        facts: Of the block's decisions.
        parts: Of each share, the block's requests and their sums, as of `sum_share`.

    Returns:
        float64[rows, features].
    """
    gathered = np.zeros((len(facts), len(schema.windows)), np.int64)
    for asked, part in parts:
        values = np.empty(asked.places(schema)[-1], np.int64)
        unpack_integers(np.frombuffer(part, np.uint8), values)
        sum_requests(schema, asked, values, gathered)
    return assemble(schema, matrix(facts, schema.fact_columns), gathered)
