"""Pairings: how often an importer known by its number alone and a consignee known by its words alone share goods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from aftc.linking.parties import party_key
from aftc.records import ConsignmentVersion

if TYPE_CHECKING:
    from aftc.history.lake import Lake

__all__ = ["LEAST_SHARED", "exclusive", "pairings"]

LEAST_SHARED: Final = 3  # consignments of one importer and consignee before the two are taken for one party
_NUMBERED, _WORDED = "E|", "N|"
_VERSIONS: Final = msgspec.msgpack.Decoder(ConsignmentVersion)


def pairings(lake: Lake, *, up_to: int | None = None) -> Counter[tuple[str, str]]:
    """By key of importer and of consignee, the standing consignments that name both; only known numbers and words."""
    last: dict[str, ConsignmentVersion] = {}
    for body in lake.read("versions", up_to=up_to, columns=("body",))["body"].to_pylist():
        version = _VERSIONS.decode(body)
        before = last.get(version.consignment_id)
        if before is None or before.version <= version.version:
            last[version.consignment_id] = version
    standing = (version for version in last.values() if version.joined_into is None)
    return Counter(pair for version in standing for pair in set(_paired(version)))


def exclusive(shared: Mapping[tuple[str, str], int], party: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """The pairings that nothing contradicts, with how many consignments they have.

    Args:
        shared: As `pairings` counts them.
        party: By key the first key of its party, as numbers and words bring keys together.
    """
    importers: dict[str, set[str]] = {}
    consignees: dict[str, set[str]] = {}
    for importer, consignee in shared:
        importers.setdefault(party.get(consignee, consignee), set()).add(party.get(importer, importer))
        consignees.setdefault(party.get(importer, importer), set()).add(party.get(consignee, consignee))
    return {
        (importer, consignee): count
        for (importer, consignee), count in sorted(shared.items())
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
