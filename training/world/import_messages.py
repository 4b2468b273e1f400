"""Import declarations of every consignment but parcels of low value, what customs answers, and orders to examine.

By ferry the forwarder's software declares both ways within minutes, as the goods movement names both; by sea and air
an import is declared at any time from its entry summary declaration until after arrival. The declaration names its
consignment by UCR, by its entry summary's MRN and by transport document, not always by all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, Instant
from aftc.records import (
    DeclarationNotification,
    DeclaredValue,
    GoodsLocation,
    ImportDeclaration,
    ImportItem,
    PreviousDocument,
)
from training.world.border import Leg, legs
from training.world.cast import Cast
from training.world.conduct import LOW_VALUE
from training.world.consignments import PARCEL, SEA
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.lodgements import Lodgement, lodgements, numbered
from training.world.movement_references import import_reference
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals, Week

__all__ = ["import_control_dispatches", "import_dispatches"]

_TOLD = 0.3  # share of selected units with consignments whose declarants are told of the examination
_NAMES_ENTRY, _NAMES_DOCUMENT = 0.8, 0.9  # share of declarations that name entry summary and transport document
_PROCEDURES = ("4000",) * 12 + ("7100", "5100")  # free circulation; customs warehouse, inward processing
_TERMS = ("CIF", "CIF", "FOB", "DAP", "EXW")
_NET = (0.88, 0.98)  # of the gross mass
_MASS_STEP_G = 10
_BY_FERRY_MINUTES = (1, 4)  # after the entry summary's registration, the last excluded
_AFTER_SEA, _AFTER_AIR = 24 * HOUR, 6 * HOUR  # latest after arrival
_ANSWERED = MINUTE
_RECEIVED, _EXAMINED = "02", "05"
_MODES = {"10": "6", "11": "6", "1": "1", "4": "4"}  # of border transport: entry summary's code to the import's
_IDENTITIES = {"1": "10", "6": "30", "4": "40"}  # IMO number, registration, flight number
_BEFORE, _ARRIVED = "IMD", "IMA"
_PENNY = 10  # thousandths of a pound


@dataclass(frozen=True, slots=True)
class _Lodged:
    """An import declaration: what it is of, its numbers, when it is sent, and random picks that settle its wording."""

    paper: Paper
    entry: Lodgement
    lrn: str
    mrn: str
    sent: Instant
    picks: list[float]

    @property
    def answered(self) -> Instant:
        """When customs had it (event time)."""
        return self.sent + _ANSWERED


def import_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All declarations of a week, each with its receipt after it, in no order of time."""
    desk, lodged = _Desk(cast, arrivals), list(_lodged(cast, arrivals))
    count = len(lodged)
    names = arrivals.draws.codes("import names", 2 * count, 12)
    waits = delays(arrivals.draws.of("import messages"), 2 * count).tolist()
    for place, each in enumerate(lodged):
        about, answer = (each.paper.document,), count + place
        declaration = desk.declaration(each)
        yield Dispatch("cds_import", names[place], each.sent + waits[place], declaration, about)
        receipt = _notification(_RECEIVED, names[answer], each.answered, each)
        yield Dispatch("cds_notification", names[answer], each.answered + waits[answer], receipt, about)


def import_control_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:
    """Notifications of a week that what selected units hold is to be examined, in no order of time."""
    arrivals, selected = week.arrivals, week.selections.selected
    told = (selected & (arrivals.draws.of("imports held").random(len(selected)) < _TOLD)).tolist()
    issued = week.selections.issued.tolist()
    held: list[tuple[_Lodged, int]] = []
    for each in _lodged(cast, arrivals):
        aboard = range(each.paper.unit, each.paper.unit + each.paper.units)
        unit = next((unit for unit in aboard if told[unit]), None)
        if unit is not None:
            held.append((each, unit))
    names = arrivals.draws.codes("import control names", len(held), 12)
    waits = delays(arrivals.draws.of("import controls"), len(held)).tolist()
    for (each, unit), name, wait in zip(held, names, waits, strict=True):
        sent = max(issued[unit], each.answered) + MINUTE
        notice = _notification(_EXAMINED, name, sent, each)
        yield Dispatch("cds_notification", name, sent + wait, notice, (each.paper.document,))


def _notification(function: str, name: str, at: Instant, lodged: _Lodged) -> DeclarationNotification:
    return DeclarationNotification(function, name, at, lodged.lrn, lodged.mrn, 1)


def _lodged(cast: Cast, arrivals: Arrivals) -> Iterator[_Lodged]:
    consignments, paperwork = arrivals.traffic.consignments, arrivals.paperwork
    small = (consignments.mode == PARCEL) & (paperwork.value <= LOW_VALUE)
    rows = [row for row, own in enumerate(consignments.document) if own and not small[row]]
    entries = {row: each for each in lodgements(arrivals) for row in each.rows}
    carried, declared = legs(cast, arrivals), paperwork.declared.tolist()
    lrns = arrivals.draws.codes("import lrns", len(consignments.document), 16)
    picks = arrivals.draws.of("imports").random((len(consignments.document), 7)).tolist()
    for paper in papers(cast, arrivals, rows):
        row, entry = paper.row, entries[paper.row]
        sent = _sent(paper, entry, carried[paper.unit], picks[row][0])
        mrn = import_reference(declared[row], paper.document)
        yield _Lodged(paper, entry, lrns[row], mrn, sent, picks[row])


def _sent(paper: Paper, entry: Lodgement, leg: Leg, pick: float) -> Instant:
    if paper.mode < SEA:
        least, most = _BY_FERRY_MINUTES
        return entry.registered + (least + int(pick * (most - least))) * MINUTE
    latest = leg.arrival + (_AFTER_SEA if paper.mode == SEA else _AFTER_AIR)
    return entry.registered + MINUTE + int(pick * max(0, latest - entry.registered)) // MINUTE * MINUTE


class _Desk:
    """Writes declarations from a week's papers and legs."""

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        traffic, paperwork = arrivals.traffic, arrivals.paperwork
        self._legs, self._units = legs(cast, arrivals), traffic.units.number
        self._consignees, self._consignee = cast.consignees.parties, traffic.consignments.consignee.tolist()
        self._packages, self._mass = paperwork.entry_packages.tolist(), paperwork.entry_mass.tolist()
        self._value = paperwork.value.tolist()

    def declaration(self, lodged: _Lodged) -> ImportDeclaration:
        """The declaration of one consignment, of one goods item."""
        paper, leg, item = lodged.paper, self._legs[lodged.paper.unit], self._item(lodged)
        mode, sea = _MODES[leg.transport], lodged.paper.mode == SEA
        identity = leg.reference if mode == "4" else leg.identity
        return ImportDeclaration(
            lrn=lodged.lrn,
            kind=_BEFORE if lodged.sent < leg.arrival else _ARRIVED,
            accepted_at=None,
            declarant=numbered(paper.forwarder or leg.carrier),
            representative=None,
            representation="2",
            exporter=replace(paper.consignor, eori=None),
            importer=numbered(self._consignees[self._consignee[paper.row]]),
            buyer=None,
            seller=None,
            transport_mode=mode,
            conveyance_nationality=leg.nationality,
            conveyance_identity=identity,
            conveyance_identity_kind=_IDENTITIES[mode] if identity else None,
            containerised=sea,
            goods_location=GoodsLocation(leg.unloading[2:] * 3, "A", "U", "GB"),
            place_of_loading=None,
            supervising_office=None,
            dispatch_country=paper.dispatch,
            destination_country="GB",
            ucr=None,
            delivery_terms=_TERMS[int(lodged.picks[4] * len(_TERMS))],
            delivery_place=leg.unloading,
            invoice=None,
            freight=None,
            total_items=1,
            total_packages=item.packages,
            containers=tuple(self._units[paper.unit : paper.unit + paper.units]) if sea else (),
            previous_documents=tuple(_previous(lodged, leg)),
            items=(item,),
        )

    def _item(self, lodged: _Lodged) -> ImportItem:
        paper, commodity = lodged.paper, COMMODITIES[lodged.paper.commodity]
        mass = self._mass[paper.row]
        net = int(mass * (_NET[0] + (_NET[1] - _NET[0]) * lodged.picks[5])) // _MASS_STEP_G * _MASS_STEP_G
        return ImportItem(
            number=1,
            description=paper.entry_words,
            hs_code=f"{commodity.hs_code}00",
            taric="00",
            gross_mass_g=mass,
            net_mass_g=net or mass,
            packages=self._packages[paper.row],
            package_kind=commodity.package_kind,
            procedure=_PROCEDURES[int(lodged.picks[6] * len(_PROCEDURES))],
            more_procedures=("000",),
            origin_country=paper.origin,
            price=DeclaredValue(self._value[paper.row] * _PENNY, "GBP"),
            valuation_method="1",
            preference="100",
        )


def _previous(lodged: _Lodged, leg: Leg) -> Iterator[PreviousDocument]:
    """UCR, entry summary with its goods item, transport document under its master; of the last two at least one."""
    paper, (_, entry, document, *_) = lodged.paper, lodged.picks
    if paper.ucr:
        yield PreviousDocument("DCR", paper.ucr, "Z")
    if entry < _NAMES_ENTRY:
        several = len(lodged.entry.rows) > 1
        item = lodged.entry.rows.index(paper.row) + 1 if several else None
        yield PreviousDocument("355", lodged.entry.mrn, "Z", item)
    if document < _NAMES_DOCUMENT or entry >= _NAMES_ENTRY:
        yield from _transport(paper, leg)


def _transport(paper: Paper, leg: Leg) -> Iterator[PreviousDocument]:
    own = paper.document
    if leg.master:
        if own == leg.master:
            yield PreviousDocument("740", own, "Z")
        else:
            yield from (PreviousDocument("703", own, "Z"), PreviousDocument("741", leg.master, "Z"))
    elif paper.master:
        yield from (PreviousDocument("714", own, "Z"), PreviousDocument("705", paper.master, "Z"))
    else:
        yield PreviousDocument("705" if paper.mode == SEA else "730", own, "Z")
