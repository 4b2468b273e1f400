"""Aliases: keys that are known to be one party's, and whose histories one read sums.

A merge re-keys nothing: sightings stay under the key they were made with, and a window's sum is that over the keys
known at the snapshot's last message to be the same party's. Sums of integers add up in any order, so the histories of
further members are read as those of decisions that name only them. Pairs and `new_*` flags are not expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.features.algebra import KeyKind
from aftc.features.entity_records import key_bytes
from aftc.features.identity import NO_KEY, stable_id
from aftc.state import View, Writer

__all__ = ["NO_ALIASES", "PARTY_KINDS", "Aliases", "further", "remember"]

PARTY_KINDS: Final = (
    KeyKind.CONSIGNOR,
    KeyKind.CONSIGNEE,
    KeyKind.NOTIFY,
    KeyKind.DECLARANT,
    KeyKind.CARRIER,
    KeyKind.HAULIER,
)
"""Kinds whose keys are parties'."""

_Members = tuple[int, ...]


def remember(writer: Writer, key: str, members: Iterable[str]) -> None:
    """Note in the state whose histories a key's are summed with from now on.

    Args:
        writer: The state.
        key: A party's key.
        members: All keys of that party.
    """
    others = [each for each in members if each != key]
    for kind in PARTY_KINDS:
        codes = np.array([stable_id(kind.label, each) for each in others], np.int64)
        writer.put("members", key_bytes(stable_id(kind.label, key)), codes.tobytes())


def further(view: View, keys: Sequence[int]) -> list[tuple[int, KeyKind]]:
    """Key and kind of each further member of a version's parties, each once.

    Args:
        view: One snapshot of the state.
        keys: One a `KeyKind`, as in the version's slots.
    """
    named = [kind for kind in PARTY_KINDS if keys[kind] != NO_KEY]
    raw, lengths = view.records("members", np.array([keys[kind] for kind in named], np.int64))
    if not raw.size:
        return []
    members = np.frombuffer(raw, np.int64).tolist()
    of_members = np.repeat(named, np.maximum(lengths, 0) // np.int64().itemsize).tolist()
    return [(member, KeyKind(kind)) for member, kind in zip(members, of_members, strict=True)]


@dataclass(frozen=True, slots=True)
class Aliases:
    """What a lake knows of merges.

    Attributes:
        known: By entity key, in the order of their sequence, from which message on which others are its party's.
    """

    known: dict[int, list[tuple[int, _Members]]]

    @classmethod
    def of(cls, sequences: Iterable[int], keys: Iterable[str], members: Iterable[Iterable[str]]) -> Aliases:
        """From the columns of the lake's table, in the order of their sequence."""
        known: dict[int, list[tuple[int, _Members]]] = {}
        for sequence, key, group in zip(sequences, keys, members, strict=True):
            others = [each for each in group if each != key]
            for kind in PARTY_KINDS:
                codes = tuple([stable_id(kind.label, each) for each in others])
                known.setdefault(stable_id(kind.label, key), []).append((sequence, codes))
        return cls(known)

    def others(self, key: int, sequence: int) -> _Members:
        """The further members of an entity's party that were known at a message."""
        found: _Members = ()
        for since, members in self.known.get(key, ()):
            if since > sequence:
                break
            found = members
        return found

    def further(self, slots: NDArray[np.int64], sequence: NDArray[np.int64]) -> list[tuple[int, KeyKind, int]]:
        """Row, kind and key of each further member that some decisions sum.

        Args:
            slots: int64[n, KeyKind].
            sequence: int64[n], of each one's message.
        """
        if not self.known:
            return []
        kinds = list(PARTY_KINDS)
        rows, places = np.nonzero(np.isin(slots[:, kinds], np.array(list(self.known), np.int64)))
        return [
            (row, PARTY_KINDS[place], member)
            for row, place in zip(rows.tolist(), places.tolist(), strict=True)
            for member in self.others(int(slots[row, kinds[place]]), int(sequence[row]))
        ]


NO_ALIASES: Final = Aliases({})
