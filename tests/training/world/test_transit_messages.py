"""Transit declarations of the world: whose, of what, and that they name what other papers name."""

from __future__ import annotations

import numpy as np

from aftc.linking.documents import transit_document
from aftc.records import EntrySummary, TransitDeclaration
from training.world.consignments import SEA
from training.world.dispatch import Dispatch
from training.world.lodgements import lodgements
from training.world.simulation import Week


def _declared(dispatches: list[Dispatch]) -> list[tuple[Dispatch, TransitDeclaration]]:
    return [(each, each.record) for each in dispatches if isinstance(each.record, TransitDeclaration)]


def test_a_share_of_lorries_and_containers_moves_under_transit(
    small_weeks: list[Week], dispatches: list[Dispatch]
) -> None:
    """About 15 % of laden crossings and 8 % of containers have one declaration; nothing by air has any."""
    modes = {}
    units: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    for week in small_weeks:
        consignments = week.arrivals.traffic.consignments
        for row, document in enumerate(consignments.document):
            mode = int(consignments.mode[row])
            modes[document] = mode
            if document and mode <= SEA:
                units[mode == SEA].add((week.arrivals.number, int(consignments.unit[row])))
    declared = [modes[each.about[0]] for each, _ in _declared(dispatches)]
    assert max(declared) <= SEA
    assert abs(sum(mode < SEA for mode in declared) / len(units[False]) - 0.15) < 0.04
    assert abs(sum(mode == SEA for mode in declared) / len(units[True]) - 0.08) < 0.04


def test_each_house_consignment_is_one_aboard(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """House consignments are what the message is about, in order; documents, UCRs and MRNs are those of the papers."""
    ucrs: dict[str, str] = {}
    mrns: dict[str, str] = {}
    for week in small_weeks:
        consignments = week.arrivals.traffic.consignments
        ucrs |= dict(zip(consignments.document, consignments.ucr, strict=True))
        mrns |= {consignments.document[row]: each.mrn for each in lodgements(week.arrivals) for row in each.rows}
    named = {"document": 0, "ucr": 0, "entry": 0}
    houses = 0
    for dispatch, declaration in _declared(dispatches):
        assert len(declaration.houses) == len(dispatch.about)
        for place, (document, house) in enumerate(zip(dispatch.about, declaration.houses, strict=True), start=1):
            houses += 1
            assert house.items[0].number == place
            assert house.ucr in (None, ucrs[document])
            assert all(each.reference == mrns[document] for each in house.previous_documents)
            named["document"] += bool(house.transport_documents)
            named["ucr"] += house.ucr is not None
            named["entry"] += bool(house.previous_documents)
        if declaration.houses[0].transport_documents:
            assert transit_document(declaration) == dispatch.about[0]
    assert houses > len(_declared(dispatches))
    assert 0.85 < named["document"] / houses < 0.97
    assert 0.3 < named["ucr"] / houses < 0.75
    assert 0.1 < named["entry"] / houses < 0.5


def test_it_states_what_the_entry_summary_states(dispatches: list[Dispatch]) -> None:
    """The mass of a house consignment is that of its entry summary, but for the few that are amended."""
    entries = {}
    for each in dispatches:
        if isinstance(each.record, EntrySummary) and not each.record.amendment and len(each.about) == 1:
            entries[each.about[0]] = each.record
    pairs = [
        (entries[document], house)
        for dispatch, declaration in _declared(dispatches)
        for document, house in zip(dispatch.about, declaration.houses, strict=True)
        if document in entries
    ]
    same = [sum(each.gross_mass_g or 0 for each in entry.items) == house.gross_mass_g for entry, house in pairs]
    assert len(pairs) > 100
    assert np.mean(same) > 0.93
