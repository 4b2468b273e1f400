"""Data quality: every doubt that a readable record may raise, one definition each; they become flags of the record.

The checks know records and no format, so they hold whatever a record was read from. docs/streams.md lists them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from msgspec.structs import replace

from aftc.records import Record
from aftc.streams.quality.answered import ANSWERED
from aftc.streams.quality.check import Check
from aftc.streams.quality.crossings import CROSSINGS
from aftc.streams.quality.declared import DECLARED
from aftc.streams.quality.detections import DETECTIONS
from aftc.streams.quality.flights import FLIGHTS
from aftc.streams.quality.imports import IMPORTS
from aftc.streams.quality.manifests import MANIFESTS
from aftc.streams.quality.outcomes import OUTCOMES
from aftc.streams.quality.rows import ROWS
from aftc.streams.quality.sea_documents import SEA_DOCUMENTS
from aftc.streams.quality.selectors import SELECTORS
from aftc.streams.quality.stowage import STOWAGE
from aftc.streams.quality.transits import TRANSITS
from aftc.streams.values import Flags

__all__ = ["CHECKS", "Check", "doubted"]

CHECKS: tuple[Check[Any], ...] = (
    *DECLARED,
    *ANSWERED,
    *MANIFESTS,
    *STOWAGE,
    *SEA_DOCUMENTS,
    *CROSSINGS,
    *FLIGHTS,
    *OUTCOMES,
    *IMPORTS,
    *TRANSITS,
    *ROWS,
    *DETECTIONS,
    *SELECTORS,
)

_BY_STREAM: dict[str, list[Check[Any]]] = defaultdict(list)
for _each in CHECKS:
    _BY_STREAM[_each.stream].append(_each)


def doubted(stream: str, record: Record) -> Record:
    """A record of a stream with a flag for each doubt, after those that its reader noted."""
    found = [(check, doubts) for check in _BY_STREAM.get(stream, ()) if (doubts := tuple(check.find(record)))]
    if not found:
        return record
    flags = Flags(record.flags)
    for check, doubts in found:
        for field, value in dict.fromkeys(doubts):
            flags.add(field, check.words, value)
    noted = flags.sealed()
    return record if noted == record.flags else replace(record, flags=noted)
