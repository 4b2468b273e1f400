"""Master bills: the electronic bill of lading of a consolidation is no consignment but evidence for its houses.

What is known is kept under the master's number, and settled whenever a house or a document comes under it, so the order
of the messages does not matter.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.linking.context import Context, link_key
from aftc.linking.keys import consignment_id, normal_reference
from aftc.linking.versions import board, movements_of, recompose
from aftc.records import ConsignmentVersion, Link

__all__ = ["documented_below", "file_house"]

MOST_HOUSES = 2_000  # under one master, the newest
EVIDENCE = "master_document"


class _Held(Struct, frozen=True):
    """Consignments of the houses under a master, and what its document brought."""

    houses: tuple[str, ...] = ()
    link: Link | None = None


_HELD = msgspec.msgpack.Decoder(_Held)
_encode = msgspec.msgpack.Encoder().encode


def file_house(context: Context, master: str, identity: str) -> None:
    """Remember the consignment of a house under its master, and settle what is known of that."""
    number = normal_reference(master)
    if identity == consignment_id("document", number):
        return
    held = _held(context, number)
    if identity not in held.houses:
        held = replace(held, houses=(*held.houses, identity)[-MOST_HOUSES:])
        _keep(context, number, held)
    _settle(context, number, held)


def documented_below(context: Context, number: str, evidence: Link) -> bool:
    """Whether houses stand below a document's number: they have its evidence, and it is none of its own consignment."""
    held = _held(context, number)
    if held.link is None:
        held = replace(held, link=evidence)
        _keep(context, number, held)
    return _settle(context, number, held)


def _settle(context: Context, number: str, held: _Held) -> bool:
    found = (context.standing(each) for each in held.houses)
    houses = [each for each in found if each is not None]
    if held.link is None or not houses:
        return False
    own = context.consignment(consignment_id("document", number))
    alone = own is None or (own.entry is None and own.manifest is None)
    if own is not None and own.joined_into is None and alone:
        _hand_over(context, own, houses[0])
    for house in houses:
        version = context.consignment(house.consignment_id) or house
        if held.link not in version.links:
            recompose(context, version, movements_of(context, version), held.link)
    return alone


def _hand_over(context: Context, own: ConsignmentVersion, house: ConsignmentVersion) -> None:
    """Let a house stand for what its master's document began."""
    left, _ = board(context, own, [], ())
    context.store_version(replace(left, joined_into=house.consignment_id))
    joined = tuple(dict.fromkeys((*house.joined_from, own.consignment_id)))
    version = replace(house, joined_from=joined)
    recompose(context, version, movements_of(context, version))


def _held(context: Context, number: str) -> _Held:
    raw = context.writer.get("links", link_key("master bill", number))
    return _HELD.decode(raw) if raw else _Held()


def _keep(context: Context, number: str, held: _Held) -> None:
    context.writer.put("links", link_key("master bill", number), _encode(held))
