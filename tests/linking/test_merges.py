"""Merges of parties: groups by pairs, each of which can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import RefusedMerge
from aftc.linking.merges import MOST_MEMBERS, merge_parties
from aftc.overlay import MemoryState
from aftc.records import PartyMerge
from tests.parties.decided import a_merge

KEYS = tuple(f"E|GB{number}" for number in range(1, MOST_MEMBERS + 2))


def _merge(one: int, other: int, *, applied: bool = True) -> PartyMerge:
    return a_merge((KEYS[one], KEYS[other]), applied=applied)


def test_a_merge_tells_every_key_of_the_party() -> None:
    """A third key joins two: all three have three members."""
    state = MemoryState()
    assert [alias.members for alias in merge_parties(state, _merge(0, 1))] == [KEYS[:2]] * 2
    assert {alias.key: alias.members for alias in merge_parties(state, _merge(1, 2))} == dict.fromkeys(
        KEYS[:3], KEYS[:3]
    )


def test_a_reversal_leaves_what_other_pairs_hold() -> None:
    """Of three keys in a ring one pair taken back parts none; in a chain it parts the end."""
    state = MemoryState()
    for pair in ((0, 1), (1, 2), (0, 2)):
        merge_parties(state, _merge(*pair))
    told = merge_parties(state, _merge(0, 1, applied=False))
    assert {alias.members for alias in told} == {KEYS[:3]}
    told = merge_parties(state, _merge(0, 2, applied=False))
    assert {alias.key: alias.members for alias in told} == {KEYS[0]: KEYS[:1], **dict.fromkeys(KEYS[1:3], KEYS[1:3])}


def test_a_merge_again_changes_nothing() -> None:
    """The same decision by another officer is no news."""
    state = MemoryState()
    assert merge_parties(state, _merge(0, 1))
    assert merge_parties(state, _merge(0, 1)) == ()


def test_more_keys_than_a_read_sums_are_refused() -> None:
    """The ninth key of a party; the eight stay."""
    state = MemoryState()
    for number in range(1, MOST_MEMBERS):
        merge_parties(state, _merge(0, number))
    with pytest.raises(RefusedMerge, match="at most 8"):
        merge_parties(state, _merge(0, MOST_MEMBERS))
    assert len(merge_parties(state, _merge(0, 1, applied=False))) == MOST_MEMBERS


def test_what_is_not_merged_cannot_be_taken_back() -> None:
    """Not even two keys that are one party's by way of a third."""
    state = MemoryState()
    for pair in ((0, 1), (1, 2)):
        merge_parties(state, _merge(*pair))
    with pytest.raises(RefusedMerge):
        merge_parties(state, _merge(0, 2, applied=False))


@given(st.lists(st.sampled_from([(one, other) for one in range(6) for other in range(one + 1, 6)]), max_size=30))
def test_groups_are_what_hangs_together(pairs: list[tuple[int, int]]) -> None:
    """Merged where they were not and parted where they were, the last word on each key is its connected keys."""
    state, standing, members = MemoryState(), set[tuple[int, int]](), {number: {number} for number in range(6)}
    for pair in pairs:
        standing ^= {pair}
        for alias in merge_parties(state, _merge(*pair, applied=pair in standing)):
            members[KEYS.index(alias.key)] = set(map(KEYS.index, alias.members))
    for number in range(6):
        reached = {number}
        for _ in range(6):
            reached |= {each for pair in standing if reached & set(pair) for each in pair}
        assert members[number] == reached
