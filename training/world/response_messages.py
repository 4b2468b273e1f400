"""What customs answers to declarations: every one is registered within minutes, every amendment is accepted.

A registration brings the movement reference number (MRN) by which goods movements and amendments name a declaration.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aftc.clock import MINUTE, Instant
from aftc.records import AnsweredEntry, EntryResponse, EntrySummary, ResponseKind
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.entry_messages import entry_dispatches
from training.world.lodgements import addressee, lodgements, numbered
from training.world.simulation import Arrivals

__all__ = ["response_dispatches"]

_USUAL_MINUTES = 3.0  # from amendment to acceptance


def response_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All answers to a week's declarations, in no order of time."""
    rng = arrivals.draws.of("response messages")
    registered = {each.lrn: (each.mrn, each.registered) for each in lodgements(arrivals)}
    sent = list(entry_dispatches(cast, arrivals))
    names, waits = arrivals.draws.codes("response names", len(sent), 12), delays(rng, len(sent)).tolist()
    minutes = (1 + rng.exponential(_USUAL_MINUTES, len(sent)).astype(np.int64)).tolist()
    for dispatch, name, minute, wait in zip(sent, names, minutes, waits, strict=True):
        entry = dispatch.record
        if not isinstance(entry, EntrySummary):
            continue
        at = (entry.declared_at or 0) + minute * MINUTE
        mrn, answered_at = registered[entry.lrn] if entry.lrn else (entry.mrn or "", at)
        response = _response(entry, mrn, answered_at, name)
        yield Dispatch("ens_response", name, answered_at + wait, response, dispatch.about)


def _response(entry: EntrySummary, mrn: str, answered_at: Instant, name: str) -> EntryResponse:
    return EntryResponse(
        kind=ResponseKind.AMENDMENT_ACCEPTED if entry.amendment else ResponseKind.REGISTERED,
        message_id=name,
        correlation_id=entry.message_id,
        recipient=addressee(entry.declarant),
        entry=AnsweredEntry(
            lrn=entry.lrn,
            mrn=mrn,
            transport_mode=entry.transport_mode,
            conveyance_reference=entry.conveyance_reference,
            office_of_first_entry=entry.office_of_first_entry,
            expected_arrival=entry.expected_arrival,
            declarant=numbered(entry.declarant),
        ),
        answered_at=answered_at,
        amended_at=entry.declared_at if entry.amendment else None,
    )
