"""What declarants and hauliers state: parties, goods, entry summaries, goods movements."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.vocabulary import CrossingStage

__all__ = [
    "DeclarationReference",
    "DeclaredValue",
    "DocumentReference",
    "EntrySummary",
    "GoodsItem",
    "GoodsMovement",
    "Party",
]


class Party(Struct, frozen=True):
    """A party as one message names it. `eori` is the EORI or other trader identification number."""

    eori: str | None = None
    name: str | None = None
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None


class DocumentReference(Struct, frozen=True):
    """A document named by a goods item: type code (N705, N714, N730, ...) and reference."""

    kind: str
    reference: str


class DeclaredValue(Struct, frozen=True):
    """A value in thousandths of its currency's unit; both None where the waybill says that none is declared."""

    thousandths: int | None
    currency: str | None


class GoodsItem(Struct, frozen=True):
    """One goods item of a declaration. `origin_country` is where the goods were made, not whence they came."""

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
    origin_country: str | None = None
    customs_value: DeclaredValue | None = None


class EntrySummary(Struct, frozen=True):
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


class DeclarationReference(Struct, frozen=True):
    """A declaration named by a goods movement: `kind` is customs or transit; `reference` an MRN or DUCR."""

    kind: str
    reference: str
    entry_mrn: str | None = None


class GoodsMovement(Struct, frozen=True):
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
