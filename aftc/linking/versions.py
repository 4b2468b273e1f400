"""Versions: a consignment's joined records, recomposed from what it and its movements now hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from aftc.clock import Instant
from aftc.linking.context import Context, Movement
from aftc.linking.documents import air_waybills
from aftc.linking.keys import consignment_id, normal_waybill
from aftc.linking.movements import by_carrier, left_behind
from aftc.records import BayPlan, ConsignmentVersion, ContainerOrder, FlightManifest, Link, Mode

__all__ = [
    "LEFT_BEHIND",
    "STOWED",
    "absorb",
    "blank",
    "board",
    "merged_links",
    "movements_of",
    "recompose",
    "recompose_aboard",
    "waybills_of",
    "with_declarations_of",
]

_TRANSPORT_MODES = {
    "3": Mode.RORO_ACCOMPANIED,
    "4": Mode.AIR,
    "10": Mode.RORO_ACCOMPANIED,
    "11": Mode.RORO_UNACCOMPANIED,
}
_IMPORTED_BY_FERRY = frozenset(("3", "6"))  # border transport modes of an import declaration
_IMPORTED = {"1": Mode.CONTAINER, "4": Mode.AIR}
STOWED = frozenset(("stowed container+voyage", "stowed container+port"))  # keys of evidence that movements have alone
LEFT_BEHIND = "left behind by the ferry that it was booked on"
_POSTAL_AND_EXPRESS = "A"  # special circumstance indicator of an entry summary declaration
_SMALL_PACKAGE = "XPS"  # special handling code of a waybill


def blank(identity: str) -> ConsignmentVersion:
    """A consignment of which nothing is known yet."""
    return ConsignmentVersion(
        consignment_id=identity,
        version=0,
        known_at=0,
        sequence=0,
        mode=Mode.OTHER,
        units=(),
        movements=(),
        scheduled_arrival=None,
        entry=None,
        manifest=None,
        booking=None,
        check_in=None,
        goods_movement=None,
        previous=None,
        booking_amendments=0,
        control_at=None,
        joined_from=(),
        joined_into=None,
        links=(),
    )


def movements_of(context: Context, version: ConsignmentVersion) -> list[Movement]:
    """The movements that a consignment is on."""
    return [movement for each in version.movements if (movement := context.movement(each)) is not None]


def recompose(
    context: Context, version: ConsignmentVersion, movements: list[Movement], *evidence: Link
) -> ConsignmentVersion:
    """Make a consignment's next version from its own records and those of its movements."""
    first = movements[0] if movements else None
    controls = [at for at in (version.control_at, *(each.control_at for each in movements)) if at is not None]
    own_links = merged_links((each for each in version.links if each.key not in STOWED), evidence)
    return context.store_version(
        replace(
            version,
            mode=_mode(version, first),
            units=tuple(each.unit for each in movements),
            movements=tuple(each.movement_id for each in movements),
            scheduled_arrival=_arrival(version, first),
            booking=first.booking if first else None,
            check_in=first.check_in if first else None,
            ferry_departure=first.ferry_departure if first else None,
            goods_movement=first.goods_movement if first else None,
            flight=_flight(version, movements),
            bay_plan=_listed([each.bay_plan for each in movements]),
            container_order=_listed([each.container_order for each in movements]),
            previous=first.previous if first else None,
            booking_amendments=first.booking_amendments if first else 0,
            control_at=min(controls, default=None),
            links=merged_links(own_links, (link for each in movements for link in each.links)),
            flags=_with_departure(version.flags, first),
        )
    )


def _with_departure(flags: tuple[str, ...], movement: Movement | None) -> tuple[str, ...]:
    others = tuple(flag for flag in flags if flag != LEFT_BEHIND)
    return (*others, LEFT_BEHIND) if movement is not None and left_behind(movement) else others


def recompose_aboard(context: Context, movement: Movement) -> None:
    """New versions for all aboard a movement whose own records changed; an empty one gets its placeholder."""
    for identity in movement.aboard:
        version = context.consignment(identity)
        if version is not None:
            recompose(context, version, movements_of(context, version))
    if not movement.aboard:
        _place_holder(context, movement)


def board(
    context: Context, version: ConsignmentVersion, movements: list[Movement], evidence: tuple[Link, ...]
) -> tuple[ConsignmentVersion, list[Movement]]:
    """Put a consignment aboard these movements and no others.

    An empty movement's placeholder is taken over; a movement that is left stands as an empty one if it has records
    of its own.
    """
    taken_over: list[str] = []
    identities = tuple(each.movement_id for each in movements)
    for identity in version.movements:
        left = context.movement(identity)
        if left is not None and identity not in identities:
            _leave(context, left, version.consignment_id)
            taken_over.append(identity)
    boarded = []
    for movement in movements:
        if movement.placeholder:
            taken_over.extend(_give_up_placeholder(context, movement, version.consignment_id))
        boarded.append(_with_aboard(context, movement, version.consignment_id))
    joined = tuple(dict.fromkeys((*version.joined_from, *taken_over)))
    return replace(
        version, movements=identities, joined_from=joined, links=merged_links(version.links, evidence)
    ), boarded


def _with_aboard(context: Context, movement: Movement, identity: str) -> Movement:
    if identity in movement.aboard:
        return movement
    boarded = replace(movement, aboard=(*movement.aboard, identity), placeholder=False)
    context.store_movement(boarded)
    return boarded


def _leave(context: Context, movement: Movement, identity: str) -> None:
    left = replace(movement, aboard=tuple(each for each in movement.aboard if each != identity))
    context.store_movement(left)
    if not left.aboard and (by_carrier(left) or left.goods_movement):
        _place_holder(context, left)


def _place_holder(context: Context, movement: Movement) -> None:
    identity = consignment_id("movement", movement.movement_id)
    version = context.consignment(identity) or blank(identity)
    if version.joined_into is not None:  # all that was aboard has left for another movement
        version = replace(version, joined_into=None)
    held = replace(movement, placeholder=True)
    context.store_movement(held)
    recompose(context, replace(version, movements=(movement.movement_id,)), [held])


def _give_up_placeholder(context: Context, movement: Movement, successor: str) -> tuple[str, ...]:
    """Let a consignment take over a movement's placeholder; its id, and those that it had taken over itself."""
    identity = consignment_id("movement", movement.movement_id)
    version = context.consignment(identity)
    if version is None:
        return (identity,)
    context.store_version(replace(version, joined_into=successor))
    return (identity, *version.joined_from)


def absorb(context: Context, kept: Movement, lost: Movement) -> Movement:
    """Put all aboard a movement on the one that it turned out to be; the placeholders of both are given up for them.

    Args:
        context: Of the message that shows it.
        kept: With the records of both.
        lost: As it was.

    Returns:
        The movement with all aboard, as stored; all aboard have a version.
    """
    context.store_movement(replace(lost, merged_into=kept.movement_id, aboard=(), placeholder=False))
    taken_over = [lost.movement_id]
    aboard = tuple(dict.fromkeys((*kept.aboard, *lost.aboard)))
    successor = aboard[0] if aboard else consignment_id("movement", kept.movement_id)
    if lost.placeholder:
        taken_over.extend(_give_up_placeholder(context, lost, successor))
    if kept.placeholder and aboard:
        taken_over.extend(_give_up_placeholder(context, kept, successor))
    merged = replace(kept, aboard=aboard, placeholder=not aboard)
    context.store_movement(merged)
    for identity in aboard or (successor,):
        version = context.consignment(identity) or blank(identity)
        joined = tuple(dict.fromkeys((*version.joined_from, *taken_over)))
        recompose(context, replace(version, joined_from=joined), [merged])
    return merged


def with_declarations_of(version: ConsignmentVersion, other: ConsignmentVersion) -> ConsignmentVersion:
    """A version with the import and transit declarations of one that it takes over, where it has none of its own.

    Of one that both have, what customs told the other counts too.
    """
    whole = replace(version, transit=version.transit or other.transit)
    same = version.import_mrn is None and version.import_declaration == other.import_declaration
    if other.import_declaration is None or not (same or version.import_declaration is None):
        return whole
    return replace(
        whole,
        import_declaration=other.import_declaration,
        import_mrn=other.import_mrn,
        import_rejected=other.import_rejected,
    )


def merged_links(held: Iterable[Link], new: Iterable[Link]) -> tuple[Link, ...]:
    """Links without repeats: the first message to bring a key and value stands for it."""
    by_key: dict[tuple[str, str, str], Link] = {}
    for each in (*held, *new):
        by_key.setdefault((each.stream, each.key, each.value), each)
    return tuple(by_key.values())


def _flight(version: ConsignmentVersion, movements: list[Movement]) -> FlightManifest | None:
    """The first flight's manifest, cut down to the units and air waybills that concern the consignment."""
    aloft = [each.flight for each in movements if each.flight is not None]
    if not aloft:
        return None
    numbers = waybills_of(version)
    same = (each for each in aloft if (each.flight, each.departure) == (aloft[0].flight, aloft[0].departure))
    units = (
        replace(
            unit,
            waybills=tuple(each for each in unit.waybills if not numbers or normal_waybill(each.number) in numbers),
        )
        for manifest in same
        for unit in manifest.units
    )
    return replace(aloft[0], units=tuple(units))


Listed = TypeVar("Listed", BayPlan, ContainerOrder)


def _listed(stated: Iterable[Listed | None]) -> Listed | None:
    """The first container's bay plan or order, with the other containers that the same message lists."""
    lists = [each for each in stated if each is not None]
    if not lists:
        return None
    same = (each for each in lists if each.reference == lists[0].reference)
    return replace(lists[0], containers=tuple(container for each in same for container in each.containers))


def waybills_of(version: ConsignmentVersion) -> tuple[str, ...]:
    """Numbers of the air waybills that a consignment travels under."""
    stated = (normal_waybill(version.waybill.master),) if version.waybill and version.waybill.master else ()
    return tuple(dict.fromkeys((*stated, *air_waybills(version.entry))))


def _mode(version: ConsignmentVersion, movement: Movement | None) -> Mode:
    if movement is not None and movement.mode is not Mode.AIR:
        return movement.mode
    if version.manifest is not None or (version.transport_document is not None and version.entry is None):
        return Mode.CONTAINER
    if movement is not None or (version.waybill is not None and version.entry is None):
        return Mode.PARCEL if _express(version) else Mode.AIR
    if version.entry is None:
        return _mode_of_import(version)
    if any(goods.containers for goods in version.entry.items) and version.entry.transport_mode == "1":
        return Mode.CONTAINER
    mode = _TRANSPORT_MODES.get(version.entry.transport_mode or "", Mode.OTHER)
    return Mode.PARCEL if mode is Mode.AIR and _express(version) else mode


def _mode_of_import(version: ConsignmentVersion) -> Mode:
    """Mode of what its importer alone has spoken of; a lorry is named, a trailer that comes without one is not."""
    declaration = version.import_declaration
    if declaration is None or declaration.transport_mode is None:
        return version.mode
    if declaration.transport_mode in _IMPORTED_BY_FERRY:
        return Mode.RORO_ACCOMPANIED if declaration.conveyance_identity else Mode.RORO_UNACCOMPANIED
    return _IMPORTED.get(declaration.transport_mode, version.mode)


def _express(version: ConsignmentVersion) -> bool:
    """Whether it is a parcel: the declaration says so, before there is one the waybill."""
    if version.entry is not None:
        return version.entry.special_circumstance == _POSTAL_AND_EXPRESS
    return version.waybill is not None and _SMALL_PACKAGE in version.waybill.special_handling


def _arrival(version: ConsignmentVersion, movement: Movement | None) -> Instant | None:
    """Scheduled arrival: the carrier's word before the declarant's, and his own before those of others aboard."""
    if version.manifest is not None and version.manifest.arrival is not None:
        return version.manifest.arrival
    own = version.entry.expected_arrival if version.entry else None
    if own is not None and movement is not None and movement.expected and movement.reported_at is None:
        return own
    if movement is not None and movement.arrival is not None:
        return movement.arrival
    return own
