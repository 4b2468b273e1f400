"""A ro-ro carrier's check-in of a booked unit: the project's own JSON, `docs/schemas/ferry_check_in.schema.json`."""

from __future__ import annotations

import msgspec

from aftc.records import FerryCheckIn
from aftc.streams.ferry_json import FerryFormat
from aftc.streams.own_formats import Grams, Reference, References, Time

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ferry_check_in"


class _CheckIn(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="ferryCheckIn"
):
    booking_reference: Reference
    operator: Reference
    route_id: Reference
    checked_in_at: Time
    departure: Time
    arrival: Time
    unaccompanied: bool
    vehicle: Reference | None = None
    trailers: References = ()
    containers: References = ()
    laden: bool | None = None
    weighed_mass_g: Grams | None = None
    driver: Reference | None = None
    driver_changed: bool | None = None
    seals: References = ()


_FORMAT = FerryFormat(_CheckIn, FerryCheckIn)
sniff, parse, build = _FORMAT.sniff, _FORMAT.parse, _FORMAT.build
