"""Files of numbered parts: what one step of a batch leaves for the next, each part under its SHA-256.

A file is written whole under another name and then named, so that one that is there is finished; a part is checked
whenever it is read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from aftc.errors import HistoryError

__all__ = ["Parts", "finished", "write_parts"]

_DIRECTORY: Final = np.dtype([("end", "<i8"), ("digest", "V32")])


def write_parts(path: Path, parts: Sequence[bytes]) -> None:
    """Write the parts of a file, which are numbered from 0."""
    directory = np.zeros(len(parts), _DIRECTORY)
    directory["end"] = np.cumsum([len(part) for part in parts])
    for place, part in enumerate(parts):
        directory[place]["digest"] = np.void(sha256(part).digest())
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(len(parts).to_bytes(8, "little"))
        file.write(directory.tobytes())
        file.writelines(parts)
    unfinished.replace(path)


class Parts:
    """A finished file's parts.

    Args:
        path: The file.

    Raises:
        HistoryError: a file that is not one of `write_parts`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            count = int.from_bytes(file.read(8), "little")
            room = os.fstat(file.fileno()).st_size - 8
            if count * _DIRECTORY.itemsize > room:
                raise self._damaged("a directory of its parts")
            raw = file.read(count * _DIRECTORY.itemsize)
        self._directory = np.frombuffer(raw, _DIRECTORY)
        self._first = 8 + len(raw)

    def __len__(self) -> int:
        return len(self._directory)

    def length(self, number: int) -> int:
        """Bytes of a part."""
        before = self._directory["end"][number - 1] if number else 0
        return int(self._directory["end"][number] - before)

    def read(self, number: int) -> bytes:
        """A part.

        Raises:
            HistoryError: other bytes than were written.
        """
        length = self.length(number)
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._first + int(self._directory["end"][number]) - length)
            part = file.read(length)
        if sha256(part).digest() != self._directory[number]["digest"].tobytes():
            raise self._damaged(f"part {number} as it was written")
        return part

    def _damaged(self, expected: str) -> HistoryError:
        return HistoryError(
            expected,
            "other bytes",
            advice="run the same command again: it makes what is damaged anew",
            subject=str(self._path),
        )


def finished(path: Path) -> bool:
    """Whether a file is there and every part as it was written."""
    try:
        parts = Parts(path)
        for number in range(len(parts)):
            parts.read(number)
    except (FileNotFoundError, HistoryError, ValueError):
        return False
    return True
