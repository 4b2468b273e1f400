"""Entry summary declarations: documents, parties and conveyances of each mode, and amendments."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from aftc.clock import MINUTE
from aftc.records import EntrySummary, Manifest
from aftc.reference.ports import PORTS
from training.world.cast import Cast
from training.world.dispatch import Dispatch
from training.world.flights import Flights
from training.world.simulation import Week

_BY_DOCUMENTS = {
    ("N730",): {"10", "11"},
    ("N705",): {"1"},
    ("N714", "N705"): {"1"},
    ("N740",): {"4"},
    ("N703", "N741"): {"4"},
}


@pytest.fixture(scope="module")
def entries(dispatches: list[Dispatch]) -> list[EntrySummary]:
    """All declarations, in the order in which they come."""
    ordered = sorted(dispatches, key=lambda each: (each.received, each.name))
    return [each.record for each in ordered if isinstance(each.record, EntrySummary)]


def test_every_goods_item_names_its_document(entries: list[EntrySummary]) -> None:
    """Each goods item has the transport document of its mode, the house document before its master."""
    kinds: Counter[tuple[str, ...]] = Counter()
    for entry in entries:
        for item in entry.items:
            named = tuple(each.kind for each in item.documents)
            kinds[named] += 1
            assert entry.transport_mode in _BY_DOCUMENTS[named]
            assert entry.special_circumstance is None or named == ("N703", "N741")
    assert set(kinds) == set(_BY_DOCUMENTS)


def test_by_air_the_flight_is_declared(small_cast: Cast, small_weeks: list[Week], entries: list[EntrySummary]) -> None:
    """Air freight and parcels state a flight that lands then, its airports and airline; couriers declare their own."""
    flights: dict[str, list[tuple[Flights, int]]] = defaultdict(list)
    for week in small_weeks:
        table = week.arrivals.traffic.flights
        for row, number in enumerate(table.number):
            flights[number].append((table, row))
    airlines = small_cast.airlines
    for entry in (each for each in entries if each.transport_mode == "4"):
        ((table, row), *_) = flights[entry.conveyance_reference or ""]
        airline = int(table.airline[row])
        assert (entry.place_of_loading, entry.place_of_unloading) == (
            table.load_airport[row],
            table.arrival_airport[row],
        )
        assert entry.office_of_first_entry == PORTS[table.arrival_airport[row]].office
        assert entry.carrier == airlines.parties[airline]
        assert (entry.special_circumstance == "A") == airlines.integrator[airline]
        assert (entry.declarant == entry.carrier) == airlines.integrator[airline]


def test_parcels_are_declared_alone_and_together(entries: list[EntrySummary]) -> None:
    """Most declarations of parcels are of one, some of several under one master, with parties by item."""
    parcels = [each for each in entries if each.special_circumstance == "A" and not each.amendment]
    several = [each for each in parcels if len({item.documents[0] for item in each.items}) > 1]
    assert 0 < len(several) < len(parcels) / 2
    for entry in several:
        assert len({item.documents[1] for item in entry.items}) == 1
        assert all(item.consignee is not None for item in entry.items)


def test_declarations_add_up(entries: list[EntrySummary]) -> None:
    """Items, packages and gross mass of the header are those of the goods items."""
    for entry in entries:
        assert entry.total_items == len(entry.items)
        assert entry.total_packages == sum(item.packages or 0 for item in entry.items)
        assert entry.total_gross_mass_g == sum(item.gross_mass_g or 0 for item in entry.items)


def test_amounts_are_those_of_the_papers(small_weeks: list[Week], entries: list[EntrySummary]) -> None:
    """What was last declared of a consignment, before or after arrival, is what its paperwork says."""
    last: dict[str, tuple[int, int]] = {}
    for entry in sorted(entries, key=lambda each: (each.declared_at or 0, each.amendment)):
        sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for item in entry.items:
            packages, mass = sums[item.documents[0].reference]
            sums[item.documents[0].reference] = (packages + (item.packages or 0), mass + (item.gross_mass_g or 0))
        last.update(sums)
    for week in small_weeks:
        consignments, paperwork = week.arrivals.traffic.consignments, week.arrivals.paperwork
        for row, document in enumerate(consignments.document):
            if document:
                assert last[document] == (paperwork.entry_packages[row], paperwork.entry_mass[row])


def test_amendments_put_something_right(entries: list[EntrySummary]) -> None:
    """Five to fifteen in a hundred are amended under an MRN; each changes one thing, some after arrival."""
    firsts = {each.items[0].documents[0].reference: each for each in entries if not each.amendment}
    amended = [each for each in entries if each.amendment]
    assert 0.05 < len(amended) / len(firsts) < 0.15
    changed: Counter[str] = Counter()
    for entry in amended:
        before = firsts[entry.items[0].documents[0].reference]
        assert (entry.declared_at or 0) > (before.declared_at or 0)
        changed["arrival"] += entry.expected_arrival != before.expected_arrival
        changed["packages"] += entry.total_packages != before.total_packages
        changed["mass"] += entry.total_gross_mass_g != before.total_gross_mass_g
        changed["container"] += entry.items[0].containers != before.items[0].containers
    assert min(changed[each] for each in ("arrival", "packages", "mass")) > 0
    late = np.mean([(each.declared_at or 0) > (each.expected_arrival or 0) + 60 * MINUTE for each in amended])
    assert 0 < late < 0.4


def test_bills_of_a_manifest_are_declared(dispatches: list[Dispatch], entries: list[EntrySummary]) -> None:
    """Each bill's reference and voyage are those of a declaration, which names its containers but for a few."""
    declared = {}
    for entry in entries:
        for item in entry.items:
            declared[item.documents[0].reference] = (item.containers, entry.conveyance_reference)
    manifests = [each.record for each in dispatches if isinstance(each.record, Manifest)]
    wrong = bills = 0
    for manifest in manifests:
        assert {each.number for each in manifest.equipment} == {
            each for bill in manifest.bills for each in bill.containers
        }
        for bill in manifest.bills:
            containers, voyage = declared[bill.house or bill.master or ""]
            assert voyage == manifest.voyage
            wrong += containers != bill.containers
            bills += 1
    assert 0 < wrong < bills * 0.03
