"""Doubts about what customs answers: the numbers that it gives and repeats."""

from __future__ import annotations

from typing import Any, TypeAlias

from aftc.records import EntryIntervention, EntryResponse
from aftc.reference.check_digits import WRONG, mrn_fault
from aftc.streams.quality.check import Check, Doubts, Numbers, container_checks

__all__ = ["ANSWERED"]

Answer: TypeAlias = EntryResponse | EntryIntervention


def _mrn(answer: Answer) -> Doubts:
    if answer.entry.mrn is not None and mrn_fault(answer.entry.mrn) == WRONG:
        yield "entry/mrn", answer.entry.mrn


def _containers(answer: Answer) -> Numbers:
    return (
        (f"entry/items[{place}]/containers", number)
        for place, goods in enumerate(answer.entry.items, start=1)
        for number in goods.containers
    )


def _of(stream: str) -> tuple[Check[Any], ...]:
    return (
        Check(stream, WRONG, "the MRN: the last digit is not that of ISO 6346", _mrn),
        *container_checks(stream, "a goods item's container", _containers),
    )


ANSWERED = (*_of("ens_response"), *_of("ens_intervention"))
