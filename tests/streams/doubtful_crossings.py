"""Goods movements, bookings and check-ins that raise one doubt each, with its flag."""

from __future__ import annotations

from msgspec.structs import replace

from aftc.clock import DAY, MINUTE
from aftc.records import DeclarationReference, GoodsMovement, Party, Record
from aftc.testing import ARRIVAL, a_booking, a_check_in, a_goods_movement

__all__ = ["MISFORMED", "MRN", "NOBODY", "WRONG_DIGIT", "WRONG_MRN", "doubtful_crossings"]

WRONG_DIGIT, MISFORMED = "CSQU3054384", "CONTAINER 1"
MRN, WRONG_MRN = "26GB0000000000A1B5", "26GB0000000000A1B4"
NOBODY = Party(name="Nobody", country="QQ")


def doubtful_crossings() -> list[tuple[Record, str]]:
    """Records of ferry crossings, each with the flag of the one doubt that it raises."""
    examples: list[tuple[Record, str]] = []
    for each in (a_goods_movement(arrival=ARRIVAL), a_booking(), a_check_in()):
        examples += [
            (replace(each, departure=ARRIVAL + MINUTE), "arrival: before departure"),
            (replace(each, arrival=ARRIVAL + 4 * DAY), "arrival: more than three days after departure"),
            (
                replace(each, unaccompanied=True, vehicle=None, trailers=()),
                "unaccompanied: without trailer or container",
            ),
            (replace(each, vehicle=None), "vehicle: missing, though accompanied"),
            (replace(each, trailers=("T1", "T1")), "units: named twice: 'T1'"),
            (
                replace(each, containers=(MISFORMED,)),
                "containers: not of the form of a container number: 'CONTAINER 1'",
            ),
            (replace(each, containers=(WRONG_DIGIT,)), "containers: wrong check digit: 'CSQU3054384'"),
        ]
    for field, carried in (("gross_mass_g", a_booking()), ("weighed_mass_g", a_check_in())):
        examples += [
            (replace(carried, route_id="999"), "route_id: not a known route: '999'"),
            (replace(carried, operator="EASTLINE"), "operator: not the route's: 'EASTLINE'"),
            (replace(carried, **{field: 0}), f"{field}: zero"),
            (replace(carried, **{field: 60_000_001}), f"{field}: heavier than lorries are: '60000001'"),
        ]
    declared = (DeclarationReference("customs", MRN, WRONG_MRN),)
    return [
        *examples,
        (a_goods_movement(gmr_id="GMR1"), "gmr_id: not of the form of a GMR: 'GMR1'"),
        (a_goods_movement(direction="NORTH"), "direction: not a known code: 'NORTH'"),
        (_nowhere(), "crossing: missing"),
        (a_goods_movement(declarations=declared), f"declarations: wrong check digit: '{WRONG_MRN}'"),
        (
            a_goods_movement(declarations=(DeclarationReference("customs", "GMR 1"),)),
            "declarations: neither an MRN nor a UCR: 'GMR 1'",
        ),
        (
            a_goods_movement(haulier_eori="GB12345"),
            "haulier_eori: not of the form of an EORI number: 'GB12345'",
        ),
        (a_booking(booked_at=ARRIVAL), "booked_at: after departure"),
        (a_booking(laden=False), "goods_description: stated, though empty: 'fruit'"),
        (a_booking(booker=NOBODY), "booker/country: not an assigned country: 'QQ'"),
        (a_check_in(checked_in_at=ARRIVAL), "checked_in_at: after departure"),
    ]


def _nowhere() -> GoodsMovement:
    return a_goods_movement(crossing_stage=None, route_id=None, departure=None)
