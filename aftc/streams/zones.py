"""Whose clock a local time without a zone shows: that of the port or customs office it is about."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from aftc.clock import Instant, to_datetime
from aftc.reference.ports import FERRY_ROUTES, PORTS, office_zone, port_of_office

__all__ = ["HOME_ZONE", "local_time", "zone_of_office", "zone_of_place", "zones_of_route"]

HOME_ZONE = "Europe/London"  # taken, with a flag, where a place is unknown

_COUNTRIES = frozenset((*(port.country for port in PORTS.values()), "XI"))  # customs' code of Northern Ireland


def zone_of_office(office: str | None) -> tuple[str, bool]:
    """Zone of a customs office, and whether the office or at least its country is known."""
    if office is None:
        return HOME_ZONE, False
    return office_zone(office), port_of_office(office) is not None or office[:2] in _COUNTRIES


def zone_of_place(place: str | None) -> tuple[str, bool]:
    """Zone of a UN/LOCODE, and whether the place or at least its country is known."""
    port = PORTS.get(place or "")
    return (port.zone, True) if port else zone_of_office(place)


def zones_of_route(route_id: str | None) -> tuple[str, str, bool]:
    """Zones of departure and arrival of a ferry route, and whether the route is known."""
    route = FERRY_ROUTES.get(route_id or "")
    if route is None:
        return HOME_ZONE, HOME_ZONE, False
    return PORTS[route.departure].zone, PORTS[route.arrival].zone, True


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_time(instant: Instant, zone: str) -> datetime:
    """The clock at a place, without zone; `aftc.clock.from_local` reads it back where the hour is not ambiguous."""
    return to_datetime(instant).astimezone(_zone(zone)).replace(tzinfo=None)
