"""Doubts about selectors of partner agencies: what makes one match nothing, or less than its agency means."""

from __future__ import annotations

from aftc.records import ConditionKind, Credibility, Selector, SelectorStanding
from aftc.reference.check_digits import container_fault
from aftc.streams.quality.check import Check, Doubts, earlier

__all__ = ["SELECTORS"]

STREAM = "selector"


def _void(selector: Selector) -> Doubts:
    if selector.valid_until <= selector.valid_from:
        yield "valid_until", None


def _expired(selector: Selector) -> Doubts:
    if not selector.withdrawn and earlier(selector.valid_until, selector.issued_at):
        yield "valid_until", None


def _unspoken(selector: Selector) -> Doubts:
    if any(each.kind is ConditionKind.PHONE for each in selector.conditions):
        yield "conditions", ConditionKind.PHONE.value


def _doubtful_fact(selector: Selector) -> Doubts:
    if selector.standing is SelectorStanding.FACT and selector.credibility is Credibility.SUSPECTED_FALSE:
        yield "standing", selector.standing.value


def _containers(selector: Selector) -> Doubts:
    numbers = (each.value for each in selector.conditions if each.kind is ConditionKind.CONTAINER)
    return [("conditions", number) for number in numbers if container_fault(number)]


SELECTORS = (
    Check(STREAM, "not after its beginning", "the end of its validity: it matches nothing", _void),
    Check(STREAM, "before the issue", "its validity ended before it was issued, and it is not withdrawn", _expired),
    Check(STREAM, "stated by no stream", "a telephone number: the selector matches nothing", _unspoken),
    Check(STREAM, "suspected to be false", "stated as fact, though graded 5", _doubtful_fact),
    Check(STREAM, "not a container number", "a container's: its form or check digit (ISO 6346)", _containers),
)
