"""Halves of crossings: which haulier's half goes with which carrier's, whatever came first.

A carrier's half is told apart by its booking reference, a haulier's by that of its goods movement; what joins them are
registrations and times, which one half may share with several others. So a join is never final: when a half comes or
changes, the halves about it are paired anew, the nearest first, and what had been joined otherwise is parted. The pairs
follow from what the halves say, not from the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count

from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import Instant
from aftc.linking.context import Context, Movement, Sought
from aftc.linking.keys import movement_id
from aftc.linking.movements import (
    ANNOUNCED_WITHIN,
    LATE,
    LEAST_CONFIDENCE,
    SAME_SAILING,
    SAME_TIME,
    behind_another_lorry,
    by_carrier,
    file_movement,
    mode_of,
    stated_numbers,
    with_previous,
)
from aftc.linking.same_crossing import RORO, declared_by, merge
from aftc.linking.stated import arrival_of, names_in, sought_by, unit_by_reference, unit_of
from aftc.linking.versions import board, recompose, recompose_aboard
from aftc.records import GoodsMovement, Link

__all__ = ["pair_again"]

MOST_HALVES = 40  # about one that changed; those of a lorry that crosses each day are far fewer
MOST_DECLARATIONS = 5  # that a goods movement names and whose registrations are tried
SAME, WITHIN, ANNOUNCED, EARLIER, OTHERWISE = range(5)  # how two halves are joined, the surest first
ALSO = "registration otherwise stated"  # key under which crossings are filed for this pairing alone

Rank = tuple[float, ...]


class _Haulier(Struct, frozen=True):
    """A haulier's half: its movement, its word now and in each message, its declarations' word."""

    movement: Movement
    goods_movement: GoodsMovement
    own: Sought
    earlier: tuple[Sought, ...]
    declared: tuple[Sought, ...]
    mass_g: int | None


class _Edge(Struct, frozen=True, order=True):
    """Two halves that may be one crossing; the nearer the less.

    Attributes:
        rank: How they are joined; by its own word, a declaration's or an earlier one; trust of the registration;
            distance in time, and in mass.
        carrier: Booking reference of the carrier's half.
        haulier: Reference of the goods movement.
        registration: That both state.
    """

    rank: Rank
    carrier: str
    haulier: str
    registration: str


def pair_again(context: Context, changed: Movement) -> Movement:
    """Pair all halves about a movement anew; all aboard of what changes get a version.

    Args:
        context: Of the message that changed it.
        changed: As stored.

    Returns:
        The movement that its carrier's half is in now, else its haulier's.
    """
    start = _as_stored(context, changed)
    if start.mode not in RORO or start.voyages:
        return start
    about = _about(context, start)
    hauliers = {each.goods_movement.gmr_id: each for movement in about for each in _hauliers(context, movement)}
    for each in about:
        _file_also(context, each)
    carriers = {_reference(each): each for each in about if by_carrier(each)}
    if not hauliers or not carriers or len(about) == 1:
        return start
    held = {each.goods_movement.gmr_id: _reference(each) for each in about if each.goods_movement and by_carrier(each)}
    edges = {
        (edge.haulier, edge.carrier): edge
        for haulier in hauliers.values()
        for carrier in carriers.values()
        if (edge := _edge(context, haulier, carrier)) is not None
    }
    joined = [pair for pair in held.items() if pair not in edges]  # by a name; it gives way to what is nearer
    pairs = _pairs([*edges.values(), *(_Edge((OTHERWISE,), carrier, haulier, "") for haulier, carrier in joined)])
    for haulier, carrier in held.items():
        if pairs.get(haulier) != carrier:
            hauliers[haulier] = _part(context, carriers[carrier], hauliers[haulier])
    for haulier, carrier in pairs.items():
        if held.get(haulier) != carrier:
            one, other = _as_stored(context, carriers[carrier]), _as_stored(context, hauliers[haulier].movement)
            carriers[carrier] = merge(context, one, other, _evidence(context, edges[haulier, carrier]))
    return _as_stored(context, start)


def _as_stored(context: Context, movement: Movement) -> Movement:
    return context.movement(movement.movement_id) or movement


def _about(context: Context, start: Movement) -> list[Movement]:
    """The movement, and those that one of its halves may be joined to, and so on."""
    found, todo = {start.movement_id: start}, [start]
    while todo and len(found) < MOST_HALVES:
        one = todo.pop()
        for other in _near(context, one):
            if other.movement_id not in found and _may_be_one(context, one, other):
                found[other.movement_id] = other
                todo.append(other)
    return sorted(found.values(), key=lambda each: each.movement_id)


def _near(context: Context, movement: Movement) -> Iterator[Movement]:
    """Movements filed under one of its registrations, or those declared for it, about its time."""
    numbers = dict.fromkeys((*stated_numbers(movement), *sorted(_also(context, movement))))
    reach = max(2 * context.window, ANNOUNCED_WITHIN + LATE) + context.window
    times = _times(movement)
    for number in numbers:
        for kind in ("registration", ALSO):
            for candidate in context.candidates(kind, number):
                at = candidate.arrival if candidate.arrival is not None else candidate.near
                if at is None or any(abs(at - each) <= reach for each in times):
                    other = context.movement(candidate.movement_id)
                    if other is not None and other.mode in RORO and not other.voyages:
                        yield other


def _times(movement: Movement) -> list[Instant]:
    stated = [(each.arrival, each.near) for each in movement.told]
    return [each for each in (movement.arrival, *chain.from_iterable(stated)) if each is not None]


def _may_be_one(context: Context, one: Movement, other: Movement) -> bool:
    for carrier, haulier in ((one, other), (other, one)):
        if by_carrier(carrier) and any(_edge(context, each, carrier) for each in _hauliers(context, haulier)):
            return True
    return False


def _hauliers(context: Context, movement: Movement) -> Iterator[_Haulier]:
    """The haulier's half of a movement, if it has one."""
    own = movement.goods_movement
    if own is None:
        return
    stated = sought_by(own, own.route_id, arrival_of(own), own.updated_at)
    named = sorted({identity for name in names_in(own) for identity in context.named(*name)})
    entries = [
        version.entry
        for identity in named
        if (version := context.consignment(identity)) and version.entry and version.joined_into is None
    ]
    masses = {each.lrn: each.total_gross_mass_g for each in entries if each.total_gross_mass_g is not None}
    yield _Haulier(
        movement,
        own,
        stated,
        movement.told,
        tuple(declared_by(each, own.unaccompanied) for each in entries[:MOST_DECLARATIONS]),
        sum(masses.values()) if masses else None,
    )


def _file_also(context: Context, movement: Movement) -> None:
    """Let a half that comes later find a crossing by what was stated of it once, and by what its declarations state."""
    for number in sorted(_also(context, movement)):
        if all(each.movement_id != movement.movement_id for each in context.candidates(ALSO, number)):
            context.file_candidate(ALSO, number, movement)


def _also(context: Context, movement: Movement) -> set[str]:
    """Registrations of a crossing that its records do not state now."""
    declared = (each for haulier in _hauliers(context, movement) for each in haulier.declared)
    told = (*declared, *movement.told)
    return {number for each in told for number in each.registrations} - set(stated_numbers(movement))


def _reference(carrier: Movement) -> str:
    """The booking reference of a carrier's half."""
    stated = carrier.booking or carrier.check_in or (carrier.ferry_departure and carrier.ferry_departure.units[0])
    return stated.booking_reference if stated else carrier.movement_id


def _edge(context: Context, haulier: _Haulier, carrier: Movement) -> _Edge | None:
    """How near two halves are; None where they cannot be one crossing."""
    numbers = stated_numbers(replace(carrier, goods_movement=None))
    told = ((0, (haulier.own,)), (1, haulier.declared), (2, haulier.earlier))
    ranks = [
        (EARLIER if source == 2 else tier, source, trust, apart, registration)
        for source, each in told
        for sought in each
        for trust, registration in enumerate(sought.registrations)
        if registration in numbers and (near := _nearness(context, sought, carrier)) is not None
        for tier, apart in (near,)
    ]
    if not ranks:
        return None
    tier, source, trust, apart, registration = min(ranks)
    booked = carrier.booking.gross_mass_g if carrier.booking else None
    mass = float("inf") if booked is None or haulier.mass_g is None else float(abs(booked - haulier.mass_g))
    rank = (float(tier), float(source), float(trust), float(apart), mass)
    return _Edge(rank, _reference(carrier), haulier.goods_movement.gmr_id, registration)


def _nearness(context: Context, sought: Sought, carrier: Movement) -> tuple[int, int] | None:
    """Tier and distance in time of a carrier's half and what a haulier's states; None out of reach."""
    if carrier.arrival is None or (sought.port and carrier.arrival_port and sought.port != carrier.arrival_port):
        return None
    behind = behind_another_lorry(replace(carrier, goods_movement=None), sought)
    if sought.arrival is not None:
        apart = abs(carrier.arrival - sought.arrival)
        if apart > (SAME_TIME if behind else context.window):
            return None
        return (SAME if apart <= SAME_SAILING else WITHIN), apart
    if sought.near is None or behind or not -LATE <= carrier.arrival - sought.near <= ANNOUNCED_WITHIN:
        return None
    return ANNOUNCED, abs(carrier.arrival - sought.near)


def _pairs(edges: Sequence[_Edge]) -> dict[str, str]:
    """Carrier's half by haulier's: the nearest pair first; one equally near to two is joined to neither."""
    pairs: dict[str, str] = {}
    alone: set[str] = set()
    taken: set[str] = set()
    for edge in sorted(edges):
        if edge.haulier in pairs or edge.haulier in alone or edge.carrier in taken:
            continue
        rivals = [
            each
            for each in edges
            if each.haulier == edge.haulier and each.rank == edge.rank and each.carrier not in {edge.carrier, *taken}
        ]
        if rivals:
            alone.add(edge.haulier)
            continue
        pairs[edge.haulier] = edge.carrier
        taken.add(edge.carrier)
    return pairs


def _evidence(context: Context, edge: _Edge) -> Link:
    if edge.rank[0] >= ANNOUNCED:
        return context.evidence("registration+route", edge.registration, LEAST_CONFIDENCE)
    confidence = 1.0 - (1.0 - LEAST_CONFIDENCE) * edge.rank[3] / context.window
    return context.evidence("registration+route+time", edge.registration, round(confidence, 3))


def _part(context: Context, whole: Movement, haulier: _Haulier) -> _Haulier:
    """Take the haulier's half from a crossing, with all aboard that it names; the carrier's keeps the movement."""
    whole = _as_stored(context, whole)
    brought = tuple(each for each in whole.links if each.stream == "gmr")
    parted = with_previous(context, _parted(_free_id(context, haulier.goods_movement), whole, haulier, brought))
    others = tuple(each for each in whole.links if each not in brought)
    left = replace(whole, goods_movement=None, told=(), near=None, links=others)
    kept = stated_numbers(left)
    for number in sorted(set(stated_numbers(whole)) - {*kept, whole.unit.number}):
        context.unfile_candidate("registration", number, whole.movement_id)
    file_movement(context, left, kept)
    file_movement(context, parted, haulier.own.registrations)
    named = _named_anew(context, haulier.goods_movement, whole, parted)
    for identity in [each for each in whole.aboard if each in named]:
        version = context.consignment(identity)
        if version is not None:
            version, boarded = board(context, version, [_as_stored(context, parted)], ())
            recompose(context, version, boarded)
    for movement in (parted, left):
        recompose_aboard(context, _as_stored(context, movement))
    return replace(haulier, movement=_as_stored(context, parted))


def _free_id(context: Context, own: GoodsMovement) -> str:
    """The goods movement's own id; another where a carrier's half has that, which joined what stood there first."""
    names = chain((own.gmr_id,), (f"{own.gmr_id} apart {number}" for number in count(1)))
    return next(
        identity
        for identity in (movement_id("gmr", name) for name in names)
        if (held := context.movement(identity)) is None or held.movement_id != identity
    )


def _parted(identity: str, whole: Movement, haulier: _Haulier, brought: tuple[Link, ...]) -> Movement:
    """The haulier's half as a movement of its own, with the evidence that its messages brought."""
    own = haulier.goods_movement
    return Movement(
        movement_id=identity,
        unit=unit_of(own) or unit_by_reference(own.gmr_id),
        mode=mode_of(own.unaccompanied),
        arrival=arrival_of(own),
        arrival_port=haulier.own.port,
        route_id=own.route_id,
        goods_movement=own,
        control_at=whole.control_at,
        links=brought,
        near=own.updated_at,
        told=whole.told,
    )


def _named_anew(context: Context, own: GoodsMovement, whole: Movement, parted: Movement) -> set[str]:
    """File the haulier's half under its names in place of the crossing; ids of the consignments that it names."""
    context.name_anew("gmr", own.gmr_id, whole, parted)
    named = set()
    for kind, reference in names_in(own):
        context.name_anew(f"movement by {kind}", reference, whole, parted)
        named |= set(context.named(kind, reference))
    return named
