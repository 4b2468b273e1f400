"""The frozen types of the flow, from the raw message to the consignment version.

Masses are grams, clocks are `Instant` (microseconds UTC), codes are upper case as sent, references are kept as
sent (linking normalises them). `None` means that the message did not say. Event times are what the message
states; known-at and sequence belong to the envelope and to versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from aftc.clock import Instant

__all__ = [
    "Bill",
    "ConsignmentVersion",
    "CrossingStage",
    "DeclarationReference",
    "DocumentReference",
    "EntrySummary",
    "Equipment",
    "Examination",
    "FerryBooking",
    "FerryCheckIn",
    "Find",
    "GoodsItem",
    "GoodsMovement",
    "JournalEntry",
    "Link",
    "Manifest",
    "Message",
    "Mode",
    "OutcomeKind",
    "Party",
    "PreviousMovement",
    "Record",
    "Seal",
    "Selection",
    "SelectionReason",
    "Threat",
    "Unit",
    "UnitKind",
]


class Mode(StrEnum):
    """How a consignment arrives."""

    CONTAINER = "container"
    RORO_ACCOMPANIED = "roro_accompanied"
    RORO_UNACCOMPANIED = "roro_unaccompanied"
    AIR = "air"
    PARCEL = "parcel"
    OTHER = "other"


class Threat(StrEnum):
    """What an examination may find; `ANY` stands for all of them together in models."""

    ANY = "any"
    COCAINE = "cocaine"
    HEROIN = "heroin"
    OPIOIDS_NPS = "opioids_nps"
    CANNABIS = "cannabis"
    FIREARMS = "firearms"
    TOBACCO_EXCISE = "tobacco_excise"
    OTHER = "other"


class OutcomeKind(StrEnum):
    """How a selection ended. Only `POSITIVE` and `NEGATIVE` are labels."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NO_SHOW = "no_show"
    MISSED = "missed"
    INSUFFICIENT_RESOURCES = "insufficient_resources"
    TARGET_WITHDRAWN = "target_withdrawn"


class UnitKind(StrEnum):
    """What a port searches."""

    VEHICLE = "vehicle"
    TRAILER = "trailer"
    CONTAINER = "container"
    ULD = "uld"


class CrossingStage(StrEnum):
    """How certain the crossing on a goods movement is."""

    PLANNED = "planned"
    CHECKED_IN = "checked_in"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class Message:
    """A raw message as received.

    Attributes:
        raw: The bytes, unchanged.
        known_at: When we received it.
        source: Where it came from: a path or a stream's name; for people, never for logic.
    """

    raw: bytes
    known_at: Instant
    source: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A message with its place in the one timeline: the only source of state and lake.

    Attributes:
        sequence: Global number, from 1, without gaps.
        known_at: Never decreases along the sequence.
        digest: SHA-256 of the raw bytes.
    """

    sequence: int
    known_at: Instant
    digest: bytes
    source: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Party:
    """A party as one message names it. `eori` is the EORI or other trader identification number."""

    eori: str | None = None
    name: str | None = None
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A document named by a goods item: type code (N705, N714, N730, ...) and reference."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class GoodsItem:
    """One goods item of an entry summary declaration."""

    number: int
    description: str | None = None
    hs_code: str | None = None
    gross_mass_g: int | None = None
    packages: int | None = None
    package_kind: str | None = None
    documents: tuple[DocumentReference, ...] = ()
    ucr: str | None = None
    containers: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    consignor: Party | None = None
    consignee: Party | None = None
    notify: Party | None = None
    place_of_loading: str | None = None
    place_of_unloading: str | None = None
    payment_method: str | None = None
    dangerous_goods_code: str | None = None


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """Entry summary declaration CC315A, or its amendment CC313A (then `mrn` is given).

    `expected_arrival` is event time at the first entry office, read in that office's zone;
    `transport_mode` is the border transport mode code (1 sea, 3 road, 4 air, 10 and 11 ro-ro).
    """

    lrn: str | None
    mrn: str | None
    message_id: str
    amendment: bool
    declared_at: Instant | None
    transport_mode: str | None
    conveyance_reference: str | None
    conveyance_identity: str | None
    conveyance_nationality: str | None
    office_of_first_entry: str | None
    expected_arrival: Instant | None
    itinerary: tuple[str, ...]
    place_of_loading: str | None
    place_of_unloading: str | None
    payment_method: str | None
    special_circumstance: str | None
    ucr: str | None
    total_items: int | None
    total_packages: int | None
    total_gross_mass_g: int | None
    consignor: Party | None
    consignee: Party | None
    notify: Party | None
    carrier: Party | None
    declarant: Party | None
    representative: Party | None
    items: tuple[GoodsItem, ...]
    seals: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclarationReference:
    """A declaration named by a goods movement: `kind` is customs or transit; `reference` an MRN or DUCR."""

    kind: str
    reference: str
    entry_mrn: str | None = None


@dataclass(frozen=True, slots=True)
class GoodsMovement:
    """Goods Movement Reference (haulier's body, or one element of the port interface's views).

    `departure` and `arrival` are event times read in the zone of the route's port. `inspection_required` and
    `report_to` are what a selection caused: linking keeps them away from the consignment's own facts.
    """

    gmr_id: str
    updated_at: Instant | None
    state: str | None
    direction: str | None
    unaccompanied: bool
    vehicle: str | None
    trailers: tuple[str, ...]
    containers: tuple[str, ...]
    haulier_eori: str | None
    route_id: str | None
    crossing_stage: CrossingStage | None
    departure: Instant | None
    arrival: Instant | None
    declarations: tuple[DeclarationReference, ...]
    inspection_required: bool | None
    report_to: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal and who put it on (CA carrier, SH shipper, CU customs; None where not said)."""

    number: str
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Equipment:
    """A container of a manifest. `laden` is None where the fullness indicator is absent."""

    number: str
    size_type: str | None = None
    laden: bool | None = None
    gross_mass_g: int | None = None
    seals: tuple[Seal, ...] = ()


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill of lading of a manifest; `house` is set for a house bill under `master`.

    `freight` is P (prepaid) or C (collect).
    """

    master: str | None
    house: str | None
    consignor: Party | None
    consignee: Party | None
    notify: Party | None
    description: str | None
    hs_code: str | None
    packages: int | None
    package_kind: str | None
    gross_mass_g: int | None
    containers: tuple[str, ...]
    origin_country: str | None
    place_of_loading: str | None
    place_of_discharge: str | None
    place_of_delivery: str | None
    transhipment: str | None
    freight: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Customs cargo report CUSCAR: one vessel call, its bills and its containers. Times are event times."""

    reference: str
    function: str | None
    carrier: Party | None
    voyage: str | None
    vessel_imo: str | None
    vessel_call_sign: str | None
    vessel_name: str | None
    load_port: str | None
    discharge_port: str | None
    departure: Instant | None
    arrival: Instant | None
    bills: tuple[Bill, ...]
    equipment: tuple[Equipment, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FerryBooking:
    """A ro-ro carrier's booking; `amendment` counts from 0. Times are event times.

    `account` is the carrier's account number, `driver` a token the carrier gives a driver (never a name).
    """

    booking_reference: str
    amendment: int
    cancelled: bool
    operator: str
    vessel: str | None
    route_id: str
    booked_at: Instant
    departure: Instant
    arrival: Instant
    account: str
    booker: Party | None
    haulier: Party | None
    unaccompanied: bool
    vehicle: str | None
    trailers: tuple[str, ...]
    containers: tuple[str, ...]
    laden: bool | None
    cash: bool | None
    return_trip: bool | None
    gross_mass_g: int | None
    goods_description: str | None
    driver: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FerryCheckIn:
    """A ro-ro carrier's check-in of a booked unit. `weighed_mass_g` is the port's weighing."""

    booking_reference: str
    operator: str
    route_id: str
    checked_in_at: Instant
    departure: Instant
    arrival: Instant
    unaccompanied: bool
    vehicle: str | None
    trailers: tuple[str, ...]
    containers: tuple[str, ...]
    laden: bool | None
    weighed_mass_g: int | None
    driver: str | None
    driver_changed: bool | None
    seals: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A searchable unit by kind and number."""

    kind: UnitKind
    number: str


@dataclass(frozen=True, slots=True)
class SelectionReason:
    """One reason considered for a unit: model, rule, selector, intelligence or random.

    `probability` is that reason's chance to fire for this unit, recorded whether it fired or not.
    """

    reason: str
    probability: float
    fired: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """Why a unit was selected. `issued_at` is event time; `combined` is 1 - prod(1 - probability)."""

    issued_at: Instant
    reasons: tuple[SelectionReason, ...]
    combined: float


@dataclass(frozen=True, slots=True)
class Find:
    """What was found. `consignment` is the reference the officer gave; None labels the unit alone."""

    threat: Threat
    consignment: str | None
    substance: str | None
    quantity_g: int | None
    concealment: str | None


@dataclass(frozen=True, slots=True)
class Examination:
    """The outcome of a selection: one unit, one of six kinds, optionally the consignments it concerns.

    `consignments` holds references as known to the officer: consignment id, transport document, UCR or MRN.
    `revision` counts corrections from 0; a later revision replaces an earlier one. Times are event times.
    """

    examination_id: str
    revision: int
    unit: Unit
    outcome: OutcomeKind
    selection: Selection
    consignments: tuple[str, ...]
    finds: tuple[Find, ...]
    method: str | None
    place: str | None
    arrival: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    recorded_at: Instant
    flags: tuple[str, ...] = ()


Record: TypeAlias = EntrySummary | GoodsMovement | Manifest | FerryBooking | FerryCheckIn | Examination


@dataclass(frozen=True, slots=True)
class Link:
    """Why a record was joined: the key used, its value, the confidence and the message that brought it.

    `confidence` is 1.0 for exact keys; below for keys that hold only in a time window.
    """

    stream: str
    key: str
    value: str
    confidence: float
    sequence: int


@dataclass(frozen=True, slots=True)
class PreviousMovement:
    """The vehicle's, else trailer's, movement before this one, as known when this one was first linked.

    `turnaround_minutes` runs from that arrival to this departure; `driver_changed` is None where a driver is
    unknown on either.
    """

    movement_id: str
    turnaround_minutes: int | None
    driver_changed: bool | None
    same_route: bool | None


@dataclass(frozen=True, slots=True)
class ConsignmentVersion:
    """A consignment as known at one message: the joined records, each cut down to what concerns it.

    `known_at` and `sequence` are those of the message that made the version. `scheduled_arrival` is event time
    as this version states it. `control_at` is the known-at of the first control message about it; it bounds
    the decision point and is never a feature. `joined_from` names the consignment (C...) and movement (M...) ids that
    this one took over or left; an id that was taken over gets one last version whose `joined_into` names its successor.
    """

    consignment_id: str
    version: int
    known_at: Instant
    sequence: int
    mode: Mode
    units: tuple[Unit, ...]
    movements: tuple[str, ...]
    scheduled_arrival: Instant | None
    entry: EntrySummary | None
    manifest: Manifest | None
    booking: FerryBooking | None
    check_in: FerryCheckIn | None
    goods_movement: GoodsMovement | None
    previous: PreviousMovement | None
    booking_amendments: int
    control_at: Instant | None
    joined_from: tuple[str, ...]
    joined_into: str | None
    links: tuple[Link, ...]
    flags: tuple[str, ...] = ()
