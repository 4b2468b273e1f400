"""Features of norms: how far weights and packages lie from what is usual for such goods or such a trader."""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import KeyKind, Measure
from aftc.features.catalogue.row import GROSS_MASS, PACKAGES, UNIT_MASS, UNIT_VALUE
from aftc.features.feature import Feature, ReasonGroup, Standing
from aftc.features.forms import LEAST_SIGHTINGS, UNIT_VALUES, Deviation, Multiple

__all__ = ["FEATURES"]

YEAR: Final = 365


def _unit_mass(kind: KeyKind, whose: str) -> Feature:
    return Feature(
        form=Deviation(UNIT_MASS, kind, YEAR),
        group=ReasonGroup.WEIGHT,
        officer=f"Weight per package lies {{value}} from what is usual for {whose}",
        missing=f"Too few earlier consignments to know what is usual for {whose}",
        auditor=f"Log mass per package against the mean and spread of the {kind.words} over {YEAR} days, "
        f"from {LEAST_SIGHTINGS} consignments on.",
        standing=Standing.ASSESSMENT,
    )


FEATURES: Final = (
    _unit_mass(KeyKind.HS6_ORIGIN, "such goods from this country"),
    _unit_mass(KeyKind.CONSIGNOR, "this consignor"),
    Feature(
        form=Deviation(UNIT_VALUE, KeyKind.HS6_ORIGIN, YEAR, UNIT_VALUES),
        group=ReasonGroup.GOODS,
        officer="Customs value per kilogram lies {value} from what is usual for such goods from this country",
        missing="Too few earlier values to know what is usual for such goods from this country",
        auditor="Log customs value per kilogram against the mean and spread of the "
        f"{KeyKind.HS6_ORIGIN.words} over {YEAR} days, from {LEAST_SIGHTINGS} consignments on.",
        standing=Standing.ASSESSMENT,
    ),
    Feature(
        form=Multiple(GROSS_MASS, KeyKind.CONSIGNOR, Measure.GROSS_MASS_G, YEAR),
        group=ReasonGroup.WEIGHT,
        officer="Gross mass is {value} this consignor's average",
        missing="No earlier mass of this consignor is known",
        auditor=f"Gross mass over the consignor's mean of {YEAR} days.",
        standing=Standing.ASSESSMENT,
    ),
    Feature(
        form=Multiple(PACKAGES, KeyKind.CONSIGNEE, Measure.PACKAGES, YEAR),
        group=ReasonGroup.WEIGHT,
        officer="The number of packages is {value} this consignee's average",
        missing="No earlier packages of this consignee are known",
        auditor=f"Packages over the consignee's mean of {YEAR} days.",
        standing=Standing.ASSESSMENT,
    ),
)
