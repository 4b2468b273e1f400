"""Tasks spread over processes."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from aftc.errors import InputError
from training.world.processes import results

SECONDS = 60


def _squares(_: str) -> Callable[[int], tuple[int, int]]:
    """Work that says who did it."""
    return lambda number: (number * number, os.getpid())


def _failing(kind: str) -> Callable[[int], int]:
    """Work that fails at the third task."""

    def work(number: int) -> int:
        if number == 2:
            if kind == "full":
                raise OSError(errno.ENOSPC, "No space left on device")
            if kind == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError(kind)
        return number

    return work


@pytest.mark.parametrize("processes", [1, 2])
def test_every_task_has_its_result(processes: int) -> None:
    """Thirty tasks give thirty results, from as many processes as were asked for, none of them this one but alone."""
    done = list(results(iter(range(30)), partial(_squares, ""), processes))
    assert sorted(square for square, _ in done) == [number * number for number in range(30)]
    workers = {process for _, process in done}
    assert len(workers) == processes
    assert (os.getpid() in workers) is (processes == 1)


def test_few_tasks_are_in_flight() -> None:
    """No more than two tasks a process are taken before the first result is there."""
    left = iter(range(30))
    with closing(results(left, partial(_squares, ""), 2)) as done:
        next(done)
        assert next(left) <= 4


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        ("full", OSError, "No space left"),
        ("killed", InputError, "fewer processes"),
        ("defect", RuntimeError, "AssertionError: defect"),
    ],
)
def test_what_a_process_meets_is_told(kind: str, error: type[Exception], told: str) -> None:
    """A full disk, a process that the system ends and a defect each come back as what they are."""
    with pytest.raises(error, match=told):
        list(results(iter(range(30)), partial(_failing, kind), 2))


PARENT = """
import os, signal
from training.world.processes import results

def prepare():
    done = []
    def work(number):
        if done:
            signal.pause()  # the second task never ends
        done.append(number)
        return os.getpid()
    return work

if __name__ == "__main__":
    try:
        for process in results(iter(range(4)), prepare, 2):
            print(process, flush=True)
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.mark.parametrize(("way", "last"), [(signal.SIGKILL, ""), (signal.SIGINT, "interrupted\n")])
def test_processes_end_with_their_parent(tmp_path: Path, way: signal.Signals, last: str) -> None:
    """When the parent is killed, or all of them get a Ctrl-C, its busy processes end, and say nothing."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, str(script)],  # the background of a shell ignores it
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    workers = {int(parent.stdout.readline()) for _ in range(2)}
    ends = select.poll()
    watched = [os.pidfd_open(worker) for worker in workers]
    for each in watched:
        ends.register(each, select.POLLIN)
    os.kill(parent.pid, way) if way is signal.SIGKILL else os.killpg(parent.pid, way)
    told, said = parent.communicate(timeout=SECONDS)
    assert (told, said) == (last, "")
    for each in watched:
        assert ends.poll(SECONDS * 1_000)
        ends.unregister(each)
        os.close(each)
