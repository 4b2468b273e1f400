"""Rows of tables and decisions about parties that the project's own formats can express exactly, at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.records import (
    DeclaredValue,
    EntrySummary,
    Examination,
    Find,
    GoodsItem,
    MergeEvidence,
    OutcomeKind,
    PartyMerge,
    Selection,
    SelectionReason,
    Threat,
    Unit,
    UnitKind,
)
from tests.streams.valid_values import (
    COUNTRY,
    DOCUMENTS,
    OPTIONAL_MASS,
    OPTIONAL_PARTY,
    PLACE,
    codes,
    instants,
    maybe,
    words,
)

__all__ = ["merges", "row_declarations", "row_examinations"]

TABLE = codes("[A-Za-z0-9._-]{1,40}")
UNIT_OF_ROW = st.builds(
    Unit, st.sampled_from([each for each in UnitKind if each is not UnitKind.CONSIGNMENT]), words(30)
)


@st.composite
def _row_goods(draw: DrawFn) -> GoodsItem:
    """The one goods item that a table's row can hold."""
    return GoodsItem(
        number=1,
        description=draw(maybe(words(280))),
        hs_code=draw(maybe(codes("[0-9]{4,10}"))),
        gross_mass_g=draw(OPTIONAL_MASS),
        packages=draw(st.none() | st.integers(0, 99_999)),
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=1))),
        containers=tuple(draw(st.lists(words(17), max_size=1))),
        vehicles=tuple(draw(st.lists(words(27), max_size=1))),
        origin_country=draw(maybe(COUNTRY)),
        customs_value=draw(st.none() | st.builds(DeclaredValue, st.integers(0, 10**12), codes("[A-Z]{3}"))),
    )


@st.composite
def row_declarations(draw: DrawFn) -> EntrySummary:
    """Declarations as a table's row can hold them, known by a number of the table's own or by an MRN."""
    table, number = draw(TABLE), draw(words(40))
    return EntrySummary(
        lrn=None,
        mrn=draw(st.sampled_from((number, f"{table}/{number}"))),
        message_id=f"{table}/{number}",
        amendment=False,
        declared_at=draw(instants(1)),
        transport_mode=draw(maybe(codes("[0-9]{1,2}"))),
        conveyance_reference=draw(maybe(words(35))),
        conveyance_identity=draw(maybe(words(27))),
        conveyance_nationality=None,
        office_of_first_entry=draw(maybe(words(10))),
        expected_arrival=draw(st.none() | instants(1)),
        itinerary=tuple(draw(st.lists(COUNTRY, max_size=1))),
        place_of_loading=draw(maybe(PLACE)),
        place_of_unloading=draw(maybe(PLACE)),
        payment_method=None,
        special_circumstance=None,
        ucr=draw(maybe(words(70))),
        total_items=None,
        total_packages=None,
        total_gross_mass_g=None,
        consignor=draw(OPTIONAL_PARTY),
        consignee=draw(OPTIONAL_PARTY),
        notify=draw(OPTIONAL_PARTY),
        carrier=draw(OPTIONAL_PARTY),
        declarant=draw(OPTIONAL_PARTY),
        representative=draw(OPTIONAL_PARTY),
        items=(draw(_row_goods()),),
        seals=(),
    )


@st.composite
def row_examinations(draw: DrawFn) -> Examination:
    """Outcomes as a table's row can hold them: of a consignment that it names, with one reason of known chance."""
    table, number = draw(TABLE), draw(words(40))
    mrn = draw(st.sampled_from((number, f"{table}/{number}")))
    threats = draw(st.lists(st.sampled_from([each for each in Threat if each is not Threat.ANY]), unique=True))
    chance = draw(st.integers(1, 1_000)) / 1_000
    issued, recorded = sorted(draw(st.tuples(instants(1), instants(1))))
    reason = SelectionReason(draw(st.sampled_from(("model", "rule", "random", "unknown"))), chance, True)
    return Examination(
        examination_id=f"{table}/{number}",
        revision=0,
        unit=draw(st.just(Unit(UnitKind.CONSIGNMENT, mrn)) | UNIT_OF_ROW),
        outcome=OutcomeKind.POSITIVE if threats else OutcomeKind.NEGATIVE,
        selection=Selection(issued, (reason,), chance),
        consignments=(mrn,),
        finds=tuple(Find(threat, mrn, None, None, None) for threat in threats),
        method=draw(maybe(words(20))),
        place=draw(maybe(PLACE)),
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
        MergeEvidence, comparison=words(20), one=words(50), other=words(50), level=words(20), weight=weights
    )
    return PartyMerge(
        keys=(keys[0], keys[1]),
        applied=draw(st.booleans()),
        decided_by=draw(words(30)),
        decided_at=draw(instants(1)),
        reason=draw(words(60)),
        prior=draw(st.none() | weights),
        weight=draw(st.none() | weights),
        agreeing=tuple(draw(st.lists(st.sampled_from(("number", "name", "address")), max_size=3))),
        evidence=tuple(draw(st.lists(evidence, max_size=3))),
    )
