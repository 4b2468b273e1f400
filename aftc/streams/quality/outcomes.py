"""Doubts about examination outcomes. What would make a wrong label is no doubt: the reader refuses it."""

from __future__ import annotations

from aftc.records import Examination, UnitKind
from aftc.streams.quality.check import Check, Doubts, Numbers, container_checks, earlier

__all__ = ["OUTCOMES"]

STREAM = "outcome"


def _unfired(examination: Examination) -> Doubts:
    if not any(each.fired for each in examination.selection.reasons):
        yield "selection/reasons", None


def _ended_early(examination: Examination) -> Doubts:
    if earlier(examination.ended_at, examination.started_at):
        yield "ended_at", None


def _unarrived(examination: Examination) -> Doubts:
    if earlier(examination.started_at, examination.arrival):
        yield "started_at", None


def _unselected(examination: Examination) -> Doubts:
    if earlier(examination.started_at, examination.selection.issued_at):
        yield "started_at", None


def _foretold(examination: Examination) -> Doubts:
    if earlier(examination.recorded_at, examination.ended_at or examination.started_at):
        yield "recorded_at", None


def _strangers(examination: Examination) -> Doubts:
    if examination.consignments:
        named = {each.consignment for each in examination.finds if each.consignment}
        yield from (("finds", each) for each in sorted(named - set(examination.consignments)))


def _nothing(examination: Examination) -> Doubts:
    return (("finds/quantity_g", each.threat.value) for each in examination.finds if each.quantity_g == 0)


def _containers(examination: Examination) -> Numbers:
    return [("unit", examination.unit.number)] if examination.unit.kind is UnitKind.CONTAINER else []


OUTCOMES = (
    Check(STREAM, "none fired", "no reason of the selection fired", _unfired),
    Check(STREAM, "before the start", "the examination ended before it began", _ended_early),
    Check(STREAM, "before arrival", "the examination began before the unit arrived", _unarrived),
    Check(STREAM, "before the selection", "the examination began before the selection was issued", _unselected),
    Check(STREAM, "before the end", "the outcome was recorded before the examination ended", _foretold),
    Check(STREAM, "a consignment that was not examined", "found in a consignment that is not named", _strangers),
    Check(STREAM, "zero", "nothing of a threat was found, and yet it is a find", _nothing),
    *container_checks(STREAM, "the unit, where it is a container", _containers),
)
