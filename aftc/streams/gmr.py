"""Goods Movement References: the haulier's body, and the port interface's views (arrays of them).

One message may give several records. The movement's id and whether it is unaccompanied must be there; what else is
unreadable becomes a flag. Local times are read in the zone of the route's port of departure or arrival.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from aftc.clock import Instant, format_instant
from aftc.errors import MalformedMessage, OversizeMessage
from aftc.records import CrossingStage, DeclarationReference, GoodsMovement
from aftc.streams.json_fields import Fields
from aftc.streams.json_text import decode, looks_like_json
from aftc.streams.values import Flags, excerpt
from aftc.streams.zones import local_time, zones_of_route

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "gmr"

_MARK = re.compile(rb'"gmrId"\s*:\s*[^\s{]|"(?:planned|checkedIn|actual)Crossing"\s*:')
_SCHEMA = re.compile(rb'"\$schema"\s*:')

# The most certain first.
_CROSSINGS = (
    ("actualCrossing", CrossingStage.ACTUAL),
    ("checkedInCrossing", CrossingStage.CHECKED_IN),
    ("plannedCrossing", CrossingStage.PLANNED),
)
_DECLARATIONS = (
    ("customs", "customsDeclarations", "customsDeclarationId"),
    ("transit", "transitDeclarations", "transitDeclarationId"),
)
MOST_MOVEMENTS = 100_000  # in one view
_ANY_INSPECTION = "1"  # the record keeps where to report, not for which inspection


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold a movement's id or crossing, and are not of a JSON Schema."""
    return looks_like_json(head) and _MARK.search(head) is not None and _SCHEMA.search(head) is None


def parse(raw: bytes) -> tuple[GoodsMovement, ...]:
    """The goods movements in a message: one for a haulier's body, any number for a view.

    Raises:
        MalformedMessage: not JSON, no movement, or one without its id or without `isUnaccompanied`.
        OversizeMessage: nested deeper than the reader's limit, or of too many movements.
    """
    tree = decode(raw)
    bodies = tree if isinstance(tree, list) else [tree]
    if not bodies:
        raise MalformedMessage("at least one goods movement", "an empty array")
    if len(bodies) > MOST_MOVEMENTS:
        raise OversizeMessage(
            f"at most {MOST_MOVEMENTS} goods movements", f"{len(bodies)}", advice="send several files"
        )
    return tuple(_movement(body, f"$[{place}]" if tree is bodies else "$") for place, body in enumerate(bodies))


def _movement(body: Any, path: str) -> GoodsMovement:
    if not isinstance(body, dict):
        raise MalformedMessage(f"an object at {path}", type(body).__name__)
    flags = Flags()
    fields = Fields(body, "", flags)
    metadata = fields.group("metadata") or Fields({}, "metadata/", flags)
    unaccompanied = fields.truth("isUnaccompanied")
    gmr_id = fields.reference("gmrId")
    if gmr_id is None or unaccompanied is None:
        missing = "gmrId" if gmr_id is None else "isUnaccompanied"
        raise MalformedMessage(f"a readable {missing} at {path}", excerpt(body.get(missing, "nothing")))
    stage, route_id, departure, arrival = _crossing(fields, flags)
    inspection = fields.truth("inspectionRequired")
    return GoodsMovement(
        gmr_id=gmr_id,
        updated_at=fields.utc("updatedDateTime") or metadata.utc("updatedDateTime"),
        state=fields.reference("state"),
        direction=fields.reference("direction"),
        unaccompanied=unaccompanied,
        vehicle=fields.reference("vehicleRegNum"),
        trailers=fields.references("trailerRegistrationNums"),
        containers=fields.references("containerReferenceNums"),
        haulier_eori=fields.reference("haulierEori"),
        route_id=route_id,
        crossing_stage=stage,
        departure=departure,
        arrival=arrival,
        declarations=tuple(_declarations(fields)),
        inspection_required=metadata.truth("inspectionRequired") if inspection is None else inspection,
        report_to=_report_to(fields) or _report_to(metadata),
        flags=flags.sealed(),
    )


def _crossing(fields: Fields, flags: Flags) -> tuple[CrossingStage | None, str | None, Instant | None, Instant | None]:
    """Stage and route of the most certain crossing; each time from the most certain one that states it."""
    given = [(stage, group) for name, stage in _CROSSINGS if (group := fields.group(name))]
    if not given:
        return None, None, None, None
    stage, best = given[0]
    route_id = best.reference("routeId")
    same = [group for _, group in given if group is best or group.reference("routeId") == route_id]
    departs, arrives, known = zones_of_route(route_id)
    departure = _first_time(same, "localDateTimeOfDeparture", departs)
    arrival = _first_time(same, "localDateTimeOfArrival", arrives)
    if not known:
        flags.add("routeId", f"unknown route, its times are read in {departs}", route_id)
    return stage, route_id, departure, arrival


def _first_time(crossings: list[Fields], name: str, zone: str) -> Instant | None:
    for crossing in crossings:
        moment = crossing.local(name, zone)
        if moment is not None:
            return moment
    return None


def _declarations(fields: Fields) -> Iterator[DeclarationReference]:
    for kind, name, key in _DECLARATIONS:
        for declaration in fields.each(name):
            number = declaration.reference(key)
            if number:
                yield DeclarationReference(kind, number, declaration.reference("sAndSMasterRefNum"))


def _report_to(fields: Fields) -> tuple[str, ...]:
    """Locations to report to, over all inspections, in order, each once."""
    return tuple(
        dict.fromkeys(place for each in fields.each("reportToLocations") for place in each.references("locationIds"))
    )


def build(movement: GoodsMovement) -> bytes:
    """A haulier's body of a record; `parse` gives it back, but for flags and, in crossing times, seconds."""
    departs, arrives, _ = zones_of_route(movement.route_id)
    body = {
        "gmrId": movement.gmr_id,
        "direction": movement.direction,
        "isUnaccompanied": movement.unaccompanied,
        "vehicleRegNum": movement.vehicle,
        "trailerRegistrationNums": movement.trailers,
        "containerReferenceNums": movement.containers,
        "haulierEori": movement.haulier_eori,
        "state": movement.state,
        **_written_crossings(movement, _local(movement.departure, departs), _local(movement.arrival, arrives)),
        **{name: _written_declarations(movement, kind, key) for kind, name, key in _DECLARATIONS},
        "metadata": _without_absent(
            {
                "updatedDateTime": None if movement.updated_at is None else format_instant(movement.updated_at),
                "inspectionRequired": movement.inspection_required,
                "reportToLocations": movement.report_to
                and [{"inspectionTypeId": _ANY_INSPECTION, "locationIds": movement.report_to}],
            }
        ),
    }
    return msgspec.json.encode(_without_absent(body))


def _without_absent(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in (None, (), [], {})}


def _local(instant: Instant | None, zone: str) -> str | None:
    return None if instant is None else local_time(instant, zone).strftime("%Y-%m-%dT%H:%M")


def _written_crossings(movement: GoodsMovement, departure: str | None, arrival: str | None) -> dict[str, Any]:
    """The crossing of the record's stage; a departure stands on the planned one, where the interface has it."""
    name = {stage: name for name, stage in _CROSSINGS}.get(movement.crossing_stage) if movement.crossing_stage else None
    if name is None:
        return {}
    crossings = {name: _without_absent({"routeId": movement.route_id, "localDateTimeOfArrival": arrival})}
    if departure:
        planned = crossings.setdefault("plannedCrossing", _without_absent({"routeId": movement.route_id}))
        planned["localDateTimeOfDeparture"] = departure
    return crossings


def _written_declarations(movement: GoodsMovement, kind: str, key: str) -> list[dict[str, Any]]:
    return [
        _without_absent({key: each.reference, "sAndSMasterRefNum": each.entry_mrn})
        for each in movement.declarations
        if each.kind == kind
    ]
