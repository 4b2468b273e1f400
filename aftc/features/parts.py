"""Files of numbered parts: what one step of a batch leaves for the next, each part under its SHA-256.

A file is written whole under another name and then named, so that one that is there is finished. What an earlier run
left is checked before it is used; what this run wrote is not checked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

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
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            count = int.from_bytes(file.read(8), "little")
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
        """A part."""
        length = self.length(number)
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._first + int(self._directory["end"][number]) - length)
            return file.read(length)

    def sound(self) -> bool:
        """Whether every part is as it was written."""
        digests = self._directory["digest"]
        return all(sha256(self.read(place)).digest() == digests[place].tobytes() for place in range(len(self)))


def finished(path: Path) -> bool:
    """Whether a file is there and every part as it was written."""
    try:
        return Parts(path).sound()
    except (FileNotFoundError, ValueError):
        return False
