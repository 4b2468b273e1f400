"""Features of timing: how long before, at what hour, how soon after. Event times only."""

from __future__ import annotations

from typing import Final

from aftc.clock import DAY, HOUR, MINUTE, Instant
from aftc.features.algebra import Codes, Fact, Quantity
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.particulars import Particulars

__all__ = ["FEATURES"]

_YEAR_MINUTES: Final = 366 * 24 * 60  # leads beyond a year are mistakes of the messages
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday


def _departure(stated: Particulars) -> Instant | None:
    version = stated.version
    for crossing in (version.check_in, version.booking, version.goods_movement, version.manifest):
        if crossing is not None and crossing.departure is not None:
            return crossing.departure
    return None


def _minutes(start: Instant | None, end: Instant | None) -> int | None:
    return None if start is None or end is None else (end - start) // MINUTE


def _booking_lead(stated: Particulars) -> int | None:
    booking = stated.version.booking
    return _minutes(booking.booked_at, booking.departure) if booking else None


def _check_in_lead(stated: Particulars) -> int | None:
    check_in = stated.version.check_in
    return _minutes(check_in.checked_in_at, check_in.departure) if check_in else None


def _declaration_lead(stated: Particulars) -> int | None:
    entry = stated.version.entry
    return _minutes(entry.declared_at, entry.expected_arrival) if entry else None


def _departure_hour(stated: Particulars) -> int | None:
    departure = _departure(stated)
    return None if departure is None else departure % DAY // HOUR


def _arrival_weekday(stated: Particulars) -> int | None:
    arrival = stated.version.scheduled_arrival
    return None if arrival is None else (arrival // DAY + _FIRST_WEEKDAY) % len(_WEEKDAYS)


def _turnaround(stated: Particulars) -> int | None:
    previous = stated.version.previous
    return previous.turnaround_minutes if previous else None


def _other_driver(stated: Particulars) -> bool | None:
    previous = stated.version.previous
    return previous.driver_changed if previous else None


def _other_route(stated: Particulars) -> bool | None:
    previous = stated.version.previous
    return not previous.same_route if previous and previous.same_route is not None else None


_NO_PREVIOUS = "No earlier crossing of the unit is known"

FEATURES: Final = (
    Feature(
        form=Fact("booking_lead_minutes", _booking_lead, Quantity.MINUTES, 0, _YEAR_MINUTES),
        group=ReasonGroup.BOOKING,
        officer="Booked {value} before departure",
        missing="No ferry booking is known",
        auditor="Time from booking to departure: late bookings leave less time for checks.",
        monotone=-1,
    ),
    Feature(
        form=Fact("check_in_lead_minutes", _check_in_lead, Quantity.MINUTES, 0, _YEAR_MINUTES),
        group=ReasonGroup.BOOKING,
        officer="Checked in {value} before departure",
        missing="Not checked in as far as known",
        auditor="Time from check-in to departure.",
    ),
    Feature(
        form=Fact("declaration_lead_minutes", _declaration_lead, Quantity.MINUTES, 0, _YEAR_MINUTES),
        group=ReasonGroup.BOOKING,
        officer="Declared {value} before arrival",
        missing="No entry summary declaration with its times is known",
        auditor="Time from lodging the entry summary declaration to the expected arrival.",
    ),
    Feature(
        form=Fact("departure_hour", _departure_hour, Quantity.HOUR, 0, 23),
        group=ReasonGroup.BOOKING,
        officer="Departs at {value} UTC",
        missing="The departure is not known",
        auditor="Hour of departure (UTC): staffing differs by hour.",
    ),
    Feature(
        form=Fact(
            "arrival_weekday",
            _arrival_weekday,
            Quantity.CODE,
            0,
            len(_WEEKDAYS) - 1,
            Codes("weekday", _WEEKDAYS),
        ),
        group=ReasonGroup.BOOKING,
        officer="Arrives on a {value}",
        missing="The arrival is not known",
        auditor="Day of the week of the scheduled arrival (UTC): staffing and honest trade differ by weekday.",
    ),
    Feature(
        form=Fact(
            "booking_amendments",
            lambda stated: stated.version.booking_amendments if stated.version.booking else None,
            Quantity.COUNT,
            0,
            99,
        ),
        group=ReasonGroup.BOOKING,
        officer="Amendments to the booking: {value}",
        missing="No ferry booking is known",
        auditor="How often the booking was amended.",
    ),
    Feature(
        form=Fact("turnaround_minutes", _turnaround, Quantity.MINUTES, 0, _YEAR_MINUTES),
        group=ReasonGroup.EQUIPMENT,
        officer="The unit had arrived {value} before this departure",
        missing=_NO_PREVIOUS,
        auditor="Time between the unit's previous arrival and this departure: quick returns leave no time for trade.",
    ),
    Feature(
        form=Fact("driver_changed_on_return", _other_driver, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="Another driver than on the unit's previous crossing",
        otherwise="The same driver as on the unit's previous crossing",
        missing="No earlier crossing with a known driver",
        auditor="The carrier's driver token against that of the unit's previous crossing; no name is used.",
    ),
    Feature(
        form=Fact("route_changed_on_return", _other_route, Quantity.FLAG, 0, 1),
        group=ReasonGroup.ROUTE,
        officer="Another route than on the unit's previous crossing",
        otherwise="The same route as on the unit's previous crossing",
        missing=_NO_PREVIOUS,
        auditor="Port hopping: in by one port, out by another.",
    ),
)
