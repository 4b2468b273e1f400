"""Transit declarations that the format can express exactly, at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.clock import SECOND
from aftc.records import (
    GoodsLocation,
    PreviousDocument,
    TransitDeclaration,
    TransitEquipment,
    TransitHouse,
    TransitItem,
    TransportMeans,
)
from aftc.reference.ports import office_zone
from tests.streams.valid_values import (
    COUNTRY,
    DOCUMENTS,
    OFFICES,
    OPTIONAL_MASS,
    OPTIONAL_PARTY,
    PLACE,
    codes,
    local,
    maybe,
    words,
)

__all__ = ["transits"]

CODE, COUNT = maybe(codes("[A-Z0-9]{1,3}")), st.none() | st.integers(0, 99_999)
SHIPPED = st.lists(DOCUMENTS, max_size=2).map(tuple)
PREVIOUS = st.lists(st.builds(PreviousDocument, CODE, words(35), category=st.none(), item=COUNT), max_size=2).map(tuple)
MEANS = st.lists(
    st.builds(TransportMeans, CODE, maybe(words(35)), maybe(COUNTRY), maybe(words(8)), maybe(words(17))).filter(
        lambda each: each != TransportMeans(None, None)
    ),
    max_size=2,
).map(tuple)
EQUIPMENT = st.lists(
    st.builds(
        TransitEquipment,
        maybe(words(17)),
        st.lists(words(20), max_size=2).map(tuple),
        st.lists(st.integers(1, 9_999), max_size=2).map(tuple),
    ).filter(lambda each: each != TransitEquipment(None)),
    max_size=2,
).map(tuple)
LOCATION = st.none() | st.builds(GoodsLocation, maybe(PLACE), CODE, CODE, country=st.none()).filter(
    lambda each: each != GoodsLocation(None)
)


@st.composite
def _items(draw: DrawFn, number: int) -> TransitItem:
    return TransitItem(
        number=number,
        description=draw(maybe(words(280))),
        hs_code=draw(maybe(codes("[0-9]{4,6}|[0-9]{8}"))),
        gross_mass_g=draw(OPTIONAL_MASS),
        net_mass_g=draw(OPTIONAL_MASS),
        packages=draw(COUNT),
        package_kind=draw(CODE),
        ucr=draw(maybe(words(35))),
        un_number=draw(maybe(codes("[0-9]{4}"))),
        consignee=draw(OPTIONAL_PARTY),
        dispatch_country=draw(maybe(COUNTRY)),
        destination_country=draw(maybe(COUNTRY)),
        transport_documents=draw(SHIPPED),
        previous_documents=draw(PREVIOUS),
    )


@st.composite
def _houses(draw: DrawFn, numbers: range) -> TransitHouse:
    return TransitHouse(
        items=tuple(draw(_items(number)) for number in numbers),
        gross_mass_g=draw(OPTIONAL_MASS),
        ucr=draw(maybe(words(35))),
        dispatch_country=draw(maybe(COUNTRY)),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        departure_means=draw(MEANS),
        transport_documents=draw(SHIPPED),
        previous_documents=draw(PREVIOUS),
    )


@st.composite
def transits(draw: DrawFn) -> TransitDeclaration:
    """Declarations of one or two house consignments, few of whose parts fit together."""
    office, middle = draw(st.sampled_from(OFFICES)), draw(st.integers(2, 3))
    ranges = [range(1, middle), range(middle, 4)][: draw(st.integers(1, 2))]
    return TransitDeclaration(
        lrn=draw(words(22)),
        message_id=draw(words(35)),
        kind=draw(codes("T[12]")),
        additional=draw(CODE),
        security=draw(CODE),
        declared_at=draw(local(office_zone(office), SECOND)),
        limit_day=draw(st.none() | st.dates().map(str)),
        departure_office=office,
        transit_offices=tuple(draw(st.lists(words(8), max_size=2))),
        destination_office=draw(maybe(words(8))),
        holder=draw(OPTIONAL_PARTY),
        representative=draw(OPTIONAL_PARTY),
        carrier=draw(OPTIONAL_PARTY),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        dispatch_country=draw(maybe(COUNTRY)),
        destination_country=draw(maybe(COUNTRY)),
        containerised=draw(st.none() | st.booleans()),
        inland_mode=draw(CODE),
        border_mode=draw(CODE),
        gross_mass_g=draw(st.integers(0, 99_999_999_999)),
        ucr=draw(maybe(words(35))),
        goods_location=draw(LOCATION),
        place_of_loading=draw(maybe(PLACE)),
        place_of_unloading=draw(maybe(PLACE)),
        equipment=draw(EQUIPMENT),
        departure_means=draw(MEANS),
        border_means=draw(MEANS),
        transport_documents=draw(SHIPPED),
        previous_documents=draw(PREVIOUS),
        houses=tuple(draw(_houses(numbers)) for numbers in ranges),
    )
