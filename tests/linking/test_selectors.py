"""Selectors: live ones are matched when a version is made, or when they come; all their conditions hold."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.linking.keys import consignment_id
from aftc.linking.selectors import MOST_SUBJECTS, matching
from aftc.records import ConditionKind, ConsignmentVersion, Party, Selector, SelectorCondition
from aftc.testing import (
    ARRIVAL,
    a_bill,
    a_booking,
    a_container_entry,
    a_manifest,
    a_roro_entry,
    a_selector,
)
from tests.linking.test_link import RORO, Desk

LORRY = consignment_id("document", "CMR-4711")
BOOKING = a_booking()
FRUIT = Party(name="Harbour Fruit Ltd", street="1 Quay", city="Dover", postcode="CT16 1AA", country="GB")


def _of(kind: ConditionKind, value: str, **given: Any) -> SelectorCondition:
    return SelectorCondition(kind, value, **given)


def _named(version: ConsignmentVersion) -> list[tuple[str, int]]:
    return [(each.selector_id, each.version) for each in version.selectors]


@pytest.mark.parametrize(
    "condition",
    [
        _of(ConditionKind.VEHICLE, "ab12-cde"),
        _of(ConditionKind.TRAILER, BOOKING.trailers[0]),
        _of(ConditionKind.ACCOUNT, BOOKING.account, operator=BOOKING.operator),
        _of(ConditionKind.EORI, "gb 123 456 789"),
        _of(ConditionKind.PARTY, "FRUIT HARBOUR", country="GB", postcode="ct161aa"),
        _of(ConditionKind.PARTY, "Harbour Fruit Limited", country="GB", city="dover"),
    ],
    ids=lambda each: each.kind.value,
)
def test_each_kind_of_condition_is_found(condition: SelectorCondition) -> None:
    """However it is written: normal forms of registrations, trader numbers, names and addresses."""
    desk = Desk()
    desk.take(a_selector(condition))
    desk.take(a_booking(booker=replace(FRUIT, eori="GB123456789000")))
    (version,) = desk.standing()
    assert _named(version) == [("S-1", 0)]
    assert version.selectors[0].matched == (condition.kind,)
    assert version.selectors[0].sequence == 1


def test_a_container_and_goods_on_a_route_are_found() -> None:
    """By number, and by heading and route together, which alone are not looked for."""
    bill, manifest = a_bill(), a_manifest()
    heading = (bill.hs_code or "")[:4]
    route = f"{manifest.load_port}-{manifest.discharge_port}"
    desk = Desk()
    desk.take(a_selector(_of(ConditionKind.CONTAINER, bill.containers[0])))
    desk.take(a_selector(_of(ConditionKind.HEADING, heading), _of(ConditionKind.ROUTE, route), selector_id="S-2"))
    desk.take(
        a_selector(_of(ConditionKind.HEADING, heading), _of(ConditionKind.ROUTE, "FRCQF-GBDVR"), selector_id="S-3")
    )
    desk.take(manifest)
    assert {name for version in desk.standing() for name, _ in _named(version)} == {"S-1", "S-2"}


def test_all_conditions_must_hold() -> None:
    """A registration that matches beside a trader who does not is no match, and becomes one when both are stated."""
    desk = Desk()
    desk.take(a_selector(_of(ConditionKind.VEHICLE, "AB12CDE"), _of(ConditionKind.EORI, "FR99")))
    desk.take(a_booking(amendment=0))
    assert [_named(each) for each in desk.standing()] == [[]]
    desk.take(a_booking(amendment=1, booker=Party(eori="FR99")))
    assert [_named(each) for each in desk.standing()] == [[("S-1", 0)]]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    """A selector before, between or after the messages of a consignment that has not arrived: the same end."""
    desk, messages = Desk(), (a_selector(), RORO[0], RORO[1])
    for place in order:
        desk.take(messages[place])
    assert _named(desk.last[LORRY]) == [("S-1", 0)]


def test_what_was_known_is_not_rewritten() -> None:
    """A selector that comes later makes a new version; the one before stays without it."""
    desk = Desk()
    desk.take(*RORO[:1])
    before = desk.take(RORO[1]).versions[-1]
    (made,) = desk.take(a_selector()).versions
    assert (before.selectors, _named(made)) == ((), [("S-1", 0)])
    assert made.version == before.version + 1
    assert replace(made, selectors=(), version=before.version, known_at=0, sequence=0) == replace(
        before, known_at=0, sequence=0
    )


def test_what_has_arrived_is_left_alone() -> None:
    """A selector that comes after the arrival makes no version of it."""
    desk = Desk()
    desk.take(RORO[1])
    desk.known_at = ARRIVAL
    assert desk.take(a_selector()).versions == ()


@pytest.mark.parametrize(
    ("given", "matches"),
    [
        ({}, True),
        ({"valid_from": ARRIVAL}, True),
        ({"valid_from": ARRIVAL + 1}, False),
        ({"valid_until": ARRIVAL}, False),
        ({"valid_until": ARRIVAL + 1}, True),
        ({"withdrawn": True}, False),
    ],
)
def test_only_live_ones_match(given: dict[str, Any], matches: bool) -> None:
    """Valid at the scheduled arrival, from its first moment to before its last, and not withdrawn."""
    desk = Desk()
    desk.take(a_selector(**given))
    desk.take(RORO[1])
    assert [bool(each.selectors) for each in desk.standing()] == [matches]


def test_withdrawal_and_amendment_by_version() -> None:
    """A later version replaces, one that comes late is passed over, and a withdrawal takes the match away."""
    desk = Desk()
    desk.take(RORO[1])
    steps = [
        (a_selector(version=1), [("S-1", 1)]),
        (a_selector(version=0), [("S-1", 1)]),
        (a_selector(_of(ConditionKind.VEHICLE, "XX1"), version=2), []),
        (a_selector(version=3), [("S-1", 3)]),
        (a_selector(version=4, withdrawn=True), []),
        (a_selector(version=3), []),
    ]
    for selector, expected in steps:
        desk.take(selector)
        assert [_named(each) for each in desk.standing()] == [expected]


def test_agencies_number_for_themselves() -> None:
    """One number of two agencies is two selectors."""
    desk = Desk()
    desk.take(a_selector())
    desk.take(a_selector(agency="Partner Agency South"))
    desk.take(RORO[1])
    (version,) = desk.standing()
    assert [each.agency for each in version.selectors] == ["Partner Agency North", "Partner Agency South"]


def test_a_hit_never_holds_the_selectors_words() -> None:
    """The text is nowhere on the version, so that no score, card or export can print it."""
    desk = Desk()
    desk.take(a_selector(text="Unspeakable"))
    desk.take(RORO[1])
    assert "Unspeakable" not in repr(desk.standing())


def test_under_a_busy_key_the_newest_are_looked_at_again() -> None:
    """Of more consignments than are kept under one key, a later selector re-links the newest."""
    desk = Desk()
    for number in range(MOST_SUBJECTS + 5):
        desk.known_at = ARRIVAL - 2 * DAY
        desk.take(
            a_booking(booking_reference=f"B{number}", vehicle=f"V{number}", trailers=(f"T{number}",), booker=FRUIT)
        )
    desk.known_at = ARRIVAL - DAY
    made = desk.take(a_selector(_of(ConditionKind.PARTY, "Harbour Fruit", country="GB", postcode="CT16 1AA"))).versions
    assert len(made) == MOST_SUBJECTS


REGISTRATIONS = ("AA1", "BB2", "CC3")
TRADERS = ("GB1", "GB2")


@st.composite
def _selectors(draw: st.DrawFn) -> Selector:
    conditions = [_of(ConditionKind.VEHICLE, draw(st.sampled_from(REGISTRATIONS)))]
    if draw(st.booleans()):
        conditions.append(_of(ConditionKind.EORI, draw(st.sampled_from(TRADERS))))
    return a_selector(
        *draw(st.permutations(conditions)),
        selector_id=draw(st.sampled_from(("S-1", "S-2"))),
        version=draw(st.integers(0, 3)),
        withdrawn=draw(st.booleans()),
        valid_until=ARRIVAL + draw(st.sampled_from((-1, 1))) * HOUR,
    )


@st.composite
def _bookings(draw: st.DrawFn) -> tuple[str, str]:
    return draw(st.sampled_from(REGISTRATIONS)), draw(st.sampled_from(TRADERS))


@given(st.lists(_selectors() | _bookings(), max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_index_finds_what_a_scan_would(messages: list[Selector | tuple[str, str]]) -> None:
    """After every message each consignment has the selectors that comparing all with all gives."""
    desk = Desk()
    desk.known_at = ARRIVAL - 10 * DAY
    newest: dict[str, Selector] = {}
    stated: dict[str, tuple[str, str]] = {}
    for number, message in enumerate(messages):
        if isinstance(message, Selector):
            held = newest.get(message.selector_id)
            if held is None or message.version > held.version:
                newest[message.selector_id] = message
            desk.take(message)
        else:
            vehicle, trader = message
            stated[f"B{number}"] = message
            desk.take(
                a_booking(
                    booking_reference=f"B{number}",
                    vehicle=vehicle,
                    trailers=(),
                    booker=Party(eori=trader),
                    haulier=None,
                )
            )
    for version in desk.standing():
        assert version.booking is not None
        said = set(stated[version.booking.booking_reference])
        expected = [
            (name, each.version)
            for name, each in sorted(newest.items())
            if not each.withdrawn and each.valid_until > ARRIVAL and {part.value for part in each.conditions} <= said
        ]
        assert _named(version) == expected
        assert matching(desk.state, version, desk.known_at) == version.selectors


def test_a_consignment_without_keys_matches_nothing() -> None:
    """Names of nobody are no keys."""
    desk = Desk()
    desk.take(a_selector(_of(ConditionKind.PARTY, "To order", country="GB", city="Dover")))
    desk.take(a_container_entry(consignee=Party(name="To order", city="Dover", country="GB")))
    desk.take(a_roro_entry(consignee=Party(name="To order", city="Dover", country="GB")))
    assert [each.selectors for each in desk.standing()] == [(), ()]
