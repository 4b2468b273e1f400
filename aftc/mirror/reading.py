"""Snapshots of a mirror: the same `View` as those of LMDB, over a wire.

A snapshot is a version of the mirror. What commits after it change is read as it was before them, for as long as the
publisher keeps that (`aftc.mirror.publishing.KEPT_SECONDS`); then the snapshot is refused, never mixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from aftc.clock import Instant
from aftc.errors import HistoryError, StateError, StateUnreachable
from aftc.joined_records import Integers, Octets, joined, names_of
from aftc.mirror.form import FORM, OPEN, PUBLISH, READ, REFILL, unsealed
from aftc.mirror.server import Server, Word

__all__ = ["MirrorView", "RedisState", "Standing"]

ANSWER_SECONDS: Final = 2.0
_META: Final = (b"watermark", b"layout", b"form")  # what every score and every opening asks for


@dataclass(frozen=True, slots=True)
class Standing:
    """How fresh a mirror is.

    Attributes:
        silent_seconds: Since its publisher last said that nothing was missing, by the server's clock.
        known_at: Of the newest message of the journal then.
    """

    silent_seconds: int
    known_at: Instant


class MirrorView:
    """A snapshot of a mirror. What it has read it keeps: a key costs at most one round trip.

    Attributes:
        standing: How fresh the mirror was.
    """

    __slots__ = ("_found", "_generation", "_server", "_version", "standing")

    def __init__(self, server: Server, generation: bytes, version: bytes, standing: Standing) -> None:
        self._server = server
        self._generation = generation
        self._version = version
        self._found: dict[tuple[str, bytes], bytes | None] = {}
        self.standing = standing

    def get(self, table: str, key: bytes) -> bytes | None:
        """As of `View`.

        Raises:
            StateError: the value is damaged, or the server has thrown a table away.
            StateUnreachable: the server does not answer, or the snapshot is older than what it keeps.
        """
        self.fetch({table: (key,)})
        return self._found[table, key]

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """As of `View`, in one round trip; raises as `get`."""
        self.fetch({table: keys})
        return [self._found[table, key] for key in keys]

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:
        """As of `View`, in one round trip; raises as `get`."""
        return joined(self.get_many(table, names_of(keys)))

    def fetch(self, wanted: Mapping[str, Sequence[bytes]]) -> None:
        """Read keys of several tables in one round trip, for later `get`s; raises as `get`."""
        asked = {
            table: missing
            for table, keys in wanted.items()
            if (missing := [key for key in dict.fromkeys(keys) if (table, key) not in self._found])
        }
        if not asked:
            return
        words: chain[Word] = chain.from_iterable((table, len(keys), *keys) for table, keys in asked.items())
        answer = self._server.run(READ, self._generation, self._version, *words)
        if answer[0] == b"gone":
            raise StateUnreachable(
                "a snapshot that the mirror still keeps",
                "a later state",
                advice="score again, fewer consignments at once if it comes again",
                subject=self._server.place,
            )
        if answer[0] != b"ok":
            raise _lost(self._server.place)
        self.keep(asked, answer[1])

    def keep(self, asked: Mapping[str, Sequence[bytes]], values: Sequence[bytes | None]) -> None:
        """Note what the server answered; raises `StateError` as `get`."""
        places = [(table, key) for table, keys in asked.items() for key in keys]
        for (table, key), raw in zip(places, values, strict=True):
            self._found[table, key] = None if raw is None else unsealed(table, key, raw)


class RedisState:
    """A state that is read from its mirror. Safe to use from several threads.

    Args:
        url: Of the server.
        password: None: as the URL says.

    Raises:
        InputError: a URL that is none.
    """

    def __init__(self, url: str, password: str | None) -> None:
        self.server = Server(url, password, seconds=ANSWER_SECONDS, tries=1)

    @contextmanager
    def snapshot(self) -> Iterator[MirrorView]:
        """One consistent view: the last whole commit.

        Raises:
            HistoryError: nothing is published there, or by another version of this project.
            StateError: the server has thrown a part of it away.
            StateUnreachable: it does not answer.
        """
        answer: list[Any] = self.server.run(OPEN, FORM, *_META)
        if answer[0] == b"ok":
            _, generation, version, now, beat, known_at, values = answer
            view = MirrorView(self.server, generation, version, Standing(int(now) - int(beat), int(known_at)))
            view.keep({"meta": _META}, values)
            yield view
            return
        if answer[0] == b"lost":
            raise _lost(self.server.place)
        found = "none" if answer[0] == b"none" else f"one of form {answer[1].decode(errors='replace')}"
        raise HistoryError(f"a mirror of a state, of form {FORM}", found, advice=PUBLISH, subject=self.server.place)

    def close(self) -> None:
        """Leave the server."""
        self.server.close()


def _lost(place: str) -> StateError:
    return StateError("all tables of the mirror", "one that the server no longer holds", advice=REFILL, subject=place)
