"""Truth of a world: the only module that reads it, for `--truth` alone.

What a generated world hides is known of every consignment, examined or not, with the chance that the world gave it
(the oracle, which no model can beat without a leak) and the score of its legacy policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from aftc.columns import flags, numbers
from aftc.errors import InputError
from aftc.records import Threat
from training.dataset import TrainingSet
from training.evaluation import Evaluation, LeakCheck
from training.evidence import Evidence, Judged
from training.figures import SEED, Rival, threat_figures
from training.labels import THREATS
from training.metrics import Ranking, Resamples, estimates, lower_bound
from training.split import Part, Split

__all__ = ["FILE", "LEGACY", "ORACLE", "Truth", "evaluate_against_truth", "leak_check", "read_truth"]

FILE: Final = "truth.parquet"
ORACLE: Final = "oracle"
LEGACY: Final = "legacy"


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """A world's truth, one row a consignment.

    Attributes:
        row: Each consignment's row, by its document as the lake's versions have it.
        holds: bool[n, threats in the order of `THREATS`].
        chance: float64[n, threats], the world's own probability.
        legacy_score: float64[n].
    """

    row: dict[str, int]
    holds: NDArray[np.bool_]
    chance: NDArray[np.float64]
    legacy_score: NDArray[np.float64]


def read_truth(folder: Path) -> Truth:
    """Read the truth of a world.

    Args:
        folder: The world's `truth` folder.

    Raises:
        InputError: no truth there, one without a column that is needed, or one that names a consignment twice.
    """
    path = folder / FILE
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(
            f"a world's {FILE}", str(error).splitlines()[0], advice="give WORLD/truth", subject=str(path)
        ) from error
    wanted = ["document", "legacy_score", *(f"{side}_{threat}" for threat in THREATS for side in "yp")]
    absent = sorted(set(wanted) - set(table.column_names))
    if absent:
        raise InputError(f"the columns {', '.join(wanted)}", f"none named {', '.join(absent)}", subject=str(path))
    row = {document: place for place, document in enumerate(table["document"].to_pylist())}
    if len(row) < len(table):
        raise InputError("each document once", f"{len(table) - len(row)} again", subject=str(path))
    return Truth(
        row=row,
        holds=np.column_stack([flags(table[f"y_{threat}"].cast(pa.bool_())) for threat in THREATS]),
        chance=np.column_stack([numbers(table[f"p_{threat}"]) for threat in THREATS]),
        legacy_score=numbers(table["legacy_score"]),
    )


def evaluate_against_truth(
    training_set: TrainingSet, split: Split, probabilities: NDArray[np.float64], truth: Truth
) -> Evaluation:
    """Hold scores against the truth of every consignment of the test period, beside chance, legacy and oracle.

    Args:
        training_set: Every consignment at its decision point.
        split: Its parts.
        probabilities: float64[n, threats], calibrated, of all rows.
        truth: Of the world that the messages came from.

    Raises:
        InputError: the truth names no consignment of the test period: it is another world's.
    """
    documents = training_set.versions["document"].to_pylist()
    period = split.rows(Part.TEST)
    kept = np.array([row for row in np.flatnonzero(period).tolist() if documents[row] in truth.row], dtype=np.int64)
    if not kept.size:
        raise InputError(
            "the truth of the world that was ingested", "none of its documents", advice="give its truth folder"
        )
    place = np.array([truth.row[documents[row]] for row in kept.tolist()], dtype=np.int64)
    evidence = _evidence(training_set, kept, truth.holds[place])
    scores, modes, chance = probabilities[kept], training_set.modes[kept], truth.chance[place]
    legacy = Rival(LEGACY, truth.legacy_score[place], evidence.units.worst(truth.legacy_score[place]))
    figures = [
        threat_figures(
            evidence,
            threat,
            scores[:, column],
            modes,
            (legacy, Rival(ORACLE, chance[:, column], evidence.units.scores(chance[:, column]))),
        )
        for column, threat in enumerate(THREATS)
    ]
    whole = THREATS.index(Threat.ANY)
    return Evaluation(
        basis="truth",
        since=split.test_from,
        until=training_set.horizon,
        rows=kept.size,
        units=len(evidence.units.numbers),
        unmatched=int(period.sum()) - kept.size,
        threats=tuple(figures),
        groups=(),
        leak=leak_check(evidence.consignments, scores[:, whole], chance[:, whole]),
    )


def leak_check(judged: Judged, model: NDArray[np.float64], oracle: NDArray[np.float64]) -> LeakCheck:
    """Whether the model ranks any threat better than the oracle, beyond chance.

    Args:
        judged: What is known of n consignments.
        model: float64[n], its scores.
        oracle: float64[n], the true probabilities.
    """
    found, weight = judged.of(Threat.ANY)
    first, second = Ranking(found, model), Ranking(found, oracle)

    def difference(w: NDArray[np.float64]) -> NDArray[np.float64]:
        return (first.average_precision(w) - second.average_precision(w))[:, None]

    resamples = Resamples(weight, judged.cluster, seed=SEED)
    (estimate,) = estimates(difference, resamples)
    bound = lower_bound(resamples.figures(difference)[:, 0])
    return LeakCheck(estimate, bound, alarm=bound is not None and bound > 0)


def _evidence(training_set: TrainingSet, kept: NDArray[np.int64], holds: NDArray[np.bool_]) -> Evidence:
    """Everyone counts for one: no weights, no stratum, no rule."""
    chosen = np.zeros(len(training_set), dtype=np.bool_)
    chosen[kept] = True
    units, places = training_set.units.select(chosen)
    unit_holds = np.column_stack([units.any_of(column) for column in holds.T])
    return Evidence(
        rows=kept,
        units=units,
        consignments=Judged(holds, np.ones(holds.shape), units.of_rows(kept.size)),
        searched=Judged(unit_holds, np.ones(unit_holds.shape), np.arange(places.size)),
        stratum=None,
        rule=np.zeros(places.size, dtype=np.bool_),
    )
