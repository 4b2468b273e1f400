"""What a world is made from: its parameters, checked once, and the names of the columns' types."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from aftc.clock import Instant, from_datetime
from aftc.errors import InputError

__all__ = ["DAYS_A_WEEK", "FaultLevel", "Flags", "Floats", "Ints", "Regime", "Words", "WorldParameters"]

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Words: TypeAlias = npt.NDArray[np.str_]

DAYS_A_WEEK = 7

_LEAST_CONSIGNMENTS = 100
_MOST_DAYS = 730
_START_YEARS = (1990, 2100)
_DAYS_A_MONTH = 30
_PREVALENCE = (0.01, 0.22)
_EXAMINED_SHARE = (0.02, 0.6)


class Regime(StrEnum):
    """How the threat changes over the run."""

    STABLE = "stable"
    GRADUAL = "gradual"
    ABRUPT = "abrupt"
    MIGRATING = "migrating"
    COLLAPSE = "collapse"


class FaultLevel(StrEnum):
    """How much goes wrong between what is so and what arrives."""

    NONE = "none"
    USUAL = "usual"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class WorldParameters:
    """Everything a world depends on: equal parameters make byte-identical trees.

    Attributes:
        seed: Root of every random draw, zero or above.
        days: Days with arrivals, from `start`; messages reach some days beyond on both sides.
        consignments: Number of consignments, empty movements included.
        prevalence: Share of consignments that carry any threat, on average (.01 to .22).
        examined_share: Share of consignments aboard units that are examined, on average.
        random_stratum: Chance of a unit to be drawn at random, independent of every other reason.
        regime: How the threat changes over the run.
        faults: How much goes wrong between what is so and what arrives.
        start: First UTC day with arrivals.

    Raises:
        InputError: a value outside its range.
    """

    seed: int = 7
    days: int = 60
    consignments: int = 10_000
    prevalence: float = 0.025
    examined_share: float = 1 / 3
    random_stratum: float = 0.02
    regime: Regime = Regime.STABLE
    faults: FaultLevel = FaultLevel.USUAL
    start: date = date(2026, 1, 5)

    def __post_init__(self) -> None:
        _within("seed", self.seed, 0, 2**63 - 1)
        _within("days", self.days, 1, _MOST_DAYS)
        _within("consignments", self.consignments, max(_LEAST_CONSIGNMENTS, self.days), 10_000_000)  # one a day
        _within("prevalence", self.prevalence, *_PREVALENCE)
        _within("examined share", self.examined_share, *_EXAMINED_SHARE)
        _within("random stratum", self.random_stratum, 0.001, self.examined_share / 2)
        _within("start year", self.start.year, *_START_YEARS)

    @property
    def origin(self) -> Instant:
        """Midnight UTC of the first day."""
        return from_datetime(datetime.combine(self.start, time(), UTC))

    @property
    def weeks(self) -> int:
        """Number of weeks with arrivals; the last may be short."""
        return -(-self.days // DAYS_A_WEEK)

    @property
    def monthly(self) -> float:
        """Consignments in thirty days: how many actors there are follows from it."""
        return self.consignments * _DAYS_A_MONTH / self.days

    def as_mapping(self) -> dict[str, int | float | str]:
        """The parameters as written to world.json."""
        return asdict(self) | {
            "start": self.start.isoformat(),
            "regime": self.regime.value,
            "faults": self.faults.value,
        }

    @classmethod
    def from_mapping(cls, written: dict[str, int | float | str]) -> WorldParameters:
        """The parameters as read back from world.json.

        Raises:
            InputError: a missing or unknown name, or a value outside its range.
        """
        try:
            given = dict(written)
            start = date.fromisoformat(str(given.pop("start")))
            regime, faults = Regime(str(given.pop("regime"))), FaultLevel(str(given.pop("faults")))
            return cls(start=start, regime=regime, faults=faults, **given)  # type: ignore[arg-type]  # checked by __post_init__
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("the parameters of a world", repr(written), advice="generate the world again") from error


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InputError(f"{name} from {_shown(least)} to {_shown(most)}", _shown(value))


def _shown(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"
