"""History as the journal tells it: every recorded message up to a watermark, applied again into a fresh state.

The full proof of the correctness rule, as dear as ingesting the journal: it trusts neither lake nor online state, save
that what could not be read when it came was not known then.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.audit.record import Basis
from aftc.config import Settings
from aftc.errors import ReplayError
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.online import window_sums
from aftc.history.batches import batches
from aftc.history.derivation import require_derivation
from aftc.history.fold import apply
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.records import ConsignmentVersion
from aftc.state import State, read_watermark

__all__ = ["JournalHistory"]

COMMIT_MESSAGES = 5_000  # applied in one transaction of the fresh state
_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)


class JournalHistory:
    """History made again from a journal; use it as a context, its state is thrown away at the end.

    Args:
        settings: Of the store whose journal it is.
        sequence: The watermark up to which messages are applied.
        progress: Told the number of messages applied by each commit.

    Raises:
        ReplayError: the journal does not reach that watermark.
        HistoryError: the store was derived with other settings than these.
    """

    def __init__(self, settings: Settings, sequence: int, progress: Callable[[int], None] | None = None) -> None:
        require_derivation(settings)
        self._folder = TemporaryDirectory(prefix="aftc-replay-")
        self._state = State(Path(self._folder.name), writable=True)
        journal = Journal(settings.store / "journal")
        last = journal.last()[0]
        if last < sequence:
            raise ReplayError(
                f"a journal up to message {sequence}",
                f"one up to {last}",
                advice="replay with the store that made the score",
            )
        quarantined = Lake(settings.store / "lake").quarantined(up_to=sequence)
        for batch in batches(journal.entries(up_to=sequence), COMMIT_MESSAGES):
            with self._state.transaction() as transaction:
                apply(transaction, batch, settings, quarantined=quarantined)
            if progress is not None:
                progress(len(batch))

    def __enter__(self) -> JournalHistory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state.close()
        self._folder.cleanup()

    def version(self, consignment_id: str, sequence: int) -> ConsignmentVersion:
        """Last version of a consignment at the watermark.

        Raises:
            ReplayError: there is none, or the watermark is not this history's.
        """
        with self._state.snapshot() as snapshot:
            reached = read_watermark(snapshot).sequence
            raw = snapshot.get("consignments", consignment_id.encode())
        if reached != sequence or raw is None:
            raise ReplayError(f"{consignment_id} at message {sequence}", f"history of message {reached} without it")
        return _VERSIONS.decode(raw)

    def sums(self, extracted: Extract, basis: Basis) -> NDArray[np.int64]:
        """int64[W]: window sums from the fresh state."""
        with self._state.snapshot() as snapshot:
            sums: NDArray[np.int64] = window_sums(snapshot, SCHEMA, extracted.slots, extracted.owners, day=basis.day)
        return sums
