"""Records that their formats can express exactly, at random: what `parse(build(record)) == record` is tried on."""

from __future__ import annotations

from math import prod

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from aftc.clock import SECOND
from aftc.records import (
    Bill,
    CrossingStage,
    DeclarationReference,
    EntrySummary,
    Equipment,
    Examination,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    Find,
    GoodsItem,
    GoodsMovement,
    Manifest,
    OutcomeKind,
    Record,
    SailedUnit,
    Seal,
    Selection,
    SelectionReason,
    Threat,
    Unit,
    UnitKind,
)
from aftc.reference.ports import FERRY_ROUTES, PORTS, office_zone
from aftc.streams.zones import zones_of_route
from tests.streams.valid_air import air_waybills, flight_manifests
from tests.streams.valid_answers import interventions, responses
from tests.streams.valid_imports import import_declarations, notifications
from tests.streams.valid_own import merges, row_declarations, row_examinations
from tests.streams.valid_partners import detections, selectors
from tests.streams.valid_sea import bay_plans, container_orders, transport_documents
from tests.streams.valid_transits import transits
from tests.streams.valid_values import (
    COUNTRY,
    DOCUMENTS,
    EORI,
    OFFICES,
    OPTIONAL_MASS,
    OPTIONAL_PARTY,
    PLACE,
    codes,
    instants,
    local,
    maybe,
    parties,
    words,
)

__all__ = ["RECORDS"]


@st.composite
def _goods_items(draw: DrawFn, number: int) -> GoodsItem:
    kind = draw(maybe(codes("[A-Z0-9]{2}")))
    return GoodsItem(
        number=number,
        description=draw(maybe(words(280))),
        hs_code=draw(maybe(codes("[0-9]{4,8}"))),
        gross_mass_g=draw(OPTIONAL_MASS),
        packages=draw(st.none() | st.integers(0, 99_999)) if kind else None,
        package_kind=kind,
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=2))),
        ucr=draw(maybe(words(70))),
        containers=tuple(draw(st.lists(words(17), max_size=2))),
        vehicles=tuple(draw(st.lists(words(27), max_size=2))),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        place_of_loading=draw(maybe(PLACE)),
        place_of_unloading=draw(maybe(PLACE)),
        payment_method=draw(maybe(codes("[A-Z]"))),
        dangerous_goods_code=draw(maybe(codes("[0-9]{4}"))),
    )


@st.composite
def entries(draw: DrawFn) -> EntrySummary:
    """Declarations and amendments that also satisfy the published schema."""
    amendment = draw(st.booleans())
    office = draw(st.sampled_from(OFFICES))
    zone = office_zone(office)
    count = draw(st.integers(1, 3))
    return EntrySummary(
        lrn=None if amendment else draw(words(22)),
        mrn=draw(codes("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")) if amendment else None,
        message_id=draw(words(14)),
        amendment=amendment,
        declared_at=draw(local(zone)),
        transport_mode=draw(codes("[0-9]{1,2}")),
        conveyance_reference=draw(maybe(words(35))),
        conveyance_identity=draw(maybe(words(27))),
        conveyance_nationality=draw(maybe(COUNTRY)),
        office_of_first_entry=office,
        expected_arrival=draw(local(zone)),
        itinerary=tuple(draw(st.lists(COUNTRY, max_size=3))),
        place_of_loading=draw(maybe(PLACE)),
        place_of_unloading=draw(maybe(PLACE)),
        payment_method=draw(maybe(codes("[A-Z]"))),
        special_circumstance=draw(maybe(codes("[A-Z]"))),
        ucr=draw(maybe(words(70))),
        total_items=count,
        total_packages=draw(st.none() | st.integers(0, 9_999_999)),
        total_gross_mass_g=draw(OPTIONAL_MASS),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        carrier=draw(OPTIONAL_PARTY),
        declarant=draw(parties(with_eori=True)),
        representative=draw(st.none() | parties(with_eori=True)),
        items=tuple(draw(_goods_items(number)) for number in range(1, count + 1)),
        seals=tuple(draw(st.lists(words(20), max_size=3))),
    )


@st.composite
def goods_movements(draw: DrawFn) -> GoodsMovement:
    """Haulier's bodies, with or without a crossing."""
    stage = draw(st.none() | st.sampled_from(CrossingStage))
    route_id = draw(st.sampled_from(sorted(FERRY_ROUTES))) if stage else None
    departs, arrives, _ = zones_of_route(route_id)
    kinds = sorted(draw(st.lists(st.sampled_from(("customs", "transit")), max_size=3)))
    return GoodsMovement(
        gmr_id=draw(codes("GMR[A-Z][0-9A-Z]{8}")),
        updated_at=draw(st.none() | instants(1)),
        state=draw(maybe(codes("[A-Z_]{1,20}"))),
        direction=draw(maybe(codes("[A-Z_]{1,20}"))),
        unaccompanied=draw(st.booleans()),
        vehicle=draw(maybe(words(30))),
        trailers=tuple(draw(st.lists(words(30), max_size=2))),
        containers=tuple(draw(st.lists(words(30), max_size=2))),
        haulier_eori=draw(maybe(EORI)),
        route_id=route_id,
        crossing_stage=stage,
        departure=draw(st.none() | local(departs)) if stage else None,
        arrival=draw(st.none() | local(arrives)) if stage else None,
        declarations=tuple(DeclarationReference(kind, draw(words(35)), draw(maybe(words(35)))) for kind in kinds),
        inspection_required=draw(st.none() | st.booleans()),
        report_to=tuple(draw(st.lists(words(20), max_size=3, unique=True))),
    )


BILLS = st.builds(
    Bill,
    master=words(35),
    house=maybe(words(35)),
    consignor=OPTIONAL_PARTY,
    consignee=OPTIONAL_PARTY,
    notify=OPTIONAL_PARTY,
    description=maybe(words(600)),
    hs_code=maybe(codes("[0-9]{4,10}")),
    packages=st.none() | st.integers(0, 99_999_999),
    package_kind=maybe(codes("[A-Z0-9]{2}")),
    gross_mass_g=OPTIONAL_MASS,
    containers=st.lists(words(17), max_size=3, unique=True).map(tuple),
    origin_country=maybe(COUNTRY),
    place_of_loading=maybe(PLACE),
    place_of_discharge=maybe(PLACE),
    place_of_delivery=maybe(PLACE),
    transhipment=maybe(PLACE),
    freight=maybe(st.sampled_from("PC")),
)
EQUIPMENT = st.builds(
    Equipment,
    number=words(17),
    size_type=maybe(codes("[0-9]{2}[A-Z][0-9]")),
    laden=st.none() | st.booleans(),
    gross_mass_g=OPTIONAL_MASS,
    seals=st.lists(st.builds(Seal, words(15), maybe(st.sampled_from(("CA", "SH", "CU")))), max_size=2).map(tuple),
)


@st.composite
def manifests(draw: DrawFn) -> Manifest:
    """Vessel calls with bills and containers, times to the second."""
    load, discharge = draw(st.sampled_from(sorted(PORTS))), draw(st.sampled_from(sorted(PORTS)))
    return Manifest(
        reference=draw(words(35)),
        function=draw(maybe(st.sampled_from("159"))),
        prepared_at=draw(st.none() | local(PORTS[discharge].zone, SECOND)),
        carrier=draw(OPTIONAL_PARTY),
        voyage=draw(maybe(words(17))),
        vessel_imo=draw(maybe(codes("[0-9]{7}"))),
        vessel_call_sign=draw(maybe(codes("[A-Z0-9]{4,7}"))),
        vessel_name=draw(maybe(words(35))),
        load_port=load,
        discharge_port=discharge,
        departure=draw(st.none() | local(PORTS[load].zone, SECOND)),
        arrival=draw(st.none() | local(PORTS[discharge].zone, SECOND)),
        bills=tuple(draw(st.lists(BILLS, max_size=3))),
        equipment=tuple(draw(st.lists(EQUIPMENT, max_size=3))),
    )


UNITS = st.lists(words(30), max_size=2).map(tuple)
TRUTH = st.none() | st.booleans()


def bookings() -> SearchStrategy[FerryBooking]:
    """Bookings, times to the microsecond."""
    return st.builds(
        FerryBooking,
        booking_reference=words(30),
        amendment=st.integers(0, 50),
        cancelled=st.booleans(),
        operator=words(20),
        vessel=maybe(words(30)),
        route_id=words(10),
        booked_at=instants(1),
        departure=instants(1),
        arrival=instants(1),
        account=words(20),
        booker=OPTIONAL_PARTY,
        haulier=OPTIONAL_PARTY,
        unaccompanied=st.booleans(),
        vehicle=maybe(words(30)),
        trailers=UNITS,
        containers=UNITS,
        laden=TRUTH,
        cash=TRUTH,
        return_trip=TRUTH,
        gross_mass_g=OPTIONAL_MASS,
        goods_description=maybe(words(200)),
        driver=maybe(words(30)),
        flags=st.just(()),
    )


def check_ins() -> SearchStrategy[FerryCheckIn]:
    """Check-ins, times to the microsecond."""
    return st.builds(
        FerryCheckIn,
        booking_reference=words(30),
        operator=words(20),
        route_id=words(10),
        checked_in_at=instants(1),
        departure=instants(1),
        arrival=instants(1),
        unaccompanied=st.booleans(),
        vehicle=maybe(words(30)),
        trailers=UNITS,
        containers=UNITS,
        laden=TRUTH,
        weighed_mass_g=OPTIONAL_MASS,
        driver=maybe(words(30)),
        driver_changed=TRUTH,
        seals=UNITS,
        flags=st.just(()),
    )


def departures() -> SearchStrategy[FerryDeparture]:
    """Departures, times to the microsecond."""
    units = st.builds(
        SailedUnit,
        booking_reference=words(30),
        boarded=st.booleans(),
        unaccompanied=st.booleans(),
        vehicle=maybe(words(30)),
        trailers=UNITS,
        containers=UNITS,
        left_because=st.sampled_from((None, "no_show", "refused", "shut_out")),
    )
    return st.builds(
        FerryDeparture,
        operator=words(20),
        route_id=words(10),
        departure=instants(1),
        arrival=instants(1),
        departed_at=instants(1),
        units=st.lists(units, max_size=3).map(tuple),
        vessel=maybe(words(30)),
        expected_arrival=st.none() | instants(1),
        flags=st.just(()),
    )


@st.composite
def _selections(draw: DrawFn) -> Selection:
    chances = draw(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=4))
    names = ("model", "rule", "selector", "intelligence", "random")
    reasons = tuple(
        SelectionReason(draw(st.sampled_from(names)), chance, place == 0 or draw(st.booleans()))
        for place, chance in enumerate(chances)
    )
    return Selection(draw(instants(1)), reasons, 1.0 - prod(1.0 - each.probability for each in reasons))


@st.composite
def examinations(draw: DrawFn) -> Examination:
    """Outcomes of every kind; finds with a positive alone."""
    outcome = draw(st.sampled_from(OutcomeKind))
    consignments = tuple(draw(st.lists(words(30), max_size=3)))
    finds = st.builds(
        Find,
        threat=st.sampled_from([each for each in Threat if each is not Threat.ANY]),
        consignment=st.sampled_from((None, *consignments)),
        substance=maybe(words(50)),
        quantity_g=OPTIONAL_MASS,
        concealment=maybe(words(50)),
    )
    started, ended = sorted(draw(st.tuples(instants(1), instants(1))))
    return Examination(
        examination_id=draw(words(30)),
        revision=draw(st.integers(0, 9)),
        unit=draw(st.builds(Unit, st.sampled_from(UnitKind), words(30))),
        outcome=outcome,
        selection=draw(_selections()),
        consignments=consignments,
        finds=tuple(draw(st.lists(finds, min_size=1, max_size=3))) if outcome is OutcomeKind.POSITIVE else (),
        method=draw(maybe(words(20))),
        place=draw(maybe(PLACE)),
        arrival=draw(st.none() | instants(1)),
        started_at=draw(st.sampled_from((None, started))),
        ended_at=draw(st.sampled_from((None, ended))),
        recorded_at=draw(instants(1)),
    )


RECORDS: dict[str, SearchStrategy[Record]] = {
    "ens": entries(),
    "ens_response": responses(),
    "ens_intervention": interventions(),
    "gmr": goods_movements(),
    "cuscar": manifests(),
    "baplie": bay_plans(),
    "coprar": container_orders(),
    "dcsa_bl": transport_documents(),
    "ferry_booking": bookings(),
    "ferry_check_in": check_ins(),
    "ferry_departure": departures(),
    "outcome": examinations(),
    "party_merge": merges(),
    "xfwb": air_waybills(house=False),
    "xfzb": air_waybills(house=True),
    "xffm": flight_manifests(),
    "cds_import": import_declarations(),
    "ncts_transit": transits(),
    "cds_notification": notifications(),
    "table_row": row_declarations() | row_examinations(),
    "detection": detections(),
    "selector": selectors(),
}
