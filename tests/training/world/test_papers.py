"""Papers: parties, countries and words as the conduct of the papers has them."""

from __future__ import annotations

import numpy as np
import pytest

from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.papers import Paper, papers
from training.world.simulation import Week


@pytest.fixture(scope="module")
def stated(small_cast: Cast, small_weeks: list[Week]) -> list[tuple[Week, Paper]]:
    """The papers of all consignments that have any."""
    found: list[tuple[Week, Paper]] = []
    for week in small_weeks:
        documents = week.arrivals.traffic.consignments.document
        rows = [row for row, document in enumerate(documents) if document]
        found.extend((week, paper) for paper in papers(small_cast, week.arrivals, rows))
    return found


def test_papers_do_not_depend_on_who_else_is_asked_for(small_cast: Cast, small_weeks: list[Week]) -> None:
    """The papers of the sea consignments are the same alone as among all."""
    arrivals = small_weeks[0].arrivals
    consignments = arrivals.traffic.consignments
    laden = [row for row, document in enumerate(consignments.document) if document]
    by_sea = np.flatnonzero(consignments.mode == SEA).tolist()
    among_all = [each for each in papers(small_cast, arrivals, laden) if each.mode == SEA]
    assert papers(small_cast, arrivals, by_sea) == among_all


def test_goods_to_order_notify_their_receiver(small_cast: Cast, stated: list[tuple[Week, Paper]]) -> None:
    """Papers that do not name the receiver name nobody or the forwarder, and the receiver is to be notified."""
    seen = set()
    for week, paper in stated:
        receiver = small_cast.consignees.parties[week.arrivals.traffic.consignments.consignee[paper.row]]
        if paper.notify is None:
            assert paper.consignee == paper.bill_consignee
            assert paper.consignee.name == receiver.name
            continue
        assert week.arrivals.paperwork.to_order[paper.row]
        assert paper.notify.name == receiver.name
        order = paper.bill_consignee.name is not None and paper.bill_consignee.name.startswith(("TO ORDER", "TO THE"))
        assert order or paper.bill_consignee == paper.forwarder == paper.consignee
        assert paper.mode == SEA or not order
        seen.add((order, paper.consignee == paper.bill_consignee))
    assert seen == {(True, True), (True, False), (False, True)}


def test_origin_and_dispatch_differ_where_conduct_says(stated: list[tuple[Week, Paper]]) -> None:
    """Origin and dispatch are the consignor's country; one of them is not where conduct says."""
    for week, paper in stated:
        elsewhere = bool(week.arrivals.paperwork.elsewhere[paper.row])
        assert (paper.origin != paper.dispatch) == elsewhere
        home = paper.dispatch if paper.mode == SEA else paper.origin
        assert home == paper.consignor.country


def test_declarations_repeat_the_bill_or_word_it_anew(stated: list[tuple[Week, Paper]]) -> None:
    """Some declarations have the bill's very words, some others; there is no bill but by sea."""
    same = [paper.entry_words == paper.bill_words for _, paper in stated if paper.mode == SEA]
    assert 0.3 < np.mean(same) < 0.9
    assert not any(paper.bill_words for _, paper in stated if paper.mode != SEA)
    assert all(paper.entry_words for _, paper in stated)
