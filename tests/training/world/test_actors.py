"""The truth of parties: who is meant at each place of a message, whatever its sender wrote."""

from __future__ import annotations

from dataclasses import replace

from aftc.records import Party
from aftc.records.parties import parties_named
from aftc.testing import a_booking
from training.world.actors import Actors
from training.world.cast import make_cast
from training.world.deliveries import PARTS, deliveries
from training.world.parameters import FaultLevel, WorldParameters
from training.world.simulation import weeks

PARAMETERS = WorldParameters(seed=5, days=7, consignments=300, faults=FaultLevel.HEAVY)


def test_every_party_of_a_cast_is_told_from_the_others() -> None:
    """By number, and by name, city and country: no two share either."""
    cast = make_cast(replace(PARAMETERS, days=365, consignments=100_000))
    kinds = (cast.consignors, cast.consignees, cast.forwarders, cast.hauliers, cast.carriers, cast.airlines)
    parties = [party for kind in kinds for party in kind.parties]
    assert len({party.eori for party in parties}) == len(parties)
    assert len({(party.name, party.city, party.country) for party in parties}) == len(parties)


def test_who_is_meant_outlasts_every_fault() -> None:
    """At heavy faults each party that is meant has an actor, but for words such as "to order"."""
    cast = make_cast(PARAMETERS)
    actors = Actors(cast)
    week = next(weeks(cast))
    slipped, nobody = 0, set()
    for part in PARTS:
        for delivery in deliveries(cast, week, part):
            meant = delivery.meant or delivery.record
            stated = dict(parties_named(delivery.record))
            for (place, party), named in zip(parties_named(meant), actors.named(meant), strict=True):
                assert named.place == place
                if named.actor is None:
                    nobody.add((party.name or "")[:8].upper())
                slipped += stated.get(place) != party
    assert nobody == {"TO ORDER", "TO THE O"}
    assert slipped > 50


def test_a_couriers_house_abroad_is_its_own_actor() -> None:
    """The same name without number and address is another house; in capitals it is the same."""
    cast = make_cast(PARAMETERS)
    airline = cast.airlines.parties[0]
    abroad = Party(name=(airline.name or "").upper(), country="TR")
    named = Actors(cast).named(a_booking(booker=airline, haulier=abroad))
    assert [each.actor for each in named] == ["airline 0", "airline 0 in TR"]
