"""Linking against the truth: worlds with usual and heavy faults, ingested as the product does, and what became of them.

Which pairs of message and consignment are right, wrong or missing is defined in `benchmarks.linking_pairs`, which of
parties in `benchmarks.linking_parties`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path, PurePath
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import pyarrow.parquet as pq

from aftc.config import Settings
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.linking.keys import normal_reference
from aftc.streams.spool import load, order, scan
from benchmarks.linked import ended
from benchmarks.linking_pairs import Count, Judged, judge
from benchmarks.party_tables import LEAST_F1, Parties, judged_parties, party_payload, party_text
from serving.ingest import Ingest
from training.rehearsal import report
from training.world.distributions import table
from training.world.generation import generate
from training.world.parameters import FaultLevel, WorldParameters

__all__ = ["BOUNDS", "ingested", "measure"]

BOUNDS: Final[Mapping[FaultLevel, tuple[float, float]]] = {
    FaultLevel.USUAL: (0.999, 0.98),
    FaultLevel.HEAVY: (0.99, 0.93),
}
"""Precision and recall that linking has to reach."""

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _World:
    """What became of one world."""

    judged: Judged
    parties: Parties


@dataclass(frozen=True, slots=True)
class _Gate:
    """A figure of each seed's world against its bound; all have to hold."""

    gate: str
    bound: float
    values: Mapping[int, float]

    @property
    def worst(self) -> float:
        """The least."""
        return min(self.values.values())

    @property
    def holds(self) -> bool:
        """Whether every seed's is at or above the bound."""
        return self.worst >= self.bound


def measure(store: Path, worlds: Sequence[WorldParameters], page: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Make the worlds, ingest them, and compare the final links with the truth.

    Args:
        store: Worlds and stores are made beside it and removed.
        worlds: Of other seeds, but alike; each is made with usual and with heavy faults. The tables are the first's.
        page: Whose marked part the tables replace, where one is given.
        progress: Told each world as it is done.

    Returns:
        `gates` with the value of each seed, `worlds` with all counts of the first, and `parties`, `holds`, and the
        tables as `text`.

    Raises:
        InputError: the page has no marks.
    """
    if page is not None:
        report.check(page)
    store.parent.mkdir(parents=True, exist_ok=True)
    wanted = [replace(world, faults=level) for world in worlds for level in BOUNDS]
    found: dict[FaultLevel, dict[int, _World]] = {level: {} for level in BOUNDS}
    with ProcessPoolExecutor(min(len(wanted), cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        for world, made in zip(wanted, pool.map(partial(_measured, store.parent), wanted), strict=True):
            found[world.faults][world.seed] = made
            pairs = made.judged.overall
            progress(
                f"seed {world.seed}, faults {world.faults.value}: "
                f"precision {pairs.precision:.4f}, recall {pairs.recall:.4f}"
            )
    gates = [gate for level, each in found.items() for gate in _gates(level, each)]
    gates += _party_gates(found[FaultLevel.USUAL])
    judged = {level: each[worlds[0].seed].judged for level, each in found.items()}
    parties = {level: each[worlds[0].seed].parties for level, each in found.items()}
    text = f"{_text(worlds, judged, gates)}\n\n{party_text(parties)}"
    if page is not None:
        report.put_into(page, text)
    return {
        "text": text,
        "holds": all(each.holds for each in gates),
        "gates": [{**asdict(each), "worst": each.worst, "holds": each.holds} for each in gates],
        "worlds": {level.value: _payload(each) for level, each in judged.items()},
        "parties": {level.value: party_payload(each) for level, each in parties.items()},
    }


def _measured(beside: Path, world: WorldParameters) -> _World:
    with TemporaryDirectory(dir=beside) as scratch:
        folder, made = ingested(Path(scratch), world)
        return _World(_judged(folder, made), judged_parties(folder, made))


def ingested(scratch: Path, world: WorldParameters) -> tuple[Path, Path]:
    """A world's folder, and the store that its messages were ingested into."""
    folder, store = scratch / "world", scratch / "store"
    generate(folder, world)
    messages = (load(each, 0) for each in order(scan([folder / "messages"]), 0))
    with Ingest(replace(Settings(), store=store)) as ingest:
        for _ in ingest.take(messages):
            pass
    return folder, store


def _judged(folder: Path, store: Path) -> Judged:
    taken = list(ended(store))
    documents = Lake(store / "lake").read("versions", columns=("consignment_id", "document")).to_pydict()
    return judge(
        taken,
        _about(folder, store),
        _modes(folder),
        dict(zip(documents["consignment_id"], map(normal_reference, documents["document"]), strict=True)),
    )


def _about(folder: Path, store: Path) -> dict[int, tuple[str, ...]]:
    """The true documents of each journaled message, by its number."""
    told = pq.read_table(folder / "truth" / "messages.parquet", columns=["stream", "name", "documents"]).to_pylist()
    documents = {(row["stream"], row["name"]): tuple(map(normal_reference, row["documents"])) for row in told}
    below = len((folder / "messages").parts)
    with Journal(store / "journal") as journal:
        sources = ((entry.sequence, PurePath(entry.source)) for entry in journal.entries())
        return {sequence: documents[source.parts[below], source.stem] for sequence, source in sources}


def _modes(folder: Path) -> dict[str, str]:
    truth = pq.read_table(folder / "truth" / "truth.parquet", columns=["document", "mode"]).to_pydict()
    return dict(zip(map(normal_reference, truth["document"]), truth["mode"], strict=True))


def _gates(level: FaultLevel, worlds: Mapping[int, _World]) -> Iterator[_Gate]:
    bounds = dict(zip(("precision", "recall"), BOUNDS[level], strict=True))
    for name, bound in bounds.items():
        values = {seed: getattr(each.judged.overall, name) for seed, each in worlds.items()}
        yield _Gate(f"{name}, faults {level.value}", bound, values)


def _party_gates(worlds: Mapping[int, _World]) -> Iterator[_Gate]:
    for name in ("mentions", "writings"):
        values = {seed: getattr(each.parties, name).f1 for seed, each in worlds.items()}
        yield _Gate(f"parties F1, {name}, faults usual", LEAST_F1, values)


def _payload(judged: Judged) -> dict[str, Any]:
    parts = {"mode": judged.by_mode, "stream": judged.by_stream, "key": judged.by_key}
    return {
        "overall": asdict(judged.overall),
        **{name: {key: asdict(count) for key, count in sorted(counts.items())} for name, counts in parts.items()},
        "true_consignments": len(judged.documents),
        "split": len(judged.split),
        "consignments": len(judged.consignments),
        "merged": len(judged.merged),
    }


def _text(worlds: Sequence[WorldParameters], found: Mapping[FaultLevel, Judged], gates: Sequence[_Gate]) -> str:
    first = worlds[0]
    parts = [
        f"Worlds of {first.consignments:,} consignments in {first.days} days.",
        table(
            ("gate", "bound", *(f"seed {world.seed}" for world in worlds), "median", "worst", "verdict"),
            map(_gate_row, gates),
        ),
        f"From here on, seed {first.seed}.",
        table(("faults", "true consignments split", "consignments merged"), map(_rates, found, found.values())),
        _table("mode", {level: judged.by_mode for level, judged in found.items()}),
        _table("stream", {level: judged.by_stream for level, judged in found.items()}),
        _keys(found),
    ]
    return "\n\n".join(parts)


def _gate_row(gate: _Gate) -> tuple[str, ...]:
    values = (*gate.values.values(), median(gate.values.values()), gate.worst)
    verdict = "holds" if gate.holds else "**fails**"
    return (gate.gate, f"{gate.bound:g}", *(f"{value:.4f}" for value in values), verdict)


def _rates(level: FaultLevel, judged: Judged) -> tuple[str, ...]:
    split, merged = len(judged.split), len(judged.merged)
    documents, consignments = len(judged.documents), len(judged.consignments)
    return (
        level.value,
        f"{split} of {documents:,} ({split / documents:.2%})",
        f"{merged} of {consignments:,} ({merged / consignments:.2%})",
    )


def _table(name: str, counts: Mapping[FaultLevel, Mapping[str, Count]]) -> str:
    heads = [name]
    for level in counts:
        heads += [f"true pairs, {level.value}", "precision", "recall"]
    rows = []
    for key in sorted({key for each in counts.values() for key in each}):
        row = [f"`{key}`"]
        for each in counts.values():
            count = each.get(key, Count())
            row += [f"{count.right + count.missing:,}", f"{count.precision:.4f}", f"{count.recall:.4f}"]
        rows.append(row)
    return table(heads, rows)


def _keys(found: Mapping[FaultLevel, Judged]) -> str:
    heads = ["key of the join"]
    for level in found:
        heads += [f"pairs made, {level.value}", "of them wrong", "precision"]
    rows = []
    for key in sorted({key for judged in found.values() for key in judged.by_key}):
        row = [key]
        for judged in found.values():
            count = judged.by_key.get(key, Count())
            row += [f"{count.right + count.wrong:,}", f"{count.wrong:,}", f"{count.precision:.4f}"]
        rows.append(row)
    return table(heads, rows)
