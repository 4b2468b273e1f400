"""Waybills and flight manifests with one doubt each, and the flag that it gives."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aftc.clock import DAY, MINUTE
from aftc.records import DeclaredValue, FlightLeg, FlightManifest, LoadedUnit, LoadedWaybill, Party, Record
from aftc.testing import ARRIVAL, a_flight_manifest, a_house_waybill, an_air_waybill

__all__ = ["FLIGHTS", "flown", "loaded", "waybills"]

NOBODY = Party(name="Nobody", country="QQ")
AWB, WRONG_AWB = "809-12345675", "809-12345674"


def waybills() -> list[tuple[Record, str]]:
    """Waybills, each with one doubt."""
    examples: list[tuple[Record, str]] = [(a_house_waybill(master=None), "master: missing")]
    for each in (an_air_waybill(), a_house_waybill()):
        changes: list[tuple[dict[str, Any], str]] = [
            ({"master": WRONG_AWB}, f"master: not an air waybill number: '{WRONG_AWB}'"),
            ({"gross_mass_g": None}, "gross_mass_g: missing"),
            ({"description": None, "hs_codes": ()}, "description: missing"),
            ({"consignee": None}, "consignee: missing"),
            ({"pieces": 0}, "pieces: zero"),
            ({"packages": 5}, "packages: fewer than the pieces: '5 in 6 pieces'"),
            ({"destination": "PVG"}, "destination: the origin too: 'PVG'"),
            (
                {"legs": (FlightLeg("XV123", "2026-01-30", "PVG", "LHR"),)},
                "legs: before the waybill: '2026-01-30'",
            ),
            ({"insured_value": DeclaredValue(1000, None)}, "insured_value: without a currency"),
            (
                {"customs_value": DeclaredValue(1000, "DEM")},
                "customs_value/currency: not an assigned currency: 'DEM'",
            ),
            ({"hs_codes": ("910211", "990000")}, "hs_codes: not in the Harmonized System: '990000'"),
            ({"forwarder": NOBODY}, "forwarder/country: not an assigned country: 'QQ'"),
            ({"units": ("AKE 10427 XV", "ULD 1")}, "units: not of the form of a ULD number: 'ULD 1'"),
        ]
        examples += [(replace(each, **changed), flag) for changed, flag in changes]
    return examples


def loaded(**given: Any) -> LoadedWaybill:
    """An air waybill in a unit."""
    return replace(a_flight_manifest().units[0].waybills[0], **given)


def flown(*units: tuple[str | None, tuple[LoadedWaybill, ...]]) -> FlightManifest:
    """A flight manifest of these units."""
    return a_flight_manifest(*(LoadedUnit(number, 240_000, waybills) for number, waybills in units))


FLIGHTS: list[tuple[Record, str]] = [
    (a_flight_manifest(departure=ARRIVAL + MINUTE), "arrival: before departure"),
    (a_flight_manifest(arrival=ARRIVAL + 2 * DAY), "arrival: more than two days after departure"),
    (a_flight_manifest(load_airport="LHR"), "discharge_airport: the airport of loading too: 'LHR'"),
    (a_flight_manifest(arrival=None), "arrival: missing"),
    (flown(("ULD 1", (loaded(),))), "units[1]/number: not of the form of a ULD number: 'ULD 1'"),
    (
        flown(("AKE10427XV", (loaded(),)), ("AKE10427XV", (loaded(number="809-00000011"),))),
        "units: listed twice: 'AKE10427XV'",
    ),
    (
        flown((None, (loaded(number=WRONG_AWB),))),
        f"units[1]/waybills[1]/number: not an air waybill number: '{WRONG_AWB}'",
    ),
    (flown((None, (loaded(), loaded()))), f"units[1]/waybills: twice in one unit: '{AWB}'"),
    (
        flown(("AKE10427XV", (loaded(),)), (None, (loaded(share="P"),))),
        f"units[1]/waybills[1]/share: all of it, yet elsewhere too: '{AWB}'",
    ),
    (flown((None, (loaded(pieces=0),))), "units[1]/waybills[1]/pieces: zero"),
    (flown((None, (loaded(gross_mass_g=None),))), "units[1]/waybills[1]/gross_mass_g: missing"),
    (
        flown((None, (loaded(gross_mass_g=240_001),))),
        "units[1]/gross_mass_g: lighter than its waybills: '240001 g in a unit of 240000 g'",
    ),
]
