"""Random answers of customs to declarations, as their formats can express them exactly."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.records import (
    AnsweredEntry,
    CustomsIntervention,
    EntryError,
    EntryIntervention,
    EntryResponse,
    GoodsItem,
    ResponseKind,
)
from aftc.reference.ports import office_zone
from aftc.streams.zones import HOME_ZONE
from tests.streams.valid_values import COUNTRY, DOCUMENTS, OFFICES, codes, local, maybe, parties, words

ENTRY_ERRORS = st.builds(
    EntryError,
    code=st.sampled_from(("12", "13", "14", "15", "19", "26")),
    pointer=words(210),
    rule=maybe(words(6)),
    value=maybe(words(140)),
)


MRN = codes("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")
MESSAGE_ID = words(14)


@st.composite
def _answered(draw: DrawFn, kind: str, office: str, zone: str) -> AnsweredEntry:
    """What a message of this kind may repeat of a declaration."""
    return AnsweredEntry(
        lrn=None if kind == "CC304A" else draw(words(22)),
        mrn=draw(MRN),
        transport_mode=draw(maybe(codes("[0-9]{1,2}"))),
        conveyance_reference=draw(maybe(words(35))),
        conveyance_identity=draw(maybe(words(27))),
        conveyance_nationality=draw(maybe(COUNTRY)),
        ucr=draw(maybe(words(70))),
        office_of_lodgement=None if kind == "CC304A" else draw(maybe(st.sampled_from(OFFICES))),
        office_of_first_entry=office,
        expected_arrival=draw(st.none() | local(zone)),
        declarant=draw(parties(with_eori=True)),
        representative=None if kind == "CC328A" else draw(st.none() | parties(with_eori=True)),
        carrier=draw(st.none() | parties(with_eori=True)),
        items=tuple(draw(_answered_items(number)) for number in range(1, draw(st.integers(1, 3)))),
    )


@st.composite
def _answered_items(draw: DrawFn, number: int) -> GoodsItem:
    return GoodsItem(
        number=number,
        ucr=draw(maybe(words(70))),
        documents=tuple(draw(st.lists(DOCUMENTS, max_size=2))),
        containers=tuple(draw(st.lists(words(17), max_size=2))),
        vehicles=tuple(draw(st.lists(words(27), max_size=2))),
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
        correlation_id=draw(maybe(MESSAGE_ID)),
        recipient=draw(words(35)),
        entry=AnsweredEntry(draw(words(22)), None) if rejected else draw(answered),
        answered_at=draw(local(zone)),
        amended_at=draw(local(zone)) if amended else None,
        reason=draw(maybe(words(350))) if rejected else None,
        errors=tuple(draw(st.lists(ENTRY_ERRORS, max_size=3))) if rejected else (),
    )


@st.composite
def interventions(draw: DrawFn) -> EntryIntervention:
    """Advance interventions that also satisfy their published schema."""
    office = draw(st.sampled_from(OFFICES))
    zone = office_zone(office)
    each = st.builds(
        CustomsIntervention,
        code=codes("[A-Z0-9]{1,4}"),
        text=maybe(words(350)),
        item=st.none() | st.integers(1, 99_999),
    )
    return EntryIntervention(
        message_id=draw(MESSAGE_ID),
        correlation_id=draw(maybe(MESSAGE_ID)),
        recipient=draw(words(35)),
        entry=draw(_answered("CC351A", office, zone)),
        total_items=draw(st.none() | st.integers(3, 99_999)),
        notified_at=draw(local(zone)),
        registered_at=draw(local(zone)),
        submitted_at=draw(local(zone)),
        interventions=tuple(draw(st.lists(each, min_size=1, max_size=3))),
    )
