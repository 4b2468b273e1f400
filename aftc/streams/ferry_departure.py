"""A ro-ro carrier's departure: what it took and left; own JSON, `docs/schemas/ferry_departure.schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aftc.records import FerryDeparture, SailedUnit
from aftc.streams.ferry_json import FerryFormat
from aftc.streams.own_formats import Reference, References, Text, Time

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ferry_departure"

MOST_UNITS = 2_000  # several times what the longest ferries take


class _Unit(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    booking_reference: Reference
    boarded: bool
    unaccompanied: bool
    vehicle: Reference | None = None
    trailers: References = ()
    containers: References = ()
    left_because: Literal["no_show", "refused", "shut_out"] | None = None

    def record(self) -> SailedUnit:
        return SailedUnit(**msgspec.structs.asdict(self))

    @classmethod
    def of(cls, unit: SailedUnit) -> _Unit:
        return msgspec.convert(unit, cls, from_attributes=True)


class _Departure(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="ferryDeparture"
):
    operator: Reference
    route_id: Reference
    departure: Time
    arrival: Time
    departed_at: Time
    units: Annotated[tuple[_Unit, ...], msgspec.Meta(max_length=MOST_UNITS)]
    vessel: Text | None = None
    expected_arrival: Time | None = None


_FORMAT = FerryFormat(_Departure, FerryDeparture)
sniff, parse, build = _FORMAT.sniff, _FORMAT.parse, _FORMAT.build
