"""Damaged bytes: every way of every syntax, on random records, is read or refused and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.errors import MessageError
from aftc.records import Record
from aftc.streams import read
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED
from training.world.dispatch import Delivery, Dispatch
from training.world.fault_amendments import amended
from training.world.fault_bytes import damaged, damages, truncated
from training.world.fault_picks import Picks
from training.world.fault_rates import AMENDED, STATED, Odds
from training.world.fault_statements import misstate
from training.world.native import arrived
from training.world.tables import RECORD_TYPES

LIMIT = 10_000_000
NAMES = sorted(RECORD_TYPES)
SEEDS = st.integers(0, 2**32 - 1)


def _picks(seed: int) -> Picks:
    return Picks(np.random.default_rng(seed))


def _native(stream: str, record: Record) -> bytes:
    return arrived(Delivery(stream, "X", 0, record, ()))


def _read(raw: bytes) -> str:
    """What became of the bytes: refused, flagged or read."""
    try:
        reading = read(raw, limit_bytes=LIMIT)
    except MessageError:
        return "refused"
    return "flagged" if any(record.flags for record in reading.records) else "read"


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), seed=SEEDS)
@settings(UNHURRIED, max_examples=50)
def test_damaged_messages_are_read_or_refused(name: str, data: st.DataObject, seed: int) -> None:
    """Every way of damage on any valid message gives other bytes that are read or refused."""
    raw = _native(name, data.draw(RECORDS[name]))
    picks = _picks(seed)
    assert damaged(raw, picks) != raw
    for way in damages(raw):
        _read(way(raw, picks))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), seed=SEEDS)
@settings(UNHURRIED, max_examples=40)
def test_what_is_cut_off_is_never_read(name: str, data: st.DataObject, seed: int) -> None:
    """The beginning of any valid message is shorter than it and refused."""
    raw = _native(name, data.draw(RECORDS[name]))
    cut = truncated(raw, _picks(seed))
    assert raw.startswith(cut)
    assert _read(cut) == "refused"


def test_most_damage_is_refused_and_some_is_read(dispatches: list[Dispatch]) -> None:
    """Of 1,000 damaged messages of each syntax 500 to 950 are refused, the others read, some with flags."""
    picks = _picks(6)
    for streams in (("ens",), ("cuscar",), ("gmr", "ferry_booking", "ferry_check_in")):
        messages = [_native(each.stream, each.record) for each in dispatches if each.stream in streams]
        became = Counter(_read(damaged(picks.one(messages), picks)) for _ in range(1_000))
        assert 500 < became["refused"] < 950
        assert became["flagged"] > 0


@pytest.mark.parametrize("name", ["ens", "cuscar", "ferry_check_in"])
def test_every_way_changes_a_message(dispatches: list[Dispatch], name: str) -> None:
    """Each way of damage finds something to damage in a message of the world."""
    picks = _picks(7)
    raw = next(_native(each.stream, each.record) for each in dispatches if each.stream == name)
    for way in damages(raw):
        assert any(way(raw, picks) != raw for _ in range(5))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), seed=SEEDS)
@settings(UNHURRIED, max_examples=50)
def test_misstated_records_can_be_sent(name: str, data: st.DataObject, seed: int) -> None:
    """Any valid record with any of the sender's faults, or amended, is built, and read or refused for what it says."""
    record, picks = data.draw(RECORDS[name]), _picks(seed)
    for fault in STATED:
        stated, faults = misstate(record, Odds((fault,), (1.0,)), picks)
        assert bool(faults) == (stated != record)
        _read(_native(name, stated))
    for fault in AMENDED:
        second = amended(Dispatch(name, "X", 0, record), fault, picks)
        if second is not None:
            assert replace(second, name="") != replace(second, name="", record=record)
            _read(_native(name, second.record))
