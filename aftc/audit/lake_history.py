"""History as the lake keeps it: versions as they were stored, window sums by the batch kernel over the sightings.

So a replay from the lake shares neither the online records nor their code path with the score it checks.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from aftc.audit.record import Basis
from aftc.errors import ReplayError
from aftc.features.batch import Decisions, window_sums
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.identity import NO_KEY
from aftc.features.sightings import COLUMNS, no_rows
from aftc.history.aliases import known_aliases
from aftc.history.lake import Lake
from aftc.records import ConsignmentVersion

__all__ = ["LakeHistory"]

_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)


class LakeHistory:
    """History read from a lake.

    Args:
        lake: The lake that ingest wrote.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def version(self, consignment_id: str, sequence: int) -> ConsignmentVersion:
        """Last version of a consignment made at or before a sequence number.

        Raises:
            ReplayError: the lake holds none.
        """
        rows = self._lake.read("versions", up_to=sequence, columns=("sequence", "consignment_id", "body"))
        own = rows.filter(pc.equal(rows["consignment_id"], consignment_id))
        if not len(own):
            raise ReplayError(
                f"a version of {consignment_id} at or before message {sequence} in the lake",
                "none",
                advice="replay with the store that made the score",
            )
        return _VERSIONS.decode(own["body"][len(own) - 1].as_py())

    def sums(self, extracted: Extract, basis: Basis) -> NDArray[np.int64]:
        """int64[W]: window sums by the batch kernel over the sightings of the version's entities."""
        rows = self._lake.read("sightings", up_to=basis.sequence)
        aliases = known_aliases(self._lake, up_to=basis.sequence)
        sequence = np.array([basis.sequence], np.int64)
        further = [key for *_, key in aliases.further(extracted.slots[np.newaxis], sequence)]
        named = pa.array([*extracted.slots[extracted.slots != NO_KEY].tolist(), *further], pa.int64())
        own = rows.filter(pc.is_in(rows["key"], value_set=named))
        columns = [own[name].to_numpy() for name in COLUMNS]
        sightings = np.column_stack(columns) if len(own) else no_rows()
        decision = Decisions(
            slots=extracted.slots[np.newaxis],
            owner_offsets=np.array([0, extracted.owners.size], np.int64),
            owners=extracted.owners,
            day=np.array([basis.day], np.int64),
            sequence=sequence,
        )
        sums: NDArray[np.int64] = window_sums(SCHEMA, sightings, decision, aliases)[0]
        return sums
