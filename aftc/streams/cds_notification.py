"""Notifications of the Customs Declaration Service about import declarations: WCO DMS responses (RES).

Function 02 tells the movement reference number, 03 that the declaration is rejected, 05 (DMSCTL) that the goods are to
be examined and 06 (DMSDOC) that documents are wanted. What identifies must be there: the function, and the LRN or MRN
of the declaration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import DeclarationNotification
from aftc.streams.cargo_parts import element, leaf
from aftc.streams.cds_parts import CdsPart, message, own_number, written_time
from aftc.streams.elements import elements_named, looks_like_xml, read_xml
from aftc.streams.values import Flags, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "cds_notification"

_ROOT = "Response"
_MARK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Response[\s>]")
_FUNCTION = re.compile(r"[0-9]{2}")


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a response of the WCO data model."""
    return looks_like_xml(head) and b"datamodel:WCO:RES-DMS" in head and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[DeclarationNotification, ...]:
    """The notifications in a document.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    notifications = tuple(_notification(each) for each in elements_named(read_xml(raw), frozenset((_ROOT,))))
    if not notifications:
        raise MalformedMessage("an element Response", "none")
    return notifications


def _notification(root: _Element) -> DeclarationNotification:
    flags = Flags()
    whole = CdsPart(root, _ROOT, flags)
    function, declaration = whole.required("FunctionCode", _function), whole.group("Declaration")
    lrn = declaration.take("FunctionalReferenceID", own_number) if declaration else None
    mrn = declaration.take("ID", own_number) if declaration else None
    if declaration is None or not (lrn or mrn):
        raise MalformedMessage(f"{_ROOT}/Declaration with a FunctionalReferenceID or an ID", "neither")
    return DeclarationNotification(
        function=function,
        notification_id=whole.reference("FunctionalReferenceID"),
        issued_at=whole.moment("IssueDateTime"),
        lrn=lrn,
        mrn=mrn,
        version=declaration.take("VersionID", whole_number),
        accepted_at=declaration.moment("AcceptanceDateTime"),
        flags=flags.sealed(),
    )


def _function(value: str) -> str:
    if not _FUNCTION.fullmatch(value):
        raise ValueError("not two digits")
    return value


def build(notification: DeclarationNotification) -> bytes:
    """The message of a record; `parse` gives it back, but for flags and fractions of a second."""
    declaration = (
        written_time("AcceptanceDateTime", notification.accepted_at, _ROOT)
        + leaf("FunctionalReferenceID", notification.lrn)
        + leaf("ID", notification.mrn)
        + leaf("VersionID", notification.version)
    )
    body = (
        leaf("FunctionCode", notification.function)
        + leaf("FunctionalReferenceID", notification.notification_id)
        + written_time("IssueDateTime", notification.issued_at, _ROOT)
        + element("Declaration", declaration)
    )
    return message("RES", _ROOT, body)
