"""Messages of a week as they arrive: each family of dispatches, and what goes wrong with them on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from training.world.air_messages import air_dispatches
from training.world.cast import Cast
from training.world.control_messages import control_dispatches
from training.world.departure_messages import departure_dispatches
from training.world.detection_messages import directed_dispatches, routine_dispatches
from training.world.dispatch import Delivery, Dispatch
from training.world.document_messages import document_dispatches
from training.world.entry_messages import entry_dispatches
from training.world.faults import deliver
from training.world.ferry_messages import ferry_dispatches
from training.world.import_messages import import_control_dispatches, import_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches
from training.world.response_messages import response_dispatches
from training.world.selector_messages import selector_dispatches
from training.world.simulation import Arrivals, Week
from training.world.stowage_messages import stowage_dispatches
from training.world.transit_messages import transit_dispatches

__all__ = ["PARTS", "caused", "deliveries", "told"]

_TOLD: Final[dict[str, Callable[[Cast, Arrivals], Iterator[Dispatch]]]] = {
    "entry": entry_dispatches,
    "response": response_dispatches,
    "ferry": ferry_dispatches,
    "manifest": manifest_dispatches,
    "stowage": stowage_dispatches,
    "document": document_dispatches,
    "air": air_dispatches,
    "import": import_dispatches,
    "departure": departure_dispatches,
    "transit": transit_dispatches,
    "routine detection": routine_dispatches,
    "selector": selector_dispatches,
}
_CAUSED: Final[dict[str, Callable[[Cast, Week], Iterator[Dispatch]]]] = {
    "control": control_dispatches,
    "import control": import_control_dispatches,
    "outcome": outcome_dispatches,
    "directed detection": directed_dispatches,
}

PARTS: dict[str, tuple[str, ...]] = {
    "entry": ("entry",),
    "response": ("response",),
    "ferry": ("ferry", "control"),
    "manifest": ("manifest",),
    "sea": ("stowage", "document"),
    "air": ("air",),
    "import": ("import", "import control"),
    "departure": ("departure",),
    "transit": ("transit",),
    "outcome": ("outcome",),
    "detection": ("routine detection", "directed detection"),
    "selector": ("selector",),
}
"""Families by part: no two parts have messages of one stream, so that each is written without the others."""


def deliveries(cast: Cast, week: Week, part: str) -> Iterator[Delivery]:
    """What becomes of a week's messages of one part, lost ones too, in no order of time."""
    for family in PARTS[part]:
        yield from _told(cast, week.arrivals, family) if family in _TOLD else _caused(cast, week, family)


def told(cast: Cast, arrivals: Arrivals) -> Iterator[Delivery]:
    """What becomes of a week's messages that tell of its arrivals, whoever is selected."""
    for family in _TOLD:
        yield from _told(cast, arrivals, family)


def caused(cast: Cast, week: Week) -> Iterator[Delivery]:
    """What becomes of a week's messages that its selections cause."""
    for family in _CAUSED:
        yield from _caused(cast, week, family)


def _told(cast: Cast, arrivals: Arrivals, family: str) -> Iterator[Delivery]:
    return deliver(_TOLD[family](cast, arrivals), cast.parameters.faults, _faults_of(arrivals, family))


def _caused(cast: Cast, week: Week, family: str) -> Iterator[Delivery]:
    return deliver(_CAUSED[family](cast, week), cast.parameters.faults, _faults_of(week.arrivals, family))


def _faults_of(arrivals: Arrivals, family: str) -> np.random.Generator:
    return arrivals.draws.of(f"faults of {family} messages")
