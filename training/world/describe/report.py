"""The report of a world: its sections in their order, written beside its place and moved there when complete."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aftc.errors import InputError
from training.world.describe.consignments import ANY
from training.world.describe.detection import detection
from training.world.describe.dynamics import dynamics
from training.world.describe.faults import faults
from training.world.describe.oracle import oracle
from training.world.describe.overview import overview
from training.world.describe.page import Head, page
from training.world.describe.prevalence import prevalence
from training.world.describe.selectivity import selectivity
from training.world.describe.sources import Source, read_source
from training.world.describe.terms import TERMS
from training.world.describe.volumes import volumes
from training.world.describe.words import count, several, share, spoken_day

__all__ = ["describe"]

_SECTIONS: Final = (overview, volumes, prevalence, selectivity, detection, oracle, dynamics, faults)


def describe(folder: Path, out: Path | None = None) -> Path:
    """Write a page about a world: what it is, what is in it, how it was sampled and found.

    Every figure and every claim is computed from `world.json`, `truth/truth.parquet` and `truth/messages.parquet`.
    The page needs no network; the same world gives the same bytes.

    Args:
        folder: A world's folder, with its truth.
        out: The page; where not given, the folder's name with `.html`, beside the folder, which stays as it was made.

    Returns:
        Where the page is.

    Raises:
        InputError: no world's folder, one without truth, or a place that cannot be written.
    """
    source = read_source(folder)
    target = folder.resolve().with_name(f"{folder.resolve().name}.html") if out is None else out
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(page(_head(source), [section(source) for section in _SECTIONS]))
        partial.replace(target)
    except OSError as error:
        raise InputError(
            f"room and permission to write {target}",
            error.strerror or str(error),
            advice="choose another place with --out",
        ) from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)
    return target


def _head(source: Source) -> Head:
    consignments, parameters = source.consignments, source.parameters
    return Head(
        title="A simulated freight world",
        lead=(
            f"Seed {parameters.seed}: {count(len(consignments))} consignments in {several(parameters.days, 'day')} "
            f"from {spoken_day(parameters.start)}, with the truth about each."
        ),
        notice="All of it is synthetic: people, companies, vehicles, vessels, documents and seizures are invented.",
        figures=(
            ("consignments", count(len(consignments))),
            ("messages", count(len(source.messages))),
            ("carry a threat", share(float(consignments.y.mean()))),
            ("are examined", share(float(consignments.examined.mean()))),
            ("have a find", share(float(consignments.found[:, ANY].mean()))),
            ("week" if len(consignments.weeks) == 1 else "weeks", count(len(consignments.weeks))),
        ),
        terms=TERMS,
        colophon=(
            "Computed from the world’s truth files and world.json alone; no figure or claim on this page is typed. "
            f"World {source.digest}."
        ),
    )
