"""Promotion: which bundle serves. Bundles are placed whole, then one small file names the one in use.

The order of writes leaves a working store wherever it is interrupted: first the bundle, then `previous`, then
`current`, each by renaming a finished file over the old one.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np

from aftc.errors import BundleError, InputError
from aftc.features.assembly import assemble
from aftc.features.catalogue import SCHEMA
from aftc.models.bundle import Bundle, load_bundle
from aftc.models.placed import CURRENT, load_placed, placed_folder, public_key_path
from aftc.models.reasons import contributions
from aftc.models.scorer import Scorer
from aftc.models.signing import load_public_key
from aftc.scoring import Model

__all__ = ["Promotion", "copy_bundle", "promote", "roll_back"]

_PREVIOUS: Final = "previous"
_SAME_MARGIN: Final = 1e-6  # log-odds


@dataclass(frozen=True, slots=True)
class Promotion:
    """Which bundle now serves and which did before (digests; None where none did)."""

    digest: str
    previous: str | None
    run_id: str


def promote(store: Path, source: Path) -> Promotion:
    """Verify a bundle, score with it once, place it in the store and make it the current one.

    Args:
        store: The store, whose public key must have signed the bundle.
        source: The bundle's folder.

    Raises:
        BundleError: the bundle is altered, or of another feature schema; the current one stays.
    """
    bundle = _tried(store, source)
    _place(store, source, bundle)
    before = _named(store, CURRENT)
    if before is not None and before != bundle.digest:
        _write_name(store / _PREVIOUS, before)
    _write_name(store / CURRENT, bundle.digest)
    return Promotion(bundle.digest, before, bundle.manifest.run_id)


def roll_back(store: Path) -> Promotion:
    """Make the previous bundle the current one; rolling back twice returns to where it began.

    Raises:
        InputError: no bundle was current before this one.
        BundleError: the previous bundle is altered; the current one stays.
    """
    before, wanted = _named(store, CURRENT), _named(store, _PREVIOUS)
    if wanted is None or wanted == before:
        raise InputError("a bundle that was current before", "none", advice="promote a run: 'aftc promote RUN'")
    bundle = _tried(store, placed_folder(store, wanted))
    if before is not None:
        _write_name(store / _PREVIOUS, before)
    _write_name(store / CURRENT, wanted)
    return Promotion(wanted, before, bundle.manifest.run_id)


def copy_bundle(store: Path, source: Path, target: Path) -> Bundle:
    """Copy a verified bundle into a new folder, whole or not at all.

    Raises:
        BundleError: the bundle is altered.
        InputError: the target is there already.
    """
    bundle = load_bundle(source, load_public_key(public_key_path(store)))
    if target.exists():
        raise InputError("a new folder", "one that is there", advice="choose another", subject=str(target))
    _copy(source, target)
    return bundle


def _place(store: Path, source: Path, bundle: Bundle) -> None:
    """Copy a bundle into the store under its digest; one that is there already must be sound."""
    target = placed_folder(store, bundle.digest)
    if not target.exists():
        _copy(source, target)
    load_placed(store, bundle.digest)


def _copy(source: Path, target: Path) -> None:
    arriving = target.with_name(f".{uuid4().hex}")
    shutil.copytree(source, arriving)
    for file in arriving.iterdir():
        _sync(file)
    arriving.rename(target)
    _sync(target.parent)


def _tried(store: Path, folder: Path) -> Bundle:
    """A verified bundle that has scored and explained a vector: so its kernels are compiled and cached."""
    bundle = load_bundle(folder, load_public_key(public_key_path(store)))
    Model(bundle)  # raises where a scorer could not serve with it
    facts = np.zeros((1, SCHEMA.fact_columns), dtype=np.int64)
    vector = assemble(SCHEMA, facts, np.zeros((1, len(SCHEMA.windows)), dtype=np.int64))
    margins = Scorer(bundle).score(vector).margins[0].tolist()
    for entry, margin in zip(bundle.manifest.threats, margins, strict=True):
        told = float(contributions(bundle.trees_of(entry.threat), vector[0]).sum())
        if abs(told - margin) > _SAME_MARGIN:
            raise BundleError("reasons that sum to the margin", f"{told} for {margin}", subject=entry.threat)
    return bundle


def _named(store: Path, pointer: str) -> str | None:
    path = store / pointer
    return path.read_text().strip() if path.exists() else None


def _write_name(path: Path, digest: str) -> None:
    arriving = path.with_name(f".{path.name}.{uuid4().hex}")
    arriving.write_text(digest + "\n")
    _sync(arriving)
    os.replace(arriving, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
