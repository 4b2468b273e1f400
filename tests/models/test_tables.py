"""Tree tables: what the compiled kernel must be able to trust is checked when they are unpacked."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from aftc.errors import BundleError
from aftc.models.tables import ARRAY_TYPES, CATEGORICAL, TreeTables, pack, unpack
from tests.models.a_bundle import contents
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, booster_of
from training.export.tables import tree_tables
from training.export.trees import read_ensemble

SOUND = contents().trees[0]


def _altered(name: str, place: int, value: float) -> TreeTables:
    values = getattr(SOUND, name).copy()
    values[place] = value
    change: dict[str, Any] = {name: values}
    return replace(SOUND, **change)


def test_sound_tables_come_back() -> None:
    """Tables of a real export are accepted."""
    (found,) = unpack(pack({"any": SOUND}), ("any",), FEATURES)
    assert all(np.array_equal(getattr(found, name), getattr(SOUND, name)) for name in ARRAY_TYPES)


@pytest.mark.parametrize("forest", [[], [Leaf(0.5)]])
def test_tables_without_splits_come_back(forest: list[Leaf]) -> None:
    """Models that ask nothing have tables too, with the expected margin alone."""
    tables = tree_tables(read_ensemble(booster_of(forest), NAMES, "any"), FEATURES)
    (found,) = unpack(pack({"any": tables}), ("any",), FEATURES)
    assert found.expected.tolist() == [sum(leaf.value for leaf in forest)]
    assert found.parent.size == 0


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("tree_start", 0, 1),
        ("tree_start", -1, 99),
        ("tree_start", 1, 0),
        ("tree_inner", 0, 9),
        ("tree_inner", 0, 0),
        ("tree_points", 0, 9),
        ("tree_points", 0, 0),
        ("parent", 1, 1),
        ("parent", 4, 3),
        ("previous", 1, 2),
        ("split_feature", 0, FEATURES),
        ("value", int(np.flatnonzero(SOUND.flags & CATEGORICAL)[0]), 1.0),
        ("value", int(np.flatnonzero(SOUND.flags & CATEGORICAL)[0]), 0.5),
        ("value", int(np.flatnonzero(SOUND.flags & CATEGORICAL)[0]), np.nan),
        ("set_start", 1, 99),
        ("set_start", 1, 0),
        ("features", 0, FEATURES + 1),
    ],
)
def test_indices_out_of_range_are_refused(name: str, place: int, value: float) -> None:
    """An index that would lead the kernel out of its arrays is refused, whichever array holds it."""
    with pytest.raises(BundleError, match="fit together"):
        unpack(pack({"any": _altered(name, place, value)}), ("any",), FEATURES)


@pytest.mark.parametrize("name", sorted(ARRAY_TYPES))
def test_arrays_of_another_type_or_number_are_refused(name: str) -> None:
    """Another element type, a missing and a superfluous array are refused, and pickles with them."""
    arrays = {f"any.{each}": getattr(SOUND, each) for each in ARRAY_TYPES}
    wrong = {
        "as one row": arrays | {f"any.{name}": arrays[f"any.{name}"].astype(np.int16)},
        f"any.{name}": {key: value for key, value in arrays.items() if key != f"any.{name}"},
        "any.more": arrays | {"any.more": np.zeros(1)},
        "without pickles": arrays | {f"any.{name}": np.array([{}], dtype=object)},
    }
    for reason, altered in wrong.items():
        buffer = BytesIO()
        np.savez(buffer, **altered)
        with pytest.raises(BundleError, match=reason):
            unpack(buffer.getvalue(), ("any",), FEATURES)


def test_bytes_that_are_no_archive_are_refused() -> None:
    """Anything but a npz archive is refused."""
    for raw in (b"", b"PK", b"\x93NUMPY", b"hello"):
        with pytest.raises(BundleError, match="without pickles"):
            unpack(raw, ("any",), FEATURES)
