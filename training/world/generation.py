"""Making a world: from parameters to a folder, once; the same again is recognised and left as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path

import aftc.streams
from aftc.errors import InputError
from training.world.entry_messages import entry_dispatches
from training.world.examinations import KINDS
from training.world.ferry_messages import ferry_dispatches
from training.world.folder import Staging, Tree, write_messages
from training.world.imagined import World, imagine
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches
from training.world.parameters import WorldParameters
from training.world.truth import truth_file

__all__ = ["WorldSummary", "generate"]


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What a world's folder holds.

    Attributes:
        parameters: What it was made from.
        messages: Number of messages by stream.
        units: Number of searchable units; `units_examined` were searched.
        outcomes: Number of selections by outcome kind, as finally recorded.
        found_consignments: Consignments in which an examination found something.
        digest: SHA-256 over all other files.
        generator: SHA-256 over the sources that made it.
        reused: Whether the folder was there already.
    """

    parameters: WorldParameters
    messages: dict[str, int]
    units: int
    units_examined: int
    outcomes: dict[str, int]
    found_consignments: int
    digest: str
    generator: str
    reused: bool = False

    @property
    def total_messages(self) -> int:
        """Number of messages of all streams."""
        return sum(self.messages.values())


def generate(
    folder: Path, parameters: WorldParameters, progress: Callable[[int, int], None] | None = None
) -> WorldSummary:
    """Make the world of these parameters in a folder, or recognise that it is there.

    Args:
        folder: Where; absent, empty, or the same world.
        parameters: What to make.
        progress: Called with messages written and messages expected.

    Returns:
        What the folder holds.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        return _recognised(target, parameters)
    try:
        with Staging(target) as staged:
            return _write(staged, parameters, progress)
    except OSError as error:
        raise InputError(
            f"room and permission to write {folder}", error.strerror or str(error), advice="choose another folder"
        ) from error


def _write(staged: Path, parameters: WorldParameters, progress: Callable[[int, int], None] | None) -> WorldSummary:
    world, tree = imagine(parameters), Tree(staged)
    streams = (entry_dispatches(world), ferry_dispatches(world), manifest_dispatches(world), outcome_dispatches(world))
    counts = write_messages(tree, chain(*streams), _expected(world), progress)
    tree.write("truth/truth.parquet", truth_file(world))
    examinations = world.examinations
    summary = WorldSummary(
        parameters=parameters,
        messages=counts,
        units=len(world.traffic.units.number),
        units_examined=int(examinations.examined.sum()),
        outcomes={kind.value: int((examinations.kind == index).sum()) for index, kind in enumerate(KINDS)},
        found_consignments=int(examinations.found.any(axis=1).sum()),
        digest=tree.digest(),
        generator=_generator(),
    )
    written = asdict(summary) | {"parameters": parameters.as_mapping()}
    del written["reused"]
    tree.write("world.json", f"{json.dumps(written, indent=2, sort_keys=True)}\n".encode())
    return summary


def _expected(world: World) -> dict[str, int]:
    """Number of messages by stream, roughly: for progress and subfolders."""
    crossings, selected = len(world.traffic.crossings.lane), int(world.selections.selected.sum())
    return {
        "ens": len(world.traffic.consignments.document),
        "gmr": crossings * 3 // 2,
        "cuscar": len(world.traffic.calls.voyage),
        "ferry_booking": crossings + int(world.carriage.amendments[:crossings].sum()),
        "ferry_check_in": crossings,
        "outcome": selected,
    }


def _recognised(target: Path, parameters: WorldParameters) -> WorldSummary:
    """The summary of the world that is there, if it is the one asked for."""
    advice = "remove it or choose another folder"
    try:
        written = json.loads((target / "world.json").read_text(encoding="ascii"))
        held = WorldParameters.from_mapping(written.pop("parameters"))
        summary = WorldSummary(parameters=held, **written, reused=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "an empty folder or the same world", f"{target.name} with other files", advice=advice
        ) from error
    if held != parameters:
        raise InputError("the same world's parameters", f"a world of {held}", advice=advice, subject=str(target))
    if summary.generator != _generator():
        raise InputError(
            "a world made by this version", "one made by other sources", advice=advice, subject=str(target)
        )
    return summary


@lru_cache(maxsize=1)
def _generator() -> str:
    """SHA-256 over the sources that make a world: this package and the streams' builders."""
    folders = (Path(__file__).parent, Path(aftc.streams.__file__).parent)
    sources = sorted(path for each in folders for path in each.glob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
