"""What customs answers in a world: registrations of all declarations, acceptances of all amendments."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.clock import MINUTE
from aftc.records import EntryResponse, EntrySummary, ResponseKind
from training.world.dispatch import Dispatch


@pytest.fixture(scope="module")
def declared(dispatches: list[Dispatch]) -> dict[str, tuple[EntrySummary, Dispatch]]:
    """Declarations and amendments by their message's id."""
    found = ((each.record, each) for each in dispatches if isinstance(each.record, EntrySummary))
    return {entry.message_id: (entry, dispatch) for entry, dispatch in found}


@pytest.fixture(scope="module")
def answers(dispatches: list[Dispatch]) -> list[tuple[EntryResponse, Dispatch]]:
    """All answers."""
    return [(each.record, each) for each in dispatches if isinstance(each.record, EntryResponse)]


def test_every_declaration_is_answered_once(
    declared: dict[str, tuple[EntrySummary, Dispatch]], answers: list[tuple[EntryResponse, Dispatch]]
) -> None:
    """Each is registered under its LRN and declarant, each amendment accepted under its MRN, within a quarter hour."""
    assert sorted(answer.correlation_id or "" for answer, _ in answers) == sorted(declared)
    for answer, sent in answers:
        entry, lodged = declared[answer.correlation_id or ""]
        amended = answer.kind is ResponseKind.AMENDMENT_ACCEPTED
        assert amended == entry.amendment
        assert answer.entry.lrn == entry.lrn
        assert answer.entry.declarant is not None
        assert entry.declarant is not None
        assert answer.entry.declarant.eori == entry.declarant.eori
        assert MINUTE <= (answer.answered_at or 0) - (entry.declared_at or 0) <= 60 * MINUTE
        assert sent.about == lodged.about
        assert not amended or (answer.entry.mrn, answer.amended_at) == (entry.mrn, entry.declared_at)


def test_amendments_state_the_registered_mrn(answers: list[tuple[EntryResponse, Dispatch]]) -> None:
    """An amendment is accepted after its declaration was registered, under the same MRN; no other has that MRN."""
    registered = {
        answer.entry.mrn: (answer, sent) for answer, sent in answers if answer.kind is ResponseKind.REGISTERED
    }
    accepted = [pair for pair in answers if pair[0].kind is ResponseKind.AMENDMENT_ACCEPTED]
    assert len(registered) + len(accepted) == len(answers)
    assert accepted
    for answer, sent in accepted:
        first, before = registered[answer.entry.mrn]
        assert before.about == sent.about
        assert (first.answered_at or 0) < (answer.answered_at or 0)


def test_some_answers_overtake_their_declarations(
    declared: dict[str, tuple[EntrySummary, Dispatch]], answers: list[tuple[EntryResponse, Dispatch]]
) -> None:
    """About one answer in eight comes before what it answers, so that linking must let it wait."""
    before = [sent.received < declared[answer.correlation_id or ""][1].received for answer, sent in answers]
    assert abs(np.mean(before) - 1 / 8) < 0.03
