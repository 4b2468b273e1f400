"""What carriers state: manifests with their bills and equipment, ferry bookings, check-ins and departures."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.declarations import Party

__all__ = ["Bill", "Equipment", "FerryBooking", "FerryCheckIn", "FerryDeparture", "Manifest", "SailedUnit", "Seal"]


class Seal(Struct, frozen=True):
    """A seal and who put it on (CA carrier, SH shipper, CU customs; None where not said)."""

    number: str
    issuer: str | None = None


class Equipment(Struct, frozen=True):
    """A container of a manifest. `laden` is None where the fullness indicator is absent."""

    number: str
    size_type: str | None = None
    laden: bool | None = None
    gross_mass_g: int | None = None
    seals: tuple[Seal, ...] = ()


class Bill(Struct, frozen=True):
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


class Manifest(Struct, frozen=True):
    """Customs cargo report CUSCAR: one vessel call, its bills and its containers. Times are event times."""

    reference: str
    function: str | None
    prepared_at: Instant | None
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


class FerryBooking(Struct, frozen=True):
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


class FerryCheckIn(Struct, frozen=True):
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


class SailedUnit(Struct, frozen=True):
    """One booked unit of a sailing: aboard it when it left, or left behind.

    `left_because` is no_show (it never came), refused, or shut_out (it came, and there was no room or no time).
    """

    booking_reference: str
    boarded: bool
    unaccompanied: bool
    vehicle: str | None = None
    trailers: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    left_because: str | None = None


class FerryDeparture(Struct, frozen=True):
    """A ro-ro carrier's report of a sailing that has left. Times are event times.

    `departure` and `arrival` are scheduled, `departed_at` is when it left, `expected_arrival` when it should then be
    there.
    """

    operator: str
    route_id: str
    departure: Instant
    arrival: Instant
    departed_at: Instant
    units: tuple[SailedUnit, ...]
    vessel: str | None = None
    expected_arrival: Instant | None = None
    flags: tuple[str, ...] = ()
