"""Vessel calls and containers."""

from __future__ import annotations

import numpy as np

from aftc.clock import DAY
from training.world.imagined import World


def test_a_container_lands_once_a_voyage_and_rests_between(demonstration: World) -> None:
    """A container number seen twice comes on different calls at least twenty days apart; some do come back."""
    boxes, calls = demonstration.traffic.boxes, demonstration.traffic.calls
    seen: dict[str, list[int]] = {}
    for number, call in zip(boxes.number, boxes.call.tolist(), strict=True):
        seen.setdefault(number, []).append(int(calls.arrival[call]))
    again = [sorted(times) for times in seen.values() if len(times) > 1]
    assert len(again) > 50
    assert min(np.diff(times).min() for times in again) >= 20 * DAY


def test_boxes_come_from_the_port_of_their_lane(small: World) -> None:
    """Every container is on a call from its lane's port of loading."""
    traffic = small.traffic
    for call, lane in zip(traffic.boxes.call.tolist(), traffic.boxes.lane.tolist(), strict=True):
        assert traffic.calls.load_port[call] == small.lanes.load_port[lane]


def test_voyages_are_told_apart(small: World) -> None:
    """No two calls share a voyage number."""
    assert len(set(small.traffic.calls.voyage)) == len(small.traffic.calls.voyage)
