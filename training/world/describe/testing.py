"""A world's folder with invented truth, for the tests of the report: of any size and shape, made in seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from aftc.clock import DAY, HOUR
from training.labels import THREATS
from training.world.parameters import FaultLevel, Regime, WorldParameters

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
    n = parameters.consignments
    unit = np.cumsum(rng.random(n) < 0.85)
    units = int(unit[-1]) + 1
    mode = rng.choice(len(MODES), units, p=[0.3, 0.2, 0.25, 0.1, 0.15])[unit]
    day = rng.integers(0, parameters.days, units)
    day -= ((day % 7 > 4) & (rng.random(units) < 0.5)) * np.minimum(day, 3)
    hour = rng.normal(9, 5, units) % 24
    arrival = (parameters.origin + day * DAY + (hour * HOUR).astype(np.int64))[unit]
    week = day[unit] // 7
    along = week / max(week.max(), 1)
    origin, goods = rng.zipf(1.4, n) % len(_ORIGINS), rng.zipf(1.3, n) % len(_GOODS)
    odds = rng.normal(-4.6, 1.3, n) + 0.9 * (goods < 2) + 0.6 * (origin > 7) + 0.3 * mode
    p_any = 1 / (1 + np.exp(-odds))
    scheme = rng.random(n) < 1.5 * p_any
    late = along > 0.6 if parameters.regime is Regime.ABRUPT else rng.random(n) < 0.1
    kind = rng.choice(7, n, p=[0.23, 0.06, 0.07, 0.36, 0.03, 0.16, 0.09])
    method = np.where(late, (kind + 3) % 6, np.minimum(kind, 5) % 3)
    share = rng.dirichlet(np.ones(7) * 0.4, n)
    p = 1 - (1 - p_any[:, None]) ** share
    y = rng.random((n, 7)) < p
    p_any, y_any = 1 - np.prod(1 - p, axis=1), y.any(axis=1)
    legacy = odds * 0.3 + rng.normal(0, 1, n)
    worst = np.full(units, -9.0)
    np.maximum.at(worst, unit, legacy)
    chances = {
        "rule": np.clip(1 / (1 + np.exp(-(worst - 0.4) * 2.5)), 0.005, 0.95),
        "selector": np.where(rng.random(units) < 0.02, 0.9, 0.0),
        "intelligence": np.where(rng.random(units) < 0.01, 0.6, 0.001),
        "random": np.full(units, parameters.random_stratum),
    }
    fired = {name: rng.random(units) < chance for name, chance in chances.items()}
    combined = 1 - np.prod([1 - chance for chance in chances.values()], axis=0)
    selected = np.any(list(fired.values()), axis=0)
    ended = rng.choice(6, units, p=[0.0, 0.82, 0.03, 0.05, 0.06, 0.04])
    examined = selected & (ended == 1)
    found = y & (rng.random((n, 7)) < 0.83) & examined[unit][:, None]
    hit = np.zeros(units, dtype=np.bool_)
    hit[unit[found.any(axis=1)]] = True
    kinds = np.array(["positive", "negative", "no_show", "missed", "insufficient_resources", "target_withdrawn"])
    outcome = np.where(selected, kinds[np.where(hit, 0, ended)], "")
    delay = (rng.lognormal(np.log(14), 0.8, units) * HOUR).astype(np.int64)
    names = [threat.value for threat in THREATS[1:]]
    route = np.array([_ROUTES[one][pick % len(_ROUTES[one])] for one, pick in zip(mode, unit * 7 % 12, strict=True)])
    return {
        "document": pa.array([f"DOC{number:08d}" for number in range(n)]),
        "unit_number": np.char.add("UNIT", (unit % max(units // 2, 1)).astype(str)),
        "mode": np.array(MODES)[mode],
        "week": week,
        "arrival": pa.array(arrival, pa.timestamp("us", "UTC")),
        "origin": np.array(_ORIGINS)[origin],
        "route": route,
        "hs_code": np.array(_GOODS)[goods],
        "value_pence": rng.integers(1_000, 9_000_000, n),
        "y_any": y_any,
        **{f"y_{name}": y[:, place] for place, name in enumerate(names)},
        "p_any": p_any,
        **{f"p_{name}": p[:, place] for place, name in enumerate(names)},
        "legacy_score": legacy,
        "scheme": np.where(scheme, np.array(names)[kind], ""),
        "method": np.where(scheme, np.array(_METHODS)[method], ""),
        "network": np.where(scheme, rng.integers(0, 40, n) + 20 * week, -1),
        **{f"p_{name}": chance[unit] for name, chance in chances.items()},
        "p_combined": combined[unit],
        **{f"fired_{name}": flag[unit] for name, flag in fired.items()},
        "selected": selected[unit],
        "outcome": outcome[unit],
        "examined": examined[unit],
        "found_any": found.any(axis=1),
        **{f"found_{name}": found[:, place] for place, name in enumerate(names)},
        "recorded": pa.array(arrival + delay[unit], pa.timestamp("us", "UTC"), mask=~selected[unit]),
    }


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
