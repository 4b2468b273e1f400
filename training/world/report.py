"""How hard a world is, measured: `python -m training.world.report WORLD [--worlds N] [--into PAGE]`.

Prints rates, the average precision of plain LightGBM models on growing sets of columns beside the oracle's, and the
distributions behind them, as Markdown tables. Every figure is computed: from worlds made again in memory (that of
the folder, and further ones with the seeds that follow, for the spread) and from the tables that the world draws from.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.metrics import average_precision_score

from aftc.clock import DAY
from aftc.errors import AftcError, InputError
from training.world.consignments import MODES
from training.world.distributions import distributions
from training.world.examinations import KINDS
from training.world.imagined import World, imagine
from training.world.observed import CATEGORICAL, RISING, observe
from training.world.parameters import Flags, Floats, WorldParameters
from training.world.threats import THREATS

__all__ = ["Difficulty", "main", "measure", "put_into", "render"]

_LEARNING_PART = 0.6  # share of the days whose examinations a model may learn from
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_ROUNDS = 150  # trees of every model
_SETTINGS = {
    "objective": "binary",
    "num_leaves": 7,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "learning_rate": 0.05,
    "verbose": -1,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
}


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Figures of one world, by the words of the report's rows."""

    rates: dict[str, float]
    precision: dict[str, float]


def measure(world: World) -> Difficulty:
    """Rates over the whole world, and average precision against truth over all consignments of its last part."""
    return Difficulty(_rates(world), _precision(world))


def _rates(world: World) -> dict[str, float]:
    """Counts and shares of consignments over the whole world."""
    unit, selections, examinations = world.traffic.consignments.unit, world.selections, world.examinations
    examined, mode = examinations.examined[unit], world.traffic.consignments.mode
    truth, found = world.schemes.y_any, examinations.found
    kinds = {kind.value: int((examinations.kind == index).sum()) for index, kind in enumerate(KINDS)}
    return {
        "base rate": float(truth.mean()),
        **{f"base rate, {each.value}": float(truth[mode == index].mean()) for index, each in enumerate(MODES)},
        "share with a scheme": float((world.schemes.threat >= 0).mean()),
        "share examined": float(examined.mean()),
        "share in the random stratum": float(selections.random_fired[unit].mean()),
        "base rate among the examined": float(truth[examined].mean()),
        "consignments with a find": float(found.any(axis=1).sum()),
        **{f"aboard, {each.value}": float(world.schemes.y[:, index].sum()) for index, each in enumerate(THREATS)},
        **{f"found, {each.value}": float(found[:, index].sum()) for index, each in enumerate(THREATS)},
        **{f"units, {name}": float(count) for name, count in kinds.items()},
    }


def _precision(world: World) -> dict[str, float]:
    """Average precision of everything that ranks, on the rows of the last part."""
    seen = observe(world)
    unit, examinations = world.traffic.consignments.unit, world.examinations
    border = world.parameters.origin + int(world.parameters.days * _LEARNING_PART) * DAY
    early = np.asarray(world.traffic.units.arrival[unit] < border)
    known = np.asarray(early & examinations.examined[unit] & (examinations.recorded[unit] < border))
    late, truth = ~early, world.schemes.y_any
    found = _Labels(known, np.asarray(examinations.found.any(axis=1)), 1.0 / world.selections.combined[unit])
    true = _Labels(early, truth, np.ones(len(unit)))
    everything = (seen.raw, seen.mismatches, seen.history)
    scores = {
        "legacy score": world.scores,
        "raw columns": _learnt((seen.raw,), found),
        "+ mismatches between streams": _learnt((seen.raw, seen.mismatches), found),
        "+ history as known": _learnt(everything, found),
        "the same, true labels of all rows": _learnt(everything, true),
        "oracle": world.schemes.p_any,
    }
    ranked = {name: float(average_precision_score(truth[late], score[late])) for name, score in scores.items()}
    return {"base rate": float(truth[late].mean()), **ranked}


@dataclass(frozen=True, slots=True)
class _Labels:
    """What a model learns from: which rows, their labels, their inverse selection probabilities."""

    rows: Flags
    label: Flags
    weight: Floats


def _learnt(families: tuple[Floats, ...], labels: _Labels) -> Floats:
    """Scores of all rows by a model of these families of columns; finds can only raise a score."""
    columns = np.hstack(families)
    rising = [0] * families[0].shape[1] + ([0] * families[1].shape[1] if len(families) > 1 else [])
    rising += list(RISING) * ((columns.shape[1] - len(rising)) // len(RISING))
    known = lightgbm.Dataset(
        columns[labels.rows],
        labels.label[labels.rows],
        weight=np.sqrt(labels.weight[labels.rows]),  # the root: less variance for a little bias
        categorical_feature=list(CATEGORICAL),
    )
    booster = lightgbm.train({**_SETTINGS, "monotone_constraints": rising}, known, num_boost_round=_ROUNDS)
    return np.asarray(booster.predict(columns))


def render(measured: Sequence[Difficulty]) -> str:
    """The figures as Markdown: mean over the worlds, and standard deviation where there are several."""
    lines = ["| rate or count, whole world | mean | spread |", "|---|---|---|"]
    lines += [_row(name, [each.rates[name] for each in measured]) for name in measured[0].rates]
    oracle = [each.precision["oracle"] for each in measured]
    lines += ["", "| average precision, last part | mean | spread | of the oracle's |", "|---|---|---|---|"]
    for name in measured[0].precision:
        values = [each.precision[name] for each in measured]
        share = np.mean([value / top for value, top in zip(values, oracle, strict=True)])
        lines.append(f"{_row(name, values)} {share:.2f} |")
    return "\n".join(lines)


def _row(name: str, values: list[float]) -> str:
    mean = float(np.mean(values))
    spread = f"{np.std(values, ddof=1):.3g}" if len(values) > 1 else "-"
    return f"| {name} | {mean:.0f} | {spread} |" if mean > 1 else f"| {name} | {mean:.3f} | {spread} |"


def main(arguments: Sequence[str]) -> int:
    """Entry point; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.world.report", description=__doc__)
    parser.add_argument("world", type=Path, help="a world's folder")
    parser.add_argument("--worlds", type=int, default=5, help="number of worlds, seeds counted up from the folder's")
    parser.add_argument("--into", type=Path, help="a page whose marked part is replaced by the report")
    given = parser.parse_args(arguments)
    try:
        parameters = _parameters(given.world)
        seeds = range(parameters.seed, parameters.seed + max(1, given.worlds))
        text = render([measure(imagine(replace(parameters, seed=seed))) for seed in seeds])
        text = f"{_made_from(parameters, len(seeds))}\n\n{text}\n\n{distributions()}"
        if given.into:
            put_into(given.into, text)
    except AftcError as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0


def put_into(page: Path, text: str) -> None:
    """Replace what stands between a page's two marks.

    Raises:
        InputError: the page has no such marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        raise InputError(f"the marks {_BEGIN} and {_END}", "a page without them", subject=str(page))
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _made_from(parameters: WorldParameters, worlds: int) -> str:
    return (
        f"{worlds} worlds of {parameters.consignments:,} consignments in {parameters.days} days, seeds from "
        f"{parameters.seed}; prevalence {parameters.prevalence:g}, examined share {parameters.examined_share:.3g}, "
        f"random stratum {parameters.random_stratum:g}."
    )


def _parameters(folder: Path) -> WorldParameters:
    try:
        written = json.loads((folder / "world.json").read_text(encoding="ascii"))
        return WorldParameters.from_mapping(written["parameters"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("a world's folder with world.json", str(folder), advice="make one with aftc world") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
