"""Entry summary declarations: to their consignments, and these to crossings and voyages."""

from __future__ import annotations

from msgspec.structs import replace

from aftc.linking.best_crossing import UNACCOMPANIED, find_crossing, named_exactly, sought_of, units_of
from aftc.linking.context import Context, Movement
from aftc.linking.declared import take_over
from aftc.linking.documents import EntryPart, entry_particulars, entry_parts, masters_above
from aftc.linking.flights import settle_direct, under_the_same_waybills, under_waybills
from aftc.linking.halves import pair_again
from aftc.linking.keys import consignment_id, movement_id, normal_reference
from aftc.linking.masters import file_house
from aftc.linking.movements import (
    file_movement,
    mode_of,
    roro_unit,
    with_previous,
)
from aftc.linking.responses import REJECTED, heed, hold, lodge, names_of, surer, with_its_amendment
from aftc.linking.same_consignment import of_the_same_goods, pair, parted
from aftc.linking.same_crossing import entry_numbers, half_known, with_its_other_half
from aftc.linking.versions import blank, board, movements_of, recompose
from aftc.linking.voyages import in_the_same_containers, voyage_movements
from aftc.records import ConsignmentVersion, EntrySummary, Link
from aftc.reference.check_digits import mrn_fault
from aftc.reference.ports import port_of_office

__all__ = ["link_entry"]

RORO_TRANSPORT_MODES = frozenset({"3", "10", "11"})
AIR = "4"
OLDER = "an older declaration came after a newer one"
OTHER_MRN = "an amendment states another MRN than customs registered"


def link_entry(context: Context, entry: EntrySummary) -> None:
    """Join a declaration or its amendment to its consignments and make their next versions."""
    parts = [_under_known_reference(context, part) for part in entry_parts(entry)]
    named = context.named("mrn", entry.mrn) if entry.mrn else ()
    claimed = {part.identity for part in parts}
    unclaimed = [identity for identity in named if identity not in claimed]
    unknown = [part.identity for part in parts if context.consignment(part.identity) is None]
    undeclared = [part for part in parts if _undeclared(context, part)]
    if len(unclaimed) == len(undeclared) == 1 and not unknown:
        _now_named(context, unclaimed[0], undeclared[0])
    linked = []
    for part in parts:
        known_as = unclaimed[0] if len(unclaimed) == 1 and unknown == [part.identity] else part.identity
        version = parted(context, context.consignment(known_as) or blank(part.identity), entry)
        _link_part(context, part, version)
        _hand_over(context, part, version.consignment_id)
        linked.append(version.consignment_id)
    registered = (each.registered_mrn for each in map(context.consignment, linked) if each is not None)
    for mrn in dict.fromkeys(filter(None, registered)):
        with_its_amendment(context, names_of(entry), mrn)
    for identity in linked:
        version = context.consignment(identity) or blank(identity)
        if entry.transport_mode == AIR:
            under = under_the_same_waybills(context, version)
            pair(context, version, under if version.waybill else (*under, *of_the_same_goods(context, version)))
        elif entry.transport_mode not in RORO_TRANSPORT_MODES:
            pair(context, version, in_the_same_containers(context, version))


def _under_known_reference(context: Context, part: EntryPart) -> EntryPart:
    """A part under that of its alike references which is known already, where only one is."""
    references = (part.reference, *part.slipped)
    known = (
        [each for each in references if context.consignment(consignment_id("document", each))] if part.slipped else []
    )
    if len(known) != 1 or known[0] == part.reference:
        return part
    slipped = tuple(each for each in references if each != known[0])
    return replace(part, identity=consignment_id("document", known[0]), reference=known[0], slipped=slipped)


def _undeclared(context: Context, part: EntryPart) -> bool:
    """Whether a part's consignment is known from its papers alone."""
    version = context.consignment(part.identity)
    return version is not None and version.entry is None and version.joined_into is None


def _now_named(context: Context, known_as: str, part: EntryPart) -> None:
    """Let what was declared without a document, or under another, be the consignment that the amendment names."""
    unnamed, version = context.standing(known_as), context.consignment(part.identity)
    if unnamed is not None and version is not None and unnamed.entry is not None:
        take_over(context, version, unnamed, context.evidence("mrn", normal_reference(part.entry.mrn or "")))


def _hand_over(context: Context, part: EntryPart, kept: str) -> None:
    """Let what comes later under a slipped reference, or the document that an amendment names first, find it."""
    for identity in (part.identity, *(consignment_id("document", each) for each in part.slipped)):
        if context.consignment(identity) is None and identity != kept:
            context.store_version(replace(blank(identity), joined_into=kept))


def _link_part(context: Context, part: EntryPart, version: ConsignmentVersion) -> None:
    """Join a part to its consignment: that of its own document, else the only one left of those its MRN has named."""
    entry, identity = part.entry, version.consignment_id
    late = version.entry is not None and (version.entry.declared_at or 0) > (entry.declared_at or 0)
    version = _noted(version, OLDER) if late else _declared(version, entry)
    heard = heed(context, version, lodge(context, entry, identity))
    version = heard.version if late else _amended(heard.version, entry)
    for kind, reference in _references(version, entry):
        context.name(kind, reference, identity)
    evidence = (context.evidence(part.key, part.reference), *heard.links)
    movements, joins = ([], ()) if late else _movements_for(context, version, entry)
    if movements:
        version, movements = board(context, version, movements, (*evidence, *joins))
        recompose(context, version, movements)
        if half_known(movements[0]):
            with_its_other_half(context, movements[0])
        pair_again(context, movements[0])
    else:
        version = recompose(context, version, movements_of(context, version), *evidence, *joins)
    if entry.transport_mode == AIR:
        settle_direct(context, context.consignment(identity) or version)
    for master in masters_above(entry):
        file_house(context, master, identity)
    hold(context, identity, heard.held_since)


def _noted(version: ConsignmentVersion, flag: str) -> ConsignmentVersion:
    return replace(version, flags=tuple(dict.fromkeys((*version.flags, flag))))


def _declared(version: ConsignmentVersion, entry: EntrySummary) -> ConsignmentVersion:
    """The version with this declaration; what customs said of another one no longer holds."""
    if entry.lrn is None or (version.entry is not None and version.entry.lrn == entry.lrn):
        return replace(version, entry=entry)
    flags = tuple(flag for flag in version.flags if flag != REJECTED)
    return replace(version, entry=entry, registered_mrn=None, rejected=False, flags=flags)


def _amended(version: ConsignmentVersion, entry: EntrySummary) -> ConsignmentVersion:
    """The version with the MRN that an amendment states, where customs has not told it."""
    if entry.mrn is None:
        return version
    held, stated = version.registered_mrn, normal_reference(entry.mrn)
    if held is None or mrn_fault(held):
        return replace(version, registered_mrn=surer(held, stated))
    return version if held == stated else _noted(version, OTHER_MRN)


def _references(version: ConsignmentVersion, entry: EntrySummary) -> list[tuple[str, str]]:
    """Exact keys of the consignment besides its transport document."""
    keys = [
        ("mrn", version.registered_mrn),
        ("mrn", entry.mrn),
        ("ucr", entry.ucr),
        *(("ucr", goods.ucr) for goods in entry.items),
        ("particulars", entry_particulars(entry)),
    ]
    return [(kind, reference) for kind, reference in dict.fromkeys(keys) if reference]


def _movements_for(
    context: Context, version: ConsignmentVersion, entry: EntrySummary
) -> tuple[list[Movement], tuple[Link, ...]]:
    """The movements this declaration puts its consignment on, with evidence; none where it names no unit."""
    _, containers = units_of(entry)
    if entry.transport_mode in RORO_TRANSPORT_MODES or any(goods.vehicles for goods in entry.items):
        crossing = _crossing(context, version, entry)
        return ([crossing[0]], (crossing[1],)) if crossing else ([], ())
    if entry.transport_mode == AIR and not containers:
        return under_waybills(context, version)
    if containers:
        found = voyage_movements(
            context,
            containers,
            voyage=entry.conveyance_reference,
            arrival=entry.expected_arrival,
            port=_port(entry),
        )
        return ([], ()) if _shipped(version) else found
    return [], ()


def _shipped(version: ConsignmentVersion) -> bool:
    """Whether a manifest has put it in its containers: the carrier's word goes first, whichever came before."""
    named = version.manifest is not None and any(bill.containers for bill in version.manifest.bills)
    return named and bool(version.movements)


def _crossing(context: Context, version: ConsignmentVersion, entry: EntrySummary) -> tuple[Movement, Link] | None:
    for kind, reference in _references(version, entry):
        for identity in context.named(f"movement by {kind}", reference):
            movement = context.movement(identity)
            if movement is not None:
                return movement, context.evidence(f"goods movement names {kind}", reference)
    if version.movements:  # an exact join stands; a window join is made again below, it may have a better partner
        current = context.movement(version.movements[0])
        if current is not None and named_exactly(context, version, current):
            return current, context.evidence("same movement", current.movement_id)
    return find_crossing(context, entry, _any_movement) or _begun(context, version, entry)


def _begun(context: Context, version: ConsignmentVersion, entry: EntrySummary) -> tuple[Movement, Link] | None:
    """A crossing of which nothing is known but what its declarations say; None where they name nothing that crosses."""
    sought, unaccompanied = sought_of(entry), entry.transport_mode == UNACCOMPANIED
    vehicles, containers = units_of(entry)
    vehicle = vehicles[0] if vehicles and not unaccompanied else None
    unit = roro_unit(unaccompanied, vehicle, vehicles if unaccompanied else (), containers)
    if unit is None:
        return None
    movement = with_previous(
        context,
        Movement(
            movement_id=movement_id("entry", f"{version.consignment_id}/{unit.number}/{entry.expected_arrival}"),
            unit=unit,
            mode=mode_of(unaccompanied),
            arrival=entry.expected_arrival,
            arrival_port=sought.port,
            near=entry.declared_at,
        ),
    )
    file_movement(context, movement, sought.registrations if unaccompanied else entry_numbers(entry))
    return movement, context.evidence("declared registration", unit.number)


def _any_movement(_: Movement) -> bool:
    return True  # a declaration may join a crossing that has others aboard: groupage


def _port(entry: EntrySummary) -> str | None:
    port = port_of_office(entry.office_of_first_entry) if entry.office_of_first_entry else None
    return port.code if port else None
