"""Keys: which entities a consignment version names, one slot a kind of entity.

A slot holds one key: of several goods items the principal one's, of several containers the first. What none of the
streams names is `NO_KEY`. The latest word on equipment goes first: check-in, goods movement, booking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aftc.features.algebra import KeyKind
from aftc.features.identity import NO_KEY, stable_id
from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_registration
from aftc.linking.parties import party_key
from aftc.records import ConsignmentVersion, FerryBooking, FerryCheckIn, GoodsMovement, Party, UnitKind

__all__ = ["REVISION", "container_key", "slots"]

REVISION: Final = 2  # raised whenever a key's meaning changes: the schema's digest holds it
_JOINT = "\x1e"  # between the parts of a pair


def slots(stated: Particulars) -> tuple[int, ...]:
    """Key of each `KeyKind`, in order; `NO_KEY` where unknown."""
    named = [read(stated) for read in _READERS]
    for place, one, other in _PAIRS:
        first, second = named[one], named[other]
        named[place] = f"{first}{_JOINT}{second}" if first and second else None
    return tuple([stable_id(kind, value) if value else NO_KEY for kind, value in zip(_LABELS, named, strict=True)])


def container_key(number: str) -> int:
    """Key of a container by its number."""
    return stable_id(KeyKind.CONTAINER.label, normal_registration(number))


def _carrier(stated: Particulars) -> str | None:
    version = stated.version
    parties = (version.entry.carrier if version.entry else None, version.manifest.carrier if version.manifest else None)
    named = next((key for key in map(party_key, parties) if key), None)
    return named or (f"operator {version.booking.operator}" if version.booking else None)


def _goods(code: str | None, origin: str | None) -> str | None:
    return f"{code}{_JOINT}{origin}" if code and origin else None


def _route(stated: Particulars) -> str | None:
    version = stated.version
    for crossing in (version.check_in, version.goods_movement, version.booking):
        if crossing is not None and crossing.route_id:
            return f"ferry {crossing.route_id}"
    if version.manifest is not None and version.manifest.load_port and version.manifest.discharge_port:
        return f"{version.manifest.load_port}{_JOINT}{version.manifest.discharge_port}"
    return None


def _crossings(version: ConsignmentVersion) -> tuple[FerryCheckIn | GoodsMovement | FerryBooking, ...]:
    stated = (version.check_in, version.goods_movement, version.booking)
    return tuple(crossing for crossing in stated if crossing is not None)


def _vehicle(stated: Particulars) -> str | None:
    for crossing in _crossings(stated.version):
        if crossing.vehicle:
            return normal_registration(crossing.vehicle) or None
    return None


def _trailer(stated: Particulars) -> str | None:
    for crossing in _crossings(stated.version):
        if crossing.trailers:
            return normal_registration(crossing.trailers[0]) or None
    return None


def _container(stated: Particulars) -> str | None:
    for unit in stated.version.units:
        if unit.kind is UnitKind.CONTAINER:
            return normal_registration(unit.number) or None
    for crossing in _crossings(stated.version):
        if crossing.containers:
            return normal_registration(crossing.containers[0]) or None
    return None


def _haulier(stated: Particulars) -> str | None:
    version = stated.version
    if version.goods_movement is not None and version.goods_movement.haulier_eori:
        return party_key(Party(eori=version.goods_movement.haulier_eori))
    return party_key(version.booking.haulier) if version.booking else None


def _account(stated: Particulars) -> str | None:
    booking = stated.version.booking
    return f"{booking.operator}{_JOINT}{booking.account}" if booking and booking.account else None


def _driver(stated: Particulars) -> str | None:
    """The carrier's token; it means nothing at another carrier's."""
    for crossing in (stated.version.check_in, stated.version.booking):
        if crossing is not None and crossing.driver:
            return f"{crossing.operator}{_JOINT}{crossing.driver}"
    return None


def _pair(_: Particulars) -> None:
    """A pair is made of what the others name."""


_BY_KIND: Final[dict[KeyKind, Callable[[Particulars], str | None]]] = {
    KeyKind.CONSIGNOR: lambda stated: stated.consignor,
    KeyKind.CONSIGNEE: lambda stated: stated.consignee,
    KeyKind.NOTIFY: lambda stated: stated.notify,
    KeyKind.DECLARANT: lambda stated: stated.declarant,
    KeyKind.CARRIER: _carrier,
    KeyKind.HS4_ORIGIN: lambda stated: _goods(stated.heading, stated.origin),
    KeyKind.HS6_ORIGIN: lambda stated: _goods(stated.subheading, stated.origin),
    KeyKind.CONSIGNEE_HS4: lambda stated: _goods(stated.heading, stated.consignee),
    KeyKind.ROUTE: _route,
    KeyKind.VEHICLE: _vehicle,
    KeyKind.TRAILER: _trailer,
    KeyKind.CONTAINER: _container,
    KeyKind.HAULIER: _haulier,
    KeyKind.ACCOUNT: _account,
    KeyKind.DRIVER: _driver,
    KeyKind.CONSIGNOR_CONSIGNEE: _pair,
    KeyKind.VEHICLE_TRAILER: _pair,
    KeyKind.ACCOUNT_DRIVER: _pair,
}
_PAIRS: Final = (
    (KeyKind.CONSIGNOR_CONSIGNEE, KeyKind.CONSIGNOR, KeyKind.CONSIGNEE),
    (KeyKind.VEHICLE_TRAILER, KeyKind.VEHICLE, KeyKind.TRAILER),
    (KeyKind.ACCOUNT_DRIVER, KeyKind.ACCOUNT, KeyKind.DRIVER),
)
# One look-up a kind would cost more than the reading: these tables are in the order of the slots.
_READERS: Final = tuple(_BY_KIND[kind] for kind in KeyKind)
_LABELS: Final = tuple(kind.label for kind in KeyKind)
