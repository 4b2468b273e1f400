"""Labels: what a find says of the consignments aboard, and of the unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.records import OutcomeKind, Threat
from training.labels import FOUND, NOT_FOUND, THREATS, UNKNOWN, label_consignments, label_units, verdicts
from training.outcomes import Outcome
from training.testing import an_outcome

ROWS = {"C1": 0, "C2": 1}
COCAINE, CANNABIS = Threat.COCAINE, Threat.CANNABIS


def told(outcome: Outcome, threat: Threat) -> list[int]:
    """Labels of C1 and C2 for a threat."""
    return [int(each) for each in label_consignments([outcome], ROWS).of(threat)]


def test_a_named_find_labels_everyone_aboard() -> None:
    """The named one is positive for that threat and any; the other is negative; other threats are absent."""
    outcome = an_outcome(["C1", "C2"], (COCAINE, "C1"))
    assert told(outcome, COCAINE) == [FOUND, NOT_FOUND]
    assert told(outcome, Threat.ANY) == [FOUND, NOT_FOUND]
    assert told(outcome, CANNABIS) == [NOT_FOUND, NOT_FOUND]


def test_a_find_that_names_none_labels_the_unit_alone() -> None:
    """None of its consignments is a row, but the unit is positive."""
    outcome = an_outcome(["C1", "C2"], (COCAINE, None))
    assert verdicts(outcome) is None
    assert not label_consignments([outcome], ROWS).examined.any()
    assert label_units([outcome], {"E1": 0}, 1).of(COCAINE).tolist() == [FOUND]


def test_a_unit_with_one_consignment_names_it() -> None:
    """A find without a name belongs to the only consignment aboard."""
    assert told(an_outcome(["C1"], (COCAINE, None)), COCAINE) == [FOUND, UNKNOWN]


def test_a_named_and_an_unnamed_find_leave_a_doubt() -> None:
    """What was found without a name is unknown for all aboard; what was named is known."""
    outcome = an_outcome(["C1", "C2"], (COCAINE, "C1"), (CANNABIS, None))
    assert told(outcome, COCAINE) == [FOUND, NOT_FOUND]
    assert told(outcome, CANNABIS) == [UNKNOWN, UNKNOWN]
    assert told(outcome, Threat.ANY) == [FOUND, UNKNOWN]


@pytest.mark.parametrize("kind", [kind for kind in OutcomeKind if kind not in ("positive", "negative")])
def test_only_examinations_are_labels(kind: OutcomeKind) -> None:
    """The four other outcomes leave consignments and units unlabelled, not negative."""
    outcome = an_outcome(["C1"], kind=kind)
    assert not label_consignments([outcome], ROWS).examined.any()
    assert not label_units([outcome], {"E1": 0}, 1).examined.any()


def test_two_examinations_add_up() -> None:
    """A find outweighs a clear one; chances combine; the label is known when the last one is."""
    first = an_outcome(["C1"], probability=0.5, known_at=10)
    second = an_outcome(["C1"], (CANNABIS, "C1"), probability=0.2, known_at=30, random_probability=0.1, rule=False)
    labels = label_consignments([first, second], ROWS)
    assert labels.of(CANNABIS)[0] == FOUND
    assert labels.probability[0] == pytest.approx(1 - 0.5 * 0.8)
    assert labels.random_probability[0] == pytest.approx(0.1)
    assert (labels.known_at[0], labels.rule[0]) == (30, True)


def test_who_is_not_in_the_set_is_passed_over() -> None:
    """An examination of other consignments labels nothing here."""
    assert not label_consignments([an_outcome(["C9"], (COCAINE, "C9"))], ROWS).examined.any()


def oracle(outcome: Outcome, consignment: str, threat: Threat) -> int | None:
    """The rule, one consignment and one threat at a time; None where it is no row."""
    names = [
        (found, name or (outcome.aboard[0] if len(outcome.aboard) == 1 else None)) for found, name in outcome.finds
    ]
    if outcome.finds and all(name is None for _, name in names):
        return None
    relevant = [(found, name) for found, name in names if threat in (found, Threat.ANY)]
    if consignment in [name for _, name in relevant]:
        return FOUND
    return UNKNOWN if any(name is None for _, name in relevant) else NOT_FOUND


FINDS = st.lists(st.tuples(st.sampled_from(THREATS[1:]), st.sampled_from(["C1", "C2", None])), max_size=4)


@given(st.sampled_from([["C1"], ["C1", "C2"], ["C1", "C2", "C3"]]), FINDS)
def test_verdicts_equal_the_rule_cell_by_cell(aboard: list[str], finds: list[tuple[Threat, str | None]]) -> None:
    """Every label of every consignment equals what the rule says of it alone."""
    outcome = an_outcome(aboard, *((threat, name) for threat, name in finds if name is None or name in aboard))
    table = verdicts(outcome)
    expected = [[oracle(outcome, each, threat) for threat in THREATS] for each in aboard]
    assert expected == ([[None] * len(THREATS)] * len(aboard) if table is None else table.tolist())
