"""The feature schema: the catalogue made ready for machines, and the digest that a bundle is bound to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import numpy as np
from numpy.typing import NDArray

from aftc.errors import InputError
from aftc.features.algebra import Constant, Expression, Fact, KeyKind, Measure, Operation, Window, formula
from aftc.features.feature import Feature

__all__ = ["FeatureSchema", "Program", "WindowTables", "make_schema"]


@dataclass(frozen=True, slots=True, eq=False)
class WindowTables:
    """Window requests in the order of the sums: by key kind, days, measure.

    Attributes:
        first: int64[KeyKind + 1], where each kind's windows begin.
        days: int64[W].
        measure: int64[W].
    """

    first: NDArray[np.int64]
    days: NDArray[np.int64]
    measure: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The last step as tables: registers hold facts, sums, constants, then one result a step.

    Attributes:
        presence: int64[W], the fact column that says whether a window's entity is known.
        constants: float64[*].
        steps: int64[S, 3]: operator, left register, right register.
        outputs: int64[features], register of each feature.
    """

    presence: NDArray[np.int64]
    constants: NDArray[np.float64]
    steps: NDArray[np.int64]
    outputs: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FeatureSchema:
    """All that computing a vector needs, and what identifies it.

    Attributes:
        features: In the order of the vector.
        facts: Facts read from a version; in an extract's row one column a `KeyKind` follows them (1: known).
        windows: In the order of the window sums.
        digest: SHA-256 (hex) over every definition; a model is bound to it.
        layout: SHA-256 (hex) over keys, measures and facts alone: state and lake are bound to it.
    """

    features: tuple[Feature, ...]
    facts: tuple[Fact, ...]
    windows: tuple[Window, ...]
    tables: WindowTables
    program: Program
    digest: str
    layout: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return tuple(feature.name for feature in self.features)

    @property
    def fact_columns(self) -> int:
        """Width of an extract's facts."""
        return len(self.facts) + len(KeyKind)

    @property
    def categorical_sizes(self) -> tuple[int, ...]:
        """Number of codes of each feature; 0 for a numeric one."""
        return tuple(feature.codes.size if feature.codes else 0 for feature in self.features)

    @property
    def monotone(self) -> tuple[int, ...]:
        """Direction of each feature: 1 rising, -1 falling, 0 free."""
        return tuple(feature.monotone for feature in self.features)


def make_schema(features: Iterable[Feature], *, revisions: Mapping[str, str]) -> FeatureSchema:
    """The schema of some features.

    Args:
        features: In the order of the vector.
        revisions: Of what keys and measures mean, and of the tables that they read.

    Raises:
        InputError: two features or two different facts of one name, or none at all.
    """
    listed = tuple(features)
    facts = tuple(dict.fromkeys(fact for feature in listed for fact in feature.facts))
    requested = {window for feature in listed for window in feature.windows}
    windows = tuple(sorted(requested, key=lambda window: (window.key, window.days, window.measure)))
    if not listed:
        raise InputError("at least one feature", "none")
    _require_unique("feature", [feature.name for feature in listed])
    _require_unique("fact", [fact.name for fact in facts])
    kinds = [f"{kind.value} {kind.label} {kind.owner.value} {kind.retention_days}" for kind in KeyKind]
    measures = [f"{measure.value} {measure.label}" for measure in Measure]
    read = [f"{name}={revision}" for name, revision in sorted(revisions.items())]
    base = [*kinds, *measures, *read, *map(_fact_line, facts)]
    definitions = [*base, *map(_feature_line, listed)]
    return FeatureSchema(
        features=listed,
        facts=facts,
        windows=windows,
        tables=_tables(windows),
        program=_compile(listed, facts, windows),
        digest=_digest(definitions),
        layout=_digest(base),
    )


def _require_unique(kind: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise InputError(f"each {kind} once", ", ".join(repeated))


def _digest(lines: list[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def _fact_line(fact: Fact) -> str:
    labels = ",".join(label or "" for label in fact.codes.labels) if fact.codes else ""
    return f"{fact.name} r{fact.revision} {fact.quantity.value} {fact.low} {fact.high} {labels}"


def _feature_line(feature: Feature) -> str:
    parts = (
        feature.name,
        formula(feature.expression),
        feature.form.quantity.value,
        feature.group.value,
        feature.standing.value,
        str(feature.monotone),
        feature.officer,
        feature.otherwise,
        feature.missing,
    )
    return "|".join(parts)


def _tables(windows: tuple[Window, ...]) -> WindowTables:
    kinds = [window.key for window in windows]
    return WindowTables(
        first=np.array([sum(kind < bound for kind in kinds) for bound in range(len(KeyKind) + 1)], np.int64),
        days=np.array([window.days for window in windows], np.int64),
        measure=np.array([window.measure for window in windows], np.int64),
    )


def _compile(features: tuple[Feature, ...], facts: tuple[Fact, ...], windows: tuple[Window, ...]) -> Program:
    """Lay expressions out over registers; an expression used twice is computed once."""
    columns = len(facts) + len(KeyKind)
    registers: dict[Expression, int] = dict(zip(facts, range(len(facts)), strict=True))
    registers.update(zip(windows, range(columns, columns + len(windows)), strict=True))
    nodes = list(dict.fromkeys(node for feature in features for node in _nodes(feature.expression)))
    constants = [node for node in nodes if isinstance(node, Constant)]
    operations = [node for node in nodes if isinstance(node, Operation)]
    laid_out: list[Expression] = [*constants, *operations]
    registers.update(zip(laid_out, count(columns + len(windows)), strict=False))
    steps = [(node.operator, registers[node.left], registers[node.right]) for node in operations]
    return Program(
        presence=np.array([len(facts) + window.key for window in windows], np.int64),
        constants=np.array([node.value for node in constants], np.float64),
        steps=np.array(steps, np.int64).reshape(-1, 3),
        outputs=np.array([registers[feature.expression] for feature in features], np.int64),
    )


def _nodes(expression: Expression) -> list[Expression]:
    """An expression's parts, operands before what uses them."""
    if not isinstance(expression, Operation):
        return [expression]
    return [*_nodes(expression.left), *_nodes(expression.right), expression]
