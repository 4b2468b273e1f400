"""What air carriers and forwarders state: air waybills, house waybills and flight manifests.

Airports are IATA codes of three letters. A time is an instant, read on the airport's clock where its zone is not said.
"""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.declarations import DeclaredValue, Party

__all__ = ["AirWaybill", "FlightLeg", "FlightManifest", "LoadedUnit", "LoadedWaybill"]


class FlightLeg(Struct, frozen=True):
    """A leg that a waybill is booked on; `day` is the departure airport's calendar day (yyyy-mm-dd)."""

    flight: str | None
    day: str | None
    load_airport: str | None
    discharge_airport: str | None


class AirWaybill(Struct, frozen=True):
    """An air waybill (XFWB), or with `house` a house waybill (XFZB) under the air waybill `master`.

    `consolidation` says whether house waybills stand below it, None for a house waybill or where not said. `packages`
    are those the shipper counted inside the pieces. `purpose` is Creation, Update or Deletion. `units` are ULDs.
    """

    master: str | None
    house: str | None
    message_id: str | None
    purpose: str | None
    issued_at: Instant | None
    consolidation: bool | None
    consignor: Party | None
    consignee: Party | None
    notify: Party | None
    forwarder: Party | None
    origin: str | None
    destination: str | None
    legs: tuple[FlightLeg, ...]
    pieces: int | None
    packages: int | None
    gross_mass_g: int | None
    description: str | None
    hs_codes: tuple[str, ...]
    carriage_value: DeclaredValue | None
    customs_value: DeclaredValue | None
    insured_value: DeclaredValue | None
    special_handling: tuple[str, ...]
    units: tuple[str, ...]
    flags: tuple[str, ...] = ()


class LoadedWaybill(Struct, frozen=True):
    """What of one air waybill is aboard a unit; `share` is T (all of it), P, S or D (a part), None where not said."""

    number: str
    pieces: int | None
    gross_mass_g: int | None
    description: str | None
    origin: str | None
    destination: str | None
    share: str | None


class LoadedUnit(Struct, frozen=True):
    """A ULD aboard a flight; `number` is None for what is loaded loose."""

    number: str | None
    gross_mass_g: int | None
    waybills: tuple[LoadedWaybill, ...]


class FlightManifest(Struct, frozen=True):
    """Flight manifest XFFM for one airport of unloading. `departure` and `arrival` are event times."""

    flight: str
    departure: Instant
    load_airport: str | None
    discharge_airport: str | None
    arrival: Instant | None
    message_id: str | None
    purpose: str | None
    issued_at: Instant | None
    units: tuple[LoadedUnit, ...]
    flags: tuple[str, ...] = ()
