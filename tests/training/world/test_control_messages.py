"""Interventions by sea and air: after selection, of units that were selected, to those who declared what they hold."""

from __future__ import annotations

import numpy as np

from aftc.records import EntryIntervention, EntrySummary
from training.world.cast import Cast
from training.world.control_messages import control_dispatches
from training.world.dispatch import Dispatch
from training.world.lodgements import lodgements
from training.world.simulation import Week


def test_interventions_follow_selection(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Each is of a declaration aboard a selected container or device, sent after its selection and registration."""
    notices = {each.record.entry.mrn: each for each in dispatches if isinstance(each.record, EntryIntervention)}
    seen = 0
    for week in small_weeks:
        traffic, selections = week.arrivals.traffic, week.selections
        for lodgement in lodgements(week.arrivals):
            notice = notices.get(lodgement.mrn)
            if notice is None:
                continue
            seen += 1
            row = lodgement.rows[0]
            first = int(traffic.consignments.unit[row])
            units = range(first, first + int(traffic.consignments.units[row]))
            chosen = [unit for unit in units if selections.selected[unit]]
            assert chosen
            assert first >= traffic.first_box
            assert notice.received > min(int(selections.issued[unit]) for unit in chosen)
            assert isinstance(notice.record, EntryIntervention)
            assert (notice.record.notified_at or 0) > lodgement.registered
            assert notice.about == tuple(traffic.consignments.document[each] for each in lodgement.rows)
    assert seen == len(notices) > 0


def test_interventions_name_the_declaration_as_it_was_made(dispatches: list[Dispatch]) -> None:
    """LRN, declarant and office are the declaration's; of a joint one each goods item is named."""
    entries = {each.record.lrn: each.record for each in dispatches if isinstance(each.record, EntrySummary)}
    notices = [each.record for each in dispatches if isinstance(each.record, EntryIntervention)]
    joint = 0
    for notice in notices:
        entry = entries[notice.entry.lrn]
        assert notice.entry.declarant is not None
        assert entry.declarant is not None
        assert notice.entry.declarant.eori == entry.declarant.eori
        assert notice.entry.office_of_first_entry == entry.office_of_first_entry
        assert notice.submitted_at == entry.declared_at
        named = [each.item for each in notice.interventions]
        assert named == [None] or named == [item.number for item in entry.items]
        joint += named != [None]
    assert 0 < joint < len(notices)


def test_three_in_ten_selected_units_are_told(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Of the selected containers and devices some three in ten are named by interventions, in both ways in."""
    told, selected = np.zeros(2), np.zeros(2)
    for week in small_weeks:
        traffic = week.arrivals.traffic
        chosen = np.flatnonzero(week.selections.selected[traffic.first_box :]) + traffic.first_box
        by_air = (chosen >= traffic.first_uld).astype(int)
        selected += np.bincount(by_air, minlength=2)
        unit_of = {lodged.mrn: int(traffic.consignments.unit[lodged.rows[0]]) for lodged in lodgements(week.arrivals)}
        notices = [each.record for each in control_dispatches(small_cast, week)]
        units = {unit_of[each.entry.mrn or ""] for each in notices if isinstance(each, EntryIntervention)}
        told += np.bincount([int(unit >= traffic.first_uld) for unit in units], minlength=2)
    assert (told / selected > 0.15).all()
    assert (told / selected < 0.45).all()
