"""Ports and airports."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from aftc.reference.countries import code_of
from aftc.reference.ports import PORTS, distance_km, office_zone, port_of_office


def test_every_port_is_well_formed() -> None:
    """Codes are a known country and three letters, zones exist, coordinates lie on the globe."""
    for code, port in PORTS.items():
        assert (port.code, len(code), code.isupper()) == (code, 5, True)
        assert code_of(port.country) is not None
        assert ZoneInfo(port.zone).key == port.zone
        assert (abs(port.north) < 60, abs(port.east) < 180) == (True, True)


def test_british_places_have_an_office_of_their_own() -> None:
    """Each British port and airport has one customs office, which leads back to it; those abroad have none."""
    offices = [port.office for port in PORTS.values() if port.country == "GB"]
    assert None not in offices
    assert len(set(offices)) == len(offices)
    for port in PORTS.values():
        assert (port.office is None) == (port.country != "GB")
        assert port.office is None or port_of_office(port.office) is port


def test_offices_keep_the_zone_of_their_port() -> None:
    """An airport added later does not move the zone of an unknown office in its country."""
    assert office_zone("GB000047") == office_zone(None) == office_zone("XX999999") == "Europe/London"
    assert office_zone("US000000") == "America/New_York"


@pytest.mark.parametrize(("one", "other", "km"), [("GBLHR", "USJFK", 5540), ("GBLHR", "HKHKG", 9640)])
def test_distances_by_great_circle(one: str, other: str, km: float) -> None:
    """Known distances come out within one in a hundred."""
    assert distance_km(PORTS[one], PORTS[other]) == pytest.approx(km, rel=0.01)
