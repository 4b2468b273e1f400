"""`aftc state`: what the online state holds is told, and damage anywhere in its history is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftc.cli import run
from aftc.features.entity_records import ROW_BYTES, Head, key_bytes, unpack_head
from aftc.state import State
from serving.commands import COMMANDS
from tests.features.written_records import pack_head

Table = dict[bytes, bytes]


@pytest.fixture
def told(store: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Answers of a command over the store, as machines read them."""

    def ask(word: str, status: int = 0) -> Any:
        assert run(COMMANDS, ["state", word, "--json", "--store", str(store)]) == status
        return json.loads(capsys.readouterr().out)

    return ask


def _tables(store: Path) -> dict[str, Table]:
    state = State(store / "state")
    with state.snapshot() as snapshot:
        tables = {name: dict(snapshot.rows(name)) for name in ("heads", "bodies", "owners")}
    state.close()
    return tables


def _put(store: Path, table: str, key: bytes, raw: bytes) -> None:
    state = State(store / "state", writable=True)
    with state.transaction() as transaction:
        transaction.put(table, key, raw)
    state.close()


def test_what_the_state_holds_is_told(store: Path, told: Callable[..., Any]) -> None:
    """Records by table, and the bytes of entities and owners as they are stored."""
    tables, stated = _tables(store), told("stat")
    assert stated["sequence"] == 34
    assert {name: stated["records"][name] for name in tables} == {name: len(each) for name, each in tables.items()}
    entity, owner = stated["bytes_each"]["entity"], stated["bytes_each"]["owner"]
    heads, bodies = ({key: len(key) + len(raw) for key, raw in tables[name].items()} for name in ("heads", "bodies"))
    largest = max(size + bodies.get(key, 0) for key, size in heads.items())
    assert (entity["total"], entity["largest"]) == (sum(heads.values()) + sum(bodies.values()), largest)
    assert (
        owner["median"] <= owner["most"] <= owner["largest"] == max(len(raw) + 8 for raw in tables["owners"].values())
    )


def test_a_sound_state_is_found_sound(store: Path, told: Callable[..., Any]) -> None:
    """Every entity and every owner is checked, and nothing is wrong with any."""
    tables = _tables(store)
    assert told("verify") == {"checked": len(tables["heads"]) + len(tables["owners"]), "faults": 0, "first": []}


@pytest.mark.parametrize(
    ("table", "words"),
    [("heads", "a head that fails"), ("bodies", "a closed day that fails"), ("owners", "a ledger that fails")],
)
def test_a_flipped_bit_is_found(store: Path, told: Callable[..., Any], table: str, words: str) -> None:
    """One bit in any record is told with the record's number, and the command ends with a finding."""
    key, raw = max(_tables(store)[table].items(), key=lambda row: len(row[1]))
    _put(store, table, key, raw[:9] + bytes([raw[9] ^ 4]) + raw[10:])
    found = told("verify", status=1)
    assert found["faults"] == 1
    assert found["first"][0].startswith(f"{'owner' if table == 'owners' else 'entity'} {_number(key)}: {words}")


def test_records_that_do_not_belong_together_are_found(store: Path, told: Callable[..., Any]) -> None:
    """Closed days that are lost, days out of order, days without a head."""
    tables = _tables(store)
    (first, body), (second, other) = sorted(tables["bodies"].items())[:2]
    head = unpack_head(tables["heads"][second])
    _put(store, "bodies", first, body[ROW_BYTES:])
    _put(store, "heads", second, pack_head(Head(head.sequence, head.rows, 0, head.totals), second))
    _put(store, "bodies", key_bytes(77), other)
    found = {line.partition(": ")[2] for line in told("verify", status=1)["first"]}
    assert found == {
        "other closed days than its head counts",
        "days out of order",
        "closed days without a head",
    }


def _number(key: bytes) -> int:
    return int.from_bytes(key, "little", signed=True)
