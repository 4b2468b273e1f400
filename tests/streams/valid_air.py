"""Random waybills and flight manifests, as their formats can express them exactly."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.records import AirWaybill, DeclaredValue, FlightLeg, FlightManifest, LoadedUnit, LoadedWaybill
from aftc.reference.airports import AIRPORTS
from tests.streams.valid_values import OPTIONAL_MASS, OPTIONAL_PARTY, codes, instants, maybe, words

AIRPORT = codes("[A-Z]{3}")
DEVICE = codes("[A-Z]{3}[0-9]{5}[A-Z]{2}") | codes("[A-Z]{2}[0-9]{1,8}")
MONEY = st.builds(DeclaredValue, st.integers(0, 10**12), maybe(codes("[A-Z]{3}")))
VALUE = st.none() | st.just(DeclaredValue(None, None)) | MONEY
DAY = st.dates().map(lambda each: each.isoformat())
COUNT = st.none() | st.integers(0, 99_999)


@st.composite
def awb_numbers(draw: DrawFn) -> str:
    """Air waybill numbers with their check digit, with a dash or without."""
    serial = draw(st.integers(0, 9_999_999))
    return f"{draw(codes('[0-9]{3}'))}{draw(st.sampled_from(('-', '')))}{serial:07d}{serial % 7}"


LEGS = st.builds(FlightLeg, words(8), maybe(DAY), maybe(AIRPORT), maybe(AIRPORT))


@st.composite
def air_waybills(draw: DrawFn, *, house: bool) -> AirWaybill:
    """Air waybills, or house waybills under them."""
    return AirWaybill(
        master=draw(awb_numbers()),
        house=draw(words(35)) if house else None,
        message_id=draw(maybe(words(70))),
        purpose=draw(maybe(st.sampled_from(("Creation", "Update", "Deletion")))),
        issued_at=draw(st.none() | instants(1)),
        consolidation=None if house else draw(st.sampled_from((True, False, None))),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        forwarder=draw(OPTIONAL_PARTY),
        origin=draw(maybe(AIRPORT)),
        destination=draw(maybe(AIRPORT)),
        legs=tuple(draw(st.lists(LEGS, max_size=2))),
        pieces=draw(COUNT),
        packages=draw(COUNT),
        gross_mass_g=draw(OPTIONAL_MASS),
        description=draw(maybe(words(280))),
        hs_codes=tuple(draw(st.lists(codes("[0-9]{4,10}"), max_size=3, unique=True))),
        carriage_value=draw(VALUE),
        customs_value=draw(VALUE),
        insured_value=draw(VALUE),
        special_handling=tuple(draw(st.lists(codes("[A-Z]{3}"), max_size=3, unique=True))),
        units=tuple(draw(st.lists(DEVICE, max_size=2, unique=True))),
    )


LOADED = st.builds(
    LoadedWaybill,
    number=awb_numbers(),
    pieces=COUNT,
    gross_mass_g=OPTIONAL_MASS,
    description=maybe(words(65)),
    origin=maybe(AIRPORT),
    destination=maybe(AIRPORT),
    share=maybe(st.sampled_from(("T", "P", "S", "D"))),
)
LOADED_WAYBILLS = st.lists(LOADED, min_size=1, max_size=3).map(tuple)
LOADED_UNIT = st.builds(LoadedUnit, DEVICE, OPTIONAL_MASS, LOADED_WAYBILLS) | st.builds(
    LoadedUnit, st.none(), st.none(), LOADED_WAYBILLS
)


@st.composite
def flight_manifests(draw: DrawFn) -> FlightManifest:
    """Flight manifests of one airport of unloading."""
    return FlightManifest(
        flight=draw(words(8)),
        departure=draw(instants(1)),
        load_airport=draw(maybe(AIRPORT | st.sampled_from(tuple(AIRPORTS)))),
        discharge_airport=draw(maybe(AIRPORT | st.sampled_from(tuple(AIRPORTS)))),
        arrival=draw(st.none() | instants(1)),
        message_id=draw(maybe(words(70))),
        purpose=draw(maybe(words(10))),
        issued_at=draw(st.none() | instants(1)),
        units=tuple(draw(st.lists(LOADED_UNIT, max_size=3))),
    )
