"""Signals as words on a connection, so that a process can wait for them together with everything else."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import FrameType

__all__ = ["RELOAD", "STOP", "words_of_signals"]

STOP, RELOAD = "stop", "reload"


@contextmanager
def words_of_signals(meanings: Mapping[signal.Signals, str | None]) -> Iterator[Connection]:
    """A connection that receives the word of each signal that comes; None ignores a signal.

    The former handlers are put back at the end. Only a process's main thread may use this.
    """
    receiving, sending = Pipe(duplex=False)

    def say(number: int, _: FrameType | None) -> None:
        sending.send(meanings[signal.Signals(number)])

    former = {each: signal.signal(each, say if word else signal.SIG_IGN) for each, word in meanings.items()}
    try:
        yield receiving
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
        receiving.close()
        sending.close()
