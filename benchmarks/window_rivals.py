"""The same windows by other hands: Polars and DuckDB, keys coded for all, beside the batch's own way.

Each kind of key is a problem of its own: its sightings with the measures that its windows ask for, its requests, and
whose sightings are theirs. Polars sorts by key and message, sums up over everything and searches where each window
begins and ends; DuckDB keeps running totals by message and by day and joins them as of both. Own sightings are found by
a join on key and owner in both.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from aftc.features.algebra import KeyKind, Window
from aftc.features.batch import Moments, Requests, Sighted, request_sums
from aftc.features.catalogue import SCHEMA

__all__ = ["Problem", "by_batch", "by_duckdb", "by_polars"]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The windows of one kind of key.

    Attributes:
        kind: Of the key.
        windows: Asked for.
        key, owner, sequence, day: int64[N], of the sightings; keys and owners are codes from 1.
        amounts: int64[N] of each measure that the windows ask for, in the order of `Measure`.
        asked: int64[r], key of each request.
        moments: Of the requests.
    """

    kind: KeyKind
    windows: tuple[Window, ...]
    key: NDArray[np.int64]
    owner: NDArray[np.int64]
    sequence: NDArray[np.int64]
    day: NDArray[np.int64]
    amounts: dict[int, NDArray[np.int64]]
    asked: NDArray[np.int64]
    moments: Moments

    @property
    def spans(self) -> list[int]:
        """The different lengths of windows, in days."""
        return sorted({window.days for window in self.windows})

    @property
    def table(self) -> dict[str, NDArray[np.int64]]:
        """Columns of the sightings."""
        amounts = {f"m{measure}": column for measure, column in self.amounts.items()}
        return {"key": self.key, "owner": self.owner, "sequence": self.sequence, "day": self.day, **amounts}

    @property
    def requests(self) -> dict[str, NDArray[np.int64]]:
        """Columns of the requests."""
        moments = self.moments
        return {
            "request": np.arange(len(self.asked)),
            "key": self.asked,
            "made": moments.sequence,
            "today": moments.day,
        }

    @property
    def owners(self) -> dict[str, NDArray[np.int64]]:
        """Columns of what is whose."""
        lengths = np.diff(self.moments.owner_offsets)
        return {"request": np.repeat(np.arange(len(lengths)), lengths), "owner": self.moments.owners}


def by_batch(problems: Sequence[Problem]) -> list[NDArray[np.int64]]:
    """int64[r, windows] of each problem, by the batch's own way, as many at a time as there are cores."""
    largest = sorted(range(len(problems)), key=lambda place: -len(problems[place].key))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        done = dict(zip(largest, pool.map(_one_by_batch, (problems[place] for place in largest)), strict=True))
    return [done[place] for place in range(len(problems))]


def _one_by_batch(problem: Problem) -> NDArray[np.int64]:
    identity = (problem.key, problem.owner, problem.sequence, problem.day)
    count = len(problem.asked)
    requests = Requests(np.arange(count), np.full(count, problem.kind, np.int64), problem.asked)
    sighted = Sighted.of(identity, problem.amounts.items())
    return request_sums(SCHEMA, sighted, requests, problem.moments).reshape(count, -1)


def by_polars(problems: Sequence[Problem]) -> list[NDArray[np.int64]]:
    """As `by_batch`, by Polars."""
    return list(map(_one_by_polars, problems))


def _one_by_polars(problem: Problem) -> NDArray[np.int64]:
    names = [f"m{measure}" for measure in problem.amounts]
    rows = pl.DataFrame(problem.table).sort("key", "sequence")
    asked, whose = pl.DataFrame(problem.requests), pl.DataFrame(problem.owners).unique()
    moments = problem.moments
    messages = 1 + max(problem.sequence.max(initial=0), moments.sequence.max(initial=0))
    days = 1 + max(problem.day.max(initial=0), moments.day.max(initial=0))
    totals = {name: np.concatenate(([0], rows[name].cum_sum().to_numpy())) for name in names}
    message_of, day_of = rows["key"] * messages + rows["sequence"], rows["key"] * days + rows["day"]
    ends = message_of.search_sorted(asked["key"] * messages + asked["made"], "right").to_numpy()
    begins = {
        span: day_of.search_sorted(asked["key"] * days + asked["today"] - span, "right").to_numpy()
        for span in problem.spans
    }
    own = (
        asked.join(whose, on="request")
        .join(rows, on=["key", "owner"])
        .filter(pl.col("sequence") <= pl.col("made"))
        .group_by("request")
        .agg(
            pl.col(f"m{window.measure}").filter(pl.col("day") > pl.col("today") - window.days).sum().alias(window.name)
            for window in problem.windows
        )
    )
    sums = np.empty((len(asked), len(problem.windows)), np.int64)
    mine = own["request"].to_numpy()
    for place, window in enumerate(problem.windows):
        total = totals[f"m{window.measure}"]
        sums[:, place] = total[ends] - total[begins[window.days]]
        sums[mine, place] -= own[window.name].to_numpy()
    return sums


def by_duckdb(problems: Sequence[Problem]) -> list[NDArray[np.int64]]:
    """As `by_batch`, by DuckDB."""
    return list(map(_one_by_duckdb, problems))


def _one_by_duckdb(problem: Problem) -> NDArray[np.int64]:
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in ("table", "requests", "owners"):
            connection.register("sightings" if name == "table" else name, pa.table(getattr(problem, name)))
        columns = connection.execute(_statement(problem)).fetchnumpy()
    sums = np.empty((len(problem.asked), len(problem.windows)), np.int64)
    order = columns["request"]
    for place, window in enumerate(problem.windows):
        sums[order, place] = columns[window.name]
    return sums


def _statement(problem: Problem) -> str:
    names = [f"m{measure}" for measure in problem.amounts]
    summed = ", ".join(f"SUM({name}) AS {name}" for name in names)
    running = ", ".join(
        f"CAST(SUM({name}) OVER (PARTITION BY key ORDER BY {{clock}} ROWS UNBOUNDED PRECEDING) AS BIGINT) AS {name}"
        for name in names
    )
    own = ", ".join(
        f"CAST(SUM(m{window.measure}) FILTER (WHERE day > today - {window.days}) AS BIGINT) AS {window.name}"
        for window in problem.windows
    )
    joins = " ".join(
        f"ASOF LEFT JOIN days AS days{span} ON days{span}.key = asked.key AND asked.today - {span} >= days{span}.day"
        for span in problem.spans
    )
    values = ", ".join(
        f"COALESCE(messages.m{window.measure}, 0) - COALESCE(days{window.days}.m{window.measure}, 0)"
        f" - COALESCE(own.{window.name}, 0) AS {window.name}"
        for window in problem.windows
    )
    return f"""
        WITH messages AS (
            SELECT key, sequence, {running.format(clock="sequence")}
            FROM (SELECT key, sequence, {summed} FROM sightings GROUP BY key, sequence)
        ), days AS (
            SELECT key, day, {running.format(clock="day")}
            FROM (SELECT key, day, {summed} FROM sightings GROUP BY key, day)
        ), own AS (
            SELECT request, {own}
            FROM (SELECT DISTINCT request, key, owner, made, today FROM requests JOIN owners USING (request))
            JOIN sightings USING (key, owner)
            WHERE sequence <= made
            GROUP BY request
        )
        SELECT asked.request, {values}
        FROM requests AS asked
        ASOF LEFT JOIN messages ON messages.key = asked.key AND asked.made >= messages.sequence
        {joins}
        LEFT JOIN own ON own.request = asked.request
    """
