"""Edits of records: small functions that compose, and that give a record back itself where they can change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec.structs import replace

from training.world.fault_picks import Picks

__all__ = ["Edit", "elements", "emptied", "field", "fields", "one_of"]

Edit: TypeAlias = Callable[[Any, Picks], Any]
"""From a record or a value of one of its fields to the edited one: of the same type, or None for what may be absent."""


def field(name: str, edit: Edit) -> Edit:
    """The edit of one field of a record, where the record states it."""

    def edited(record: Any, picks: Picks) -> Any:
        value = getattr(record, name)
        if value is None or value == ():
            return record
        changed = edit(value, picks)
        return record if changed == value else replace(record, **{name: changed})

    return edited


def fields(names: str, edit: Edit) -> Edit:
    """The edit of one of several fields, their names between spaces."""
    return one_of(*(field(name, edit) for name in names.split()))


def elements(edit: Edit) -> Edit:
    """The edit of one element of a tuple, any that it can change."""

    def edited(values: tuple[Any, ...], picks: Picks) -> tuple[Any, ...]:
        first = picks.below(len(values))
        for place in (*range(first, len(values)), *range(first)):
            changed = edit(values[place], picks)
            if changed != values[place]:
                return (*values[:place], changed, *values[place + 1 :])
        return values

    return edited


def one_of(*edits: Edit) -> Edit:
    """One of several edits, each as likely; where it can change nothing, the next that can."""

    def edited(record: Any, picks: Picks) -> Any:
        first = picks.below(len(edits))
        for edit in (*edits[first:], *edits[:first]):
            changed = edit(record, picks)
            if changed is not record and changed != record:
                return changed
        return record

    return edited


def emptied(value: Any, _: Picks) -> Any:
    """What is left of a value that is not stated."""
    return () if isinstance(value, tuple) else None
