"""A ro-ro carrier's booking: the project's own JSON, `docs/schemas/ferry_booking.schema.json`."""

from __future__ import annotations

import msgspec

from aftc.records import FerryBooking
from aftc.streams.ferry_json import FerryFormat
from aftc.streams.own_formats import (
    Count,
    Grams,
    PartyFields,
    Reference,
    References,
    Text,
    Time,
)

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ferry_booking"


class _Booking(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="ferryBooking"
):
    booking_reference: Reference
    amendment: Count
    operator: Reference
    route_id: Reference
    booked_at: Time
    departure: Time
    arrival: Time
    account: Reference
    unaccompanied: bool
    cancelled: bool = False
    vessel: Text | None = None
    booker: PartyFields | None = None
    haulier: PartyFields | None = None
    vehicle: Reference | None = None
    trailers: References = ()
    containers: References = ()
    laden: bool | None = None
    cash: bool | None = None
    return_trip: bool | None = None
    gross_mass_g: Grams | None = None
    goods_description: Text | None = None
    driver: Reference | None = None


_FORMAT = FerryFormat(_Booking, FerryBooking)
sniff, parse, build = _FORMAT.sniff, _FORMAT.parse, _FORMAT.build
