"""Which consignments an entry summary declaration speaks of: its items, cut by their lowest transport document."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from aftc.linking.keys import alike, consignment_id, normal_reference, normal_waybill
from aftc.linking.parties import party_key
from aftc.records import (
    AirWaybill,
    DocumentReference,
    EntrySummary,
    GoodsItem,
    ImportDeclaration,
    ImportItem,
    Party,
    TransitDeclaration,
)
from aftc.streams.values import LOST

__all__ = [
    "TRANSPORT_DOCUMENTS",
    "EntryPart",
    "air_waybills",
    "bill_identity",
    "containers_of",
    "entry_particulars",
    "entry_parts",
    "import_document",
    "masters_above",
    "particulars",
    "transit_document",
    "waybill_identity",
    "waybill_particulars",
]

# Codes of UN/EDIFACT data element 1001 as customs document types: house bills and waybills, then masters.
HOUSE_DOCUMENTS = frozenset({"N703", "N714"})
MASTER_DOCUMENTS = frozenset(
    {"N704", "N705", "N710", "N720", "N722", "N730", "N740", "N741", "N750", "N760", "N785", "N787"}
)
TRANSPORT_DOCUMENTS = HOUSE_DOCUMENTS | MASTER_DOCUMENTS
AIR_WAYBILLS = frozenset({"N740", "N741"})


class EntryPart(Struct, frozen=True):
    """What one declaration says of one consignment.

    Attributes:
        identity: The consignment's id.
        key, reference: What identifies it.
        entry: The declaration cut to it.
        slipped: Normal references of its other items that differ by a slip; any of them may be the right one.
    """

    identity: str
    key: str
    reference: str
    entry: EntrySummary
    slipped: tuple[str, ...] = ()


def lowest_document(documents: tuple[DocumentReference, ...]) -> str | None:
    """Normal reference of the house document, else of the master, else None."""
    for kinds in (HOUSE_DOCUMENTS, MASTER_DOCUMENTS):
        references = sorted(_normal(each) for each in documents if each.kind in kinds)
        if references:
            return references[0]
    return None


def masters_above(entry: EntrySummary) -> tuple[str, ...]:
    """Numbers of the master bills that a declaration names above house documents, air waybills not among them."""
    kinds = MASTER_DOCUMENTS - AIR_WAYBILLS
    named = (
        each.reference
        for goods in entry.items
        if any(each.kind in HOUSE_DOCUMENTS for each in goods.documents)
        for each in goods.documents
        if each.kind in kinds
    )
    return tuple(dict.fromkeys(named))


def particulars(sender: Party | None, goods: Iterable[GoodsItem | ImportItem]) -> str | None:
    """Who sends how many packages of what mass: alike on two papers of one consignment; None where one is unsaid."""
    stated = tuple(goods)
    packages, mass = (sum(getattr(each, name) or 0 for each in stated) for name in ("packages", "gross_mass_g"))
    return _particulars(sender, packages, mass)


def _particulars(sender: Party | None, packages: int | None, mass: int | None) -> str | None:
    key = party_key(sender)
    return f"{key}/{packages}/{mass}" if key and packages and mass else None


def waybill_particulars(waybill: AirWaybill) -> str | None:
    """Particulars of what an air waybill carries."""
    return _particulars(waybill.consignor, waybill.pieces, waybill.gross_mass_g)


def entry_particulars(entry: EntrySummary) -> str | None:
    """Particulars of what an entry summary declares."""
    senders = (entry.consignor, *(goods.consignor for goods in entry.items))
    return particulars(next(filter(None, senders), None), entry.items)


def air_waybills(entry: EntrySummary | None) -> tuple[str, ...]:
    """Numbers of the air waybills that a declaration names, house waybills not among them."""
    if entry is None:
        return ()
    named = (each for goods in entry.items for each in goods.documents if each.kind in AIR_WAYBILLS)
    return tuple(dict.fromkeys(_normal(each) for each in named))


def _normal(document: DocumentReference) -> str:
    return (normal_waybill if document.kind in AIR_WAYBILLS else normal_reference)(document.reference)


def bill_identity(master: str | None, house: str | None) -> str | None:
    """Normal reference that identifies a bill: the house's, else the master's."""
    reference = house or master
    return normal_reference(reference) if reference else None


def waybill_identity(waybill: AirWaybill) -> str | None:
    """Normal reference that identifies a waybill: the house waybill's, else the air waybill's."""
    if waybill.house:
        return normal_reference(waybill.house)
    return normal_waybill(waybill.master) if waybill.master else None


def containers_of(declaration: ImportDeclaration) -> tuple[str, ...]:
    """Containers that an import declaration names for all its goods or for some, each once."""
    of_items = (number for goods in declaration.items for number in goods.containers)
    return tuple(dict.fromkeys((*declaration.containers, *of_items)))


def import_document(declaration: ImportDeclaration) -> str | None:
    """Normal reference of the lowest transport document that an import declaration names; None for none, or several."""
    items = (each for goods in declaration.items for each in goods.previous_documents)
    named = [each for each in (*declaration.previous_documents, *items) if LOST not in each.reference]
    return _only_lowest([DocumentReference(f"N{each.kind}", each.reference) for each in named])


def transit_document(declaration: TransitDeclaration) -> str | None:
    """Normal reference of the lowest transport document of a transit declaration's first house consignment.

    Its own documents and its items' before the whole declaration's; None for none, or several.
    """
    house = declaration.houses[0]
    own = [*house.transport_documents, *(each for goods in house.items for each in goods.transport_documents)]
    return _only_lowest([each for each in own or declaration.transport_documents if LOST not in each.reference])


def _only_lowest(documents: list[DocumentReference]) -> str | None:
    """Normal reference of the only house document, else of the only master; None for none, or several."""
    for kinds in (HOUSE_DOCUMENTS, MASTER_DOCUMENTS):
        references = {_normal(each) for each in documents if each.kind in kinds}
        if references:
            return references.pop() if len(references) == 1 else None
    return None


def entry_parts(entry: EntrySummary) -> list[EntryPart]:
    """The consignments of a declaration, in the order of their first items.

    Items without a transport document belong to the only document there is, else to the declaration itself,
    known by its LRN and declarant (an amendment's by its MRN). Items of the same parties and UCR whose documents differ
    by a slip belong together.
    """
    own = [lowest_document(goods.documents) for goods in entry.items]
    slips = _slips(entry, own) if len(set(own)) > 1 else {}
    own = [slips.get(each, each) if each else None for each in own]
    distinct = {each for each in own if each is not None}
    shared = next(iter(distinct)) if len(distinct) == 1 else None
    groups: dict[str | None, list[GoodsItem]] = {}
    for goods, reference in zip(entry.items, own, strict=True):
        groups.setdefault(reference or shared, []).append(goods)
    parts = []
    for reference, goods_items in groups.items():
        cut = replace(entry, items=tuple(goods_items)) if len(groups) > 1 else entry
        if reference is not None:
            slipped = tuple(slip for slip, meant in slips.items() if meant == reference)
            identity = consignment_id("document", reference)
            parts.append(EntryPart(identity, "transport_document", reference, cut, slipped))
        else:
            parts.append(_by_declaration(entry, cut))
    return parts


def _slips(entry: EntrySummary, own: list[str | None]) -> dict[str, str]:
    """By slipped document the one that it stands for: the one named more often, or first."""
    named: dict[str, list[GoodsItem]] = {}
    for goods, reference in zip(entry.items, own, strict=True):
        if reference is not None:
            named.setdefault(reference, []).append(goods)
    meant: dict[str, str] = {}
    for reference in sorted(named, key=lambda each: -len(named[each])):
        others = [each for each in named if each not in meant and alike(each, reference)]
        for other in others if reference not in meant else ():
            if _sides(*named[other]) == _sides(*named[reference]):
                meant[other] = reference
    return meant


def _sides(*items: GoodsItem) -> set[tuple[Party | None, Party | None, str | None]]:
    """Who sends goods items to whom, and under what UCR, where they say so themselves."""
    return {(each.consignor, each.consignee, each.ucr) for each in items}


def _by_declaration(entry: EntrySummary, cut: EntrySummary) -> EntryPart:
    if entry.lrn is None and entry.mrn is not None:
        mrn = normal_reference(entry.mrn)
        return EntryPart(consignment_id("lrn", mrn), "mrn", mrn, cut)
    declarant = party_key(entry.declarant) or party_key(entry.representative) or ""
    reference = f"{declarant}/{normal_reference(entry.lrn or entry.message_id)}"
    return EntryPart(consignment_id("lrn", reference), "lrn", reference, cut)
