"""Doubts about manifests: the vessel and its call, bills, containers, and how they belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from aftc.records import Bill, Manifest
from aftc.reference.check_digits import locode_fault
from aftc.streams.quality.check import (
    HEAVIEST_CONTAINER_G,
    LOCODE,
    NO_LOCODE,
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    earlier,
    in_no_nomenclature,
    misformed,
    unassigned,
    vessel_check,
)

__all__ = ["MANIFESTS"]

STREAM = "cuscar"
PARTIES = ("consignor", "consignee", "notify")


def _bills(manifest: Manifest) -> Iterator[tuple[str, Bill]]:
    return ((f"bills[{place}]", bill) for place, bill in enumerate(manifest.bills, start=1))


def _backwards(manifest: Manifest) -> Doubts:
    if earlier(manifest.arrival, manifest.departure):
        yield "arrival", None


def _nowhere(manifest: Manifest) -> Doubts:
    if manifest.load_port is not None and manifest.load_port == manifest.discharge_port:
        yield "discharge_port", manifest.discharge_port


def _ports(manifest: Manifest) -> Doubts:
    named = [manifest.load_port, manifest.discharge_port]
    for _, bill in _bills(manifest):
        named += (bill.place_of_loading, bill.place_of_discharge, bill.place_of_delivery)
    return misformed((("ports", port) for port in dict.fromkeys(named)), locode_fault)


def _absent(manifest: Manifest) -> Doubts:
    for name in ("load_port", "discharge_port", "arrival", "voyage"):
        if getattr(manifest, name) is None:
            yield name, None
    if not manifest.bills:
        yield "bills", None


def _containers(manifest: Manifest) -> Numbers:
    """Each number once, whether a bill or the list of containers has it."""
    numbers = (
        *(each.number for each in manifest.equipment),
        *(each for bill in manifest.bills for each in bill.containers),
    )
    return (("containers", number) for number in dict.fromkeys(numbers))


def _unlisted(manifest: Manifest) -> Doubts:
    listed = {each.number for each in manifest.equipment}
    if listed:
        for field, bill in _bills(manifest):
            yield from ((f"{field}/containers", number) for number in bill.containers if number not in listed)


def _unnamed(manifest: Manifest) -> Doubts:
    named = {number for bill in manifest.bills for number in bill.containers}
    return (("equipment", each.number) for each in manifest.equipment if each.laden and each.number not in named)


def _empty(manifest: Manifest) -> Doubts:
    empty = {each.number for each in manifest.equipment if each.laden is False}
    if empty:
        for field, bill in _bills(manifest):
            yield from ((f"{field}/containers", number) for number in bill.containers if number in empty)


def _repeated(manifest: Manifest) -> Doubts:
    counts = Counter((bill.master, bill.house) for bill in manifest.bills)
    return (("bills", house or master) for (master, house), count in counts.items() if count > 1)


def _relisted(manifest: Manifest) -> Doubts:
    counts = Counter(each.number for each in manifest.equipment)
    return (("equipment", number) for number, count in counts.items() if count > 1)


def _resealed(manifest: Manifest) -> Doubts:
    counts = Counter(number for each in manifest.equipment for number in {seal.number for seal in each.seals})
    return (("seals", number) for number, count in counts.items() if count > 1)


def _weightless(manifest: Manifest) -> Doubts:
    return ((f"{field}/gross_mass_g", None) for field, bill in _bills(manifest) if bill.gross_mass_g == 0)


def _overfull(manifest: Manifest) -> Doubts:
    for field, bill in _bills(manifest):
        if bill.containers and (bill.gross_mass_g or 0) > HEAVIEST_CONTAINER_G * len(bill.containers):
            yield f"{field}/gross_mass_g", f"{bill.gross_mass_g} g in {len(bill.containers)} containers"


def _lighter(manifest: Manifest) -> Doubts:
    """Containers lighter than the goods that are in them alone."""
    masses = {each.number: each.gross_mass_g for each in manifest.equipment}
    for field, bill in _bills(manifest):
        whole = masses.get(bill.containers[0]) if len(bill.containers) == 1 else None
        if whole is not None and bill.gross_mass_g is not None and bill.gross_mass_g > whole:
            yield f"{field}/gross_mass_g", f"{bill.gross_mass_g} g in a container of {whole} g"


def _undescribed(manifest: Manifest) -> Doubts:
    for field, bill in _bills(manifest):
        if bill.description is None and bill.hs_code is None:
            yield f"{field}/description", None
        if bill.gross_mass_g is None:
            yield f"{field}/gross_mass_g", None


def _nobody(manifest: Manifest) -> Doubts:
    for field, bill in _bills(manifest):
        if bill.consignor is None:
            yield f"{field}/consignor", None
        if bill.consignee is None:
            yield f"{field}/consignee", None


def _codes(manifest: Manifest) -> Doubts:
    return in_no_nomenclature((f"{field}/hs_code", bill.hs_code) for field, bill in _bills(manifest))


def _countries(manifest: Manifest) -> Doubts:
    named = [(f"{field}/origin_country", bill.origin_country) for field, bill in _bills(manifest)]
    parties = [(f"{field}/{role}", getattr(bill, role)) for field, bill in _bills(manifest) for role in PARTIES]
    return unassigned(named, parties)


_check = checks_of(STREAM)


MANIFESTS = (
    _check("before departure", "the arrival is earlier than the departure", _backwards),
    _check("the port of loading too", "loaded and discharged at one port", _nowhere),
    vessel_check(STREAM),
    _check("missing", "a port, the arrival, the voyage, or any bill", _absent),
    _check(NO_LOCODE, LOCODE, _ports),
    *container_checks(STREAM, "a container, of a bill or listed", _containers),
    _check(
        "not among the containers",
        "a bill's container that the list of containers, where there is one, lacks",
        _unlisted,
    ),
    _check("on no bill", "a laden container that no bill names", _unnamed),
    _check("an empty container", "a bill's container that is listed as empty", _empty),
    _check("the same bill twice", "two bills of one number", _repeated),
    _check("listed twice", "one container, two entries", _relisted),
    _check("on two containers", "one seal number, two containers", _resealed),
    _check("zero", "a bill's mass", _weightless),
    _check("heavier than containers carry", "a bill of more than 36 t for each of its containers", _overfull),
    _check("heavier than its container", "a bill of one container, above that container's gross mass", _lighter),
    _check("missing", "a bill without mass, or with neither description nor commodity code", _undescribed),
    _check("missing", "a bill without consignor or consignee", _nobody),
    _check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    _check("not an assigned country", "of origin or of a party, not in ISO 3166-1", _countries),
)
