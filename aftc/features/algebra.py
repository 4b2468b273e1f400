"""The algebra of features: what a definition is made of.

A definition is a frozen value over three kinds of integers: facts read from one consignment version, and sums of
measures over the days that an entity was seen. Everything up to these integers is exact in any order and on any
engine; the expression over them is the last step and the only one in floating point.

Windows are over UTC days of known-at. The value of `Window(key, measure, days)` for a version made by message s of
day d is the sum over the entity's sightings of days d-days+1 ... d-1 and of those of day d with sequence at or below
s, less what the consignment itself, its movements and ids that it took over have added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TypeAlias

from aftc.errors import InputError
from aftc.features.particulars import Particulars
from aftc.records import Threat

__all__ = [
    "MISSING",
    "NOVELTY_DAYS",
    "OUTCOME_MEASURES",
    "THREAT_MEASURES",
    "Codes",
    "Constant",
    "Expression",
    "Fact",
    "KeyKind",
    "Measure",
    "Operation",
    "Operator",
    "Owner",
    "Quantity",
    "Window",
    "at_least",
    "formula",
    "leaves",
    "maximum",
    "minimum",
    "root",
]

MISSING = -(2**63)  # the integer that stands for "not known" among facts
NOVELTY_DAYS = 730  # "new" means no row in as many days; records of entities expire after them
NATURAL_PERSON_DAYS = 365  # longest history of a natural person (law: storage limitation)


class Owner(Enum):
    """Who adds an entity's sightings: each owner counts once, however often its messages are amended."""

    CONSIGNMENT = "consignment"
    MOVEMENT = "movement"  # one crossing, voyage or flight of a unit


class KeyKind(IntEnum):
    """Kinds of entity that have a history. The order is the order of a version's slots."""

    CONSIGNOR = 0
    CONSIGNEE = 1
    CONSIGNOR_CONSIGNEE = 2
    NOTIFY = 3
    DECLARANT = 4
    CARRIER = 5
    HS4_ORIGIN = 6
    HS6_ORIGIN = 7
    CONSIGNEE_HS4 = 8
    ROUTE = 9
    VEHICLE = 10
    TRAILER = 11
    CONTAINER = 12
    HAULIER = 13
    ACCOUNT = 14
    DRIVER = 15
    VEHICLE_TRAILER = 16
    ACCOUNT_DRIVER = 17

    @property
    def label(self) -> str:
        """As it stands in the names of features."""
        return self.name.lower()

    @property
    def words(self) -> str:
        """As people say it."""
        return _WORDS[self]

    @property
    def owner(self) -> Owner:
        """Goods and their parties belong to the consignment, equipment and conveyance to the unit's movement."""
        return Owner.CONSIGNMENT if self < KeyKind.VEHICLE else Owner.MOVEMENT

    @property
    def retention_days(self) -> int:
        """How far back its history may be asked for."""
        return NATURAL_PERSON_DAYS if self in (KeyKind.DRIVER, KeyKind.ACCOUNT_DRIVER) else NOVELTY_DAYS


_WORDS = {
    KeyKind.CONSIGNOR: "consignor",
    KeyKind.CONSIGNEE: "consignee",
    KeyKind.CONSIGNOR_CONSIGNEE: "pair of consignor and consignee",
    KeyKind.NOTIFY: "notify party",
    KeyKind.DECLARANT: "declarant",
    KeyKind.CARRIER: "carrier",
    KeyKind.HS4_ORIGIN: "kind of goods (HS heading) from this country",
    KeyKind.HS6_ORIGIN: "kind of goods (HS subheading) from this country",
    KeyKind.CONSIGNEE_HS4: "kind of goods (HS heading) to this consignee",
    KeyKind.ROUTE: "route",
    KeyKind.VEHICLE: "vehicle",
    KeyKind.TRAILER: "trailer",
    KeyKind.CONTAINER: "container",
    KeyKind.HAULIER: "haulier",
    KeyKind.ACCOUNT: "carrier's account",
    KeyKind.DRIVER: "driver",
    KeyKind.VEHICLE_TRAILER: "pair of vehicle and trailer",
    KeyKind.ACCOUNT_DRIVER: "pair of account and driver",
}


class Measure(IntEnum):
    """What a sighting adds up, int64 each. The order is that of the columns in state, lake and kernel.

    `LOG_UNIT_MASS` is 1,000 times the natural logarithm of the grams per package, `LOG_UNIT_VALUE` that of the pence of
    customs value per kilogram.
    """

    COUNT = 0
    GROSS_MASS_G = 1
    PACKAGES = 2
    LOG_UNIT_MASS = 3
    LOG_UNIT_MASS_SQUARE = 4
    LOG_UNIT_MASS_COUNT = 5
    UNLADEN = 6
    UNACCOMPANIED = 7
    VAGUE = 8
    CASH = 9
    DISCREPANT = 10
    NEW_PAIR = 11
    EXAMINED = 12
    FOUND = 13
    FOUND_COCAINE = 14
    FOUND_HEROIN = 15
    FOUND_OPIOIDS_NPS = 16
    FOUND_CANNABIS = 17
    FOUND_FIREARMS = 18
    FOUND_TOBACCO_EXCISE = 19
    LOG_UNIT_VALUE = 20
    LOG_UNIT_VALUE_SQUARE = 21
    LOG_UNIT_VALUE_COUNT = 22

    @property
    def label(self) -> str:
        """As it stands in the names of features and of the lake's columns."""
        return self.name.lower()


THREAT_MEASURES = {
    Threat.COCAINE: Measure.FOUND_COCAINE,
    Threat.HEROIN: Measure.FOUND_HEROIN,
    Threat.OPIOIDS_NPS: Measure.FOUND_OPIOIDS_NPS,
    Threat.CANNABIS: Measure.FOUND_CANNABIS,
    Threat.FIREARMS: Measure.FOUND_FIREARMS,
    Threat.TOBACCO_EXCISE: Measure.FOUND_TOBACCO_EXCISE,
}
OUTCOME_MEASURES = frozenset({Measure.EXAMINED, Measure.FOUND, *THREAT_MEASURES.values()})


class Quantity(Enum):
    """What a value counts: its unit."""

    FLAG = "yes or no"
    COUNT = "count"
    GRAMS = "grams"
    MINUTES = "minutes"
    HOUR = "hour of the day"
    CHARACTERS = "characters"
    SHARE = "share"
    PERCENT = "per cent"
    TIMES = "times"
    LOG_GRAMS = "thousandths of the natural logarithm of grams"
    LOG_PENCE = "thousandths of the natural logarithm of pence"
    DEVIATIONS = "standard deviations"
    CODE = "code"


class Operator(IntEnum):
    """Steps of the last, floating-point part. Missing in, missing out; division by zero gives missing.

    Compiled code knows them by number: new ones are added at the end.
    """

    ADD = 0
    SUBTRACT = 1
    MULTIPLY = 2
    DIVIDE = 3
    MAXIMUM = 4
    MINIMUM = 5
    AT_LEAST = 6  # 1 where left >= right, else 0
    ROOT = 7  # square root of the left; missing below zero


class _Arithmetic:
    """Gives expressions their arithmetic."""

    __slots__ = ()

    def __add__(self, other: Expression | float) -> Operation:
        return Operation(Operator.ADD, _expression(self), _expression(other))

    def __sub__(self, other: Expression | float) -> Operation:
        return Operation(Operator.SUBTRACT, _expression(self), _expression(other))

    def __mul__(self, other: Expression | float) -> Operation:
        return Operation(Operator.MULTIPLY, _expression(self), _expression(other))

    def __truediv__(self, other: Expression | float) -> Operation:
        return Operation(Operator.DIVIDE, _expression(self), _expression(other))


@dataclass(frozen=True, slots=True)
class Constant(_Arithmetic):
    """A number of a formula."""

    value: float


@dataclass(frozen=True, slots=True)
class Codes:
    """The meaning of a categorical fact's codes: `labels[code]`, 0 up to `size` - 1; None where a code is unused."""

    name: str
    labels: tuple[str | None, ...]

    @property
    def size(self) -> int:
        """Number of codes."""
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Fact(_Arithmetic):
    """An integer read from one consignment version.

    Attributes:
        name: Its name, which is the feature's where it stands alone.
        read: Reads it; None where the version does not say. Must not see what a selection caused.
        quantity: Its unit.
        low: Least value; what lies below is taken for it.
        high: Greatest value, likewise.
        codes: Set for categorical facts.
        revision: Raised whenever the meaning of `read` changes: the schema's digest holds it.
    """

    name: str
    read: Callable[[Particulars], int | None]
    quantity: Quantity
    low: int
    high: int
    codes: Codes | None = None
    revision: int = 1

    @property
    def expression(self) -> Expression:
        """Itself: a fact may stand alone as a feature."""
        return self


@dataclass(frozen=True, slots=True)
class Window(_Arithmetic):
    """Sum of a measure over the last `days` days of an entity; missing where the version names no such entity.

    Raises:
        InputError: a window longer than the entity's history is kept.
    """

    key: KeyKind
    measure: Measure
    days: int

    def __post_init__(self) -> None:
        if not 1 <= self.days <= self.key.retention_days:
            raise InputError(f"a window of 1 to {self.key.retention_days} days over {self.key.label}", f"{self.days}")

    @property
    def name(self) -> str:
        """Such as `consignor_found_365d`."""
        return f"{self.key.label}_{self.measure.label}_{self.days}d"


@dataclass(frozen=True, slots=True)
class Operation(_Arithmetic):
    """One step over one or two expressions (`right` is ignored by `ROOT`)."""

    operator: Operator
    left: Expression
    right: Expression


Expression: TypeAlias = Constant | Fact | Window | Operation


def _expression(term: object) -> Expression:
    if isinstance(term, Constant | Fact | Window | Operation):
        return term
    if isinstance(term, int | float):
        return Constant(float(term))
    raise InputError("a fact, window, operation or number in an expression", type(term).__name__)


def maximum(left: Expression | float, right: Expression | float) -> Operation:
    """The greater of two."""
    return Operation(Operator.MAXIMUM, _expression(left), _expression(right))


def minimum(left: Expression | float, right: Expression | float) -> Operation:
    """The lesser of two."""
    return Operation(Operator.MINIMUM, _expression(left), _expression(right))


def at_least(left: Expression | float, right: Expression | float) -> Operation:
    """1 where left >= right, else 0."""
    return Operation(Operator.AT_LEAST, _expression(left), _expression(right))


def root(radicand: Expression) -> Operation:
    """Square root."""
    return Operation(Operator.ROOT, radicand, radicand)


def leaves(expression: Expression) -> Iterator[Fact | Window]:
    """The integers that an expression rests on, left to right, with repeats."""
    if isinstance(expression, Operation):
        yield from leaves(expression.left)
        if expression.operator is not Operator.ROOT:
            yield from leaves(expression.right)
    elif not isinstance(expression, Constant):
        yield expression


def formula(expression: Expression) -> str:
    """An expression as text: the same text, the same meaning.

    >>> formula(Window(KeyKind.CONSIGNOR, Measure.FOUND, 365) / 2)
    'divide(consignor_found_365d, 2.0)'
    """
    if isinstance(expression, Constant):
        return repr(expression.value)
    if isinstance(expression, Fact | Window):
        return expression.name
    operands = [formula(expression.left)]
    if expression.operator is not Operator.ROOT:
        operands.append(formula(expression.right))
    return f"{expression.operator.name.lower()}({', '.join(operands)})"
