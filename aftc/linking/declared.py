"""Declarations that come beside the entry summary: the consignment that they name, and how it takes them over.

Import and transit declarations name a consignment by transport document, by UCR, or by the MRN of its entry summary, in
this order; each counts only where it names one consignment. Else the only consignment of their packages and mass in
their container or vehicle is meant. Where there is none, an import declaration is a consignment of its own until the
entry summary comes; a transit declaration waits for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import Instant
from aftc.linking.context import Context
from aftc.linking.documents import entry_particulars, waybill_particulars
from aftc.linking.keys import PLACEHOLDERS, consignment_id, normal_reference, normal_registration
from aftc.linking.movements import stated_numbers
from aftc.linking.same_crossing import entry_numbers
from aftc.linking.versions import board, merged_links, movements_of, recompose, with_declarations_of
from aftc.linking.voyages import WINDOW_CONFIDENCE
from aftc.records import ConsignmentVersion, Link
from aftc.streams.values import LOST

__all__ = ["Name", "alone", "claimed", "found_by_equipment", "found_by_name", "number_of", "take_over"]


class Name(Struct, frozen=True):
    """A name that a declaration gives its consignment, the entry summary's goods item beside it where it says one."""

    kind: str
    reference: str
    item: int | None = None


def number_of(reference: str | None) -> str | None:
    """Normal form of a number that names something; None for none."""
    normal = normal_reference(reference) if reference and LOST not in reference else ""
    return normal if normal and normal not in PLACEHOLDERS else None


def alone(version: ConsignmentVersion) -> bool:
    """Whether nobody but who declares them inland has spoken of the goods."""
    return version.entry is None and version.manifest is None and version.waybill is None


def claimed(context: Context, who: str) -> Iterator[tuple[str, str]]:
    """The consignments that this message changed, each with the own names of declarations of a kind that name it."""
    for identity in tuple(context.changed):
        version = context.consignment(identity)
        if version is None or version.joined_into is not None or alone(version):
            continue
        for kind, reference in _known_by(context, version):
            yield from ((identity, name) for name in context.named(f"{who} by {kind}", reference))


def _known_by(context: Context, version: ConsignmentVersion) -> Iterator[tuple[str, str]]:
    """Keys of a consignment that such declarations may name, each once."""
    entry = version.entry
    ucrs = (entry.ucr, *(goods.ucr for goods in entry.items)) if entry else ()
    stated = entry_particulars(entry) if entry else None
    if stated is None and version.waybill is not None:
        stated = waybill_particulars(version.waybill)
    numbers = [each.number for each in version.units]
    numbers += entry_numbers(entry) if entry else ()
    numbers += [number for movement in movements_of(context, version) for number in stated_numbers(movement)]
    own = (("mrn", version.registered_mrn), ("particulars", stated), *(("unit", each) for each in numbers))
    for kind, reference in dict.fromkeys((*own, *(("ucr", each) for each in ucrs))):
        if reference:
            yield kind, reference


def found_by_name(context: Context, who: str, document: str | None, names: Iterable[Name]) -> tuple[str, Link] | None:
    """The one consignment that a declaration names, none of those that it is alone, with the evidence.

    Args:
        context: Of the message.
        who: The declaration's kind, for the evidence.
        document: Normal reference of its lowest transport document.
        names: Its others, in order of trust.
    """
    if document is not None:
        version = context.standing(consignment_id("document", document))
        if version is not None and not alone(version):
            return version.consignment_id, context.evidence(f"{who} names transport_document", document)
    for name in names:
        standing = (context.standing(each) for each in context.named(name.kind, name.reference))
        versions = {each.consignment_id: each for each in standing if each is not None and not alone(each)}
        if len(versions) > 1 and name.item is not None:
            versions = {key: each for key, each in versions.items() if _has_item(each, name.item)}
        if len(versions) == 1:
            return next(iter(versions)), context.evidence(f"{who} names {name.kind}", name.reference)
    return None


def _has_item(version: ConsignmentVersion, number: int) -> bool:
    return version.entry is not None and any(goods.number == number for goods in version.entry.items)


def found_by_equipment(
    context: Context,
    key: str,
    numbers: Iterable[str],
    goods: Iterable[Any],
    at: Instant,
    lodged: tuple[int, int],
    lacks: Callable[[ConsignmentVersion], bool],
) -> tuple[str, Link] | None:
    """The only consignment of these packages and mass in a unit of these numbers, with the evidence.

    Args:
        context: Of the message.
        key: Of the evidence.
        numbers: Of containers or vehicles.
        goods: The declaration's goods items.
        at: When it was declared.
        lodged: How long before and after the unit's arrival it may be declared, in microseconds.
        lacks: Whether a consignment has no such declaration yet.
    """
    stated, (before, after) = tuple(goods), lodged
    for number in filter(None, map(normal_registration, numbers)):
        near = [
            each.movement_id
            for each in context.candidates("registration", number)
            if each.arrival is not None and -after <= each.arrival - at <= before
        ]
        aboard = {identity: None for each in map(context.movement, near) if each for identity in each.aboard}
        standing = {each.consignment_id: each for each in map(context.standing, aboard) if each is not None}
        alike = [each for each in standing.values() if _alike(stated, each)]
        if len(alike) == 1 and lacks(alike[0]):
            return alike[0].consignment_id, context.evidence(key, number, WINDOW_CONFIDENCE)
    return None


def _alike(stated: tuple[Any, ...], version: ConsignmentVersion) -> bool:
    """Whether packages and mass, summed over goods items, are those of entry summary or bill."""
    goods: tuple[Any, ...] = ()
    if version.entry is not None:
        goods = version.entry.items
    elif version.manifest is not None:
        goods = version.manifest.bills
    return all(_sum(stated, name) == _sum(goods, name) > 0 for name in ("packages", "gross_mass_g"))


def _sum(goods: Iterable[Any], name: str) -> int:
    return sum(getattr(each, name) or 0 for each in goods)


def take_over(context: Context, version: ConsignmentVersion, own: ConsignmentVersion, link: Link) -> ConsignmentVersion:
    """Let a consignment take over the one that a declaration was alone, with what is known of that.

    Args:
        context: Of the message that shows it.
        version: The consignment meant.
        own: The declaration's own, which ends.
        link: The evidence.
    """
    movements = movements_of(context, version) or movements_of(context, own)
    left, _ = board(context, own, [], ())
    context.store_version(replace(left, joined_into=version.consignment_id))
    controls = [each for each in (version.control_at, own.control_at) if each is not None]
    whole = replace(
        with_declarations_of(version, own),
        control_at=min(controls, default=None),
        joined_from=tuple(dict.fromkeys((*version.joined_from, *own.joined_from, own.consignment_id))),
        links=merged_links(version.links, (*own.links, link)),
    )
    standing = [context.movement(each.movement_id) or each for each in movements]
    whole, standing = board(context, whole, standing, ())
    return recompose(context, whole, standing)
