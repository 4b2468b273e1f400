"""One stream's parser, or the envelope, under coverage-guided fuzzing, as a process of its own.

    python -m tests.streams.fuzzing STREAM|envelope SEEDS FINDINGS SECONDS MOST_BYTES SLOW_SECONDS

reads the messages in the folder SEEDS and leaves in FINDINGS each input that made the parser, or the doubts about its
records, raise anything but a `MessageError` (with its traceback), and those that took long. A hard crash, a hang and
memory above the limit end it with libFuzzer's own file in FINDINGS.
"""

from __future__ import annotations

import resource
import sys
import traceback
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time

import atheris

with atheris.instrument_imports(include=["aftc"]):
    from aftc.errors import MessageError
    from tests.streams.readers import READERS

from tests.streams.mutators import mutated

MOST_SLOW = 20  # inputs kept
MEMORY_MB = 2_048
FIXED_SEED = 20_260_105  # the same start each time: what it finds was made by a change
HUNG_SECONDS = 20


class Target:
    """What is fuzzed. Findings of one kind are kept once."""

    def __init__(self, name: str, findings: Path, slow_seconds: float) -> None:
        self._read = READERS[name]
        self._findings = findings
        self._known: set[tuple[str, ...]] = set()
        self._slow_seconds = slow_seconds  # of processor time
        self._slow = 0

    def __call__(self, raw: bytes) -> None:
        """Try one input."""
        began = process_time()
        try:
            self._read(raw)
        except MessageError:
            pass
        except Exception as error:
            self._raised(raw, error)
        if process_time() - began > self._slow_seconds and self._slow < MOST_SLOW:
            self._slow += 1
            self._keep("slow", raw)

    def _raised(self, raw: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        kind = (type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames[-2:]))
        if kind not in self._known:
            self._known.add(kind)
            self._keep("raised", raw).with_suffix(".txt").write_text("".join(traceback.format_exception(error)))

    def _keep(self, kind: str, raw: bytes) -> Path:
        path = self._findings / f"{kind}-{sha256(raw).hexdigest()[:16]}.raw"
        path.write_bytes(raw)
        return path


def _mutated(raw: bytes, most: int, seed: int) -> bytes:
    random = Random(seed)
    changed = mutated(raw, random) if random.random() < 0.6 else None
    if changed is None or len(changed) > most:
        any_bytes: bytes = atheris.Mutate(raw, most)
        return any_bytes
    return changed


def main() -> None:
    """Fuzz the stream that the command line names."""
    name, seeds, findings, seconds, most_bytes, slow_seconds = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY_MB << 20,) * 2)
    options = {
        "max_total_time": seconds,
        "max_len": most_bytes,
        "rss_limit_mb": MEMORY_MB,
        "timeout": HUNG_SECONDS,
        "seed": FIXED_SEED,
        "artifact_prefix": f"{findings}/",
        "print_final_stats": 1,
    }
    words = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), seeds]
    atheris.Setup(words, Target(name, Path(findings), float(slow_seconds)), custom_mutator=_mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
