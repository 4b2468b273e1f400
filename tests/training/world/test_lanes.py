"""Lanes: standing trades that make sense."""

from __future__ import annotations

from aftc.reference.ports import PORTS
from training.world.cast import Cast
from training.world.flights import AIR_PORTS, PARCEL_PORTS
from training.world.goods import COMMODITIES
from training.world.lanes import LOAD_PORTS, TRANSHIPMENTS
from training.world.threats import LURES
from training.world.traders import Way, origins_of


def test_lanes_bring_goods_the_way_they_are_sent(large_cast: Cast) -> None:
    """A lane's consignor sends that commodity from that country that way, from a port or airport, or by a route."""
    lanes, consignors = large_cast.lanes, large_cast.consignors
    tables = {Way.SEA: LOAD_PORTS, Way.AIR: AIR_PORTS, Way.POST: PARCEL_PORTS}
    for row, consignor in enumerate(lanes.consignor.tolist()):
        way, country = Way(int(lanes.way[row])), consignors.parties[consignor].country or ""
        assert country in origins_of(COMMODITIES[int(lanes.commodity[row])], way)
        ferry = way is Way.ROAD
        assert (lanes.route[row] >= 0) == (lanes.haulier[row] >= 0) == ferry
        assert lanes.load_port[row] == "" if ferry else lanes.load_port[row] in tables[way][country]
        assert (lanes.forwarder[row] < 0) == (way is Way.POST)
        assert not lanes.unaccompanied[row] or ferry


def test_sea_lanes_pass_known_ports_of_transhipment(large_cast: Cast) -> None:
    """A third or so of the sea lanes of countries with hubs pass one of them; no other lane does."""
    lanes, passed = large_cast.lanes, []
    for row, (way, port) in enumerate(zip(lanes.way.tolist(), lanes.transhipment, strict=True)):
        country = large_cast.consignors.parties[int(lanes.consignor[row])].country or ""
        if way == Way.SEA and country in TRANSHIPMENTS:
            passed.append(bool(port))
        assert not port or port in TRANSHIPMENTS[country]
    assert 0.2 < sum(passed) / len(passed) < 0.5


def test_everybody_has_a_lane_and_no_spare_has(large_cast: Cast) -> None:
    """Every consignee has a lane at least; those of nobody yet have none, neither as consignees nor as consignors."""
    lanes, consignees, consignors = large_cast.lanes, large_cast.consignees, large_cast.consignors
    assert set(lanes.consignee.tolist()) == {row for row, spare in enumerate(consignees.spare_of.tolist()) if spare < 0}
    assert all(consignors.spare_of[row] < 0 for row in set(lanes.consignor.tolist()))


def test_tables_name_known_places_and_goods() -> None:
    """Every port of the tables is a known port, and every lure fits a commodity from one of its origins."""
    assert {code for codes in (*LOAD_PORTS.values(), *TRANSHIPMENTS.values()) for code in codes} <= set(PORTS)
    assert {country for each in COMMODITIES for country in each.sea} <= set(LOAD_PORTS)
    assert {country for each in COMMODITIES for country in each.air} <= set(AIR_PORTS)
    assert {country for each in COMMODITIES for country in each.post} <= set(PARCEL_PORTS)
    for lure in LURES:
        fitting = [each for each in COMMODITIES if each.hs_code.startswith(lure.hs_prefix)]
        origins = {country for each in fitting for country in each.sea + each.road + each.air + each.post}
        assert origins & set(lure.origins)
