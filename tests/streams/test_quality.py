"""Data quality: each check has a record that raises it and nothing else, and sound records raise none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE
from aftc.records import (
    AirWaybill,
    DeclaredValue,
    DocumentReference,
    EntrySummary,
    Equipment,
    Find,
    GoodsItem,
    OutcomeKind,
    Party,
    Record,
    Seal,
    Threat,
    Unit,
    UnitKind,
)
from aftc.reference.check_digits import container_digit
from aftc.streams import STREAMS
from aftc.streams.quality import CHECKS, Check, doubted
from aftc.streams.values import MOST_FLAGS
from aftc.testing import (
    ARRIVAL,
    a_bay_plan,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_container_order,
    a_flight_manifest,
    a_goods_movement,
    a_house_waybill,
    a_manifest,
    a_response,
    a_roro_entry,
    a_selection,
    a_transport_document,
    an_air_waybill,
    an_examination,
    an_intervention,
)
from tests.streams.doubtful_air import FLIGHTS, flown, loaded, waybills
from tests.streams.doubtful_crossings import MISFORMED, MRN, NOBODY, WRONG_DIGIT, WRONG_MRN, doubtful_crossings
from tests.streams.doubtful_departures import DEPARTURES, SOUND_DEPARTURES
from tests.streams.doubtful_imports import DOUBTFUL_IMPORTS, SOUND_IMPORTS, import_stream
from tests.streams.doubtful_partners import DOUBTFUL_PARTNERS, SOUND_PARTNERS, partner_stream
from tests.streams.doubtful_sea import SEA_DOCUMENTS, STOWAGE
from tests.streams.doubtful_transits import DOUBTFUL_TRANSITS, SOUND_TRANSITS
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED

PAGE = Path(__file__).parents[2] / "docs" / "streams.md"


def _sea(**changes: Any) -> EntrySummary:
    """A container's entry summary whose totals are those of its one item, which some changes are made to."""
    totals = {"total_packages": 1800, "total_gross_mass_g": 22_000_000}
    own = {name: changes.pop(name) for name in tuple(changes) if name in GoodsItem.__struct_fields__}
    entry = a_container_entry(**{**totals, **changes})
    return replace(entry, items=(replace(entry.items[0], **own),))


def _two(**second: Any) -> EntrySummary:
    """A lorry's entry summary of two goods items."""
    entry = a_roro_entry(total_items=2, total_packages=1500, total_gross_mass_g=20_000_000)
    other = replace(entry.items[0], **{"number": 2, "packages": 500, "gross_mass_g": 2_000_000, **second})
    return replace(entry, items=(entry.items[0], other))


def _container(serial: int) -> str:
    stem = f"CSQU{serial:06}"
    return f"{stem}{container_digit(stem)}"


def _listed(*numbers: str, **given: Any) -> tuple[Equipment, ...]:
    sealed = enumerate(numbers)
    return tuple(Equipment(each, "45R1", **{"laden": True, "seals": (Seal(f"S{n}"),), **given}) for n, each in sealed)


BOX, OTHER = _container(305438), _container(1)
FIND = Find(Threat.CANNABIS, "A", None, 5, None)

ENTRIES: list[tuple[Record, str]] = [
    (_sea(total_items=2), "total_items: not the number of goods items: '2 stated, 1 counted'"),
    (_sea(total_packages=2), "total_packages: not the sum over the goods items: '2 stated, 1800 over the goods items'"),
    (
        _sea(total_gross_mass_g=22_001_001),
        "total_gross_mass_g: not the sum over the goods items: '22001001 stated, 22000000 over the go...'",
    ),
    (_two(number=1), "items: with the same number twice"),
    (_sea(declared_at=ARRIVAL + MINUTE), "expected_arrival: before the declaration"),
    (_sea(declared_at=ARRIVAL - 367 * DAY), "expected_arrival: more than a year after the declaration"),
    (_sea(transport_mode="42"), "transport_mode: not a known code: '42'"),
    (_sea(itinerary=("EC", "QQ", "QQ", "GB")), "itinerary: not an assigned country: 'QQ'"),
    (_sea(notify=NOBODY), "items[1]/notify/country: not an assigned country: 'QQ'"),
    (_sea(consignee=Party(eori="GB12345")), "items[1]/consignee/eori: not of the form of an EORI number: 'GB12345'"),
    (_sea(hs_code="990000"), "items[1]/hs_code: not in the Harmonized System: '990000'"),
    (_sea(containers=(MISFORMED,)), "items[1]/containers: not of the form of a container number: 'CONTAINER 1'"),
    (_sea(containers=(WRONG_DIGIT,)), "items[1]/containers: wrong check digit: 'CSQU3054384'"),
    (_sea(conveyance_identity="9074728"), "conveyance_identity: wrong check digit: '9074728'"),
    (_sea(amendment=True, lrn=None, mrn=WRONG_MRN), f"mrn: wrong check digit: '{WRONG_MRN}'"),
    (
        _sea(documents=(DocumentReference("N740", "12512345674"),)),
        "items[1]/documents: not an air waybill number: '12512345674'",
    ),
    (_sea(dangerous_goods_code="13"), "items[1]/dangerous_goods_code: not a UN number: '13'"),
    (_sea(gross_mass_g=0, total_gross_mass_g=None), "items[1]/gross_mass_g: zero"),
    (
        _sea(gross_mass_g=36_000_001, total_gross_mass_g=None),
        "items[1]/gross_mass_g: heavier than containers carry: '36000001 g in 1 containers'",
    ),
    (
        replace(_two(gross_mass_g=42_000_001), total_gross_mass_g=None),
        "items/gross_mass_g: heavier than lorries carry: '60000001 g on 1 vehicles'",
    ),
    (_sea(gross_mass_g=None), "items[1]/gross_mass_g: missing"),
    (_sea(documents=()), "items/documents: missing"),
    (replace(_sea(), consignee=None), "consignee: missing"),
]


def _answers() -> list[tuple[Record, str]]:
    examples: list[tuple[Record, str]] = []
    for answer in (a_response(mrn=MRN), an_intervention(mrn=MRN)):
        for changes, flag in (
            ({"mrn": WRONG_MRN}, f"entry/mrn: wrong check digit: '{WRONG_MRN}'"),
            (
                {"items": (GoodsItem(1, containers=(MISFORMED,)),)},
                "entry/items[1]/containers: not of the form of a container number: 'CONTAINER 1'",
            ),
            (
                {"items": (GoodsItem(1, containers=(WRONG_DIGIT,)),)},
                "entry/items[1]/containers: wrong check digit: 'CSQU3054384'",
            ),
        ):
            changed: dict[str, Any] = changes
            examples.append((replace(answer, entry=replace(answer.entry, **changed)), flag))
    return examples


HEAVY = "bills[1]/gross_mass_g: heavier than containers carry: '36000001 g in 1 containers'"
MANIFESTS: list[tuple[Record, str]] = [
    (a_manifest(departure=ARRIVAL + DAY), "arrival: before departure"),
    (a_manifest(load_port="GBFXT"), "discharge_port: the port of loading too: 'GBFXT'"),
    (a_manifest(vessel_imo="9074728"), "vessel_imo: not an IMO number: '9074728'"),
    (a_manifest(voyage=None), "voyage: missing"),
    (a_manifest(load_port="DOVER1"), "ports: not of the form of a UN/LOCODE: 'DOVER1'"),
    (
        a_manifest(a_bill(containers=(MISFORMED,))),
        "containers: not of the form of a container number: 'CONTAINER 1'",
    ),
    (a_manifest(a_bill(containers=(WRONG_DIGIT,))), "containers: wrong check digit: 'CSQU3054384'"),
    (
        a_manifest(a_bill(containers=(BOX, OTHER)), equipment=_listed(BOX)),
        f"bills[1]/containers: not among the containers: '{OTHER}'",
    ),
    (a_manifest(equipment=_listed(BOX, OTHER)), f"equipment: on no bill: '{OTHER}'"),
    (a_manifest(equipment=_listed(BOX, laden=False)), f"bills[1]/containers: an empty container: '{BOX}'"),
    (a_manifest(a_bill(), a_bill()), "bills: the same bill twice: 'OCEAN0001'"),
    (a_manifest(equipment=_listed(BOX, BOX)), f"equipment: listed twice: '{BOX}'"),
    (
        a_manifest(a_bill(containers=(BOX, OTHER)), equipment=_listed(BOX, OTHER, seals=(Seal("S9"),))),
        "seals: on two containers: 'S9'",
    ),
    (a_manifest(a_bill(gross_mass_g=0)), "bills[1]/gross_mass_g: zero"),
    (a_manifest(a_bill(gross_mass_g=36_000_001), equipment=()), HEAVY),
    (
        a_manifest(a_bill(gross_mass_g=24_000_001)),
        "bills[1]/gross_mass_g: heavier than its container: '24000001 g in a container of 24000000 g'",
    ),
    (a_manifest(a_bill(description=None, hs_code=None)), "bills[1]/description: missing"),
    (a_manifest(a_bill(consignor=None)), "bills[1]/consignor: missing"),
    (a_manifest(a_bill(hs_code="9900")), "bills[1]/hs_code: not in the Harmonized System: '9900'"),
    (a_manifest(a_bill(origin_country="QQ")), "bills[1]/origin_country: not an assigned country: 'QQ'"),
]


def _boxed(number: str) -> Record:
    return an_examination(unit=Unit(UnitKind.CONTAINER, number))


OUTCOMES: list[tuple[Record, str]] = [
    (
        an_examination(selection=replace(a_selection(), reasons=(replace(a_selection().reasons[1], fired=False),))),
        "selection/reasons: none fired",
    ),
    (an_examination(ended_at=ARRIVAL), "ended_at: before the start"),
    (an_examination(started_at=ARRIVAL - MINUTE), "started_at: before arrival"),
    (an_examination(started_at=ARRIVAL - HOUR, arrival=None), "started_at: before the selection"),
    (an_examination(recorded_at=ARRIVAL + 2 * HOUR), "recorded_at: before the end"),
    (
        an_examination(OutcomeKind.POSITIVE, consignments=("B",), finds=(FIND,)),
        "finds: a consignment that was not examined: 'A'",
    ),
    (
        an_examination(OutcomeKind.POSITIVE, finds=(replace(FIND, quantity_g=0),)),
        "finds/quantity_g: zero: 'cannabis'",
    ),
    (_boxed(MISFORMED), "unit: not of the form of a container number: 'CONTAINER 1'"),
    (_boxed(WRONG_DIGIT), "unit: wrong check digit: 'CSQU3054384'"),
]


def _row(**goods: Any) -> EntrySummary:
    """A declaration as a table's row holds it: by a number that is no LRN."""
    entry = a_roro_entry()
    items = (replace(entry.items[0], **goods),)
    return replace(entry, lrn=None, items=items)


ROWS: list[tuple[Record, str]] = [
    (replace(_row(), declared_at=ARRIVAL + HOUR), "expected_arrival: before the declaration"),
    (_row(origin_country="XX"), "items/origin_country: not an assigned country: 'XX'"),
    (
        _row(customs_value=DeclaredValue(1, "HRK")),
        "items/customs_value/currency: not an assigned currency: 'HRK'",
    ),
    (_row(hs_code="990000"), "items/hs_code: not in the Harmonized System: '990000'"),
    (_row(gross_mass_g=0), "items/gross_mass_g: zero"),
]
EXAMPLES = [
    *ENTRIES,
    *_answers(),
    *MANIFESTS,
    *doubtful_crossings(),
    *STOWAGE,
    *SEA_DOCUMENTS,
    *waybills(),
    *FLIGHTS,
    *OUTCOMES,
    *DOUBTFUL_IMPORTS,
    *DOUBTFUL_TRANSITS,
    *DEPARTURES,
    *ROWS,
    *DOUBTFUL_PARTNERS,
]
SOUND: list[Record] = [
    _sea(),
    _two(),
    a_roro_entry(),
    a_response(mrn=MRN),
    an_intervention(mrn=MRN),
    a_manifest(),
    a_bay_plan(),
    a_container_order(),
    a_transport_document(),
    a_goods_movement(),
    a_booking(),
    a_check_in(),
    a_check_in(laden=False, weighed_mass_g=0),
    an_air_waybill(),
    a_house_waybill(),
    a_flight_manifest(),
    flown(("AKE10427XV", (loaded(share="S"),)), (None, (loaded(share="S"),))),
    an_examination(),
    _boxed(BOX),
    _row(),
    *SOUND_IMPORTS,
    *SOUND_TRANSITS,
    *SOUND_DEPARTURES,
    *SOUND_PARTNERS,
]


def _stream(record: Record) -> str:
    if isinstance(record, EntrySummary) and record.lrn is None and not record.amendment:
        return "table_row"
    kinds = {"EntrySummary": "ens", "Manifest": "cuscar", "GoodsMovement": "gmr", "Examination": "outcome"}
    kinds |= {"BayPlan": "baplie", "ContainerOrder": "coprar", "TransportDocument": "dcsa_bl"}
    kinds |= {"FerryBooking": "ferry_booking", "FerryCheckIn": "ferry_check_in", "FerryDeparture": "ferry_departure"}
    kinds |= {"TransitDeclaration": "ncts_transit"}
    if isinstance(record, AirWaybill):
        return "xfzb" if record.house else "xfwb"
    kinds |= {"FlightManifest": "xffm", "EntryResponse": "ens_response", "EntryIntervention": "ens_intervention"}
    return import_stream(record) or partner_stream(record) or kinds[type(record).__name__]


def _raised(record: Record) -> list[Check[Any]]:
    stream = _stream(record)
    return [each for each in CHECKS if each.stream == stream and list(each.find(record))]


@pytest.mark.parametrize("record", SOUND, ids=lambda record: type(record).__name__)
def test_a_sound_record_raises_no_doubt(record: Record) -> None:
    """What is as it should be comes back as it was, the same object."""
    assert doubted(_stream(record), record) is record


@pytest.mark.parametrize(("record", "flag"), EXAMPLES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_doubt_becomes_a_flag(record: Record, flag: str) -> None:
    """One thing that cannot be gives one flag, which names the field, what is wrong, and what was found."""
    assert doubted(_stream(record), record).flags == (flag,)
    assert len(_raised(record)) == 1


def test_every_check_has_its_example() -> None:
    """No check is left untried, and each is of a stream that there is."""
    tried = {id(each) for record, _ in EXAMPLES for each in _raised(record)}
    assert [(each.stream, each.words) for each in CHECKS if id(each) not in tried] == []
    assert {each.stream for each in CHECKS} == set(STREAMS) - {"party_merge"}  # a decision is not doubted


def test_doubts_follow_what_the_reader_noted() -> None:
    """Earlier flags stay in front, and all together are bounded."""
    entry = replace(_sea(total_items=2), flags=("x: y",))
    assert doubted("ens", entry).flags[0] == "x: y"
    assert len(doubted("ens", entry).flags) == 2
    many = replace(_sea(), items=tuple(replace(_sea().items[0], number=n, hs_code="990000") for n in range(500)))
    flags = doubted("ens", many).flags
    assert len(flags) == MOST_FLAGS + 1
    assert flags[-1].startswith("and ")


@pytest.mark.parametrize("name", sorted(STREAMS))
@given(data=st.data())
@settings(UNHURRIED, max_examples=60)
def test_no_record_breaks_a_check(name: str, data: st.DataObject) -> None:
    """Whatever a format can hold, the checks only add flags, and the same ones again."""
    record = data.draw(RECORDS[name])
    flagged = doubted(name, record)
    assert replace(flagged, flags=record.flags) == record
    assert doubted(name, record) == flagged


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    return "\n".join(f"| `{stream}` | {words} | {when} |" for stream, words, when in rows)


def test_the_documentation_lists_every_check() -> None:
    """The table of docs/streams.md is that of the checks, row by row."""
    begin, end = "| stream | a flag says | when |\n|---|---|---|\n", "\n\n"
    page = PAGE.read_text(encoding="utf-8")
    written = page.partition(begin)[2].partition(end)[0]
    assert written == _table((each.stream, each.words, each.when) for each in CHECKS)
