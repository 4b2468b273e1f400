"""Measures: what one consignment, one movement or one outcome adds to the history of its entities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aftc.features.algebra import THREAT_MEASURES, Measure
from aftc.features.discrepancies import discrepant, overweight, seals_differ
from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_registration
from aftc.records import ConsignmentVersion, Equipment, Mode, Threat, Unit, UnitKind

__all__ = ["REVISION", "consignment_measures", "movement_measures", "outcome_deltas"]

REVISION: Final = 3  # raised whenever a measure's meaning changes: the schema's digest holds it

# Bounds keep sums of a thousand million sightings within 64 bits, whatever a message claims.
GREATEST_MASS_G = 1_000_000_000  # 1,000 t
GREATEST_PACKAGES = 100_000_000
GREATEST_UNIT_MASS = 30_000  # thousandths of a log: e^30 grams
GREATEST_UNIT_VALUE = 30_000  # thousandths of a log: e^30 pence


def consignment_measures(stated: Particulars) -> tuple[int, ...]:
    """What a consignment adds to its parties, goods and route."""
    added = [0] * len(Measure)
    added[Measure.COUNT] = 1
    added[Measure.GROSS_MASS_G] = _bounded(stated.gross_mass_g, GREATEST_MASS_G)
    added[Measure.PACKAGES] = _bounded(stated.packages, GREATEST_PACKAGES)
    added[Measure.UNACCOMPANIED] = int(stated.version.mode is Mode.RORO_UNACCOMPANIED)
    added[Measure.VAGUE] = int(stated.vague is True)
    added[Measure.DISCREPANT] = int(discrepant(stated))
    if stated.unit_mass is not None:
        unit_mass = max(-GREATEST_UNIT_MASS, min(stated.unit_mass, GREATEST_UNIT_MASS))
        added[Measure.LOG_UNIT_MASS] = unit_mass
        added[Measure.LOG_UNIT_MASS_SQUARE] = unit_mass * unit_mass
        added[Measure.LOG_UNIT_MASS_COUNT] = 1
    if (unit_value := stated.unit_value) is not None:
        unit_value = max(-GREATEST_UNIT_VALUE, min(unit_value, GREATEST_UNIT_VALUE))
        added[Measure.LOG_UNIT_VALUE] = unit_value
        added[Measure.LOG_UNIT_VALUE_SQUARE] = unit_value * unit_value
        added[Measure.LOG_UNIT_VALUE_COUNT] = 1
    return tuple(added)


def movement_measures(stated: Particulars, unit: Unit) -> tuple[int, ...]:
    """What a unit's movement adds to its equipment, haulier, account and driver."""
    version = stated.version
    equipment = _equipment(version, unit)
    laden, mass = (equipment.laden, equipment.gross_mass_g) if equipment else _crossing_load(version)
    added = [0] * len(Measure)
    added[Measure.COUNT] = 1
    added[Measure.GROSS_MASS_G] = _bounded(mass, GREATEST_MASS_G)
    added[Measure.UNLADEN] = int(laden is False)
    added[Measure.UNACCOMPANIED] = int(version.mode is Mode.RORO_UNACCOMPANIED)
    added[Measure.CASH] = int(version.booking is not None and version.booking.cash is True)
    added[Measure.DISCREPANT] = int(bool(seals_differ(version)) or overweight(version, stated.entry_mass_g))
    return tuple(added)


def outcome_deltas(threats: Iterable[Threat]) -> tuple[int, ...]:
    """What an examination with these finds (none: negative) adds to each entity of what was examined."""
    found = frozenset(threats)
    added = [0] * len(Measure)
    added[Measure.EXAMINED] = 1
    added[Measure.FOUND] = int(bool(found))
    for threat in found & THREAT_MEASURES.keys():
        added[THREAT_MEASURES[threat]] = 1
    return tuple(added)


def _bounded(value: int | None, greatest: int) -> int:
    return min(max(value or 0, 0), greatest)


def _equipment(version: ConsignmentVersion, unit: Unit) -> Equipment | None:
    if version.manifest is None or unit.kind is not UnitKind.CONTAINER:
        return None
    for equipment in version.manifest.equipment:
        if normal_registration(equipment.number) == unit.number:
            return equipment
    return None


def _crossing_load(version: ConsignmentVersion) -> tuple[bool | None, int | None]:
    """Whether the unit is laden, and its mass: as checked in, else as booked."""
    booked, checked_in = version.booking, version.check_in
    laden = checked_in.laden if checked_in else None
    if laden is None and booked is not None:
        laden = booked.laden
    return laden, booked.gross_mass_g if booked else None
