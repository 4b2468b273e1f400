"""The card of a run: every figure in it is one that the run computed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aftc.features.catalogue import SCHEMA
from aftc.models.card import Section, render
from aftc.records import Threat
from training.card import CardFacts, model_card, percent, spoken
from training.figures import MODEL
from training.metrics import Estimate
from training.testing import TrainedWorld


@pytest.fixture(scope="module")
def facts(trained: TrainedWorld) -> CardFacts:
    """What the run's card was made from."""
    run = trained.run
    return CardFacts(run.run_id, run.training_set, run.split, run.models, run.evaluation, run.parity)


@pytest.fixture(scope="module")
def card(facts: CardFacts) -> Section:
    """The run's card."""
    return model_card(facts)


def part(card: Section, title: str) -> Section:
    """A section by its title."""
    return next(each for each in card.sections if each.title == title)


def test_the_card_says_what_it_must(card: Section) -> None:
    """Purpose, human decision, data, correction, models, figures, disparity, protected characteristics, limits."""
    assert [each.title for each in card.sections] == [
        "Purpose",
        "A person decides",
        "Data",
        "How the selection was corrected",
        "Models",
        "Figures on the test period",
        "Disparity",
        "Protected characteristics",
        "Features",
        "Limits",
    ]
    assert "synthetic" in card.paragraphs[0]


def test_no_place_is_left_open(card: Section) -> None:
    """No brace, no empty cell where a figure belongs, no figure that is not a number."""
    text = render(card)
    assert not re.search(r"[{}]|\bnan\b|\bNone\b|\binf\b", text)


def test_the_data_are_the_runs(card: Section, facts: CardFacts) -> None:
    """Sequence, digests, rows, parts and finds per threat equal those of the training set."""
    made = facts.training_set
    section = part(card, "Data")
    text = " ".join(section.paragraphs)
    for figure in (made.name, f"{made.sequence:,}", made.digest, made.schema.digest, f"{len(made):,} consignments"):
        assert figure in text
    parts, finds, streams = section.tables
    assert sum(int(row[2].replace(",", "")) for row in parts.rows) == len(made) - facts.split.shared
    assert finds.rows == tuple((each.threat.value, f"{each.found:,}") for each in facts.models.scored)
    assert streams.rows == tuple((name, f"{count:,}") for name, count in made.streams)


def test_the_figures_are_the_evaluations(card: Section, facts: CardFacts) -> None:
    """Average precision of every threat and precision at every capacity, with their intervals."""
    ranking, capacities, _ = part(card, "Figures on the test period").tables
    assert [row[2] for row in ranking.rows] == [
        spoken(each.standing(MODEL).average_precision) for each in facts.evaluation.threats
    ]
    assert [row[2] for row in capacities.rows] == [
        spoken(row.precision) for each in facts.evaluation.threats for row in each.standing(MODEL).capacities
    ]


def test_the_fallbacks_are_named_with_their_shares(card: Section, facts: CardFacts) -> None:
    """Each threat without a model of its own says so, and how much of any it takes."""
    threats, calibrations = part(card, "Models").tables
    told = {row[0]: row[2] for row in threats.rows}
    assert told[Threat.ANY] == "own model"
    assert facts.models.shared
    for each in facts.models.shared:
        assert told[each.threat] == f"fallback: {each.share:.3f} of any"
    assert [row[1] for row in calibrations.rows] == [each.calibration.basis for each in facts.models.fitted]


def test_every_feature_has_its_line(card: Section) -> None:
    """All features of the schema, each once, with the auditor's sentence of the catalogue."""
    (table,) = part(card, "Features").tables
    assert {row[0]: row[1] for row in table.rows} == {each.name: each.auditor for each in SCHEMA.features}
    assert len(table.rows) == len(SCHEMA.features)


def test_disparity_is_computed_or_left_out(card: Section, facts: CardFacts) -> None:
    """Rates by mode and by country of dispatch stand as computed; without groups there is no such section."""
    (table,) = part(card, "Disparity").tables
    assert [row[:2] for row in table.rows] == [(each.by, each.name) for each in facts.evaluation.groups]
    assert {row[0] for row in table.rows} == {"mode", "dispatched from"}
    bare = model_card(replace(facts, evaluation=replace(facts.evaluation, groups=())))
    assert "Disparity" not in [each.title for each in bare.sections]


def test_the_legacy_rule_is_left_out_where_it_never_fired(facts: CardFacts) -> None:
    """Without a record of the rule the card does not speak of it."""
    bare = model_card(replace(facts, evaluation=replace(facts.evaluation, legacy=None)))
    assert "legacy rule" not in render(bare).lower()


def test_figures_are_spoken_with_their_doubt() -> None:
    """Three decimals and the interval; n/a where nothing is determined; percentages without empty digits."""
    assert spoken(Estimate(0.1234, 0.05, 0.2)) == "0.123 (0.050 to 0.200)"
    assert spoken(Estimate(None, None, None)) == "n/a"
    assert (percent(0.05), percent(0.125)) == ("5 %", "12.5 %")
