"""Consignments and units."""

from __future__ import annotations

import numpy as np

from training.world.consignments import MODES, NOBODY, SEA
from training.world.imagined import World


def test_as_many_consignments_as_asked_for(small: World) -> None:
    """The number is exact, empty movements included, and all three modes occur."""
    consignments = small.traffic.consignments
    assert len(consignments.document) == small.parameters.consignments
    assert (np.bincount(consignments.mode, minlength=len(MODES)) > 100).all()


def test_units_carry_what_they_should(small: World) -> None:
    """Every unit carries something; some carry several consignments, and some consignments fill several units."""
    consignments = small.traffic.consignments
    aboard = np.zeros(len(small.traffic.units.number), dtype=int)
    for unit, units in zip(consignments.unit.tolist(), consignments.units.tolist(), strict=True):
        aboard[unit : unit + units] += 1
    assert aboard.min() == 1
    assert (aboard > 1).sum() > 50
    assert (consignments.units > 1).sum() > 10


def test_documents_identify(small: World) -> None:
    """No two consignments share an identity; an empty movement is known by its booking."""
    consignments = small.traffic.consignments
    references = [small.traffic.reference(row) for row in range(len(consignments.document))]
    assert len(set(references)) == len(references)
    empty = np.flatnonzero(consignments.consignee == NOBODY)
    assert {references[row] for row in empty.tolist()} <= set(small.traffic.booking)


def test_houses_of_one_container_share_their_master(small: World) -> None:
    """Groupage in a container is houses under one master."""
    consignments = small.traffic.consignments
    masters: dict[int, list[str]] = {}
    for unit, mode, master in zip(
        consignments.unit.tolist(), consignments.mode.tolist(), consignments.master, strict=True
    ):
        if mode == SEA:
            masters.setdefault(unit, []).append(master)
    shared = [each for each in masters.values() if len(each) > 1]
    assert len(shared) > 10
    assert all(len(set(each)) == 1 and each[0] for each in shared)
