"""Random bay plans, container orders and transport documents, as their formats can express them exactly."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from aftc.clock import SECOND
from aftc.records import (
    BayPlan,
    ContainerisedGoods,
    ContainerOrder,
    DocumentedContainer,
    DocumentedGoods,
    Hazard,
    OrderKind,
    Seal,
    TransportDocument,
    VoyageContainer,
)
from aftc.reference.ports import PORTS
from tests.streams.valid_values import OPTIONAL_MASS, OPTIONAL_PARTY, PLACE, codes, local, maybe, words

HAZARDS = st.builds(Hazard, maybe(codes("[1-9](\\.[1-6])?")), codes("[0-9]{4}"))
BOXES = st.builds(
    VoyageContainer,
    number=words(17),
    size_type=maybe(codes("[0-9]{2}[A-Z][0-9]")),
    laden=st.none() | st.booleans(),
    position=maybe(codes("[0-9]{7}")),
    gross_mass_g=OPTIONAL_MASS,
    verified_mass_g=OPTIONAL_MASS,
    load_port=maybe(PLACE),
    discharge_port=maybe(PLACE),
    place_of_delivery=maybe(PLACE),
    booking=maybe(words(35)),
    carrier=maybe(words(17)),
    description=maybe(words(300)),
    temperature_dc=st.none() | st.integers(-1_000, 1_000),
    hazards=st.lists(HAZARDS, max_size=2).map(tuple),
    seals=st.lists(st.builds(Seal, words(15), maybe(st.sampled_from(("CA", "SH", "CU")))), max_size=2).map(tuple),
)


@st.composite
def bay_plans(draw: DrawFn) -> BayPlan:
    """Bay plans, times to the second."""
    port, next_port = draw(st.sampled_from(sorted(PORTS))), draw(st.sampled_from(sorted(PORTS)))
    return BayPlan(
        reference=draw(words(35)),
        function=draw(maybe(st.sampled_from("159"))),
        prepared_at=draw(st.none() | local(PORTS[port].zone, SECOND)),
        carrier=draw(maybe(words(17))),
        voyage=draw(maybe(words(17))),
        loading_voyage=draw(maybe(words(17))),
        vessel_imo=draw(maybe(codes("[0-9]{7}"))),
        vessel_call_sign=draw(maybe(codes("[A-Z0-9]{4,7}"))),
        vessel_name=draw(maybe(words(35))),
        port=port,
        next_port=next_port,
        departure=draw(st.none() | local(PORTS[port].zone, SECOND)),
        arrival=draw(st.none() | local(PORTS[next_port].zone, SECOND)),
        containers=tuple(draw(st.lists(BOXES, max_size=3))),
    )


@st.composite
def container_orders(draw: DrawFn) -> ContainerOrder:
    """Orders to load or to discharge, times to the second."""
    port = draw(st.sampled_from(sorted(PORTS)))
    moment = st.none() | local(PORTS[port].zone, SECOND)
    return ContainerOrder(
        reference=draw(words(35)),
        kind=draw(st.sampled_from(OrderKind)),
        function=draw(maybe(st.sampled_from("159"))),
        prepared_at=draw(moment),
        carrier=draw(maybe(words(17))),
        voyage=draw(maybe(words(17))),
        loading_voyage=draw(maybe(words(17))),
        vessel_imo=draw(maybe(codes("[0-9]{7}"))),
        vessel_call_sign=draw(maybe(codes("[A-Z0-9]{4,7}"))),
        vessel_name=draw(maybe(words(35))),
        port=port,
        arrival=draw(moment),
        departure=draw(moment),
        total_containers=draw(st.none() | st.integers(0, 99_999)),
        containers=tuple(draw(st.lists(BOXES, max_size=3))),
    )


GOODS = st.builds(
    DocumentedGoods,
    booking=words(35),
    description=maybe(words(300)),
    hs_codes=st.lists(codes("[0-9]{4,10}"), max_size=3).map(tuple),
    parts=st.lists(
        st.builds(
            ContainerisedGoods,
            container=maybe(words(11)),
            gross_mass_g=OPTIONAL_MASS,
            packages=st.none() | st.integers(0, 99_999_999),
            package_kind=maybe(codes("[A-Z0-9]{2}")),
            hazards=st.lists(HAZARDS, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
)
DOCUMENTED = st.builds(
    DocumentedContainer,
    number=words(11),
    size_type=maybe(codes("[0-9]{2}[A-Z][0-9]")),
    tare_mass_g=OPTIONAL_MASS,
    shipper_owned=st.none() | st.booleans(),
    temperature_dc=st.none() | st.integers(-1_000, 1_000),
    seals=st.lists(st.builds(Seal, words(15), maybe(st.sampled_from(("CA", "SH", "CU")))), max_size=2).map(tuple),
)
DAY = maybe(st.dates().map(lambda each: each.isoformat()))


def transport_documents() -> SearchStrategy[TransportDocument]:
    """Transport documents and instructions for them."""
    return st.builds(
        TransportDocument,
        reference=words(20),
        version=maybe(words(100)),
        instructions=maybe(words(100)),
        status=maybe(st.sampled_from(("DRAFT", "ISSUED", "VOIDED"))),
        kind=maybe(st.sampled_from(("BOL", "SWB"))),
        to_order=st.none() | st.booleans(),
        freight=maybe(st.sampled_from("PC")),
        carrier=maybe(words(4)),
        carrier_list=maybe(st.sampled_from(("SMDG", "NMFTA"))),
        issued=DAY,
        shipped_on_board=DAY,
        planned_departure=DAY,
        planned_arrival=DAY,
        vessel_name=maybe(words(50)),
        voyage=maybe(words(50)),
        place_of_receipt=maybe(words(35)),
        load_port=maybe(words(35)),
        discharge_port=maybe(words(35)),
        place_of_delivery=maybe(words(35)),
        consignor=OPTIONAL_PARTY,
        consignee=OPTIONAL_PARTY,
        notify=OPTIONAL_PARTY,
        endorsee=OPTIONAL_PARTY,
        goods=st.lists(GOODS, max_size=2).map(tuple),
        containers=st.lists(DOCUMENTED, max_size=2).map(tuple),
        houses=st.lists(words(20), max_size=2, unique=True).map(tuple),
        flags=st.just(()),
    )
