"""Bay plans, container orders and transport documents with one doubt each, and the flag that it gives."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aftc.clock import DAY
from aftc.records import DocumentedContainer, Hazard, Party, Record, Seal
from aftc.testing import ARRIVAL, a_bay_plan, a_container_order, a_transport_document, a_voyage_container

__all__ = ["SEA_DOCUMENTS", "STOWAGE"]

BOX, OTHER = "CSQU3054383", "MSCU1234566"
DRY = "containers[1]/size_type: not a refrigerated container: '45G1'"


def _stowage() -> list[tuple[Record, str]]:
    examples: list[tuple[Record, str]] = [
        (a_bay_plan(departure=ARRIVAL + DAY), "arrival: before departure"),
        (a_bay_plan(next_port="ECGYE"), "next_port: the port of departure too: 'ECGYE'"),
        (a_container_order(arrival=ARRIVAL), "departure: before arrival"),
        (a_container_order(total_containers=2), "total_containers: not the number of containers: '2 stated, 1 listed'"),
    ]
    changes: list[tuple[dict[str, Any], str]] = [
        ({"number": "CONTAINER 1"}, "containers: not of the form of a container number: 'CONTAINER 1'"),
        ({"number": "CSQU3054384"}, "containers: wrong check digit: 'CSQU3054384'"),
        ({"discharge_port": "GBFX1"}, "ports: not of the form of a UN/LOCODE: 'GBFX1'"),
        ({"position": "050302"}, "containers[1]/position: not of the form of a stowage cell: '050302'"),
        ({"verified_mass_g": 0}, "containers[1]/verified_mass_g: zero"),
        (
            {"gross_mass_g": 36_000_001},
            "containers[1]/gross_mass_g: heavier than containers carry: '36000001 g'",
        ),
        ({"size_type": "45G1"}, DRY),
        ({"hazards": (Hazard("13", "2198"),)}, "containers[1]/hazards/hazard_class: not of the IMDG Code: '13'"),
    ]
    for whole in (a_bay_plan, a_container_order):
        examples += [
            (whole(vessel_imo="9074728"), "vessel_imo: not an IMO number: '9074728'"),
            (whole(voyage=None), "voyage: missing"),
            (
                whole(a_voyage_container(), a_voyage_container(position="0050304")),
                f"containers: listed twice: '{BOX}'",
            ),
            (
                whole(a_voyage_container(), a_voyage_container(number=OTHER)),
                "containers: two laden containers in it: '0050302'",
            ),
        ]
        examples += [(whole(a_voyage_container(**changed)), flag) for changed, flag in changes]
    return examples


def _changed(**part: Any) -> Record:
    document = a_transport_document()
    goods = document.goods[0]
    return replace(document, goods=(replace(goods, parts=(replace(goods.parts[0], **part),)),))


def _goods(**goods: Any) -> Record:
    return a_transport_document(goods=(replace(a_transport_document().goods[0], **goods),))


def _boxes(*numbers: str, **given: Any) -> Record:
    return a_transport_document(containers=tuple(DocumentedContainer(each, **given) for each in numbers))


STOWAGE = _stowage()
SEA_DOCUMENTS: list[tuple[Record, str]] = [
    (a_transport_document(reference=None), "reference: missing"),
    (a_transport_document(kind="SWB", to_order=True), "to_order: not of a sea waybill"),
    (a_transport_document(planned_arrival="2026-02-12"), "planned_arrival: before departure: '2026-02-12'"),
    (a_transport_document(issued="2026-02-12"), "issued: before the goods were on board: '2026-02-12'"),
    (_boxes(BOX, "CONTAINER 1"), "containers: not of the form of a container number: 'CONTAINER 1'"),
    (_boxes(BOX, "CSQU3054384"), "containers: wrong check digit: 'CSQU3054384'"),
    (_boxes(OTHER), f"goods[1]/parts[1]/container: not among the containers: '{BOX}'"),
    (_boxes(BOX, BOX), f"containers: listed twice: '{BOX}'"),
    (_boxes(BOX, OTHER, seals=(Seal("S9"),)), "seals: on two containers: 'S9'"),
    (_changed(gross_mass_g=0), "goods[1]/parts[1]/gross_mass_g: zero"),
    (
        _changed(gross_mass_g=36_000_001),
        f"goods: heavier than containers carry: '36000001 g in {BOX}'",
    ),
    (_goods(description=None, hs_codes=()), "goods[1]/description: missing"),
    (a_transport_document(consignee=None), "consignee: missing"),
    (_goods(hs_codes=("990000",)), "goods[1]/hs_codes: not in the Harmonized System: '990000'"),
    (
        a_transport_document(notify=Party(name="Nobody", country="QQ")),
        "notify/country: not an assigned country: 'QQ'",
    ),
    (_changed(hazards=(Hazard("3", "12"),)), "goods[1]/parts[1]/hazards/un_number: not of the IMDG Code: '12'"),
]
