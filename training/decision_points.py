"""Decision points: which version of each consignment a model may learn from and is judged on.

A version is *in time* when it was known before the earliest of the cut-off that it states itself (its scheduled
arrival less the mode's lead), the first issue of a selection of its unit, and the first control message about it.
The decision point is the last version in time, or the first version where none is. Because each version is held
against its own arrival, a delay announced after the old cut-off reopens the decision, and an arrival brought
forward closes it at the version before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.clock import MINUTE, Instant
from aftc.columns import codes, flags, instants
from aftc.config import Settings
from aftc.records import Mode

__all__ = ["COLUMNS", "NEVER", "DecisionPoints", "decision_points"]

NEVER: Final[Instant] = np.iinfo(np.int64).max
COLUMNS: Final = (
    "sequence", "known_at", "consignment_id", "mode", "scheduled_arrival", "control_at", "joined_into"
)  # fmt: skip
RORO: Final = frozenset({Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED})


@dataclass(frozen=True, slots=True, eq=False)
class DecisionPoints:
    """One consignment a row, in the order of their moments.

    Attributes:
        position: int64[n], row of the versions table.
        moment: int64[n], when the decision falls due (instant): the limit, or the version's known-at where that
            is later or nothing limits it.
        late: bool[n], no version was in time, so the first one stands.
        still_open: Consignments left out because their moment lies after the last message.
    """

    position: NDArray[np.int64]
    moment: NDArray[np.int64]
    late: NDArray[np.bool_]
    still_open: int


def decision_points(
    versions: pa.Table, issued: Mapping[str, Instant], settings: Settings, *, horizon: Instant
) -> DecisionPoints:
    """Choose one version of each consignment that no other has taken over.

    Args:
        versions: `COLUMNS` of the lake's versions, any order; equal moments keep the table's order.
        issued: By consignment, the earliest issue (event time) of a selection of its unit.
        settings: The leads of the cut-off.
        horizon: Known-at of the last message; a decision due later is still open and left out.
    """
    names, consignment = codes(versions["consignment_id"])
    order = np.lexsort((instants(versions["sequence"]), consignment))
    known_at = instants(versions["known_at"])[order]
    limit = np.minimum(
        _cutoffs(versions, settings)[order], _selection_limits(versions, names, consignment, issued)[order]
    )
    starts = np.flatnonzero(np.diff(consignment[order], prepend=-1))
    place = np.arange(order.size)
    last_in_time = np.maximum.reduceat(np.where(known_at < limit, place, -1), starts) if starts.size else starts
    late = last_in_time < 0
    chosen = np.where(late, starts, last_in_time)
    moment = np.where(limit[chosen] == NEVER, known_at[chosen], np.maximum(known_at[chosen], limit[chosen]))
    last = np.append(starts[1:], order.size)[: starts.size] - 1
    stands = ~flags(versions["joined_into"].is_valid())[order][last]
    kept = np.flatnonzero(stands & (moment <= horizon))
    kept = kept[np.lexsort((order[chosen[kept]], moment[kept]))]
    return DecisionPoints(
        position=order[chosen[kept]],
        moment=moment[kept],
        late=late[kept],
        still_open=int(np.count_nonzero(stands & (moment > horizon))),
    )


def _cutoffs(versions: pa.Table, settings: Settings) -> NDArray[np.int64]:
    """Cut-off of each version by its own word, `NEVER` where it states no arrival."""
    lead = {mode: (settings.roro_cutoff_minutes if mode in RORO else settings.cutoff_minutes) for mode in Mode}
    modes, code = codes(versions["mode"])
    leads = np.array([lead[Mode(mode)] * MINUTE for mode in modes], dtype=np.int64)
    arrival = instants(versions["scheduled_arrival"], missing=NEVER)
    return np.where(arrival == NEVER, NEVER, arrival - leads[code])


def _selection_limits(
    versions: pa.Table, names: tuple[str, ...], consignment: NDArray[np.int64], issued: Mapping[str, Instant]
) -> NDArray[np.int64]:
    """For each version the earlier of its consignment's first issue and first control message."""
    limit = np.array([issued.get(name, NEVER) for name in names], dtype=np.int64)
    np.minimum.at(limit, consignment, instants(versions["control_at"], missing=NEVER))
    return limit[consignment]
