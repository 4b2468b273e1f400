"""Dissemination: what people are told of a selector that a consignment matches, by its handling code.

The agency's own words are kept in the journal and told to nobody here: a hit does not hold them.
"""

from __future__ import annotations

from aftc.records import Handling, SelectorHit

__all__ = ["in_score", "to_targeter"]


def to_targeter(hit: SelectorHit) -> str:
    """What the timeline of the consignment says."""
    if hit.handling is Handling.ORIGINATOR:
        return f"{_named(hit)}: what it matches on stays with {hit.agency}"
    return _in_full(hit)


def in_score(hit: SelectorHit) -> str:
    """What a score's reply says, and whatever is exported from it."""
    if hit.handling is Handling.OPEN:
        return _in_full(hit)
    return f"a selector of {hit.agency}, stated as {hit.standing.value}, handling {hit.handling.value}"


def _named(hit: SelectorHit) -> str:
    standing, handling = hit.standing.value, hit.handling.value
    return f"selector {hit.agency}/{hit.selector_id} version {hit.version}, stated as {standing}, handling {handling}"


def _in_full(hit: SelectorHit) -> str:
    matched = ", ".join(kind.value for kind in hit.matched)
    return f"{_named(hit)}: graded {hit.reliability.value}{hit.credibility.value}, matches {matched}"
