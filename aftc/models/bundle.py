"""A bundle: one directory that holds a model and everything needed to score, explain and judge it.

    model.onnx      the graph: vectors to margins and calibrated probabilities of all threats
    trees.npz       tree tables, from which reasons are computed
    card.md         the model card
    manifest.json   what it was made from, and the SHA-256 of each file above
    manifest.sig    Ed25519 signature over the manifest's bytes

Load is verify, then construct: the signature first, then every file's digest, and only bytes so verified are parsed.
Parsing proves nothing: a flipped bit in a graph may load and score differently.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from aftc.errors import BundleError
from aftc.models import signing, tables
from aftc.models.manifest import FileDigest, Manifest, decode, encode
from aftc.models.tables import TreeTables
from aftc.records import Threat

__all__ = ["Bundle", "BundleContents", "load_bundle", "write_bundle"]

GRAPH: Final = "model.onnx"
TREES: Final = "trees.npz"
CARD: Final = "card.md"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"

_AGAIN: Final = "do not use it; restore the bundle from its run, or roll back to the previous one"


@dataclass(frozen=True, slots=True)
class BundleContents:
    """What goes into a bundle.

    Attributes:
        manifest: Without `files`, which writing fills in.
        graph: Bytes of the ONNX graph.
        trees: One for each fitted threat, in the manifest's order.
        card: Markdown.
    """

    manifest: Manifest
    graph: bytes
    trees: tuple[TreeTables, ...]
    card: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle in memory.

    Attributes:
        digest: SHA-256 of the manifest's bytes, in hex: the bundle's name.
        trees: Parallel to the manifest's fitted threats.
    """

    digest: str
    manifest: Manifest
    graph: bytes
    trees: tuple[TreeTables, ...]
    card: str

    def trees_of(self, threat: Threat) -> TreeTables:
        """Tables that explain a threat: its own, or those of `any` for a fallback.

        Raises:
            BundleError: the bundle does not score this threat.
        """
        entry = next((each for each in self.manifest.threats if each.threat == threat), None)
        if entry is None:
            raise BundleError(f"a threat of the bundle {self.digest[:12]}", threat)
        return self.trees[self.manifest.fitted.index(threat if entry.fitted else Threat.ANY)]

    def require_schema(self, digest: str) -> None:
        """Refuse to score vectors of another feature schema.

        Raises:
            BundleError: this bundle was trained on another schema.
        """
        if self.manifest.schema_digest != digest:
            raise BundleError(
                f"a bundle for the feature schema {digest[:12]}",
                f"one for {self.manifest.schema_digest[:12]}",
                advice="train with this version of the features, or run the version that the bundle was made with",
                subject=self.digest[:12],
            )


def write_bundle(folder: Path, contents: BundleContents, private_key: Ed25519PrivateKey) -> str:
    """Write a bundle into a new folder; the same contents and key give the same bytes.

    Returns:
        The bundle's digest.

    Raises:
        BundleError: the folder exists and is not empty, or the contents do not fit together.
    """
    fitted = contents.manifest.fitted
    if len(fitted) != len(contents.trees):
        raise BundleError(f"tree tables of {len(fitted)} fitted threats", str(len(contents.trees)), subject=TREES)
    files = {
        GRAPH: contents.graph,
        TREES: tables.pack(dict(zip(fitted, contents.trees, strict=True))),
        CARD: contents.card.encode(),
    }
    listed = tuple(FileDigest(name, len(raw), sha256(raw).hexdigest()) for name, raw in files.items())
    manifest = encode(replace(contents.manifest, files=listed))
    files |= {MANIFEST: manifest, SIGNATURE: private_key.sign(manifest)}
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BundleError("a new or empty folder", "files in it", advice="choose another folder", subject=str(folder))
    for name, raw in files.items():
        _write(folder / name, raw)
    return sha256(manifest).hexdigest()


def load_bundle(folder: Path, trusted: Ed25519PublicKey) -> Bundle:
    """Verify a bundle and construct it from the verified bytes.

    Raises:
        BundleError: names the file that is missing, superfluous, altered or unreadable.
    """
    manifest_raw = _read(folder, MANIFEST)
    if not signing.verify(trusted, _read(folder, SIGNATURE), manifest_raw):
        raise _refusal(
            folder, MANIFEST, "the trusted key's signature over its bytes", "another signature or other bytes"
        )
    manifest = decode(manifest_raw)
    _check_names(folder, manifest)
    raw = {each.name: _verified(folder, each) for each in manifest.files}
    trees = tables.unpack(raw[TREES], tuple(manifest.fitted), len(manifest.features))
    return Bundle(sha256(manifest_raw).hexdigest(), manifest, raw[GRAPH], trees, raw[CARD].decode())


def _check_names(folder: Path, manifest: Manifest) -> None:
    listed = [each.name for each in manifest.files]
    if sorted(listed) != sorted((GRAPH, TREES, CARD)):
        raise _refusal(folder, MANIFEST, f"{GRAPH}, {TREES} and {CARD} listed once each", ", ".join(listed) or "none")
    present = {each.name for each in folder.iterdir()}
    for name in sorted(present - {*listed, MANIFEST, SIGNATURE}):
        raise _refusal(folder, name, "only the files that the manifest lists", "a file more")


def _verified(folder: Path, listed: FileDigest) -> bytes:
    raw = _read(folder, listed.name)
    if len(raw) != listed.size or sha256(raw).hexdigest() != listed.sha256:
        raise _refusal(folder, listed.name, "the bytes that the manifest lists", "other bytes")
    return raw


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise _refusal(folder, name, "a readable file", error.strerror or type(error).__name__) from error


def _refusal(folder: Path, name: str, expected: str, found: str) -> BundleError:
    return BundleError(expected, found, advice=_AGAIN, subject=str(folder / name))


def _write(path: Path, raw: bytes) -> None:
    """Write and sync: a bundle may be named as current right after this."""
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
