"""What is done with a share of the keys: pure steps from rows to bytes and sums, whoever carries them in between.

    decisions --> requests, a part a share --+
                                             +--> sums of a share, a part a block --> sums of a block --> vectors
    sightings --> sightings, a part a share -+

Every engine calls these steps: on one machine files carry the parts (`out_of_core`), on many Spark's shuffle (`spark`).
Sums lie in few bytes, as `packing` writes them.
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
from aftc.features.dealing import mark, places, shares_of_keys, sift
from aftc.features.grouping import group
from aftc.features.packing import MOST_BYTES, pack_integers, unpack_integers
from aftc.features.schema import FeatureSchema

__all__ = [
    "ASKING",
    "Asked",
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

MOST_PLACES: Final = 1 << 25  # of the table of what is asked: 256 MB
_PLACES_A_DECISION: Final = 8  # of some three keys that no other decision names
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
    starts, order = group(shares_of_keys(requests.key, shares), shares)
    dealt = (order[first:end] for first, end in pairwise(starts.tolist()))
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


class Asked:
    """What decisions ask of keys: nothing else of a sighting is dealt.

    Args:
        schema: The windows.
        decisions: How many there are: the table grows with them, within bounds.
    """

    def __init__(self, schema: FeatureSchema, decisions: int) -> None:
        bit = {measure: 1 << place for place, measure in enumerate(_asked(schema))}
        self._columns_of = np.zeros(len(KeyKind), np.int64)
        for window in schema.windows:
            self._columns_of[window.key] |= bit[Measure(window.measure)]
        self.table = np.zeros(min(1 << (_PLACES_A_DECISION * decisions).bit_length(), MOST_PLACES), np.int64)

    def mark(self, requests: Requests) -> None:
        """Add what some requests ask."""
        mark(requests.key, requests.kind, self._columns_of, self.table)


def deal_sightings(
    schema: FeatureSchema, tables: Iterable[pa.Table], asked: NDArray[np.int64], shares: int
) -> list[bytes]:
    """The sightings of each share as a part, without what nobody asks for.

    Args:
        schema: The windows.
        tables: Columns `asked_columns`, one table's rows after the other's.
        asked: The table of an `Asked` that every decision's requests have marked.
        shares: How many there are.
    """
    measures = _asked(schema)
    sifted = []
    lengths = np.zeros((2, shares), np.int64)
    for rows in tables:
        identity = tuple(_only_read(instants(rows[name])) for name in IDENTITY)
        columns = tuple(_only_read(instants(rows[measure.label])) for measure in measures)
        found = np.zeros(len(rows), np.int64)
        sift(identity[0], columns, _only_read(asked), shares, found, lengths[0], lengths[1])
        sifted.append((identity, columns, found))
    ends = np.cumsum(lengths, axis=1)
    (kept, amounts), starts = ends[:, -1].tolist(), ends - lengths
    row_at, amount_at = starts.copy()
    of_rows = tuple(np.empty(kept, np.int64) for _ in IDENTITY)
    key, owner, sequence, day = of_rows
    counts, measure, amount = np.empty(kept, np.uint8), np.empty(amounts, np.uint8), np.empty(amounts, np.int64)
    out = (key, owner, sequence, day, counts, measure, amount)
    for identity, columns, found in sifted:
        places(identity, columns, np.array(measures, np.uint8), found, shares, row_at, amount_at, out)
    parts = []
    for (first, first_amount), (end, end_amount) in zip(starts.T.tolist(), ends.T.tolist(), strict=True):
        head = np.array([end - first, end_amount - first_amount], np.int64)
        here, there = slice(first, end), slice(first_amount, end_amount)
        columns_of = (head, *(each[here] for each in of_rows), amount[there], counts[here], measure[there])
        parts.append(b"".join(each.tobytes() for each in columns_of))
    return parts


def _only_read(column: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every array of one type to the compiler, so that it compiles once."""
    column = column.view()
    column.flags.writeable = False
    return column


def _unpacked(parts: list[bytes]) -> Sighted:
    """The sightings of parts as `deal_sightings` makes them."""
    words, octets = [], []
    for part in parts:
        rows, amounts = np.frombuffer(part, np.int64, 2).tolist()
        integers = np.frombuffer(part, np.int64, 4 * rows + amounts, 16)
        words.append(np.split(integers, [rows, 2 * rows, 3 * rows, 4 * rows]))
        octets.append(np.split(np.frombuffer(part, np.uint8, rows + amounts, 16 + integers.nbytes), [rows]))
    key, owner, sequence, day, amount = map(np.concatenate, zip(*words, strict=True))
    counts, measure = map(np.concatenate, zip(*octets, strict=True))
    offsets = np.zeros(len(key) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
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
