"""What linking and extraction make of a world's messages: one consignment each, and facts that vary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from aftc.config import Settings
from aftc.features.algebra import MISSING
from aftc.features.catalogue import SCHEMA
from aftc.history.fold import Heard, apply_records
from aftc.history.tables import document_of
from aftc.linking.keys import normal_reference
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, Mode
from training.world.consignments import MODES
from training.world.dispatch import Dispatch
from training.world.simulation import Week


@dataclass(frozen=True, slots=True)
class Linked:
    """The last version of every standing consignment by document, and the facts of each, a row a consignment."""

    versions: dict[str, ConsignmentVersion]
    facts: np.ndarray  # int64 [consignments, facts]

    def values(self, name: str) -> set[int]:
        """The values that a fact takes."""
        column = self.facts[:, [fact.name for fact in SCHEMA.facts].index(name)]
        return set(column[column != MISSING].tolist())


@pytest.fixture(scope="module")
def linked(dispatches: list[Dispatch]) -> Linked:
    """The messages folded into a state in the order in which they came."""
    state = MemoryState()
    last: dict[str, ConsignmentVersion] = {}
    facts = {}
    for sequence, each in enumerate(sorted(dispatches, key=lambda one: (one.received, one.name)), start=1):
        heard = Heard(each.stream, (each.record,), sequence, each.received)
        (applied,) = apply_records(state, [heard], Settings())
        assert applied.quarantined is None
        for version, extracted in applied.versions:
            last[version.consignment_id] = version
            facts[version.consignment_id] = extracted.facts
    standing = [version for version in last.values() if version.joined_into is None]
    return Linked(
        {document_of(version): version for version in standing},
        np.array([facts[version.consignment_id] for version in standing]),
    )


def test_documents_are_the_identities_that_the_truth_gives(small_weeks: list[Week], linked: Linked) -> None:
    """In every mode a linked consignment is known by the truth's document, and comes by the truth's mode.

    All but one in a thousand: a trailer that was booked for one crossing may come with another of the same sailing.
    """
    seen, rows = [], list(_rows(small_weeks))
    for week, row in rows:
        traffic = week.arrivals.traffic
        version = linked.versions.get(normal_reference(traffic.reference(row)))
        if version is not None and version.mode is MODES[traffic.consignments.mode[row]]:
            seen.append(version.mode)
    assert len(seen) >= len(rows) * 0.999
    assert set(seen) == set(MODES)


def test_linking_finds_nearly_all_together(small_weeks: list[Week], linked: Linked) -> None:
    """Of the consignments at most five in a thousand lack their unit, booking or manifest, or are one too many."""
    rows = list(_rows(small_weeks))
    astray = sum(not _complete(week, row, linked) for week, row in rows)
    assert astray <= len(rows) * 0.005
    assert len(rows) <= len(linked.versions) <= len(rows) * 1.005


@pytest.mark.parametrize(
    "name",
    [
        "trailer_differs", "vehicle_differs", "containers_differ", "haulier_differs", "driver_differs", "seals_differ",
        "origin_elsewhere", "consignee_to_order", "dangerous_goods", "freight_collect", "transhipment", "paid_in_cash",
        "return_trip", "laden", "vague_description",
    ],
)  # fmt: skip
def test_facts_take_both_values(linked: Linked, name: str) -> None:
    """What messages can say in two ways they do say in two ways."""
    assert linked.values(name) == {0, 1}


def test_every_mode_is_a_value_of_the_fact(linked: Linked) -> None:
    """Extraction tells all five modes apart."""
    assert len(linked.values("mode")) == len(MODES)


def _rows(small_weeks: list[Week]) -> Iterator[tuple[Week, int]]:
    for week in small_weeks:
        for row in range(len(week.arrivals.traffic.consignments.unit)):
            yield week, row


def _complete(week: Week, row: int, linked: Linked) -> bool:
    traffic = week.arrivals.traffic
    version = linked.versions.get(normal_reference(traffic.reference(row)))
    if version is None:
        return False
    unit, units = int(traffic.consignments.unit[row]), int(traffic.consignments.units[row])
    if {each.number for each in version.units} != set(traffic.units.number[unit : unit + units]):
        return False
    if version.mode in (Mode.AIR, Mode.PARCEL):
        return None not in (version.entry, version.waybill, version.flight)
    if version.mode is Mode.CONTAINER:
        return version.manifest is not None and version.entry is not None
    return version.booking is not None and version.booking.booking_reference == traffic.booking[unit]
