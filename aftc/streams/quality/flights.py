"""Doubts about what goes by air: waybills, house waybills, and the flights that carry them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aftc.clock import DAY, parse_instant
from aftc.records import AirWaybill, FlightManifest, LoadedWaybill
from aftc.reference.check_digits import air_waybill_fault
from aftc.streams.quality.check import (
    CURRENCY,
    NO_CURRENCY,
    Check,
    Doubts,
    checks_of,
    earlier,
    in_no_nomenclature,
    unassigned,
    uncurrent,
)

__all__ = ["FLIGHTS"]

WAYBILL, HOUSE, MANIFEST = "xfwb", "xfzb", "xffm"
PARTIES = ("consignor", "consignee", "notify", "forwarder")
VALUES = ("carriage_value", "customs_value", "insured_value")
LONGEST_FLIGHT = 2 * DAY  # with its stops
CREATED = "Creation"
WHOLE = "T"  # share: all of an air waybill
_DEVICE = re.compile(r"[A-Z][A-Z0-9]{2}[\s-]?[0-9]{4,5}[\s-]?[A-Z0-9]{2,3}")  # kind, serial, owner: IATA Resolution 686


def _number(waybill: AirWaybill) -> Doubts:
    if waybill.master is not None and air_waybill_fault(waybill.master):
        yield "master", waybill.master


def _masterless(waybill: AirWaybill) -> Doubts:
    if waybill.master is None:
        yield "master", None


def _absent(waybill: AirWaybill) -> Doubts:
    for name in ("gross_mass_g", "pieces", "origin", "destination"):
        if getattr(waybill, name) is None:
            yield name, None


def _undescribed(waybill: AirWaybill) -> Doubts:
    if waybill.description is None and not waybill.hs_codes:
        yield "description", None


def _nobody(waybill: AirWaybill) -> Doubts:
    return ((role, None) for role in ("consignor", "consignee") if getattr(waybill, role) is None)


def _nothing(waybill: AirWaybill) -> Doubts:
    return ((name, None) for name in ("gross_mass_g", "pieces") if getattr(waybill, name) == 0)


def _fewer(waybill: AirWaybill) -> Doubts:
    if waybill.packages is not None and waybill.pieces is not None and waybill.packages < waybill.pieces:
        yield "packages", f"{waybill.packages} in {waybill.pieces} pieces"


def _nowhere(waybill: AirWaybill) -> Doubts:
    if waybill.origin is not None and waybill.origin == waybill.destination:
        yield "destination", waybill.destination


def _flown(waybill: AirWaybill) -> Doubts:
    days = [leg.day for leg in waybill.legs if leg.day is not None]
    if waybill.purpose == CREATED and days:
        after = parse_instant(f"{max(days)}T00:00:00Z") + 2 * DAY
        if earlier(after, waybill.issued_at):
            yield "legs", max(days)


def _uncounted(waybill: AirWaybill) -> Doubts:
    for name in VALUES:
        value = getattr(waybill, name)
        if value is not None and value.thousandths is not None and value.currency is None:
            yield name, None


def _currencies(waybill: AirWaybill) -> Doubts:
    return uncurrent((name, getattr(waybill, name)) for name in VALUES)


def _codes(waybill: AirWaybill) -> Doubts:
    return in_no_nomenclature(("hs_codes", code) for code in waybill.hs_codes)


def _countries(waybill: AirWaybill) -> Doubts:
    return unassigned((), ((role, getattr(waybill, role)) for role in PARTIES))


def _devices(waybill: AirWaybill) -> Doubts:
    return (("units", number) for number in waybill.units if not _DEVICE.fullmatch(number))


def _loaded(manifest: FlightManifest) -> Iterator[tuple[str, LoadedWaybill]]:
    for place, unit in enumerate(manifest.units, start=1):
        for number, waybill in enumerate(unit.waybills, start=1):
            yield f"units[{place}]/waybills[{number}]", waybill


def _backwards(manifest: FlightManifest) -> Doubts:
    if earlier(manifest.arrival, manifest.departure):
        yield "arrival", None


def _endless(manifest: FlightManifest) -> Doubts:
    if earlier(manifest.departure + LONGEST_FLIGHT, manifest.arrival):
        yield "arrival", None


def _circular(manifest: FlightManifest) -> Doubts:
    if manifest.load_airport is not None and manifest.load_airport == manifest.discharge_airport:
        yield "discharge_airport", manifest.discharge_airport


def _unplaced(manifest: FlightManifest) -> Doubts:
    for name in ("load_airport", "discharge_airport", "arrival"):
        if getattr(manifest, name) is None:
            yield name, None


def _loaded_devices(manifest: FlightManifest) -> Doubts:
    for place, unit in enumerate(manifest.units, start=1):
        if unit.number is not None and not _DEVICE.fullmatch(unit.number):
            yield f"units[{place}]/number", unit.number


def _relisted(manifest: FlightManifest) -> Doubts:
    return (("units", number) for number in _repeated(unit.number for unit in manifest.units))


def _loaded_numbers(manifest: FlightManifest) -> Doubts:
    for field, waybill in _loaded(manifest):
        if air_waybill_fault(waybill.number):
            yield f"{field}/number", waybill.number


def _reloaded(manifest: FlightManifest) -> Doubts:
    for place, unit in enumerate(manifest.units, start=1):
        for number in _repeated(waybill.number for waybill in unit.waybills):
            yield f"units[{place}]/waybills", number


def _elsewhere(manifest: FlightManifest) -> Doubts:
    units = Counter(number for unit in manifest.units for number in {waybill.number for waybill in unit.waybills})
    for field, waybill in _loaded(manifest):
        if waybill.share == WHOLE and units[waybill.number] > 1:
            yield f"{field}/share", waybill.number


def _loaded_nothing(manifest: FlightManifest) -> Doubts:
    for field, waybill in _loaded(manifest):
        yield from ((f"{field}/{name}", None) for name in ("gross_mass_g", "pieces") if getattr(waybill, name) == 0)


def _unweighed(manifest: FlightManifest) -> Doubts:
    for field, waybill in _loaded(manifest):
        yield from ((f"{field}/{name}", None) for name in ("gross_mass_g", "pieces") if getattr(waybill, name) is None)


def _overfull(manifest: FlightManifest) -> Doubts:
    for place, unit in enumerate(manifest.units, start=1):
        inside = sum(waybill.gross_mass_g or 0 for waybill in unit.waybills)
        if unit.gross_mass_g is not None and inside > unit.gross_mass_g:
            yield f"units[{place}]/gross_mass_g", f"{inside} g in a unit of {unit.gross_mass_g} g"


def _repeated(numbers: Iterable[str | None]) -> list[str]:
    return [number for number, count in Counter(numbers).items() if count > 1 and number is not None]


NUMBER = "not an air waybill number"
DIGITS = "eleven digits, the last the serial modulo 7"
DEVICE = "not of the form of a ULD number"
PARTS = "three signs of kind, four or five digits, two or three signs of the owner"


def _of(stream: str) -> tuple[Check[AirWaybill], ...]:
    def check(words: str, when: str, find: Callable[[AirWaybill], Doubts]) -> Check[AirWaybill]:
        return Check(stream, words, when, find)

    return (
        check(NUMBER, f"the air waybill's: {DIGITS}", _number),
        check("missing", "gross mass, pieces, origin or destination", _absent),
        check("missing", "neither description nor commodity code", _undescribed),
        check("missing", "consignor or consignee", _nobody),
        check("zero", "the gross mass, or the number of pieces", _nothing),
        check("fewer than the pieces", "the shipper counted fewer packages than there are pieces to hold them", _fewer),
        check("the origin too", "from one airport to the same", _nowhere),
        check("before the waybill", "a new waybill, issued more than a day after its last flight's", _flown),
        check("without a currency", "a declared value", _uncounted),
        check(NO_CURRENCY, CURRENCY, _currencies),
        check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
        check("not an assigned country", "a party's, not in ISO 3166-1", _countries),
        check(DEVICE, PARTS, _devices),
    )


_check = checks_of(MANIFEST)


FLIGHTS: tuple[Check[Any], ...] = (
    *_of(WAYBILL),
    *_of(HOUSE),
    Check(HOUSE, "missing", "the air waybill above it", _masterless),
    _check("before departure", "the arrival is earlier than the departure", _backwards),
    _check("more than two days after departure", "the arrival is that far off", _endless),
    _check("the airport of loading too", "loaded and unloaded at one airport", _circular),
    _check("missing", "an airport, or the arrival", _unplaced),
    _check(DEVICE, PARTS, _loaded_devices),
    _check("listed twice", "one ULD, two entries", _relisted),
    _check(NUMBER, DIGITS, _loaded_numbers),
    _check("twice in one unit", "one air waybill, two entries", _reloaded),
    _check("all of it, yet elsewhere too", "an air waybill that is whole in one unit, and in another", _elsewhere),
    _check("zero", "the mass or the pieces of an air waybill", _loaded_nothing),
    _check("missing", "the mass or the pieces of an air waybill", _unweighed),
    _check("lighter than its waybills", "a unit's gross mass is below that of what is in it", _overfull),
)
