"""What moves under a transit procedure: the declaration to the office of departure (NCTS)."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.declarations import DocumentReference, Party
from aftc.records.imports import GoodsLocation, PreviousDocument

__all__ = ["TransitDeclaration", "TransitEquipment", "TransitHouse", "TransitItem", "TransportMeans"]


class TransportMeans(Struct, frozen=True):
    """A means of transport: kind of its number (30 road vehicle, 31 trailer, 10 IMO, ...), number, country.

    `office` is the border office at which it is to cross, `reference` its voyage or flight.
    """

    kind: str | None
    identity: str | None
    nationality: str | None = None
    office: str | None = None
    reference: str | None = None


class TransitEquipment(Struct, frozen=True):
    """A container, or sealed vehicle where there is none, with its seals and the numbers of the goods items in it."""

    container: str | None
    seals: tuple[str, ...] = ()
    items: tuple[int, ...] = ()


class TransitItem(Struct, frozen=True):
    """One goods item; `number` counts over the whole declaration."""

    number: int
    description: str | None = None
    hs_code: str | None = None
    gross_mass_g: int | None = None
    net_mass_g: int | None = None
    packages: int | None = None
    package_kind: str | None = None
    ucr: str | None = None
    un_number: str | None = None
    consignee: Party | None = None
    dispatch_country: str | None = None
    destination_country: str | None = None
    transport_documents: tuple[DocumentReference, ...] = ()
    previous_documents: tuple[PreviousDocument, ...] = ()


class TransitHouse(Struct, frozen=True):
    """One house consignment: what one consignor sends to one consignee under the declaration."""

    items: tuple[TransitItem, ...]
    gross_mass_g: int | None = None
    ucr: str | None = None
    dispatch_country: str | None = None
    consignor: Party | None = None
    consignee: Party | None = None
    departure_means: tuple[TransportMeans, ...] = ()
    transport_documents: tuple[DocumentReference, ...] = ()
    previous_documents: tuple[PreviousDocument, ...] = ()


class TransitDeclaration(Struct, frozen=True):
    """A transit declaration (CC015C). It has no movement reference number: the office of departure gives it one.

    Attributes:
        lrn: The declarant's own number for it.
        message_id: The sender's number of the message.
        kind: T1 of goods from outside the union, T2 from inside, and so on.
        additional: A of goods at the office, D lodged before.
        security: Whether it stands for an entry (1) or exit (2) summary declaration besides, or both (3).
        declared_at: When it was prepared (event time).
        holder: Who is answerable for the procedure.
        border_mode: Of transport at the border: 1 sea, 3 road, 4 air; `inland_mode` behind it.
        limit_day: Until when it is to arrive, as stated (ISO 8601).
    """

    lrn: str
    message_id: str | None
    kind: str | None
    additional: str | None
    security: str | None
    declared_at: Instant | None
    limit_day: str | None
    departure_office: str | None
    transit_offices: tuple[str, ...]
    destination_office: str | None
    holder: Party | None
    representative: Party | None
    carrier: Party | None
    consignor: Party | None
    consignee: Party | None
    dispatch_country: str | None
    destination_country: str | None
    containerised: bool | None
    inland_mode: str | None
    border_mode: str | None
    gross_mass_g: int | None
    ucr: str | None
    goods_location: GoodsLocation | None
    place_of_loading: str | None
    place_of_unloading: str | None
    equipment: tuple[TransitEquipment, ...]
    departure_means: tuple[TransportMeans, ...]
    border_means: tuple[TransportMeans, ...]
    transport_documents: tuple[DocumentReference, ...]
    previous_documents: tuple[PreviousDocument, ...]
    houses: tuple[TransitHouse, ...]
    flags: tuple[str, ...] = ()
