"""Selectors: which consignments match what partner agencies look for, by an index of keys and never by a scan.

A selector is filed under one key: that of its first condition which names somebody or something, else its heading and
route together. A consignment is filed under all keys of these kinds. So a version looks its keys up among the
selectors, and a selector looks its key up among the consignments; the other conditions are compared with what was
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import Instant
from aftc.linking.context import Context
from aftc.linking.keys import ID_LENGTH, normal_reference, normal_registration
from aftc.linking.parties import normal_number, party_key
from aftc.records import (
    ConditionKind,
    ConsignmentVersion,
    Party,
    Selector,
    SelectorCondition,
    SelectorHit,
    UnitKind,
)
from aftc.records.parties import parties_named
from aftc.reference.ports import FERRY_ROUTES
from aftc.state import View

__all__ = ["MOST_SUBJECTS", "link_selector", "matching", "with_selectors"]

MOST_SUBJECTS: Final = 200  # consignments under one key that a later selector looks at again: the newest
_MOST_SELECTORS: Final = 200  # under one key, likewise
_HEADING_DIGITS: Final = 4
_GOODS: Final = "goods"  # heading and route together

_NUMBERS: Final[dict[ConditionKind, Callable[[str], str]]] = {
    ConditionKind.VEHICLE: normal_registration,
    ConditionKind.TRAILER: normal_registration,
    ConditionKind.CONTAINER: normal_registration,
    ConditionKind.EORI: normal_number,
    ConditionKind.PHONE: normal_registration,
}


class _Held(Struct, frozen=True):
    """The newest version of a selector, with the message that brought it and the key under which it is filed."""

    selector: Selector
    sequence: int
    key: str


_HELD: Final = msgspec.msgpack.Decoder(_Held)
_NAMES: Final = msgspec.msgpack.Decoder(list[str])
_MARKS: Final = b"selectors' marks"
_MARK_BITS: Final = 16
_HEADING, _ROUTE, _CONTAINER, _VEHICLE, _TRAILER = [  # an enumeration's members are slow to format
    f"{kind}|"
    for kind in (
        ConditionKind.HEADING,
        ConditionKind.ROUTE,
        ConditionKind.CONTAINER,
        ConditionKind.VEHICLE,
        ConditionKind.TRAILER,
    )
]
_encode = msgspec.msgpack.Encoder().encode


def link_selector(context: Context, selector: Selector) -> None:
    """Keep a selector's newest version, and match it anew with the consignments that have not arrived yet."""
    name = f"{normal_reference(selector.agency)}/{normal_reference(selector.selector_id)}"
    before = _held(context.writer, name)
    if before is not None and selector.version <= before.selector.version:
        return
    key = _filing_key(selector)
    context.writer.put("links", _place("selector", name), _encode(_Held(selector, context.sequence, key)))
    if before is not None and before.key != key:
        _unfile(context, before.key, name)
    _file(context, key, name)
    touched = dict.fromkeys([key] if before is None else [before.key, key])
    subjects = dict.fromkeys(each for held in touched for each in _subjects(context.writer, held))
    for identity in subjects:
        version = context.standing(identity)
        if version is not None and version.consignment_id not in context.changed and _awaited(context, version):
            hits = matching(context.writer, version, context.known_at)
            if hits != version.selectors:
                context.store_version(replace(version, selectors=hits))


def with_selectors(context: Context) -> None:
    """Match the versions that a message made with the selectors known by now; each is filed under its keys."""
    marks = _marks(context.writer)
    for identity, version in tuple(context.changed.items()):
        if version.joined_into is not None:
            continue
        keys = _Keys(version)
        hits = _hits(context.writer, marks, version, keys, context.known_at)
        if hits != version.selectors:
            context.store_version(replace(version, selectors=hits))
        place, stated = _place("keys of", identity), keys.digest()
        if context.writer.get("links", place) != stated:
            context.writer.put("links", place, stated)
            for key in keys.filing:
                _file_subject(context, key, identity)


def _awaited(context: Context, version: ConsignmentVersion) -> bool:
    return version.scheduled_arrival is not None and version.scheduled_arrival > context.known_at


def matching(view: View, version: ConsignmentVersion, known_at: Instant) -> tuple[SelectorHit, ...]:
    """The live selectors that a version matches, in the order of their names: those held by a state.

    Args:
        view: The state.
        version: The consignment.
        known_at: Of the version; stands for its arrival where that is not known.
    """
    return _hits(view, _marks(view), version, _Keys(version), known_at)


def _hits(
    view: View, marks: bytes, version: ConsignmentVersion, keys: _Keys, known_at: Instant
) -> tuple[SelectorHit, ...]:
    named = sorted({name for key in keys.filing if _marked(marks, key) for name in _names(view, key)})
    if not named:
        return ()
    moment = version.scheduled_arrival if version.scheduled_arrival is not None else known_at
    stated, found = keys.filing | keys.others, []
    for name in named:
        held = _held(view, name)
        if held is None or held.selector.withdrawn:
            continue
        if not held.selector.valid_from <= moment < held.selector.valid_until:
            continue
        if all(_key(each) in stated for each in held.selector.conditions):
            found.append(_hit(held))
    return tuple(found)


def _hit(held: _Held) -> SelectorHit:
    selector = held.selector
    return SelectorHit(
        selector_id=selector.selector_id,
        version=selector.version,
        agency=selector.agency,
        handling=selector.handling,
        standing=selector.standing,
        reliability=selector.reliability,
        credibility=selector.credibility,
        issued_at=selector.issued_at,
        matched=tuple(dict.fromkeys(each.kind for each in selector.conditions)),
        sequence=held.sequence,
    )


def _filing_key(selector: Selector) -> str:
    by_kind = {each.kind: each for each in reversed(selector.conditions)}
    first = next(by_kind[kind] for kind in ConditionKind if kind in by_kind)
    if first.kind is not ConditionKind.HEADING:
        return _key(first)
    return _goods_key(first.value, by_kind[ConditionKind.ROUTE].value)


def _key(condition: SelectorCondition) -> str:
    """Key of a condition: a consignment that states it has the same."""
    if condition.kind is ConditionKind.PARTY:
        party = Party(None, condition.value, None, condition.city, condition.postcode, condition.country)
        return f"{ConditionKind.PARTY}|{party_key(party) or ''}"
    if condition.kind is ConditionKind.ACCOUNT:
        return _account_key(condition.operator or "", condition.value)
    return f"{condition.kind}|{_NUMBERS.get(condition.kind, normal_reference)(condition.value)}"


def _account_key(operator: str, account: str) -> str:
    return f"{ConditionKind.ACCOUNT}|{normal_reference(operator)}/{normal_reference(account)}"


def _goods_key(heading: str, route: str) -> str:
    return f"{_GOODS}|{heading}|{route}"


class _Keys:
    """All keys of a consignment: those that a selector may be filed under, and others that alone name nobody."""

    __slots__ = ("filing", "others")

    def __init__(self, version: ConsignmentVersion) -> None:
        headings, routes = set(_headings(version)), set(_routes(version))
        self.others = {_HEADING + heading for heading in headings}
        self.others.update([_ROUTE + route for route in routes])
        self.filing = set(_equipment(version))
        for party in _parties(version):
            self.filing.update(_party_keys(party))
        self.filing.update([_goods_key(heading, route) for heading in headings for route in routes])
        if version.booking is not None and version.booking.account:
            self.filing.add(_account_key(version.booking.operator, version.booking.account))

    def digest(self) -> bytes:
        """Of all of them, whatever their order."""
        return blake2b("\n".join((*sorted(self.filing), "", *sorted(self.others))).encode(), digest_size=16).digest()


def _parties(version: ConsignmentVersion) -> Iterator[Party]:
    records = (version.entry, version.manifest, version.booking, version.goods_movement, version.waybill)
    for record in (*records, version.import_declaration):
        if record is not None:
            yield from (party for _, party in parties_named(record))


@lru_cache(maxsize=65_536)
def _party_keys(party: Party) -> tuple[str, ...]:
    """By number, and by name, country and address: a name alone is many people's."""
    number = normal_number(party.eori) if party.eori else ""
    keys = [f"{ConditionKind.EORI}|{number}"] if number else []
    for postcode, city in ((party.postcode, None), (None, party.city)):
        named = party_key(Party(None, party.name, None, city, postcode, party.country))
        if named is not None and party.country and (postcode or city):
            keys.append(f"{ConditionKind.PARTY}|{named}")
    return tuple(keys)


def _equipment(version: ConsignmentVersion) -> Iterator[str]:
    for unit in version.units:
        if unit.kind is UnitKind.CONTAINER and (normal := normal_registration(unit.number)):
            yield _CONTAINER + normal
    for crossing in (version.booking, version.check_in, version.goods_movement):
        if crossing is None:
            continue
        if crossing.vehicle and (normal := normal_registration(crossing.vehicle)):
            yield _VEHICLE + normal
        for before, numbers in ((_TRAILER, crossing.trailers), (_CONTAINER, crossing.containers)):
            for number in numbers:
                if normal := normal_registration(number):
                    yield before + normal


def _headings(version: ConsignmentVersion) -> Iterator[str]:
    sources: tuple[Any, ...] = (
        version.entry.items if version.entry else (),
        version.manifest.bills if version.manifest else (),
        version.import_declaration.items if version.import_declaration else (),
    )
    codes: Iterable[str | None] = (goods.hs_code for source in sources for goods in source)
    waybill = version.waybill.hs_codes if version.waybill else ()
    for code in (*codes, *waybill):
        if code and len(code) >= _HEADING_DIGITS:
            yield code[:_HEADING_DIGITS]


def _routes(version: ConsignmentVersion) -> Iterator[str]:
    for crossing in (version.booking, version.check_in, version.goods_movement):
        route = FERRY_ROUTES.get(crossing.route_id or "") if crossing is not None else None
        if route is not None:
            yield f"{route.departure}-{route.arrival}"
    manifest = version.manifest
    if manifest is not None and manifest.load_port and manifest.discharge_port:
        yield f"{manifest.load_port}-{manifest.discharge_port}"


def _held(view: View, name: str) -> _Held | None:
    raw = view.get("links", _place("selector", name))
    return _HELD.decode(raw) if raw else None


def _names(view: View, key: str) -> list[str]:
    """Selectors filed under a key."""
    raw = view.get("links", _place("selectors by", key))
    return _NAMES.decode(raw) if raw else []


def _marks(view: View) -> bytes:
    """One bit for all keys of a checksum, set once a selector is filed under one of them: most keys need no look."""
    return view.get("links", _MARKS) or bytes(1 << _MARK_BITS - 3)


def _marked(marks: bytes, key: str) -> bool:
    place = crc32(key.encode()) >> 32 - _MARK_BITS
    return bool(marks[place >> 3] >> (place & 7) & 1)


def _mark(context: Context, key: str) -> None:
    marks, place = bytearray(_marks(context.writer)), crc32(key.encode()) >> 32 - _MARK_BITS
    marks[place >> 3] |= 1 << (place & 7)
    context.writer.put("links", _MARKS, bytes(marks))


def _file(context: Context, key: str, name: str) -> None:
    held = _names(context.writer, key)
    if name not in held:
        _mark(context, key)
        context.writer.put("links", _place("selectors by", key), _encode([*held, name][-_MOST_SELECTORS:]))


def _subjects(view: View, key: str) -> list[str]:
    """Ids of the consignments filed under a key: they stand one after the other, all of one length."""
    raw = (view.get("links", _place("subjects of", key)) or b"").decode()
    return [raw[start : start + ID_LENGTH] for start in range(0, len(raw), ID_LENGTH)]


def _file_subject(context: Context, key: str, identity: str) -> None:
    place = _place("subjects of", key)
    held = context.writer.get("links", place) or b""
    if identity.encode() not in held:
        context.writer.put("links", place, (held + identity.encode())[-MOST_SUBJECTS * ID_LENGTH :])


def _unfile(context: Context, key: str, name: str) -> None:
    kept = [each for each in _names(context.writer, key) if each != name]
    context.writer.put("links", _place("selectors by", key), _encode(kept))


@lru_cache(maxsize=65_536)
def _place(kind: str, key: str) -> bytes:
    """Keys hold names of any length; the store's do not."""
    return f"{kind}\x1f".encode() + blake2b(key.encode(), digest_size=16).digest()
