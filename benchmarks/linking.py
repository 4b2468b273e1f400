"""Linking against the truth: worlds with usual and heavy faults, ingested as the product does, and what became of them.

Which pairs of message and consignment are right, wrong or missing is defined in `benchmarks.linking_pairs`, which of
parties in `benchmarks.linking_parties`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
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
class _Verdict:
    """One gate: a figure against its bound."""

    gate: str
    value: float
    bound: float
    holds: bool


def measure(store: Path, world: WorldParameters, page: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Make the worlds, ingest them, and compare the final links with the truth.

    Args:
        store: Worlds and stores are made beside it and removed.
        world: What both worlds are made from, but for their faults.
        page: Whose marked part the tables replace, where one is given.
        progress: Told each world as it is done.

    Returns:
        `gates` with their verdicts, `worlds` with all counts, `holds`, and the tables as `text`.

    Raises:
        InputError: the page has no marks.
    """
    if page is not None:
        report.check(page)
    store.parent.mkdir(parents=True, exist_ok=True)
    found, parties = {}, {}
    for level in BOUNDS:
        with TemporaryDirectory(dir=store.parent) as scratch:
            folder, made = ingested(Path(scratch), replace(world, faults=level))
            found[level], parties[level] = _judged(folder, made), judged_parties(folder, made)
        pairs = found[level].overall
        progress(f"faults {level.value}: precision {pairs.precision:.4f}, recall {pairs.recall:.4f}")
    verdicts = [verdict for level, judged in found.items() for verdict in _verdicts(level, judged)]
    verdicts += _party_verdicts(parties[FaultLevel.USUAL])
    text = f"{_text(world, found, verdicts)}\n\n{party_text(parties)}"
    if page is not None:
        report.put_into(page, text)
    return {
        "text": text,
        "holds": all(each.holds for each in verdicts),
        "gates": [asdict(each) for each in verdicts],
        "worlds": {level.value: _payload(judged) for level, judged in found.items()},
        "parties": {level.value: party_payload(each) for level, each in parties.items()},
    }


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


def _verdicts(level: FaultLevel, judged: Judged) -> Iterator[_Verdict]:
    figures = (judged.overall.precision, judged.overall.recall)
    for name, value, bound in zip(("precision", "recall"), figures, BOUNDS[level], strict=True):
        yield _Verdict(f"{name}, faults {level.value}", value, bound, value >= bound)


def _party_verdicts(parties: Parties) -> Iterator[_Verdict]:
    for name, pairs in (("mentions", parties.mentions), ("writings", parties.writings)):
        yield _Verdict(f"parties F1, {name}, faults usual", pairs.f1, LEAST_F1, pairs.f1 >= LEAST_F1)


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


def _text(world: WorldParameters, found: Mapping[FaultLevel, Judged], verdicts: list[_Verdict]) -> str:
    gates = [
        (each.gate, f"{each.value:.4f}", f"{each.bound:g}", "holds" if each.holds else "**fails**") for each in verdicts
    ]
    parts = [
        f"Worlds of {world.consignments:,} consignments in {world.days} days, seed {world.seed}.",
        table(("gate", "value", "bound", "verdict"), gates),
        table(("faults", "true consignments split", "consignments merged"), map(_rates, found, found.values())),
        _table("mode", {level: judged.by_mode for level, judged in found.items()}),
        _table("stream", {level: judged.by_stream for level, judged in found.items()}),
        _keys(found),
    ]
    return "\n\n".join(parts)


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
