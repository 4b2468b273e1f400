"""Equipment as booked and declared against the one that comes."""

from __future__ import annotations

from training.world.booked_equipment import booked_trailers, booked_vehicles
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.declared_containers import declared_containers
from training.world.simulation import Week


def test_other_equipment_is_of_the_same_haulier(small_cast: Cast, small_weeks: list[Week]) -> None:
    """What was booked in place of what came is in the haulier's own fleet, and only where conduct says so."""
    differing = 0
    for week in small_weeks:
        arrivals = week.arrivals
        crossings, carriage, hauliers = arrivals.traffic.crossings, arrivals.carriage, small_cast.hauliers
        for booked, came, other, fleet in (
            (booked_trailers, crossings.trailer_number, carriage.trailer_other, hauliers.trailers),
            (booked_vehicles, crossings.vehicle_number, carriage.vehicle_other, hauliers.vehicles),
        ):
            for row, number in enumerate(booked(small_cast, arrivals)):
                if number == came[row]:
                    continue
                owner = int(crossings.haulier[row])
                assert other[row]
                assert not carriage.no_show[row]
                assert number in fleet.numbers[fleet.first[owner] : fleet.first[owner + 1]]
                differing += 1
    assert differing > 10


def test_wrong_containers_are_neighbours_or_slips(small_weeks: list[Week]) -> None:
    """A container declared in place of another is aboard the same vessel, or the right one with one digit off."""
    slips = neighbours = 0
    for week in small_weeks:
        traffic = week.arrivals.traffic
        declared, right = declared_containers(week.arrivals)
        call = dict(zip(traffic.boxes.number, traffic.boxes.call.tolist(), strict=True))
        other = week.arrivals.paperwork.container_other & (traffic.consignments.mode == SEA)
        assert len(right) == other.sum()
        for row, numbers in declared.items():
            first = int(traffic.consignments.unit[row])
            own = traffic.units.number[first : first + int(traffic.consignments.units[row])]
            if traffic.consignments.document[row] not in right:
                assert numbers == own
                continue
            assert right[traffic.consignments.document[row]] == own
            off = sum(one != other for one, other in zip(numbers[0], own[0], strict=True))
            neighbour = call.get(numbers[0]) == call[own[0]]
            slips, neighbours = slips + (off == 1), neighbours + neighbour
            assert off == 1 or neighbour
    assert slips > 0
    assert neighbours > 0
