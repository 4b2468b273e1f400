"""What is stated of containers aboard a vessel, and the electronic bill of lading of `a_bill`."""

from __future__ import annotations

from typing import Any

from aftc.clock import DAY, HOUR
from aftc.records import (
    BayPlan,
    ContainerisedGoods,
    ContainerOrder,
    DocumentedContainer,
    DocumentedGoods,
    OrderKind,
    Seal,
    TransportDocument,
    VoyageContainer,
)
from aftc.testing.declarations import ARRIVAL, a_party

__all__ = ["a_bay_plan", "a_container_order", "a_transport_document", "a_voyage_container"]

DEPARTURE = ARRIVAL - 400 * HOUR


def a_voyage_container(**given: Any) -> VoyageContainer:
    """The container of `a_bill`, laden and weighed."""
    defaults: dict[str, Any] = {
        "number": "CSQU3054383",
        "size_type": "45R1",
        "laden": True,
        "position": "0050302",
        "verified_mass_g": 27_100_000,
        "load_port": "ECGYE",
        "discharge_port": "GBFXT",
        "carrier": "MOLU",
        "temperature_dc": -180,
    }
    return VoyageContainer(**{**defaults, **given})


def a_bay_plan(*containers: VoyageContainer, **given: Any) -> BayPlan:
    """The bay plan of the voyage of `a_manifest`, when it left the port of loading."""
    defaults: dict[str, Any] = {
        "reference": "BAYPLAN-1",
        "function": "9",
        "prepared_at": DEPARTURE + HOUR,
        "carrier": "MOLU",
        "voyage": "V101E",
        "loading_voyage": None,
        "vessel_imo": "9074729",
        "vessel_call_sign": "MXYZ1",
        "vessel_name": "Meridian Dawn",
        "port": "ECGYE",
        "next_port": "GBFXT",
        "departure": DEPARTURE,
        "arrival": ARRIVAL + HOUR,
        "containers": containers or (a_voyage_container(),),
    }
    return BayPlan(**{**defaults, **given})


def a_container_order(*containers: VoyageContainer, **given: Any) -> ContainerOrder:
    """The order to load the container of `a_bill`."""
    listed = containers or (a_voyage_container(position=None, booking="BKG-7"),)
    defaults: dict[str, Any] = {
        "reference": "ORDER-1",
        "kind": OrderKind.LOADING,
        "function": "9",
        "prepared_at": DEPARTURE - 2 * DAY,
        "carrier": "MOLU",
        "voyage": "V101E",
        "loading_voyage": None,
        "vessel_imo": "9074729",
        "vessel_call_sign": "MXYZ1",
        "vessel_name": "Meridian Dawn",
        "port": "ECGYE",
        "arrival": DEPARTURE - DAY,
        "departure": DEPARTURE,
        "total_containers": len(listed),
        "containers": listed,
    }
    return ContainerOrder(**{**defaults, **given})


def a_transport_document(**given: Any) -> TransportDocument:
    """The electronic bill of lading of `a_bill`, by the same particulars."""
    defaults: dict[str, Any] = {
        "reference": "OCEAN0001",
        "version": None,
        "instructions": "SI-1",
        "status": "ISSUED",
        "kind": "BOL",
        "to_order": False,
        "freight": "P",
        "carrier": "MOLU",
        "carrier_list": "NMFTA",
        "issued": "2026-02-14",
        "shipped_on_board": "2026-02-13",
        "planned_departure": "2026-02-13",
        "planned_arrival": "2026-03-02",
        "vessel_name": "Meridian Dawn",
        "voyage": "V101E",
        "place_of_receipt": None,
        "load_port": "ECGYE",
        "discharge_port": "GBFXT",
        "place_of_delivery": "GBFXT",
        "consignor": a_party("Camarones del Golfo SA", country="EC", postcode=None),
        "consignee": a_party(eori="GB123456789000"),
        "notify": None,
        "endorsee": None,
        "goods": (
            DocumentedGoods(
                "BKG-7",
                "FROZEN SHRIMP",
                ("030617",),
                (ContainerisedGoods("CSQU3054383", 22_400_000, 1800, "CT"),),
            ),
        ),
        "containers": (DocumentedContainer("CSQU3054383", "45R1", 4_600_000, False, -180, (Seal("SL1", "CA"),)),),
        "houses": (),
    }
    return TransportDocument(**{**defaults, **given})
