"""Lanes: standing trades that make sense."""

from __future__ import annotations

from aftc.reference.ports import PORTS
from training.world.goods import COMMODITIES
from training.world.imagined import World
from training.world.lanes import LOAD_PORTS, TRANSHIPMENTS
from training.world.threats import LURES


def test_lanes_bring_goods_the_way_they_are_sent(small: World) -> None:
    """A lane's consignor sends that commodity from that country that way; by sea it has a port, by ferry a route."""
    lanes, consignors = small.lanes, small.consignors
    for row, consignor in enumerate(lanes.consignor.tolist()):
        commodity, sea = COMMODITIES[int(lanes.commodity[row])], bool(lanes.by_sea[row])
        country = consignors.parties[consignor].country
        assert country in (commodity.sea if sea else commodity.road)
        assert (lanes.load_port[row] in LOAD_PORTS.get(country or "", ())) == sea
        assert (lanes.route[row] >= 0) == (lanes.haulier[row] >= 0) == (not sea)


def test_tables_name_known_places_and_goods() -> None:
    """Every port of the tables is a known port, and every lure fits a commodity from one of its origins."""
    assert {code for codes in (*LOAD_PORTS.values(), *TRANSHIPMENTS.values()) for code in codes} <= set(PORTS)
    assert {country for each in COMMODITIES for country in each.sea} <= set(LOAD_PORTS)
    for lure in LURES:
        fitting = [each for each in COMMODITIES if each.hs_code.startswith(lure.hs_prefix)]
        assert any(country in each.sea + each.road for each in fitting for country in lure.origins)
