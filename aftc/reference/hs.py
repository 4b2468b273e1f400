"""The nomenclature of the Harmonized System: chapters, headings, subheadings and their descriptions.

A code is digits: two for a chapter, four for a heading, six for a subheading; declarations add national digits,
which are no part of the system. Source and licence (PDDL): `data/LICENCE.md`.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

__all__ = ["SUBHEADING", "description", "is_chapter", "is_heading", "is_subheading", "narrowest"]

CHAPTER, HEADING, SUBHEADING = 2, 4, 6  # digits


@lru_cache(maxsize=1)
def _descriptions() -> dict[str, str]:
    table = files("aftc.reference").joinpath("data/harmonized_system.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["hscode"]: row["description"] for row in rows if row["hscode"].isdigit()}


def is_chapter(code: str) -> bool:
    """Whether these two digits are a chapter."""
    return len(code) == CHAPTER and code in _descriptions()


def is_heading(code: str) -> bool:
    """Whether these four digits are a heading."""
    return len(code) == HEADING and code in _descriptions()


def is_subheading(code: str) -> bool:
    """Whether these six digits are a subheading."""
    return len(code) == SUBHEADING and code in _descriptions()


def description(code: str) -> str | None:
    """English description of a chapter, heading or subheading; None where there is no such code.

    >>> description("0803")
    'Bananas, including plantains; fresh or dried'
    """
    return _descriptions().get(code)


def narrowest(code: str) -> str | None:
    """The longest beginning of a declared code that the nomenclature has: six, four or two digits, or None.

    >>> narrowest("0803901100")
    '080390'
    """
    return next((code[:digits] for digits in (SUBHEADING, HEADING, CHAPTER) if code[:digits] in _descriptions()), None)
