"""Pairings: keys of parties that are named for the same goods are one party's where nothing speaks against it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa

from aftc.history.lake import Lake
from aftc.history.tables import SCHEMAS
from aftc.linking.parties import party_key
from aftc.parties.agreement import Identifier
from aftc.parties.pairings import LEAST_SHARED, exclusive, pairings, slips
from aftc.parties.proposals import propose
from aftc.parties.statements import statement
from aftc.records import Party
from aftc.testing import a_party, a_roro_entry, a_version, an_import_declaration

NUMBER, OTHER = "E|GB123456789012", "E|GB987654321000"
SLIPPED, NEIGHBOUR = "E|GB132456789012", "E|GB123456789013"
WORDS, STRANGER = "N|FRUIT HARBOUR|GB|CT161AA", "N|STEEL TYNE|GB|NE11AA"


def test_goods_shared_often_and_never_otherwise_are_evidence() -> None:
    """At the bound they count, one consignment below it they do not."""
    assert exclusive({(NUMBER, WORDS): LEAST_SHARED}, {}) == {(NUMBER, WORDS): LEAST_SHARED}
    assert exclusive({(NUMBER, WORDS): LEAST_SHARED - 1}, {}) == {}


def test_an_agent_imports_for_many() -> None:
    """A number beside two consignees, or a consignee beside two numbers, is nobody's in particular."""
    assert exclusive({(NUMBER, WORDS): 9, (NUMBER, STRANGER): 1}, {}) == {}
    assert exclusive({(NUMBER, WORDS): 9, (OTHER, WORDS): 1}, {}) == {}


def test_two_writings_of_one_consignee_contradict_nothing() -> None:
    """Keys that words have brought together count as one party."""
    shared = {(NUMBER, WORDS): 9, (NUMBER, STRANGER): 1}
    assert exclusive(shared, {WORDS: WORDS, STRANGER: WORDS}) == {(NUMBER, WORDS): 9}


def test_shared_goods_propose_a_merge_with_their_evidence() -> None:
    """The rule allows it, and prior and evidence add up to the weight."""
    parties = (Party(eori="GB123456789012"), a_party(), a_party("Tyne Steel", postcode="NE1 1AA"))
    stated = sorted(statement(str(party_key(each)), each) for each in parties)
    words = str(party_key(a_party()))
    (proposal,) = [each for each in propose(stated, {(NUMBER, words): 5}) if not each.against]
    assert (proposal.keys, proposal.agreeing) == ((NUMBER, words), (Identifier.GOODS,))
    assert proposal.weight == proposal.prior + sum(each.weight for each in proposal.evidence)


def test_numbers_a_slip_apart_that_share_goods_are_one_partys() -> None:
    """Once is enough, beside the same goods or as importers for one consignee; an unlike number never."""
    assert slips({(NUMBER, SLIPPED): 1}) == {(NUMBER, SLIPPED): 1}
    assert slips({(NUMBER, WORDS): 9, (SLIPPED, WORDS): 2}) == {(NUMBER, SLIPPED): 2}
    assert slips({(NUMBER, WORDS): 9, (OTHER, WORDS): 2, (SLIPPED, STRANGER): 1}) == {}


def test_numbers_given_in_a_row_are_two_partys() -> None:
    """Another digit among the last three is no slip, whatever the two share."""
    assert slips({(NUMBER, WORDS): 9, (NEIGHBOUR, WORDS): 9}) == {}


def test_a_slip_does_not_stand_against_shared_goods() -> None:
    """The number and its slip are one importer, so the consignee's words are still that one's alone."""
    parties = (Party(eori=NUMBER[2:]), Party(eori=SLIPPED[2:]), a_party(), a_party("Tyne Steel", postcode="NE1 1AA"))
    stated = sorted(statement(str(party_key(each)), each) for each in parties)
    words = str(party_key(a_party()))
    allowed = {
        each.keys: each for each in propose(stated, {(NUMBER, words): 5, (SLIPPED, words): 1}) if not each.against
    }
    assert set(allowed) == {(NUMBER, SLIPPED), (NUMBER, words)}
    slip = allowed[NUMBER, SLIPPED]
    assert slip.agreeing == (Identifier.SLIPPED, Identifier.GOODS)
    assert slip.weight == slip.prior + sum(each.weight for each in slip.evidence)


def test_a_store_is_asked_which_numbers_share_goods(tmp_path: Path) -> None:
    """A declarant mistyped on an import declaration is beside the entry summary's in one version."""
    entry = a_roro_entry(declarant=Party(eori=NUMBER[2:]))
    inland = an_import_declaration(declarant=Party(eori=SLIPPED[2:]))
    version = a_version(entry=entry, import_declaration=inland)
    row = {"sequence": 1, "body": msgspec.msgpack.encode(version)}
    lake = Lake(tmp_path)
    lake.append({"versions": pa.Table.from_pylist([row], schema=SCHEMAS["versions"])}, through=1)
    assert slips(pairings(lake)) == {(NUMBER, SLIPPED): 1}
