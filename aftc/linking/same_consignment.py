"""A declaration and a carrier's paper of one consignment whose references differ by a slip, or of which one has none.

Two that are in the same container or under the same air waybill, one declared without a paper and one with a paper and
not declared, become one where their references are alike and they say the same of packages or mass; where the
declaration names no document, where they say the same of two of packages, mass and consignee; and where there is only
one such other. References that differ by one of their last digits are not alike: numbers go in a row. What comes later
under the paper's reference finds the one that took it over; a declaration of its own parts them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum

from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Context
from aftc.linking.documents import (
    bill_identity,
    entry_particulars,
    lowest_document,
    waybill_identity,
    waybill_particulars,
)
from aftc.linking.keys import alike, consignment_id, normal_reference, normal_registration, normal_waybill
from aftc.linking.parties import party_key
from aftc.linking.responses import names_of
from aftc.linking.versions import board, merged_links, movements_of, recompose, with_declarations_of
from aftc.records import ConsignmentVersion, EntrySummary, Link, Manifest, Party

__all__ = [
    "PAPER",
    "join_paper",
    "keep_with_joined",
    "may_be_paper_of",
    "of_the_same_goods",
    "outweighs",
    "pair",
    "parted",
]

ORIGINAL = "9"  # UN/EDIFACT 1225
PAPER = "waybill's particulars"  # under which waybills wait for the declaration of their goods
CARRIED_WITHIN = 30 * DAY  # a waybill and the declaration of its goods are made out within so long of each other


class _Kind(Enum):
    """Of papers: a carrier's report with a bill, an electronic bill, a waybill."""

    REPORT, BILL, WAYBILL = range(3)


MOST = 2  # of packages, mass and consignee
ALIKE, UNNAMED = 0.8, 0.7  # confidence of a join under alike references, and without one


def pair(context: Context, version: ConsignmentVersion, others: Iterable[str]) -> None:
    """Join a consignment and its other half, if exactly one of these is that.

    Args:
        context: Of the message that brought it.
        version: Its last version.
        others: Consignments in the same container or under the same air waybill.
    """
    if version.entry is None and _paper_reference(version) is None:
        return
    near = [each for identity in dict.fromkeys(others) if (each := context.consignment(identity)) is not None]
    near = [each for each in near if each.joined_into is None and each.consignment_id != version.consignment_id]
    for kind in _Kind:  # a carrier's report and an electronic bill may both be the other half
        one = context.consignment(version.consignment_id) or version
        if one.joined_into is None:
            _pair_with(context, one, [each for each in near if one.entry is None or _kind(each) is kind], near)


def _pair_with(
    context: Context,
    version: ConsignmentVersion,
    others: Sequence[ConsignmentVersion],
    near: Sequence[ConsignmentVersion],
) -> None:
    halves = [each for each in others if _confidence_of(version, each)]
    if len(halves) != 1:
        return  # another may be meant as well
    declared, paper = _in_order(version, halves[0])
    rivals = [each for each in near if each is not declared and each is not paper and _kind(each) is _kind(paper)]
    if not any(_confidence_of(each, declared) for each in rivals):
        confidence = _confidence(declared, paper)
        key = "alike transport_document" if confidence == ALIKE else "packages+mass+consignee"
        join_paper(context, declared, paper, context.evidence(key, _paper_reference(paper) or "", confidence))


def of_the_same_goods(context: Context, version: ConsignmentVersion) -> Iterator[str]:
    """Ids of consignments by air with a consignment's consignor, consignee, packages and mass, made out about then."""
    entry, waybill = version.entry, version.waybill
    if entry is not None:
        kind, stated = PAPER, entry_particulars(entry)
    else:
        kind, stated = "particulars", waybill_particulars(waybill) if waybill is not None else None
    for identity in context.named(kind, stated) if stated else ():
        other = context.consignment(identity)
        declared, paper = (version, other) if entry is not None else (other, version)
        if declared is not None and paper is not None and _alike_by_air(declared, paper):
            yield identity


def _alike_by_air(declared: ConsignmentVersion, paper: ConsignmentVersion) -> bool:
    if declared.entry is None or paper.waybill is None or not _particulars(declared.entry, paper)[2]:
        return False
    made = (declared.entry.declared_at, paper.waybill.issued_at)
    return None in made or abs((made[0] or 0) - (made[1] or 0)) <= CARRIED_WITHIN


def _in_order(one: ConsignmentVersion, other: ConsignmentVersion) -> tuple[ConsignmentVersion, ConsignmentVersion]:
    return (one, other) if one.entry is not None else (other, one)


def _confidence_of(one: ConsignmentVersion, other: ConsignmentVersion) -> float:
    declared, paper = _in_order(one, other)
    return _confidence(declared, paper) if paper.entry is None and _complementary(declared, paper) else 0.0


def keep_with_joined(
    context: Context, identity: str, with_paper: Callable[[ConsignmentVersion], ConsignmentVersion]
) -> None:
    """Keep a paper also with the consignment of its own reference that another took over, in case they part again.

    Args:
        context: Of the paper.
        identity: The consignment of the paper's own reference.
        with_paper: A version with the paper.
    """
    own = context.consignment(identity)
    if own is not None and own.joined_into is not None:
        context.store_version(with_paper(own))


def outweighs(identity: str, report: Manifest, held: Manifest) -> bool:
    """Whether the report of a consignment's bill replaces one that it has.

    Of one report that came again the one prepared last does, and of two reports the one of the consignment's own bill,
    not of one alike to that.

    Args:
        identity: The consignment's.
        report: With that bill alone.
        held: Likewise.
    """

    def sure(each: Manifest) -> bool:
        bill = each.bills[0]
        reference = bill_identity(bill.master, bill.house)
        return reference is not None and consignment_id("document", reference) == identity

    def age(each: Manifest) -> tuple[Instant, bool]:
        return each.prepared_at or 0, each.function != ORIGINAL

    if report.reference == held.reference:
        return (age(held), sure(held)) <= (age(report), sure(report))
    return (sure(held), age(held)) <= (sure(report), age(report))


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
    if kept.entry is not None and _same_declaration(context, kept, kept.entry, entry):
        return kept
    manifest = None if kept.manifest == version.manifest else kept.manifest
    waybill = None if kept.waybill == version.waybill else kept.waybill
    document = None if kept.transport_document == version.transport_document else kept.transport_document
    if (manifest, waybill, document) != (kept.manifest, kept.waybill, kept.transport_document):
        left = replace(kept, manifest=manifest, waybill=waybill, transport_document=document)
        recompose(context, left, movements_of(context, left))
    return replace(version, joined_into=None)


def _same_declaration(context: Context, kept: ConsignmentVersion, stands: EntrySummary, entry: EntrySummary) -> bool:
    if entry.mrn is not None and normal_reference(entry.mrn) in (
        kept.registered_mrn,
        normal_reference(stands.mrn or ""),
    ):
        return True
    if entry.lrn is not None and entry.lrn == stands.lrn:
        return True
    return any(kept.consignment_id in context.named("lodged", name) for name in names_of(entry))


def _papers_missing(version: ConsignmentVersion) -> bool:
    """Whether neither manifest nor waybill is there; an electronic bill may be."""
    return version.manifest is None and version.waybill is None


def _declared_alone(version: ConsignmentVersion) -> bool:
    return version.entry is not None and _papers_missing(version) and version.transport_document is None


def _complementary(declared: ConsignmentVersion, paper: ConsignmentVersion) -> bool:
    """Whether a declaration has no paper of the kinds that are there, but for a bill that a newer report replaces."""
    if declared.entry is None or _paper_reference(paper) is None:
        return False
    if declared.manifest is not None and paper.manifest is not None:
        return _reported_again(declared.manifest, paper.manifest)
    if _kind(paper) is _Kind.BILL and declared.transport_document is None:
        return declared.waybill is None
    both = (declared.waybill, paper.waybill), (declared.transport_document, paper.transport_document)
    return _papers_missing(declared) and not any(None not in pair for pair in both)


def _reported_again(held: Manifest, new: Manifest) -> bool:
    """Whether a report came again with one bill and without the other."""
    heads = [replace(each, bills=(), equipment=(), flags=()) for each in (held, new)]
    return held.reference == new.reference and heads[0] != heads[1]


def _kind(paper: ConsignmentVersion) -> _Kind | None:
    """The paper by which a consignment is known that was not declared; None where it has none, or was."""
    if paper.entry is not None:
        return None
    if paper.manifest is not None:
        return _Kind.REPORT
    if paper.transport_document is not None:
        return _Kind.BILL
    return _Kind.WAYBILL if paper.waybill is not None else None


def _paper_reference(version: ConsignmentVersion) -> str | None:
    if version.manifest is not None:
        bill = version.manifest.bills[0]
        return bill_identity(bill.master, bill.house)
    if version.transport_document is not None and version.transport_document.reference:
        return normal_reference(version.transport_document.reference)
    return waybill_identity(version.waybill) if version.waybill is not None else None


def _confidence(declared: ConsignmentVersion, paper: ConsignmentVersion) -> float:
    """How sure it is that the two are one; 0 where they are not."""
    entry, reference = declared.entry, _paper_reference(paper)
    if entry is None or reference is None:
        return 0.0
    named = {each for goods in entry.items if (each := lowest_document(goods.documents)) is not None}
    if paper.waybill is not None and paper.waybill.house and paper.waybill.master:
        named.discard(normal_waybill(paper.waybill.master))  # the house is not named, the master above it is
    packages, mass, consignee = _particulars(entry, paper)
    if any(alike(normal_registration(each), normal_registration(reference)) for each in named):
        return ALIKE if packages or mass else 0.0
    return UNNAMED if not named and _declared_alone(declared) and packages + mass + consignee >= MOST else 0.0


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


def _report_of_both(declared: ConsignmentVersion, paper: ConsignmentVersion) -> Manifest | None:
    one, other = declared.manifest, paper.manifest
    if one is None or other is None:
        return other or one
    return other if outweighs(declared.consignment_id, other, one) else one


def may_be_paper_of(declared: ConsignmentVersion, paper: ConsignmentVersion) -> bool:
    """Whether one consignment is declared and lacks the other's paper, which is not declared."""
    return paper.entry is None and _complementary(declared, paper)


def join_paper(context: Context, declared: ConsignmentVersion, paper: ConsignmentVersion, link: Link) -> None:
    """Let a declared consignment take over that of a paper.

    Args:
        context: Of the message that shows that they are one.
        declared: The last version of the one.
        paper: Of the other, which ends.
        link: The evidence.
    """
    aboard = movements_of(context, paper)
    left, _ = board(context, paper, [], ())
    context.store_version(replace(left, movements=paper.movements, joined_into=declared.consignment_id))
    joined = tuple(dict.fromkeys((*declared.joined_from, paper.consignment_id)))
    whole = replace(
        with_declarations_of(declared, paper),
        manifest=_report_of_both(declared, paper),
        waybill=paper.waybill or declared.waybill,
        transport_document=paper.transport_document or declared.transport_document,
        joined_from=joined,
        links=merged_links(declared.links, (*paper.links, link)),
    )
    declared_on = () if paper.manifest is not None and aboard else movements_of(context, declared)  # carriers know
    known = {each.movement_id: each for each in (*declared_on, *aboard)}
    movements = [context.movement(each) or known[each] for each in known]
    whole, movements = board(context, whole, movements, ())
    recompose(context, whole, movements)
