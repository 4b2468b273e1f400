"""Signs: what conduct shows, among the honest and where a scheme is behind it.

Every sign occurs among the honest too, and most schemes show few: no single field tells the truth. The rates are
the project's own choice: no public source gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Sign", "Signs"]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: what it is in words, and its share, mean or median (see words) honest and with a scheme."""

    words: str
    honest: float
    scheme: float


class Signs:
    """All signs of the world, by what they are about."""

    CASH = Sign("ferry booking paid in cash, above the haulier's habit (share)", 0.0, 0.10)
    DRIVER_CHANGED = Sign("another driver at check-in than booked (share)", 0.05, 0.13)
    HAULIER_OTHER = Sign("goods movement by another haulier than booked (share)", 0.04, 0.14)
    VEHICLE_OTHER = Sign("goods movement with another vehicle of the haulier (share)", 0.02, 0.06)
    RETURN_TRIP = Sign("return trip booked (share)", 0.75, 0.58)
    HIDDEN_WEIGHT = Sign("150 to 1,500 kg more on the port's scales than the goods weigh (share)", 0.04, 0.26)
    SEAL_CHANGED = Sign("seal at check-in or on the manifest is not the declared one (share)", 0.03, 0.13)
    VAGUE = Sign("goods described in words that say nothing (share)", 0.09, 0.17)
    PACKAGES_DIFFER = Sign("packages of manifest and declaration differ (share)", 0.03, 0.13)
    MASS_DIFFERS = Sign("gross mass of the manifest is off by up to a fifth (share)", 0.04, 0.24)
    ODD_PACKAGING = Sign("kilograms per package unlike the goods (share)", 0.05, 0.16)
    TO_ORDER = Sign("bill to order or to the forwarder (share)", 0.06, 0.11)
    CASH_FREIGHT = Sign("freight paid in cash (share)", 0.05, 0.11)
    LATE = Sign("declared less than ninety minutes before arrival, or up to three hours after (share)", 0.03, 0.05)
    BOOKING_LEAD = Sign("ferry booking before departure (median hours, log-normal, deviation 0.9)", 52.0, 36.0)
    FERRY_ENTRY_LEAD = Sign("declaration before ferry arrival (median hours, log-normal, deviation 0.55)", 9.0, 7.5)
    SEA_ENTRY_LEAD = Sign("declaration before vessel arrival (median hours, log-normal, deviation 0.5)", 110.0, 90.0)
    AMENDMENTS = Sign("amendments of a ferry booking (mean before the cut at two, Poisson)", 0.32, 0.6)

    @classmethod
    def every(cls) -> tuple[Sign, ...]:
        """All of them, in the order above."""
        return tuple(each for each in vars(cls).values() if isinstance(each, Sign))
