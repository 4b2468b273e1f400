"""Stowage: what bay plans and container orders say of a container, joined to its movement on that voyage.

They speak of containers alone, most of them bound elsewhere, so they begin no movement and no consignment: what they
say is kept under the container's number, and joined whenever a bill or declaration puts a consignment in it. All that
is kept is matched anew each time, so the order of the messages does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import KEEP_CANDIDATES, Candidate, Context, Movement, link_key
from aftc.linking.keys import normal_reference, normal_registration
from aftc.linking.versions import STOWED, movements_of, recompose
from aftc.records import BayPlan, ContainerOrder, Link, Mode, VoyageContainer

__all__ = ["link_bay_plan", "link_container_order", "settle_stowage"]

LONGEST_VOYAGE = 60 * DAY  # from the port of loading to arrival
AMISS = 5 * DAY  # a stated arrival may be this much before what is said of the departure
PORT_CONFIDENCE = 0.8  # where one of the two states no voyage
MOST_TOLD = 16  # of one container, the newest
CANCELLED = "1"  # UN/EDIFACT 1225


class _Told(Struct, frozen=True):
    """What one message says of one container: a bay plan or an order with that container alone."""

    plan: BayPlan | None
    order: ContainerOrder | None
    stream: str
    sequence: int
    known_at: Instant

    @property
    def said(self) -> BayPlan | ContainerOrder:
        """The one of the two that it is."""
        said = self.plan or self.order
        if said is None:
            raise ValueError("neither a bay plan nor an order")
        return said


_TOLD = msgspec.msgpack.Decoder(tuple[_Told, ...])
_encode = msgspec.msgpack.Encoder().encode


def link_bay_plan(context: Context, plan: BayPlan) -> None:
    """Join each container of a bay plan to its movement on the voyage, now or when there is one."""
    for number, container in _by_number(plan.containers):
        cut = replace(plan, containers=(container,), flags=())
        _keep(context, number, _Told(cut, None, context.stream, context.sequence, context.known_at))


def link_container_order(context: Context, order: ContainerOrder) -> None:
    """Join each container of an order to its movement on the voyage, now or when there is one."""
    for number, container in _by_number(order.containers):
        cut = replace(order, containers=(container,), flags=())
        _keep(context, number, _Told(None, cut, context.stream, context.sequence, context.known_at))


def _by_number(containers: Iterable[VoyageContainer]) -> Iterable[tuple[str, VoyageContainer]]:
    """Containers by normal number; of one listed twice the first."""
    found: dict[str, VoyageContainer] = {}
    for each in containers:
        number = normal_registration(each.number)
        if number:
            found.setdefault(number, each)
    return found.items()


def _keep(context: Context, number: str, told: _Told) -> None:
    fresh = (each for each in _held(context, number) if each.known_at > context.known_at - KEEP_CANDIDATES)
    kept = (*fresh, told)[-MOST_TOLD:]
    context.writer.put("links", link_key("stowage", number), _encode(kept))
    settle_stowage(context, number)


def _held(context: Context, number: str) -> tuple[_Told, ...]:
    raw = context.writer.get("links", link_key("stowage", number))
    return _TOLD.decode(raw) if raw else ()


def settle_stowage(context: Context, number: str) -> None:
    """Give each movement of a container the newest plan and order of its voyage; all aboard get a version."""
    held = _held(context, number)
    if not held:
        return
    candidates = context.candidates("registration", number)
    chosen: dict[str, list[tuple[_Told, Link]]] = {}
    for told in held:
        found = _movement_of(number, told, candidates)
        if found is not None:
            chosen.setdefault(found[0], []).append((told, found[1]))
    for identity in dict.fromkeys(each.movement_id for each in candidates):
        movement = context.movement(identity)
        if movement is not None and movement.mode is Mode.CONTAINER:
            _give(context, movement, chosen.get(identity, []))


def _give(context: Context, movement: Movement, told: list[tuple[_Told, Link]]) -> None:
    plan = _newest(each for each, _ in told if each.plan is not None)
    order = _newest(each for each, _ in told if each.order is not None)
    standing = [each for each in (plan, order) if each is not None]
    links = tuple(link for each, link in told if each in standing)
    now = replace(
        movement,
        bay_plan=plan.plan if plan else None,
        container_order=order.order if order else None,
        links=(*(each for each in movement.links if each.key not in STOWED), *links),
    )
    if now == movement:
        return
    context.store_movement(now)
    for identity in now.aboard:
        version = context.consignment(identity)
        if version is not None and version.joined_into is None:
            recompose(context, version, movements_of(context, version))


def _newest(told: Iterable[_Told]) -> _Told | None:
    """What was prepared last, by the messages' own times; nothing where that is a cancellation."""
    last = max(
        told, key=lambda each: (each.said.prepared_at or 0, each.said.function or "", each.sequence), default=None
    )
    return None if last is None or last.said.function == CANCELLED else last


def _movement_of(number: str, told: _Told, candidates: tuple[Candidate, ...]) -> tuple[str, Link] | None:
    """The movement that a message speaks of: of its voyage, else one to its port that arrives next."""
    said = told.said
    voyages = {normal_reference(each) for each in (said.voyage, said.loading_voyage) if each}
    at = said.departure or said.prepared_at or said.arrival
    same = [each for each in candidates if not voyages.isdisjoint(each.voyages) and _near(each.arrival, at)]
    if same:
        nearest = min(same, key=lambda each: (_distance(each.arrival, at), each.movement_id))
        value = f"{number} {min(voyages.intersection(nearest.voyages))}"
        return nearest.movement_id, Link(told.stream, "stowed container+voyage", value, 1.0, told.sequence)
    port = said.containers[0].discharge_port
    fitting = [
        each
        for each in candidates
        if (not each.voyages or not voyages) and None not in (port, at, each.arrival) and each.port == port
    ]
    fitting = [each for each in fitting if _near(each.arrival, at)]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda each: (_distance(each.arrival, at), each.movement_id))
    link = Link(told.stream, "stowed container+port", f"{number} {port}", PORT_CONFIDENCE, told.sequence)
    return nearest.movement_id, link


def _near(arrival: Instant | None, at: Instant | None) -> bool:
    """Whether a voyage may have been under way then; where one is not known, it may."""
    return arrival is None or at is None or -AMISS <= arrival - at <= LONGEST_VOYAGE


def _distance(arrival: Instant | None, at: Instant | None) -> int:
    return LONGEST_VOYAGE if arrival is None or at is None else abs(arrival - at)
