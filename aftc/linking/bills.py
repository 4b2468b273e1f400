"""Bills of lading: those of manifests and electronic ones, joined to their consignments and kept side by side."""

from __future__ import annotations

from msgspec.structs import replace

from aftc.linking.context import Context
from aftc.linking.documents import bill_identity
from aftc.linking.keys import consignment_id, normal_reference, normal_registration
from aftc.linking.masters import documented_below, file_house
from aftc.linking.same_consignment import keep_with_joined, outweighs, pair
from aftc.linking.versions import blank, board, movements_of, recompose
from aftc.linking.voyages import in_the_same_containers, voyage_movements
from aftc.records import Bill, ConsignmentVersion, Manifest, TransportDocument

__all__ = ["link_manifest", "link_transport_document"]

# As the standard has a document proceed; a later state is the newer one of a day.
STATES = (
    "DRAFT",
    "APPROVED",
    "ISSUED",
    "PENDING_SURRENDER_FOR_AMENDMENT",
    "SURRENDERED_FOR_AMENDMENT",
    "PENDING_SURRENDER_FOR_DELIVERY",
    "SURRENDERED_FOR_DELIVERY",
    "VOIDED",
)


def link_manifest(context: Context, manifest: Manifest) -> None:
    """Join each bill of a manifest to its consignment and make the next versions."""
    linked = [_link_bill(context, manifest, bill, number) for number, bill in enumerate(manifest.bills, start=1)]
    for identity in linked:
        _pair(context, identity)


def _pair(context: Context, identity: str) -> None:
    version = context.consignment(identity)
    if version is not None and version.joined_into is None:
        pair(context, version, in_the_same_containers(context, version))


def _link_bill(context: Context, manifest: Manifest, bill: Bill, number: int) -> str:
    reference = bill_identity(bill.master, bill.house) or f"{normal_reference(manifest.reference)}#{number}"
    identity = consignment_id("document", reference)
    numbers = {normal_registration(each) for each in bill.containers}
    equipment = tuple(each for each in manifest.equipment if normal_registration(each.number) in numbers)
    reported = replace(manifest, bills=(bill,), equipment=equipment)
    keep_with_joined(context, identity, lambda own: _with_report(own, reported))
    version = context.standing(identity) or blank(identity)
    version = _with_report(version, reported)
    newest = version.manifest is reported
    evidence = context.evidence("transport_document", reference)
    movements, joins = voyage_movements(
        context,
        bill.containers,
        voyage=manifest.voyage,
        arrival=manifest.arrival,
        port=manifest.discharge_port,
        reported_at=manifest.prepared_at or 0,
    )
    if movements and newest:
        version, movements = board(context, version, movements, (evidence, *joins))
        recompose(context, version, movements)
    else:
        recompose(context, version, movements_of(context, version), evidence)
    if bill.master is not None and bill.house is not None:
        file_house(context, bill.master, version.consignment_id)
    return version.consignment_id


def _with_report(version: ConsignmentVersion, reported: Manifest) -> ConsignmentVersion:
    """A consignment with the report of its bill, or of one alike to that, where it has none that outweighs it."""
    held = version.manifest
    newer = held is None or outweighs(version.consignment_id, reported, held)
    return replace(version, manifest=reported) if newer else version


def link_transport_document(context: Context, document: TransportDocument) -> None:
    """Join an electronic bill of lading to its consignment; instructions, which have no number yet, join nothing.

    It puts a consignment aboard only where no bill and no declaration has: they know where its containers are now.
    """
    if document.reference is None:
        return
    reference = normal_reference(document.reference)
    evidence = context.evidence("transport_document", reference)
    if documented_below(context, reference, replace(evidence, key="master_document")):
        return
    identity = consignment_id("document", reference)
    keep_with_joined(context, identity, lambda own: _with_document(own, document))
    version = _with_document(context.standing(identity) or blank(identity), document)
    if version.movements or not document.voyage or version.entry is not None or version.manifest is not None:
        recompose(context, version, movements_of(context, version), evidence)
    else:
        found, joins = voyage_movements(
            context, document.numbers, voyage=document.voyage, arrival=None, port=document.discharge_port
        )
        version, movements = board(context, version, found, (evidence, *joins))
        recompose(context, version, movements)
    _pair(context, version.consignment_id)


def _with_document(version: ConsignmentVersion, document: TransportDocument) -> ConsignmentVersion:
    """A consignment with an electronic bill, where it has no newer one and none of another number."""
    held = version.transport_document
    newest = held is None or (_age(held) <= _age(document) and _same_number(held, document, version))
    return replace(version, transport_document=document) if newest else version


def _same_number(held: TransportDocument, document: TransportDocument, version: ConsignmentVersion) -> bool:
    """Whether a document is a later one of what is held, or the one by whose number the consignment is known."""
    number = normal_reference(document.reference or "")
    own = consignment_id("document", number) == version.consignment_id
    return own or normal_reference(held.reference or "") == number


def _age(document: TransportDocument) -> tuple[str, int, str]:
    """What orders the documents of one number: day of issue, state, version."""
    state = STATES.index(document.status) if document.status in STATES else -1
    return (document.issued or "", state, document.version or "")
