"""Every error of the project, drawn as one tree.

    AftcError                    carries stage and, where known, the subject (message, consignment, file, score)
    |-- MessageError             a raw message that cannot be read: becomes a quarantine entry, never stops a stream
    |   |-- UnknownFormat        no stream recognises the bytes
    |   |-- MalformedMessage     recognised, but its syntax or a mandatory part is broken
    |   |-- OversizeMessage      larger or deeper than the limit of the settings
    |   |-- RefusedEnvelope      an archive or file whose messages are not got out: damaged, encrypted, nested, a bomb
    |   |-- RefusedMerge         a merge of parties, or its reversal, that the merges before it do not allow
    |   `-- UnlinkableMessage    readable, but linking or its features fail on it: a defect of ours, kept with its bytes
    |-- InputError               what the person or caller gave cannot be used (path, argument, inline consignment)
    |   `-- UnknownSubject       the consignment or score that was asked for is not there
    |-- HistoryError             journal, lake or state is missing, locked, behind or inconsistent
    |   `-- StateUnreachable     the server of a state does not answer, or no longer keeps a snapshot: try again
    |-- StateError               an online record fails its checksum, or state and bundle disagree
    |-- BundleError              a bundle that must not be loaded: altered, unsigned, of another schema
    |-- ExportError              the exporter cannot represent the model, or the parity gate found a difference
    |-- TrainingError            the data cannot support a model (no positives, an empty part of the split)
    |-- AuditError               a record that cannot be made durable, or is not what was written
    `-- ReplayError              a past score cannot be reproduced, or was reproduced with a difference

A message says what was expected, what came, and what to do next.
"""

from __future__ import annotations

__all__ = [
    "AftcError",
    "AuditError",
    "BundleError",
    "ExportError",
    "HistoryError",
    "InputError",
    "MalformedMessage",
    "MessageError",
    "OversizeMessage",
    "RefusedEnvelope",
    "RefusedMerge",
    "ReplayError",
    "StateError",
    "StateUnreachable",
    "TrainingError",
    "UnknownFormat",
    "UnknownSubject",
    "UnlinkableMessage",
]


class AftcError(Exception):
    """Root of the tree.

    Args:
        expected: What would have been right.
        found: What came instead.
        advice: What to do next; empty where nothing can be done.
        subject: The message, consignment, file or score concerned.
    """

    stage = "aftc"

    def __init__(self, expected: str, found: str, *, advice: str = "", subject: str = "") -> None:
        self.expected = expected
        self.found = found
        self.advice = advice
        self.subject = subject
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        head = f"{self.stage}: " + (f"{self.subject}: " if self.subject else "")
        tail = f"; {self.advice}" if self.advice else ""
        return f"{head}expected {self.expected}, found {self.found}{tail}"


class MessageError(AftcError):
    """A raw message that cannot be read.

    Attributes:
        reason: Why, in one or two words, the same for all errors of a class: what a quarantine is counted by.
        stream: The stream that recognised the message; empty where none did.
    """

    stage = "streams"
    reason = "refused"
    stream = ""


class UnknownFormat(MessageError):
    """No stream recognises the bytes."""

    reason = "unknown format"


class MalformedMessage(MessageError):
    """A recognised message whose syntax or mandatory part is broken."""

    reason = "malformed"


class OversizeMessage(MessageError):
    """A message larger or deeper than the settings allow."""

    reason = "oversize"


class RefusedEnvelope(MessageError):
    """An archive or file whose messages are not got out of it."""

    reason = "envelope"


class RefusedMerge(MessageError):
    """A merge of parties, or its reversal, that the merges before it do not allow."""

    stage = "linking"
    reason = "refused merge"


class UnlinkableMessage(MessageError):
    """A readable message on which linking or its features fail."""

    stage = "linking"
    reason = "unlinkable"


class InputError(AftcError):
    """What the person or caller gave cannot be used."""

    stage = "input"


class UnknownSubject(InputError):
    """The consignment or score that was asked for is not there."""


class HistoryError(AftcError):
    """Journal, lake or state is missing, locked, behind or inconsistent."""

    stage = "history"


class StateUnreachable(HistoryError):
    """The server of a state does not answer, or no longer keeps a snapshot: the same may succeed when tried again."""


class StateError(AftcError):
    """An online record fails its checksum, or state and bundle disagree."""

    stage = "state"


class BundleError(AftcError):
    """A bundle that must not be loaded."""

    stage = "bundle"


class ExportError(AftcError):
    """The exporter cannot represent the model, or the parity gate found a difference."""

    stage = "export"


class TrainingError(AftcError):
    """The data cannot support a model."""

    stage = "training"


class AuditError(AftcError):
    """A record that cannot be made durable, or is not what was written."""

    stage = "audit"


class ReplayError(AftcError):
    """A past score cannot be reproduced, or was reproduced with a difference."""

    stage = "replay"
