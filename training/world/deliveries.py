"""Messages of a week as they arrive: each family of dispatches, and what goes wrong with them on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from training.world.air_messages import air_dispatches
from training.world.cast import Cast
from training.world.control_messages import control_dispatches
from training.world.dispatch import Delivery, Dispatch
from training.world.document_messages import document_dispatches
from training.world.entry_messages import entry_dispatches
from training.world.faults import deliver
from training.world.ferry_messages import ferry_dispatches
from training.world.import_messages import import_control_dispatches, import_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches
from training.world.response_messages import response_dispatches
from training.world.simulation import Week
from training.world.stowage_messages import stowage_dispatches

__all__ = ["PARTS", "deliveries"]

_FAMILIES: dict[str, Callable[[Cast, Week], Iterator[Dispatch]]] = {
    "entry": lambda cast, week: entry_dispatches(cast, week.arrivals),
    "response": lambda cast, week: response_dispatches(cast, week.arrivals),
    "ferry": lambda cast, week: ferry_dispatches(cast, week.arrivals),
    "control": control_dispatches,
    "manifest": lambda cast, week: manifest_dispatches(cast, week.arrivals),
    "stowage": lambda cast, week: stowage_dispatches(cast, week.arrivals),
    "document": lambda cast, week: document_dispatches(cast, week.arrivals),
    "air": lambda cast, week: air_dispatches(cast, week.arrivals),
    "import": lambda cast, week: import_dispatches(cast, week.arrivals),
    "import control": import_control_dispatches,
    "outcome": outcome_dispatches,
}

PARTS: dict[str, tuple[str, ...]] = {
    "entry": ("entry",),
    "response": ("response",),
    "ferry": ("ferry", "control"),
    "manifest": ("manifest",),
    "sea": ("stowage", "document"),
    "air": ("air",),
    "import": ("import", "import control"),
    "outcome": ("outcome",),
}
"""Families by part: no two parts have messages of one stream, so that each is written without the others."""


def deliveries(cast: Cast, week: Week, part: str) -> Iterator[Delivery]:
    """What becomes of a week's messages of one part, lost ones too, in no order of time."""
    for family in PARTS[part]:
        rng = week.arrivals.draws.of(f"faults of {family} messages")
        yield from deliver(_FAMILIES[family](cast, week), cast.parameters.faults, rng)
