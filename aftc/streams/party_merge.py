"""A decision about two keys of parties: the project's own JSON, `docs/schemas/party_merge.schema.json`."""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from aftc.clock import from_datetime
from aftc.errors import MalformedMessage
from aftc.records import MergeEvidence, PartyMerge
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import Reference, Text, Time, encode, time

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "party_merge"

_MARK: Final = re.compile(rb'"messageType"\s*:\s*"partyMerge"')
_LONGEST_KEY: Final = 1_000  # characters; a key longer than this is merged by nobody
_Key = Annotated[str, msgspec.Meta(pattern="^[EN]\\|[^|]", max_length=_LONGEST_KEY)]
_Value = Annotated[str, msgspec.Meta(max_length=_LONGEST_KEY)]


class _Evidence(msgspec.Struct, frozen=True, rename="camel"):
    comparison: Reference
    one: _Value
    other: _Value
    level: Reference
    weight: float


class _Merge(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="partyMerge"
):
    keys: tuple[_Key, _Key]
    applied: bool
    decided_by: Reference
    decided_at: Time
    reason: Text
    prior: float | None = None
    weight: float | None = None
    agreeing: tuple[Reference, ...] = ()
    evidence: tuple[_Evidence, ...] = ()


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a merge."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[PartyMerge, ...]:
    """The decision in a message.

    Raises:
        MalformedMessage: not JSON, a field missing or of the wrong type, or keys that are one or out of order.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _Merge)
    if wire.keys[0] >= wire.keys[1]:
        raise MalformedMessage("two keys in alphabetical order", " and ".join(wire.keys))
    return (
        PartyMerge(
            keys=wire.keys,
            applied=wire.applied,
            decided_by=wire.decided_by,
            decided_at=from_datetime(wire.decided_at),
            reason=wire.reason,
            prior=wire.prior,
            weight=wire.weight,
            agreeing=wire.agreeing,
            evidence=tuple([MergeEvidence(e.comparison, e.one, e.other, e.level, e.weight) for e in wire.evidence]),
            flags=unknown,
        ),
    )


def build(merge: PartyMerge) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    return encode(
        _Merge(
            keys=merge.keys,
            applied=merge.applied,
            decided_by=merge.decided_by,
            decided_at=time(merge.decided_at),
            reason=merge.reason,
            prior=merge.prior,
            weight=merge.weight,
            agreeing=merge.agreeing,
            evidence=tuple([_Evidence(e.comparison, e.one, e.other, e.level, e.weight) for e in merge.evidence]),
        )
    )
