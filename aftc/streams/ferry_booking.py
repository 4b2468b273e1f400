"""A ro-ro carrier's booking: the project's own JSON, `docs/schemas/ferry_booking.schema.json`."""

from __future__ import annotations

import re

import msgspec

from aftc.clock import from_datetime
from aftc.records import FerryBooking
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import (
    Count,
    Grams,
    PartyFields,
    Reference,
    References,
    Text,
    Time,
    encode,
    time,
)

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ferry_booking"

_MARK = re.compile(rb'"messageType"\s*:\s*"ferryBooking"')


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


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a booking."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[FerryBooking, ...]:
    """The booking in a message.

    Raises:
        MalformedMessage: not JSON, or a field missing or of the wrong type or range.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _Booking)
    return (
        FerryBooking(
            booking_reference=wire.booking_reference,
            amendment=wire.amendment,
            cancelled=wire.cancelled,
            operator=wire.operator,
            vessel=wire.vessel,
            route_id=wire.route_id,
            booked_at=from_datetime(wire.booked_at),
            departure=from_datetime(wire.departure),
            arrival=from_datetime(wire.arrival),
            account=wire.account,
            booker=wire.booker.record() if wire.booker else None,
            haulier=wire.haulier.record() if wire.haulier else None,
            unaccompanied=wire.unaccompanied,
            vehicle=wire.vehicle,
            trailers=wire.trailers,
            containers=wire.containers,
            laden=wire.laden,
            cash=wire.cash,
            return_trip=wire.return_trip,
            gross_mass_g=wire.gross_mass_g,
            goods_description=wire.goods_description,
            driver=wire.driver,
            flags=unknown,
        ),
    )


def build(booking: FerryBooking) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    return encode(
        _Booking(
            booking_reference=booking.booking_reference,
            amendment=booking.amendment,
            operator=booking.operator,
            route_id=booking.route_id,
            booked_at=time(booking.booked_at),
            departure=time(booking.departure),
            arrival=time(booking.arrival),
            account=booking.account,
            unaccompanied=booking.unaccompanied,
            cancelled=booking.cancelled,
            vessel=booking.vessel,
            booker=PartyFields.of(booking.booker),
            haulier=PartyFields.of(booking.haulier),
            vehicle=booking.vehicle,
            trailers=booking.trailers,
            containers=booking.containers,
            laden=booking.laden,
            cash=booking.cash,
            return_trip=booking.return_trip,
            gross_mass_g=booking.gross_mass_g,
            goods_description=booking.goods_description,
            driver=booking.driver,
        )
    )
