"""Transit declarations: each house consignment to the consignment that it names.

A transit declaration begins no consignment: where none stands under its names, it waits under them and its units until
the entry summary comes. The declaration newest by its own clock stands.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY
from aftc.linking.context import Context, link_key
from aftc.linking.declared import Name, alone, claimed, found_by_equipment, found_by_name, number_of
from aftc.linking.documents import transit_document
from aftc.linking.keys import consignment_id, normal_reference, normal_registration
from aftc.linking.parties import party_key
from aftc.linking.versions import movements_of, recompose
from aftc.linking.voyages import VOYAGE_WINDOW
from aftc.records import ConsignmentVersion, Link, TransitDeclaration, TransitHouse, TransitItem

__all__ = ["claim_transits", "link_transit"]

ENTRY = "N355"  # kind of previous document
DECLARED = (4 * DAY, VOYAGE_WINDOW)  # a lorry or container under way crosses within so long of its declaration


class _Held(Struct, frozen=True):
    """A transit declaration cut to a house consignment, and the consignment that it was joined to, if to any.

    `stream` and `sequence` are those of its message, which brings the evidence whenever it is joined.
    """

    declaration: TransitDeclaration
    consignment: str | None
    stream: str
    sequence: int


_HELD = msgspec.msgpack.Decoder(_Held)
_encode = msgspec.msgpack.Encoder().encode


def link_transit(context: Context, declaration: TransitDeclaration) -> None:
    """Join each house consignment of a transit declaration to its consignment, which gets a version."""
    for place in range(1, len(declaration.houses) + 1):
        _link_house(context, _cut(declaration, place), _own_name(declaration, place))


def claim_transits(context: Context) -> None:
    """Give the consignments that this message changed the transit declarations that wait for them."""
    for identity, name in (*claimed(context, "transit"), *_waiting(context)):
        _claim(context, identity, name)


def _link_house(context: Context, declaration: TransitDeclaration, name: str) -> None:
    before = _held(context, name)
    found = _found(context, declaration)
    if found is None and before is not None and before.consignment is not None:
        found = before.consignment, context.evidence("transit lrn", name)
    if found is not None:
        _join(context, declaration, name, *found)
        return
    _keep(context, name, _Held(declaration, None, context.stream, context.sequence))
    for each in _names(declaration):
        context.name(f"transit by {each.kind}", each.reference, name)
    document = transit_document(declaration)
    if document is not None:
        context.name("transit by identity", consignment_id("document", document), name)
    for number in filter(None, map(normal_registration, _numbers(declaration))):
        context.name("transit by unit", number, name)


def _join(context: Context, declaration: TransitDeclaration, name: str, identity: str, link: Link) -> None:
    version = context.standing(identity)
    if version is not None:
        _keep(context, name, _Held(declaration, version.consignment_id, link.stream, link.sequence))
        recompose(context, _declared(version, declaration), movements_of(context, version), link)


def _waiting(context: Context) -> Iterator[tuple[str, str]]:
    """The declared consignments that this message changed, with declarations that name their document."""
    for identity in tuple(context.changed):
        version = context.consignment(identity)
        if version is not None and version.joined_into is None and not alone(version):
            yield from ((identity, name) for name in context.named("transit by identity", identity))


def _claim(context: Context, identity: str, name: str) -> None:
    held = _held(context, name)
    found = _found(context, held.declaration) if held is not None and held.consignment is None else None
    if held is not None and found is not None and found[0] == identity:
        link = replace(found[1], stream=held.stream, sequence=held.sequence)
        _join(context, held.declaration, name, identity, link)


def _cut(declaration: TransitDeclaration, place: int) -> TransitDeclaration:
    """A declaration with one of its house consignments, and without what its reader noted of others."""
    own = f"houses[{place}]"
    flags = tuple(each for each in declaration.flags if each.startswith(own) or not each.startswith("houses["))
    return replace(declaration, houses=(declaration.houses[place - 1],), flags=flags)


def _found(context: Context, declaration: TransitDeclaration) -> tuple[str, Link] | None:
    named = found_by_name(context, "transit", transit_document(declaration), _names(declaration))
    goods, numbers = declaration.houses[0].items, tuple(_numbers(declaration))
    at = context.known_at if declaration.declared_at is None else declaration.declared_at

    def lacks(version: ConsignmentVersion) -> bool:
        return version.transit is None

    return named or found_by_equipment(context, "transit names equipment", numbers, goods, at, DECLARED, lacks)


def _numbers(declaration: TransitDeclaration) -> Iterator[str]:
    """Containers, then the vehicles at departure."""
    yield from (each.container for each in declaration.equipment if each.container is not None)
    means = (*declaration.houses[0].departure_means, *declaration.departure_means)
    yield from (each.identity for each in means if each.identity is not None)


def _names(declaration: TransitDeclaration) -> list[Name]:
    """UCRs, then MRNs of entry summaries: the house consignment's and its items', else the whole declaration's."""
    (house,) = declaration.houses
    levels: tuple[TransitHouse | TransitItem, ...] = (house, *house.items)
    ucrs: list[str | None] = [each.ucr for each in levels if each.ucr]
    documents = [each for level in levels for each in level.previous_documents] or [*declaration.previous_documents]
    named = [Name("ucr", each) for each in ucrs or [declaration.ucr] if each]
    named += [Name("mrn", each.reference, each.item) for each in documents if each.kind == ENTRY]
    return [each for each in dict.fromkeys(named) if number_of(each.reference)]


def _declared(version: ConsignmentVersion, declaration: TransitDeclaration) -> ConsignmentVersion:
    """The version with this declaration, unless the one that stands was prepared later."""
    held = version.transit
    if held is not None and (held.declared_at or 0) > (declaration.declared_at or held.declared_at or 0):
        return version
    return replace(version, transit=declaration)


def _own_name(declaration: TransitDeclaration, place: int) -> str:
    """Holder, LRN and place of the house consignment: what tells them apart."""
    key = party_key(declaration.holder) or party_key(declaration.representative) or ""
    return f"{key}/{normal_reference(declaration.lrn)}/{place}"


def _held(context: Context, name: str) -> _Held | None:
    raw = context.writer.get("links", link_key("transit", name))
    return _HELD.decode(raw) if raw else None


def _keep(context: Context, name: str, held: _Held) -> None:
    context.writer.put("links", link_key("transit", name), _encode(held))
