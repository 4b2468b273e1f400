"""What customs answers to declarations: registrations bring the MRN, rejections a flag, interventions a bound.

A declaration is named by its LRN together with its declarant, its representative, or its message's id. A response that
comes before its declaration waits under the names that it gives it, and the declaration takes what waits.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Answer, Context, Movement
from aftc.linking.declared import take_over
from aftc.linking.halves import pair_again
from aftc.linking.keys import PLACEHOLDERS, normal_reference
from aftc.linking.parties import party_key
from aftc.linking.same_crossing import board_named
from aftc.linking.versions import movements_of, recompose, recompose_aboard
from aftc.records import (
    AnsweredEntry,
    ConsignmentVersion,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    Link,
    Party,
    ResponseKind,
)
from aftc.reference.check_digits import mrn_fault

__all__ = [
    "REJECTED",
    "Heard",
    "heed",
    "hold",
    "is_amendment_of",
    "link_intervention",
    "link_response",
    "lodge",
    "named_by",
    "names_of",
    "surer",
    "take_amendment",
    "with_its_amendment",
]

REJECTED = "customs rejected the declaration"
ANSWERED_WITHIN = 30 * DAY  # between a declaration and its answer; an LRN used again later is another declaration

_KEYS = {
    ResponseKind.REGISTERED: "registered lrn",
    ResponseKind.REJECTED: "rejected lrn",
    ResponseKind.AMENDMENT_ACCEPTED: "accepted amendment of mrn",
    None: "intervention on mrn",
}


class Heard(Struct, frozen=True):
    """A version after what customs said of it, the evidence, all its MRNs, and since when it is known to be held."""

    version: ConsignmentVersion
    links: tuple[Link, ...]
    mrns: tuple[str, ...]
    held_since: Instant | None


def link_response(context: Context, response: EntryResponse) -> None:
    """Join an answer to the consignments of its declaration, which get a version, or let it wait for them."""
    names = named_by(response.entry, response.recipient, response.correlation_id)
    _settle(context, names, response.kind, response.entry, response.answered_at, ())


def link_intervention(context: Context, intervention: EntryIntervention) -> None:
    """Note that the goods concerned are held, from when this message came; nothing else of it is kept."""
    names = named_by(intervention.entry, intervention.recipient, intervention.correlation_id)
    stated = [each.item for each in intervention.interventions]
    items = () if None in stated else tuple(item for item in stated if item is not None)
    _settle(context, names, None, intervention.entry, intervention.registered_at, items)


def named_by(entry: AnsweredEntry, recipient: str | None, correlation_id: str | None) -> tuple[str, ...]:
    """Names that a response gives its declaration; its recipient stands for the declarant where it states none."""
    parties = [party for party in (entry.declarant, entry.representative) if party is not None]
    if not parties and recipient:
        parties = [Party(eori=recipient.partition("/")[0])]
    return _names(entry.lrn, parties, correlation_id)


def lodge(context: Context, entry: EntrySummary, identity: str) -> tuple[Answer, ...]:
    """File a consignment under its declaration's names; what customs has said of it so far."""
    names = names_of(entry)
    for name in names:
        context.name("lodged", name, identity)
    return _said(context, names, entry.mrn)


def names_of(entry: EntrySummary) -> tuple[str, ...]:
    """Names under which customs answers a declaration; an amendment without its LRN has none."""
    parties = [party for party in (entry.declarant, entry.representative) if party is not None]
    return _names(entry.lrn, parties, entry.message_id)


def with_its_amendment(context: Context, names: Iterable[str], mrn: str) -> None:
    """Make one consignment of a declaration and its amendment under another document, where the amendment came first.

    Args:
        context: Of the message that shows that they are one.
        names: Of the declaration, under its LRN.
        mrn: Its MRN, which its amendment states.
    """
    lodged = _standing(context, (each for name in names for each in context.named("lodged", name)))
    first = [each for each in lodged.values() if each.entry is not None and each.entry.lrn is not None]
    named = _standing(context, context.named("mrn", mrn))
    amended = [each for identity, each in named.items() if identity not in lodged and each.entry is not None]
    if len(first) == len(amended) == 1 and is_amendment_of(amended[0], first[0]):
        take_amendment(context, first[0], amended[0], context.evidence("mrn", mrn))


def is_amendment_of(amended: ConsignmentVersion, first: ConsignmentVersion) -> bool:
    """Whether one is known from an amendment, which states no LRN, and the other from a declaration made before."""
    one, other = first.entry, amended.entry
    return (
        one is not None
        and other is not None
        and one.lrn is not None
        and other.lrn is None
        and first.registered_mrn in (None, amended.registered_mrn)
        and _older(one, other)
    )


def take_amendment(context: Context, first: ConsignmentVersion, amended: ConsignmentVersion, link: Link) -> None:
    """Let the consignment known from an amendment take over that of its declaration, with its papers and its names.

    Args:
        context: Of the message that shows that they are one.
        first: The last version of the declaration's.
        amended: Of the amendment's.
        link: The evidence.
    """
    whole = replace(
        amended,
        manifest=amended.manifest or first.manifest,
        waybill=amended.waybill or first.waybill,
        transport_document=amended.transport_document or first.transport_document,
    )
    take_over(context, whole, first, link)
    for name in names_of(first.entry) if first.entry is not None else ():
        context.name("lodged", name, whole.consignment_id)


def _standing(context: Context, identities: Iterable[str]) -> dict[str, ConsignmentVersion]:
    """The consignments that stand under some ids, by their own."""
    return {each.consignment_id: each for each in map(context.standing, identities) if each is not None}


def _older(one: EntrySummary, other: EntrySummary) -> bool:
    return (one.declared_at or 0) <= (other.declared_at or 0)


def heed(context: Context, version: ConsignmentVersion, answers: Iterable[Answer]) -> Heard:
    """Take what customs said of a consignment's declaration; the consignment is filed under the MRN that it brings."""
    links, mrns, held = [], [], []
    for answer in sorted(answers, key=lambda each: each.link.sequence):
        if not _concerns(version, answer):
            continue
        links.append(answer.link)
        if answer.what is None:
            held.append(answer.known_at)
        elif answer.what is ResponseKind.REGISTERED and answer.mrn is not None:
            context.name("mrn", answer.mrn, version.consignment_id)
            mrns.append(answer.mrn)
            if _stands(version, answer):
                mrn = surer(version.registered_mrn, answer.mrn)
                version = _with_rejection(replace(version, registered_mrn=mrn), rejected=False)
        elif answer.what is ResponseKind.REJECTED and version.registered_mrn is None and _stands(version, answer):
            version = _with_rejection(version, rejected=True)  # what is registered stands: an LRN used twice is refused
    return Heard(version, tuple(links), tuple(dict.fromkeys(mrns)), min(held, default=None))


def surer(held: str | None, stated: str) -> str:
    """Of the MRN that is held and one that is stated, the latter, but one that its check digit disproves."""
    return held if held is not None and mrn_fault(held) is None and mrn_fault(stated) is not None else stated


def hold(context: Context, identity: str, since: Instant | None) -> None:
    """Bound the decision about a consignment and all aboard with it; None bounds nothing."""
    version = context.consignment(identity)
    if since is None or version is None:
        return
    for movement in movements_of(context, version):
        if movement.control_at is None or since < movement.control_at:
            held = replace(movement, control_at=since)
            context.store_movement(held)
            recompose_aboard(context, held)
    version = context.consignment(identity) or version
    if version.control_at is None or since < version.control_at:
        context.store_version(replace(version, control_at=since))


def _names(lrn: str | None, parties: Iterable[Party], message_id: str | None) -> tuple[str, ...]:
    number = normal_reference(lrn) if lrn else ""
    if not number or number in PLACEHOLDERS:
        return ()
    keys = [key for party in parties if (key := party_key(party)) is not None]
    if message_id:
        keys.append(f"#{normal_reference(message_id)}")
    return tuple(dict.fromkeys(f"{key}/{number}" for key in keys))


def _said(context: Context, names: Iterable[str], mrn: str | None) -> tuple[Answer, ...]:
    """What was answered to a declaration of these names and this MRN, each answer once."""
    said = [answer for name in names for answer in context.answers("lrn", name)]
    said += context.answers("mrn", mrn) if mrn else ()
    brought = {answer.mrn for answer in said if answer.mrn is not None}
    said += [answer for each in sorted(brought) for answer in context.answers("mrn", each)]
    return tuple(dict.fromkeys(said))


def _settle(
    context: Context,
    names: tuple[str, ...],
    what: ResponseKind | None,
    entry: AnsweredEntry,
    at: Instant | None,
    items: tuple[int, ...],
) -> None:
    mrn = normal_reference(entry.mrn) if entry.mrn else None
    value = names[0] if names and what in (ResponseKind.REGISTERED, ResponseKind.REJECTED) else mrn or ""
    answer = Answer(
        what=what,
        lrn=normal_reference(entry.lrn) if entry.lrn else None,
        mrn=mrn,
        at=at,
        known_at=context.known_at,
        items=items,
        link=context.evidence(_KEYS[what], value),
    )
    lodged = dict.fromkeys(identity for name in names for identity in context.named("lodged", name))
    named = [each for each in (context.named("mrn", mrn) if mrn else ()) if each not in lodged]
    declared, amended = ([_tell(context, identity, answer) for identity in each] for each in (lodged, named))
    if not any(declared):
        for name in names:
            context.file_answer("lrn", name, answer)
        if mrn is not None and not any(amended):
            context.file_answer("mrn", mrn, answer)
    elif what is ResponseKind.REGISTERED and mrn is not None:
        with_its_amendment(context, names, mrn)


def _tell(context: Context, identity: str, answer: Answer) -> bool:
    """Make a consignment's next version of an answer, on the movement that names its MRN; False if of another one."""
    held = context.consignment(identity)
    if held is None or held.joined_into is not None:
        return False
    waiting = context.answers("mrn", answer.mrn) if answer.mrn else ()
    heard = heed(context, held, (*waiting, answer))
    if answer.link not in heard.links:
        return False
    movement, links = _named_movement(context, heard)
    if movement is not None:
        pair_again(context, board_named(context, heard.version, movement, links))
    else:
        recompose(context, heard.version, movements_of(context, heard.version), *links)
    hold(context, identity, heard.held_since)
    return True


def _named_movement(context: Context, heard: Heard) -> tuple[Movement | None, tuple[Link, ...]]:
    """The movement whose goods movement names one of the MRNs, None if there is none or it is aboard; all evidence."""
    for mrn in heard.mrns:
        named = context.named("movement by mrn", mrn)
        if named:
            links = (*heard.links, context.evidence("goods movement names mrn", mrn))
            aboard = set(named) & set(heard.version.movements)
            return None if aboard else context.movement(named[-1]), links
    return None, heard.links


def _concerns(version: ConsignmentVersion, answer: Answer) -> bool:
    """Whether by its time and items an answer is about this consignment's declaration, and no other use of its LRN."""
    entry = version.entry
    if entry is None or (answer.items and not {item.number for item in entry.items} & set(answer.items)):
        return False
    if answer.at is None or entry.declared_at is None:
        return True
    first = entry.declared_at if _same_lrn(entry, answer) else entry.declared_at - ANSWERED_WITHIN
    return first <= answer.at <= entry.declared_at + ANSWERED_WITHIN


def _stands(version: ConsignmentVersion, answer: Answer) -> bool:
    """Whether an answer is about the declaration that stands, not about one that it has replaced."""
    entry = version.entry
    if entry is None or entry.lrn is not None:
        return entry is not None and _same_lrn(entry, answer)
    held = version.registered_mrn
    return held in (None, answer.mrn) or mrn_fault(held) is not None


def _same_lrn(entry: EntrySummary, answer: Answer) -> bool:
    return entry.lrn is not None and normal_reference(entry.lrn) == answer.lrn


def _with_rejection(version: ConsignmentVersion, *, rejected: bool) -> ConsignmentVersion:
    others = tuple(flag for flag in version.flags if flag != REJECTED)
    return replace(version, rejected=rejected, flags=(*others, REJECTED) if rejected else others)
