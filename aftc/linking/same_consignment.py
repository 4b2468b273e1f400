"""A declaration and a carrier's paper of one consignment whose references differ by a slip, or of which one has none.

Two that are in the same container or under the same air waybill, one declared without a paper and one with a paper and
not declared, become one where their references are alike and they say the same of packages or mass; where the
declaration names no document, where they say the same of two of packages, mass and consignee; and where there is only
one such other. References that differ by one of their last digits are not alike: numbers go in a row. What comes later
under the paper's reference finds the one that took it over; a declaration of its own parts them again.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from aftc.linking.context import Context
from aftc.linking.documents import bill_identity, lowest_document
from aftc.linking.keys import alike, normal_reference
from aftc.linking.parties import party_key
from aftc.linking.versions import board, merged_links, movements_of, recompose, with_declarations_of
from aftc.records import ConsignmentVersion, EntrySummary, Party

__all__ = ["pair", "parted"]

MOST = 2  # of packages, mass and consignee
ALIKE, UNNAMED = 0.8, 0.7  # confidence of a join under alike references, and without one


def pair(context: Context, version: ConsignmentVersion, others: Iterable[str]) -> None:
    """Join a consignment and its other half, if exactly one of these is that.

    Args:
        context: Of the message that brought it.
        version: Its last version.
        others: Consignments in the same container or under the same air waybill.
    """
    wanted = _paper_alone if _declared_alone(version) else _declared_alone if _paper_alone(version) else None
    if wanted is None:
        return
    near = [each for identity in dict.fromkeys(others) if (each := context.consignment(identity)) is not None]
    near = [each for each in near if each.joined_into is None and each.consignment_id != version.consignment_id]
    halves = [each for each in near if wanted(each) and _confidence_of(version, each)]
    if len(halves) != 1:
        return
    if any(not wanted(each) and _confidence_of(each, halves[0]) for each in near):
        return  # another may be meant as well
    declared, paper = _in_order(version, halves[0])
    _join(context, declared, paper, _confidence(declared, paper))


def _in_order(one: ConsignmentVersion, other: ConsignmentVersion) -> tuple[ConsignmentVersion, ConsignmentVersion]:
    return (one, other) if _declared_alone(one) else (other, one)


def _confidence_of(one: ConsignmentVersion, other: ConsignmentVersion) -> float:
    declared, paper = _in_order(one, other)
    return _confidence(declared, paper) if _declared_alone(declared) and _paper_alone(paper) else 0.0


def parted(context: Context, version: ConsignmentVersion, entry: EntrySummary) -> ConsignmentVersion:
    """The consignment that a declaration under a reference speaks of, where another took over what had that reference.

    Args:
        context: Of the declaration.
        version: The last version under the reference.
        entry: The declaration.

    Returns:
        The other one, if this declaration is that one's amendment; else this one, standing again with its paper.
    """
    kept = context.standing(version.consignment_id)
    if version.joined_into is None or kept is None:
        return version
    if kept.entry is not None and _same_declaration(kept, kept.entry, entry):
        return kept
    manifest = None if kept.manifest == version.manifest else kept.manifest
    waybill = None if kept.waybill == version.waybill else kept.waybill
    document = None if kept.transport_document == version.transport_document else kept.transport_document
    if (manifest, waybill, document) != (kept.manifest, kept.waybill, kept.transport_document):
        left = replace(kept, manifest=manifest, waybill=waybill, transport_document=document)
        recompose(context, left, movements_of(context, left))
    return replace(version, joined_into=None)


def _same_declaration(kept: ConsignmentVersion, stands: EntrySummary, entry: EntrySummary) -> bool:
    if entry.mrn is not None and normal_reference(entry.mrn) in (
        kept.registered_mrn,
        normal_reference(stands.mrn or ""),
    ):
        return True
    return entry.lrn is not None and entry.lrn == stands.lrn


def _declared_alone(version: ConsignmentVersion) -> bool:
    papers = (version.manifest, version.waybill, version.transport_document)
    return version.entry is not None and papers == (None, None, None)


def _paper_alone(version: ConsignmentVersion) -> bool:
    return version.entry is None and _paper_reference(version) is not None


def _paper_reference(version: ConsignmentVersion) -> str | None:
    if version.manifest is not None:
        bill = version.manifest.bills[0]
        return bill_identity(bill.master, bill.house)
    if version.transport_document is not None and version.transport_document.reference:
        return normal_reference(version.transport_document.reference)
    return normal_reference(version.waybill.house) if version.waybill and version.waybill.house else None


def _confidence(declared: ConsignmentVersion, paper: ConsignmentVersion) -> float:
    """How sure it is that the two are one; 0 where they are not."""
    entry, reference = declared.entry, _paper_reference(paper)
    if entry is None or reference is None:
        return 0.0
    named = {each for goods in entry.items if (each := lowest_document(goods.documents)) is not None}
    packages, mass, consignee = _particulars(entry, paper)
    if any(alike(each, reference) for each in named):
        return ALIKE if packages or mass else 0.0
    return UNNAMED if not named and packages + mass + consignee >= MOST else 0.0


def _particulars(entry: EntrySummary, paper: ConsignmentVersion) -> tuple[bool, bool, bool]:
    """Whether packages, mass and consignee are stated alike."""
    packages = sum(goods.packages or 0 for goods in entry.items)
    mass = sum(goods.gross_mass_g or 0 for goods in entry.items)
    if paper.manifest is not None:
        bill = paper.manifest.bills[0]
        stated = (bill.packages, bill.gross_mass_g, bill.consignee)
    elif paper.transport_document is not None:
        document = paper.transport_document
        stated = (document.packages, document.gross_mass_g, document.consignee)
    elif paper.waybill is not None:
        stated = (paper.waybill.pieces, paper.waybill.gross_mass_g, paper.waybill.consignee)
    else:
        return False, False, False
    consignee = entry.consignee or entry.items[0].consignee
    return packages == stated[0] != 0, mass == stated[1] != 0, _same_party(consignee, stated[2])


def _same_party(one: Party | None, other: Party | None) -> bool:
    keys = {party_key(replace(each, eori=None)) for each in (one, other) if each is not None}
    return one is not None and other is not None and len(keys) == 1 and None not in keys


def _join(context: Context, declared: ConsignmentVersion, paper: ConsignmentVersion, confidence: float) -> None:
    aboard = movements_of(context, paper)
    left, _ = board(context, paper, [], ())
    context.store_version(replace(left, movements=paper.movements, joined_into=declared.consignment_id))
    key = "alike transport_document" if confidence == ALIKE else "packages+mass+consignee"
    link = context.evidence(key, _paper_reference(paper) or "", confidence)
    joined = tuple(dict.fromkeys((*declared.joined_from, paper.consignment_id)))
    whole = replace(
        with_declarations_of(declared, paper),
        manifest=paper.manifest,
        waybill=paper.waybill,
        transport_document=paper.transport_document,
        joined_from=joined,
        links=merged_links(declared.links, (*paper.links, link)),
    )
    known = {each.movement_id: each for each in (*movements_of(context, declared), *aboard)}
    movements = [context.movement(each) or known[each] for each in known]
    whole, movements = board(context, whole, movements, ())
    recompose(context, whole, movements)
