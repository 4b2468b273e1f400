"""`aftc parties`: proposed, shown, merged and taken back as a person types it, and known from then on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from aftc.audit.journal_history import JournalHistory
from aftc.audit.lake_history import LakeHistory
from aftc.audit.record import Basis
from aftc.clock import HOUR, MINUTE, day_of, format_instant
from aftc.columns import instants, matrix, ragged
from aftc.config import Settings
from aftc.features import batch, online
from aftc.features.algebra import KeyKind
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import extract
from aftc.features.sightings import COLUMNS
from aftc.history.aliases import known_aliases
from aftc.history.lake import Lake
from aftc.records import Message
from aftc.state import State, read_watermark
from aftc.streams import ens
from aftc.testing import ARRIVAL, a_party, a_roro_entry
from serving.ingest import Ingest
from serving.rebuild import rebuild_state
from tests.serving.test_commands import Shell

NUMBER = "GB123456789000"
COUNT = "consignee_count_91d"
FIRST = ARRIVAL - 100 * HOUR
NOW = ARRIVAL - 8 * HOUR


def _entries(known_at: int, *places: int) -> Iterator[Message]:
    """Entries for the same consignee, every third without its number; consignors are as many as entries."""
    for place in places:
        entry = a_roro_entry(
            document=f"CMR-{place}",
            lrn=f"LRN-{place}",
            ucr=f"6GB-{place}",
            consignor=a_party(
                f"Naranjas {'ABCDEFGHIJKLMNOP'[place] * 4} SL", city="Valencia", postcode=f"4600{place}", country="ES"
            ),
            consignee=a_party(eori=None if place % 3 == 0 else NUMBER),
        )
        yield Message(ens.build(entry), known_at + place * MINUTE, f"entry-{place}")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Nine consignments of one consignee, who is known under two keys."""
    with Ingest(Settings(store=tmp_path / "store")) as ingest:
        for _ in ingest.take(_entries(FIRST, *range(9))):
            pass
    return tmp_path / "store"


@pytest.fixture
def shell(store: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell over that store."""
    return Shell(store, capsys)


def _decide(shell: Shell, *words: object, minutes: int) -> None:
    at = format_instant(NOW + minutes * MINUTE)
    assert shell.json("parties", *words, "--by", "officer-17", "--at", at)["taken"] == 1


def _sums(store: Path) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of every version, from the lake: window sums, sequence; and the sums of the last one as a scorer reads them."""
    lake = Lake(store / "lake")
    rows = lake.read("versions", columns=("sequence", "day", "owners", "slots"))
    table = lake.read("sightings", columns=COLUMNS)
    offsets, owners = ragged(rows["owners"])
    slots, day = matrix(rows["slots"], len(KeyKind)), instants(rows["day"])
    decisions = batch.Decisions(
        slots=slots, owner_offsets=offsets, owners=owners, day=day, sequence=instants(rows["sequence"])
    )
    sightings = np.column_stack([instants(table[name]) for name in COLUMNS])
    sums = batch.window_sums(SCHEMA, sightings, decisions, known_aliases(lake))
    state = State(store / "state")
    with state.snapshot() as view:
        today = day_of(read_watermark(view).known_at)
        read = online.window_sums(view, SCHEMA, slots[-1], owners[offsets[-2] :], day=today)
    state.close()
    return sums, decisions.sequence, read


def _named(shell: Shell) -> str:
    assert shell.json("parties", "propose")["allowed"] == 1
    (proposal, *_) = shell.json("parties", "list")["proposals"]
    assert proposal["keys"] == [f"E|{NUMBER}", "N|FRUIT HARBOUR IMPORTS|GB|CT161AA"]
    return str(proposal["merge_id"])


def test_a_proposal_is_shown_step_by_step(shell: Shell) -> None:
    """The waterfall from the prior to the sum, in the order compared."""
    name = _named(shell)
    lines = shell.text("parties", "show", name).splitlines()
    assert [line.split()[0] for line in lines[2:]] == [
        "prior",
        "number",
        "name",
        "street",
        "postcode",
        "town",
        "country",
        "sum",
    ]
    assert "allowed: name and address agree" in lines[1]


def test_a_merge_is_known_from_its_message_on(shell: Shell, store: Path) -> None:
    """Versions before a merge keep their sums; those after it see both histories; after the reversal one again."""
    before, sequences, _ = _sums(store)
    name = _named(shell)
    _decide(shell, "apply", name, minutes=0)
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(_entries(NOW + MINUTE, 9)):
            pass
    merged, after, read = _sums(store)
    assert np.array_equal(merged[: len(before)], before)
    assert after[-1] == sequences[-1] + 2
    assert np.array_equal(merged[-1], read)
    _decide(shell, "revert", name, "--reason", "two firms", minutes=20)
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(_entries(NOW + HOUR, 12)):
            pass
    parted, _, read = _sums(store)
    assert np.array_equal(parted[: len(merged)], merged)
    assert np.array_equal(parted[-1], read)
    seen = [window.name for window in SCHEMA.windows].index(COUNT)
    assert (merged[-1, seen], parted[-1, seen]) == (9, 4)


def test_a_replay_reads_the_merges_that_were_known(shell: Shell, store: Path) -> None:
    """From the lake and from the journal alone: at the last message the merged sums, before the merge those then."""
    _, _, before = _sums(store)
    _decide(shell, "apply", _named(shell), minutes=0)
    _, _, now = _sums(store)
    assert not np.array_equal(before, now)
    lake, settings = Lake(store / "lake"), Settings(store=store)
    for sequence, known_at, expected in ((9, FIRST, before), (10, NOW, now)):
        basis = Basis(sequence, known_at, day_of(known_at), "", SCHEMA.digest)
        with JournalHistory(settings, sequence) as journal:
            version = journal.version(lake.read("versions")["consignment_id"].to_pylist()[-1], sequence)
            assert np.array_equal(journal.sums(extract(version), basis), expected)
        assert np.array_equal(LakeHistory(lake).sums(extract(version), basis), expected)


def test_a_rebuilt_state_knows_the_same_merges(shell: Shell, store: Path) -> None:
    """Merges are in the journal: a state made again from it reads the same sums."""
    _decide(shell, "apply", _named(shell), minutes=0)
    _, _, read = _sums(store)
    rebuild_state(Settings(store=store), lambda _: None, from_journal=True)
    assert np.array_equal(_sums(store)[2], read)
    assert read.any()


def test_what_was_decided_is_told_once(shell: Shell) -> None:
    """A merge leaves the proposals; a reversal is its last word, and the rule alone does not undo it."""
    name = _named(shell)
    _decide(shell, "apply", "--allowed", minutes=0)
    assert name not in str(shell.json("parties", "list"))
    _decide(shell, "revert", name, "--reason", "two firms", minutes=1)
    (last,) = shell.json("parties", "list", "--merged")["decisions"]
    assert (last["merge_id"], last["applied"], last["reason"]) == (name, False, "two firms")
    assert shell.json("parties", "apply", "--allowed", "--by", "job")["taken"] == 0
    _decide(shell, "apply", name, minutes=2)


def test_what_cannot_be_decided_is_refused(shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No store, no such proposal, nothing to take back, both or neither of ID and --allowed."""
    assert "a merge that is proposed" in shell.refused("parties", "show", "0" * 16)
    assert "a merge that stands" in shell.refused("parties", "revert", _named(shell), "--by", "x", "--reason", "y")
    assert "--allowed" in shell.refused("parties", "apply", "--by", "x")
    assert "a store" in Shell(tmp_path / "nothing", capsys).refused("parties", "propose")
