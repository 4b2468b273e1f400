"""Aliases: the histories of merged parties summed, online, in batch, by SQL and by the naive oracle alike."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from aftc.clock import DAY
from aftc.features import batch, online, sql
from aftc.features.aliases import PARTY_KINDS, Aliases, remember
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.identity import stable_id
from aftc.features.testing import apply_step, decisions_of, naive_window_sums, random_history
from aftc.linking.merges import MOST_MEMBERS, Alias, merge_parties
from aftc.linking.parties import party_key
from aftc.overlay import MemoryState
from aftc.records import Party
from tests.parties.decided import a_merge

KEYS = sorted(
    str(party_key(party))
    for party in (
        *(Party(eori=f"GB{number}") for number in (1, 2, 7, 8, 55555555)),
        Party(name="Third Trader Ltd", country="GB"),
        Party(eori="GB123456789000"),
        Party(eori="GB555555555000"),
    )
)


def told(
    seed: int, longest_gap: int
) -> tuple[MemoryState, list[np.ndarray], list[tuple[int, Extract]], list[tuple[int, Alias]], list[np.ndarray]]:
    """A random history in which now and then two keys are merged or parted: what was read online, and all rows."""
    random, state = Random(seed), MemoryState()
    rows, extracts, aliases, read = [], [], [], []
    merged: list[tuple[str, str]] = []
    for step in random_history(seed, messages=80, longest_gap=longest_gap):
        sequence = 2 * step.sequence
        if random.random() < 0.3:
            one, other = random.choice(merged) if merged and random.random() < 0.4 else sorted(random.sample(KEYS, 2))
            pair = (one, other)
            applied = pair not in merged
            (merged.append if applied else merged.remove)(pair)
            for alias in merge_parties(state, a_merge(pair, applied=applied)):
                remember(state, alias.key, alias.members)
                aliases.append((sequence - 1, alias))
        made, sightings = apply_step(
            state, step.__class__(sequence, step.known_at, step.versions, step.owner, step.deltas)
        )
        rows.append(sightings)
        for each in made:
            extracts.append((sequence, each))
            read.append(online.window_sums(state, SCHEMA, each.slots, each.owners, day=each.day))
    return state, rows, extracts, aliases, read


@pytest.mark.parametrize("longest_gap", [DAY // 4, 3 * DAY, 60 * DAY])
@pytest.mark.parametrize("seed", range(3))
def test_merged_parties_are_read_alike_by_all(seed: int, longest_gap: int) -> None:
    """Online, batch, SQL and the naive oracle give equal integers, and merges change some of them."""
    _, rows, extracts, aliases, read = told(seed, longest_gap)
    assert len(KEYS) == MOST_MEMBERS
    sightings, decisions = np.concatenate(rows), decisions_of(extracts)
    known = Aliases.of(*zip(*[(since, alias.key, alias.members) for since, alias in aliases], strict=True))
    expected = batch.window_sums(SCHEMA, sightings, decisions, known)
    assert np.array_equal(np.array(read), expected)
    assert np.array_equal(sql.window_sums(SCHEMA, sightings, decisions, known), expected)
    assert not np.array_equal(batch.window_sums(SCHEMA, sightings, decisions), expected)

    def members(key: int, now: int) -> set[int]:
        """All keys of a party, read off the history of merges."""
        for since, alias in reversed(aliases):
            for kind in PARTY_KINDS:
                if since <= now and key == stable_id(kind.label, alias.key):
                    return {stable_id(kind.label, member) for member in alias.members}
        return {key}

    some = slice(0, len(extracts), 7)
    few = decisions_of(extracts[some])
    assert np.array_equal(naive_window_sums(SCHEMA, sightings, few, members), expected[some])


def test_a_merge_is_seen_from_its_message_on() -> None:
    """The same version before, with and after a merge that is taken back: the past keeps its sums."""
    state = MemoryState()
    extracts = [(step.sequence, each) for step in random_history(2) for each in apply_step(state, step)[0]]
    _, last = extracts[-1]
    before = online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)
    pairs = [(one, other) for one in KEYS for other in KEYS if one < other]
    seen = set()
    for pair in pairs:
        for applied in (True, False):
            for alias in merge_parties(state, a_merge(pair, applied=applied)):
                remember(state, alias.key, alias.members)
            sums = online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)
            seen.add((applied, np.array_equal(sums, before)))
    assert (True, False) in seen
    assert (False, False) not in seen
