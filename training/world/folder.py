"""A world's folder: made beside its place and moved there when complete, so that nothing half-made is ever in place.

    FOLDER/messages/STREAM/week-NNN/NAME.EXTENSION   native messages; very many in subfolders by the name's first sign
    FOLDER/messages/STREAM/week-NNN/received.csv     file and known-at of each message beside it
    FOLDER/records/STREAM/week-NNN.parquet           instead of the above where records were asked for
    FOLDER/truth/truth.parquet                       see `training.world.truth`
    FOLDER/truth/messages.parquet                    one row a message made: when received, about whom, what went wrong
    FOLDER/world.json                                parameters, counts, digest of all other files

A week's folder of messages holds those about the week's arrivals, whenever they were received.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from aftc.errors import InputError

__all__ = ["Staging", "folder_digest", "no_room"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MEGABYTE = 1_000_000


def folder_digest(digests: Mapping[str, str]) -> str:
    """Digest of a folder: SHA-256 over the names of its members in order, each with its digest, a line each.

    >>> inner = folder_digest({"b": "22"})
    >>> folder_digest({"a": "11", "c/b": "22"}) == folder_digest({"a": "11", "c": inner})
    True

    Args:
        digests: Of files (SHA-256 of their bytes) or of whole folders, by their paths below it.
    """
    members: dict[str, str] = {}
    inner: dict[str, dict[str, str]] = {}
    for path, digest in digests.items():
        name, _, rest = path.partition("/")
        if rest:
            inner.setdefault(name, {})[rest] = digest
        else:
            members[name] = digest
    members |= {name: folder_digest(within) for name, within in inner.items()}
    return sha256("".join(f"{name} {members[name]}\n" for name in sorted(members)).encode()).hexdigest()


class Staging:
    """Where a folder is made before it is moved to its place; one run at a time.

    Args:
        target: Its place: absent, or an empty folder.

    Raises:
        InputError: another run makes it now.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._path = target.parent / f".{target.name}.partial"
        self._lock = -1

    def __enter__(self) -> Path:
        """An empty sibling; what an earlier, killed run left is removed."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            self._claim()
            self._remove()
        self._path.mkdir()
        self._claim()
        return self._path

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Move it to its place where all went well; nothing stays behind."""
        try:
            if kind is None:
                self._path.replace(self._target)
        finally:
            self._remove()

    def _claim(self) -> None:
        """Hold the folder until this process ends or removes it."""
        self._lock = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            found = f"another run that makes it in {self._path}"
            raise InputError(
                f"to make {self._target}", found, advice="wait until it ends, or choose another folder"
            ) from error

    def _remove(self) -> None:
        shutil.rmtree(self._path, ignore_errors=True)
        os.close(self._lock)


def no_room(error: OSError, folder: Path, needed: int) -> InputError | None:
    """What to tell where an error of the system means that there is no room; None where it means something else.

    Args:
        error: As the system told it.
        folder: What was to be made.
        needed: Bytes, about.
    """
    if error.errno not in _FULL:
        return None
    limited = error.errno == errno.EFBIG
    found = os.strerror(error.errno) + (" by the limit on the size of files (ulimit -f)" if limited else "")
    mending = "raise the limit" if limited else "make room"
    free = shutil.disk_usage(next(each for each in folder.parents if each.exists())).free
    return InputError(
        f"room for about {_megabytes(needed)} in {folder}",
        f"{found}; nothing was left there, {_megabytes(free)} are free",
        advice=f"{mending}, choose another --out, or ask for fewer --consignments",
    )


def _megabytes(count: int) -> str:
    return f"{max(count // _MEGABYTE, 1):,} MB"
