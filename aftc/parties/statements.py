"""Statements: the distinct ways in which each key's party is written, normalised, as merges compare them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftc.linking.parties import normal_address, normal_name, normal_number, normal_postcode
from aftc.parties.mentions import Mention
from aftc.records import Party

__all__ = ["Statement", "statement", "statements"]


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """What some mentions of a key say of its party, normalised; empty where they do not say."""

    key: str
    number: str
    name: str
    street: str
    postcode: str
    town: str
    country: str


def statement(key: str, party: Party) -> Statement:
    """What a party's words say, normalised."""
    return Statement(
        key=key,
        number=normal_number(party.eori or ""),
        name=normal_name(party.name) if party.name else "",
        street=normal_address(party.street) if party.street else "",
        postcode=normal_postcode(party.postcode or ""),
        town=normal_address(party.city) if party.city else "",
        country=(party.country or "").upper(),
    )


def statements(mentions: Iterable[Mention]) -> list[Statement]:
    """The distinct statements of all keys, sorted: in whatever order messages came, the same list."""
    parties = {(each.key, each.party) for each in mentions if each.key is not None}
    return sorted({statement(key, party) for key, party in parties})
