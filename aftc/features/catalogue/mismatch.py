"""Features of disagreement: where two streams speak of the same and say different things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aftc.features.algebra import Fact, Quantity
from aftc.features.discrepancies import seals_differ
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.forms import Gap
from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_registration
from aftc.linking.parties import party_key
from aftc.records import Party

__all__ = ["FEATURES"]

_GREATEST_MASS_G: Final = 10**12
_GREATEST_PACKAGES: Final = 10**9


def _differ(one: Iterable[str | None], other: Iterable[str | None]) -> bool | None:
    """Whether two lists of registrations differ; None where one is empty."""
    first, second = ({normal_registration(number) for number in numbers if number} for numbers in (one, other))
    return first != second if first and second else None


def _vehicle(stated: Particulars) -> bool | None:
    booking, later = stated.version.booking, stated.version.check_in or stated.version.goods_movement
    return _differ((booking.vehicle,), (later.vehicle,)) if booking and later else None


def _trailer(stated: Particulars) -> bool | None:
    booking, later = stated.version.booking, stated.version.check_in or stated.version.goods_movement
    return _differ(booking.trailers, later.trailers) if booking and later else None


def _containers(stated: Particulars) -> bool | None:
    if stated.version.entry is None or stated.bill is None:
        return None
    declared = [number for goods in stated.version.entry.items for number in goods.containers]
    return _differ(declared, stated.bill.containers)


def _haulier(stated: Particulars) -> bool | None:
    booking, goods_movement = stated.version.booking, stated.version.goods_movement
    if booking is None or goods_movement is None or booking.haulier is None:
        return None
    if not booking.haulier.eori or not goods_movement.haulier_eori:
        return None
    return party_key(booking.haulier) != party_key(Party(eori=goods_movement.haulier_eori))


def _driver(stated: Particulars) -> bool | None:
    booking, check_in = stated.version.booking, stated.version.check_in
    if check_in is None:
        return None
    if booking is not None and booking.driver and check_in.driver:
        return booking.driver != check_in.driver
    return check_in.driver_changed


ENTRY_MASS = Fact("entry_mass", lambda stated: stated.entry_mass_g, Quantity.GRAMS, 0, _GREATEST_MASS_G)
CARRIED_MASS = Fact("carried_mass", lambda stated: stated.carried_mass_g, Quantity.GRAMS, 0, _GREATEST_MASS_G)
BOOKED_MASS = Fact(
    "booked_mass",
    lambda stated: stated.version.booking.gross_mass_g if stated.version.booking else None,
    Quantity.GRAMS,
    0,
    _GREATEST_MASS_G,
)
WEIGHED_MASS = Fact(
    "weighed_mass",
    lambda stated: stated.version.check_in.weighed_mass_g if stated.version.check_in else None,
    Quantity.GRAMS,
    0,
    _GREATEST_MASS_G,
)
ENTRY_PACKAGES = Fact("entry_packages", lambda stated: stated.entry_packages, Quantity.COUNT, 0, _GREATEST_PACKAGES)
CARRIED_PACKAGES = Fact(
    "carried_packages", lambda stated: stated.carried_packages, Quantity.COUNT, 0, _GREATEST_PACKAGES
)

FEATURES: Final = (
    Feature(
        form=Gap(ENTRY_MASS, CARRIED_MASS),
        group=ReasonGroup.WEIGHT,
        officer="Gross mass on the declaration differs from the carrier's by {value}",
        missing="Declaration and bill or waybill do not both state a gross mass",
        auditor="Declared gross mass against that of the bill of lading or air waybill, as a share of the greater.",
    ),
    Feature(
        form=Gap(ENTRY_MASS, BOOKED_MASS),
        group=ReasonGroup.WEIGHT,
        officer="Gross mass on the declaration differs from the booked one by {value}",
        missing="Declaration and booking do not both state a gross mass",
        auditor="Declared gross mass against the mass booked with the ferry, as a share of the greater.",
    ),
    Feature(
        form=Gap(WEIGHED_MASS, BOOKED_MASS),
        group=ReasonGroup.WEIGHT,
        officer="The weighed mass differs from the booked one by {value}",
        missing="The unit was not both booked with a mass and weighed",
        auditor="Weighing at check-in against the mass booked, as a share of the greater.",
    ),
    Feature(
        form=Gap(WEIGHED_MASS, ENTRY_MASS),
        group=ReasonGroup.WEIGHT,
        officer="The weighed mass differs from the declared one by {value}",
        missing="The unit was not both declared with a mass and weighed",
        auditor="Weighing of the unit at check-in against the declared gross mass of this consignment, as a share of "
        "the greater: far apart where others share the unit.",
    ),
    Feature(
        form=Gap(ENTRY_PACKAGES, CARRIED_PACKAGES),
        group=ReasonGroup.WEIGHT,
        officer="Packages on the declaration differ from the carrier's by {value}",
        missing="Declaration and bill or waybill do not both state packages",
        auditor="Declared packages against those of the bill of lading, or the pieces of the air waybill, as a share "
        "of the greater.",
    ),
    Feature(
        form=Fact("vehicle_differs", _vehicle, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="The vehicle is not the one booked",
        otherwise="The vehicle is the one booked",
        missing="Only one stream names the vehicle",
        auditor="Vehicle at check-in, else on the goods movement, against the booking.",
        monotone=1,
    ),
    Feature(
        form=Fact("trailer_differs", _trailer, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="The trailer is not the one booked",
        otherwise="The trailer is the one booked",
        missing="Only one stream names the trailer",
        auditor="Trailers at check-in, else on the goods movement, against the booking.",
        monotone=1,
    ),
    Feature(
        form=Fact("containers_differ", _containers, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="Containers on the declaration are not those on the bill",
        otherwise="Containers on the declaration are those on the bill",
        missing="Only one stream names containers",
        auditor="Set of containers of the goods items against that of the bill.",
    ),
    Feature(
        form=Fact("haulier_differs", _haulier, Quantity.FLAG, 0, 1),
        group=ReasonGroup.PARTIES,
        officer="The haulier is not the one booked",
        otherwise="The haulier is the one booked",
        missing="Only one stream names the haulier",
        auditor="Haulier on the goods movement against the booking, by EORI.",
        monotone=1,
    ),
    Feature(
        form=Fact("driver_differs", _driver, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="The driver is not the one booked",
        otherwise="The driver is the one booked",
        missing="No driver is known on both sides",
        auditor="The carrier's driver token at check-in against the booking; no name is used.",
    ),
    Feature(
        form=Fact("seals_differ", lambda stated: seals_differ(stated.version), Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="Seals are not those declared",
        otherwise="Seals are those declared",
        missing="Seals are not known on both sides",
        auditor="Set of seals at check-in or on the manifest against the declaration.",
        monotone=1,
    ),
)
