"""Extraction: one consignment version becomes the integers that features and history are made of.

A pure function of the version: facts and keys for the vector, and what its owners add to the history of entities.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day, day_of
from aftc.features.algebra import MISSING, KeyKind, Owner
from aftc.features.catalogue import SCHEMA
from aftc.features.identity import NO_KEY, owner_of_consignment, owner_of_movement
from aftc.features.keys import container_key, slots
from aftc.features.measures import consignment_measures, movement_measures
from aftc.features.particulars import Particulars, particulars
from aftc.records import ConsignmentVersion, UnitKind

__all__ = ["Extract", "Owned", "extract"]

_FACTS: Final = tuple((fact.read, fact.low, fact.high) for fact in SCHEMA.facts)
_CONSIGNMENT_KINDS: Final = tuple(kind for kind in KeyKind if kind.owner is Owner.CONSIGNMENT)
_MOVEMENT_KINDS: Final = tuple(kind for kind in KeyKind if kind.owner is Owner.MOVEMENT)


class Owned(msgspec.Struct, frozen=True):
    """What one owner adds to the history of its entities.

    Attributes:
        owner: Code of the consignment or movement.
        movement: Id of the movement; None for the consignment itself.
        kinds: Kind of each key.
        keys: Keys known now, without repeats.
        measures: One value a `Measure`; 0 adds nothing and stays open until a later version states more.
        aside: Owners that are the consignment itself under other ids: not others when "new" is asked.
    """

    owner: int
    movement: str | None
    kinds: tuple[KeyKind, ...]
    keys: tuple[int, ...]
    measures: tuple[int, ...]
    aside: tuple[int, ...]


class Extract(msgspec.Struct, frozen=True, eq=False):
    """The integers of one version.

    Attributes:
        day: UTC day of the known-at of the message that made the version.
        facts: int64[schema.facts], `MISSING` where not known; the last columns say which slots are filled.
        slots: int64[KeyKind], 0 where the version names no such entity.
        owners: int64[*], whose sightings are the version's own: it never sees them.
        owned: What to add to history.
    """

    day: Day
    facts: NDArray[np.int64]
    slots: NDArray[np.int64]
    owners: NDArray[np.int64]
    owned: tuple[Owned, ...]


def extract(version: ConsignmentVersion) -> Extract:
    """The integers of a version."""
    stated = particulars(version)
    keys = slots(stated)
    owners = _owners(version)
    facts = [MISSING if (value := read(stated)) is None else _bounded(value, low, high) for read, low, high in _FACTS]
    facts.extend(MISSING if key == NO_KEY else 1 for key in keys)
    return Extract(
        day=day_of(version.known_at),
        facts=np.array(facts, np.int64),
        slots=np.array(keys, np.int64),
        owners=np.array(owners, np.int64),
        owned=(_consignment(stated, keys, owners), *_movements(stated, keys, owners)),
    )


def _bounded(value: int, low: int, high: int) -> int:
    return low if value < low else high if value > high else value


def _owners(version: ConsignmentVersion) -> tuple[int, ...]:
    owners = [owner_of_consignment(version.consignment_id)]
    owners.extend(owner_of_movement(movement) for movement in version.movements)
    for identity in version.joined_from:  # consignments and movements alike: the other code has no sightings
        owners.extend((owner_of_consignment(identity), owner_of_movement(identity)))
    return tuple(dict.fromkeys(owners))


def _consignment(stated: Particulars, keys: tuple[int, ...], owners: tuple[int, ...]) -> Owned:
    kinds = tuple([kind for kind in _CONSIGNMENT_KINDS if keys[kind] != NO_KEY])
    return Owned(
        owner=owners[0],
        movement=None,
        kinds=kinds,
        keys=tuple([keys[kind] for kind in kinds]),
        measures=consignment_measures(stated),
        aside=owners,
    )


def _movements(stated: Particulars, keys: tuple[int, ...], owners: tuple[int, ...]) -> tuple[Owned, ...]:
    """One for each movement: the first carries the crossing's keys, further ones are containers of the same voyage.

    Units that are only declared, on no movement known yet, add nothing.
    """
    version, owned = stated.version, []
    for place, (movement, unit) in enumerate(zip(version.movements, version.units, strict=False)):
        if place == 0:
            kinds = tuple([kind for kind in _MOVEMENT_KINDS if keys[kind] != NO_KEY])
            named = tuple([keys[kind] for kind in kinds])
        elif unit.kind is UnitKind.CONTAINER:
            kinds, named = (KeyKind.CONTAINER,), (container_key(unit.number),)
        else:
            kinds, named = (), ()
        owned.append(
            Owned(
                owner=owner_of_movement(movement),
                movement=movement,
                kinds=kinds,
                keys=named,
                measures=movement_measures(stated, unit),
                aside=owners,
            )
        )
    return tuple(owned)
