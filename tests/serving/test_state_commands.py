"""`aftc state`: what the online state holds is told, and damage anywhere in its history is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftc.cli import run
from aftc.state import State
from serving.commands import COMMANDS
from tests.features.written_records import Entity, pack_entity, unpack_entity

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
        tables = {name: dict(snapshot.rows(name)) for name in ("entities", "owners")}
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
    for name, table in (("entity", "entities"), ("owner", "owners")):
        each, found = stated["bytes_each"][name], [len(key) + len(raw) for key, raw in tables[table].items()]
        assert (each["records"], each["total"], each["largest"]) == (len(found), sum(found), max(found))
        assert each["median"] <= each["most"] <= each["largest"]


def test_a_sound_state_is_found_sound(store: Path, told: Callable[..., Any]) -> None:
    """Every entity and every owner is checked, and nothing is wrong with any."""
    tables = _tables(store)
    assert told("verify") == {"checked": len(tables["entities"]) + len(tables["owners"]), "faults": 0, "first": []}


@pytest.mark.parametrize(
    ("table", "place", "words"),
    [
        ("entities", 9, "a record that fails its check"),
        ("entities", -1, "closed days that fail their check"),
        ("owners", 9, "a ledger that fails"),
    ],
)
def test_a_flipped_bit_is_found(store: Path, told: Callable[..., Any], table: str, place: int, words: str) -> None:
    """One bit in any record is told with the record's number, and the command ends with a finding."""
    key, raw = max(_tables(store)[table].items(), key=lambda row: len(row[1]))
    harmed = bytearray(raw)
    harmed[place] ^= 4
    _put(store, table, key, bytes(harmed))
    found = told("verify", status=1)
    assert found["faults"] == 1
    assert found["first"][0].startswith(f"{'owner' if table == 'owners' else 'entity'} {_number(key)}: {words}")


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1)], ids=["closed days", "the open day"])
def test_records_that_do_not_belong_together_are_found(
    store: Path, told: Callable[..., Any], order: tuple[int, ...]
) -> None:
    """Days out of order, a record that is cut off, and an entity that an owner names and that is lost."""
    tables = _tables(store)
    (first, raw), (second, other) = sorted(tables["entities"].items(), key=lambda row: len(row[1]))[-2:]
    _put(store, "entities", second, other[:-1])
    entity = unpack_entity(raw, first)
    last = entity.days[-3:]
    days = (*entity.days[:-3], *(last[place] for place in order))
    _put(store, "entities", first, pack_entity(Entity(entity.sequence, days), first))
    state = State(store / "state", writable=True)
    with state.transaction() as transaction:
        transaction.delete("entities", min(tables["entities"]))
    state.close()
    found = {line.partition(": ")[2] for line in told("verify", status=1)["first"]}
    lost = f"names the entity {_number(min(tables['entities']))}, which has no record"
    assert found == {"days out of order", "closed days that fail their check", lost}


def _number(key: bytes) -> int:
    return int.from_bytes(key, "little", signed=True)
