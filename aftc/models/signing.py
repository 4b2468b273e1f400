"""Ed25519 keys of bundles: made once, kept as PEM, the private one readable by its owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from aftc.errors import BundleError

__all__ = ["create_key", "load_private_key", "load_public_key", "verify"]


def create_key(private: Path, public: Path) -> Ed25519PrivateKey:
    """Make a key pair: `private` with mode 0600, `public` for everyone.

    Raises:
        BundleError: one of the files exists; a key is never overwritten.
    """
    for path in (private, public):
        if path.exists():
            raise _occupied(path)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    known = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    _write_new(private, secret, 0o600)
    _write_new(public, known, 0o644)
    return key


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The signing key of a PEM file.

    Raises:
        BundleError: missing, no Ed25519 key, or readable by others than its owner.
    """
    raw = _read(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BundleError(
            "a private key that only its owner may read",
            "wider permissions",
            advice="set mode 0600 and consider a new key",
            subject=str(path),
        )
    try:
        key = serialization.load_pem_private_key(raw, password=None)
    except (ValueError, TypeError) as error:
        raise BundleError("an unencrypted private key in PEM", str(error), subject=str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BundleError("an Ed25519 private key", type(key).__name__, subject=str(path))
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """The trusted key of a PEM file.

    Raises:
        BundleError: missing, or no Ed25519 key.
    """
    try:
        key = serialization.load_pem_public_key(_read(path))
    except ValueError as error:
        raise BundleError("a public key in PEM", str(error), subject=str(path)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise BundleError("an Ed25519 public key", type(key).__name__, subject=str(path))
    return key


def verify(trusted: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether the trusted key made this signature over these bytes."""
    try:
        trusted.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError("a readable key file", error.strerror or type(error).__name__, subject=str(path)) from error


def _write_new(path: Path, raw: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise _occupied(path) from error
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)  # the umask may have narrowed or the file system widened it
        file.write(raw)


def _occupied(path: Path) -> BundleError:
    advice = "move both files of the pair away to make a new one"
    return BundleError("no key yet", "one that would be overwritten", advice=advice, subject=str(path))
