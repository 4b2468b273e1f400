"""An import declaration whose names lead nowhere: the one consignment of its goods, in its unit or of its exporter.

A number is mistyped, or customs' answer that told it to everybody else never came. Then packages and mass in the same
container or vehicle, or packages, mass and exporter about the time of arrival, tell which consignment is meant, where
there is only one that has no such declaration yet, and nothing that the declaration names is known otherwise of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftc.clock import DAY, Instant
from aftc.linking.context import Context
from aftc.linking.declared import alone, found_by_equipment, number_of
from aftc.linking.documents import TRANSPORT_DOCUMENTS, containers_of, particulars
from aftc.linking.keys import alike, normal_reference, normal_registration
from aftc.linking.same_consignment import PAPER
from aftc.linking.voyages import WINDOW_CONFIDENCE
from aftc.records import ConsignmentVersion, ImportDeclaration, Link, PreviousDocument

__all__ = [
    "BY_GOODS",
    "ENTRY",
    "LODGED_BEFORE",
    "UCR",
    "found_by_goods",
    "goods_of",
    "lorry_of",
    "previous_documents",
    "units_of",
]

LODGED_BEFORE = 30 * DAY  # customs takes a declaration so long before the goods arrive
LODGED_AFTER = 45 * DAY  # a supplementary declaration comes in the month after, and a paper may be late
UCR, ENTRY = "DCR", "355"  # kinds of previous documents
UNIT, PARTICULARS = "import names unit", "import's exporter+packages+mass"  # keys of evidence
BY_GOODS = frozenset((UNIT, PARTICULARS))
ROAD_VEHICLES = frozenset(("30", "31"))  # kinds of identity of a means of transport: lorry, trailer


def found_by_goods(context: Context, declaration: ImportDeclaration) -> tuple[str, Link] | None:
    """The only consignment of its goods that lacks an import declaration, with the evidence."""

    def lacks(version: ConsignmentVersion) -> bool:
        return version.import_declaration is None and not _contradicts(declaration, version)

    units = units_of(declaration)
    at, lodged = context.known_at, (LODGED_BEFORE, LODGED_AFTER)
    in_unit = found_by_equipment(context, UNIT, units, declaration.items, at, lodged, lacks)
    return in_unit or _of_its_particulars(context, declaration)


def units_of(declaration: ImportDeclaration) -> tuple[str, ...]:
    """Containers that a declaration names, and the lorry or trailer that brings the goods."""
    lorry = lorry_of(declaration)
    return (*containers_of(declaration), *((lorry,) if lorry else ()))


def lorry_of(declaration: ImportDeclaration) -> str | None:
    """Registration of the lorry or trailer that brings the goods."""
    named = declaration.conveyance_identity if declaration.conveyance_identity_kind in ROAD_VEHICLES else None
    return normal_registration(named) or None if named else None


def goods_of(declaration: ImportDeclaration) -> str | None:
    """Its exporter, packages and mass."""
    return particulars(declaration.exporter, declaration.items)


def previous_documents(declaration: ImportDeclaration) -> Iterator[PreviousDocument]:
    """Documents that it names for all goods, then those of its items."""
    yield from declaration.previous_documents
    for goods in declaration.items:
        yield from goods.previous_documents


def _of_its_particulars(context: Context, declaration: ImportDeclaration) -> tuple[str, Link] | None:
    stated = goods_of(declaration)
    named = (*context.named("particulars", stated), *context.named(PAPER, stated)) if stated else ()
    standing = {each.consignment_id: each for each in map(context.standing, named) if each is not None}
    near = [each for each in standing.values() if _arrives_about(each, context.known_at) and not alone(each)]
    if stated is None or len(near) != 1 or near[0].import_declaration or _contradicts(declaration, near[0]):
        return None
    return near[0].consignment_id, context.evidence(PARTICULARS, stated, WINDOW_CONFIDENCE)


def _arrives_about(version: ConsignmentVersion, known_at: Instant) -> bool:
    arrival = version.scheduled_arrival
    return arrival is not None and -LODGED_AFTER <= arrival - known_at <= LODGED_BEFORE


def _contradicts(declaration: ImportDeclaration, version: ConsignmentVersion) -> bool:
    """Whether a consignment is known under other names of a kind that the declaration names; a slip is no other."""
    documents = list(previous_documents(declaration))
    pairs = (
        (_named(documents, ENTRY), {version.registered_mrn}),
        ({declaration.ucr, *_named(documents, UCR)}, _ucrs(version)),
        ({each.reference for each in documents if f"N{each.kind}" in TRANSPORT_DOCUMENTS}, _papers(version)),
    )
    return any(_unlike(stated, known) for stated, known in pairs)


def _unlike(stated: Iterable[str | None], known: Iterable[str | None]) -> bool:
    mine, others = set(filter(None, map(number_of, stated))), set(filter(None, map(_plain, known)))
    mine = {_plain(each) for each in mine}
    return bool(mine and others) and not any(one == other or alike(one, other) for one in mine for other in others)


def _plain(reference: str | None) -> str:
    """A reference as any paper writes it: an air waybill's number with or without its dash."""
    return normal_registration(normal_reference(reference)) if reference else ""


def _named(documents: Iterable[PreviousDocument], kind: str) -> set[str | None]:
    return {each.reference for each in documents if each.kind == kind}


def _ucrs(version: ConsignmentVersion) -> set[str | None]:
    return {version.entry.ucr, *(goods.ucr for goods in version.entry.items)} if version.entry is not None else set()


def _papers(version: ConsignmentVersion) -> set[str | None]:
    """Transport documents, masters among them, under which a consignment is known."""
    items = version.entry.items if version.entry is not None else ()
    bills = version.manifest.bills if version.manifest is not None else ()
    named: set[str | None] = {each.reference for goods in items for each in goods.documents}
    named |= {reference for bill in bills for reference in (bill.master, bill.house)}
    if version.waybill is not None:
        named |= {version.waybill.master, version.waybill.house}
    return named | ({version.transport_document.reference} if version.transport_document is not None else set())
