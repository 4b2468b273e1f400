"""Second messages that contradict the first: amendments of declarations, bookings, manifests and goods movements.

The first is what is so; the second says otherwise: hours later, or after arrival.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, SECOND, Instant
from aftc.records import (
    AirWaybill,
    BayPlan,
    ContainerOrder,
    DeclarationNotification,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    FerryBooking,
    GoodsMovement,
    ImportDeclaration,
    Manifest,
    Party,
    PartyMerge,
    Record,
    Selector,
    TransitDeclaration,
    TransportDocument,
)
from aftc.reference.ports import FERRY_ROUTES
from training.world.dispatch import Delivery, Dispatch
from training.world.draws import DIGITS
from training.world.fault_edits import Edit, elements, field, fields, one_of
from training.world.fault_picks import Picks
from training.world.fault_rates import Fault
from training.world.fault_statements import totalled
from training.world.movement_references import movement_reference

__all__ = ["amended", "arrival_of"]

_NAME_SIGNS = 12
_SOON = (10 * MINUTE, 48 * HOUR)  # after the first was received
_AFTER_ARRIVAL = (15 * MINUTE, 48 * HOUR)
_ON_THE_WAY_SECONDS = (2, 300)
_SHIFTS = (-24, -12, -6, 6, 12, 24, 48)  # hours by which an arrival is said to differ
_OTHER_GOODS = (
    ("Household goods", "630790"),
    ("Spare parts", "847990"),
    ("Food preparations", "210690"),
    ("Cotton trousers", "620342"),
    ("Plastic articles", "392690"),
    ("Empty packagings", "392310"),
)


def _differing(number: int, picks: Picks) -> int:
    """A quantity that is smaller by a tenth to six tenths, or larger by as much."""
    change = max(1, int(number * (0.1 + 0.5 * picks.uniform())))
    return number + change if picks.uniform() < 0.5 else max(number - change, 0)


def _renumbered(number: str, picks: Picks) -> str:
    """A number of the same form with other digits: another vehicle, container, seal or declaration."""
    return "".join(picks.one(DIGITS) if sign.isdigit() else sign for sign in number)


def _other_goods(goods: Any, picks: Picks) -> Any:
    """A goods item or bill of other goods."""
    description, code = picks.one(_OTHER_GOODS)
    return replace(goods, description=description, hs_code=code)


def _swapped_parties(record: Any, _: Picks) -> Any:
    """Consignor and consignee in each other's place."""
    return replace(record, consignor=record.consignee, consignee=record.consignor)


def _other_address(party: Party, picks: Picks) -> Party:
    return replace(party, street=_renumbered(party.street or "1", picks), postcode=None)


_PARTIES = one_of(_swapped_parties, fields("consignee consignor notify", _other_address))
_QUANTITIES = fields("gross_mass_g packages", _differing)

_CONTRADICTIONS: dict[type[Record], Edit] = {
    EntrySummary: one_of(
        field("items", elements(_QUANTITIES)),
        field("items", elements(_other_goods)),
        field("items", elements(fields("vehicles containers", elements(_renumbered)))),
        _PARTIES,
        fields("expected_arrival", lambda arrival, picks: arrival + picks.one(_SHIFTS) * HOUR),
        field("seals", elements(_renumbered)),
    ),
    FerryBooking: one_of(
        field("gross_mass_g", _differing),
        fields("vehicle driver", _renumbered),
        field("trailers", elements(_renumbered)),
        fields("laden cash return_trip", lambda said, _: not said),
        lambda booking, _: replace(booking, cancelled=not booking.cancelled),
    ),
    Manifest: one_of(
        field("bills", elements(_QUANTITIES)),
        field("bills", elements(_other_goods)),
        field("bills", elements(_PARTIES)),
        field("bills", lambda bills, picks: _without_one(bills, picks)),
        field("equipment", elements(fields("gross_mass_g", _differing))),
    ),
    GoodsMovement: one_of(
        field("vehicle", _renumbered),
        field("trailers", elements(_renumbered)),
        field("declarations", elements(field("reference", _renumbered))),
        field("declarations", lambda declarations, picks: _without_one(declarations, picks)),
        fields("departure arrival", lambda moment, picks: moment + picks.one(_SHIFTS) * HOUR),
    ),
}


def _without_one(values: tuple[Any, ...], picks: Picks) -> tuple[Any, ...]:
    place = picks.below(len(values))
    return values[:place] + values[place + 1 :]


def amended(dispatch: Dispatch, fault: Fault, picks: Picks) -> Delivery | None:
    """The second message that contradicts a dispatch; None where its kind is never amended.

    Args:
        dispatch: The first message, as it was sent.
        fault: `CONTRADICTION`, or `LATE_AMENDMENT` for one that comes after arrival.
        picks: What settles when it comes and what it says.
    """
    edit = _CONTRADICTIONS.get(type(dispatch.record))
    received = _received(dispatch, fault, picks)
    if edit is None or received is None:
        return None
    other = edit(dispatch.record, picks)
    if other == dispatch.record:
        return None
    sent = received - picks.spread(*_ON_THE_WAY_SECONDS) * SECOND
    record = _AGAIN[type(other)](other, sent, picks)
    return Delivery(dispatch.stream, picks.code(_NAME_SIGNS), received, record, dispatch.about, (fault,))


def _received(dispatch: Dispatch, fault: Fault, picks: Picks) -> Instant | None:
    if fault is Fault.CONTRADICTION:
        return dispatch.received + picks.spread(*_SOON) // SECOND * SECOND
    arrival = arrival_of(dispatch.record)
    if arrival is None:
        return None
    return max(arrival, dispatch.received) + picks.spread(*_AFTER_ARRIVAL) // SECOND * SECOND


def arrival_of(record: Record) -> Instant | None:
    """When the record says that its consignments arrive; None where it does not say."""
    if isinstance(record, EntrySummary):
        return record.expected_arrival
    if isinstance(record, EntryResponse | EntryIntervention):
        return record.entry.expected_arrival
    if isinstance(record, GoodsMovement) and record.arrival is None:
        route = FERRY_ROUTES.get(record.route_id or "")
        return record.departure + route.minutes * MINUTE if route and record.departure is not None else None
    untimed = AirWaybill | BayPlan | ContainerOrder | TransportDocument | ImportDeclaration | DeclarationNotification
    return None if isinstance(record, untimed | TransitDeclaration | PartyMerge | Selector) else record.arrival


def _entry_again(entry: EntrySummary, sent: Instant, picks: Picks) -> EntrySummary:
    """A CC313A: under its MRN, which names no LRN."""
    whole = totalled(entry)
    return replace(
        whole,
        amendment=True,
        lrn=None,
        mrn=entry.mrn or movement_reference(entry.declared_at or 0, entry.lrn or ""),
        message_id=picks.code(_NAME_SIGNS),
        declared_at=sent // MINUTE * MINUTE,
    )


def _booking_again(booking: FerryBooking, sent: Instant, _: Picks) -> FerryBooking:
    return replace(booking, amendment=booking.amendment + 1, booked_at=sent)


def _manifest_again(manifest: Manifest, sent: Instant, _: Picks) -> Manifest:
    return replace(manifest, function="5", prepared_at=sent // MINUTE * MINUTE)  # UN/EDIFACT 1225: replaces the first


def _movement_again(movement: GoodsMovement, sent: Instant, _: Picks) -> GoodsMovement:
    return replace(movement, updated_at=sent)


_AGAIN: dict[type[Record], Callable[[Any, Instant, Picks], Record]] = {
    EntrySummary: _entry_again,
    FerryBooking: _booking_again,
    Manifest: _manifest_again,
    GoodsMovement: _movement_again,
}
