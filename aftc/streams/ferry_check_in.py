"""A ro-ro carrier's check-in of a booked unit: the project's own JSON, `docs/schemas/ferry_check_in.schema.json`."""

from __future__ import annotations

import re

import msgspec

from aftc.clock import from_datetime
from aftc.records import FerryCheckIn
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import Grams, Reference, References, Time, encode, time

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ferry_check_in"

_MARK = re.compile(rb'"messageType"\s*:\s*"ferryCheckIn"')


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


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a check-in."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[FerryCheckIn, ...]:
    """The check-in in a message.

    Raises:
        MalformedMessage: not JSON, or a field missing or of the wrong type or range.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _CheckIn)
    return (
        FerryCheckIn(
            booking_reference=wire.booking_reference,
            operator=wire.operator,
            route_id=wire.route_id,
            checked_in_at=from_datetime(wire.checked_in_at),
            departure=from_datetime(wire.departure),
            arrival=from_datetime(wire.arrival),
            unaccompanied=wire.unaccompanied,
            vehicle=wire.vehicle,
            trailers=wire.trailers,
            containers=wire.containers,
            laden=wire.laden,
            weighed_mass_g=wire.weighed_mass_g,
            driver=wire.driver,
            driver_changed=wire.driver_changed,
            seals=wire.seals,
            flags=unknown,
        ),
    )


def build(check_in: FerryCheckIn) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    return encode(
        _CheckIn(
            booking_reference=check_in.booking_reference,
            operator=check_in.operator,
            route_id=check_in.route_id,
            checked_in_at=time(check_in.checked_in_at),
            departure=time(check_in.departure),
            arrival=time(check_in.arrival),
            unaccompanied=check_in.unaccompanied,
            vehicle=check_in.vehicle,
            trailers=check_in.trailers,
            containers=check_in.containers,
            laden=check_in.laden,
            weighed_mass_g=check_in.weighed_mass_g,
            driver=check_in.driver,
            driver_changed=check_in.driver_changed,
            seals=check_in.seals,
        )
    )
