"""Units: what a port searches, and which consignments are aboard each.

Policy ranks units and capacity counts them, so every figure at a capacity is taken over units: a unit's score is the
chance that at least one consignment aboard holds the threat, 1 - prod(1 - p).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from training.outcomes import Outcome

__all__ = ["COLUMNS", "Units", "examined_units", "units_of"]

COLUMNS = ("consignment_id", "unit_kinds", "unit_numbers", "movements")
_LARGEST_BELOW_ONE = np.nextafter(1.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Who is aboard what: one pair for each consignment and each of its units.

    Attributes:
        row: int64[pairs], the consignment's row, ascending.
        unit: int64[pairs], the unit's place.
        numbers: Number of each unit: registration or container; empty where a consignment states no unit and so
            stands for one of its own.
    """

    row: NDArray[np.int64]
    unit: NDArray[np.int64]
    numbers: tuple[str, ...]

    def scores(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[units] from float64[n] probabilities of consignments."""
        missed = np.log1p(-np.minimum(probability, _LARGEST_BELOW_ONE))
        return -np.expm1(np.bincount(self.unit, weights=missed[self.row], minlength=len(self.numbers)))

    def any_of(self, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """bool[units]: whether a consignment aboard holds."""
        return np.bincount(self.unit, weights=holds[self.row], minlength=len(self.numbers)) > 0

    def worst(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[units]: the largest float64[n] score aboard, for scores that are no probabilities."""
        worst = np.full(len(self.numbers), -np.inf)
        np.maximum.at(worst, self.unit, score[self.row])
        return worst

    def of_rows(self, rows: int) -> NDArray[np.int64]:
        """int64[rows]: the first unit of each consignment, by which rows are resampled together."""
        first = np.zeros(rows, dtype=np.int64)
        first[self.row[::-1]] = self.unit[::-1]
        return first

    def select(self, rows: NDArray[np.bool_]) -> tuple[Units, NDArray[np.int64]]:
        """The units of some consignments, renumbered with their rows, and int64 places that they had before."""
        kept = rows[self.row]
        places, unit = np.unique(self.unit[kept], return_inverse=True)
        new_row = np.cumsum(rows) - 1
        return Units(new_row[self.row[kept]], unit, tuple(self.numbers[place] for place in places)), places


def units_of(versions: pa.Table) -> Units:
    """Units of chosen versions, told apart by movement, kind and number.

    Args:
        versions: `COLUMNS` of the chosen versions, in the order of the rows.
    """
    places: dict[tuple[str, ...], int] = {}
    pairs: list[tuple[int, int]] = []
    columns = (versions[name].to_pylist() for name in COLUMNS)
    for row, (identity, kinds, numbers, movements) in enumerate(zip(*columns, strict=True)):
        keys = [(movement, kind, number) for kind, number, movement in _aboard(kinds, numbers, movements)]
        aboard = dict.fromkeys(keys or [("", identity, "")])
        pairs.extend((row, places.setdefault(key, len(places))) for key in aboard)
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Units(table[:, 0].copy(), table[:, 1].copy(), tuple(number for _, _, number in places))


def examined_units(outcomes: Iterable[Outcome], units: Units, rows: Mapping[str, int]) -> dict[str, int]:
    """The unit that each examination searched, as it stood at the decision points.

    The unit is the one of that number which carries a consignment of the examination; where the consignments state no
    such number (it was given or changed later), their only unit stands for it. Examinations without either are left
    out.
    """
    aboard: dict[int, list[int]] = {}
    for row, unit in zip(units.row.tolist(), units.unit.tolist(), strict=True):
        aboard.setdefault(row, []).append(unit)
    found: dict[str, int] = {}
    for outcome in outcomes:
        near = dict.fromkeys(unit for each in outcome.aboard if each in rows for unit in aboard[rows[each]])
        named = [unit for unit in near if units.numbers[unit] == outcome.unit_number]
        if named or len(near) == 1:
            found[outcome.examination_id] = (named or list(near))[0]
    return found


def _aboard(kinds: list[str], numbers: list[str], movements: list[str]) -> list[tuple[str, str, str]]:
    """Kind, number and movement of each unit; movements are parallel to units, or absent for units only declared."""
    known = movements if len(movements) == len(numbers) else [""] * len(numbers)
    return list(zip(kinds, numbers, known, strict=True))
