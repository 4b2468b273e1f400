"""What officers read of a feature's value."""

from __future__ import annotations

from math import nan

import pytest

from aftc.features.catalogue import CATALOGUE

FEATURES = {feature.name: feature for feature in CATALOGUE}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("booking_lead_minutes", 35.0, "Booked 35 minutes before departure"),
        ("booking_lead_minutes", 1440.0, "Booked 24 hours before departure"),
        ("booking_lead_minutes", nan, "No ferry booking is known"),
        ("gross_mass_g", 18_500_000.0, "Declared gross mass 18,500 kg"),
        ("log_unit_mass", 9210.0, "10.00 kg a package"),
        ("log_unit_value", 4500.0, "Declared customs value £0.90 a kilogram"),
        ("vehicle_differs", 1.0, "The vehicle is not the one booked"),
        ("vehicle_differs", 0.0, "The vehicle is the one booked"),
        ("mode", 2.0, "Arrives by unaccompanied ro-ro"),
        ("hs_chapter", 8.0, "Goods of HS chapter 08"),
        ("dispatch_country", 1.0, "Dispatched from AD"),
        ("dispatch_country", 0.0, "Dispatched from another"),
        ("departure_hour", 3.0, "Departs at 03:00 UTC"),
        ("description_characters", 12.0, "The goods are described in 12 characters"),
        ("descriptions_shared_words", 40.0, "Two streams' descriptions share 40 % of their words"),
        ("consignor_found_365d", 2.0, "Finds in other consignments of this consignor in the last 365 days: 2"),
        ("gross_mass_g_over_consignor_mean_365d", 2.43, "Gross mass is 2.4 times this consignor's average"),
    ],
)
def test_a_value_reads_as_a_plain_sentence(name: str, value: float, sentence: str) -> None:
    """The value stands in the sentence with its unit; a flag and a missing value have sentences of their own."""
    assert FEATURES[name].sentence(value) == sentence
