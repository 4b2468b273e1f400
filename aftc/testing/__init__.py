"""Builders of records with plausible defaults, for tests of every room. All parties and numbers are invented."""

from aftc.testing.air import a_flight_manifest, a_house_waybill, an_air_entry, an_air_waybill
from aftc.testing.carriage import (
    a_bill,
    a_booking,
    a_check_in,
    a_departure,
    a_goods_movement,
    a_manifest,
    a_sailed_unit,
)
from aftc.testing.decisions import a_basis, a_selection, a_subject, a_version, an_assessment, an_examination
from aftc.testing.declarations import (
    ARRIVAL,
    MRN,
    a_container_entry,
    a_party,
    a_response,
    a_roro_entry,
    an_intervention,
)
from aftc.testing.imports import IMPORT_MRN, a_notification, an_import_declaration
from aftc.testing.partners import a_detection, a_selector, a_selector_hit
from aftc.testing.sea import a_bay_plan, a_container_order, a_transport_document, a_voyage_container
from aftc.testing.transit import a_transit, a_transit_house

__all__ = [
    "ARRIVAL",
    "IMPORT_MRN",
    "MRN",
    "a_basis",
    "a_bay_plan",
    "a_bill",
    "a_booking",
    "a_check_in",
    "a_container_entry",
    "a_container_order",
    "a_departure",
    "a_detection",
    "a_flight_manifest",
    "a_goods_movement",
    "a_house_waybill",
    "a_manifest",
    "a_notification",
    "a_party",
    "a_response",
    "a_roro_entry",
    "a_sailed_unit",
    "a_selection",
    "a_selector",
    "a_selector_hit",
    "a_subject",
    "a_transit",
    "a_transit_house",
    "a_transport_document",
    "a_version",
    "a_voyage_container",
    "an_air_entry",
    "an_air_waybill",
    "an_assessment",
    "an_examination",
    "an_import_declaration",
    "an_intervention",
]
