"""Several scorer processes on one port: started, watched, told to reload, stopped.

The workers share the port by SO_REUSEPORT; a socket that is bound but never listens keeps the number for them. Each
worker is at the end of a pipe: the supervisor's words go in, and when the supervisor dies the pipe closes, and the
worker ends its calls and stops.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NoReturn

from aftc.errors import AftcError, InputError
from serving.plan import Plan, Started
from serving.signals import RELOAD, STOP, words_of_signals

__all__ = ["StartError", "supervise"]

START_SECONDS = 120.0  # a first start may compile the kernels
STOP_SECONDS = 20.0  # longer than calls in flight are given to end
RESTARTS = 10  # of one worker; one that keeps dying is no service


class StartError(AftcError):
    """A worker that could not begin to serve, in its own words."""

    def _sentence(self) -> str:
        return self.found


class _Stopped(Exception):
    """The word to stop came: no error, the way out of every wait."""


@dataclass(slots=True)
class _Worker:
    plan: Plan
    process: BaseProcess
    pipe: Connection
    restarts: int


def supervise(plan: Plan, workers: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP has every worker load the current bundle again.

    Args:
        plan: What each worker serves; port 0 takes a free one.
        workers: How many processes.
        announce: Told where the service is once all workers serve, and of workers that died.

    Raises:
        InputError: the port cannot be had, or fewer than one worker.
        StartError: a worker could not begin, or none is left; none is left running.
    """
    if workers < 1:
        raise InputError("at least one worker", str(workers))
    meanings = {signal.SIGTERM: STOP, signal.SIGINT: STOP, signal.SIGHUP: RELOAD}
    with _reserved(plan) as taken, words_of_signals(meanings) as words:
        crew: list[_Worker] = []
        try:
            crew.extend(_start(replace(taken, worker=number), 0) for number in range(workers))
            started = [_await_start(worker, words) for worker in crew]
            announce(f"serving on {taken.host}:{taken.port} with {workers} process(es); stop with Ctrl-C or SIGTERM")
            for each in started:
                if each.metrics_port is not None:
                    announce(f"metrics on http://{taken.host}:{each.metrics_port}/metrics")
            _watch(crew, words, announce)
        except _Stopped:
            return
        finally:
            _stop(crew)


@contextmanager
def _reserved(plan: Plan) -> Iterator[Plan]:
    """The plan with its port, held for the workers."""
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            if plan.port:
                _require_free(family, plan)
            holder.bind((plan.host, plan.port))
        except OSError as error:
            found = f"{plan.host}:{plan.port}: {error.strerror}"
            raise InputError("an address and port to listen on", found, advice="choose another with --port") from error
        yield replace(plan, port=holder.getsockname()[1])


def _require_free(family: socket.AddressFamily, plan: Plan) -> None:
    """Fail where anything listens: SO_REUSEPORT would let two services of one user share the port unseen."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended do not count
        probe.bind((plan.host, plan.port))


def _start(plan: Plan, restarts: int) -> _Worker:
    context = get_context("spawn")  # threads and databases do not survive a fork
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(plan, theirs), name=f"aftc-scorer-{plan.worker}")
    process.start()
    theirs.close()
    return _Worker(plan, process, ours, restarts)


def _work(plan: Plan, supervisor: Connection) -> None:
    """A worker's main function; the server is imported by workers alone, the supervisor starts without it."""
    from serving.server import serve

    serve(plan, supervisor)


def _await_start(worker: _Worker, words: Connection) -> Started:
    """Wait until a worker serves.

    Raises:
        StartError: it said why it cannot, died, or took too long.
        _Stopped: the word to stop came first.
    """
    number, until = worker.process.pid, time.monotonic() + START_SECONDS
    while not worker.pipe.poll():
        ready = wait([worker.pipe, words], max(0.0, until - time.monotonic()))
        if words in ready and words.recv() == STOP:  # any other word is for those that serve already
            raise _Stopped
        if not ready:
            raise StartError("a worker that serves", f"no word from process {number} in {START_SECONDS:.0f} s")
    try:
        said = worker.pipe.recv()
    except EOFError:
        worker.process.join()
        code = worker.process.exitcode
        raise StartError("a worker that serves", f"process {number} ended with {code} at its start") from None
    if isinstance(said, Started):
        return said
    raise StartError("a worker that serves", said)


def _watch(crew: list[_Worker], words: Connection, announce: Callable[[str], None]) -> NoReturn:
    """Pass words on and replace the dead until told to stop.

    Raises:
        _Stopped: the word to stop came.
        StartError: no worker is left.
    """
    while crew:
        ready = wait([words, *(worker.process.sentinel for worker in crew)])
        if words in ready:
            if (word := words.recv()) == STOP:
                raise _Stopped
            for worker in crew:
                _tell(worker, word)
        for worker in [each for each in crew if each.process.sentinel in ready]:
            crew.remove(worker)
            announce(f"process {worker.process.pid} ended with {worker.process.exitcode}")
            _replace(worker, crew, words, announce)
    raise StartError("a worker that serves", "none is left: see the messages above")


def _replace(dead: _Worker, crew: list[_Worker], words: Connection, announce: Callable[[str], None]) -> None:
    dead.pipe.close()
    if dead.restarts >= RESTARTS:
        announce(f"worker {dead.plan.worker} is given up after {RESTARTS} restarts")
        return
    worker = _start(dead.plan, dead.restarts + 1)
    crew.append(worker)
    try:
        _await_start(worker, words)
        announce(f"process {worker.process.pid} serves in its place")
    except StartError as error:
        crew.remove(worker)
        _stop([worker])
        announce(str(error))


def _tell(worker: _Worker, word: str) -> None:
    with suppress(OSError):  # it died meanwhile: the watch will see it
        worker.pipe.send(word)


def _stop(crew: list[_Worker]) -> None:
    """Let calls in flight end, then end what does not end by itself."""
    for worker in crew:
        _tell(worker, STOP)
    for worker in crew:
        worker.process.join(STOP_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.pipe.close()
