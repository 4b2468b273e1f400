"""Flights: consignments under their air waybills, these in the units aboard a flight, and the units' arrival.

An air waybill number is the key: declarations and house waybills name the one above them, flight manifests the one in
each unit. What comes later is joined to what is held under the number, so the order of the messages does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import Instant
from aftc.linking.context import Context, Movement, link_key
from aftc.linking.documents import waybill_identity, waybill_particulars
from aftc.linking.keys import consignment_id, movement_id, normal_reference, normal_registration, normal_waybill
from aftc.linking.same_consignment import PAPER, keep_with_joined, of_the_same_goods, pair
from aftc.linking.versions import (
    blank,
    board,
    movements_of,
    recompose,
    recompose_aboard,
    waybills_of,
    with_declarations_of,
)
from aftc.records import AirWaybill, ConsignmentVersion, FlightManifest, Link, LoadedUnit, Mode, Unit, UnitKind
from aftc.reference.airports import airport
from aftc.streams.zones import HOME_ZONE, local_time

__all__ = ["link_flight", "link_waybill", "settle_direct", "settle_joined", "under_waybills"]

MOST_LINKS = 8  # the newest
MOST_DECLARED = 100  # likewise
MOST_UNDER_ONE = 2_000  # consignments under one air waybill, the newest
PARTS = frozenset(("P", "S", "D"))  # a share that is not all of an air waybill: the rest flies otherwise
WITHDRAWN = "Deletion"
OLDER = "an older waybill came after a newer one"


class _Direct(Struct, frozen=True):
    identity: str
    waybill: AirWaybill
    link: Link


class _Held(Struct, frozen=True):
    """What is known under an air waybill number.

    Attributes:
        consignments: Those filed under it.
        movements: Of the units it is in.
        links: What waybills of a consolidation brought: evidence for each house that comes under it.
        direct: Of a waybill that says it is no consolidation, its consignment and the waybill.
        declared: Those of them that were declared before a waybill of their own was known.
    """

    consignments: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    direct: _Direct | None = None
    declared: tuple[str, ...] = ()


class _Flown(Struct, frozen=True):
    """What the last manifest of a flight said: when it was issued, the air waybills and the movements of its units."""

    issued_at: Instant
    waybills: tuple[str, ...]
    movements: tuple[str, ...]


_HELD, _FLOWN = msgspec.msgpack.Decoder(_Held), msgspec.msgpack.Decoder(_Flown)
_encode = msgspec.msgpack.Encoder().encode


def link_waybill(context: Context, waybill: AirWaybill) -> None:
    """Join a waybill to its consignment; that of a consolidation is evidence for the consignments below it."""
    reference = waybill_identity(waybill)
    if reference is None:
        return
    if waybill.house is None and waybill.consolidation:
        _confirm(context, reference)
        return
    identity = consignment_id("document", reference)
    evidence = context.evidence("transport_document", reference)
    if waybill.house is None and _directly(context, reference, _Direct(identity, waybill, evidence)):
        return
    keep_with_joined(context, identity, lambda version: _with_waybill(version, waybill))
    version = _with_waybill(context.standing(identity) or blank(identity), waybill)
    movements, joins = under_waybills(context, version)
    if movements:
        version, movements = board(context, version, movements, (evidence, *joins))
        recompose(context, version, movements)
    else:
        recompose(context, version, movements_of(context, version), evidence, *joins)
    settle_direct(context, version)
    version = context.consignment(version.consignment_id) or version
    if version.entry is None and version.joined_into is None:
        _await_declaration(context, version, waybill)


def _with_waybill(version: ConsignmentVersion, waybill: AirWaybill) -> ConsignmentVersion:
    """A consignment with a waybill: that of its own number before one alike to it, and of one number the newest."""
    held = version.waybill
    if held is None or _precedence(version, held) <= _precedence(version, waybill):
        return replace(version, waybill=waybill)
    if waybill_identity(held) != waybill_identity(waybill):
        return version
    return replace(version, flags=tuple(dict.fromkeys((*version.flags, OLDER))))


def _precedence(version: ConsignmentVersion, waybill: AirWaybill) -> tuple[bool, Instant]:
    own = consignment_id("document", waybill_identity(waybill) or "") == version.consignment_id
    return own, waybill.issued_at or 0


def _await_declaration(context: Context, version: ConsignmentVersion, waybill: AirWaybill) -> None:
    """Look for the declaration of a waybill's goods under its air waybill and its particulars, else wait for it."""
    declared = (each for number in waybills_of(version) for each in _held(context, number).declared)
    pair(context, version, (*declared, *of_the_same_goods(context, version)))
    stated = waybill_particulars(waybill)
    standing = context.consignment(version.consignment_id)
    if stated and standing is not None and standing.joined_into is None:
        context.name(PAPER, stated, version.consignment_id)


def under_the_same_waybills(context: Context, version: ConsignmentVersion) -> Iterator[str]:
    """Ids of the consignments under a declared one's air waybills; one without a waybill of its own is remembered."""
    for number in waybills_of(version):
        held = _held(context, number)
        if version.waybill is None and version.consignment_id not in held.declared:
            declared = (*held.declared, version.consignment_id)[-MOST_DECLARED:]
            _keep(context, "air waybill", number, replace(held, declared=declared))
        yield from held.consignments


def _directly(context: Context, number: str, direct: _Direct) -> bool:
    """Keep a waybill that is no consolidation's; whether it is about a house that is declared under it."""
    held = _held(context, number)
    if held.direct is None or (held.direct.waybill.issued_at or 0) <= (direct.waybill.issued_at or 0):
        _keep(context, "air waybill", number, replace(held, direct=direct))
    return _settled(context, number)


def settle_direct(context: Context, version: ConsignmentVersion) -> None:
    """Join the waybill that says it is no consolidation, and stood for itself, to the house declared under it."""
    for number in waybills_of(version):
        _settled(context, number)


def settle_joined(context: Context) -> None:
    """Settle the waybills above consignments that this message joined to others: one house may be left of two."""
    for version in tuple(context.changed.values()):
        if version.joined_into is not None:
            settle_direct(context, version)


def _settled(context: Context, number: str) -> bool:
    """Give a direct waybill to the only house under its number, and to many as evidence alone; False where none is."""
    held = _held(context, number)
    direct = held.direct
    if direct is None:
        return False
    filed = (context.consignment(each) for each in held.consignments if each != direct.identity)
    houses = [each for each in filed if each and each.joined_into is None and number in waybills_of(each)]
    own = context.consignment(direct.identity)
    if not houses or (own is not None and own.entry is not None):
        return False
    if own is not None and own.joined_into is None:
        own, _ = board(context, own, [], ())
        context.store_version(replace(own, joined_into=houses[0].consignment_id))
    for house in houses:
        waybill = house.waybill if house.waybill is None or house.waybill.house else None
        if len(houses) == 1 and waybill is None:
            waybill = direct.waybill
        joined = tuple(dict.fromkeys((*house.joined_from, *((own.consignment_id,) if own else ()))))
        if (waybill, joined) != (house.waybill, house.joined_from) or direct.link not in house.links:
            now = replace(with_declarations_of(house, own) if own else house, waybill=waybill, joined_from=joined)
            recompose(context, now, movements_of(context, now), direct.link)
    return True


def _confirm(context: Context, number: str) -> None:
    link = context.evidence("air_waybill", number)
    held = _held(context, number)
    _keep(context, "air waybill", number, replace(held, links=(*held.links, link)[-MOST_LINKS:]))
    for version in _filed(context, held):
        recompose(context, version, movements_of(context, version), link)


def under_waybills(context: Context, version: ConsignmentVersion) -> tuple[list[Movement], tuple[Link, ...]]:
    """File a consignment under its air waybills; the movements of the units they are in, with the evidence."""
    movements: dict[str, Movement] = {}
    evidence = []
    for number in waybills_of(version):
        held = _held(context, number)
        if version.consignment_id not in held.consignments:
            held = replace(held, consignments=(*held.consignments, version.consignment_id)[-MOST_UNDER_ONE:])
            _keep(context, "air waybill", number, held)
        evidence += [*held.links, context.evidence("air_waybill", number)]
        for identity in held.movements:
            movement = context.movement(identity)
            if movement is not None:
                movements[identity] = movement
    return list(movements.values()), tuple(evidence)


def link_flight(context: Context, manifest: FlightManifest) -> None:
    """Join the units of a flight to the consignments under their air waybills; all aboard get a version.

    A newer manifest of a flight replaces the one before it; an older one changes nothing.
    """
    name = _name(manifest)
    raw = context.writer.get("links", link_key("flight", name))
    before = _FLOWN.decode(raw) if raw else _Flown(0, (), ())
    if (manifest.issued_at or 0) < before.issued_at:
        return
    units = () if manifest.purpose == WITHDRAWN else manifest.units
    placed = [(_carry(context, manifest, unit, name), unit) for unit in units]
    here: dict[str, list[str]] = {number: [] for number in before.waybills}
    parts = set()
    for identity, unit in placed:
        for loaded in unit.waybills:
            number = normal_waybill(loaded.number)
            here.setdefault(number, []).append(identity)
            if loaded.share in PARTS:
                parts.add(number)
    now = tuple(dict.fromkeys(identity for identity, _ in placed))
    of_flight = {*before.movements, *now}
    for identity in before.movements:
        if identity not in now:
            _offload(context, identity)
    for number, identities in here.items():
        _place(context, number, tuple(dict.fromkeys(identities)), of_flight, part=number in parts)
    for identity in now:
        movement = context.movement(identity)
        if movement is not None and not movement.aboard:
            recompose_aboard(context, movement)
    listed = tuple(number for number, identities in here.items() if identities)
    _keep(context, "flight", name, _Flown(manifest.issued_at or 0, listed, now))


def _name(manifest: FlightManifest) -> str:
    """A flight by its number, day of departure on the airport's clock, and airport of unloading."""
    loading = airport(manifest.load_airport)
    day = local_time(manifest.departure, loading.zone if loading else HOME_ZONE).date().isoformat()
    return " ".join((normal_reference(manifest.flight), day, manifest.discharge_airport or "")).strip()


def _carry(context: Context, manifest: FlightManifest, unit: LoadedUnit, name: str) -> str:
    """Keep the movement of a unit on a flight, found or begun; its id."""
    number = normal_registration(unit.number or "") or f"?{normal_reference(name)}"
    identity = movement_id("flight", f"{name}/{number}")
    movement = context.movement(identity)
    if movement is None:
        movement = Movement(identity, Unit(UnitKind.ULD, number), Mode.AIR, None, None)
    unloading = airport(manifest.discharge_airport)
    movement = replace(
        movement,
        arrival=movement.arrival if manifest.arrival is None else manifest.arrival,
        arrival_port=unloading.code if unloading else movement.arrival_port,
        flight=replace(manifest, units=(unit,)),
        links=movement.links or (context.evidence("flight+unit", f"{name} {number}"),),
    )
    context.store_movement(movement)
    context.file_candidate("registration", number, movement)
    return identity


def _offload(context: Context, identity: str) -> None:
    """A unit that is no longer on the flight: it is not found by its number, and has no consignment of its own."""
    movement = context.movement(identity)
    if movement is not None:
        context.unfile_candidate("registration", movement.unit.number, identity)


def _place(context: Context, number: str, here: tuple[str, ...], of_flight: set[str], *, part: bool) -> None:
    """Put the consignments under an air waybill aboard the units it is in; a part stays on its other flights."""
    held = _held(context, number)
    elsewhere = tuple(each for each in held.movements if each not in of_flight)
    chosen = (*elsewhere, *here) if part or not here else here
    _keep(context, "air waybill", number, replace(held, movements=chosen))
    for version in _filed(context, held):
        if number not in waybills_of(version):
            continue
        movements = [movement for each in chosen if (movement := context.movement(each)) is not None]
        boarded, movements = board(context, version, movements, (context.evidence("air_waybill", number),))
        recompose(context, boarded, movements)


def _filed(context: Context, held: _Held) -> list[ConsignmentVersion]:
    """The consignments filed under a number, or what took them over, each once."""
    standing = (context.standing(each) for each in held.consignments)
    return list({each.consignment_id: each for each in standing if each is not None}.values())


def _held(context: Context, number: str) -> _Held:
    raw = context.writer.get("links", link_key("air waybill", number))
    return _HELD.decode(raw) if raw else _Held()


def _keep(context: Context, kind: str, key: str, value: _Held | _Flown) -> None:
    context.writer.put("links", link_key(kind, key), _encode(value))
