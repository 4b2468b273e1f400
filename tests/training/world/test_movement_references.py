"""Movement reference numbers of declarations."""

from __future__ import annotations

import re

from aftc.clock import parse_instant
from training.world.movement_references import import_reference, movement_reference
from training.world.naming import iso6346_digit


def test_movement_references_have_their_form() -> None:
    """Eighteen signs: year, country, thirteen signs of which the third is an I, and a right check digit."""
    reference = movement_reference(parse_instant("2026-03-01T09:20:00Z"), "7K30FJ2X94BD")
    assert re.fullmatch(r"26GB[0-9A-Z]{2}I[0-9A-Z]{10}[0-9]", reference)
    assert len(reference) == 18
    assert int(reference[-1]) == iso6346_digit(reference[:-1])


def test_references_follow_from_what_they_number_alone() -> None:
    """The same LRN has the same MRN, another one another; an import declaration's never is an entry's."""
    declared = parse_instant("2026-03-01T09:20:00Z")
    entries = {movement_reference(declared, f"LRN-{number}") for number in range(1_000)}
    assert movement_reference(declared, "LRN-7") in entries
    assert len(entries) == 1_000
    assert len(entries | {import_reference(declared, f"CMR-{number}") for number in range(1_000)}) == 2_000


def test_a_published_container_number_has_this_check_digit() -> None:
    """The algorithm is that of ISO 6346: its own example, CSQU3054383."""
    assert iso6346_digit("CSQU305438") == 3
