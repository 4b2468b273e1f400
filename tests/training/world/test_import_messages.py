"""Import declarations: of which consignments, in step with their other papers; controls follow selection."""

from __future__ import annotations

import numpy as np

from aftc.records import DeclarationNotification, EntryResponse, GoodsMovement, ImportDeclaration
from training.world.cast import Cast
from training.world.conduct import LOW_VALUE
from training.world.consignments import PARCEL, SEA
from training.world.dispatch import Dispatch
from training.world.import_messages import import_dispatches
from training.world.simulation import Week


def _declared(cast: Cast, week: Week) -> dict[str, ImportDeclaration]:
    """A week's declarations by the document that they are about."""
    sent = import_dispatches(cast, week.arrivals)
    return {each.about[0]: each.record for each in sent if isinstance(each.record, ImportDeclaration)}


def test_all_but_empty_movements_and_cheap_parcels_are_declared(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Each once, with the value, mass and packages of its papers; a parcel only where it is worth more than £135."""
    for week in small_weeks:
        consignments, paperwork = week.arrivals.traffic.consignments, week.arrivals.paperwork
        cheap = (consignments.mode == PARCEL) & (paperwork.value <= LOW_VALUE)
        declared = _declared(small_cast, week)
        assert cheap.any()
        expected = [row for row, own in enumerate(consignments.document) if own and not cheap[row]]
        assert sorted(declared) == sorted(consignments.document[row] for row in expected)
        for row in expected:
            declaration = declared[consignments.document[row]]
            (goods,) = declaration.items
            assert goods.price is not None
            assert (goods.price.thousandths, goods.price.currency) == (int(paperwork.value[row]) * 10, "GBP")
            assert goods.gross_mass_g == paperwork.entry_mass[row]
            assert declaration.total_packages == goods.packages == paperwork.entry_packages[row]
            assert 0 < (goods.net_mass_g or 0) <= (goods.gross_mass_g or 0)
            first = int(consignments.unit[row])
            boxes = tuple(week.arrivals.traffic.units.number[first : first + int(consignments.units[row])])
            assert declaration.containers == (boxes if consignments.mode[row] == SEA else ())


def test_what_a_declaration_names_is_so(small_cast: Cast, small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """UCR, entry summary's MRN and transport document are those of its consignment, and each has one of them."""
    mrns = {
        (each.record.entry.mrn, document)
        for each in dispatches
        if isinstance(each.record, EntryResponse)
        for document in each.about
    }
    for week in small_weeks:
        consignments = week.arrivals.traffic.consignments
        place = {document: row for row, document in enumerate(consignments.document)}
        for document, declaration in _declared(small_cast, week).items():
            named = {each.kind: each.reference for each in declaration.previous_documents}
            assert named.get("DCR", "") == consignments.ucr[place[document]]
            assert "355" not in named or (named["355"], document) in mrns
            lowest = {named[kind] for kind in ("703", "714", "730", "740") if kind in named}
            if not consignments.master[place[document]]:
                lowest |= {named["705"]} if "705" in named else set()
            assert lowest <= {document}
            assert lowest or "355" in named


def test_goods_movements_name_the_mrns_that_receipts_tell(dispatches: list[Dispatch]) -> None:
    """Whatever a goods movement names that is neither a UCR nor an entry's MRN is an import's, received before."""
    told = {each.record.mrn: each for each in dispatches if isinstance(each.record, DeclarationNotification)}
    named = 0
    for dispatch in dispatches:
        if isinstance(dispatch.record, GoodsMovement):
            for each in dispatch.record.declarations:
                if "-" not in each.reference:
                    named += 1
                    receipt = told[each.reference].record
                    assert isinstance(receipt, DeclarationNotification)
                    assert told[each.reference].about[0] in dispatch.about
                    if receipt.function == "02":
                        assert (receipt.issued_at or 0) <= (dispatch.record.updated_at or 0)
    assert named > 50


def test_controls_follow_selection(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Each is of what a selected unit holds, known after its selection; three in ten such consignments have one."""
    notices = {
        each.about[0]: each
        for each in dispatches
        if isinstance(each.record, DeclarationNotification) and each.record.function == "05"
    }
    declared = {each.about[0] for each in dispatches if isinstance(each.record, ImportDeclaration)}
    held, seen = 0, 0
    for week in small_weeks:
        consignments, selections = week.arrivals.traffic.consignments, week.selections
        for row, document in enumerate(consignments.document):
            first = int(consignments.unit[row])
            units = np.arange(first, first + int(consignments.units[row]))
            chosen = units[selections.selected[units]]
            held += bool(len(chosen)) and document in declared
            if document in notices:
                seen += 1
                assert notices[document].received > selections.issued[chosen].min()
    assert seen == len(notices)
    assert 0.2 < seen / held < 0.4
