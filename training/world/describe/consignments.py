"""The truth of a world as columns, one row a consignment: read once, in types that a million rows can have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from aftc.columns import codes, flags, numbers
from aftc.errors import InputError
from training.labels import THREATS
from training.world.parameters import Flags, Floats, Ints

__all__ = ["ANY", "NEVER", "REASONS", "Category", "Consignments", "check_columns", "instants", "read_consignments"]

REASONS: Final = ("rule", "selector", "intelligence", "random")
ANY: Final = 0  # column of any threat
NEVER: Final = np.iinfo(np.int64).min  # an instant that is not there
_CHAPTER_DIGITS: Final = 2  # of an HS code
_WORDS: Final = ("mode", "route", "origin", "hs_code", "method", "scheme", "outcome")
_ADVICE: Final = "make the world again with aftc world"


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """A column of words: int64[n] places among the sorted names; the empty word is a name too."""

    place: Ints
    names: tuple[str, ...]

    def counts(self, rows: Flags | None = None) -> Ints:
        """How many rows have each name; of these rows only, where given."""
        place = self.place if rows is None else self.place[rows]
        return np.asarray(np.bincount(place, minlength=len(self.names)), dtype=np.int64)

    def named(self) -> list[tuple[int, str]]:
        """Places and names, without the empty word."""
        return [(place, name) for place, name in enumerate(self.names) if name]

    def known(self) -> Flags:
        """Rows that have a name."""
        empty = self.names.index("") if "" in self.names else -1
        return np.asarray(self.place != empty)


@dataclass(frozen=True, slots=True, eq=False)
class Consignments:
    """All consignments of a world, one row each.

    Attributes:
        documents: Their identities.
        mode: How they arrive; likewise `route`, `origin` (country), `chapter` (of the HS code), `method`, `scheme`
            (threat) and `outcome` (empty where not selected).
        week: Of arrival, as the folders of the world count.
        arrival: Instants, event time.
        recorded: Instants, known-at of the first record of the outcome; `NEVER` where there is none.
        unit: Number of the unit's movement: rows that were selected together share it.
        network: Who is behind it, -1 for nobody.
        holds: bool[n, threats], what is aboard; `ANY` is the first column.
        chance: float64[n, threats], the oracle.
        found: bool[n, threats].
        legacy: What the legacy policy thought of it.
        reason: float64[n, reasons], each reason's chance of selection; `combined` is that of any.
        fired: bool[n, reasons].
    """

    documents: pa.Array
    mode: Category
    route: Category
    origin: Category
    chapter: Category
    method: Category
    scheme: Category
    outcome: Category
    week: Ints
    arrival: Ints
    recorded: Ints
    unit: Ints
    network: Ints
    holds: Flags
    chance: Floats
    found: Flags
    legacy: Floats
    reason: Floats
    combined: Floats
    fired: Flags
    selected: Flags
    examined: Flags

    def __len__(self) -> int:
        return len(self.week)

    @property
    def y(self) -> Flags:
        """Whether any threat is aboard."""
        return self.holds[:, ANY]

    @property
    def p(self) -> Floats:
        """The oracle's chance of any threat."""
        return self.chance[:, ANY]

    @property
    def weeks(self) -> Ints:
        """Every week from the first with arrivals to the last."""
        return np.arange(self.week.min(), self.week.max() + 1)

    @property
    def by_week(self) -> Category:
        """Each row's week, among `weeks`."""
        return Category(self.week - self.week.min(), tuple(str(week) for week in self.weeks.tolist()))


def read_consignments(path: Path) -> Consignments:
    """Read a world's truth.

    Raises:
        InputError: no such file, none of this form, or one without rows.
    """
    threats = [f"{side}_{threat}" for side in ("y", "p", "found") for threat in THREATS]
    reasons = [f"{side}_{reason}" for side in ("p", "fired") for reason in REASONS]
    plain = ("document", "unit_number", "week", "arrival", "recorded", "network", "legacy_score")
    columns = (*plain, *_WORDS, *threats, *reasons, "p_combined", "selected", "examined")
    check_columns(path, columns)
    table = pq.read_table(path, columns=list(columns))
    if not len(table):
        raise InputError("at least one consignment", "none", advice=_ADVICE, subject=str(path))
    words = {name: _categorise(table[name]) for name in _WORDS}
    arrival = instants(table["arrival"])
    hs = words.pop("hs_code")
    return Consignments(
        documents=table["document"].combine_chunks(),
        chapter=_renamed(hs, lambda code: code[:_CHAPTER_DIGITS]),
        week=_integers(table["week"]),
        arrival=arrival,
        recorded=instants(table["recorded"]),
        unit=_movements(codes(table["unit_number"])[1], arrival),
        network=_integers(table["network"]),
        holds=_side_by_side(table, [f"y_{threat}" for threat in THREATS], _flags),
        chance=_side_by_side(table, [f"p_{threat}" for threat in THREATS], numbers),
        found=_side_by_side(table, [f"found_{threat}" for threat in THREATS], _flags),
        legacy=numbers(table["legacy_score"]),
        reason=np.nan_to_num(_side_by_side(table, [f"p_{reason}" for reason in REASONS], numbers)),
        combined=np.nan_to_num(numbers(table["p_combined"])),
        fired=_side_by_side(table, [f"fired_{reason}" for reason in REASONS], _flags),
        selected=_flags(table["selected"]),
        examined=_flags(table["examined"]),
        **words,
    )


def check_columns(path: Path, columns: tuple[str, ...]) -> None:
    """Make sure that a Parquet file is there and has these columns.

    Raises:
        InputError: it is not, or has not.
    """
    try:
        held = pq.read_schema(path).names
    except (OSError, pa.ArrowInvalid) as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else str(error).splitlines()[0]
        raise InputError(f"a world's {path.name}", found, advice=_ADVICE, subject=str(path)) from error
    absent = [name for name in columns if name not in held]
    if absent:
        raise InputError(
            f"the columns of a world's {path.name}",
            f"none named {', '.join(absent)}",
            advice=_ADVICE,
            subject=str(path),
        )


def _categorise(column: pa.ChunkedArray) -> Category:
    """A column of words with its names sorted; a null is the empty word."""
    names, place = codes(column)
    return _renamed(Category(place, names), str)


def instants(column: pa.ChunkedArray) -> Ints:
    """Instants of a column of times or of integers; a null is `NEVER`."""
    whole = column.cast(pa.timestamp("us", column.type.tz)) if pa.types.is_timestamp(column.type) else column
    return np.ascontiguousarray(whole.cast(pa.int64()).fill_null(NEVER).to_numpy(), dtype=np.int64)


def _renamed(words: Category, rename: Callable[[str], str]) -> Category:
    """The same rows by other names; names that become the same become one."""
    renamed = [rename(name) for name in words.names]
    names = sorted(set(renamed))
    places = {name: place for place, name in enumerate(names)}
    return Category(np.array([places[name] for name in renamed], dtype=np.int64)[words.place], tuple(names))


def _movements(unit: Ints, arrival: Ints) -> Ints:
    """One number for each unit and arrival: the same trailer comes again."""
    moments, moment = np.unique(arrival, return_inverse=True)
    return np.asarray(np.unique(unit * len(moments) + moment, return_inverse=True)[1], dtype=np.int64)


def _integers(column: pa.ChunkedArray) -> Ints:
    return np.ascontiguousarray(column.cast(pa.int64()).fill_null(-1).to_numpy(), dtype=np.int64)


def _flags(column: pa.ChunkedArray) -> Flags:
    return flags(column.cast(pa.bool_()))


def _side_by_side(table: pa.Table, names: list[str], read: Callable[[pa.ChunkedArray], np.ndarray]) -> np.ndarray:
    return np.column_stack([read(table[name]) for name in names])
