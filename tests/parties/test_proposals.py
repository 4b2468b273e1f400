"""Proposals: Splink's weights add up, and the rule decides which need a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.linking.parties import party_key
from aftc.parties.kept import read_proposals, write_proposals
from aftc.parties.proposals import Proposal, clusters, propose
from aftc.parties.statements import Statement, statement
from aftc.records import Party
from aftc.testing import a_party

NUMBER = "GB123456789012"
CROWD = [
    a_party(f"{first}{last} Trading", street=f"{place} Mill Lane", city=f"{last}ton", postcode=f"X{place}{last[0]} 1AA")
    for place, first in enumerate(("Dal", "Fen", "Gor", "Kal", "Lor", "Nal"), start=1)
    for last in ("dora", "brook", "mere", "vane", "plex")
]


def stated(*parties: Party) -> list[Statement]:
    """Statements of these parties among a crowd of others."""
    return sorted({statement(str(party_key(party)), party) for party in (*CROWD, *parties)})


def proposed(*parties: Party) -> dict[str, list[Proposal]]:
    """Proposals that touch these parties, by why they need a person."""
    keys = {party_key(party) for party in parties}
    found: dict[str, list[Proposal]] = {}
    for each in propose(stated(*parties)):
        if keys >= set(each.keys):
            found.setdefault(each.against, []).append(each)
    return found


@pytest.fixture(scope="module")
def lost_number() -> Proposal:
    """A party with its number and without."""
    ((proposal,),) = proposed(a_party(eori=NUMBER), a_party()).values()
    return proposal


def test_the_waterfall_adds_up(lost_number: Proposal) -> None:
    """Prior and evidence sum to the weight, within 1e-9; each step names what was compared."""
    assert lost_number.weight == pytest.approx(
        lost_number.prior + sum(e.weight for e in lost_number.evidence), abs=1e-9
    )
    told = {each.comparison: (each.one, each.other, each.level) for each in lost_number.evidence}
    assert told["number"] == (NUMBER, "", "not stated")
    assert told["postcode"] == ("CT161AA", "CT161AA", "the same")
    assert [each.weight for each in lost_number.evidence if each.comparison == "number"] == [0.0]


def test_name_and_address_are_enough(lost_number: Proposal) -> None:
    """Two independent identifiers: nobody has to look."""
    assert (lost_number.against, lost_number.keys[0]) == ("", f"E|{NUMBER}")


def test_a_slip_in_the_number_is_no_contradiction() -> None:
    """Name and address agree, and the numbers are one slip apart."""
    assert list(proposed(a_party(eori=NUMBER), a_party(eori="GB132456789012"))) == [""]


def test_two_numbers_need_a_person() -> None:
    """Whatever else agrees."""
    assert list(proposed(a_party(eori=NUMBER), a_party(eori="GB987654321000"))) == ["two trader numbers"]


def test_a_name_alone_needs_a_person() -> None:
    """It may be a branch, or another firm of that name."""
    other = a_party(street=None, city=None, postcode=None)
    assert list(proposed(a_party(), other)) == ["only the name agrees"]


def test_a_key_between_two_parties_makes_them_not_one() -> None:
    """A statement without a number agrees with two traders: the weightier merge stands, the other is a person's."""
    parties = (a_party(eori=NUMBER), a_party(eori="GB987654321000"), a_party())
    found = proposed(*parties)
    assert {against: len(each) for against, each in found.items()} == {
        "": 1,
        "two trader numbers": 1,
        "two trader numbers, by way of keys already merged": 1,
    }
    merged = clusters([each.keys for each in found[""]])
    assert len(set(merged.values())) == 1
    assert len(merged) == 2


def test_equal_statements_give_equal_proposals() -> None:
    """Bit for bit, weights included."""
    parties = stated(a_party(eori=NUMBER), a_party(), a_party("Harb. Fruit Imports Ltd"))
    assert propose(parties) == propose(parties)
    assert propose(parties[:1]) == propose([]) == []


def test_proposals_are_kept_as_they_are(tmp_path: Path, lost_number: Proposal) -> None:
    """Written and read, with the message that they go up to; the next ones take their place."""
    assert read_proposals(tmp_path) == ([], 0)
    write_proposals(tmp_path, [lost_number], 7)
    assert read_proposals(tmp_path) == ([lost_number], 7)
    write_proposals(tmp_path, [], 8)
    assert read_proposals(tmp_path) == ([], 8)
    assert [path.name for path in (tmp_path / "parties").iterdir()] == ["proposals.parquet"]
