"""Consignments that are one because an import declaration names both.

It states the transport document and the MRN of the entry summary of its goods. Where these lead to two consignments,
one declared and one of a paper that is not, or one declared under its LRN and one known from an amendment under that
MRN, the two are one, whichever message came first.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from aftc.linking.context import Context
from aftc.linking.declared import number_of
from aftc.linking.documents import import_document
from aftc.linking.keys import consignment_id, normal_reference
from aftc.linking.responses import is_amendment_of, take_amendment
from aftc.linking.same_consignment import join_paper, may_be_paper_of
from aftc.linking.same_goods import ENTRY, previous_documents
from aftc.records import ConsignmentVersion, ImportDeclaration

__all__ = ["file_both", "join_both", "naming_both"]

NAMED = "import naming"  # key under which declarations that name both are filed, by either


class _Both(Struct, frozen=True):
    """The id that a document gives a consignment, and the normal form of an entry summary's MRN."""

    identity: str
    mrn: str


def file_both(context: Context, declaration: ImportDeclaration, name: str) -> None:
    """File a declaration by the two that it names, for what comes later to find it."""
    both = _both(declaration)
    if both is not None:
        context.name(NAMED, both.identity, name)
        context.name(NAMED, both.mrn, name)


def naming_both(context: Context) -> Iterator[str]:
    """Names of the declarations that name two consignments of which this message changed one that lacks the other."""
    for version in tuple(context.changed.values()):
        if version.joined_into is None and not (version.entry is not None and _has_paper(version)):
            stated = version.entry.mrn if version.entry is not None else None
            for key in (version.consignment_id, version.registered_mrn, stated):
                yield from context.named(NAMED, normal_reference(key)) if key else ()


def join_both(context: Context, declaration: ImportDeclaration) -> None:
    """Make one consignment of the two that a declaration names, where each has what the other lacks."""
    both = _both(declaration)
    named = context.standing(both.identity) if both is not None else None
    if both is None or named is None:
        return
    standing = (context.standing(each) for each in context.named("mrn", both.mrn))
    by_mrn = {each.consignment_id: each for each in standing if each is not None and each.entry is not None}
    if len(by_mrn) != 1 or named.consignment_id in by_mrn:
        return
    (declared,) = by_mrn.values()
    link = context.evidence("import names both", both.mrn)
    if may_be_paper_of(declared, named):
        join_paper(context, declared, named, link)
    elif is_amendment_of(declared, named):
        take_amendment(context, named, declared, link)


def _both(declaration: ImportDeclaration) -> _Both | None:
    """The two that a declaration names; None where it names none of a kind, or several."""
    document = import_document(declaration)
    stated = {number_of(each.reference) for each in previous_documents(declaration) if each.kind == ENTRY}
    mrn = stated.pop() if len(stated) == 1 else None
    return _Both(consignment_id("document", document), mrn) if document is not None and mrn is not None else None


def _has_paper(version: ConsignmentVersion) -> bool:
    return (version.manifest or version.waybill or version.transport_document) is not None
