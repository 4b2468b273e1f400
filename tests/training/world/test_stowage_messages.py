"""Loading orders, bay plans and electronic bills: about the containers of the calls, and in time."""

from __future__ import annotations

from aftc.clock import MINUTE
from aftc.records import BayPlan, ContainerOrder, Manifest, TransportDocument
from training.world.cargo_aboard import TARE_G, aboard
from training.world.cast import Cast
from training.world.dispatch import Dispatch
from training.world.document_messages import document_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.simulation import Week
from training.world.stowage_messages import stowage_dispatches


def _of(dispatches: list[Dispatch], stream: str) -> list[Dispatch]:
    return [each for each in dispatches if each.stream == stream]


def test_every_call_is_ordered_and_planned(dispatches: list[Dispatch]) -> None:
    """One loading order before each departure and one bay plan after it, about what the manifest is about."""
    orders, plans = _of(dispatches, "coprar"), _of(dispatches, "baplie")
    manifests = {each.about for each in _of(dispatches, "cuscar")}
    assert {each.about for each in orders} == {each.about for each in plans} == manifests
    for order, plan in zip(orders, plans, strict=True):
        assert isinstance(order.record, ContainerOrder)
        assert isinstance(plan.record, BayPlan)
        assert order.record.departure == plan.record.departure
        assert (order.record.prepared_at or 0) < (order.record.departure or 0) < (plan.record.prepared_at or 0)


def test_a_bay_plan_holds_what_was_ordered_and_more(dispatches: list[Dispatch]) -> None:
    """What is loaded for here, weighed alike, each in a cell of its own, and containers bound elsewhere, some empty."""
    through = 0
    for order, plan in zip(_of(dispatches, "coprar"), _of(dispatches, "baplie"), strict=True):
        assert isinstance(order.record, ContainerOrder)
        assert isinstance(plan.record, BayPlan)
        here = {each.number: each for each in plan.record.containers}
        cells = [each.position for each in plan.record.containers]
        assert len(set(cells)) == len(cells) == len(here)
        for each in order.record.containers:
            assert here[each.number].verified_mass_g == each.verified_mass_g
            assert each.discharge_port == plan.record.next_port
        elsewhere = [each for each in here.values() if each.discharge_port != plan.record.next_port]
        through += sum(not each.laden for each in elsewhere)
        assert len(elsewhere) == len(here) - len(order.record.containers)
    assert through > 0


def test_what_is_hidden_weighs(small_cast: Cast, small_weeks: list[Week]) -> None:
    """The verified mass is that of the port's scales and the container; of the few others the shippers' own sum."""
    verified = 0
    for week in small_weeks:
        traffic, weighed = week.arrivals.traffic, week.arrivals.carriage.weighed_mass
        row = {number: traffic.first_box + box for box, number in enumerate(traffic.boxes.number)}
        for containers in aboard(small_cast, week.arrivals).containers:
            for each in containers:
                if each.verified_mass_g is not None:
                    verified += 1
                    assert each.verified_mass_g == weighed[row[each.number]] + TARE_G[(each.size_type or "")[0]]
                else:
                    assert each.gross_mass_g is not None
    assert verified > 100


def test_electronic_bills_are_issued_for_a_share(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Two in five bills, after departure and before arrival, by the number of the manifest's, with the same parties."""
    issued, billed = 0, 0
    for week in small_weeks:
        masters = {
            bill.master: (manifest, bill)
            for each in manifest_dispatches(small_cast, week.arrivals)
            if isinstance(manifest := each.record, Manifest)
            for bill in manifest.bills
        }
        billed += len(masters)
        for each in document_dispatches(small_cast, week.arrivals):
            document = each.record
            assert isinstance(document, TransportDocument)
            issued += 1
            manifest, bill = masters[document.reference]
            assert document.voyage == manifest.voyage
            assert set(bill.containers) <= set(document.numbers)
            assert (document.consignee is None) == bool(document.to_order)
            if bill.house is None and document.consignee is not None:
                assert (document.consignee.name or "").upper() == (bill.consignee.name if bill.consignee else None)
            assert each.received >= (manifest.departure or 0) + 60 * MINUTE
    assert 0.3 < issued / billed < 0.5


def test_stowage_and_bills_draw_for_themselves(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Written twice, and after other messages, they are the same."""
    arrivals = small_weeks[0].arrivals
    for family in (stowage_dispatches, document_dispatches):
        assert list(family(small_cast, arrivals)) == list(family(small_cast, arrivals))
