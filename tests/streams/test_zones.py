"""Whose clock a local time shows."""

from __future__ import annotations

import pytest

from aftc.clock import parse_instant
from aftc.streams.zones import local_time, zone_of_office, zone_of_place, zones_of_route


@pytest.mark.parametrize(
    ("office", "zone", "known"),
    [
        ("GB000060", "Europe/London", True),
        ("FR000001", "Europe/Paris", True),
        ("ZZ000001", "Europe/London", False),
        (None, "Europe/London", False),
    ],
)
def test_offices(office: str | None, zone: str, known: bool) -> None:
    """An office by its port, else by its country, else London and not known."""
    assert zone_of_office(office) == (zone, known)


@pytest.mark.parametrize(
    ("place", "zone", "known"),
    [
        ("COCTG", "America/Bogota", True),
        ("COBUN", "America/Bogota", True),
        ("ZZZZZ", "Europe/London", False),
        (None, "Europe/London", False),
    ],
)
def test_places(place: str | None, zone: str, known: bool) -> None:
    """A place by the table of ports, else by its country, else London and not known."""
    assert zone_of_place(place) == (zone, known)


def test_routes() -> None:
    """A route has the clocks of both its ports; an unknown one has London's."""
    assert zones_of_route("101") == ("Europe/Paris", "Europe/London", True)
    assert zones_of_route("999") == ("Europe/London", "Europe/London", False)
    assert zones_of_route(None) == ("Europe/London", "Europe/London", False)


def test_the_clock_at_a_place() -> None:
    """An instant as a port's clock shows it, without zone."""
    assert local_time(parse_instant("2026-07-01T10:00:00Z"), "Europe/Paris").isoformat() == "2026-07-01T12:00:00"
