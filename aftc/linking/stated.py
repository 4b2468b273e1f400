"""What a carrier's or haulier's record states of its crossing: unit, time, port, and the declarations that it names."""

from __future__ import annotations

from aftc.clock import MINUTE, Instant
from aftc.linking.context import Sought
from aftc.linking.keys import normal_reference
from aftc.linking.movements import Stated, lorry_of, roro_unit, stated_on
from aftc.records import GoodsMovement, Unit, UnitKind
from aftc.reference.ports import FERRY_ROUTES

__all__ = ["arrival_of", "names_in", "sought_by", "unit_by_reference", "unit_of"]


def unit_of(stated: Stated) -> Unit | None:
    """The unit that a port would search; None where no registration is stated."""
    return roro_unit(stated.unaccompanied, stated.vehicle, stated.trailers, stated.containers)


def unit_by_reference(key: str) -> Unit:
    """A unit whose registration nobody has stated: it is known by the crossing's reference alone."""
    return Unit(UnitKind.VEHICLE, f"?{normal_reference(key)}")


def sought_by(stated: Stated, route_id: str | None, arrival: Instant | None, near: Instant | None = None) -> Sought:
    """What a record tells of the crossing that it belongs to."""
    route = FERRY_ROUTES.get(route_id or "")
    lorry = None if stated.unaccompanied else next(iter(lorry_of(stated)), None)
    return Sought(stated_on(stated), arrival, route.arrival if route else None, near, lorry)


def arrival_of(goods_movement: GoodsMovement) -> Instant | None:
    """Arrival (event time) that a goods movement states, or that follows from its departure and route."""
    if goods_movement.arrival is not None:
        return goods_movement.arrival
    route = FERRY_ROUTES.get(goods_movement.route_id or "")
    if route and goods_movement.departure is not None:
        return goods_movement.departure + route.minutes * MINUTE
    return None


def names_in(goods_movement: GoodsMovement) -> list[tuple[str, str]]:
    """Kind and reference of each name by which a goods movement may know a declaration; each once."""
    keys: dict[tuple[str, str], None] = {}
    for declaration in goods_movement.declarations:
        for kind, reference in (
            ("ucr", declaration.reference),
            ("mrn", declaration.reference),
            ("mrn", declaration.entry_mrn),
        ):
            if reference:
                keys[kind, reference] = None
    return list(keys)
