"""What linking makes of the records: consignment versions with their evidence."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.air import AirWaybill, FlightManifest
from aftc.records.carriers import FerryBooking, FerryCheckIn, FerryDeparture, Manifest
from aftc.records.declarations import EntrySummary, GoodsMovement
from aftc.records.examinations import Unit
from aftc.records.imports import ImportDeclaration
from aftc.records.sea import TransportDocument
from aftc.records.selectors import SelectorHit
from aftc.records.stowage import BayPlan, ContainerOrder
from aftc.records.transit import TransitDeclaration
from aftc.records.vocabulary import Mode

__all__ = ["ConsignmentVersion", "Link", "PreviousMovement"]


class Link(Struct, frozen=True):
    """Why a record was joined: the key used, its value, the confidence and the message that brought it.

    `confidence` is 1.0 for exact keys; below for keys that hold only in a time window.
    """

    stream: str
    key: str
    value: str
    confidence: float
    sequence: int


class PreviousMovement(Struct, frozen=True):
    """The vehicle's, else trailer's, movement before this one, as known when this one was first linked.

    `turnaround_minutes` runs from that arrival to this departure; `driver_changed` is None where a driver is
    unknown on either.
    """

    movement_id: str
    turnaround_minutes: int | None
    driver_changed: bool | None
    same_route: bool | None


class ConsignmentVersion(Struct, frozen=True):
    """A consignment as known at one message: the joined records, each cut down to what concerns it.

    `known_at` and `sequence` are those of the message that made the version. `scheduled_arrival` is event time
    as this version states it. `control_at` is the known-at of the first control message about it; it bounds
    the decision point and is never a feature. `joined_from` names the consignment (C...) and movement (M...) ids that
    this one took over or left; an id that was taken over gets one last version whose `joined_into` names its successor.
    `waybill` is the consignment's own: the house waybill, else the air waybill of a consignment that has none.
    `registered_mrn` is that of the declaration in `entry`, as customs registered it or its amendment states it, without
    spaces; `rejected` says that customs rejected that declaration, so that it does not stand.
    `import_mrn` and `import_rejected` say the same of the declaration in `import_declaration`.
    `transport_document` is the electronic bill of lading, beside the bill in `manifest`; `bay_plan` and
    `container_order` list its containers alone; `ferry_departure` tells of its unit alone, aboard or left behind.
    `transit` is the transit declaration with its house consignment alone.
    `selectors` are the live ones that it matches, as known at this message.
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
    registered_mrn: str | None = None
    rejected: bool = False
    waybill: AirWaybill | None = None
    flight: FlightManifest | None = None
    import_declaration: ImportDeclaration | None = None
    import_mrn: str | None = None
    import_rejected: bool = False
    transport_document: TransportDocument | None = None
    bay_plan: BayPlan | None = None
    container_order: ContainerOrder | None = None
    ferry_departure: FerryDeparture | None = None
    transit: TransitDeclaration | None = None
    selectors: tuple[SelectorHit, ...] = ()
