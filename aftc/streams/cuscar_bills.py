"""The bills of a cargo report: what one consignment's segments say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aftc.records import Bill
from aftc.streams.edifact import Segment
from aftc.streams.edifact_equipment import goods_mass, write_gross_mass
from aftc.streams.edifact_parts import free_text, party, places, write_free_text, write_party, write_place
from aftc.streams.values import Flags, commodity_code, country_code, reference, whole_number

__all__ = ["by_bill", "read_bill", "write_bill"]

MASTER = ("BM", "MB")  # UN/EDIFACT 1153: bill of lading, master bill
HOUSE = ("BH", "HWB")  # house bill of lading, house waybill
FREIGHT = {"P": "P", "C": "C", "PP": "P", "CC": "C"}  # 4237, else 4215


def by_bill(consignment: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The segments of each bill under one CNI.

    Once goods have been named, the next reference to a bill begins another one; a house bill keeps the last master.
    """
    bill: list[Segment] = []
    master: list[Segment] = []
    has_goods = False
    for segment in consignment:
        numbers = segment.tag == "RFF" and segment.at(0) in MASTER + HOUSE and segment.at(0, 1) is not None
        if numbers and has_goods:
            yield bill
            bill = [consignment[0], *(master if segment.at(0) in HOUSE else ())]
            has_goods = False
        if numbers and segment.at(0) in MASTER:
            master = [segment]
        has_goods = has_goods or segment.tag == "GID"
        bill.append(segment)
    yield bill


def read_bill(segments: Sequence[Segment], flags: Flags) -> Bill:
    """The bill of a consignment's segments, CNI first."""
    where = places(segments, flags)
    goods = _goods(segments)
    packages, package_kind = _packages(goods, flags)
    master = _number(segments, MASTER, flags) or flags.take("CNI/1004", reference, segments[0].at(1))
    house = _number(segments, HOUSE, flags)
    if master is None and house is None:
        flags.add("CNI", "without the number of a bill", segments[0].at(0))
    return Bill(
        master=master,
        house=house,
        consignor=party(segments, ("CZ", "EX"), flags),
        consignee=party(segments, ("CN",), flags),
        notify=party(segments, ("NI", "N1"), flags),
        description=free_text(segments, flags),
        hs_code=_commodity(segments, flags),
        packages=packages,
        package_kind=package_kind,
        gross_mass_g=_mass(goods, flags),
        containers=_containers(segments, flags),
        origin_country=flags.take("LOC+27/3225", country_code, where.get("27")),
        place_of_loading=where.get("9"),
        place_of_discharge=where.get("11"),
        place_of_delivery=where.get("7") or where.get("83"),
        transhipment=where.get("13"),
        freight=_freight(segments, flags),
    )


def write_bill(number: int, bill: Bill) -> Iterator[Segment]:
    """The consignment of a bill."""
    yield Segment("CNI", ((str(number),),))
    if bill.master is not None:
        yield Segment("RFF", (("BM", bill.master),))
    if bill.house is not None:
        yield Segment("RFF", (("BH", bill.house),))
    yield from write_place("9", bill.place_of_loading)
    yield from write_place("11", bill.place_of_discharge)
    yield from write_place("7", bill.place_of_delivery)
    yield from write_place("13", bill.transhipment)
    if bill.origin_country is not None:
        yield Segment("LOC", (("27",), (bill.origin_country, "162", "5")))
    if bill.freight is not None:
        yield Segment("CPI", (("4",), (), (bill.freight,)))
    yield from write_party("CZ", bill.consignor)
    yield from write_party("CN", bill.consignee)
    yield from write_party("NI", bill.notify)
    packages = "" if bill.packages is None else str(bill.packages)
    yield Segment("GID", (("1",), (packages, bill.package_kind or "")))
    yield from write_free_text(bill.description)
    yield from write_gross_mass(bill.gross_mass_g)
    for container in bill.containers:
        yield Segment("SGP", ((container,),))
    if bill.hs_code is not None:
        yield Segment("CST", (("1",), (bill.hs_code, "122")))


def _number(segments: Sequence[Segment], kinds: tuple[str, ...], flags: Flags) -> str | None:
    for rff in segments:
        if rff.tag == "RFF" and rff.at(0) in kinds and rff.at(0, 1):
            return flags.take(f"RFF+{rff.at(0)}/1154", reference, rff.at(0, 1))
    return None


def _goods(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments before the first GID, then those of each GID."""
    parts: list[list[Segment]] = [[]]
    for segment in segments:
        if segment.tag == "GID":
            parts.append([])
        parts[-1].append(segment)
    return parts


def _packages(goods: list[list[Segment]], flags: Flags) -> tuple[int | None, str | None]:
    """Packages over all goods items, and the first kind named; a GID's own count goes before its PAC."""
    total, kind = None, None
    for part in goods[1:] or goods:
        given = [(each.at(1), each.at(1, 1)) for each in part if each.tag == "GID" and each.at(1)]
        given = given or [(each.at(0), each.at(2)) for each in part if each.tag == "PAC"]
        for stated, named in given:
            number = flags.take("GID/7224", whole_number, stated)
            if number is not None:
                total = (total or 0) + number
            kind = kind or flags.take("GID/7065", reference, named)
        if not given:
            kind = kind or next((each.at(1, 1) for each in part if each.tag == "GID"), None)
    return total, kind


def _mass(goods: list[list[Segment]], flags: Flags) -> int | None:
    """Gross mass of the bill where it is stated before its goods, else the sum over these."""
    stated = goods_mass(goods[0], flags)
    if stated is not None:
        return stated
    masses = [mass for part in goods[1:] if (mass := goods_mass(part, flags)) is not None]
    return sum(masses) if masses else None


def _commodity(segments: Sequence[Segment], flags: Flags) -> str | None:
    for cst in (each for each in segments if each.tag == "CST"):
        code = flags.take("CST/7361", commodity_code, cst.at(1))
        if code:
            return code
    return None


def _containers(segments: Sequence[Segment], flags: Flags) -> tuple[str, ...]:
    numbers = (flags.take("SGP/8260", reference, each.at(0)) for each in segments if each.tag == "SGP")
    return tuple(dict.fromkeys(number for number in numbers if number))


def _freight(segments: Sequence[Segment], flags: Flags) -> str | None:
    for cpi in (each for each in segments if each.tag == "CPI"):
        stated = cpi.at(2) or cpi.at(1)
        if stated in FREIGHT:
            return FREIGHT[stated]
        flags.add("CPI/4237", "neither prepaid nor collect", stated)
    return None
