"""The forty indicators that practice names, and the features that serve each: what is covered, and what is not and why.

A source for most of them is practice, not proof: the models decide their weight, and the card reports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["INDICATORS", "Indicator"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Attributes:
        words: As practice has it.
        features: Names of the features that serve it.
        lacking: What of it no feature says, and why; empty where they say all.
    """

    words: str
    features: tuple[str, ...]
    lacking: str = ""


def _of(words: str, *features: str, lacking: str = "") -> Indicator:
    return Indicator(words, features, lacking)


INDICATORS: Final = (
    _of("short booking lead", "booking_lead_minutes"),
    _of("check-in lead", "check_in_lead_minutes"),
    _of("cash payment", "paid_in_cash", "account_cash_per_count_91d"),
    _of("empty trailer on a round trip", "laden", "return_trip", "haulier_unladen_per_count_91d"),
    _of("tractor only", "vehicle_alone"),
    _of("quick turnaround under 24 h", "turnaround_minutes"),
    _of(
        "trailer first seen at this port",
        "new_trailer",
        lacking="first seen anywhere; a history by port would be one more entity of each movement",
    ),
    _of("driver new on the account", "new_account_driver"),
    _of("driver changed account", "new_account_driver", "driver_found_365d"),
    _of("driver changed on return", "driver_changed_on_return"),
    _of("port hop in/out", "route_changed_on_return"),
    _of(
        "earlier seizures by each entity",
        "consignor_found_365d",
        "consignee_found_365d",
        "notify_found_365d",
        "haulier_found_365d",
        "account_found_365d",
        "vehicle_found_365d",
        "trailer_found_365d",
        "driver_found_365d",
        "declarant_found_per_examined_365d",
        "carrier_found_per_examined_365d",
    ),
    _of("unaccompanied", "mode"),
    _of(
        "booking amended, how often and how late",
        "booking_amendments",
        lacking="how late: the clocks of messages are no facts of the consignment",
    ),
    _of("tractor/trailer pairing new", "new_vehicle_trailer"),
    _of(
        "haulier newly registered",
        "new_haulier",
        lacking="when it was registered: no stream states it, only when it came",
    ),
    _of("booked haulier is not the goods movement's", "haulier_differs"),
    _of("vehicle or trailer of the goods movement is not the booking's", "vehicle_differs", "trailer_differs"),
    _of(
        "gross weight differs between streams",
        "entry_mass_against_carried_mass",
        "entry_mass_against_booked_mass",
        "weighed_mass_against_booked_mass",
        "weighed_mass_against_entry_mass",
        "verified_mass_against_gross_mass_g",
        "document_mass_against_carried_mass",
    ),
    _of("package count differs", "entry_packages_against_carried_packages"),
    _of("descriptions dissimilar", "descriptions_shared_words"),
    _of("vague description or stop-word", "vague_description", "declarant_vague_per_count_365d"),
    _of("consignor/consignee pair never seen", "new_consignor_consignee", "consignee_new_pair_per_count_91d"),
    _of("consignee's first import of such goods", "new_consignee_hs4"),
    _of("goods unlike the trader's activity", "new_consignee_hs4", "log_unit_mass_from_consignor_norm_365d"),
    _of("value per kg an outlier for goods and origin", "log_unit_value_from_hs6_origin_norm_365d"),
    _of("kg per package an outlier", "log_unit_mass_from_hs6_origin_norm_365d"),
    _of("freight exceeds goods value", "freight_of_invoice"),
    _of(
        "prepaid by a third party",
        "freight_collect",
        lacking="who paid: the bill says that freight is prepaid, not by whom",
    ),
    _of(
        'consignee "to order" or a forwarder',
        "consignee_to_order",
        "consignee_count_28d",
        lacking="no stream says that a consignee is a forwarder; one receives for many",
    ),
    _of("transhipment, third-country routing", "transhipment", "itinerary_countries"),
    _of(
        "route longer than usual",
        "itinerary_countries",
        "new_route",
        lacking="usual lengths by origin: would need distances that no stream states",
    ),
    _of("origin is not dispatch country", "origin_elsewhere"),
    _of(
        "reefer or fruit from a cocaine-source origin",
        "refrigerated",
        "hs_chapter",
        "dispatch_country",
        "hs4_origin_found_cocaine_per_examined_365d",
    ),
    _of("seal missing, changed or duplicated", "container_unsealed", "seals_differ", "seal_repeated"),
    _of("ISO 6346 check digit wrong", "container_number_wrong"),
    _of(
        "rejected or returned container",
        "container_count_365d",
        "new_container",
        lacking="that it was rejected: no stream of the border states it",
    ),
    _of(
        "parcel address shared by many consignees",
        "consignee_count_28d",
        lacking="a history by address would be one more entity of each consignment",
    ),
    _of("precursor or pill-press goods by origin", "hs4_origin_found_per_examined_365d", "hs_chapter"),
    _of("master carton count mismatch", "entry_packages_against_carried_packages"),
)
