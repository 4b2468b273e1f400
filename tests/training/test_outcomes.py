"""Outcomes: the last revision counts, ids are followed, selections bind however they end."""

from __future__ import annotations

from math import isnan

from aftc.records import OutcomeKind, Threat
from training.outcomes import first_issues, latest_outcomes, successors
from training.testing import an_outcome, outcome_rows


def test_the_last_revision_stands() -> None:
    """A correction replaces what it corrects, even where the wrong record arrives after it."""
    table = outcome_rows(
        [
            {"sequence": 1, "revision": 1, "outcome": "negative"},
            {"sequence": 2, "revision": 0, "outcome": "positive"},
            {"sequence": 3, "examination_id": "E2", "outcome": "positive"},
        ]
    )
    found = latest_outcomes(table, {})
    assert [(each.examination_id, each.kind) for each in found] == [
        ("E1", OutcomeKind.NEGATIVE),
        ("E2", OutcomeKind.POSITIVE),
    ]


def test_a_repeated_revision_changes_nothing() -> None:
    """Of two messages with one revision number the first stands, as in the state."""
    table = outcome_rows(
        [{"sequence": 1, "revision": 1}, {"sequence": 2, "revision": 1, "outcome": OutcomeKind.POSITIVE.value}]
    )
    assert [each.kind for each in latest_outcomes(table, {})] == [OutcomeKind.NEGATIVE]


def test_ids_are_followed_to_who_stands_now() -> None:
    """Aboard and finds name the successors, each once."""
    finds = [{"threat": "cocaine", "consignment": "C1"}, {"threat": "cannabis", "consignment": None}]
    table = outcome_rows([{"outcome": "positive", "aboard": ["C1", "C3"], "finds": finds}])
    (found,) = latest_outcomes(table, {"C1": "C3"})
    assert found.aboard == ("C3",)
    assert found.finds == ((Threat.COCAINE, "C3"), (Threat.CANNABIS, None))


def test_chains_of_successors_end() -> None:
    """A successor that was taken over itself leads on, and a ring does not hang."""
    assert successors(["A", "B", "C"], ["B", "C", None]) == {"A": "C", "B": "C"}
    assert set(successors(["A", "B"], ["B", "A"])) == {"A", "B"}


def test_the_random_chance_counts_only_where_it_fired() -> None:
    """Without a fired draw the random probability is unknown to the stratum."""
    fired, silent = latest_outcomes(outcome_rows([{"random_fired": True}, {"examination_id": "E2", "sequence": 1}]), {})
    assert fired.random_probability == 0.1
    assert isnan(silent.random_probability)


def test_every_selection_bounds_the_decision() -> None:
    """The earliest issue counts, also of a selection that ended without an examination."""
    gone = an_outcome(["C1"], kind=OutcomeKind.NO_SHOW, issued_at=10)
    searched = an_outcome(["C1", "C2"], issued_at=20)
    assert first_issues([searched, gone]) == {"C1": 10, "C2": 20}
    assert not gone.examined
    assert searched.examined
