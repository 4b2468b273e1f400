"""The windows once more, as SQL over day tiles: an oracle that shares no code with the kernel.

The statements are generated from the definitions. A tile is an entity's sums of one day. A window of w days is the
tiles from w - 1 days before to 1 day before (a range over days, not over rows), plus the running sum within the day
up to the decision's sequence, less the decision's own sightings. Sums are cast to BIGINT, for DuckDB widens them.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.features.algebra import KeyKind, Window
from aftc.features.aliases import NO_ALIASES, PARTY_KINDS, Aliases
from aftc.features.batch import Decisions
from aftc.features.identity import NO_KEY
from aftc.features.schema import FeatureSchema
from aftc.features.sightings import COLUMNS

__all__ = ["window_sums", "windows_statement"]

_MEMBERS = ("key", "since", "others")


def window_sums(
    schema: FeatureSchema, sightings: NDArray[np.int64], decisions: Decisions, aliases: Aliases = NO_ALIASES
) -> NDArray[np.int64]:
    """As `aftc.features.batch.window_sums`, by DuckDB.

    Returns:
        int64[n, schema.windows].
    """
    sums = np.zeros((len(decisions.day), len(schema.windows)), np.int64)
    with duckdb.connect() as connection:
        connection.register("sightings", pa.table({name: sightings[:, at] for at, name in enumerate(COLUMNS)}))
        connection.register("slots", _slots(decisions))
        connection.register("owners", _owners(decisions))
        connection.register("members", _members(aliases))
        for kind in KeyKind:
            places = [place for place, window in enumerate(schema.windows) if window.key is kind]
            if not places:
                continue
            statement = windows_statement(kind, [schema.windows[place] for place in places])
            columns = connection.execute(statement).fetchnumpy()
            rows = columns.pop("decision")
            for place, values in zip(places, columns.values(), strict=True):
                sums[rows, place] = values
    return sums


def windows_statement(kind: KeyKind, windows: list[Window]) -> str:
    """The statement that computes all windows of one kind of key, one row a decision that names one."""
    measures = sorted({window.measure.label for window in windows})
    summed = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in measures)
    zeros = ", ".join("0" for _ in measures)
    running = ", ".join(f"CAST(SUM({name}) OVER earlier AS BIGINT) AS {name}" for name in measures)
    closed = ", ".join(_closed(window) for window in windows)
    own = ", ".join(_own(window) for window in windows)
    values = ", ".join(
        f"closed.{window.name} + COALESCE(today.{window.measure.label}, 0) - COALESCE(own.{window.name}, 0)"
        f" AS {window.name}"
        for window in windows
    )
    together = ", ".join(f"CAST(SUM({window.name}) AS BIGINT) AS {window.name}" for window in windows)
    return f"""
        WITH requests AS (
            SELECT decision, key, day, sequence FROM slots WHERE kind = {kind.value} AND key IS NOT NULL
            UNION ALL {_further(kind)}
        ), asked AS MATERIALIZED (
            SELECT * FROM sightings WHERE key IN (SELECT key FROM requests)
        ), tiles AS (
            SELECT key, day, {summed} FROM asked GROUP BY key, day
        ), days AS (
            SELECT key, day, {summed} FROM (
                SELECT * FROM tiles UNION ALL SELECT DISTINCT key, day, {zeros} FROM requests
            ) GROUP BY key, day
        ), closed AS (
            SELECT key, day, {closed} FROM days
        ), messages AS (
            SELECT key, day, sequence, {summed} FROM asked GROUP BY key, day, sequence
        ), today AS (
            SELECT key, day, sequence, {running} FROM messages
            WINDOW earlier AS (PARTITION BY key, day ORDER BY sequence ROWS UNBOUNDED PRECEDING)
        ), mine AS MATERIALIZED (
            SELECT DISTINCT requests.decision, requests.key, requests.day, requests.sequence, owners.owner
            FROM requests JOIN owners ON owners.decision = requests.decision
        ), own AS (
            SELECT mine.decision, mine.key, {own}
            FROM mine JOIN asked ON asked.key = mine.key AND asked.owner = mine.owner
            WHERE asked.sequence <= mine.sequence
            GROUP BY mine.decision, mine.key
        ), each_key AS (
            SELECT requests.decision, {values}
            FROM requests
            JOIN closed ON closed.key = requests.key AND closed.day = requests.day
            ASOF LEFT JOIN today
                ON today.key = requests.key AND today.day = requests.day AND requests.sequence >= today.sequence
            LEFT JOIN own ON own.decision = requests.decision AND own.key = requests.key
        )
        SELECT decision, {together} FROM each_key GROUP BY decision
    """


def _further(kind: KeyKind) -> str:
    """The other keys of the party of each key, by the last merge or reversal known at the decision."""
    if kind not in PARTY_KINDS:
        return "SELECT NULL, NULL, NULL, NULL WHERE FALSE"
    return f"""
        SELECT decision, UNNEST(others), day, sequence FROM (
            SELECT slots.decision, slots.day, slots.sequence, members.others
            FROM slots JOIN members ON members.key = slots.key AND members.since <= slots.sequence
            WHERE slots.kind = {kind.value}
            QUALIFY ROW_NUMBER() OVER (PARTITION BY slots.decision ORDER BY members.since DESC) = 1
        )
    """


def _closed(window: Window) -> str:
    if window.days == 1:  # a window of one day is today so far
        return f"0 AS {window.name}"
    frame = f"RANGE BETWEEN {window.days - 1} PRECEDING AND 1 PRECEDING"
    total = f"SUM({window.measure.label}) OVER (PARTITION BY key ORDER BY day {frame})"
    return f"CAST(COALESCE({total}, 0) AS BIGINT) AS {window.name}"


def _own(window: Window) -> str:
    total = f"SUM({window.measure.label}) FILTER (WHERE asked.day > mine.day - {window.days})"
    return f"CAST(COALESCE({total}, 0) AS BIGINT) AS {window.name}"


def _slots(decisions: Decisions) -> pa.Table:
    """One row a decision and kind; an absent key is null."""
    count, kinds = decisions.slots.shape
    keys = decisions.slots.ravel()
    return pa.table(
        {
            "decision": np.repeat(np.arange(count), kinds),
            "kind": np.tile(np.arange(kinds), count),
            "key": pa.array(keys, mask=keys == NO_KEY),
            "day": np.repeat(decisions.day, kinds),
            "sequence": np.repeat(decisions.sequence, kinds),
        }
    )


def _members(aliases: Aliases) -> pa.Table:
    """One row a key and message from which on others are its party's."""
    rows = [(key, since, others) for key, history in aliases.known.items() for since, others in history]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    types = (pa.int64(), pa.int64(), pa.list_(pa.int64()))
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, types, strict=True)], _MEMBERS)


def _owners(decisions: Decisions) -> pa.Table:
    lengths = np.diff(decisions.owner_offsets)
    return pa.table({"decision": np.repeat(np.arange(len(lengths)), lengths), "owner": decisions.owners})
