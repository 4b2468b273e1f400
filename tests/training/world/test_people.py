"""Private consignees and their addresses."""

from __future__ import annotations

import numpy as np

from training.world.people import parcel_addresses, private_consignees


def test_a_number_always_gives_the_same_consignee() -> None:
    """Whoever asks, in whatever company, gets the same person at the same address; another world has others."""
    people, addresses = np.arange(500), np.arange(500) // 3
    together = private_consignees(7, people, addresses)
    alone = private_consignees(7, people[40:41], addresses[40:41])
    assert together[40] == alone[0]
    assert sum(one == other for one, other in zip(together, private_consignees(8, people, addresses), strict=True)) == 0


def test_consignees_share_addresses_and_differ_in_names() -> None:
    """Three people at one address write the same street, town and postcode; nearly all names differ."""
    people = np.arange(900)
    found = private_consignees(7, people, people // 3)
    places = [(each.street, each.city, each.postcode) for each in found]
    assert places == [parcel_addresses(7, np.array([number]))[0] for number in (people // 3).tolist()]
    assert len(set(places)) == 300
    assert len({each.name for each in found}) > 850


def test_consignees_are_private_and_british() -> None:
    """No trader number, at least one initial, a postcode that no real place has."""
    for each in private_consignees(7, np.arange(200), np.arange(200)):
        assert (each.eori, each.country) == (None, "GB")
        *initials, surname = (each.name or "").split()
        assert all(len(initial) == 1 for initial in initials)
        assert len(surname) > 4
        assert (each.postcode or "")[0] in "QVX"


def test_a_town_keeps_its_postcode_area() -> None:
    """Fewer towns than addresses, each town's number with one area."""
    found = parcel_addresses(7, np.arange(5_000))
    areas = {(town, postcode[:2]) for _, town, postcode in found}
    assert 300 < len(areas) <= 600
    assert any(street.startswith("Flat") for street, _, _ in found)
    assert any(street.startswith("Unit") for street, _, _ in found)


def test_nobody_is_nobody() -> None:
    """No numbers, no people."""
    none = np.zeros(0, dtype=np.int64)
    assert private_consignees(7, none, none) == []
