"""Advance interventions CC351A: customs tells a declarant before arrival that goods will be controlled or not loaded.

What identifies must be there: the message's id, LRN and MRN of the declaration, the code of each intervention. An
intervention without an item's number concerns all goods items. Times are local to the first entry office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import CustomsIntervention, EntryIntervention
from aftc.streams.elements import Group, element_among, elements_named, read_xml
from aftc.streams.ens_answers import Envelope, answered_entry, header_of, header_start, written
from aftc.streams.ens_build import digits
from aftc.streams.ens_parties import leaf
from aftc.streams.values import Flags, reference, whole_number
from aftc.streams.zones import zone_of_office

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ens_intervention"

KIND = "CC351A"

_MESSAGES = frozenset((KIND,))


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a CC351A."""
    return element_among(head, _MESSAGES) is not None


def parse(raw: bytes) -> tuple[EntryIntervention, ...]:
    """The interventions in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    messages = tuple(_intervention(element) for element in elements_named(read_xml(raw), _MESSAGES))
    if not messages:
        raise MalformedMessage(f"an element {KIND}", "none")
    return messages


def _intervention(element: _Element) -> EntryIntervention:
    flags = Flags()
    message = Group(element, KIND, flags)
    envelope, header = Envelope.read(message), header_of(message, KIND)
    entry, zone = answered_entry(message, KIND, flags, names=("lrn", "mrn"))
    interventions = tuple(_each(group) for group in message.each("CUSINT632"))
    if not interventions:
        raise MalformedMessage(f"{KIND}/CUSINT632", "no intervention")
    if entry.declarant is None:
        flags.add(f"{KIND}/PERLODSUMDEC", "missing")
    total = header.take("TotNumOfIteHEA305", whole_number)
    if total is not None and total < len(entry.items):
        flags.add(f"{KIND}/HEAHEA/TotNumOfIteHEA305", f"less than the {len(entry.items)} goods items named", total)
    return EntryIntervention(
        message_id=envelope.message_id,
        correlation_id=envelope.correlation_id,
        recipient=envelope.recipient,
        entry=entry,
        total_items=total,
        notified_at=header.local("NotDatTimHEA104", zone),
        registered_at=header.local("DecRegDatTimHEA115", zone),
        submitted_at=header.local("DecSubDatTimHEA118", zone),
        interventions=interventions,
        flags=flags.sealed(),
    )


def _each(group: Group) -> CustomsIntervention:
    return CustomsIntervention(
        code=group.required("CusIntCodCUSINT665", reference),
        text=group.text("CusIntTexCUSINT666"),
        item=group.take("IteNumConCUSINT668", whole_number),
    )


def build(intervention: EntryIntervention) -> bytes:
    """The message of a record; `parse` gives it back, but for flags and seconds, which the format cannot hold."""
    zone, _ = zone_of_office(intervention.entry.office_of_first_entry)
    header = (
        header_start(intervention.entry, KIND, intervention.total_items)
        + leaf("NotDatTimHEA104", digits(intervention.notified_at, zone))
        + leaf("DecRegDatTimHEA115", digits(intervention.registered_at, zone))
        + leaf("DecSubDatTimHEA118", digits(intervention.submitted_at, zone))
    )
    envelope = Envelope(
        intervention.message_id, intervention.correlation_id, intervention.recipient, intervention.notified_at
    )
    after = "".join(_written(each) for each in intervention.interventions)
    return written(KIND, envelope, intervention.entry, header, after=after)


def _written(intervention: CustomsIntervention) -> str:
    leaves = (
        leaf("IteNumConCUSINT668", intervention.item)
        + leaf("CusIntCodCUSINT665", intervention.code)
        + leaf("CusIntTexCUSINT666", intervention.text)
    )
    return f"<CUSINT632>{leaves}</CUSINT632>"
