"""A Redis stream as a source of messages: read through a consumer group, acknowledged once the journal holds them.

An entry's field `raw` is the message, its optional field `source` says who sent it; others are left aside. Its id
holds the time at which the server received it: the message's known-at. A group belongs to one store, whose one writer
is its one consumer. What was delivered and not acknowledged, to it or to a consumer that fell silent, comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import msgspec
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from aftc.clock import Instant
from aftc.errors import InputError
from aftc.records import Message
from aftc.streams.not_kept import MOST_FILE_BYTES, not_kept
from aftc.streams.spool import plain_source

__all__ = ["SILENT_MS", "Entry", "RedisSource", "RedisStream", "message_of"]

CONSUMER = "aftc"
SILENT_MS = 60_000  # after so long without an answer another consumer's entries are taken over
TIMEOUT_SECONDS = 10.0
MOST_ENTRIES = 64  # of one answer
READ_BYTES = 8_000_000  # of one answer: fewer entries, where one of this run was larger than its share
TAKEN_OVER = 1_000  # entries asked about at once
FROM_THE_FIRST = "0-0"


@dataclass(frozen=True, slots=True)
class RedisSource:
    """Where a stream is: the server's URL, its password (None: as the URL says), the stream's key, our group.

    `store` is the name of the store that the group belongs to (`aftc.history.identity`).
    """

    url: str
    password: str | None
    stream: str
    group: str
    store: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a stream; without fields it was deleted after it had been delivered and before it was read."""

    entry_id: str
    fields: Mapping[bytes, bytes]

    @property
    def size(self) -> int:
        """Bytes of its fields."""
        return sum(len(name) + len(value) for name, value in self.fields.items())


class _WithoutRaw(msgspec.Struct, frozen=True, tag_field="messageType", tag="redisEntryWithoutRaw"):
    """What the journal holds of an entry that is no message: every field, names and values in base 64."""

    fields: tuple[tuple[bytes, bytes], ...]


def message_of(entry: Entry, stream: str, now: Instant) -> Message:
    """The message in an entry; one that is quarantined, with all that came, where there is none.

    Args:
        entry: As read, with its fields.
        stream: The stream's key.
        now: The clock: an id ahead of it, which a sender may have chosen, would push the whole timeline forward.
    """
    raw = entry.fields.get(b"raw")
    if raw is None:
        raw = msgspec.json.encode(_WithoutRaw(tuple(entry.fields.items())))
    if len(raw) > MOST_FILE_BYTES:
        raw = not_kept(sha256(raw).digest(), len(raw))
    received = int(entry.entry_id.partition("-")[0]) * 1_000
    sender = entry.fields.get(b"source", b"").decode("utf-8", "replace")
    source = f"redis:{stream}/{entry.entry_id}"
    return Message(raw, min(received, now), f"{source} {plain_source(sender)}" if sender else source)


class RedisStream:
    """Reads a stream as its group's consumer. After an error it begins again, with what was not acknowledged.

    Args:
        source: Where it is. Nothing is asked of the server before the first read.

    Raises:
        InputError: a URL that is none.
    """

    def __init__(self, source: RedisSource) -> None:
        self.name = source.stream
        self._group = source.group
        self._store = source.store
        self._client = _client(source)
        self._begun = False
        self._after: str | None = FROM_THE_FIRST  # among what was delivered to us; None: all of that is acknowledged
        self._largest = 1

    @property
    def place(self) -> str:
        """Server and stream, for people; without what proves who we are."""
        given = self._client.connection_pool.connection_kwargs
        return f"{self.name} of {given.get('path') or '{host}:{port}'.format(**given)}"

    def close(self) -> None:
        """Leave the server."""
        self._client.close()

    def read(self) -> list[Entry]:
        """The next entries in their order, at most `MOST_ENTRIES`; none where none wait.

        Raises:
            InputError: the server does not answer, or not as a stream's server does; or another store has the group.
        """
        with self._answering():
            if not self._begun:
                self._begin()
            if self._after is not None:
                delivered = self._next(self._after)
                self._after = delivered[-1].entry_id if delivered else None
                if delivered:
                    return delivered
            return self._next(">")

    def acknowledge(self, entries: Sequence[Entry]) -> None:
        """Tell the server that entries need not be delivered again.

        Raises:
            InputError: the server does not answer: they may be delivered again.
        """
        with self._answering():
            self._client.xack(self.name, self._group, *(each.entry_id for each in entries))

    def take_over(self) -> None:
        """Make ours what was delivered to other consumers, which have been silent since; it is read next.

        Raises:
            InputError: the server does not answer.
        """
        with self._answering():
            if not self._begun:
                self._begin()
            while self._taken_over():
                self._after = FROM_THE_FIRST

    def _taken_over(self) -> int:
        pending = cast(
            list[dict[str, Any]],
            self._client.xpending_range(self.name, self._group, "-", "+", TAKEN_OVER, idle=SILENT_MS),
        )
        theirs = [each["message_id"] for each in pending if each["consumer"] != CONSUMER.encode()]
        if not theirs:
            return 0
        return len(
            cast(list[Any], self._client.xclaim(self.name, self._group, CONSUMER, SILENT_MS, theirs, justid=True))
        )

    def _begin(self) -> None:
        self._after = FROM_THE_FIRST
        try:
            self._client.xgroup_create(self.name, self._group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        self._claim()
        self._begun = True

    def _claim(self) -> None:
        """Hold the group to its store: each of two would get a part of the messages."""
        key = f"aftc:store-of:{self.name}:{self._group}"
        self._client.setnx(key, self._store)
        owner = cast(bytes, self._client.get(key)).decode()
        if owner != self._store:
            raise InputError(
                f"a group that belongs to this store, {self._store}",
                f"the group {self._group} of the store {owner}",
                advice=f"choose another one (--group NAME), or where that store is no more delete the key {key}",
                subject=self.place,
            )

    def _next(self, after: str) -> list[Entry]:
        most = max(1, min(MOST_ENTRIES, READ_BYTES // self._largest))
        answer = cast(
            list[tuple[bytes, list[tuple[bytes, Mapping[bytes, bytes]]]]],
            self._client.xreadgroup(self._group, CONSUMER, {self.name: after}, count=most),
        )
        entries = [Entry(entry_id.decode(), fields) for _, given in answer for entry_id, fields in given]
        self._largest = max([self._largest, *(each.size for each in entries)])
        return entries

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except RedisError as error:
            self._begun = False
            raise InputError(
                "a Redis server that answers for the stream",
                str(error),
                advice="check the server, --from-redis, --stream and AFTC_REDIS_PASSWORD",
                subject=self.place,
            ) from error


def _client(source: RedisSource) -> Redis:
    from_url = cast(Callable[..., Redis], Redis.from_url)
    try:
        return from_url(
            source.url,
            password=source.password,
            protocol=2,
            retry=Retry(NoBackoff(), 0),  # a lost answer was delivered all the same: it must be asked for as such
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
    except ValueError as error:
        raise InputError("the URL of a Redis server, redis://HOST:PORT/DB", str(error)) from error
