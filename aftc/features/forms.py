"""Final forms: the few shapes that a feature's last step takes. A form gives the name, the formula and the bounds.

Outcome measures may be corrected downwards days after they were counted, so a window of them may sum below zero;
forms take such a sum for zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aftc.features.algebra import (
    NOVELTY_DAYS,
    Expression,
    Fact,
    KeyKind,
    Measure,
    Quantity,
    Window,
    at_least,
    maximum,
    minimum,
    root,
)

__all__ = ["UNIT_MASSES", "UNIT_VALUES", "Deviation", "Form", "Gap", "Multiple", "Norm", "Novelty", "Share", "Total"]

EXACT = 2.0**53  # integers up to here are exact in float64
GREATEST_DEVIATION = 10.0  # standard deviations; farther out a tree has nothing more to learn
LEAST_DEVIATION = 50.0  # thousandths of a log: 5 %, the spread below which packages, or prices, count as equal
LEAST_SIGHTINGS = 5  # a norm of fewer consignments is none
GREATEST_MULTIPLE = 1000.0


class Form(Protocol):
    """What a feature needs of its last step; a `Fact` alone is one too."""

    @property
    def name(self) -> str:
        """The feature's name."""

    @property
    def expression(self) -> Expression:
        """The formula."""

    @property
    def quantity(self) -> Quantity:
        """The unit of the value."""

    @property
    def low(self) -> float:
        """Least possible value."""

    @property
    def high(self) -> float:
        """Greatest possible value."""


@dataclass(frozen=True, slots=True)
class Total:
    """A window's sum."""

    window: Window
    low: float = 0.0
    high: float = EXACT

    @property
    def name(self) -> str:
        """That of the window."""
        return self.window.name

    @property
    def expression(self) -> Expression:
        """The sum, within the bounds."""
        return minimum(maximum(self.window, self.low), self.high)

    @property
    def quantity(self) -> Quantity:
        """Grams for masses, else a count."""
        return Quantity.GRAMS if self.window.measure is Measure.GROSS_MASS_G else Quantity.COUNT


@dataclass(frozen=True, slots=True)
class Share:
    """One measure's share of another over a window, drawn towards `prior` as `strength` cases of it would draw it.

    Without a case the value is the prior: a share of one among one is not taken for certainty.
    """

    key: KeyKind
    part: Measure
    whole: Measure
    days: int
    prior: float
    strength: float
    quantity: Quantity = Quantity.SHARE
    low: float = 0.0
    high: float = 1.0

    @property
    def name(self) -> str:
        """Such as `consignor_found_per_examined_365d`."""
        return f"{self.key.label}_{self.part.label}_per_{self.whole.label}_{self.days}d"

    @property
    def expression(self) -> Expression:
        """(part + prior * strength) / (whole + strength)."""
        part = maximum(Window(self.key, self.part, self.days), 0.0) + self.prior * self.strength
        whole = maximum(Window(self.key, self.whole, self.days), 0.0) + self.strength
        return minimum(part / whole, self.high)


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether an entity has not been seen before, as far back as its history is kept."""

    key: KeyKind
    quantity: Quantity = Quantity.FLAG
    low: float = 0.0
    high: float = 1.0

    @property
    def name(self) -> str:
        """Such as `new_consignor_consignee`."""
        return f"new_{self.key.label}"

    @property
    def expression(self) -> Expression:
        """1 where no other consignment or movement has counted for it."""
        seen = Window(self.key, Measure.COUNT, min(NOVELTY_DAYS, self.key.retention_days))
        return at_least(0.0, seen)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far two statements of the same quantity are apart, as a share of the greater; missing where both are zero."""

    one: Fact
    other: Fact
    quantity: Quantity = Quantity.SHARE
    low: float = -1.0
    high: float = 1.0

    @property
    def name(self) -> str:
        """Such as `entry_packages_against_carried_packages`."""
        return f"{self.one.name}_against_{self.other.name}"

    @property
    def expression(self) -> Expression:
        """(one - other) / maximum(one, other), positive where the first is greater."""
        return (self.one - self.other) / maximum(self.one, self.other)


@dataclass(frozen=True, slots=True)
class Multiple:
    """A consignment's value as a multiple of the mean over an entity's."""

    fact: Fact
    key: KeyKind
    measure: Measure
    days: int
    quantity: Quantity = Quantity.TIMES
    low: float = 0.0
    high: float = GREATEST_MULTIPLE

    @property
    def name(self) -> str:
        """Such as `gross_mass_g_over_consignor_mean_365d`."""
        return f"{self.fact.name}_over_{self.key.label}_mean_{self.days}d"

    @property
    def expression(self) -> Expression:
        """Fact * count / sum; missing without history."""
        count = Window(self.key, Measure.COUNT, self.days)
        return minimum(self.fact * count / Window(self.key, self.measure, self.days), self.high)


@dataclass(frozen=True, slots=True)
class Norm:
    """The measures that make a norm: the sum of a log, of its square, and how many there were."""

    total: Measure
    square: Measure
    count: Measure


UNIT_MASSES = Norm(Measure.LOG_UNIT_MASS, Measure.LOG_UNIT_MASS_SQUARE, Measure.LOG_UNIT_MASS_COUNT)
UNIT_VALUES = Norm(Measure.LOG_UNIT_VALUE, Measure.LOG_UNIT_VALUE_SQUARE, Measure.LOG_UNIT_VALUE_COUNT)


@dataclass(frozen=True, slots=True)
class Deviation:
    """How many standard deviations a log lies from the norm of an entity's consignments.

    Missing below `LEAST_SIGHTINGS`; the norm's own spread is taken for at least `LEAST_DEVIATION`.
    """

    fact: Fact
    key: KeyKind
    days: int
    norm: Norm = UNIT_MASSES
    quantity: Quantity = Quantity.DEVIATIONS
    low: float = -GREATEST_DEVIATION
    high: float = GREATEST_DEVIATION

    @property
    def name(self) -> str:
        """Such as `log_unit_mass_from_hs6_origin_norm_365d`."""
        return f"{self.fact.name}_from_{self.key.label}_norm_{self.days}d"

    @property
    def expression(self) -> Expression:
        """(fact - mean) / deviation, within the bounds."""
        count = Window(self.key, self.norm.count, self.days)
        mean = Window(self.key, self.norm.total, self.days) / count
        square = Window(self.key, self.norm.square, self.days) / count
        variance = maximum(square - mean * mean, LEAST_DEVIATION**2)
        enough = at_least(count, LEAST_SIGHTINGS)  # 1 leaves the value as it is, 0 / 0 makes it missing
        clipped = minimum(maximum((self.fact - mean) / root(variance), self.low), self.high)
        return clipped * enough / enough
