"""Features of sea carriage: what containers weigh, and the electronic bill of lading beside the manifest's bill."""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import Fact, Quantity
from aftc.features.catalogue.mismatch import CARRIED_MASS
from aftc.features.catalogue.row import GROSS_MASS
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.forms import Gap
from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_registration
from aftc.records import VoyageContainer

__all__ = ["FEATURES"]

_GREATEST_MASS_G: Final = 10**12


def _verified(stated: Particulars) -> int | None:
    """Verified gross mass over the consignment's containers; None where that of one is not known."""
    version = stated.version
    weighed: dict[str, int] = {}
    for source in (version.container_order, version.bay_plan):  # the plan, made last, has the last word
        listed: tuple[VoyageContainer, ...] = source.containers if source else ()
        weighed |= {
            normal_registration(each.number): each.verified_mass_g
            for each in listed
            if each.verified_mass_g is not None
        }
    masses = [weighed.get(unit.number) for unit in version.units]
    return sum(mass or 0 for mass in masses) if masses and None not in masses else None


def _documented(stated: Particulars) -> int | None:
    document = stated.version.transport_document
    return document.gross_mass_g if document else None


VERIFIED_MASS = Fact("verified_mass", _verified, Quantity.GRAMS, 0, _GREATEST_MASS_G)
DOCUMENT_MASS = Fact("document_mass", _documented, Quantity.GRAMS, 0, _GREATEST_MASS_G)

FEATURES: Final = (
    Feature(
        form=Gap(VERIFIED_MASS, GROSS_MASS),
        group=ReasonGroup.WEIGHT,
        officer="The containers' verified mass differs from the goods' stated mass by {value}",
        missing="No verified mass of every container, or no mass of the goods, is known",
        auditor="Verified gross mass of the containers (bay plan, else container order) against the declared gross "
        "mass, else the bill's, as a share of the greater. The containers' own mass is in it, and so are the goods of "
        "others in them.",
    ),
    Feature(
        form=Gap(DOCUMENT_MASS, CARRIED_MASS),
        group=ReasonGroup.WEIGHT,
        officer="Gross mass on the electronic bill differs from the manifest's by {value}",
        missing="Electronic bill and manifest do not both state a gross mass",
        auditor="Gross mass of the electronic bill of lading against that of the manifest's bill, as a share of the "
        "greater.",
    ),
)
