"""The catalogue for readers: the page follows from the declarations, and a command tells each of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aftc.cli import run
from aftc.features.catalogue import CATALOGUE, FAMILIES, SCHEMA
from aftc.features.catalogue.indicators import INDICATORS
from aftc.features.reference import details, page
from training.commands import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "features.md"


def test_the_page_is_what_the_catalogue_says(tmp_path: Path) -> None:
    """The page in the documentation is the one that the command writes."""
    assert run(COMMANDS, ["features", "list", "--into", str(tmp_path / "page.md")]) == 0
    assert (
        PAGE.read_text(encoding="utf-8")
        == (tmp_path / "page.md").read_text(encoding="utf-8")
        == page(FAMILIES, INDICATORS)
    )


def test_every_indicator_of_practice_is_served() -> None:
    """Each of the forty by features of the catalogue, each once."""
    names = {feature.name for feature in CATALOGUE}
    assert len({indicator.words for indicator in INDICATORS}) == len(INDICATORS) == 40
    for indicator in INDICATORS:
        assert indicator.features
        assert set(indicator.features) <= names
        assert len(set(indicator.features)) == len(indicator.features)


def test_every_feature_is_told_in_full() -> None:
    """Words for officers and for auditors, what missing means, and every fact and window that the formula names."""
    for family, features in FAMILIES.items():
        for feature in features:
            told = details(family, feature)
            assert all(told[name] for name in ("unit", "for officers", "where it is missing", "for auditors"))
            sources = [*told["facts"], *(each.partition(":")[0] for each in told["windows"])]
            assert sources
            assert all(source in told["formula"] for source in sources)


def test_features_are_listed_by_family(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, or those of one family; machines get the schema's digest with them."""
    assert run(COMMANDS, ["features", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], len(told["features"])) == (SCHEMA.digest, len(CATALOGUE))
    assert run(COMMANDS, ["features", "list", "--family", "novelty"]) == 0
    assert capsys.readouterr().out.count("\n") == len(FAMILIES["novelty"]) + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "gros_mass_g"], "did you mean gross_mass_g"),
        (["show", "?"], "run 'aftc features list'"),
        (["list", "--family", "tea"], "one of the families row"),
    ],
)
def test_what_is_no_feature_is_told(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name is answered with the nearest right ones."""
    assert run(COMMANDS, ["features", *words]) == 2
    assert said in capsys.readouterr().err
