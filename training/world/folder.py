"""A world's folder: messages by stream with their received times, the truth apart, and what the world is.

    FOLDER/messages/STREAM/NAME.EXTENSION   native messages; large streams in subfolders by the name's first sign
    FOLDER/messages/STREAM/received.csv     file and known-at of each message beside it
    FOLDER/truth/truth.parquet              see `training.world.truth`
    FOLDER/world.json                       parameters, counts, digest of all other files

It is written beside its place and moved there when complete, so that an interrupted run leaves nothing half-made.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aftc.clock import Instant, format_instant
from aftc.streams import cuscar, ens, ferry_booking, ferry_check_in, gmr, outcome
from training.world.dispatch import Dispatch

__all__ = ["MOST_FILES", "Staging", "Tree", "native", "write_messages"]

MOST_FILES = 20_000  # a folder with more is slow to list

_EXTENSIONS = {
    "ens": "xml",
    "gmr": "json",
    "cuscar": "edi",
    "ferry_booking": "json",
    "ferry_check_in": "json",
    "outcome": "json",
}
_BUILDERS: dict[str, Callable[..., bytes]] = {
    "ens": ens.build,
    "gmr": gmr.build,
    "cuscar": cuscar.build,
    "ferry_booking": ferry_booking.build,
    "ferry_check_in": ferry_check_in.build,
    "outcome": outcome.build,
}
_REPORT_EVERY = 500


class Tree:
    """Writes files below a root and digests them on the way, so that none is read again."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._digests: dict[str, str] = {}
        self._folders: set[str] = set()

    def write(self, path: str, raw: bytes) -> None:
        """Write a new file; its folders are made as needed.

        Args:
            path: Below the root, with forward slashes.
            raw: Its content.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            Path(self._root, folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        with open(f"{self._root}/{path}", "xb") as file:
            file.write(raw)
        self._digests[path] = sha256(raw).hexdigest()

    def digest(self) -> str:
        """SHA-256 over paths and digests of the files written so far, in the order of their paths."""
        lines = (f"{path} {self._digests[path]}\n" for path in sorted(self._digests))
        return sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Staging:
    """Where a folder is made before it is moved to its place."""

    target: Path

    @property
    def path(self) -> Path:
        """The sibling that is written to."""
        return self.target.parent / f".{self.target.name}.partial"

    def __enter__(self) -> Path:
        """An empty sibling; what an earlier, killed run left is removed."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        return self.path

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Move it to its place where all went well; nothing stays behind."""
        try:
            if kind is None:
                self.path.replace(self.target)
        finally:
            shutil.rmtree(self.path, ignore_errors=True)


def write_messages(
    tree: Tree, dispatches: Iterable[Dispatch], expected: dict[str, int], progress: Callable[[int, int], None] | None
) -> dict[str, int]:
    """Write every message and the sidecars; the number of messages by stream.

    Args:
        tree: Of the world's folder.
        dispatches: What to write.
        expected: Messages of each stream, roughly: decides whether it needs subfolders.
        progress: Called with messages written and messages expected.
    """
    received: dict[str, list[tuple[str, Instant]]] = defaultdict(list)
    counts = dict.fromkeys(_EXTENSIONS, 0)
    total = sum(expected.values())
    for written, dispatch in enumerate(dispatches, start=1):
        folder = _folder(dispatch, expected[dispatch.stream])
        name = f"{dispatch.name}.{_EXTENSIONS[dispatch.stream]}"
        tree.write(f"{folder}/{name}", native(dispatch))
        received[folder].append((name, dispatch.received))
        counts[dispatch.stream] += 1
        if progress and written % _REPORT_EVERY == 0:
            progress(min(written, total), total)
    for folder, rows in received.items():
        lines = [f"{name},{format_instant(instant)}\n" for name, instant in sorted(rows)]
        tree.write(f"{folder}/received.csv", f"file,received\n{''.join(lines)}".encode())
    if progress:
        progress(total, total)
    return counts


def native(dispatch: Dispatch) -> bytes:
    """The message of a dispatch, in its stream's own format."""
    return _BUILDERS[dispatch.stream](dispatch.record)


def _folder(dispatch: Dispatch, files: int) -> str:
    folder = f"messages/{dispatch.stream}"
    return f"{folder}/{dispatch.name[0]}" if files > MOST_FILES else folder
