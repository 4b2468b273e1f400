"""An inline consignment finds its own history: what it added under the id of its transport document, if anything."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from aftc.errors import InputError, StateError
from aftc.linking.documents import bill_identity, entry_parts, waybill_identity
from aftc.linking.keys import consignment_id
from aftc.linking.selectors import matching
from aftc.records import ConsignmentVersion
from aftc.state import View, Watermark

__all__ = ["resolve_inline", "stored_body", "stored_version"]

_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)
LONGEST_ID = 64  # bytes; linking's ids have seventeen, and the state's keys end at 511
UNKNOWN_MOVEMENT = "inline"  # before a unit's number: an id that no linked movement has


def stored_version(view: View, identity: str) -> ConsignmentVersion | None:
    """Last version of an ingested consignment; None where there is none."""
    stored = stored_body(view, identity)
    return stored[0] if stored is not None else None


def stored_body(view: View, identity: str) -> tuple[ConsignmentVersion, bytes] | None:
    """The same with its bytes as they are kept.

    Raises:
        StateError: they are of another version of this project.
    """
    key = identity.encode(errors="replace")  # a shell hands over bytes that are no UTF-8 as lone surrogates
    raw = view.get("consignments", key) if 0 < len(key) <= LONGEST_ID else None
    try:
        return (_VERSIONS.decode(raw), raw) if raw is not None else None
    except msgspec.DecodeError as error:
        advice = "run 'aftc state rebuild'"
        raise StateError("a consignment of this version", str(error), advice=advice, subject=identity) from error


def resolve_inline(view: View, given: ConsignmentVersion, watermark: Watermark) -> ConsignmentVersion:
    """A given consignment, completed with what the state knows it by, and the live selectors that it matches.

    Its own rows in the state, under whichever id, are named in `movements` and `joined_from`, so that a score
    subtracts them. Of an unknown consignment there are none.

    Args:
        view: The snapshot that will be scored.
        given: As decoded; an empty id is derived, a known-at or sequence of 0 becomes the watermark's.
        watermark: Of the snapshot.

    Raises:
        InputError: nothing in it identifies a consignment, or it holds several.
    """
    derived = _derived_identity(given)
    identity = given.consignment_id or derived
    if identity is None:
        raise InputError("a consignment id, a transport document or a movement", "none of them", subject="consignment")
    identities = tuple(dict.fromkeys(each for each in (identity, derived) if each is not None))
    stored = [version for each in identities if (version := stored_version(view, each)) is not None]
    movements = given.movements or tuple(_movement(stored, number.number) for number in given.units)
    own = [*given.joined_from, *identities]
    for version in stored:
        own.extend((*version.movements, *version.joined_from))
    known_at = given.known_at or watermark.known_at
    return replace(
        given,
        consignment_id=identity,
        movements=movements,
        joined_from=tuple(dict.fromkeys(each for each in own if each != identity and each not in movements)),
        known_at=known_at,
        sequence=given.sequence or watermark.sequence,
        selectors=matching(view, given, known_at),
    )


def _movement(stored: list[ConsignmentVersion], number: str) -> str:
    """The movement of a unit as linking knows it."""
    for version in stored:
        for unit, movement in zip(version.units, version.movements, strict=False):
            if unit.number == number:
                return movement
    return f"{UNKNOWN_MOVEMENT} {number}"


def _derived_identity(given: ConsignmentVersion) -> str | None:
    """Id as linking derives it: from the lowest transport document, else the declaration, else the movement."""
    if given.entry is not None and given.entry.items:
        parts = entry_parts(given.entry)
        if len(parts) > 1:
            raise InputError(
                "the goods items of one consignment", f"those of {len(parts)}", subject="consignment.entry"
            )
        return parts[0].identity
    if given.manifest is not None and given.manifest.bills:
        if len(given.manifest.bills) > 1:
            found = f"{len(given.manifest.bills)}"
            raise InputError("one bill of lading", found, subject="consignment.manifest")
        reference = bill_identity(given.manifest.bills[0].master, given.manifest.bills[0].house)
        return consignment_id("document", reference) if reference else None
    if given.waybill is not None:
        if given.waybill.consolidation and not given.waybill.house:
            raise InputError("the waybill of one consignment", "that of a consolidation", subject="consignment.waybill")
        reference = waybill_identity(given.waybill)
        return consignment_id("document", reference) if reference else None
    return consignment_id("movement", given.movements[0]) if given.movements else None
