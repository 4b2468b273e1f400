"""Decision points: the fast choice against ten obvious lines, and the rule's edges one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.clock import HOUR, MINUTE
from aftc.config import Settings
from aftc.records import Mode
from training.decision_points import NEVER, decision_points
from training.testing import version_rows

SETTINGS = Settings()
HORIZON = 10**15


def oracle(versions: list[dict[str, Any]], issued: int) -> tuple[int, int, bool]:
    """Sequence of the chosen version, its moment, and whether none was in time."""
    control = min((each["control_at"] for each in versions if each["control_at"] is not None), default=NEVER)
    chosen, late = versions[0], True
    for each in versions:
        if each["known_at"] < limit(each, issued, control):
            chosen, late = each, False
    due = limit(chosen, issued, control)
    return chosen["sequence"], max(chosen["known_at"], due) if due < NEVER else chosen["known_at"], late


def limit(version: dict[str, Any], issued: int, control: int) -> int:
    """The earliest of what ends the wait, as this version states it."""
    lead = 15 if version["mode"].startswith("roro") else 120
    arrival = version["scheduled_arrival"]
    return min(issued, control, NEVER if arrival is None else arrival - lead * MINUTE)


INSTANTS = st.integers(0, 40).map(lambda hours: hours * HOUR)
VERSION = st.fixed_dictionaries(
    {
        "wait": st.integers(0, 6),
        "consignment_id": st.sampled_from(["C1", "C2", "C3"]),
        "mode": st.sampled_from([Mode.CONTAINER.value, Mode.RORO_ACCOMPANIED.value, Mode.AIR.value]),
        "scheduled_arrival": st.none() | INSTANTS,
        "control_at": st.none() | INSTANTS,
    }
)


@given(st.lists(VERSION, min_size=1, max_size=12), st.dictionaries(st.sampled_from(["C1", "C2"]), INSTANTS))
def test_choice_equals_the_obvious_walk(rows: list[dict[str, Any]], issued: dict[str, int]) -> None:
    """Version, moment and lateness equal those of walking the versions in order, for every consignment."""
    known_at = 0
    for sequence, row in enumerate(rows, start=1):
        known_at += row.pop("wait") * HOUR
        row |= {"sequence": sequence, "known_at": known_at}
    chosen = decision_points(version_rows(rows), issued, SETTINGS, horizon=HORIZON)
    found = {
        rows[position]["consignment_id"]: (rows[position]["sequence"], moment, late)
        for position, moment, late in zip(
            chosen.position.tolist(), chosen.moment.tolist(), chosen.late.tolist(), strict=True
        )
    }
    names = {row["consignment_id"] for row in rows}
    assert found == {
        name: oracle([row for row in rows if row["consignment_id"] == name], issued.get(name, NEVER)) for name in names
    }


def chosen_of(*rows: dict[str, Any], issued: int | None = None, horizon: int = HORIZON) -> list[int]:
    """Sequences of the chosen versions."""
    table = version_rows([{"sequence": sequence, **row} for sequence, row in enumerate(rows, start=1)])
    points = decision_points(table, {} if issued is None else {"C1": issued}, SETTINGS, horizon=horizon)
    return [place + 1 for place in points.position.tolist()]


def at(known: int, arrival: int | None, **given: Any) -> dict[str, Any]:
    """A version known at an hour that states an arrival at an hour."""
    return {"known_at": known * HOUR, "scheduled_arrival": None if arrival is None else arrival * HOUR, **given}


@pytest.mark.parametrize(
    ("rows", "issued", "expected"),
    [
        ((at(1, 10), at(7, 10), at(9, 10)), None, 2),  # the cut-off is at 8
        ((at(1, 10), at(9, 20)), None, 2),  # a delay told after the old cut-off reopens the decision
        ((at(1, 20), at(9, 10)), None, 1),  # an arrival brought forward closes it
        ((at(9, 10), at(10, 10)), None, 1),  # the cut-off precedes all versions: the first
        ((at(1, 10), at(5, 10)), 4 * HOUR, 1),  # the selection was issued at 4
        ((at(1, 10), at(5, 10, control_at=3 * HOUR)), None, 1),  # the first control message came at 3
        ((at(1, None), at(50, None)), None, 2),  # nothing ends the wait
        ((at(1, 10), at(8, 10)), None, 1),  # known at the very cut-off is too late
    ],
)
def test_edges_of_the_rule(rows: tuple[dict[str, Any], ...], issued: int | None, expected: int) -> None:
    """Each limit, alone, decides as the contract says."""
    assert chosen_of(*rows, issued=issued) == [expected]


def test_ferries_have_the_shorter_lead() -> None:
    """A ro-ro version known an hour before arrival is in time; a container's is not."""
    rows = (at(1, 10), at(9, 10))
    ferry = tuple(row | {"mode": Mode.RORO_UNACCOMPANIED.value} for row in rows)
    assert chosen_of(*rows) == [1]
    assert chosen_of(*ferry) == [2]


def test_who_was_taken_over_has_no_row() -> None:
    """A consignment whose last version names a successor is left out; one that came back is not."""
    gone = (at(1, 10), at(2, 10, joined_into="C2"))
    back = (*gone, at(3, 10))
    assert chosen_of(*gone) == []
    assert chosen_of(*back) == [3]


def test_decisions_due_after_the_last_message_are_open() -> None:
    """A consignment whose cut-off lies ahead is counted and left out."""
    table = version_rows([{"sequence": 1, **at(1, 10)}])
    points = decision_points(table, {}, SETTINGS, horizon=7 * HOUR)
    assert (points.position.size, points.still_open) == (0, 1)


def test_no_versions_no_rows() -> None:
    """An empty lake has no decision points."""
    points = decision_points(version_rows([]), {}, SETTINGS, horizon=HORIZON)
    assert (points.position.size, points.still_open) == (0, 0)


def test_rows_come_in_the_order_of_their_moments() -> None:
    """Moments never fall from row to row."""
    rng = np.random.default_rng(1)
    rows = [{"sequence": n, "consignment_id": f"C{n}", **at(n, int(rng.integers(1, 99)))} for n in range(60)]
    moments = decision_points(version_rows(rows), {}, SETTINGS, horizon=HORIZON).moment
    assert moments.size == 60
    assert (np.diff(moments) >= 0).all()
