"""A mapping read from TOML and checked.

One with an unknown key, an impossible unit or format, or no word on how rows came to be examined is refused before any
row is read.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from aftc.errors import InputError
from aftc.streams.table_cells import CURRENCY, clock_fault, time_of_day, zone_fault
from aftc.streams.table_examined import NOTHING, REASONS, THREATS
from aftc.streams.values import excerpt
from aftc.tabular.mapping import (
    EVERY_ROW,
    LABELLED_ROWS,
    UNKNOWN_CHANCE,
    Clock,
    Column,
    Examined,
    Label,
    Mapping,
    Money,
    Part,
    Selection,
)

__all__ = ["read_mapping"]

ADVICE = "docs/tabular.md describes mappings"


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        InputError: no such file, no TOML, or no possible mapping; says where and what was expected.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"a mapping in {path}", str(error), advice="check --mapping") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"TOML in {path}", str(error), advice="correct the mapping") from error
    try:
        mapping = msgspec.convert(tree, Mapping)
    except msgspec.ValidationError as error:
        raise InputError(f"a mapping in {path}", str(error), advice=ADVICE) from error
    for where, expected, found in _faults(mapping):
        raise InputError(f"{expected} at {where} in {path}", found, advice=ADVICE)
    return mapping


def _faults(mapping: Mapping) -> Iterator[tuple[str, str, str]]:
    """Where a mapping is wrong, what was expected there, and what was found."""
    declaration = mapping.declaration
    if (declaration.reference is None) == (declaration.mrn is None):
        yield "declaration", "one of reference and mrn", "neither" if declaration.mrn is None else "both"
    elif declaration.reference == ():
        yield "declaration.reference", "a column, or several", "none"
    for where, part in _parts(mapping, ""):
        for expected, found in _faults_of(part):
            yield where, expected, found
    yield from _outcome_faults(mapping)
    try:
        codecs.lookup(mapping.csv.encoding)
    except LookupError:
        yield "csv.encoding", "a character set that Python knows", excerpt(mapping.csv.encoding)


def _parts(part: Any, where: str) -> list[tuple[str, Part]]:
    """All parts of a mapping, each with its place."""
    if isinstance(part, Part):
        below = [_parts(getattr(part, name), f"{where}.{name}".lstrip(".")) for name in part.__struct_fields__]
        return [(where, part), *(each for found in below for each in found)]
    if isinstance(part, (tuple, dict)):
        named = part.items() if isinstance(part, dict) else enumerate(part)
        return [each for name, value in named for each in _parts(value, f"{where}.{name}")]
    return []


def _faults_of(part: Part) -> list[tuple[str, str]]:
    if isinstance(part, Column) and (part.column is None) == (part.value is None):
        return [("one of column and value", "neither" if part.column is None else "both")]
    if isinstance(part, Clock):
        return _clock_faults(part)
    if isinstance(part, Money):
        if (part.currency is None) == (part.currency_column is None):
            return [("one of currency and currency_column", "neither" if part.currency is None else "both")]
        if part.currency is not None and not CURRENCY.fullmatch(part.currency):
            return [("a currency of three capital letters (ISO 4217)", excerpt(part.currency))]
    if isinstance(part, Label):
        wrong = [each for each in part.means.values() if each not in (*THREATS, NOTHING)]
        return [(f"one of {', '.join((*THREATS, NOTHING))}", excerpt(each)) for each in wrong]
    if isinstance(part, Examined) and set(part.yes) & set(part.no):
        return [("contents that mean yes or no", f"both: {excerpt(sorted(set(part.yes) & set(part.no))[0])}")]
    return []


def _clock_faults(clock: Clock) -> list[tuple[str, str]]:
    if fault := clock_fault(clock.format):
        return [("'iso' or a format of digits as %Y-%m-%d", fault)]
    if clock.zone is not None and (fault := zone_fault(clock.zone)):
        return [("a zone as Europe/London", f"{excerpt(clock.zone)}, {fault}")]
    if clock.zone is None and clock.format != "iso" and "%z" not in clock.format:
        return [("a zone: the format has none", "none")]
    if clock.time is not None:
        try:
            time_of_day(clock.time)
        except ValueError as problem:
            return [("a time of day as 12:00", f"{excerpt(clock.time)}, {problem}")]
    return []


def _outcome_faults(mapping: Mapping) -> Iterator[tuple[str, str, str]]:
    outcome, selection = mapping.outcome, mapping.selection
    if outcome is None:
        if selection is not None:
            yield "outcome", "what the selection led to", "none"
        return
    if (outcome.recorded is None) == (outcome.recorded_after_days is None):
        found = "neither" if outcome.recorded is None else "both"
        yield "outcome", "one of recorded and recorded_after_days: a label has a clock of its own", found
    if selection is None:
        yield "selection", "how rows came to be examined, for weights rest on it", "none"
    else:
        yield from _selection_faults(selection)


def _selection_faults(selection: Selection) -> Iterator[tuple[str, str, str]]:
    examined, probability, reason = selection.examined, selection.probability, selection.reason
    if isinstance(examined, str) and examined not in (EVERY_ROW, LABELLED_ROWS):
        expected = f"'{EVERY_ROW}', '{LABELLED_ROWS}' or a column with its yes"
        yield "selection.examined", expected, excerpt(examined)
    elif examined == EVERY_ROW and (probability is not None or reason is not None):
        yield "selection", "no probability or reason where every row was examined: it is 1", "one"
    elif examined != EVERY_ROW and probability is None:
        yield "selection.probability", f"a column, or '{UNKNOWN_CHANCE}'", "none"
    if isinstance(probability, str) and probability != UNKNOWN_CHANCE:
        yield "selection.probability", f"{{ column = ... }}, or '{UNKNOWN_CHANCE}'", excerpt(probability)
    for meaning in (reason.means or {}).values() if isinstance(reason, Column) else ():
        if meaning not in REASONS:
            yield "selection.reason", f"one of {', '.join(REASONS)}", excerpt(meaning)
