"""Keys: made once, private to their owner, and nothing else taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from aftc.errors import BundleError
from aftc.models.signing import create_key, load_private_key, load_public_key, verify


def test_a_created_pair_signs_and_verifies(tmp_path: Path) -> None:
    """The private file, mode 0600, signs what the public file verifies, and only that."""
    private, public = tmp_path / "keys" / "bundle.pem", tmp_path / "keys" / "bundle.pub"
    create_key(private, public)
    assert private.stat().st_mode & 0o777 == 0o600
    signature = load_private_key(private).sign(b"manifest")
    trusted = load_public_key(public)
    assert verify(trusted, signature, b"manifest")
    assert not verify(trusted, signature, b"manifesto")
    assert not verify(trusted, signature[:-1], b"manifest")
    assert not verify(trusted, b"", b"manifest")


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """Where either file exists nothing is written."""
    private, public = tmp_path / "bundle.pem", tmp_path / "bundle.pub"
    public.write_text("mine")
    with pytest.raises(BundleError, match=r"bundle\.pub: expected no key yet"):
        create_key(private, public)
    assert not private.exists()
    assert public.read_text() == "mine"


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Permissions wider than the owner's are refused with what to do."""
    create_key(tmp_path / "bundle.pem", tmp_path / "bundle.pub")
    (tmp_path / "bundle.pem").chmod(0o640)
    with pytest.raises(BundleError, match="set mode 0600"):
        load_private_key(tmp_path / "bundle.pem")


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    """Missing files, other text, the other half of the pair and other kinds of key are refused."""
    create_key(tmp_path / "bundle.pem", tmp_path / "bundle.pub")
    other = generate_private_key(SECP256R1())
    (tmp_path / "text").write_text("hello")
    (tmp_path / "ec.pem").write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "ec.pub").write_bytes(
        other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for path in tmp_path.iterdir():
        path.chmod(0o600)
    for name in ("nowhere", "text", "ec.pem", "bundle.pub"):
        with pytest.raises(BundleError, match=name):
            load_private_key(tmp_path / name)
    for name in ("nowhere", "text", "ec.pub", "bundle.pem"):
        with pytest.raises(BundleError, match=name):
            load_public_key(tmp_path / name)
