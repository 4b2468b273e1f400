"""A world's folder: messages by stream with their received times, the truth apart, and what the world is.

    FOLDER/messages/STREAM/NAME.EXTENSION   native messages; large streams in subfolders by the name's first sign
    FOLDER/messages/STREAM/received.csv     file and known-at of each message beside it
    FOLDER/truth/truth.parquet              see `training.world.truth`
    FOLDER/world.json                       parameters, counts, digest of all files

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

__all__ = ["MOST_FILES", "Staging", "native", "tree_digest", "write_messages"]

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
    folder: Path, dispatches: Iterable[Dispatch], expected: dict[str, int], progress: Callable[[int, int], None] | None
) -> dict[str, int]:
    """Write every message and the sidecars; the number of messages by stream.

    Args:
        folder: FOLDER/messages.
        dispatches: What to write.
        expected: Most messages of each stream: decides whether it needs subfolders.
        progress: Called with messages written and messages expected.
    """
    received: dict[Path, list[tuple[str, Instant]]] = defaultdict(list)
    counts = dict.fromkeys(_EXTENSIONS, 0)
    total = sum(expected.values())
    for written, dispatch in enumerate(dispatches, start=1):
        place = _place(folder / dispatch.stream, dispatch.name, expected[dispatch.stream])
        if place not in received:
            place.mkdir(parents=True, exist_ok=True)
        name = f"{dispatch.name}.{_EXTENSIONS[dispatch.stream]}"
        (place / name).write_bytes(native(dispatch))
        received[place].append((name, dispatch.received))
        counts[dispatch.stream] += 1
        if progress and written % _REPORT_EVERY == 0:
            progress(min(written, total), total)
    for place, rows in received.items():
        _write_sidecar(place, rows)
    if progress:
        progress(total, total)
    return counts


def native(dispatch: Dispatch) -> bytes:
    """The message of a dispatch, in its stream's own format."""
    return _BUILDERS[dispatch.stream](dispatch.record)


def _write_sidecar(folder: Path, rows: list[tuple[str, Instant]]) -> None:
    lines = [f"{name},{format_instant(instant)}\n" for name, instant in sorted(rows)]
    (folder / "received.csv").write_text("file,received\n" + "".join(lines), encoding="ascii")


def _place(folder: Path, name: str, files: int) -> Path:
    return folder / name[0] if files > MOST_FILES else folder


def tree_digest(folder: Path) -> str:
    """SHA-256 over the relative paths and contents of all files of a folder, in the order of their paths."""
    whole = sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        whole.update(f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
