"""The figures of a world's report against slow and obvious counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.colors import to_rgb
from sklearn.metrics import average_precision_score

from aftc.clock import DAY, HOUR
from training.world.describe.consignments import NEVER, Category
from training.world.describe.mixes import ends
from training.world.describe.palette import ACCENT, BLACK, HEAT, INK, MUTED, PAPER, SERIES, luminance
from training.world.describe.ranking import average_precision
from training.world.describe.rates import rate, rate_of, rates, weighted_rate
from training.world.describe.sources import Source, read_source
from training.world.describe.testing import a_world
from training.world.describe.words import duration, share
from training.world.parameters import WorldParameters


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 3,000 consignments in eight weeks and a half."""
    return a_world(tmp_path_factory.mktemp("describe") / "world", WorldParameters(consignments=3_000, days=60))


@pytest.fixture(scope="module")
def source(folder: Path) -> Source:
    """The same world, read."""
    return read_source(folder)


def test_messages_are_counted_as_they_are(folder: Path, source: Source) -> None:
    """Made, lost, faulty and first-received agree with a walk over the rows."""
    rows = pq.read_table(folder / "truth" / "messages.parquet").to_pylist()
    counted = source.messages
    assert len(counted) == len(rows)
    for place, stream in enumerate(counted.streams):
        mine = [row for row in rows if row["stream"] == stream]
        assert counted.made[place].sum() == len(mine)
        assert counted.lost[place] == sum(row["received"] is None for row in mine)
        assert counted.faulty[place] == sum(bool(row["faults"]) for row in mine)
        kinds = Counter(fault for row in mine for fault in row["faults"])
        assert dict(zip(counted.faults, counted.by_fault[:, place].tolist(), strict=True)) == {
            fault: kinds[fault] for fault in counted.faults
        }
        came = {document for row in mine if row["received"] for document in row["documents"]}
        assert (counted.first[stream] != NEVER).sum() == len(came)


def test_units_that_come_again_are_told_apart(source: Source) -> None:
    """Rows share a movement if and only if unit and arrival are the same."""
    table = source.consignments
    assert len(set(table.unit.tolist())) < len(table)
    moments: dict[int, set[int]] = {}
    for unit, arrival in zip(table.unit.tolist(), table.arrival.tolist(), strict=True):
        moments.setdefault(unit, set()).add(arrival)
    assert all(len(each) == 1 for each in moments.values())


def test_weighting_undoes_the_choice() -> None:
    """Over 200 draws with chances that follow the truth, the weighted rate is right and its interval covers it."""
    rng = np.random.default_rng(3)
    holds = rng.random(20_000) < 0.05
    chance = np.where(holds, 0.3, 0.1)
    plain, weighted, covered = [], [], 0
    for _ in range(200):
        rows = rng.random(len(holds)) < chance
        given = weighted_rate(holds[rows], chance[rows], np.flatnonzero(rows))
        plain.append(rate(holds[rows]).value)
        weighted.append(given.value)
        covered += not given.differs(float(holds.mean()))
    assert np.mean(plain) == pytest.approx(0.137, abs=0.01)  # .05 * .3 / (.05 * .3 + .95 * .1)
    assert np.mean(weighted) == pytest.approx(float(holds.mean()), rel=0.02)
    assert covered >= 184  # 95 % of 200 is 190, less two standard deviations


def test_rates_without_rows_are_unknown() -> None:
    """A rate of nothing is not a number and differs from nothing; one of all or none keeps to 0 and 1."""
    assert np.isnan(rate_of(0, 0).value)
    assert not rate_of(0, 0).differs(0.5)
    assert str(rate_of(0, 0)) == "–"
    assert rate_of(0, 5).low == 0.0
    assert rate_of(5, 5).high == 1.0
    assert rates(np.zeros(0, dtype=np.bool_), Category(np.zeros(0, dtype=np.int64), ())) == []


def test_average_precision_is_the_usual_one(source: Source) -> None:
    """The oracle's average precision is scikit-learn's."""
    table = source.consignments
    usual = average_precision_score(table.y, table.p)
    assert average_precision(table.y, table.p) == pytest.approx(usual)


def test_the_parts_compared_are_a_quarter_each(source: Source) -> None:
    """The first and last part of nine weeks are two weeks each."""
    table = source.consignments
    early, late = ends(table)
    assert set(table.week[early].tolist()) == {0, 1}
    assert set(table.week[late].tolist()) == {7, 8}


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(*to_rgb(one)), luminance(*to_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_stand_out() -> None:
    """Text and series have a contrast of 4.5 to 1 or more; so has a figure on every shade of a grid."""
    assert min(_contrast(colour, PAPER) for colour in (INK, MUTED, ACCENT, *SERIES)) >= 4.5
    for height in np.linspace(0, 1, 101):
        ground = luminance(*HEAT(float(height))[:3])
        white, black = 1.05 / (ground + 0.05), (ground + 0.05) / (luminance(*to_rgb(BLACK)) + 0.05)
        assert max(white, black) >= 4.5


def test_figures_are_spoken_briefly() -> None:
    """Shares keep two digits that count, durations take the unit that suits them."""
    assert [share(value) for value in (0, 1, 0.25, 0.0123, 0.000456, 0.9999)] == [
        "0\u00a0%", "100\u00a0%", "25.0\u00a0%", "1.2\u00a0%", "0.046\u00a0%", "below 100\u00a0%",
    ]  # fmt: skip
    assert [duration(value) for value in (HOUR / 2, -5 * HOUR, 3 * DAY)] == [
        "30\u00a0min",
        "5.0\u00a0h",
        "3.0\u00a0days",
    ]
