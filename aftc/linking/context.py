"""What every linking step works with: the writer, the message's place in time, and typed access to the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.keys import PLACEHOLDERS, normal_reference
from aftc.records import (
    BayPlan,
    ConsignmentVersion,
    ContainerOrder,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    FlightManifest,
    GoodsMovement,
    Link,
    Mode,
    PreviousMovement,
    ResponseKind,
    Unit,
)
from aftc.state import Writer

__all__ = ["Answer", "Candidate", "Context", "Movement", "Sought", "link_key"]

KEEP_CANDIDATES = 60 * DAY  # a registration's crossings are forgotten after this, counted in known-at
MAX_CANDIDATES = 200
MAX_ANSWERS = 20  # of one declaration
LONGEST_KEY = 100  # characters; the store's keys hold 511 bytes, longer references are filed under their digest


class Sought(Struct, frozen=True):
    """What a record tells of a crossing.

    Attributes:
        registrations: In order of trust.
        arrival: Event time.
        port: Of arrival.
        near: When the record was made, where it states no arrival (event time).
        lorry: Registration of what pulls it, where that crosses too.
    """

    registrations: tuple[str, ...]
    arrival: Instant | None
    port: str | None
    near: Instant | None = None
    lorry: str | None = None


class Movement(Struct, frozen=True):
    """What linking knows of one crossing, voyage or flight of one unit.

    `arrival` is the scheduled arrival by the most trusted record so far (event time); `aboard` the consignments
    with a document of their own; `placeholder` is true while an empty movement's consignment stands for it.
    `merged_into` names the movement that this one turned out to be. `near` is a time shortly before its arrival (event
    time), which stands in where nothing states that. `bay_plan`, `container_order` and `ferry_departure` are cut down
    to its unit. `told` is what each message of its goods movement said of the crossing, whatever came first. Of a
    voyage, `voyages` are the numbers that anybody stated, `reported_at` is when the manifest was prepared whose
    arrival stands, and `expected` are the arrivals that declarations state, from the first to the last.
    """

    movement_id: str
    unit: Unit
    mode: Mode
    arrival: Instant | None
    arrival_port: str | None
    route_id: str | None = None
    voyages: tuple[str, ...] = ()
    booking: FerryBooking | None = None
    check_in: FerryCheckIn | None = None
    goods_movement: GoodsMovement | None = None
    flight: FlightManifest | None = None
    booking_amendments: int = 0
    control_at: Instant | None = None
    previous: PreviousMovement | None = None
    aboard: tuple[str, ...] = ()
    placeholder: bool = False
    links: tuple[Link, ...] = ()
    merged_into: str | None = None
    near: Instant | None = None
    bay_plan: BayPlan | None = None
    container_order: ContainerOrder | None = None
    ferry_departure: FerryDeparture | None = None
    told: tuple[Sought, ...] = ()
    reported_at: Instant | None = None
    expected: tuple[Instant, ...] = ()


class Candidate(Struct, frozen=True):
    """A movement filed under a registration or container: enough to choose without reading it."""

    movement_id: str
    arrival: Instant | None
    port: str | None
    voyages: tuple[str, ...]
    filed_at: Instant
    near: Instant | None = None


class Answer(Struct, frozen=True):
    """What customs said of a declaration, kept for the consignments that it declares.

    Attributes:
        what: None for an intervention.
        lrn: As it names the declaration, normalised; so is `mrn`.
        at: When it was answered, of an intervention when it was registered (event time).
        known_at: When the message came.
        items: Numbers of the goods items concerned; empty for all.
        link: The evidence.
    """

    what: ResponseKind | None
    lrn: str | None
    mrn: str | None
    at: Instant | None
    known_at: Instant
    items: tuple[int, ...]
    link: Link


_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)
_MOVEMENTS = msgspec.msgpack.Decoder(Movement)
_CANDIDATES = msgspec.msgpack.Decoder(tuple[Candidate, ...])
_NAMES = msgspec.msgpack.Decoder(tuple[str, ...])
_ANSWERS = msgspec.msgpack.Decoder(tuple[Answer, ...])
_DEPARTURES = msgspec.msgpack.Decoder(FerryDeparture)
_ENCODER = msgspec.msgpack.Encoder()


@dataclass(slots=True)
class Context:
    """One record being linked.

    Attributes:
        writer: The state.
        stream, sequence, known_at: Of the message.
        window: Two times of one registration within this span (microseconds) are one crossing.
        changed: New versions by consignment, in the order in which they were made.
        versions: Last version of each consignment read or made so far.
        movements: What is known of each movement read or changed so far; `moved` names those changed.
    """

    writer: Writer
    stream: str
    sequence: int
    known_at: Instant
    window: int
    changed: dict[str, ConsignmentVersion] = field(default_factory=dict)
    versions: dict[str, ConsignmentVersion] = field(default_factory=dict)
    movements: dict[str, Movement] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    def evidence(self, key: str, value: str, confidence: float = 1.0) -> Link:
        """A link brought by this message."""
        return Link(self.stream, key, value, confidence, self.sequence)

    def consignment(self, consignment_id: str) -> ConsignmentVersion | None:
        """Last version of a consignment."""
        held = self.versions.get(consignment_id)
        if held is None and (raw := self.writer.get("consignments", consignment_id.encode())):
            held = self.versions[consignment_id] = _VERSIONS.decode(raw)
        return held

    def standing(self, consignment_id: str) -> ConsignmentVersion | None:
        """Last version of a consignment, or of the one that took it over."""
        version = self.consignment(consignment_id)
        while version is not None and version.joined_into is not None:
            version = self.consignment(version.joined_into)
        return version

    def movement(self, movement_id: str) -> Movement | None:
        """What is known of a movement; of one that was merged into another, that one."""
        held = self.movements.get(movement_id)
        if held is None and (raw := self.writer.get("movements", movement_id.encode())):
            held = self.movements[movement_id] = _MOVEMENTS.decode(raw)
        return self.movement(held.merged_into) if held and held.merged_into else held

    def store_movement(self, movement: Movement) -> None:
        """Keep a movement as it now is."""
        self.movements[movement.movement_id] = movement
        self.moved.add(movement.movement_id)

    def store_version(self, version: ConsignmentVersion) -> ConsignmentVersion:
        """Number a consignment's version, stamp it with this message and keep it as the last one.

        A second change by the same message replaces the first: a message makes at most one version of each.
        """
        before = self.changed.get(version.consignment_id)
        number = before.version if before else version.version + 1
        stamped = replace(version, version=number, known_at=self.known_at, sequence=self.sequence)
        self.changed[version.consignment_id] = self.versions[version.consignment_id] = stamped
        return stamped

    def settle(self) -> None:
        """Write the versions and movements that the message changed, each once, as they are at its end."""
        for identity, version in self.changed.items():
            self.writer.put("consignments", identity.encode(), _ENCODER.encode(version))
        for identity in sorted(self.moved):
            self.writer.put("movements", identity.encode(), _ENCODER.encode(self.movements[identity]))

    def named(self, kind: str, reference: str) -> tuple[str, ...]:
        """Ids filed under an exact key."""
        raw = self.writer.get("links", link_key(kind, reference))
        return _NAMES.decode(raw) if raw else ()

    def name(self, kind: str, reference: str, identity: str) -> None:
        """File an id under an exact key; a placeholder is none, and of a key named by many the newest stand."""
        held = self.named(kind, reference)
        if identity not in held and normal_reference(reference) not in PLACEHOLDERS:
            kept = (*held, identity)[-MAX_CANDIDATES:]
            self.writer.put("links", link_key(kind, reference), _ENCODER.encode(kept))

    def name_anew(self, kind: str, reference: str, before: Movement, after: Movement) -> None:
        """File a movement under an exact key in place of another, and of those merged into that."""
        gone = before.movement_id, after.movement_id
        kept = [
            each
            for each in self.named(kind, reference)
            if (held := self.movement(each)) is not None and held.movement_id not in gone
        ]
        self.writer.put("links", link_key(kind, reference), _ENCODER.encode((*kept, after.movement_id)))

    def wait(self, kind: str, reference: str, departure: FerryDeparture) -> None:
        """Keep a unit's departure for what it will be known by."""
        self.writer.put("links", link_key(kind, reference), _ENCODER.encode(departure))

    def waiting(self, kind: str, reference: str) -> FerryDeparture | None:
        """The departure that waits under a key."""
        raw = self.writer.get("links", link_key(kind, reference))
        return _DEPARTURES.decode(raw) if raw else None

    def answers(self, kind: str, reference: str) -> tuple[Answer, ...]:
        """What customs said of the declaration of this name, in the order in which it came."""
        raw = self.writer.get("links", link_key(f"answers by {kind}", reference))
        return _ANSWERS.decode(raw) if raw else ()

    def file_answer(self, kind: str, reference: str, answer: Answer) -> None:
        """Keep what customs said under a name of the declaration; of very many answers the newest stand."""
        kept = (*self.answers(kind, reference), answer)[-MAX_ANSWERS:]
        self.writer.put("links", link_key(f"answers by {kind}", reference), _ENCODER.encode(kept))

    def candidates(self, kind: str, number: str) -> tuple[Candidate, ...]:
        """Movements filed under a registration or container."""
        raw = self.writer.get("links", link_key(kind, number))
        return _CANDIDATES.decode(raw) if raw else ()

    def file_candidate(self, kind: str, number: str, movement: Movement) -> None:
        """File a movement, as it now is, under a registration or container; old ones are forgotten."""
        kept = tuple(
            each
            for each in self.candidates(kind, number)
            if each.movement_id != movement.movement_id and each.filed_at > self.known_at - KEEP_CANDIDATES
        )
        near = movement.near if movement.arrival is None else None
        place = (movement.movement_id, movement.arrival, movement.arrival_port, movement.voyages)
        new = Candidate(*place, self.known_at, near)
        self.writer.put("links", link_key(kind, number), _ENCODER.encode((*kept, new)[-MAX_CANDIDATES:]))

    def unfile_candidate(self, kind: str, number: str, movement_id: str) -> None:
        """Take a movement from under a registration or container that it no longer states."""
        kept = tuple(each for each in self.candidates(kind, number) if each.movement_id != movement_id)
        self.writer.put("links", link_key(kind, number), _ENCODER.encode(kept))


@lru_cache(maxsize=65_536)  # one message asks for the same several times
def link_key(kind: str, reference: str) -> bytes:
    """Key in the table of links; of a very long reference its digest."""
    normal = normal_reference(reference)
    if len(normal) > LONGEST_KEY:
        normal = "#" + blake2b(normal.encode(), digest_size=16).hexdigest()
    return f"{kind}\x1f{normal}".encode()
