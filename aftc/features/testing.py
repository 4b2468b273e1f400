"""Random histories, and the naive oracle of windows: for the tests of features and of whoever builds on them.

All parties and numbers are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from aftc.clock import DAY, HOUR, MINUTE, Instant, day_of
from aftc.features.algebra import KeyKind
from aftc.features.aliases import PARTY_KINDS
from aftc.features.batch import Decisions
from aftc.features.extract import Extract, extract
from aftc.features.schema import FeatureSchema
from aftc.features.sightings import no_rows, outcome_deltas, sight, sight_outcome
from aftc.records import (
    ConsignmentVersion,
    Credibility,
    DeclaredValue,
    Equipment,
    GoodsItem,
    ImportDeclaration,
    Mode,
    Party,
    PreviousMovement,
    Reliability,
    Seal,
    SelectorHit,
    SelectorStanding,
    Threat,
    TransportDocument,
    Unit,
    UnitKind,
    VoyageContainer,
)
from aftc.state import Writer
from aftc.testing import (
    ARRIVAL,
    a_bay_plan,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_goods_movement,
    a_manifest,
    a_roro_entry,
    a_selector_hit,
    a_transport_document,
    a_voyage_container,
    an_import_declaration,
)

__all__ = ["Step", "a_version", "apply_step", "decisions_of", "naive_window_sums", "random_history"]

_Value = TypeVar("_Value")
_CONTAINERS = ("CSQU3054383", "MSKU6011672", "TCLU4265447")
_GOODS = (("080390", "FRESH BANANAS"), ("030617", "FROZEN SHRIMP"), ("0306", "GENERAL CARGO"), (None, "PARTS"))


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a random history: it makes versions, or brings the outcome of one owner."""

    sequence: int
    known_at: Instant
    versions: tuple[ConsignmentVersion, ...] = ()
    owner: int = 0
    deltas: tuple[int, ...] = ()


def naive_window_sums(
    schema: FeatureSchema,
    sightings: NDArray[np.int64],
    decisions: Decisions,
    members: Callable[[int, int], set[int]] = lambda key, _: {key},
) -> NDArray[np.int64]:
    """What the kernel computes, read off the definition: slow and obvious.

    `members` gives all keys of a key's party, itself among them, as known at a message.
    """
    sums = np.zeros((len(decisions.day), len(schema.windows)), np.int64)
    for i, (today, now) in enumerate(zip(decisions.day.tolist(), decisions.sequence.tolist(), strict=True)):
        own = set(decisions.owners[decisions.owner_offsets[i] : decisions.owner_offsets[i + 1]].tolist())
        for j, window in enumerate(schema.windows):
            slot = decisions.slots[i, window.key]
            keys = members(slot, now) if slot and window.key in PARTY_KINDS else {slot}
            for key, owner, sequence, day, *amounts in sightings.tolist():
                in_window = today - window.days < day < today or (day == today and sequence <= now)
                if slot and key in keys and owner not in own and in_window:
                    sums[i, j] += amounts[window.measure]
    return sums


def decisions_of(extracts: list[tuple[int, Extract]]) -> Decisions:
    """Decisions of some extracts, each with the sequence of its message."""
    lengths = [len(extract.owners) for _, extract in extracts]
    return Decisions(
        slots=np.array([extract.slots for _, extract in extracts], np.int64).reshape(-1, len(KeyKind)),
        owner_offsets=np.cumsum([0, *lengths], dtype=np.int64),
        owners=np.concatenate([np.empty(0, np.int64), *(extract.owners for _, extract in extracts)]),
        day=np.array([extract.day for _, extract in extracts], np.int64),
        sequence=np.array([sequence for sequence, _ in extracts], np.int64),
    )


def apply_step(
    writer: Writer, step: Step, seen: Callable[..., NDArray[np.int64]] = sight
) -> tuple[list[Extract], NDArray[np.int64]]:
    """Apply a step to the history: the extracts of its versions and the new sightings."""
    day = day_of(step.known_at)
    extracts = [extract(version) for version in step.versions]
    rows = [seen(writer, each.owned, sequence=step.sequence, day=day) for each in extracts]
    if step.deltas:
        rows.append(sight_outcome(writer, step.owner, step.deltas, sequence=step.sequence, day=day))
    return extracts, np.concatenate([no_rows(), *rows])


def a_version(**given: Any) -> ConsignmentVersion:
    """An accompanied lorry of which every ro-ro stream is known."""
    defaults: dict[str, Any] = {
        "consignment_id": "C1",
        "version": 1,
        "known_at": ARRIVAL - 3 * HOUR,
        "sequence": 1,
        "mode": Mode.RORO_ACCOMPANIED,
        "units": (Unit(UnitKind.VEHICLE, "AB12CDE"),),
        "movements": ("M1",),
        "scheduled_arrival": ARRIVAL,
        "entry": a_roro_entry(),
        "manifest": None,
        "booking": a_booking(),
        "check_in": a_check_in(),
        "goods_movement": a_goods_movement(),
        "previous": PreviousMovement("M0", 1200, True, False),
        "booking_amendments": 1,
        "control_at": None,
        "joined_from": (),
        "joined_into": None,
        "links": (),
    }
    return ConsignmentVersion(**{**defaults, **given})


def random_history(seed: int, *, messages: int = 40, longest_gap: Instant = 3 * DAY) -> Iterator[Step]:
    """A stream of versions, amendments, take-overs and outcomes over few entities, so that they meet often."""
    random = Random(seed)
    known_at = ARRIVAL
    owners: list[int] = []
    for sequence in range(1, messages + 1):
        known_at += random.choice((0, MINUTE, 5 * HOUR, random.randrange(longest_gap)))
        if owners and random.random() < 0.2:
            threats = random.choice(((), (), (Threat.COCAINE,), (Threat.CANNABIS, Threat.OTHER)))
            sign = random.choice((1, 1, 1, -1))
            deltas = tuple(sign * amount for amount in outcome_deltas(threats))
            yield Step(sequence, known_at, owner=random.choice(owners), deltas=deltas)
            continue
        made = [_random_version(random, sequence, known_at) for _ in range(random.choice((1, 1, 2)))]
        versions = tuple({version.consignment_id: version for version in made}.values())
        owners.extend(owned.owner for version in versions for owned in extract(version).owned)
        yield Step(sequence, known_at, versions)


def _random_version(random: Random, sequence: int, known_at: Instant) -> ConsignmentVersion:
    number = random.randrange(40)
    make = _random_container if number % 2 else _random_crossing
    imports = Random(sequence)  # of its own: the other draws stay as they are
    joined = (f"C{random.randrange(40)}", f"M{random.randrange(20)}") if random.random() < 0.1 else ()
    return replace(
        make(random),
        consignment_id=f"C{number}",
        version=sequence,
        sequence=sequence,
        known_at=known_at,
        joined_from=joined,
        scheduled_arrival=ARRIVAL + sequence % 10 * DAY,
        import_declaration=_maybe(imports, _random_import(imports)),
        selectors=_random_hits(Random(f"selectors {sequence}")),
    )


def _random_hits(random: Random) -> tuple[SelectorHit, ...]:
    return tuple(
        a_selector_hit(
            standing=random.choice(tuple(SelectorStanding)),
            reliability=random.choice(tuple(Reliability)),
            credibility=random.choice(tuple(Credibility)),
            issued_at=ARRIVAL - random.randrange(60) * DAY,
        )
        for _ in range(random.choice((0, 0, 1, 2)))
    )


def _random_equipment(random: Random, number: str) -> Equipment:
    seals = random.choice(((), (Seal("SL1", "CA"),), (Seal(f"SL{number}", "CA"),)))
    return Equipment(number, random.choice(("45R1", "22G1", None)), random.choice((True, False, None)), seals=seals)


def _random_import(random: Random) -> ImportDeclaration:
    goods = {
        "gross_mass_g": _maybe(random, random.randrange(1, 10**8)),
        "price": _maybe(random, DeclaredValue(random.randrange(10**8), random.choice(("GBP", "EUR")))),
    }
    valued = {name: _maybe(random, DeclaredValue(random.randrange(10**8), "GBP")) for name in ("freight", "invoice")}
    return an_import_declaration(goods=goods, **valued)


def _random_crossing(random: Random) -> ConsignmentVersion:
    mode = random.choice((Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED))
    booking = a_booking(
        **_equipment(random),
        account=random.choice(("ACC-1", "ACC-2")),
        driver=random.choice(("D-1", "D-2", None)),
        cash=random.random() < 0.5,
        return_trip=random.random() < 0.5,
        booked_at=ARRIVAL - random.randrange(2, 90) * HOUR,
        gross_mass_g=_maybe(random, random.randrange(1, 10**8)),
        haulier=random.choice((Party(eori="GB7"), Party(eori="GB8"))),
    )
    check_in = a_check_in(
        **_equipment(random),
        driver=random.choice(("D-1", "D-3")),
        checked_in_at=ARRIVAL - random.randrange(2, 9) * HOUR,
    )
    crossing = {name: value for name, value in _equipment(random).items() if name != "laden"}
    haulier = random.choice(("GB7", "GB8", None))
    turnaround = random.randrange(100, 9000)
    previous = PreviousMovement("M0", turnaround, random.random() < 0.5, random.random() < 0.5)
    return a_version(
        mode=mode,
        units=(Unit(UnitKind.VEHICLE, "AB12CDE"),),
        movements=(f"M{random.randrange(20)}",),
        entry=_maybe(random, a_roro_entry(**_declared(random, a_roro_entry().items[0]))),
        booking=_maybe(random, booking),
        check_in=_maybe(random, check_in),
        goods_movement=_maybe(random, a_goods_movement(**crossing, haulier_eori=haulier)),
        previous=_maybe(random, previous),
        booking_amendments=random.randrange(4),
    )


def _equipment(random: Random) -> dict[str, Any]:
    return {
        "vehicle": random.choice(("AB12CDE", "XY99 ZZZ", None)),
        "trailers": random.choice((("TR7701",), ("TR7702",), ())),
        "laden": _maybe(random, random.random() < 0.5),
    }


def _random_container(random: Random) -> ConsignmentVersion:
    containers = tuple(random.sample(_CONTAINERS, random.randrange(1, 3)))
    voyage = random.randrange(20)
    bill = a_bill(
        containers=random.choice((containers, _CONTAINERS)),
        gross_mass_g=_maybe(random, random.randrange(1, 10**8)),
        packages=_maybe(random, random.randrange(2000)),
        origin_country=random.choice(("EC", "CO", None)),
        consignor=_party(random),
        consignee=_party(random),
        transhipment=_maybe(random, "ESALG"),
        freight=random.choice(("P", "C", None)),
    )
    aside = Random(f"{voyage} {bill}")  # its draws leave the others as they are
    return a_version(
        mode=Mode.CONTAINER,
        units=tuple(Unit(UnitKind.CONTAINER, container) for container in containers),
        movements=tuple(f"V{voyage}{container}" for container in containers),
        entry=_maybe(random, a_container_entry(**_declared(random, a_container_entry().items[0]))),
        manifest=_maybe(
            random, a_manifest(bill, equipment=tuple(_random_equipment(aside, each) for each in containers))
        ),
        transport_document=_maybe(aside, _random_document(aside)),
        bay_plan=_maybe(aside, a_bay_plan(*(_random_box(aside, each) for each in containers))),
        booking=None,
        check_in=None,
        goods_movement=None,
        previous=None,
        booking_amendments=0,
    )


def _random_document(random: Random) -> TransportDocument:
    document = a_transport_document()
    part = replace(document.parts[0], gross_mass_g=_maybe(random, random.randrange(1, 10**8)))
    return replace(document, goods=(replace(document.goods[0], parts=(part,)),))


def _random_box(random: Random, number: str) -> VoyageContainer:
    return a_voyage_container(number=number, verified_mass_g=_maybe(random, random.randrange(1, 10**8)))


def _declared(random: Random, goods: GoodsItem) -> dict[str, Any]:
    hs_code, description = random.choice(_GOODS)
    stated = replace(
        goods,
        hs_code=hs_code,
        description=description,
        gross_mass_g=_maybe(random, random.randrange(1, 10**8)),
        packages=_maybe(random, random.randrange(2000)),
        dangerous_goods_code=random.choice(("1993", None)),
    )
    second = replace(stated, number=2, gross_mass_g=random.randrange(10**7), packages=1)
    return {
        "items": random.choice(((stated,), (stated, second))),
        "declared_at": ARRIVAL - random.randrange(1, 99) * HOUR,
        "itinerary": random.choice((("ES", "FR", "GB"), ("EC", "GB"), ())),
        "consignor": _party(random),
        "consignee": _party(random),
        "notify": _party(random),
    }


def _party(random: Random) -> Party | None:
    return random.choice((Party(eori="GB1"), Party(eori="GB2"), Party(name="Third Trader Ltd", country="GB"), None))


def _maybe(random: Random, value: _Value) -> _Value | None:
    return value if random.random() < 0.7 else None
