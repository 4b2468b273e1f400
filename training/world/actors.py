"""Who is meant by a party: the actor of the cast behind the words of a message.

An actor is known by its EORI number, else by name, city and country: no two of a cast share these. A courier's house
in another country is an actor of its own. Words such as "to order" name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from aftc.records import Party, Record
from aftc.records.parties import parties_named
from training.world.cast import Cast

__all__ = ["Actors", "NamedActor"]


@dataclass(frozen=True, slots=True)
class NamedActor:
    """A party that a message names.

    Attributes:
        place: In the record, after `aftc.records.parties`.
        actor: Kind and number of the actor; None where nobody is named.
    """

    place: str
    actor: str | None


class Actors:
    """The actors of a cast, found by what messages say of them before anything goes wrong with it."""

    def __init__(self, cast: Cast) -> None:
        kinds = {
            "consignor": cast.consignors.parties,
            "consignee": cast.consignees.parties,
            "forwarder": cast.forwarders.parties,
            "haulier": cast.hauliers.parties,
            "line": cast.carriers.parties,
            "airline": cast.airlines.parties,
        }
        self._by_number: dict[str, str] = {}
        self._by_name: dict[tuple[str, str, str], str] = {}
        for kind, parties in kinds.items():
            for index, party in enumerate(parties):
                self._by_number[party.eori or ""] = self._by_name[_name(party)] = f"{kind} {index}"
        self._couriers = {(party.name or "").upper(): index for index, party in enumerate(cast.airlines.parties)}

    def named(self, record: Record) -> tuple[NamedActor, ...]:
        """Whom a record names, as its sender meant it."""
        return tuple([NamedActor(place, self._actor(party)) for place, party in parties_named(record)])

    def _actor(self, party: Party) -> str | None:
        if party.eori:
            return self._by_number[party.eori]
        found = self._by_name.get(_name(party))
        courier = self._couriers.get((party.name or "").upper())
        if found is None and courier is not None and party.city is None:
            return f"airline {courier} in {party.country}"
        return found


def _name(party: Party) -> tuple[str, str, str]:
    """Name, city and country in capitals, in which bills give them."""
    return (party.name or "").upper(), (party.city or "").upper(), party.country or ""
