"""What the project's own JSON formats share: their field types, parties, times.

Names are those of the records in camelCase; times are RFC 3339 with a zone; masses are whole grams.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from aftc.clock import Instant, from_datetime, to_datetime
from aftc.errors import InputError
from aftc.records import Party, UnitKind
from aftc.streams.values import HEAVIEST_G, REFERENCE_CHARACTERS, TEXT_CHARACTERS

__all__ = [
    "Count",
    "Grams",
    "PartyFields",
    "Reference",
    "References",
    "Text",
    "Time",
    "UnitFields",
    "encode",
    "instant",
    "time",
    "time_or_none",
]

Reference: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=REFERENCE_CHARACTERS)]
References: TypeAlias = tuple[Reference, ...]
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARACTERS)]
Grams: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=HEAVIEST_G)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Time: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class PartyFields(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A party as the project's own formats give it."""

    eori: Reference | None = None
    name: Text | None = None
    street: Text | None = None
    city: Text | None = None
    postcode: Reference | None = None
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")] | None = None

    def record(self) -> Party:
        """The party of the record."""
        return Party(self.eori, self.name, self.street, self.city, self.postcode, self.country)

    @classmethod
    def of(cls, party: Party | None) -> PartyFields | None:
        """The fields of a record's party."""
        if party is None:
            return None
        return cls(party.eori, party.name, party.street, party.city, party.postcode, party.country)


class UnitFields(msgspec.Struct, frozen=True, rename="camel"):
    """A searchable unit as the project's own formats give it."""

    kind: UnitKind
    number: Reference


def instant(moment: datetime | None) -> Instant | None:
    """Instant of a time that may be absent."""
    return None if moment is None else from_datetime(moment)


def time(moment: Instant) -> datetime:
    """UTC time of an instant.

    Raises:
        InputError: not within the years 1 to 9999.
    """
    try:
        return to_datetime(moment)
    except (OverflowError, ValueError, OSError) as error:
        raise InputError("an instant within the years 1 to 9999", f"{moment} microseconds") from error


def time_or_none(moment: Instant | None) -> datetime | None:
    """UTC time of an instant that may be absent."""
    return None if moment is None else time(moment)


def encode(wire: msgspec.Struct) -> bytes:
    """The JSON text of a message, fields in the order of its type."""
    return msgspec.json.encode(wire)
