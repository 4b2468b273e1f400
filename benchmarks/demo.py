"""The main job on generated native messages, from an empty folder to a replayed score, with its figures.

Each stage is the command that a person would type; what this module adds is the order and the summary. A second run
finds the world and the journal as they are, trains again and comes to the same figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.running_scorer import RunningScorer
from benchmarks.summary import render

__all__ = ["Demonstration", "main"]

AFTC = Path(sys.executable).with_name("aftc")
FOLDER = Path("aftc-demo")
CALLS = 1000
WORLD = ("--seed", "7", "--days", "60", "--consignments", "10000", "--prevalence", "0.12", "--random-stratum", "0.10")


@dataclass(slots=True)
class Demonstration:
    """Runs the stages one after the other and keeps what each answered.

    Attributes:
        folder: Where world and store are put.
        answers: JSON answer of each stage, by name.
        seconds: Wall time of each stage.
    """

    folder: Path
    answers: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """All stages, in order.

        Raises:
            subprocess.CalledProcessError: a stage failed; it has said why on standard error.
        """
        world, store = self.folder / "world", self.folder / "store"
        self._stage("world", "world", "--out", world, *WORLD)
        self._stage("ingest", "ingest", world / "messages", store=store)
        self._stage("train", "train", store=store)
        self._stage("promote", "promote", "latest", store=store)
        self._stage("evaluate", "evaluate", "--truth", world / "truth", store=store)
        started = time.perf_counter()
        with RunningScorer(store) as scorer:
            self.answers["calls"] = asdict(scorer.measure(CALLS))
            self.answers["score"] = scorer.riskiest()
        self.seconds["serve"] = time.perf_counter() - started
        score_id = self.answers["score"]["score_id"]
        self._stage("replay", "replay", score_id, store=store)
        self._stage("replay from the journal", "replay", score_id, "--from-journal", store=store)

    def _stage(self, name: str, *words: str | Path, store: Path | None = None) -> None:
        command = [str(AFTC), *map(str, words), "--json"]
        if store is not None:
            command += ["--store", str(store)]
        print(f"{name} ...", file=sys.stderr, flush=True)
        started = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, env=_quiet(os.environ), check=True)
        self.seconds[name] = time.perf_counter() - started
        self.answers[name] = json.loads(done.stdout)


def _quiet(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with one numeric thread a library: two cores are shared by processes, not by threads."""
    return {**environment, "OMP_NUM_THREADS": environment.get("OMP_NUM_THREADS", "2")}


def main(words: Sequence[str] = ()) -> int:
    """Run the demonstration into a folder (default: aftc-demo) and print its summary."""
    demonstration = Demonstration(Path(words[0]) if words else FOLDER)
    started = time.perf_counter()
    try:
        demonstration.run()
    except subprocess.CalledProcessError as error:
        print(f"demo: the stage '{' '.join(error.cmd[1:3])}' failed; its message is above", file=sys.stderr)
        return 1
    total = time.perf_counter() - started
    print(render(demonstration.answers, demonstration.seconds, total, demonstration.folder))
    (demonstration.folder / "summary.json").write_text(json.dumps(demonstration.answers, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
