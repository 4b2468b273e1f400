"""Pairings: an importer's number and a consignee's words that always share goods are one party's, else they are not."""

from __future__ import annotations

from aftc.linking.parties import party_key
from aftc.parties.agreement import Identifier
from aftc.parties.pairings import LEAST_SHARED, exclusive
from aftc.parties.proposals import propose
from aftc.parties.statements import statement
from aftc.records import Party
from aftc.testing import a_party

NUMBER, OTHER = "E|GB123456789012", "E|GB987654321000"
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
