"""Tasks spread over processes: results as they come, and nothing left running whatever happens.

Each process makes its work once and then does one task after another; it has at most one more waiting, so that little
is in flight. Processes are spawned (threads do not survive a fork), leave Ctrl-C to their parent, and end when it does,
even where it is killed.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from aftc.errors import InputError

__all__ = ["results"]

_HELD = 2  # tasks of a process: the one it does and the next

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def results(
    tasks: Iterator[_Task], prepare: Callable[[], Callable[[_Task], _Result]], processes: int
) -> Generator[_Result, None, None]:
    """The result of every task, in no certain order; to be closed by who does not take them all.

    Args:
        tasks: Taken one by one as processes get free; pickled.
        prepare: Makes what does the tasks, once in every process; pickled.
        processes: How many; with 1 all is done in this one.

    Raises:
        OSError: a process met it, with its number and text.
        InputError: a process ended before its work, as the system ends what takes too much memory.
        RuntimeError: a defect in a process; it holds the traceback.
    """
    if processes == 1:
        yield from map(prepare(), tasks)
        return
    crew: list[_Worker] = []
    try:
        with _undisturbed():
            crew.extend(_start(prepare) for _ in range(processes))
        yield from _spread(tasks, crew)
    finally:
        for worker in crew:
            worker.process.kill()
            worker.process.join()
            worker.process.close()
            worker.pipe.close()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    held: int = 0


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a process met: the number of a system's error (0 for a defect), and its text."""

    number: int
    text: str


def _spread(tasks: Iterator[_Task], crew: list[_Worker]) -> Iterator[Any]:
    more = True
    while True:
        while more and (free := min(crew, key=lambda worker: worker.held)).held < _HELD:
            try:
                free.pipe.send(next(tasks))
                free.held += 1
            except StopIteration:
                more = False
            except ConnectionError:
                raise _ended(free) from None
        busy = {worker.pipe: worker for worker in crew if worker.held}
        if not busy:
            return
        for pipe in wait(list(busy)):
            yield _result(busy[pipe])  # type: ignore[index]  # wait gives back what it was given


def _result(worker: _Worker) -> Any:
    try:
        result = worker.pipe.recv()
    except (EOFError, ConnectionError):
        raise _ended(worker) from None
    worker.held -= 1
    if isinstance(result, _Failed):
        raise OSError(result.number, result.text) if result.number else RuntimeError(result.text)
    return result


def _ended(worker: _Worker) -> InputError:
    worker.process.join()
    found = f"one that ended with {worker.process.exitcode}"
    return InputError("every process to end its work", found, advice="use fewer processes, or give them more memory")


def _start(prepare: Callable[[], Callable[[Any], Any]]) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(prepare, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits while processes start: they inherit that it is held back, and never see it."""
    resource_tracker.ensure_running()  # it would let Ctrl-C through again, were it started by the first process
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _work(prepare: Callable[[], Callable[[Any], Any]], pipe: Connection) -> None:
    """A process's main function: tasks from the pipe, results into it, until it is closed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    do: Callable[[Any], Any] | None = None
    with suppress(EOFError, ConnectionError):
        while True:
            task = pipe.recv()
            try:
                do = do or prepare()
                result = do(task)
            except OSError as error:
                result = _Failed(error.errno or 0, error.strerror or traceback.format_exc())
            except Exception:  # a defect: told by the parent with its traceback
                result = _Failed(0, traceback.format_exc())
            pipe.send(result)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)
