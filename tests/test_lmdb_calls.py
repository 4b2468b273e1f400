"""Records of many keys in one compiled call: what the library's own calls give, one by one, and as safely."""

from __future__ import annotations

from pathlib import Path

import lmdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftc.errors import HistoryError, StateError
from aftc.joined_records import Integers, Octets, joined, names_of, pieces
from aftc.overlay import Overlay
from aftc.state import State

written = st.dictionaries(st.integers(-(2**63), 2**63 - 1), st.binary(min_size=1, max_size=3000), max_size=40)


def parts(rows: dict[int, bytes]) -> tuple[Integers, Octets, Integers]:
    """Rows as compiled code gives them."""
    raw, lengths = joined(list(rows.values()))
    return np.array(list(rows), np.int64), raw, np.cumsum(np.concatenate(([0], lengths)))


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An empty one."""
    return State(tmp_path / "state", writable=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written, written, st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5))
def test_many_are_written_and_read_as_one_by_one(
    state: State, rows: dict[int, bytes], later: dict[int, bytes], others: list[int]
) -> None:
    """Also what takes another's place in another length, and keys that nobody wrote."""
    with state.transaction() as transaction:
        transaction.put_records("entities", *parts(rows))
        transaction.put_records("entities", *parts(later))
        keys = np.array([*rows, *later, *others], np.int64)
        one_by_one = [transaction.get("entities", name) for name in names_of(keys)]
        raw, lengths = transaction.records("entities", keys)
    expected = rows | later
    assert one_by_one[: len(rows) + len(later)] == [expected[key] for key in (*rows, *later)]
    assert lengths.tolist() == [-1 if each is None else len(each) for each in one_by_one]
    assert raw.tobytes() == b"".join(each or b"" for each in one_by_one)


def test_what_has_no_bytes_stays_as_it_was(state: State) -> None:
    """An owner or an entity to which a message adds nothing."""
    keys = np.array([1, 2], np.int64)
    with state.transaction() as transaction:
        transaction.put_records("owners", *parts({1: b"one", 2: b"two"}))
        transaction.put_records("owners", keys, np.frombuffer(b"new", np.uint8), np.array([0, 0, 3]))
        assert transaction.get_many("owners", names_of(keys)) == [b"one", b"new"]


def test_a_snapshot_sees_nothing_later(state: State) -> None:
    """Neither what is being written nor what was committed since."""
    with state.transaction() as transaction:
        transaction.put_records("entities", *parts({7: b"before"}))
    with state.snapshot() as snapshot:
        with state.transaction() as transaction:
            transaction.put_records("entities", *parts({7: b"after"}))
            assert snapshot.records("entities", np.array([7]))[0].tobytes() == b"before"
            assert transaction.records("entities", np.array([7]))[0].tobytes() == b"after"
        assert snapshot.records("entities", np.array([7]))[0].tobytes() == b"before"


def test_a_transaction_that_has_ended_is_refused(state: State) -> None:
    """Its memory is another's by now."""
    with state.transaction() as transaction:
        transaction.put_records("entities", *parts({7: b"seven"}))
    with pytest.raises(lmdb.Error):
        transaction.put_records("entities", *parts({7: b"eight"}))
    with pytest.raises((lmdb.Error, StateError)):
        transaction.records("entities", np.array([7]))


def test_a_snapshot_is_not_written(state: State) -> None:
    """The library says why."""
    with state.snapshot() as snapshot, pytest.raises(lmdb.ReadonlyError):
        snapshot.put_records("entities", *parts({7: b"seven"}))


def test_what_is_appended_comes_in_order(state: State) -> None:
    """Keys compare as bytes; one that comes before the last is refused by its name."""
    with state.transaction() as transaction:
        transaction.append_records("entities", *parts({256: b"c", 1: b"a"}))
        assert [key for key, _ in transaction.rows("entities")] == names_of(np.array([256, 1]))
        with pytest.raises(HistoryError, match="order of their keys"):
            transaction.append_records("entities", *parts({512: b"d"}))


def test_values_that_the_state_checks_are_checked(state: State) -> None:
    """Members of a party: their check is the state's own, and no part of the value."""
    with state.transaction() as transaction:
        transaction.put("members", names_of(np.array([5]))[0], b"12345678")
        raw, lengths = transaction.records("members", np.array([4, 5]))
        assert (raw.tobytes(), lengths.tolist()) == (b"12345678", [-1, 8])
        transaction.put_records("members", *parts({6: b"no check at its end"}))
        with pytest.raises(StateError):
            transaction.records("members", np.array([6]))


def test_what_stands_above_a_state_hides_what_is_below(state: State) -> None:
    """For any mix of keys."""
    with state.transaction() as transaction:
        transaction.put_records("entities", *parts({1: b"one", 2: b"two"}))
        above, keys = Overlay(transaction), np.array([1, 2, 3])
        above.put_records("entities", *parts({2: b"another"}))
        raw, lengths = above.records("entities", keys)
        assert pieces(raw, np.cumsum([0, *np.maximum(lengths, 0)])) == [b"one", b"another", b""]
        assert transaction.records("entities", keys)[0].tobytes() == b"onetwo"
