"""Mentions: every party that every message in the lake names, with the key its history is kept under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from aftc.linking.parties import party_key
from aftc.records import Party
from aftc.records.parties import parties_named

if TYPE_CHECKING:
    from aftc.clock import Instant
    from aftc.history.lake import Lake

__all__ = ["Mention", "mentions"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named by a message.

    Attributes:
        place: Its place in the record (`aftc.records.parties`).
        key: None where nothing identifies it.
    """

    sequence: int
    known_at: Instant
    stream: str
    ordinal: int
    place: str
    party: Party
    key: str | None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What of a record of any stream names parties."""

    consignor: Party | None = None
    consignee: Party | None = None
    notify: Party | None = None
    carrier: Party | str | None = None
    declarant: Party | None = None
    representative: Party | None = None
    forwarder: Party | None = None
    booker: Party | None = None
    haulier: Party | None = None
    exporter: Party | None = None
    importer: Party | None = None
    buyer: Party | None = None
    seller: Party | None = None
    endorsee: Party | None = None
    holder: Party | None = None
    haulier_eori: str | None = None
    entry: _Stated | None = None
    items: tuple[_Stated, ...] = ()
    bills: tuple[_Stated, ...] = ()
    houses: tuple[_Stated, ...] = ()


_RECORDS: Final[msgspec.msgpack.Decoder[Any]] = msgspec.msgpack.Decoder(_Stated)


def mentions(lake: Lake, *, up_to: int | None = None) -> Iterator[Mention]:
    """The parties named by the messages of a lake, in the order of the messages, optionally only to `up_to`."""
    rows = lake.read("records", up_to=up_to, columns=("sequence", "known_at", "stream", "ordinal", "body"))
    for sequence, known_at, stream, ordinal, body in zip(
        *(rows[name].to_pylist() for name in rows.column_names), strict=True
    ):
        for place, party in parties_named(_RECORDS.decode(body)):
            yield Mention(sequence, known_at, stream, ordinal, place, party, party_key(party))
