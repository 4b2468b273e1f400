"""Coverage-guided fuzzing of every registered stream and of the envelope: no bytes crash them or keep them busy."""

from __future__ import annotations

import gzip
import importlib
import io
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import Phase, given, settings

from aftc.errors import MessageError
from aftc.streams import STREAMS, recognise
from tests.streams.readers import ENVELOPE, READERS
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED
from training.world.generation import generate
from training.world.parameters import WorldParameters

pytestmark = [pytest.mark.scale, pytest.mark.timeout(2_400)]

ROOT = Path(__file__).parents[2]
NAMES = sorted(READERS)
SECONDS = 60  # of fuzzing a stream
SLOW_SECONDS = 0.1  # of processor time that no input may take
MOST_BYTES = 65_536  # of an input
AT_ONCE = 2
GRACE_SECONDS = 120
WORLD_SEEDS, RANDOM_SEEDS = 40, 20  # messages of each kind to start from


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What a fuzzing process did: its exit status, what it printed last, the inputs that it kept."""

    status: int
    said: str
    findings: tuple[Path, ...]


def _world_messages(folder: Path) -> dict[str, list[bytes]]:
    """Messages of a small generated world by stream, the shorter ones first."""
    generate(folder, replace(WorldParameters(), seed=11, days=20, consignments=150, start=date(2026, 1, 5)), None)
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted((folder / "messages").rglob("*.*")):
        raw = path.read_bytes()
        name = recognise(raw)
        if name is not None and len(raw) <= MOST_BYTES:
            found[name].append(raw)
    return {name: sorted(each, key=len) for name, each in found.items()}


def _random_messages(name: str) -> list[bytes]:
    """What the stream writes of records at random, the same each time."""
    made: list[bytes] = []
    build = importlib.import_module(f"aftc.streams.{name}").build

    @given(record=RECORDS[name])
    @settings(UNHURRIED, max_examples=RANDOM_SEEDS, database=None, derandomize=True, phases=[Phase.generate])
    def keep(record: object) -> None:
        made.append(build(record))

    keep()
    return made


def _envelopes(messages: dict[str, list[bytes]]) -> list[bytes]:
    """Messages of every stream in archives, compressed, in an array, in lines, in interchanges side by side."""
    raws = [each for name in STREAMS for each in _of_stream(name, messages)[:2]]
    made = [gzip.compress(raw) for raw in raws[:4]]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", method) as archive:
            for number, raw in enumerate(raws[:9]):
                archive.writestr(f"{number}.txt", raw)
        made.append(held.getvalue())
    objects = [raw for raw in raws if raw.startswith(b"{")]
    return [*made, b"[" + b",".join(objects) + b"]", b"\n".join(objects), *(raw * 2 for raw in raws if raw[:1] == b"U")]


def _of_stream(name: str, messages: dict[str, list[bytes]]) -> list[bytes]:
    given = messages.get(name, [])
    return Random(name).sample(given, min(WORLD_SEEDS, len(given))) + _random_messages(name)


def _fuzz(name: str, seeds: Path, findings: Path) -> Fuzzed:
    given = [name, str(seeds), str(findings), str(SECONDS), str(MOST_BYTES), str(SLOW_SECONDS)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.streams.fuzzing", *given],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS + GRACE_SECONDS,
        check=False,
    )
    return Fuzzed(done.returncode, done.stdout.decode("utf-8", "replace")[-3_000:], tuple(sorted(findings.iterdir())))


@pytest.fixture(scope="module")
def fuzzed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Fuzzed]]]:
    """Every selected stream under the fuzzer, two at once."""
    selected = {
        item.callspec.params["name"]
        for item in request.session.items
        if hasattr(item, "callspec") and item.path == request.path
    }
    folder = tmp_path_factory.mktemp("fuzzing")
    of_the_world = _world_messages(folder / "world")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {}
        for name in sorted(selected):
            seeds, findings = folder / name / "seeds", folder / name / "findings"
            seeds.mkdir(parents=True)
            findings.mkdir()
            messages = _envelopes(of_the_world) if name == ENVELOPE else _of_stream(name, of_the_world)
            for number, raw in enumerate(messages):
                (seeds / f"{number:03}").write_bytes(raw)
            runs[name] = pool.submit(_fuzz, name, seeds, findings)
        yield runs
        pool.shutdown(cancel_futures=True)


def _seconds(name: str, raw: bytes) -> float:
    """Processor time of reading an input as it is read in service: the least of three."""
    return min(_once(name, raw) for _ in range(3))


def _once(name: str, raw: bytes) -> float:
    began = process_time()
    with suppress(MessageError):
        READERS[name](raw)
    return process_time() - began


@pytest.mark.parametrize("name", NAMES)
def test_no_bytes_crash_a_parser_or_keep_it_busy(name: str, fuzzed: dict[str, Future[Fuzzed]]) -> None:
    """In 60 s of coverage-guided fuzzing nothing but `MessageError` is raised, and no input takes 100 ms."""
    done = fuzzed[name].result()
    print(done.said)
    raised = [each for each in done.findings if not each.name.startswith("slow-")]
    told = "\n".join(each.read_text() for each in raised if each.suffix == ".txt")
    assert (raised, done.status) == ([], 0), f"{told}\n{done.said}"
    slow = {str(each): _seconds(name, each.read_bytes()) for each in done.findings}
    assert {path: seconds for path, seconds in slow.items() if seconds > SLOW_SECONDS} == {}
    executed = re.search(r"stat::number_of_executed_units: *([0-9]+)", done.said)
    assert executed is not None
    assert int(executed[1]) > 100
