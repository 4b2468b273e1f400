"""`aftc features list` and `aftc features show`: the catalogue in words."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import UnknownSubject

__all__ = ["FEATURES_LIST", "FEATURES_SHOW"]


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--family", help="of one family only")
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the page of the whole catalogue (Markdown)")


def _list(arguments: argparse.Namespace, _: Settings) -> Reply:
    from aftc.features.catalogue import FAMILIES, SCHEMA
    from aftc.features.catalogue.indicators import INDICATORS
    from aftc.features.reference import details, page

    if arguments.into is not None:
        arguments.into.write_text(page(FAMILIES, INDICATORS), encoding="utf-8")
    if arguments.family is not None and arguments.family not in FAMILIES:
        raise UnknownSubject(f"one of the families {', '.join(FAMILIES)}", arguments.family)
    told = [
        details(family, feature)
        for family, features in FAMILIES.items()
        for feature in features
        if arguments.family in (None, family)
    ]
    width = max(len(each["name"]) for each in told)
    lines = [f"{each['name']:<{width}}  {each['unit']:<20}  {each['for officers']}" for each in told]
    text = "\n".join((*lines, f"{len(told)} features, schema {SCHEMA.digest}"))
    return Reply({"schema": SCHEMA.digest, "features": told}, text)


def _configure_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the feature")


def _show(arguments: argparse.Namespace, _: Settings) -> Reply:
    from aftc.features.catalogue import FAMILIES
    from aftc.features.reference import details

    told = {feature.name: details(family, feature) for family, features in FAMILIES.items() for feature in features}
    if arguments.name not in told:
        near = get_close_matches(arguments.name, told, n=3)
        raise UnknownSubject(
            "a feature of the catalogue",
            arguments.name,
            advice=f"did you mean {', '.join(near)}?" if near else "run 'aftc features list'",
        )
    return Reply(told[arguments.name], _text(told[arguments.name]))


def _text(told: Mapping[str, Any]) -> str:
    lines = []
    for what, said in told.items():
        several = said if isinstance(said, list) else [said]
        lines += [f"{what if place == 0 else '':<20} {each}" for place, each in enumerate(several) if each]
    return "\n".join(lines)


FEATURES_LIST = Command("features list", "every feature, with its unit and its sentence", _configure_list, _list)
FEATURES_SHOW = Command("features show", "one feature in full: words, formula, sources", _configure_show, _show)
