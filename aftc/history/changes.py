"""Which keys each of the last commits wrote, kept in the state itself: a mirror of the state follows by them.

A row of the table is written in the transaction that it tells of, so the two stand or fall together. It has a name
drawn at random: a mirror that finds the name of the commit at which it stands knows that what follows is all that it
lacks. One that does not (too long ago, or a state that was made again or restored) has to be filled anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import msgspec
import numpy as np
from msgspec import Struct

from aftc.joined_records import Integers, Octets, names_of
from aftc.state import CHANGES, TABLES, View, Watermark, Writer, read_watermark

__all__ = ["KEPT_BYTES", "Changing", "Noted", "begin_changes", "changed_since", "last_commit", "note_changes"]

KEPT_BYTES: Final = 64_000_000
"""Of keys: about a hundred commits of two thousand messages, or days of small ones."""

_NAME_BYTES: Final = 8


class _Change(Struct, frozen=True, array_like=True):
    """One commit: its name, the sequence before it, the keys it wrote, and the bytes of all rows up to this one."""

    commit: bytes
    after: int
    written: int
    keys: dict[str, list[bytes]]


_CHANGES: Final = msgspec.msgpack.Decoder(_Change)
_encode = msgspec.msgpack.Encoder().encode


class Changing(Writer, Protocol):
    """A transaction of the state."""

    def delete(self, table: str, key: bytes) -> None:
        """Take a key away."""

    def rows(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a table in key order."""


class Noted:
    """A writer that remembers which keys were written.

    Args:
        writer: Where reads and writes go.
    """

    __slots__ = ("_writer", "keys")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.keys: dict[str, set[bytes]] = {table: set() for table in TABLES}

    def get(self, table: str, key: bytes) -> bytes | None:
        """As of `View`."""
        return self._writer.get(table, key)

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """As of `View`."""
        return self._writer.get_many(table, keys)

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:
        """As of `View`."""
        return self._writer.records(table, keys)

    def put(self, table: str, key: bytes, value: bytes) -> None:
        """As of `Writer`."""
        self.keys[table].add(key)
        self._writer.put(table, key, value)

    def put_many(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """As of `Writer`."""
        written = list(rows)
        self.keys[table].update([key for key, _ in written])
        self._writer.put_many(table, written)

    def put_records(self, table: str, keys: Integers, raw: Octets, ends: Integers) -> None:
        """As of `Writer`."""
        self.keys[table].update(names_of(keys[np.diff(ends) > 0]))
        self._writer.put_records(table, keys, raw, ends)


def begin_changes(transaction: Changing, *, anew: bool = False) -> None:
    """See that the last commit of a state has a name, so that a mirror of it can be followed on.

    Args:
        transaction: Of the writer.
        anew: Give it another one: the state was changed beside the fold, and mirrors are to be filled anew.
    """
    sequence = read_watermark(transaction).sequence
    if anew or transaction.get(CHANGES, _place(sequence)) is None:
        _write(transaction, Watermark((sequence, 0)), sequence, {})


def note_changes(transaction: Changing, before: Watermark, keys: Mapping[str, Iterable[bytes]]) -> None:
    """Note what a commit wrote, as the last step before it; rows of the oldest commits make room.

    Args:
        transaction: Its own.
        before: The watermark before it.
        keys: By table.
    """
    named = {table: sorted(each) for table, each in keys.items() if each}
    _write(transaction, before, read_watermark(transaction).sequence, named)


def _write(transaction: Changing, before: Watermark, sequence: int, keys: dict[str, list[bytes]]) -> None:
    former = transaction.get(CHANGES, _place(before.sequence))
    size = sum(len(key) for each in keys.values() for key in each)
    written = (_CHANGES.decode(former).written if former else 0) + size
    change = _Change(secrets.token_bytes(_NAME_BYTES), before.sequence, written, keys)
    transaction.put(CHANGES, _place(sequence), _encode(change))
    oldest = []
    for key, raw in transaction.rows(CHANGES):
        if written - _CHANGES.decode(raw).written <= KEPT_BYTES:
            break
        oldest.append(key)
    for key in oldest:
        transaction.delete(CHANGES, key)


def last_commit(view: View) -> bytes | None:
    """Name of the commit at which a snapshot of the state stands; None where the state was last written otherwise."""
    raw = view.get(CHANGES, _place(read_watermark(view).sequence))
    return _CHANGES.decode(raw).commit if raw else None


def changed_since(view: View, commit: bytes) -> dict[str, set[bytes]] | None:
    """Keys written after a commit, up to where a snapshot of the state stands.

    Args:
        view: The snapshot.
        commit: Name of the commit.

    Returns:
        By table; None where the state no longer knows of that commit, or never did.
    """
    found: dict[str, set[bytes]] = {}
    sequence = read_watermark(view).sequence
    while (raw := view.get(CHANGES, _place(sequence))) is not None:
        change = _CHANGES.decode(raw)
        if change.commit == commit:
            return found
        if change.after >= sequence:
            return None
        for table, keys in change.keys.items():
            found.setdefault(table, set()).update(keys)
        sequence = change.after
    return None


def _place(sequence: int) -> bytes:
    return sequence.to_bytes(8, "big")
