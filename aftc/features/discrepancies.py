"""Discrepancies: whether what several streams state of one consignment or unit can be true together.

A feature of the consignment at hand gives each difference as it is; history only counts how often there was any, so
that whoever's papers seldom agree is seen before anything of theirs was ever examined.
"""

from __future__ import annotations

from typing import Final

from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_reference
from aftc.records import ConsignmentVersion

__all__ = ["discrepant", "overweight", "seals_differ"]

_MASS_PER_MILLE: Final = 20  # of the greater: what rounding, pallets and scales make of an honest load


def discrepant(stated: Particulars) -> bool:
    """Whether anything stated of a consignment or its unit is at odds with what another stream states.

    Declared mass or packages against the carrier's, seals seen against seals declared, weight against what was said.
    """
    packages, carried = stated.entry_packages, stated.carried_packages
    if packages is not None and carried is not None and packages != carried:
        return True
    if _apart(stated.entry_mass_g, stated.carried_mass_g):
        return True
    return bool(seals_differ(stated.version)) or overweight(stated.version, stated.entry_mass_g)


def overweight(version: ConsignmentVersion, declared_g: int | None) -> bool:
    """Whether the unit was weighed as heavier than it was booked, and than what is declared of a consignment aboard.

    A declaration is often of a part of the load: it can explain a greater weight, never a smaller one.
    """
    weighed = version.check_in.weighed_mass_g if version.check_in else None
    booked = version.booking.gross_mass_g if version.booking else None
    if weighed is None or booked is None:
        return False
    said = max(booked, declared_g or 0)
    return weighed > said and _apart(weighed, said)


def seals_differ(version: ConsignmentVersion) -> bool | None:
    """Whether seals at check-in, or on the carrier's manifest, are not those declared; None where one side has none."""
    declared = {normal_reference(seal) for seal in version.entry.seals} if version.entry else set()
    seen: set[str] = set()
    if version.check_in is not None:
        seen.update(map(normal_reference, version.check_in.seals))
    if version.manifest is not None:
        seen.update(
            normal_reference(seal.number) for equipment in version.manifest.equipment for seal in equipment.seals
        )
    return declared != seen if declared and seen else None


def _apart(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return False
    return abs(one - other) * 1000 > max(one, other) * _MASS_PER_MILLE
