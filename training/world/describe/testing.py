"""A world's folder with invented truth, for the tests of the report: of any size and shape, made in seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from aftc.clock import DAY, HOUR
from aftc.records import OutcomeKind
from training.labels import THREATS
from training.world.parameters import FaultLevel, Floats, Ints, Regime, WorldParameters

__all__ = ["MODES", "a_world"]

MODES = ("roro_accompanied", "roro_unaccompanied", "container", "air", "parcel")
_ROUTES = (("CALAIS-DOVER", "DUNKIRK-DOVER", "ROTTERDAM-HULL"),) * 2 + (
    tuple(
        f"{load}-{port}"
        for load in ("ECGYE", "COCTG", "CNSHA", "TRMER", "GHTEM", "INNSA")
        for port in ("GBFXT", "GBSOU")
    ),
    ("BOG-LHR", "IST-LHR", "HKG-EMA", "JNB-LHR"),
    ("HKG-EMA", "CGN-EMA", "LEJ-STN"),
)
_ORIGINS = ("NL", "FR", "ES", "DE", "PL", "RO", "TR", "CN", "EC", "CO", "IN", "PK", "US", "GH", "VN")
_GOODS = (
    "080390",
    "030617",
    "060311",
    "070200",
    "220421",
    "293399",
    "392690",
    "440710",
    "570242",
    "610910",
    "847130",
    "870899",
)
_METHODS = ("concealed_in_load", "rip_on", "front_company", "recruited_driver", "parcel_swarm", "precursor")
_THREATS = tuple(threat.value for threat in THREATS[1:])
_KINDS = tuple(kind.value for kind in OutcomeKind)
_STREAMS = ("ens", "gmr", "cuscar", "ferry_booking", "ferry_check_in", "xfwb", "outcome")
_SPEAKS = np.array(  # share of each mode's consignments that a stream speaks of
    [
        [0.97, 0.97, 1.0, 0.9, 0.9],
        [0.95, 0.95, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.0, 0.0],
        [0.98, 0.98, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 1.0],
        [0.2, 0.2, 0.2, 0.2, 0.2],
    ]
)
_LEAD_HOURS = (30.0, 8.0, 40.0, 60.0, 2.5, 12.0, -20.0)
_FAULTS = ("missing", "unit", "duplicate", "late_amendment", "typo", "truncated", "malformed")


def a_world(folder: Path, parameters: WorldParameters, **change: Any) -> Path:
    """A world's folder with invented truth of the right form.

    Args:
        folder: Where.
        parameters: What `world.json` states.
        change: Columns of the truth that replace the invented ones.
    """
    rng = np.random.default_rng(parameters.seed)
    truth = _truth(rng, parameters) | change
    (folder / "truth").mkdir(parents=True)
    pq.write_table(pa.table(truth), folder / "truth" / "truth.parquet")
    pq.write_table(_messages(rng, parameters, truth), folder / "truth" / "messages.parquet")
    written = {"parameters": parameters.as_mapping(), "digest": "d" * 64, "generator": "e" * 64}
    (folder / "world.json").write_text(json.dumps(written), encoding="utf-8")
    return folder


def _truth(rng: np.random.Generator, parameters: WorldParameters) -> dict[str, Any]:
    unit = np.cumsum(rng.random(parameters.consignments) < 0.85, dtype=np.int64)  # a few consignments to a unit
    moves = _moves(rng, parameters, unit)
    threats, legacy = _threats(rng, parameters, moves)
    selected = _selected(rng, parameters, unit, legacy, threats)
    names = {"document": pa.array([f"DOC{number:08d}" for number in range(len(unit))])}
    return names | moves | threats | {"legacy_score": legacy} | _recorded(rng, moves, selected) | selected


def _moves(rng: np.random.Generator, parameters: WorldParameters, unit: Ints) -> dict[str, Any]:
    n, units = len(unit), int(unit[-1]) + 1
    mode = rng.choice(len(MODES), units, p=[0.3, 0.2, 0.25, 0.1, 0.15])[unit]
    day = rng.integers(0, parameters.days, units)
    day -= ((day % 7 > 4) & (rng.random(units) < 0.5)) * np.minimum(day, 3)  # calm weekends
    arrival = parameters.origin + day * DAY + (rng.normal(9, 5, units) % 24 * HOUR).astype(np.int64)
    picks = zip(mode.tolist(), (unit * 7 % 12).tolist(), strict=True)
    return {
        "unit_number": np.char.add("UNIT", (unit % max(units // 2, 1)).astype(str)),  # each comes twice
        "mode": np.array(MODES)[mode],
        "week": (day // 7)[unit],
        "arrival": pa.array(arrival[unit], pa.timestamp("us", "UTC")),
        "origin": np.array(_ORIGINS)[rng.zipf(1.4, n) % len(_ORIGINS)],
        "route": np.array([_ROUTES[one][pick % len(_ROUTES[one])] for one, pick in picks]),
        "hs_code": np.array(_GOODS)[rng.zipf(1.3, n) % len(_GOODS)],
        "value_pence": rng.integers(1_000, 9_000_000, n),
    }


def _threats(
    rng: np.random.Generator, parameters: WorldParameters, moves: dict[str, Any]
) -> tuple[dict[str, Any], Floats]:
    """What is aboard, and the legacy score, which sees a little of it."""
    n, week = parameters.consignments, moves["week"]
    odds = rng.normal(-4.6, 1.3, n) + 0.9 * np.isin(moves["hs_code"], _GOODS[:2])
    p_any = 1 / (1 + np.exp(-odds - 0.9 * np.isin(moves["mode"], ("air", "parcel"))))
    scheme = rng.random(n) < 1.5 * p_any
    late = week > 0.6 * week.max() if parameters.regime is Regime.ABRUPT else rng.random(n) < 0.1
    kind = rng.choice(7, n, p=[0.23, 0.06, 0.07, 0.36, 0.03, 0.16, 0.09])
    method = np.where(late, (kind + 3) % 6, np.minimum(kind, 5) % 3)
    p = 1 - (1 - p_any[:, None]) ** rng.dirichlet(np.ones(7) * 0.4, n)
    y = rng.random((n, 7)) < p
    return {
        "y_any": y.any(axis=1),
        **{f"y_{name}": y[:, place] for place, name in enumerate(_THREATS)},
        "p_any": 1 - np.prod(1 - p, axis=1),
        **{f"p_{name}": p[:, place] for place, name in enumerate(_THREATS)},
        "scheme": np.where(scheme, np.array(_THREATS)[kind], ""),
        "method": np.where(scheme, np.array(_METHODS)[method], ""),
        "network": np.where(scheme, rng.integers(0, 40, n) + 20 * week, -1),
    }, odds * 0.3 + rng.normal(0, 1, n)


def _selected(
    rng: np.random.Generator, parameters: WorldParameters, unit: Ints, legacy: Floats, threats: dict[str, Any]
) -> dict[str, Any]:
    """Who was selected with which chance, by the unit, and what was found."""
    units = int(unit[-1]) + 1
    worst = np.full(units, -9.0)
    np.maximum.at(worst, unit, legacy)
    chances = {
        "rule": np.clip(1 / (1 + np.exp(-(worst - 0.4) * 2.5)), 0.005, 0.95),
        "selector": np.where(rng.random(units) < 0.02, 0.9, 0.0),
        "intelligence": np.where(rng.random(units) < 0.01, 0.6, 0.001),
        "random": np.full(units, parameters.random_stratum),
    }
    fired = {name: rng.random(units) < chance for name, chance in chances.items()}
    selected = np.any(list(fired.values()), axis=0)
    ended = rng.choice(len(_KINDS), units, p=[0.0, 0.82, 0.03, 0.05, 0.06, 0.04])
    examined = (selected & (ended == 1))[unit]
    found = {name: threats[f"y_{name}"] & (rng.random(len(unit)) < 0.83) & examined for name in _THREATS}
    found_any = np.any(list(found.values()), axis=0)
    ended[unit[found_any]] = 0
    return {
        **{f"p_{name}": chance[unit] for name, chance in chances.items()},
        "p_combined": (1 - np.prod([1 - chance for chance in chances.values()], axis=0))[unit],
        **{f"fired_{name}": flag[unit] for name, flag in fired.items()},
        "selected": selected[unit],
        "outcome": np.where(selected, np.array(_KINDS)[ended], "")[unit],
        "examined": examined,
        "found_any": found_any,
        **{f"found_{name}": flag for name, flag in found.items()},
    }


def _recorded(rng: np.random.Generator, moves: dict[str, Any], selected: dict[str, Any]) -> dict[str, Any]:
    arrival = moves["arrival"].cast(pa.int64()).to_numpy()
    delay = (rng.lognormal(np.log(14), 0.8, len(arrival)) * HOUR).astype(np.int64)
    return {"recorded": pa.array(arrival + delay, pa.timestamp("us", "UTC"), mask=~selected["selected"])}


def _messages(rng: np.random.Generator, parameters: WorldParameters, truth: dict[str, Any]) -> pa.Table:
    mode = np.searchsorted(np.array(MODES), truth["mode"], sorter=np.argsort(MODES))
    mode = np.argsort(MODES)[mode]
    arrival = np.asarray(truth["arrival"].cast(pa.int64()).to_numpy())
    parts = []
    for place, (stream, lead) in enumerate(zip(_STREAMS, _LEAD_HOURS, strict=True)):
        rows = np.flatnonzero(rng.random(len(mode)) < _SPEAKS[place][mode])
        parts.append((stream, rows, arrival[rows] - (lead * rng.lognormal(0, 0.5, len(rows)) * HOUR).astype(np.int64)))
    rows = np.concatenate([each for _, each, _ in parts])
    level = {FaultLevel.NONE: 0.0, FaultLevel.USUAL: 0.02, FaultLevel.HEAVY: 0.1}[parameters.faults]
    faulty = rng.random(len(rows)) < level
    fault = rng.zipf(1.7, len(rows)) % len(_FAULTS)
    return pa.table(
        {
            "stream": np.concatenate([np.full(len(each), stream) for stream, each, _ in parts]),
            "name": [f"N{number}" for number in range(len(rows))],
            "received": pa.array(
                np.concatenate([each for _, _, each in parts]),
                pa.timestamp("us", "UTC"),
                mask=rng.random(len(rows)) < level / 10,
            ),
            "documents": pa.ListArray.from_arrays(np.arange(len(rows) + 1), truth["document"].take(pa.array(rows))),
            "faults": pa.ListArray.from_arrays(
                np.append(0, np.cumsum(faulty)), pa.array(np.array(_FAULTS)[fault[faulty]], pa.string())
            ),
            "week": np.asarray(truth["week"])[rows],
        }
    )
