"""Raw message files scored at once: read, linked above a snapshot and scored inline; nothing enters history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aftc.audit.record import AuditRecord
from aftc.config import Settings
from aftc.errors import AftcError, AuditError, InputError, StateUnreachable
from aftc.linking import link
from aftc.overlay import Overlay
from aftc.records import ConsignmentVersion, Message
from aftc.state import Snapshots, View, read_watermark
from aftc.streams import read
from aftc.streams.envelope import Skipped, messages
from aftc.streams.spool import SpoolFile, order, scan, source_of
from serving.inline import stored_version
from serving.scoring import Scoring

__all__ = ["FileScores", "Refused", "ScoredConsignment", "score_files"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or consignment that was not scored, and why."""

    source: str
    stage: str
    expected: str
    found: str
    advice: str


@dataclass(frozen=True, slots=True)
class ScoredConsignment:
    """A consignment that the files speak of, as joined with what the state knows."""

    version: ConsignmentVersion
    record: AuditRecord


@dataclass(frozen=True, slots=True)
class FileScores:
    """What became of the files: each message in them is taken or quarantined, what is none is skipped.

    Attributes:
        scored: One for each consignment that the files speak of.
        unscored: Consignments that the files speak of and that cannot be scored.
        taken: Messages that were read and linked, by where they stand.
        silent: Those of them that speak of no consignment (outcomes).
        quarantined: Messages that cannot be read.
        skipped: Files and members of archives that are no messages, with the reason.
    """

    scored: tuple[ScoredConsignment, ...]
    unscored: tuple[Refused, ...]
    taken: tuple[str, ...]
    silent: tuple[str, ...]
    quarantined: tuple[Refused, ...]
    skipped: tuple[tuple[str, str], ...]


def score_files(paths: Sequence[Path], state: Snapshots, scoring: Scoring, settings: Settings, now: int) -> FileScores:
    """Score every consignment that some files speak of, in the order in which the files were received.

    Args:
        paths: Files and folders.
        state: What is known so far; it does not change.
        scoring: The scoring path.
        settings: Limits and the linking window.
        now: The clock (instant), for files without a received time.

    Raises:
        InputError: a path is not there.
    """
    files = scan(paths)
    taken: dict[str, int] = {}
    quarantined: list[Refused] = []
    skipped = {source_of(each.name): each.skipped for each in files if each.skipped is not None}
    touched: dict[str, ConsignmentVersion] = {}
    with state.snapshot() as view:
        overlay = Overlay(view)
        for source, given in _messages(order(files, now), now, skipped.__setitem__):
            try:
                versions = _link(overlay, given, settings)
            except StateUnreachable:
                raise  # nor would the next ones be
            except AftcError as error:  # the others go on
                quarantined.append(_refused(source, error))
                continue
            taken[source] = len(versions)
            touched.update((version.consignment_id, version) for version in versions)
        scored, unscored = _score(scoring, view, touched.values())
    return FileScores(
        scored=scored,
        unscored=unscored,
        taken=tuple(taken),
        silent=tuple(path for path, versions in taken.items() if not versions),
        quarantined=tuple(quarantined),
        skipped=tuple(skipped.items()),
    )


def _score(
    scoring: Scoring, view: View, versions: Iterable[ConsignmentVersion]
) -> tuple[tuple[ScoredConsignment, ...], tuple[Refused, ...]]:
    scored: list[ScoredConsignment] = []
    unscored: list[Refused] = []
    for version in versions:
        if version.joined_into is not None:
            continue  # its successor is among them
        try:
            scored.append(ScoredConsignment(version, scoring.score_inline_in(view, version, "")))
        except (AuditError, StateUnreachable):
            raise  # no later one can be recorded or read either
        except AftcError as error:
            unscored.append(_refused(version.consignment_id, error))
    return tuple(scored), tuple(unscored)


def _messages(files: Iterable[SpoolFile], now: int, skipped: Skipped) -> Iterator[tuple[str, Message | AftcError]]:
    """The messages of files by where they stand; of a file that has gone or changed meanwhile, the error."""
    for file in files:
        try:
            for each in messages(file, now, skipped):
                yield each.source, each
        except InputError as error:
            yield source_of(file.name), error


def _link(overlay: Overlay, given: Message | AftcError, settings: Settings) -> tuple[ConsignmentVersion, ...]:
    """The versions that a message makes, placed at the watermark: the score sees what the state has applied.

    A message that the journal holds already makes none: its consignments stand as they are.
    """
    if isinstance(given, AftcError):
        raise given
    reading = read(given.raw, limit_bytes=settings.max_message_bytes)
    known = overlay.get("digests", sha256(given.raw).digest()) is not None
    watermark = read_watermark(overlay)
    linked = link(
        Overlay(overlay) if known else overlay,
        reading.records,
        stream=reading.stream,
        sequence=watermark.sequence,
        known_at=watermark.known_at,
        settings=settings,
    )
    if not known:
        return linked.versions
    stored = (stored_version(overlay, version.consignment_id) for version in linked.versions)
    return tuple(version for version in stored if version is not None)


def _refused(source: str, error: AftcError) -> Refused:
    return Refused(source, error.stage, error.expected, error.found, error.advice)
