"""Signs: what conduct shows, among the honest and where a scheme is behind it.

Every sign occurs among the honest too, and most schemes show few: no single field tells the truth. How strongly a
method shows a sign differs, and a network that was found hides more. The rates are the project's own choice: no
public source gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from training.world.networks import METHODS
from training.world.parameters import Floats, Ints
from training.world.threats import Method

__all__ = ["CLEAN", "Marks", "Sign", "Signs"]

CLEAN = -1  # method of what has no scheme

_DRIVER, _TRAILER, _LOAD, _FRONT, _RIP, _PARCEL, _PRECURSOR = (
    Method.RECRUITED_DRIVER,
    Method.BUILT_IN,
    Method.CONCEALED_LOAD,
    Method.FRONT_COMPANY,
    Method.RIP_ON,
    Method.PARCEL_SWARM,
    Method.PRECURSOR,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: what it is in words, and its share, mean or median (see words) honest and with a scheme.

    `methods` gives the methods that show it otherwise than most.
    """

    words: str
    honest: float
    scheme: float
    methods: Mapping[Method, float] = field(default_factory=lambda: MappingProxyType({}))

    def rates(self, marks: Marks) -> Floats:
        """The rate for each row."""
        shown = np.array([self.methods.get(method, self.scheme) for method in METHODS] + [self.honest])
        return np.asarray(self.honest + (shown[marks.method] - self.honest) * (1.0 - marks.polish))


@dataclass(frozen=True, slots=True)
class Marks:
    """What conduct follows from, columns [units] or [consignments].

    Attributes:
        method: int64, index in `METHODS` of the scheme, `CLEAN` where there is none.
        polish: float64, how much of its signs it hides.
    """

    method: Ints
    polish: Floats


class Signs:
    """All signs of the world, by what they are about."""

    CASH = Sign("ferry booking paid in cash, above the haulier's habit (share)", 0.0, 0.1, {_DRIVER: 0.2})
    DRIVER_CHANGED = Sign("another driver at check-in than booked (share)", 0.05, 0.14, {_DRIVER: 0.32})
    HAULIER_OTHER = Sign("goods movement by another haulier than booked (share)", 0.04, 0.14, {_FRONT: 0.22})
    VEHICLE_OTHER = Sign("goods movement with another vehicle of the haulier (share)", 0.02, 0.08)
    TRAILER_OTHER = Sign("another trailer at check-in than booked (share)", 0.02, 0.07, {_TRAILER: 0.2})
    RETURN_TRIP = Sign("return trip booked (share)", 0.75, 0.55)
    HIDDEN_WEIGHT = Sign(
        "150 to 1,500 kg more on the port's scales than the goods weigh (share)",
        0.02,
        0.5,
        {_TRAILER: 0.65, _RIP: 0.35},
    )
    SEAL_CHANGED = Sign("seal at check-in or on the manifest is not the declared one (share)", 0.02, 0.2, {_RIP: 0.55})
    CONTAINER_OTHER = Sign("declared container is not the manifest's (share)", 0.01, 0.03, {_RIP: 0.08})
    VAGUE = Sign("goods described in words that say nothing (share)", 0.08, 0.16, {_PARCEL: 0.3, _PRECURSOR: 0.25})
    OTHER_GOODS = Sign("declared under another HS code than that of the goods (share)", 0.01, 0.04, {_PRECURSOR: 0.25})
    PACKAGES_DIFFER = Sign("packages of manifest and declaration differ (share)", 0.02, 0.25)
    MASS_DIFFERS = Sign("gross mass of the manifest is off by up to a fifth (share)", 0.02, 0.5)
    ODD_PACKAGING = Sign("kilograms per package unlike the goods (share)", 0.02, 0.5, {_LOAD: 0.6})
    ODD_PRICE = Sign(
        "value per kilogram unlike the goods, or just below a threshold (share)",
        0.02,
        0.4,
        {_FRONT: 0.55, _PARCEL: 0.55},
    )
    ELSEWHERE = Sign("sent from another country than that of origin (share)", 0.06, 0.12, {_FRONT: 0.2})
    TO_ORDER = Sign("bill to order or to the forwarder (share)", 0.06, 0.11, {_FRONT: 0.16})
    CASH_FREIGHT = Sign("freight paid in cash (share)", 0.05, 0.11)
    LATE = Sign("declared less than ninety minutes before arrival, or up to three hours after (share)", 0.03, 0.05)
    BOOKING_LEAD = Sign("ferry booking before departure (median hours, log-normal, deviation 0.9)", 52.0, 36.0)
    FERRY_ENTRY_LEAD = Sign("declaration before ferry arrival (median hours, log-normal, deviation 0.55)", 9.0, 7.5)
    SEA_ENTRY_LEAD = Sign("declaration before vessel arrival (median hours, log-normal, deviation 0.5)", 110.0, 90.0)
    AIR_ENTRY_LEAD = Sign("declaration before landing (median hours, log-normal, deviation 0.4)", 7.0, 5.5)
    AMENDMENTS = Sign("amendments of a ferry booking (mean before the cut at two, Poisson)", 0.32, 0.6)
    ENTRY_AMENDED = Sign("declaration amended before arrival (share)", 0.05, 0.11)

    @classmethod
    def every(cls) -> tuple[Sign, ...]:
        """All of them, in the order above."""
        return tuple(each for each in vars(cls).values() if isinstance(each, Sign))
