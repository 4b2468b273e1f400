"""Transit declarations: each house consignment to the consignment that it names.

Where none stands under its names, a house consignment is one of its own, by its transport document else by holder and
LRN, until the entry summary that it names comes and takes it over. The declaration newest by its own clock stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from aftc.clock import DAY
from aftc.linking.context import Context, link_key
from aftc.linking.declared import Name, alone, found_by_equipment, found_by_name, known_by, number_of, take_over
from aftc.linking.documents import transit_document
from aftc.linking.keys import consignment_id, normal_reference
from aftc.linking.parties import party_key
from aftc.linking.versions import blank, movements_of, recompose
from aftc.records import ConsignmentVersion, Link, TransitDeclaration, TransitHouse, TransitItem

__all__ = ["claim_transits", "link_transit"]

ENTRY = "N355"  # kind of previous document
DECLARED_BEFORE = 4 * DAY  # a lorry or container under way crosses within so long of its declaration


@dataclass(frozen=True, slots=True)
class _Held:
    """A transit declaration cut to a house consignment, and the consignment that it was joined to."""

    declaration: TransitDeclaration
    consignment: str


_HELD = msgspec.msgpack.Decoder(_Held)
_encode = msgspec.msgpack.Encoder().encode


def link_transit(context: Context, declaration: TransitDeclaration) -> None:
    """Join each house consignment of a transit declaration to its consignment, which gets a version."""
    for place in range(1, len(declaration.houses) + 1):
        _link_house(context, _cut(declaration, place), _own_name(declaration, place))


def claim_transits(context: Context) -> None:
    """Give the consignments that this message changed the transit declarations that name them and stand alone."""
    for identity in tuple(context.changed):
        version = context.consignment(identity)
        if version is None or version.joined_into is not None or version.entry is None:
            continue
        for kind, reference in known_by(version):
            for name in context.named(f"transit by {kind}", reference):
                _claim(context, identity, name)


def _link_house(context: Context, declaration: TransitDeclaration, name: str) -> None:
    before = _held(context, name)
    identity, link = _found(context, declaration) or (
        before.consignment if before else _own_identity(declaration, name),
        context.evidence("transit lrn", name),
    )
    version = _declared(context.standing(identity) or blank(identity), declaration)
    version = recompose(context, version, movements_of(context, version), link)
    _keep(context, name, _Held(declaration, version.consignment_id))
    for each in _names(declaration):
        context.name(f"transit by {each.kind}", each.reference, name)


def _claim(context: Context, identity: str, name: str) -> None:
    held, version = _held(context, name), context.consignment(identity)
    own = context.standing(held.consignment) if held else None
    if held is None or own is None or version is None or not alone(own):
        return
    found = _found(context, held.declaration)
    if found is not None and found[0] == identity:
        take_over(context, version, own, found[1])
        _keep(context, name, replace(held, consignment=identity))


def _cut(declaration: TransitDeclaration, place: int) -> TransitDeclaration:
    """A declaration with one of its house consignments, and without what its reader noted of others."""
    own = f"houses[{place}]"
    flags = tuple(each for each in declaration.flags if each.startswith(own) or not each.startswith("houses["))
    return replace(declaration, houses=(declaration.houses[place - 1],), flags=flags)


def _found(context: Context, declaration: TransitDeclaration) -> tuple[str, Link] | None:
    named = found_by_name(context, "transit", transit_document(declaration), _names(declaration))
    goods, numbers = declaration.houses[0].items, tuple(_numbers(declaration))
    return named or found_by_equipment(
        context, "transit names equipment", numbers, goods, DECLARED_BEFORE, lambda version: version.transit is None
    )


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


def _own_identity(declaration: TransitDeclaration, name: str) -> str:
    document = transit_document(declaration)
    return consignment_id("lrn", f"transit {name}") if document is None else consignment_id("document", document)


def _held(context: Context, name: str) -> _Held | None:
    raw = context.writer.get("links", link_key("transit", name))
    return _HELD.decode(raw) if raw else None


def _keep(context: Context, name: str, held: _Held) -> None:
    context.writer.put("links", link_key("transit", name), _encode(held))
