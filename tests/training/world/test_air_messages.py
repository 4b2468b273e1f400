"""Messages of the air: every device has its air waybill, every house its own, every flight its manifest."""

from __future__ import annotations

from collections import Counter

from aftc.clock import HOUR
from aftc.records import AirWaybill, FlightManifest
from training.world.air_messages import air_dispatches
from training.world.cast import Cast
from training.world.simulation import Week


def test_waybills_tell_of_every_consignment_once(small_cast: Cast, small_weeks: list[Week]) -> None:
    """One air waybill a device, direct where it holds one consignment; else a house waybill for each."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        waybills = [each for each in air_dispatches(small_cast, week.arrivals) if isinstance(each.record, AirWaybill)]
        aboard = Counter(unit for unit in traffic.consignments.unit.tolist() if unit >= traffic.first_uld)
        assert Counter(each.stream for each in waybills) == {
            "xfwb": len(traffic.ulds.number),
            "xfzb": sum(count for count in aboard.values() if count > 1),
        }
        own = [each.about for each in waybills if isinstance(each.record, AirWaybill) and not each.record.consolidation]
        assert sorted(own) == sorted((traffic.reference(row),) for row in _rows(week))


def test_manifests_list_every_device_before_departure(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Each flight's first manifest holds its devices and is issued within two hours before it departs."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        dispatches = list(air_dispatches(small_cast, week.arrivals))
        manifests = [each.record for each in dispatches if isinstance(each.record, FlightManifest)]
        first = [each for each in manifests if each.purpose == "Creation"]
        assert sorted(unit.number or "" for each in first for unit in each.units) == sorted(traffic.ulds.number)
        for each in first:
            assert each.issued_at is not None
            assert each.departure - 2 * HOUR < each.issued_at < each.departure
        assert 0 < len(manifests) - len(first) < len(first)


def _rows(week: Week) -> list[int]:
    traffic = week.arrivals.traffic
    return [row for row, unit in enumerate(traffic.consignments.unit.tolist()) if unit >= traffic.first_uld]
