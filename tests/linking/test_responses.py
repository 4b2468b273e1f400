"""What customs answers joins its declaration exactly, whichever comes first, and brings what it means."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE
from aftc.features.extract import extract
from aftc.linking.keys import consignment_id
from aftc.linking.responses import REJECTED
from aftc.records import (
    ConsignmentVersion,
    DeclarationReference,
    EntrySummary,
    GoodsItem,
    GoodsMovement,
    Link,
    Party,
    Record,
    ResponseKind,
)
from aftc.testing import (
    ARRIVAL,
    MRN,
    a_booking,
    a_container_entry,
    a_goods_movement,
    a_manifest,
    a_response,
    a_roro_entry,
    an_examination,
    an_intervention,
)
from tests.linking.test_link import Desk

CMR = consignment_id("document", "CMR-4711")
REGISTERED_LRN = "E|GB555555555000/LRN-1"


def _entry(**given: Any) -> EntrySummary:
    """A declaration without a UCR: the MRN alone can name it."""
    return a_roro_entry(**{"ucr": None, **given})


def _movement(**given: Any) -> GoodsMovement:
    """A goods movement of another vehicle that names the MRN alone: nothing but the MRN can join it."""
    named = (DeclarationReference("customs", "26GB1234567890ABC1", MRN),)
    return a_goods_movement(**{"vehicle": "XY99 ZZZ", "trailers": (), "declarations": named, **given})


def _linked(*records: Record) -> Desk:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk


def _keys(version: ConsignmentVersion) -> set[tuple[str, str, str, float]]:
    return {(each.stream, each.key, each.value, each.confidence) for each in version.links}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_registration_joins_goods_movement_in_any_order(order: tuple[int, ...]) -> None:
    """Declaration, registration and a goods movement that names the MRN end as one consignment, exactly joined."""
    messages: tuple[Record, ...] = (_entry(vehicles=()), a_response(), _movement())
    desk = _linked(*(messages[place] for place in order))
    (version,) = desk.standing()
    assert version.consignment_id == CMR
    assert version.registered_mrn == MRN
    assert version.goods_movement is not None
    assert ("ens_response", "registered lrn", REGISTERED_LRN, 1.0) in _keys(version)
    assert any(key == "goods movement names mrn" and value == MRN for _, key, value, _ in _keys(version))


def test_a_registration_is_a_version_and_rewrites_none() -> None:
    """The MRN stands on a new version, made by the registration's message; the version before is as it was."""
    desk = _linked(_entry())
    before = desk.last[CMR]
    (after,) = desk.take(a_response()).versions
    assert (before.version, before.registered_mrn) == (1, None)
    assert (after.version, after.sequence, after.known_at) == (2, 2, desk.known_at)
    assert after == replace(
        before,
        version=2,
        sequence=2,
        known_at=desk.known_at,
        registered_mrn=MRN,
        links=(*before.links, Link("ens_response", "registered lrn", REGISTERED_LRN, 1.0, 2)),
    )


def test_a_goods_movement_known_by_its_mrn_joins_the_crossing_of_the_consignment() -> None:
    """A registration that comes last shows that the crossing of booking and consignment is the goods movement's."""
    desk = _linked(_entry(), a_booking(), _movement())
    assert desk.last[CMR].booking is not None
    desk.take(a_response())
    version = desk.last[CMR]
    assert version.booking is not None
    assert version.goods_movement is not None
    assert version.goods_movement.vehicle == "XY99 ZZZ"


def test_a_goods_movement_confirms_what_registration_found() -> None:
    """A consignment that is aboard by registration and time gets the exact evidence when it is named."""
    desk = _linked(_entry(), a_booking(), a_response())
    version = desk.last[CMR]
    assert not any(each.key == "goods movement names mrn" for each in version.links)
    desk.take(_movement(vehicle="AB12 CDE"))
    assert any(each.key == "goods movement names mrn" for each in desk.last[CMR].links)
    assert desk.last[CMR].movements == version.movements


@pytest.mark.parametrize("response_first", [False, True])
@pytest.mark.parametrize(
    ("given", "response"),
    [
        ({"representative": Party(eori="GB1"), "declarant": None}, {"declarant": None, "recipient": "GB1/0"}),
        ({"declarant": Party(name="Kay Forwarding Ltd", country="GB")}, {"declarant": None, "correlation_id": "MSG-1"}),
        ({"declarant": Party(eori="gb 555555555000")}, {}),
    ],
    ids=["its representative's number", "the message's id", "the number spelt otherwise"],
)
def test_a_declaration_is_known_by(response_first: bool, given: dict[str, Any], response: dict[str, Any]) -> None:
    """An LRN is told apart by who lodged it, declarant or representative, or by the message that is answered."""
    messages: list[Record] = [_entry(**given), a_response(**response)]
    desk = _linked(*(reversed(messages) if response_first else messages))
    assert desk.last[CMR].registered_mrn == MRN


@pytest.mark.parametrize(
    "response",
    [
        {"lrn": "LRN-2"},
        {"declarant": Party(eori="GB1")},
        {"answered_at": ARRIVAL - 9 * HOUR},
        {"answered_at": ARRIVAL + 31 * DAY},
    ],
    ids=["another LRN", "another declarant", "answered before it was declared", "the LRN used again"],
)
@pytest.mark.parametrize("response_first", [False, True])
def test_an_answer_to_another_declaration_joins_nothing(response_first: bool, response: dict[str, Any]) -> None:
    """LRN, declarant and time must all fit; else the answer waits for a declaration that has not come."""
    messages: list[Record] = [_entry(), a_response(**response)]
    desk = _linked(*(reversed(messages) if response_first else messages))
    assert desk.last[CMR].registered_mrn is None
    assert desk.last[CMR].version == 1


def test_a_number_used_again_is_another_declaration() -> None:
    """A year later the same LRN is registered before its declaration comes: it waits, and the old one stays."""
    desk = _linked(_entry(), a_response())
    later = ARRIVAL + 365 * DAY
    desk.take(a_response(mrn="27GB7KI30FJ2X94BD2", answered_at=later + 5 * MINUTE))
    desk.take(_entry(document="CMR-2", declared_at=later, expected_arrival=later + DAY))
    assert desk.last[CMR].registered_mrn == MRN
    assert desk.last[consignment_id("document", "CMR-2")].registered_mrn == "27GB7KI30FJ2X94BD2"


def test_one_registration_names_every_consignment_of_its_declaration() -> None:
    """A joint declaration has one MRN: a goods movement that names it takes all its consignments aboard."""
    items = tuple(_item(number, f"CMR-{number}") for number in (1, 2, 3))
    desk = _linked(_entry(items=items), a_response(), _movement())
    assert {version.registered_mrn for version in desk.standing()} == {MRN}
    assert len(desk.standing()) == 3
    assert len({version.movements for version in desk.standing()}) == 1


def _item(number: int, document: str) -> GoodsItem:
    (item,) = _entry(document=document).items
    return replace(item, number=number)


def test_an_amendment_joins_by_the_registered_mrn() -> None:
    """An amendment that mistypes the transport document is still of the consignment whose MRN it states."""
    desk = _linked(_entry(), a_response())
    desk.take(_entry(document="CMR-47l1", amendment=True, lrn=None, mrn=MRN, declared_at=ARRIVAL - 2 * HOUR))
    (version,) = desk.standing()
    assert version.consignment_id == CMR
    assert version.entry is not None
    assert version.entry.amendment


def test_of_a_joint_amendment_the_one_mistyped_document_is_the_one_left() -> None:
    """Three consignments are amended together, one document mistyped: three consignments it stays."""
    items = [_item(number, f"CMR-{number}") for number in (1, 2, 3)]
    desk = _linked(_entry(items=tuple(items)), a_response())
    items[1] = _item(2, "CMR-Z")
    desk.take(_entry(items=tuple(items), amendment=True, lrn=None, mrn=MRN, declared_at=ARRIVAL - 2 * HOUR))
    assert len(desk.standing()) == 3
    assert all(version.entry is not None and version.entry.amendment for version in desk.standing())


def test_an_amendment_without_document_joins_by_the_registered_mrn() -> None:
    """Goods without a transport document are known by LRN at first and by MRN later: one consignment."""
    (item,) = _entry().items
    bare = (replace(item, documents=()),)
    desk = _linked(_entry(items=bare), a_response())
    desk.take(_entry(items=bare, amendment=True, lrn=None, mrn=MRN, declared_at=ARRIVAL - 2 * HOUR))
    assert len(desk.standing()) == 1


def test_an_amendment_under_another_mrn_is_flagged() -> None:
    """Customs' word stands where an amendment of the same document states another MRN than customs gave."""
    desk = _linked(_entry(), a_response())
    other = "26GB7KI30FJ2X94BD9"
    desk.take(_entry(amendment=True, lrn=None, mrn=other, declared_at=ARRIVAL - 2 * HOUR))
    version = desk.last[CMR]
    assert version.registered_mrn == MRN
    assert version.flags == ("an amendment states another MRN than customs registered",)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_an_accepted_amendment_is_evidence_in_any_order(order: tuple[int, ...]) -> None:
    """Declaration, registration, amendment and its acceptance: one consignment with its MRN and all evidence."""
    messages: tuple[Record, ...] = (
        _entry(),
        a_response(),
        _entry(amendment=True, lrn=None, mrn=MRN, declared_at=ARRIVAL - 2 * HOUR),
        a_response(ResponseKind.AMENDMENT_ACCEPTED, lrn=None, answered_at=ARRIVAL - HOUR),
    )
    desk = _linked(*(messages[place] for place in order))
    (version,) = desk.standing()
    assert version.registered_mrn == MRN
    assert ("ens_response", "accepted amendment of mrn", MRN, 1.0) in _keys(version)
    assert version.entry is not None
    assert version.entry.amendment


@pytest.mark.parametrize("response_first", [False, True])
def test_a_rejected_declaration_does_not_stand(response_first: bool) -> None:
    """A rejection is a fact and a flag of the version, whichever came first; the goods stay known."""
    messages: list[Record] = [_entry(), a_response(ResponseKind.REJECTED)]
    desk = _linked(*(reversed(messages) if response_first else messages))
    version = desk.last[CMR]
    assert version.rejected
    assert version.flags == (REJECTED,)
    assert version.entry is not None
    assert ("ens_response", "rejected lrn", REGISTERED_LRN, 1.0) in _keys(version)


def test_a_new_declaration_takes_the_place_of_a_rejected_one() -> None:
    """What is lodged again under another LRN stands until customs says otherwise."""
    desk = _linked(_entry(), a_response(ResponseKind.REJECTED))
    desk.take(_entry(lrn="LRN-2", declared_at=ARRIVAL - 7 * HOUR))
    version = desk.last[CMR]
    assert (version.rejected, version.flags, version.registered_mrn) == (False, (), None)
    desk.take(a_response(lrn="LRN-2", answered_at=ARRIVAL - 7 * HOUR + MINUTE))
    assert desk.last[CMR].registered_mrn == MRN
    desk.take(a_response(ResponseKind.REJECTED, message_id="late"))
    assert not desk.last[CMR].rejected


@pytest.mark.parametrize("rejection_first", [False, True])
def test_what_is_registered_stands(rejection_first: bool) -> None:
    """A second use of an LRN is refused; the declaration that was registered under it is not rejected."""
    responses = [a_response(), a_response(ResponseKind.REJECTED, answered_at=ARRIVAL - HOUR)]
    desk = _linked(_entry(), *(reversed(responses) if rejection_first else responses))
    assert (desk.last[CMR].registered_mrn, desk.last[CMR].rejected, desk.last[CMR].flags) == (MRN, False, ())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_intervention_bounds_the_decision_from_when_it_came(place: int) -> None:
    """Whenever it comes, the control's known-at is that of its message, for the consignment and all aboard with it."""
    messages: list[Record] = [a_container_entry(), a_manifest()]
    messages.insert(place, an_intervention())
    desk = Desk()
    came = 0
    for record in messages:
        desk.take(record)
        came = desk.known_at if record is messages[place] else came
    (version,) = desk.standing()
    assert version.control_at == came
    (movement,) = version.movements
    desk.take(a_container_entry(document="OCEAN0002", lrn="LRN-2", declared_at=ARRIVAL - 7 * HOUR))
    beside = desk.last[consignment_id("document", "OCEAN0002")]
    assert beside.movements == (movement,)
    assert beside.control_at == came


def test_an_intervention_by_air_bounds_its_consignment() -> None:
    """What travels in a device that nobody named has no movement: the bound is the consignment's own."""
    air = _entry(transport_mode="4", vehicles=(), document="02012345675")
    desk = _linked(air, an_intervention())
    (version,) = desk.standing()
    assert version.movements == ()
    assert version.control_at == desk.known_at


def test_an_intervention_concerns_the_items_that_it_names() -> None:
    """Of a joint declaration by air the consignment of item 2 is held, the others are not."""
    items = tuple(_item(number, f"0201234567{number}") for number in (1, 2, 3))
    desk = _linked(_entry(transport_mode="4", items=tuple(replace(item, vehicles=()) for item in items)))
    desk.take(an_intervention(2))
    bounds = {version.entry.items[0].number: version.control_at for version in desk.standing() if version.entry}
    assert bounds == {1: None, 2: desk.known_at, 3: None}


def test_the_first_control_bounds_and_later_ones_do_not() -> None:
    """A second notice changes nothing about when the goods were first known to be held."""
    desk = _linked(_entry(), an_intervention())
    first = desk.known_at
    desk.take(an_intervention(message_id="NOTICE-2"))
    assert desk.last[CMR].control_at == first


def test_an_intervention_leaves_no_trace_in_what_features_see() -> None:
    """Facts, keys and what is added to history are those of the same consignment without the intervention."""
    held, free = (_linked(a_container_entry(), *control, a_manifest()) for control in ((an_intervention(),), ()))
    (one,), (other,) = (desk.standing() for desk in (held, free))
    assert one.control_at is not None
    assert other.control_at is None
    assert (extract(one).facts == extract(other).facts).all()
    assert (extract(one).slots == extract(other).slots).all()
    assert extract(one).owned == extract(other).owned
    assert one.registered_mrn is None  # not even the MRN that it states is learnt from it


def test_an_officer_names_a_consignment_by_the_registered_mrn() -> None:
    """An outcome that gives the MRN reaches the consignment that only its registration named."""
    desk = _linked(_entry(), a_response())
    (outcome,) = desk.take(an_examination(consignments=(MRN,))).outcomes
    assert outcome.named == (CMR,)


def test_answers_to_nobody_wait_without_a_trace() -> None:
    """A response without its declaration makes no consignment."""
    desk = Desk()
    assert desk.take(a_response()).versions == ()
    assert desk.take(an_intervention()).versions == ()
    assert desk.take(a_response(ResponseKind.AMENDMENT_ACCEPTED, lrn=None)).versions == ()
    assert desk.take(a_response(ResponseKind.REJECTED, recipient=None)).versions == ()


SOUND, DAMAGED = a_response(mrn=MRN), a_response(mrn=MRN.replace("G", "É"))
AMENDING = {"amendment": True, "lrn": None, "declared_at": ARRIVAL - 2 * HOUR, "message_id": "MSG-2"}


@pytest.mark.parametrize(
    "records",
    [
        *permutations((a_roro_entry(), SOUND, DAMAGED)),
        *permutations((a_roro_entry(), a_roro_entry(mrn=MRN, **AMENDING), DAMAGED)),
        *permutations((a_roro_entry(), a_roro_entry(mrn=DAMAGED.entry.mrn, **AMENDING), SOUND)),
    ],
)
def test_a_damaged_mrn_gives_way_to_a_sound_one(records: tuple[Record, ...]) -> None:
    """An answer, or an amendment, came in another alphabet: the MRN is the one of which the check digit is right."""
    desk = Desk()
    for record in records:
        desk.take(record)
    assert [each.registered_mrn for each in desk.standing()] == [MRN]
