"""Growth: what runs of several sizes took, and the plot of time and memory against rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["Measured", "draw"]

_SIZE: Final = (7.0, 3.2)  # inches


@dataclass(frozen=True, slots=True)
class Measured:
    """One size's run: vectors of so many decisions over so many sightings, written as Parquet."""

    decisions: int
    consignments: int
    sightings: int
    seconds: float
    processor_seconds: float
    peak_gigabytes: float
    digest: str


def draw(path: Path, found: Sequence[Measured]) -> None:
    """Draw seconds and gigabytes against decisions, both on logarithmic axes.

    Args:
        path: An SVG file.
        found: The sizes measured.
    """
    decisions = [each.decisions for each in found]
    with mpl.rc_context():
        mpl.rcParams["svg.hashsalt"] = "aftc"  # the same figures make the same bytes
        figure = Figure(figsize=_SIZE, layout="constrained")
        times, memory = figure.subplots(1, 2)
        times.plot(decisions, [each.seconds for each in found], "o-", label="wall")
        times.plot(decisions, [each.processor_seconds for each in found], "o-", label="on the processors")
        times.legend()
        memory.plot(decisions, [each.peak_gigabytes for each in found], "o-")
        for axes, unit in ((times, "seconds"), (memory, "gigabytes at most")):
            axes.set(xscale="log", yscale="log", xlabel="decisions", ylabel=unit)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
