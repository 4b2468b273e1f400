"""Files as messages: what a folder holds, when each was received, and why a file is none.

Received times stand in a sidecar `received.csv` beside the messages: columns `file` (name in the same folder) and
`received` (RFC 3339 with a zone); or in the names of files that a scorer spooled (`spooled_name`), where several
processes write and none may own a sidecar. A file without one is received when it is taken. Bytes are read once to
number them and again when they are taken, so that a spool may be larger than memory.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from stat import S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import Instant, parse_instant
from aftc.errors import InputError, MalformedMessage
from aftc.records import Message

__all__ = [
    "SIDECAR",
    "SpoolFile",
    "is_schema",
    "load",
    "no_message",
    "order",
    "plain_source",
    "scan",
    "source_of",
    "spooled_name",
]

SIDECAR = "received.csv"

PEEK_BYTES = 4_096  # a JSON Schema names itself within these

_SUFFIXES = {
    ".xsd": "an XML schema",
    ".xsl": "an XML stylesheet",
    ".xslt": "an XML stylesheet",
    ".ctl": "a control file of expected errors",
    ".yaml": "an API description",
    ".yml": "an API description",
    ".parquet": "a table: one is ingested with --mapping",
    ".md": "documentation",
    ".rst": "documentation",
    ".license": "a licence",
    ".tmp": "a file still being written",
    ".part": "a file still being written",
}
_NAMES = re.compile(r"(?:licen[cs]e|copying|notice|readme|changelog)(?:[-.].*)?", re.IGNORECASE)
_SPOOLED = re.compile(r"(\d{16})-[0-9a-f]{64}-[A-Za-z0-9._]+\.msg")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._]+")
SOURCE_SHOWN = 80  # characters of a source in a name; names hold 255 bytes
_JSON_SCHEMA = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{.*?"\$schema"\s*:', re.DOTALL)


class SpoolFile(Struct, frozen=True, gc=False):  # a spool may hold millions: a few hundred bytes for each
    """A file found.

    Attributes:
        name: Where it is: its path, as text.
        known_at: When it was received; None where no sidecar says.
        skipped: Why it is no message; None for a message.
        digest: SHA-256 of its bytes; empty where skipped.
        size: Bytes.
    """

    name: str
    known_at: Instant | None
    skipped: str | None
    digest: bytes = b""
    size: int = 0

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.name)


def scan(paths: Sequence[Path]) -> list[SpoolFile]:
    """All files under the paths, in the order of their paths, links last; a file reached twice is skipped once.

    Raises:
        InputError: a path that is not there, or a sidecar that cannot be read.
    """
    received: dict[Path, dict[str, Instant]] = {}
    found = []
    seen: dict[object, str] = {}
    for name in _each(paths):
        first = seen.setdefault(_identity(name), name)
        if first is not name:
            found.append(SpoolFile(name, None, f"the same file as {first}"))
            continue
        path = Path(name)
        folder = path.parent
        if folder not in received:
            received[folder] = _sidecar(folder / SIDECAR)
        found.append(_examined(path, received[folder].get(path.name, _received_by_name(path.name))))
    return found


def spooled_name(received: Instant, digest: str, source: str) -> str:
    """Name of a spooled message's file: received (instant), SHA-256 of its bytes in hex, and the source for people.

    >>> spooled_name(1_770_000_000_000_000, "ab" * 32, "port of Dover")[:20], spooled_name(0, "", "port of Dover")[18:]
    ('1770000000000000-aba', 'port_of_Dover.msg')
    """
    return f"{received:016d}-{digest}-{plain_source(source)}.msg"


def plain_source(source: str) -> str:
    """A sender's name of itself, of bounded length and without signs that mean anything in a path.

    >>> plain_source("port of Dover"), plain_source("")
    ('port_of_Dover', 'unnamed')
    """
    return _NOT_PLAIN.sub("_", source)[:SOURCE_SHOWN] or "unnamed"


def _received_by_name(name: str) -> Instant | None:
    spooled = _SPOOLED.fullmatch(name)
    return int(spooled[1]) if spooled else None


def _identity(name: str) -> object:
    """What tells files apart, whatever leads to them."""
    try:
        status = os.stat(name)
    except OSError:
        return name
    return status.st_dev << 64 | status.st_ino


def _each(paths: Iterable[Path]) -> list[str]:
    """Every file under the paths, what stands there itself before what only links to it."""
    for path in paths:
        if not path.exists():
            raise InputError("a file or folder", f"nothing at {path}", advice="check the path")
    found = [each for path in paths for each in sorted(_files(path))]
    return sorted(found, key=os.path.islink)


def _files(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield str(path)
        return
    try:
        with os.scandir(path) as entries:
            for each in entries:
                if not each.is_dir():
                    yield each.path
                elif not each.is_symlink():
                    yield from _files(Path(each))
    except PermissionError as error:
        raise InputError(f"a folder that may be read at {path}", str(error.strerror)) from error


def _sidecar(path: Path) -> dict[str, Instant]:
    if not path.is_file():
        return {}
    times = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for number, row in enumerate(csv.DictReader(rows, strict=True), start=2):
                if not row.get("file") or not row.get("received"):
                    raise InputError(f"file and received in line {number} of {path}", repr(dict(row))[:100])
                times[row["file"]] = parse_instant(row["received"])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"a CSV table of file and received in {path}", str(error)) from error
    except MalformedMessage as error:
        raise InputError(f"received as an RFC 3339 time with its zone in {path}", error.found) from error
    return times


def _examined(path: Path, known_at: Instant | None) -> SpoolFile:
    skipped = no_message(path) or _no_file(path)
    if skipped:
        return SpoolFile(str(path), known_at, skipped)
    try:
        with path.open("rb") as content:
            if is_schema(path, content.read(PEEK_BYTES)):
                return SpoolFile(str(path), known_at, "a JSON Schema")
            content.seek(0)
            digest = hashlib.file_digest(content, "sha256").digest()
            return SpoolFile(str(path), known_at, None, digest, content.tell())
    except OSError as error:
        return SpoolFile(str(path), known_at, f"cannot be read: {error.strerror}")


def no_message(path: PurePath) -> str | None:
    """Why a file is no message, by its name."""
    if path.name == SIDECAR:
        return "the sidecar of received times"
    if path.name.startswith("."):
        return "a hidden file"
    if _NAMES.fullmatch(path.name):
        return "documentation or a licence"
    return _SUFFIXES.get(path.suffix.lower())


def is_schema(path: PurePath, head: bytes) -> bool:
    """Whether a file is a JSON Schema, by its name and first bytes."""
    return path.suffix == ".json" and _JSON_SCHEMA.match(head) is not None


def _no_file(path: Path) -> str | None:
    """Why what stands at a path is never opened."""
    try:
        return None if S_ISREG(path.stat().st_mode) else "not a regular file"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def order(files: Iterable[SpoolFile], now: Instant) -> list[SpoolFile]:
    """The messages among the files in the order in which they are numbered: by known-at, then digest.

    Args:
        files: As `scan` found them; skipped ones are left out.
        now: The known-at of those that no sidecar dates.
    """
    taken = (each for each in files if each.skipped is None)
    dated = (replace(each, known_at=now) if each.known_at is None else each for each in taken)
    return sorted(dated, key=_place)


def _place(file: SpoolFile) -> tuple[Instant, bytes, str]:
    return file.known_at or 0, file.digest, file.name


def load(file: SpoolFile, now: Instant) -> Message:
    """The message of a file, its bytes read now.

    Raises:
        InputError: the file has gone or changed since it was scanned.
    """
    try:
        with open(file.name, "rb") as content:  # a path would be parsed anew for each of millions
            raw = content.read()
    except OSError as error:
        raise InputError(f"the file {file.path} as scanned", str(error.strerror), advice="scan again") from error
    if hashlib.sha256(raw).digest() != file.digest:
        raise InputError(f"the file {file.path} as scanned", "other bytes", advice="scan again")
    return Message(raw, now if file.known_at is None else file.known_at, source_of(file.name))


def source_of(name: str) -> str:
    """How the journal names a file: names need not be UTF-8, the journal is."""
    return name.encode("utf-8", "backslashreplace").decode()
