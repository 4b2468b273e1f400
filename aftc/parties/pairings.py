"""Pairings: keys of parties that are named for the same goods.

An importer is known by its number alone, a consignee by its words alone: how often the two share goods tells whether
they are one. Two numbers that differ by a slip of the hand, and are stated for the same goods, are one party's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Final

import msgspec

from aftc.linking.parties import party_key
from aftc.parties.agreement import contradict, one_slip
from aftc.records import ConsignmentVersion
from aftc.records.parties import parties_named

if TYPE_CHECKING:
    from aftc.history.lake import Lake

__all__ = ["LEAST_SHARED", "exclusive", "pairings", "slips"]

LEAST_SHARED: Final = 3  # consignments of one importer and consignee before the two are taken for one party
_NUMBERED, _WORDED = "E|", "N|"
_VERSIONS: Final = msgspec.msgpack.Decoder(ConsignmentVersion)


def pairings(lake: Lake, *, up_to: int | None = None) -> Counter[tuple[str, str]]:
    """By pair of keys, how many consignments name both.

    Pairs are of importer and consignee, the one known by its number and the other by its words, in standing
    consignments; and of two numbers a slip apart, in any version of any consignment.
    """
    last: dict[str, ConsignmentVersion] = {}
    apart: set[tuple[str, tuple[str, str]]] = set()
    known: dict[frozenset[str], list[tuple[str, str]]] = {}
    for body in lake.read("versions", up_to=up_to, columns=("body",))["body"].to_pylist():
        version = _VERSIONS.decode(body)
        numbers = _numbers(version)
        if numbers not in known:
            known[numbers] = [pair for pair in combinations(sorted(numbers), 2) if _slip(*pair)]
        apart.update((version.consignment_id, pair) for pair in known[numbers])
        before = last.get(version.consignment_id)
        if before is None or before.version <= version.version:
            last[version.consignment_id] = version
    standing = (version for version in last.values() if version.joined_into is None)
    return Counter(pair for version in standing for pair in set(_paired(version))) + Counter(pair for _, pair in apart)


def slips(shared: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Pairs of numbers a slip apart that are stated for the same goods, or to import for one consignee; how often."""
    found = {pair: count for pair, count in shared.items() if pair[1].startswith(_NUMBERED)}
    importers: dict[str, dict[str, int]] = {}
    for (importer, consignee), count in shared.items():
        if consignee.startswith(_WORDED):
            importers.setdefault(consignee, {})[importer] = count
    for counts in importers.values():
        for one, other in combinations(sorted(counts), 2):
            if _slip(one, other):
                found.setdefault((one, other), min(counts[one], counts[other]))
    return dict(sorted(found.items()))


def _slip(one: str, other: str) -> bool:
    return one_slip(one, other) and not contradict(one, other)


def _numbers(version: ConsignmentVersion) -> frozenset[str]:
    """Keys of all that a version's records name by number."""
    crossing = (version.booking, version.check_in, version.goods_movement)
    papers = (version.entry, version.manifest, version.waybill, version.transport_document)
    records = (*crossing, *papers, version.import_declaration, version.transit)
    keys = (party_key(party) for record in records if record is not None for _, party in parties_named(record))
    return frozenset(key for key in keys if key is not None and key.startswith(_NUMBERED))


def exclusive(shared: Mapping[tuple[str, str], int], party: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """The pairings that nothing contradicts, with how many consignments they have.

    Args:
        shared: As `pairings` counts them.
        party: By key the first key of its party, as numbers and words bring keys together.
    """
    importers: dict[str, set[str]] = {}
    consignees: dict[str, set[str]] = {}
    worded = {pair: count for pair, count in shared.items() if pair[1].startswith(_WORDED)}
    for importer, consignee in worded:
        importers.setdefault(party.get(consignee, consignee), set()).add(party.get(importer, importer))
        consignees.setdefault(party.get(importer, importer), set()).add(party.get(consignee, consignee))
    return {
        (importer, consignee): count
        for (importer, consignee), count in sorted(worded.items())
        if count >= LEAST_SHARED
        and len(importers[party.get(consignee, consignee)]) == 1
        and len(consignees[party.get(importer, importer)]) == 1
    }


def _paired(version: ConsignmentVersion) -> Iterator[tuple[str, str]]:
    declaration = version.import_declaration
    importer = party_key(declaration.importer) if declaration is not None else None
    if declaration is None or importer is None or not importer.startswith(_NUMBERED):
        return
    entry, manifest = version.entry, version.manifest
    named = [version.waybill.consignee] if version.waybill is not None else []
    named += [entry.consignee, *(goods.consignee for goods in entry.items)] if entry is not None else []
    named += [bill.consignee for bill in manifest.bills] if manifest is not None else []
    for consignee in map(party_key, named):
        if consignee is not None and consignee.startswith(_WORDED):
            yield importer, consignee
