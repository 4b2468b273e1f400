"""Import declarations: to the consignment that they name, and what customs tells of them.

How a declaration names its consignment, and what becomes of one that names none: `aftc.linking.declared`. Customs names
it by LRN, and by the MRN once told. An import declaration that names nothing at all is joined to the only consignment
of its exporter, packages and mass that arrives about then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Answer, Context, Movement, Sought, link_key
from aftc.linking.declared import Name, alone, claimed, found_by_name, number_of, take_over
from aftc.linking.documents import import_document
from aftc.linking.halves import pair_again
from aftc.linking.keys import consignment_id, normal_reference, normal_registration
from aftc.linking.movements import find_by_registration, stated_numbers
from aftc.linking.named_together import file_both, join_both, naming_both
from aftc.linking.parties import party_key
from aftc.linking.responses import hold
from aftc.linking.same_crossing import RORO, board_named, crossing_known
from aftc.linking.same_goods import (
    BY_GOODS,
    ENTRY,
    UCR,
    found_by_goods,
    goods_of,
    lorry_of,
    previous_documents,
    units_of,
)
from aftc.linking.versions import blank, board, movements_of, recompose
from aftc.records import (
    ConsignmentVersion,
    DeclarationNotification,
    ImportDeclaration,
    Link,
    ResponseKind,
)

__all__ = ["IMPORT_REJECTED", "claim_imports", "link_import", "link_notification"]

IMPORT_REJECTED = "customs rejected the import declaration"
OLDER = "an older import declaration came after a newer one"
TOLD_WITHIN = 180 * DAY  # between a declaration and what customs tells of it; its LRN is not used again so soon
SIMPLIFIED = "SDE"  # kind of previous document: the declaration that this one supplements

_TOLD = {
    "01": ResponseKind.REGISTERED,
    "02": ResponseKind.REGISTERED,
    "03": ResponseKind.REJECTED,
    "05": None,
    "06": None,
}  # other functions follow from what was found, or end the declaration: nothing is learnt from them
_KEYS = {
    ResponseKind.REGISTERED: "import registered",
    ResponseKind.REJECTED: "import rejected",
    None: "control of import",
}


class _Held(Struct, frozen=True):
    """An import declaration, the consignment that it was joined to, and when it came.

    `lodged_at` is when customs accepted or registered it (event time), until that is told when it came.
    """

    declaration: ImportDeclaration
    consignment: str
    known_at: Instant
    lodged_at: Instant


_HELD = msgspec.msgpack.Decoder(_Held)
_encode = msgspec.msgpack.Encoder().encode


def link_import(context: Context, declaration: ImportDeclaration) -> None:
    """Join an import declaration to its consignment, which gets a version."""
    name, before = _own_name(declaration), _held(context, _own_name(declaration))
    file_both(context, declaration, name)
    join_both(context, declaration)
    identity, link = _found(context, declaration) or (
        before.consignment if before else _own_identity(declaration, name),
        context.evidence("import lrn", name),
    )
    version = _declared(context.standing(identity) or blank(identity), declaration)
    lodged_at = declaration.accepted_at or context.known_at
    _keep(context, name, _Held(declaration, version.consignment_id, context.known_at, lodged_at))
    context.name("import lrn", declaration.lrn, name)
    if alone(version) or link.key in BY_GOODS:
        _wait(context, declaration, name)
    waiting = context.answers("import lrn", declaration.lrn)
    said = [each for each in waiting if context.known_at - each.known_at <= TOLD_WITHIN]
    _settle(context, version, name, said, link)


def _wait(context: Context, declaration: ImportDeclaration, name: str) -> None:
    """File a declaration that no name has joined under all by which its consignment may be known when it comes."""
    for each in _names(declaration):
        context.name(f"import by {each.kind}", each.reference, name)
    for number in filter(None, map(normal_registration, units_of(declaration))):
        context.name("import by unit", number, name)
    goods = goods_of(declaration)
    if goods:
        context.name("import by particulars", goods, name)


def link_notification(context: Context, notification: DeclarationNotification) -> None:
    """Take what customs tells of the one declaration of this MRN or LRN, or let it wait for that."""
    if notification.function not in _TOLD:
        return
    what, lrn, mrn = _TOLD[notification.function], number_of(notification.lrn), number_of(notification.mrn)
    link = context.evidence(_KEYS[what], mrn or lrn or "")
    answer = Answer(what, lrn, mrn, notification.issued_at, context.known_at, (), link)
    names = context.named("import mrn", mrn) if mrn else ()
    if not names and lrn:
        names = tuple(each for each in context.named("import lrn", lrn) if _recent(context, each))
    held = _held(context, names[0]) if len(names) == 1 else None
    version = context.standing(held.consignment) if held else None
    if version is not None:
        _settle(context, version, names[0], [answer])
        return
    for kind, number in (("import lrn", lrn), ("import mrn", mrn)):
        if number:
            context.file_answer(kind, number, answer)


def claim_imports(context: Context) -> None:
    """Give the consignments that this message changed the import declarations that name them and stand alone."""
    for name in dict.fromkeys(naming_both(context)):
        held = _held(context, name)
        if held is not None:
            join_both(context, held.declaration)
    for identity, name in claimed(context, "import"):
        _claim(context, identity, name)


def _claim(context: Context, identity: str, name: str) -> None:
    held, version = _held(context, name), context.consignment(identity)
    own = context.standing(held.consignment) if held else None
    if held is None or own is None or version is None or not _may_be_claimed(own):
        return
    found = _found(context, held.declaration)
    if found is None or found[0] != identity:
        return
    if alone(own):
        version = take_over(context, version, own, found[1])
    elif own.consignment_id != identity:
        if version.import_declaration is not None:
            return
        version = _moved(context, own, version)
    _keep(context, name, replace(held, consignment=identity))
    _settle(context, context.consignment(identity) or version, name, [], found[1])


def _may_be_claimed(own: ConsignmentVersion) -> bool:
    """Whether a declaration's consignment is it alone, or has it by its goods and not by a name."""
    return alone(own) or any(link.key in BY_GOODS for link in own.links)


def _moved(context: Context, own: ConsignmentVersion, version: ConsignmentVersion) -> ConsignmentVersion:
    """Give a consignment, which a declaration names, what its goods alone had joined to another."""
    links = tuple(each for each in own.links if each.key not in BY_GOODS)
    left = replace(own, import_declaration=None, import_mrn=None, links=links)
    recompose(context, _with_rejection(left, rejected=False), movements_of(context, left))
    whole = replace(version, import_declaration=own.import_declaration, import_mrn=own.import_mrn)
    return context.store_version(_with_rejection(whole, rejected=own.import_rejected))


def _found(context: Context, declaration: ImportDeclaration) -> tuple[str, Link] | None:
    """The one consignment that a declaration names, beside one that it is alone, with the evidence."""
    named = found_by_name(context, "import", import_document(declaration), _names(declaration))
    return named or found_by_goods(context, declaration)


def _settle(context: Context, version: ConsignmentVersion, name: str, said: Iterable[Answer], *evidence: Link) -> None:
    """Take what customs has told, file the consignment under its names, and put it where goods movements name it."""
    identity, held_since, links = version.consignment_id, [], list(evidence)
    waiting = list(said)
    while waiting:
        answer = waiting.pop(0)
        links.append(answer.link)
        if answer.what is None:
            held_since.append(answer.known_at)
            continue
        if answer.what is ResponseKind.REGISTERED and answer.mrn is not None and version.import_mrn != answer.mrn:
            context.name("import mrn", answer.mrn, name)
            waiting += [each for each in context.answers("import mrn", answer.mrn) if each.link not in links]
        version = _told(version, answer)
        _lodged(context, name, answer)
    movement, joins = _named_movement(context, version)
    named = movement is not None
    if movement is None and not version.movements and alone(version):
        movement, joins = _of_its_lorry(context, name)
    if movement is not None and named:
        pair_again(context, board_named(context, version, movement, (*links, *joins)))
    elif movement is not None:
        version, boarded = board(context, version, [movement], (*links, *joins))
        recompose(context, version, boarded)
    else:
        recompose(context, version, movements_of(context, version), *links, *joins)
    hold(context, identity, min(held_since, default=None))


def _named_movement(context: Context, version: ConsignmentVersion) -> tuple[Movement | None, tuple[Link, ...]]:
    """The crossing whose goods movement names the declaration, None if none does or it is aboard; the evidence."""
    for kind, reference in _own_names(version):
        context.name(kind, reference, version.consignment_id)
        for each in context.named(f"movement by {kind}", reference):
            movement = context.movement(each)
            if movement is not None:
                link = context.evidence(f"goods movement names {kind}", reference)
                return None if movement.movement_id in version.movements else movement, (link,)
    return None, ()


def _lodged(context: Context, name: str, answer: Answer) -> None:
    """Remember when customs registered a declaration that says no time itself."""
    held = _held(context, name)
    if held is not None and answer.what is ResponseKind.REGISTERED and answer.at is not None:
        _keep(context, name, replace(held, lodged_at=held.declaration.accepted_at or answer.at))


def _of_its_lorry(context: Context, name: str) -> tuple[Movement | None, tuple[Link, ...]]:
    """The crossing of the lorry that a declaration names, with the evidence."""
    held = _held(context, name)
    lorry = lorry_of(held.declaration) if held is not None else None
    if held is None or lorry is None:
        return None, ()
    sought = Sought((lorry,), None, None, held.lodged_at)
    found = find_by_registration(context, sought, crossing_known)
    return (found[0], (found[1],)) if found is not None else (None, ())


def claim_lorries(context: Context) -> None:
    """Put the declarations that stand alone on the crossings of their lorries, as these are now known."""
    moved = [movement for each in sorted(context.moved) if (movement := context.movement(each)) is not None]
    numbers = (number for each in moved if each.mode in RORO for number in (each.unit.number, *stated_numbers(each)))
    for name in dict.fromkeys(name for number in numbers for name in context.named("import by unit", number)):
        held = _held(context, name)
        own = context.standing(held.consignment) if held is not None else None
        if own is None or not alone(own) or any(link.key.startswith("goods movement names") for link in own.links):
            continue
        movement, joins = _of_its_lorry(context, name)
        if movement is not None and movement.movement_id not in own.movements:
            version, boarded = board(context, own, [movement], joins)
            recompose(context, version, boarded)


def _declared(version: ConsignmentVersion, declaration: ImportDeclaration) -> ConsignmentVersion:
    """The version with this declaration, unless it was accepted before the one that stands."""
    held = version.import_declaration
    if held is not None and (held.accepted_at or 0) > (declaration.accepted_at or held.accepted_at or 0):
        return replace(version, flags=tuple(dict.fromkeys((*version.flags, OLDER))))
    same = held is not None and _own_name(held) == _own_name(declaration)
    mrn = version.import_mrn if same else None
    return _with_rejection(replace(version, import_declaration=declaration, import_mrn=mrn), rejected=False)


def _told(version: ConsignmentVersion, answer: Answer) -> ConsignmentVersion:
    """The version after an answer to the declaration that stands; what is registered is not rejected any more."""
    declaration = version.import_declaration
    if declaration is None or answer.lrn not in (None, normal_reference(declaration.lrn)):
        return version
    if answer.what is ResponseKind.REGISTERED:
        return _with_rejection(replace(version, import_mrn=answer.mrn or version.import_mrn), rejected=False)
    return _with_rejection(version, rejected=version.import_mrn is None)


def _with_rejection(version: ConsignmentVersion, *, rejected: bool) -> ConsignmentVersion:
    others = tuple(flag for flag in version.flags if flag != IMPORT_REJECTED)
    return replace(version, import_rejected=rejected, flags=(*others, IMPORT_REJECTED) if rejected else others)


def _names(declaration: ImportDeclaration) -> list[Name]:
    """UCRs, then MRNs of entry summaries and of the simplified declaration that is supplemented; each once."""
    named = [Name("ucr", declaration.ucr)] if declaration.ucr else []
    documents = tuple(previous_documents(declaration))
    named += [Name("ucr", each.reference) for each in documents if each.kind == UCR]
    named += [Name("mrn", each.reference, each.item) for each in documents if each.kind == ENTRY]
    named += [Name("mrn", each.reference) for each in documents if each.kind == SIMPLIFIED]
    return [each for each in dict.fromkeys(named) if number_of(each.reference)]


def _own_names(version: ConsignmentVersion) -> Iterator[tuple[str, str]]:
    """Keys under which other messages name the consignment's import declaration: its MRN and UCRs."""
    if version.import_mrn:
        yield "mrn", version.import_mrn
    if version.import_declaration is not None:
        yield from ((each.kind, each.reference) for each in _names(version.import_declaration) if each.kind == "ucr")


def _own_name(declaration: ImportDeclaration) -> str:
    """Its declarant and LRN: what tells declarations apart."""
    key = party_key(declaration.declarant) or party_key(declaration.representative) or ""
    return f"{key}/{normal_reference(declaration.lrn)}"


def _own_identity(declaration: ImportDeclaration, name: str) -> str:
    document = import_document(declaration)
    return consignment_id("lrn", f"import {name}") if document is None else consignment_id("document", document)


def _recent(context: Context, name: str) -> bool:
    held = _held(context, name)
    return held is not None and context.known_at - held.known_at <= TOLD_WITHIN


def _held(context: Context, name: str) -> _Held | None:
    raw = context.writer.get("links", link_key("import", name))
    return _HELD.decode(raw) if raw else None


def _keep(context: Context, name: str, held: _Held) -> None:
    context.writer.put("links", link_key("import", name), _encode(held))
