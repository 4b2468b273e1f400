"""What arrives, taken apart into single messages: archives, interchanges, arrays, lines; each an entry of its own.

A part is named by what it stands in: `FILE!MEMBER` in an archive, `FILE!3` for the third message of a file. What is
wrong with one part costs the others nothing: what cannot be got out is passed on as it is, and reading it gives the
reason. One level of archive is opened, none within it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from msgspec.structs import replace

from aftc.clock import Instant
from aftc.errors import RefusedEnvelope
from aftc.records import Message
from aftc.streams import recognise
from aftc.streams.archives import Member, looks_like_archive, unzipped
from aftc.streams.edifact import MOST_MESSAGES, looks_like_edifact
from aftc.streams.interchanges import split_interchanges
from aftc.streams.json_many import split_json
from aftc.streams.json_text import looks_like_json
from aftc.streams.not_kept import MOST_FILE_BYTES, not_kept
from aftc.streams.spool import PEEK_BYTES, SpoolFile, is_schema, load, no_message, source_of

__all__ = ["Skipped", "messages", "unpack"]

NAME_CHARACTERS = 200  # of a member's name in a source

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

Skipped = Callable[[str, str], None]
"""Told the source of a member that is no message, and why."""


def _untold(_source: str, _why: str) -> None:
    """For those who do not ask what was skipped."""


def messages(file: SpoolFile, now: Instant, skipped: Skipped) -> Iterator[Message]:
    """The messages in a file, in their order, its bytes read now; all are received when the file was.

    Args:
        file: As `aftc.streams.spool.scan` found it.
        now: The known-at of a file that nothing dates.
        skipped: Told of members of an archive that are no messages.

    Raises:
        InputError: the file has gone or changed since it was scanned.
    """
    if file.size > MOST_FILE_BYTES:
        known_at = now if file.known_at is None else file.known_at
        yield Message(not_kept(file.digest, file.size), known_at, source_of(file.name))
    else:
        yield from unpack(load(file, now), skipped)


def unpack(message: Message, skipped: Skipped = _untold) -> Iterator[Message]:
    """The messages in what came as one; itself where it is one or cannot be taken apart."""
    if not looks_like_archive(message.raw):
        yield from _several(message)
        return
    try:
        for member in unzipped(message.raw):
            yield from _of_member(message, member, skipped)
    except RefusedEnvelope:
        yield message


def _of_member(message: Message, member: Member, skipped: Skipped) -> Iterator[Message]:
    part = replace(message, raw=member.raw, source=f"{message.source}!{_member_name(member, message.source)}")
    why = _no_message(member)
    if why is not None:
        skipped(part.source, why)
    elif member.refused is not None:
        yield part
    else:
        yield from _several(part)


def _member_name(member: Member, source: str) -> str:
    """A name for people: printable, of bounded length; what a gzip file holds is named after the file."""
    name = member.name or PurePosixPath(source).name.removesuffix(".gz") or "content"
    return _UNPRINTABLE.sub("_", name)[:NAME_CHARACTERS]


def _no_message(member: Member) -> str | None:
    path = PurePosixPath(member.name)
    if any(part.startswith((".", "__MACOSX")) for part in path.parts):
        return "a hidden file"
    if member.refused is None and is_schema(path, member.raw[:PEEK_BYTES]):
        return "a JSON Schema"
    return no_message(path)


def _several(message: Message) -> Iterator[Message]:
    """The messages of a text; the text itself where it is one, or too many."""
    parts = _parts(message.raw)
    if parts is None:
        yield message
        return
    for number, part in enumerate(parts, start=1):
        yield replace(message, raw=part, source=f"{message.source}!{number}")


def _parts(raw: bytes) -> Iterable[bytes] | None:
    if looks_like_edifact(raw):
        return split_interchanges(raw)
    if looks_like_json(raw) and recognise(raw) is not None:
        parts = split_json(raw)
        return parts if parts is None or len(parts) <= MOST_MESSAGES else None
    return None
