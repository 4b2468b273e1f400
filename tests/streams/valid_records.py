"""Records that their formats can express exactly, at random: what `parse(build(record)) == record` is tried on.

What a format cannot hold is left out here: seconds in local times, hours that occur twice, runs of spaces, an
empty party.
"""

from __future__ import annotations

import string
from math import prod

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from aftc.clock import MINUTE, SECOND, Instant, from_local, parse_instant
from aftc.records import (
    AirWaybill,
    AnsweredEntry,
    Bill,
    CrossingStage,
    CustomsIntervention,
    DeclarationReference,
    DeclaredValue,
    DocumentReference,
    EntryError,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    Equipment,
    Examination,
    FerryBooking,
    FerryCheckIn,
    Find,
    FlightLeg,
    FlightManifest,
    GoodsItem,
    GoodsMovement,
    LoadedUnit,
    LoadedWaybill,
    Manifest,
    MergeEvidence,
    OutcomeKind,
    Party,
    PartyMerge,
    Record,
    ResponseKind,
    Seal,
    Selection,
    SelectionReason,
    Threat,
    Unit,
    UnitKind,
)
from aftc.reference.airports import AIRPORTS
from aftc.reference.ports import FERRY_ROUTES, PORTS, office_zone
from aftc.streams.zones import HOME_ZONE, local_time, zones_of_route

__all__ = [
    "RECORDS",
    "UNHURRIED",
    "air_waybills",
    "ambiguous",
    "bookings",
    "check_ins",
    "entries",
    "examinations",
    "flight_manifests",
    "goods_movements",
    "interventions",
    "manifests",
    "responses",
    "row_declarations",
    "row_examinations",
]

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no test depends on speed
EARLIEST, LATEST = parse_instant("2001-01-01T00:00:00Z"), parse_instant("2036-12-31T00:00:00Z")
OFFICES = tuple(port.office for port in PORTS.values() if port.office)
VISIBLE = string.ascii_letters + string.digits + string.punctuation + " éßŁø漢"


def _words(longest: int, alphabet: str = VISIBLE) -> SearchStrategy[str]:
    """Text without spaces at the ends or side by side."""
    return st.text(alphabet, min_size=1, max_size=longest).map(lambda each: " ".join(each.split())).filter(bool)


def _maybe(values: SearchStrategy[str]) -> SearchStrategy[str | None]:
    return st.none() | values


def _codes(pattern: str) -> SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


def _instants(step: int) -> SearchStrategy[Instant]:
    return st.integers(EARLIEST // step, LATEST // step).map(lambda count: count * step)


def ambiguous(instant: Instant, zone: str) -> bool:
    """Whether a zone's clock alone does not tell this instant."""
    return from_local(local_time(instant, zone), zone) != (instant, False)


def _local(zone: str, step: int = MINUTE) -> SearchStrategy[Instant]:
    return _instants(step).filter(lambda each: not ambiguous(each, zone))


COUNTRY = _codes("[A-Z]{2}")
EORI = _codes("[A-Z]{2}[A-Z0-9]{1,15}")
MASS = st.integers(0, 99_999_999_999)
OPTIONAL_MASS = st.none() | MASS


def _parties(*, with_eori: bool = False) -> SearchStrategy[Party]:
    party = st.builds(
        Party,
        eori=EORI if with_eori else _maybe(EORI),
        name=_maybe(_words(35)),
        street=_maybe(_words(35)),
        city=_maybe(_words(35)),
        postcode=_maybe(_words(9)),
        country=_maybe(COUNTRY),
    )
    return party.filter(lambda each: each != Party())


OPTIONAL_PARTY = st.none() | _parties()
PLACE = _codes("[A-Z]{2}[A-Z0-9]{1,10}")
DOCUMENTS = st.builds(DocumentReference, _codes("[A-Z][0-9]{3}"), _words(35))
ENTRY_ERRORS = st.builds(
    EntryError,
    code=st.sampled_from(("12", "13", "14", "15", "19", "26")),
    pointer=_words(210),
    rule=_maybe(_words(6)),
    value=_maybe(_words(140)),
)


@st.composite
def _goods_items(draw: DrawFn, number: int) -> GoodsItem:
    kind = draw(_maybe(_codes("[A-Z0-9]{2}")))
    return GoodsItem(
        number=number,
        description=draw(_maybe(_words(280))),
        hs_code=draw(_maybe(_codes("[0-9]{4,8}"))),
        gross_mass_g=draw(OPTIONAL_MASS),
        packages=draw(st.none() | st.integers(0, 99_999)) if kind else None,
        package_kind=kind,
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=2))),
        ucr=draw(_maybe(_words(70))),
        containers=tuple(draw(st.lists(_words(17), max_size=2))),
        vehicles=tuple(draw(st.lists(_words(27), max_size=2))),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        place_of_loading=draw(_maybe(PLACE)),
        place_of_unloading=draw(_maybe(PLACE)),
        payment_method=draw(_maybe(_codes("[A-Z]"))),
        dangerous_goods_code=draw(_maybe(_codes("[0-9]{4}"))),
    )


@st.composite
def entries(draw: DrawFn) -> EntrySummary:
    """Declarations and amendments that also satisfy the published schema."""
    amendment = draw(st.booleans())
    office = draw(st.sampled_from(OFFICES))
    zone = office_zone(office)
    count = draw(st.integers(1, 3))
    return EntrySummary(
        lrn=None if amendment else draw(_words(22)),
        mrn=draw(_codes("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")) if amendment else None,
        message_id=draw(_words(14)),
        amendment=amendment,
        declared_at=draw(_local(zone)),
        transport_mode=draw(_codes("[0-9]{1,2}")),
        conveyance_reference=draw(_maybe(_words(35))),
        conveyance_identity=draw(_maybe(_words(27))),
        conveyance_nationality=draw(_maybe(COUNTRY)),
        office_of_first_entry=office,
        expected_arrival=draw(_local(zone)),
        itinerary=tuple(draw(st.lists(COUNTRY, max_size=3))),
        place_of_loading=draw(_maybe(PLACE)),
        place_of_unloading=draw(_maybe(PLACE)),
        payment_method=draw(_maybe(_codes("[A-Z]"))),
        special_circumstance=draw(_maybe(_codes("[A-Z]"))),
        ucr=draw(_maybe(_words(70))),
        total_items=count,
        total_packages=draw(st.none() | st.integers(0, 9_999_999)),
        total_gross_mass_g=draw(OPTIONAL_MASS),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        carrier=draw(OPTIONAL_PARTY),
        declarant=draw(_parties(with_eori=True)),
        representative=draw(st.none() | _parties(with_eori=True)),
        items=tuple(draw(_goods_items(number)) for number in range(1, count + 1)),
        seals=tuple(draw(st.lists(_words(20), max_size=3))),
    )


MRN = _codes("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")
MESSAGE_ID = _words(14)


@st.composite
def _answered(draw: DrawFn, kind: str, office: str, zone: str) -> AnsweredEntry:
    """What a message of this kind may repeat of a declaration."""
    return AnsweredEntry(
        lrn=None if kind == "CC304A" else draw(_words(22)),
        mrn=draw(MRN),
        transport_mode=draw(_maybe(_codes("[0-9]{1,2}"))),
        conveyance_reference=draw(_maybe(_words(35))),
        conveyance_identity=draw(_maybe(_words(27))),
        conveyance_nationality=draw(_maybe(COUNTRY)),
        ucr=draw(_maybe(_words(70))),
        office_of_lodgement=None if kind == "CC304A" else draw(_maybe(st.sampled_from(OFFICES))),
        office_of_first_entry=office,
        expected_arrival=draw(st.none() | _local(zone)),
        declarant=draw(_parties(with_eori=True)),
        representative=None if kind == "CC328A" else draw(st.none() | _parties(with_eori=True)),
        carrier=draw(st.none() | _parties(with_eori=True)),
        items=tuple(draw(_answered_items(number)) for number in range(1, draw(st.integers(1, 3)))),
    )


@st.composite
def _answered_items(draw: DrawFn, number: int) -> GoodsItem:
    return GoodsItem(
        number=number,
        ucr=draw(_maybe(_words(70))),
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=2))),
        containers=tuple(draw(st.lists(_words(17), max_size=2))),
        vehicles=tuple(draw(st.lists(_words(27), max_size=2))),
    )


@st.composite
def responses(draw: DrawFn) -> EntryResponse:
    """Registrations, rejections and acceptances that also satisfy their published schemas."""
    kind = draw(st.sampled_from(ResponseKind))
    rejected, amended = kind is ResponseKind.REJECTED, kind is ResponseKind.AMENDMENT_ACCEPTED
    office = draw(st.sampled_from(OFFICES))
    zone = HOME_ZONE if rejected else office_zone(office)
    answered = _answered("CC304A" if amended else "CC328A", office, zone)
    return EntryResponse(
        kind=kind,
        message_id=draw(MESSAGE_ID),
        correlation_id=draw(_maybe(MESSAGE_ID)),
        recipient=draw(_words(35)),
        entry=AnsweredEntry(draw(_words(22)), None) if rejected else draw(answered),
        answered_at=draw(_local(zone)),
        amended_at=draw(_local(zone)) if amended else None,
        reason=draw(_maybe(_words(350))) if rejected else None,
        errors=tuple(draw(st.lists(ENTRY_ERRORS, max_size=3))) if rejected else (),
    )


@st.composite
def interventions(draw: DrawFn) -> EntryIntervention:
    """Advance interventions that also satisfy their published schema."""
    office = draw(st.sampled_from(OFFICES))
    zone = office_zone(office)
    each = st.builds(
        CustomsIntervention,
        code=_codes("[A-Z0-9]{1,4}"),
        text=_maybe(_words(350)),
        item=st.none() | st.integers(1, 99_999),
    )
    return EntryIntervention(
        message_id=draw(MESSAGE_ID),
        correlation_id=draw(_maybe(MESSAGE_ID)),
        recipient=draw(_words(35)),
        entry=draw(_answered("CC351A", office, zone)),
        total_items=draw(st.none() | st.integers(3, 99_999)),
        notified_at=draw(_local(zone)),
        registered_at=draw(_local(zone)),
        submitted_at=draw(_local(zone)),
        interventions=tuple(draw(st.lists(each, min_size=1, max_size=3))),
    )


@st.composite
def goods_movements(draw: DrawFn) -> GoodsMovement:
    """Haulier's bodies, with or without a crossing."""
    stage = draw(st.none() | st.sampled_from(CrossingStage))
    route_id = draw(st.sampled_from(sorted(FERRY_ROUTES))) if stage else None
    departs, arrives, _ = zones_of_route(route_id)
    kinds = sorted(draw(st.lists(st.sampled_from(("customs", "transit")), max_size=3)))
    return GoodsMovement(
        gmr_id=draw(_codes("GMR[A-Z][0-9A-Z]{8}")),
        updated_at=draw(st.none() | _instants(1)),
        state=draw(_maybe(_codes("[A-Z_]{1,20}"))),
        direction=draw(_maybe(_codes("[A-Z_]{1,20}"))),
        unaccompanied=draw(st.booleans()),
        vehicle=draw(_maybe(_words(30))),
        trailers=tuple(draw(st.lists(_words(30), max_size=2))),
        containers=tuple(draw(st.lists(_words(30), max_size=2))),
        haulier_eori=draw(_maybe(EORI)),
        route_id=route_id,
        crossing_stage=stage,
        departure=draw(st.none() | _local(departs)) if stage else None,
        arrival=draw(st.none() | _local(arrives)) if stage else None,
        declarations=tuple(DeclarationReference(kind, draw(_words(35)), draw(_maybe(_words(35)))) for kind in kinds),
        inspection_required=draw(st.none() | st.booleans()),
        report_to=tuple(draw(st.lists(_words(20), max_size=3, unique=True))),
    )


BILLS = st.builds(
    Bill,
    master=_words(35),
    house=_maybe(_words(35)),
    consignor=OPTIONAL_PARTY,
    consignee=OPTIONAL_PARTY,
    notify=OPTIONAL_PARTY,
    description=_maybe(_words(600)),
    hs_code=_maybe(_codes("[0-9]{4,10}")),
    packages=st.none() | st.integers(0, 99_999_999),
    package_kind=_maybe(_codes("[A-Z0-9]{2}")),
    gross_mass_g=OPTIONAL_MASS,
    containers=st.lists(_words(17), max_size=3, unique=True).map(tuple),
    origin_country=_maybe(COUNTRY),
    place_of_loading=_maybe(PLACE),
    place_of_discharge=_maybe(PLACE),
    place_of_delivery=_maybe(PLACE),
    transhipment=_maybe(PLACE),
    freight=_maybe(st.sampled_from("PC")),
)
EQUIPMENT = st.builds(
    Equipment,
    number=_words(17),
    size_type=_maybe(_codes("[0-9]{2}[A-Z][0-9]")),
    laden=st.none() | st.booleans(),
    gross_mass_g=OPTIONAL_MASS,
    seals=st.lists(st.builds(Seal, _words(15), _maybe(st.sampled_from(("CA", "SH", "CU")))), max_size=2).map(tuple),
)


@st.composite
def manifests(draw: DrawFn) -> Manifest:
    """Vessel calls with bills and containers, times to the second."""
    load, discharge = draw(st.sampled_from(sorted(PORTS))), draw(st.sampled_from(sorted(PORTS)))
    return Manifest(
        reference=draw(_words(35)),
        function=draw(_maybe(st.sampled_from("159"))),
        carrier=draw(OPTIONAL_PARTY),
        voyage=draw(_maybe(_words(17))),
        vessel_imo=draw(_maybe(_codes("[0-9]{7}"))),
        vessel_call_sign=draw(_maybe(_codes("[A-Z0-9]{4,7}"))),
        vessel_name=draw(_maybe(_words(35))),
        load_port=load,
        discharge_port=discharge,
        departure=draw(st.none() | _local(PORTS[load].zone, SECOND)),
        arrival=draw(st.none() | _local(PORTS[discharge].zone, SECOND)),
        bills=tuple(draw(st.lists(BILLS, max_size=3))),
        equipment=tuple(draw(st.lists(EQUIPMENT, max_size=3))),
    )


UNITS = st.lists(_words(30), max_size=2).map(tuple)
TRUTH = st.none() | st.booleans()


def bookings() -> SearchStrategy[FerryBooking]:
    """Bookings, times to the microsecond."""
    return st.builds(
        FerryBooking,
        booking_reference=_words(30),
        amendment=st.integers(0, 50),
        cancelled=st.booleans(),
        operator=_words(20),
        vessel=_maybe(_words(30)),
        route_id=_words(10),
        booked_at=_instants(1),
        departure=_instants(1),
        arrival=_instants(1),
        account=_words(20),
        booker=OPTIONAL_PARTY,
        haulier=OPTIONAL_PARTY,
        unaccompanied=st.booleans(),
        vehicle=_maybe(_words(30)),
        trailers=UNITS,
        containers=UNITS,
        laden=TRUTH,
        cash=TRUTH,
        return_trip=TRUTH,
        gross_mass_g=OPTIONAL_MASS,
        goods_description=_maybe(_words(200)),
        driver=_maybe(_words(30)),
        flags=st.just(()),
    )


def check_ins() -> SearchStrategy[FerryCheckIn]:
    """Check-ins, times to the microsecond."""
    return st.builds(
        FerryCheckIn,
        booking_reference=_words(30),
        operator=_words(20),
        route_id=_words(10),
        checked_in_at=_instants(1),
        departure=_instants(1),
        arrival=_instants(1),
        unaccompanied=st.booleans(),
        vehicle=_maybe(_words(30)),
        trailers=UNITS,
        containers=UNITS,
        laden=TRUTH,
        weighed_mass_g=OPTIONAL_MASS,
        driver=_maybe(_words(30)),
        driver_changed=TRUTH,
        seals=UNITS,
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
    return Selection(draw(_instants(1)), reasons, 1.0 - prod(1.0 - each.probability for each in reasons))


@st.composite
def examinations(draw: DrawFn) -> Examination:
    """Outcomes of every kind; finds with a positive alone."""
    outcome = draw(st.sampled_from(OutcomeKind))
    consignments = tuple(draw(st.lists(_words(30), max_size=3)))
    finds = st.builds(
        Find,
        threat=st.sampled_from([each for each in Threat if each is not Threat.ANY]),
        consignment=st.sampled_from((None, *consignments)),
        substance=_maybe(_words(50)),
        quantity_g=OPTIONAL_MASS,
        concealment=_maybe(_words(50)),
    )
    started, ended = sorted(draw(st.tuples(_instants(1), _instants(1))))
    return Examination(
        examination_id=draw(_words(30)),
        revision=draw(st.integers(0, 9)),
        unit=draw(st.builds(Unit, st.sampled_from(UnitKind), _words(30))),
        outcome=outcome,
        selection=draw(_selections()),
        consignments=consignments,
        finds=tuple(draw(st.lists(finds, min_size=1, max_size=3))) if outcome is OutcomeKind.POSITIVE else (),
        method=draw(_maybe(_words(20))),
        place=draw(_maybe(PLACE)),
        arrival=draw(st.none() | _instants(1)),
        started_at=draw(st.sampled_from((None, started))),
        ended_at=draw(st.sampled_from((None, ended))),
        recorded_at=draw(_instants(1)),
    )


AIRPORT = _codes("[A-Z]{3}")
DEVICE = _codes("[A-Z]{3}[0-9]{5}[A-Z]{2}") | _codes("[A-Z]{2}[0-9]{1,8}")
MONEY = st.builds(DeclaredValue, st.integers(0, 10**12), _maybe(_codes("[A-Z]{3}")))
VALUE = st.none() | st.just(DeclaredValue(None, None)) | MONEY
DAY = st.dates().map(lambda each: each.isoformat())
COUNT = st.none() | st.integers(0, 99_999)


@st.composite
def awb_numbers(draw: DrawFn) -> str:
    """Air waybill numbers with their check digit, with a dash or without."""
    serial = draw(st.integers(0, 9_999_999))
    return f"{draw(_codes('[0-9]{3}'))}{draw(st.sampled_from(('-', '')))}{serial:07d}{serial % 7}"


LEGS = st.builds(FlightLeg, _words(8), _maybe(DAY), _maybe(AIRPORT), _maybe(AIRPORT))


@st.composite
def air_waybills(draw: DrawFn, *, house: bool) -> AirWaybill:
    """Air waybills, or house waybills under them."""
    return AirWaybill(
        master=draw(awb_numbers()),
        house=draw(_words(35)) if house else None,
        message_id=draw(_maybe(_words(70))),
        purpose=draw(_maybe(st.sampled_from(("Creation", "Update", "Deletion")))),
        issued_at=draw(st.none() | _instants(1)),
        consolidation=None if house else draw(st.sampled_from((True, False, None))),
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        forwarder=draw(OPTIONAL_PARTY),
        origin=draw(_maybe(AIRPORT)),
        destination=draw(_maybe(AIRPORT)),
        legs=tuple(draw(st.lists(LEGS, max_size=2))),
        pieces=draw(COUNT),
        packages=draw(COUNT),
        gross_mass_g=draw(OPTIONAL_MASS),
        description=draw(_maybe(_words(280))),
        hs_codes=tuple(draw(st.lists(_codes("[0-9]{4,10}"), max_size=3, unique=True))),
        carriage_value=draw(VALUE),
        customs_value=draw(VALUE),
        insured_value=draw(VALUE),
        special_handling=tuple(draw(st.lists(_codes("[A-Z]{3}"), max_size=3, unique=True))),
        units=tuple(draw(st.lists(DEVICE, max_size=2, unique=True))),
    )


LOADED = st.builds(
    LoadedWaybill,
    number=awb_numbers(),
    pieces=COUNT,
    gross_mass_g=OPTIONAL_MASS,
    description=_maybe(_words(65)),
    origin=_maybe(AIRPORT),
    destination=_maybe(AIRPORT),
    share=_maybe(st.sampled_from(("T", "P", "S", "D"))),
)
LOADED_WAYBILLS = st.lists(LOADED, min_size=1, max_size=3).map(tuple)
LOADED_UNIT = st.builds(LoadedUnit, DEVICE, OPTIONAL_MASS, LOADED_WAYBILLS) | st.builds(
    LoadedUnit, st.none(), st.none(), LOADED_WAYBILLS
)


@st.composite
def flight_manifests(draw: DrawFn) -> FlightManifest:
    """Flight manifests of one airport of unloading."""
    return FlightManifest(
        flight=draw(_words(8)),
        departure=draw(_instants(1)),
        load_airport=draw(_maybe(AIRPORT | st.sampled_from(tuple(AIRPORTS)))),
        discharge_airport=draw(_maybe(AIRPORT | st.sampled_from(tuple(AIRPORTS)))),
        arrival=draw(st.none() | _instants(1)),
        message_id=draw(_maybe(_words(70))),
        purpose=draw(_maybe(_words(10))),
        issued_at=draw(st.none() | _instants(1)),
        units=tuple(draw(st.lists(LOADED_UNIT, max_size=3))),
    )


TABLE = _codes("[A-Za-z0-9._-]{1,40}")
UNIT_OF_ROW = st.builds(
    Unit, st.sampled_from([each for each in UnitKind if each is not UnitKind.CONSIGNMENT]), _words(30)
)


@st.composite
def row_goods(draw: DrawFn) -> GoodsItem:
    """The one goods item that a table's row can hold."""
    return GoodsItem(
        number=1,
        description=draw(_maybe(_words(280))),
        hs_code=draw(_maybe(_codes("[0-9]{4,10}"))),
        gross_mass_g=draw(OPTIONAL_MASS),
        packages=draw(st.none() | st.integers(0, 99_999)),
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=1))),
        containers=tuple(draw(st.lists(_words(17), max_size=1))),
        vehicles=tuple(draw(st.lists(_words(27), max_size=1))),
        origin_country=draw(_maybe(COUNTRY)),
        customs_value=draw(st.none() | st.builds(DeclaredValue, st.integers(0, 10**12), _codes("[A-Z]{3}"))),
    )


@st.composite
def row_declarations(draw: DrawFn) -> EntrySummary:
    """Declarations as a table's row can hold them, known by a number of the table's own or by an MRN."""
    table, number = draw(TABLE), draw(_words(40))
    return EntrySummary(
        lrn=None,
        mrn=draw(st.sampled_from((number, f"{table}/{number}"))),
        message_id=f"{table}/{number}",
        amendment=False,
        declared_at=draw(_instants(1)),
        transport_mode=draw(_maybe(_codes("[0-9]{1,2}"))),
        conveyance_reference=draw(_maybe(_words(35))),
        conveyance_identity=draw(_maybe(_words(27))),
        conveyance_nationality=None,
        office_of_first_entry=draw(_maybe(_words(10))),
        expected_arrival=draw(st.none() | _instants(1)),
        itinerary=tuple(draw(st.lists(COUNTRY, max_size=1))),
        place_of_loading=draw(_maybe(PLACE)),
        place_of_unloading=draw(_maybe(PLACE)),
        payment_method=None,
        special_circumstance=None,
        ucr=draw(_maybe(_words(70))),
        total_items=None,
        total_packages=None,
        total_gross_mass_g=None,
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        carrier=draw(OPTIONAL_PARTY),
        declarant=draw(OPTIONAL_PARTY),
        representative=draw(OPTIONAL_PARTY),
        items=(draw(row_goods()),),
        seals=(),
    )


@st.composite
def row_examinations(draw: DrawFn) -> Examination:
    """Outcomes as a table's row can hold them: of a consignment that it names, with one reason of known chance."""
    table, number = draw(TABLE), draw(_words(40))
    mrn = draw(st.sampled_from((number, f"{table}/{number}")))
    threats = draw(st.lists(st.sampled_from([each for each in Threat if each is not Threat.ANY]), unique=True))
    chance = draw(st.integers(1, 1_000)) / 1_000
    issued, recorded = sorted(draw(st.tuples(_instants(1), _instants(1))))
    reason = SelectionReason(draw(st.sampled_from(("model", "rule", "random", "unknown"))), chance, True)
    return Examination(
        examination_id=f"{table}/{number}",
        revision=0,
        unit=draw(st.just(Unit(UnitKind.CONSIGNMENT, mrn)) | UNIT_OF_ROW),
        outcome=OutcomeKind.POSITIVE if threats else OutcomeKind.NEGATIVE,
        selection=Selection(issued, (reason,), chance),
        consignments=(mrn,),
        finds=tuple(Find(threat, mrn, None, None, None) for threat in threats),
        method=draw(_maybe(_words(20))),
        place=draw(_maybe(PLACE)),
        arrival=None,
        started_at=None,
        ended_at=None,
        recorded_at=recorded,
    )


@st.composite
def merges(draw: DrawFn) -> PartyMerge:
    """Merges of parties and their reversals, with evidence or without."""
    numbers = sorted(draw(st.sets(st.integers(1, 10**12), min_size=2, max_size=2)))
    keys = sorted(
        (f"E|GB{numbers[0]:012}", draw(st.sampled_from((f"E|GB{numbers[1]:012}", "N|FRUIT HARBOUR|GB|CT161AA"))))
    )
    weights = st.floats(-50, 50)
    evidence = st.builds(
        MergeEvidence, comparison=_words(20), one=_words(50), other=_words(50), level=_words(20), weight=weights
    )
    return PartyMerge(
        keys=(keys[0], keys[1]),
        applied=draw(st.booleans()),
        decided_by=draw(_words(30)),
        decided_at=draw(_instants(1)),
        reason=draw(_words(60)),
        prior=draw(st.none() | weights),
        weight=draw(st.none() | weights),
        agreeing=tuple(draw(st.lists(st.sampled_from(("number", "name", "address")), max_size=3))),
        evidence=tuple(draw(st.lists(evidence, max_size=3))),
    )


RECORDS: dict[str, SearchStrategy[Record]] = {
    "ens": entries(),
    "ens_response": responses(),
    "ens_intervention": interventions(),
    "gmr": goods_movements(),
    "cuscar": manifests(),
    "ferry_booking": bookings(),
    "ferry_check_in": check_ins(),
    "outcome": examinations(),
    "party_merge": merges(),
    "xfwb": air_waybills(house=False),
    "xfzb": air_waybills(house=True),
    "xffm": flight_manifests(),
    "table_row": row_declarations() | row_examinations(),
}
