"""The connection to a mirror's Redis server: bounded waits, scripts by their digest, errors in the project's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from aftc.errors import InputError, StateUnreachable
from aftc.mirror.form import TAG

__all__ = ["Server", "Word"]

Word = bytes | str | int
CONNECT_SECONDS = 2.0
CHECK = "check the server, its URL and AFTC_REDIS_PASSWORD"


class Server:
    """A Redis server. Safe to use from several threads; connections are kept and used again.

    Args:
        url: redis://HOST:PORT/DB, rediss:// for TLS. Nothing is asked of it before the first call.
        password: None: as the URL says.
        seconds: How long an answer is waited for.
        tries: How often a call is made again after the connection was lost: reads may be.

    Raises:
        InputError: a URL that is none.
    """

    def __init__(self, url: str, password: str | None, *, seconds: float, tries: int) -> None:
        from_url = cast(Callable[..., Redis], Redis.from_url)
        try:
            self._client: Any = from_url(  # Any: the library's answers are typed for both of its clients at once
                url,
                password=password,
                protocol=2,
                retry=Retry(NoBackoff(), tries),
                socket_timeout=seconds,
                socket_connect_timeout=CONNECT_SECONDS,
            )
        except ValueError as error:
            raise InputError("the URL of a Redis server, redis://HOST:PORT/DB", str(error)) from error
        self._scripts: dict[str, Any] = {}

    @property
    def place(self) -> str:
        """Where it is, for people; without what proves who we are."""
        given = self._client.connection_pool.connection_kwargs
        return str(given.get("path") or "{host}:{port}/{db}".format(**{"db": 0, **given}))

    def run(self, script: str, *words: Word) -> Any:
        """What a script answers about the mirror.

        Raises:
            StateUnreachable: the server does not answer, or with an error.
        """
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        with self.answering():
            return self._scripts[script](keys=[TAG], args=words)

    def fields(self, key: str) -> Iterator[bytes]:
        """Names of a hash's fields; nobody else changes it meanwhile.

        Raises:
            StateUnreachable: as of `run`.
        """
        with self.answering():
            for field, _ in self._client.hscan_iter(key, count=1_000):
                yield field

    def count(self, keys: Sequence[str]) -> list[int]:
        """How many fields some hashes have.

        Raises:
            StateUnreachable: as of `run`.
        """
        with self.answering():
            return [int(self._client.hlen(key)) for key in keys]

    def policy(self) -> str:
        """What the server throws away when its memory is full: `noeviction` where nothing.

        Raises:
            StateUnreachable: as of `run`.
        """
        with self.answering():
            return str(self._client.info("memory")["maxmemory_policy"])

    def close(self) -> None:
        """Leave it."""
        self._client.close()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Its errors as ours."""
        try:
            yield
        except RedisError as error:
            found = str(error) or type(error).__name__
            raise StateUnreachable("a Redis server that answers", found, advice=CHECK, subject=self.place) from error
