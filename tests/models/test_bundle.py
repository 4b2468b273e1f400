"""Bundles: written the same, loaded only when every byte is as signed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aftc.errors import BundleError
from aftc.models.bundle import load_bundle, write_bundle
from aftc.models.manifest import Manifest, decode, encode
from aftc.models.tables import ARRAY_TYPES, pack
from aftc.records import Threat
from tests.models.a_bundle import CALIBRATION, KEY, contents

FILES = ("card.md", "manifest.json", "manifest.sig", "model.onnx", "trees.npz")
FLIPS = 40  # of each file, at places drawn with a fixed seed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a bundle."""
    write_bundle(tmp_path / "bundle", contents(), KEY)
    return tmp_path / "bundle"


def test_what_was_written_is_loaded(folder: Path) -> None:
    """A loaded bundle holds what was written, and its name is the SHA-256 of the manifest."""
    bundle = load_bundle(folder, KEY.public_key())
    wanted = contents()
    assert bundle.digest == sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert replace(bundle.manifest, files=()) == wanted.manifest
    assert (bundle.graph, bundle.card) == (wanted.graph, wanted.card)
    for name in ARRAY_TYPES:
        loaded, given = getattr(bundle.trees[0], name), getattr(wanted.trees[0], name)
        assert np.array_equal(loaded, given)
        assert loaded.flags.writeable
        assert loaded.flags.c_contiguous
        assert loaded.dtype == given.dtype


def test_the_same_contents_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Two folders written from one model are equal in every file, and so have one digest."""
    first = load_bundle(folder, KEY.public_key()).digest
    assert write_bundle(tmp_path / "again", contents(), KEY) == first
    assert sorted(path.name for path in folder.iterdir()) == list(FILES)
    assert all((folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_flipped_bit_is_refused(folder: Path, name: str) -> None:
    """Any single flipped bit of any file is refused with a file of the bundle named; 40 drawn flips a file."""
    path = folder / name
    sound = path.read_bytes()
    draw = random.Random(name)
    for place in {0, len(sound) - 1, *(draw.randrange(len(sound)) for _ in range(FLIPS))}:
        altered = bytearray(sound)
        altered[place] ^= 1 << draw.randrange(8)
        path.write_bytes(altered)
        named = "manifest.json" if name == "manifest.sig" else name
        with pytest.raises(BundleError, match=f"{named}: expected .*; do not use it"):
            load_bundle(folder, KEY.public_key())
    path.write_bytes(sound)
    load_bundle(folder, KEY.public_key())


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_truncated_or_longer_file_is_refused(folder: Path, name: str) -> None:
    """A file that is cut, lengthened, emptied or gone is refused."""
    path = folder / name
    sound = path.read_bytes()
    for altered in (sound[:-1], sound + b"\0", b""):
        path.write_bytes(altered)
        with pytest.raises(BundleError):
            load_bundle(folder, KEY.public_key())
    path.unlink()
    with pytest.raises(BundleError, match=f"{name}: expected a readable file"):
        load_bundle(folder, KEY.public_key())
    path.mkdir()
    with pytest.raises(BundleError, match=name):
        load_bundle(folder, KEY.public_key())


def test_a_file_more_is_refused(folder: Path) -> None:
    """A file that the manifest does not list is refused and named."""
    (folder / "hook.py").write_text("print('hello')")
    with pytest.raises(BundleError, match=r"hook\.py: expected only the files that the manifest lists"):
        load_bundle(folder, KEY.public_key())


def test_another_key_is_refused(folder: Path) -> None:
    """A bundle signed by a key that is not trusted is refused."""
    with pytest.raises(BundleError, match="the trusted key's signature"):
        load_bundle(folder, Ed25519PrivateKey.generate().public_key())


def test_no_bundle_is_refused(tmp_path: Path) -> None:
    """A folder without a bundle, and no folder, are refused with the file that is missing."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BundleError, match=r"manifest\.json: expected a readable file"):
            load_bundle(folder, KEY.public_key())


def _signed(folder: Path, change: Callable[[Manifest], Manifest]) -> None:
    """Sign an altered manifest with the trusted key: what a fault of our own would look like."""
    path = folder / "manifest.json"
    raw = encode(change(decode(path.read_bytes())))
    path.write_bytes(raw)
    (folder / "manifest.sig").write_bytes(KEY.sign(raw))


def test_a_signed_manifest_lists_the_three_files(folder: Path) -> None:
    """A signed manifest that lists fewer files, or one outside the folder, is refused."""
    _signed(folder, lambda manifest: replace(manifest, files=manifest.files[1:]))
    with pytest.raises(BundleError, match="listed once each"):
        load_bundle(folder, KEY.public_key())
    outside = "../model.onnx"
    _signed(folder, lambda manifest: replace(manifest, files=(replace(manifest.files[0], name=outside),)))
    with pytest.raises(BundleError, match="listed once each"):
        load_bundle(folder, KEY.public_key())


def test_writing_needs_an_empty_folder(folder: Path) -> None:
    """A bundle never overwrites another."""
    with pytest.raises(BundleError, match="a new or empty folder"):
        write_bundle(folder, contents(), KEY)


def test_writing_needs_tables_of_every_fitted_threat(tmp_path: Path) -> None:
    """Contents whose tables do not match the manifest are refused before anything is written."""
    with pytest.raises(BundleError, match="tree tables of 1 fitted threats"):
        write_bundle(tmp_path / "bundle", replace(contents(), trees=()), KEY)
    assert not (tmp_path / "bundle").exists()


def test_a_fallback_is_explained_by_any(folder: Path) -> None:
    """A fallback threat's tables are those of any; a threat that the bundle does not score is refused."""
    bundle = load_bundle(folder, KEY.public_key())
    assert bundle.trees_of(Threat.COCAINE) is bundle.trees_of(Threat.ANY) is bundle.trees[0]
    with pytest.raises(BundleError, match="a threat of the bundle"):
        bundle.trees_of(Threat.HEROIN)


def test_another_feature_schema_is_refused(folder: Path) -> None:
    """A bundle trained on other features is refused with what to do."""
    bundle = load_bundle(folder, KEY.public_key())
    bundle.require_schema("5c" * 32)
    with pytest.raises(BundleError, match="train with this version of the features"):
        bundle.require_schema("00" * 32)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda manifest: replace(manifest, format=2), "format 1"),
        (lambda manifest: replace(manifest, features=()), "at least one feature"),
        (lambda manifest: replace(manifest, threats=manifest.threats[1:]), "a fitted model for any"),
        (lambda manifest: replace(manifest, threats=manifest.threats[:1] * 2), "each threat once"),
        (lambda manifest: replace(manifest, threats=(replace(manifest.threats[0], share=0.5),)), "shares"),
        (
            lambda manifest: replace(
                manifest, threats=(replace(manifest.threats[0], calibration=replace(CALIBRATION, slope=-1.0)),)
            ),
            "rising calibrations",
        ),
        (
            lambda manifest: replace(manifest, quantiles=(replace(manifest.quantiles[0], values=(0.2, 0.1)),)),
            "ascending quantiles",
        ),
        (
            lambda manifest: replace(manifest, quantiles=(replace(manifest.quantiles[0], values=(float("nan"),)),)),
            "ascending quantiles",
        ),
        (
            lambda manifest: replace(manifest, metrics=(replace(manifest.metrics[0], low=float("nan")),)),
            "finite metrics",
        ),
        (
            lambda manifest: replace(manifest, thresholds=(replace(manifest.thresholds[0], probability=float("inf")),)),
            "finite metrics",
        ),
    ],
)
def test_a_manifest_that_contradicts_itself_is_never_written(
    change: Callable[[Manifest], Manifest], reason: str
) -> None:
    """Encoding refuses what decoding would refuse."""
    with pytest.raises(BundleError, match=reason):
        encode(change(contents().manifest))


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"run_id": 1}'])
def test_bytes_that_are_no_manifest_are_refused(raw: bytes) -> None:
    """Other JSON, no JSON and missing fields are refused."""
    with pytest.raises(BundleError, match=r"manifest\.json"):
        decode(raw)


def test_tables_are_packed_in_the_given_order() -> None:
    """The same tables under two threats give other bytes than under one, and each time the same."""
    tables = contents().trees[0]
    assert pack({"any": tables}) == pack({"any": tables}) != pack({"any": tables, "cocaine": tables})
