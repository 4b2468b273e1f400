"""The catalogue for readers: what each feature is, in words, derived from its declaration alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aftc.features.algebra import Window, formula
from aftc.features.catalogue.indicators import Indicator
from aftc.features.feature import Feature

__all__ = ["details", "page"]

_RISK: Final = {1: "may only rise with it", 0: "free", -1: "may only fall with it"}
_HEAD: Final = "| feature | unit | for officers | missing | for auditors |\n|---|---|---|---|---|"
_LEAD: Final = """# Features

Made of the declarations in `aftc/features/catalogue/` by `aftc features list --into docs/features.md`; a test holds
them equal. `aftc features show NAME` tells one in full. A feature's value is what was known at the message that made
the version: a window sums the UTC days of known-at before that day and that day's messages up to it, less what the
consignment itself has added. Missing is missing, never zero. A standing of *assessment* marks what somebody judged;
all else states facts.
"""

_INDICATORS: Final = """## Indicators of practice

Most of them rest on practice, not on proof: the models decide their weight, and a model's card reports it.

| indicator | features | what no feature says of it, and why |
|---|---|---|"""


def details(family: str, feature: Feature) -> Mapping[str, Any]:
    """One feature in full.

    Args:
        family: The family that declares it.
        feature: The feature.

    Returns:
        What people and machines read of it: names, unit, sentences, formula, the facts and windows that it rests on.
    """
    return {
        "name": feature.name,
        "family": family,
        "group": feature.group.value,
        "unit": feature.form.quantity.value,
        "standing": feature.standing.value,
        "for officers": feature.officer,
        "where it is no": feature.otherwise,
        "where it is missing": feature.missing,
        "for auditors": feature.auditor,
        "formula": formula(feature.expression),
        "facts": [fact.name for fact in feature.facts],
        "windows": [_spoken(window) for window in feature.windows],
        "risk": _RISK[feature.monotone],
    }


def _spoken(window: Window) -> str:
    return f"{window.name}: sum of {window.measure.label} over {window.days} days of the {window.key.words}"


def page(families: Mapping[str, Sequence[Feature]], indicators: Sequence[Indicator]) -> str:
    """The page of the whole catalogue, in Markdown: a table for each family, and one of what practice asks for."""
    count = sum(map(len, families.values()))
    parts = [_LEAD, f"{count} features in {len(families)} families.\n"]
    for family, features in families.items():
        parts.append(f"## {family.capitalize()}\n\n{_HEAD}")
        parts += [_row(feature) for feature in features]
        parts.append("")
    parts.append(_INDICATORS)
    parts += [_served(indicator) for indicator in indicators]
    return "\n".join((*parts, ""))


def _served(indicator: Indicator) -> str:
    names = ", ".join(f"`{name}`" for name in indicator.features)
    return f"| {indicator.words} | {names} | {indicator.lacking} |"


def _row(feature: Feature) -> str:
    unit = feature.form.quantity.value + ("" if feature.standing.value == "fact" else f", {feature.standing.value}")
    said = feature.officer + (f" / {feature.otherwise}" if feature.otherwise else "")
    cells = (f"`{feature.name}`", unit, said, feature.missing, feature.auditor)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
