"""A world's messages end in the same consignments in whatever order they arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec
import pytest

from aftc.clock import DAY
from aftc.config import Settings
from aftc.history.fold import apply
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, JournalEntry, Message
from aftc.streams.spool import order, scan
from serving.arrivals import messages_of
from training.world.generation import generate
from training.world.parameters import FaultLevel, WorldParameters

MOST_OTHERWISE = 0.003  # of the consignments, with heavy faults
BATCH = 2000  # messages of a commit
decode = msgspec.msgpack.Decoder(ConsignmentVersion).decode


def _world(folder: Path, consignments: int, seed: int, faults: FaultLevel = FaultLevel.USUAL) -> list[Message]:
    generate(folder, WorldParameters(seed=seed, days=14, consignments=consignments, faults=faults))
    return list(messages_of(order(scan([folder / "messages"]), 0), 0, Counter()))


def _ended(messages: Sequence[Message], received: Sequence[int]) -> Counter[tuple[object, ...]]:
    """What each consignment is made of in the end, and which examinations have found what they are about."""
    state = MemoryState()
    entries = [
        JournalEntry(number, at, sha256(each.raw).digest(), each.source, each.raw)
        for number, (each, at) in enumerate(zip(messages, received, strict=True), start=1)
    ]
    found = Counter[tuple[object, ...]]()
    for start in range(0, len(entries), BATCH):
        for applied in apply(state, entries[start : start + BATCH], Settings()):
            found.update({(each.examination.examination_id,): 1 for each in applied.outcomes if each.aboard})
    versions = (decode(raw) for (table, _), raw in state.rows() if table == "consignments")
    return Counter(dict.fromkeys(found, 1)) + Counter(_made_of(each) for each in versions if each.joined_into is None)


def _made_of(version: ConsignmentVersion) -> tuple[object, ...]:
    """All records of a consignment by their own references and times, its units, arrival and MRNs."""

    def told(record: object, *names: str) -> tuple[object, ...] | None:
        return None if record is None else tuple(getattr(record, name) for name in names)

    return (
        told(version.entry, "lrn", "mrn", "declared_at"),
        version.entry and tuple(goods.number for goods in version.entry.items),
        version.manifest
        and (version.manifest.reference, version.manifest.bills[0].master, version.manifest.bills[0].house),
        told(version.booking, "booking_reference", "amendment"),
        told(version.check_in, "booking_reference", "checked_in_at"),
        told(version.ferry_departure, "departed_at"),
        told(version.goods_movement, "gmr_id", "updated_at"),
        told(version.waybill, "master", "house"),
        told(version.flight, "flight", "departure"),
        told(version.import_declaration, "lrn", "accepted_at"),
        told(version.transport_document, "reference", "status"),
        told(version.transit, "lrn"),
        told(version.bay_plan, "reference"),
        told(version.container_order, "reference"),
        (version.import_mrn, version.registered_mrn, version.scheduled_arrival),
        tuple(sorted(each.number for each in version.units)),
    )


def _orders(messages: Sequence[Message], seed: int) -> dict[str, list[Message]]:
    random = Random(seed)
    late = {each.source: each.known_at + random.randrange(7 * DAY) for each in messages}
    shuffled = random.sample(messages, len(messages))
    return {
        "up to a week late": sorted(messages, key=lambda each: late[each.source]),
        "shuffled": shuffled,
        "last first": list(messages[::-1]),
    }


def _differ(messages: Sequence[Message], seed: int) -> dict[str, int]:
    """Consignments that end otherwise, by how the messages came."""
    received = [each.known_at for each in messages]
    ended = _ended(messages, received)
    assert len(ended) > 1
    return {name: (ended - _ended(each, received)).total() for name, each in _orders(messages, seed).items()}


def test_all_orders_of_arrival_end_in_the_same_consignments(tmp_path: Path) -> None:
    """A week late, shuffled or last first: each consignment is made of the same records, at the same units and time."""
    assert set(_differ(_world(tmp_path, 200, 21), 1).values()) == {0}


@pytest.mark.scale
@pytest.mark.parametrize("seed", [22, 23])
def test_all_orders_of_a_larger_world_end_alike(tmp_path: Path, seed: int) -> None:
    """As above, with several times as many crossings of the same lorries and trailers, and no faults."""
    assert set(_differ(_world(tmp_path, 1500, seed, FaultLevel.NONE), seed).values()) == {0}


@pytest.mark.scale
@pytest.mark.parametrize("seed", [24, 32, 43])
def test_all_orders_of_a_world_with_faults_end_alike(tmp_path: Path, seed: int) -> None:
    """As above, with slips of references and registrations, lost, damaged and repeated messages, amendments."""
    assert set(_differ(_world(tmp_path, 1500, seed), seed).values()) == {0}


@pytest.mark.scale
def test_with_heavy_faults_few_of_a_world_end_otherwise(tmp_path: Path) -> None:
    """A booking that changes its trailer, or is cancelled, is found by its last word alone."""
    assert max(_differ(_world(tmp_path, 1500, 25, FaultLevel.HEAVY), 25).values()) <= 1500 * MOST_OTHERWISE
