"""Transit declarations: some lorries, trailers and containers move on under T1, each with all that it holds.

By ferry the procedure begins abroad, hours before the crossing; by sea at the port, around the vessel's arrival. Each
consignment is a house consignment, which names its transport document, its UCR and its entry summary, not always all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE, Instant, to_datetime
from aftc.records import (
    DocumentReference,
    PreviousDocument,
    TransitDeclaration,
    TransitEquipment,
    TransitHouse,
    TransitItem,
    TransportMeans,
)
from training.world.border import Leg, legs
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.lodgements import lodgements, numbered
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals

__all__ = ["transit_dispatches"]

_BY_FERRY, _BY_SEA = 0.15, 0.08  # share of laden crossings and containers that move on under T1
_NAMES_DOCUMENT, _NAMES_UCR, _NAMES_ENTRY = 0.92, 0.7, 0.5  # share of house consignments, of those that have one
_AHEAD_HOURS = (2, 30)  # by ferry, before arrival
_AROUND_HOURS = (-24, 24)  # by sea, after arrival
_NET = (0.88, 0.98)  # of the gross mass
_DAYS = 8  # until it is to arrive
_INLAND = ("GB000120", "GB000142", "GB000149", "GB000029", "GB000011")  # offices of destination
_VEHICLE, _TRAILER, _IMO = "30", "31", "10"  # kinds of means of transport
_ROAD, _SHIP = "3", "1"  # modes


class _Moved(Struct, frozen=True):
    """What moves under one declaration: its papers, the last leg, when it is sent, and random picks."""

    papers: tuple[Paper, ...]
    leg: Leg
    lrn: str
    sent: Instant
    picks: list[list[float]]


def transit_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All transit declarations of a week, in no order of time."""
    desk, moved = _Desk(cast, arrivals), list(_moved(cast, arrivals))
    names = arrivals.draws.codes("transit names", len(moved), 12)
    waits = delays(arrivals.draws.of("transit messages"), len(moved)).tolist()
    for name, wait, each in zip(names, waits, moved, strict=True):
        about = tuple(paper.document for paper in each.papers)
        yield Dispatch("ncts_transit", name, each.sent + wait, desk.declaration(name, each), about)


def _moved(cast: Cast, arrivals: Arrivals) -> Iterator[_Moved]:
    """The units that move on under T1, with the consignments of which each is the first unit."""
    consignments, carried = arrivals.traffic.consignments, legs(cast, arrivals)
    rng, count = arrivals.draws.of("transits"), arrivals.traffic.first_uld
    chosen, when = rng.random(count).tolist(), rng.random(count).tolist()
    picks = rng.random((len(consignments.document), 4)).tolist()
    lrns = arrivals.draws.codes("transit lrns", count, 16)
    aboard: dict[int, list[int]] = defaultdict(list)
    for row, (unit, mode) in enumerate(zip(consignments.unit.tolist(), consignments.mode.tolist(), strict=True)):
        share = _BY_FERRY if mode < SEA else _BY_SEA
        if mode <= SEA and consignments.document[row] and chosen[unit] < share:
            aboard[unit].append(row)
    for unit, rows in aboard.items():
        leg, by_sea = carried[unit], unit >= arrivals.traffic.first_box
        least, most = _AROUND_HOURS if by_sea else _AHEAD_HOURS
        hours = (least + when[unit] * (most - least)) * (1 if by_sea else -1)
        sent = leg.arrival // MINUTE * MINUTE + int(hours * (HOUR // MINUTE)) * MINUTE
        yield _Moved(tuple(papers(cast, arrivals, rows)), leg, lrns[unit], sent, [picks[row] for row in rows])


class _Desk:
    """Writes declarations from a week's papers and legs."""

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        paperwork, units = arrivals.paperwork, arrivals.traffic.units
        self._legs, self._units = legs(cast, arrivals), units.number
        self._packages, self._mass = paperwork.entry_packages.tolist(), paperwork.entry_mass.tolist()
        self._entries = {row: each for each in lodgements(arrivals) for row in each.rows}

    def declaration(self, name: str, moved: _Moved) -> TransitDeclaration:
        """The declaration of one unit."""
        leg, first = moved.leg, moved.papers[0]
        by_sea = first.mode == SEA
        houses = tuple(self._house(place, *each, moved) for place, each in self._numbered(moved))
        means = () if by_sea else tuple(_vehicles(leg))
        ship = TransportMeans(_IMO, leg.identity, None, leg.office, leg.reference)
        return TransitDeclaration(
            lrn=moved.lrn,
            message_id=name,
            kind="T1",
            additional="A" if moved.sent < leg.arrival else "D",
            security="0",
            declared_at=moved.sent,
            limit_day=to_datetime(moved.sent + _DAYS * DAY).date().isoformat(),
            departure_office=leg.office if by_sea else f"{leg.loading[:2]}000{leg.loading[2:]}",
            transit_offices=() if by_sea or leg.office is None else (leg.office,),
            destination_office=_INLAND[int(moved.picks[0][3] * len(_INLAND))],
            holder=first.forwarder or leg.carrier,
            representative=None,
            carrier=None if by_sea else numbered(leg.carrier),
            consignor=None,
            consignee=None,
            dispatch_country=None,
            destination_country="GB",
            containerised=by_sea,
            inland_mode=_ROAD,
            border_mode=_SHIP if by_sea else _ROAD,
            gross_mass_g=sum(house.gross_mass_g or 0 for house in houses),
            ucr=None,
            goods_location=None,
            place_of_loading=None,
            place_of_unloading=None,
            equipment=tuple(self._equipment(moved)),
            departure_means=means,
            border_means=(ship,) if by_sea else tuple(replace(each, office=leg.office) for each in means[:1]),
            transport_documents=(),
            previous_documents=(),
            houses=houses,
        )

    def _numbered(self, moved: _Moved) -> Iterator[tuple[int, tuple[Paper, list[float]]]]:
        return enumerate(zip(moved.papers, moved.picks, strict=True), start=1)

    def _equipment(self, moved: _Moved) -> Iterator[TransitEquipment]:
        """The containers that each fills, once; by ferry the seals of the lorry or trailer."""
        first = moved.papers[0]
        if first.mode != SEA:
            yield TransitEquipment(None, moved.leg.seals, tuple(range(1, len(moved.papers) + 1)))
            return
        held: dict[int, list[int]] = defaultdict(list)
        for number, paper in enumerate(moved.papers, start=1):
            for unit in range(paper.unit, paper.unit + paper.units):
                held[unit].append(number)
        for unit, numbers in held.items():
            yield TransitEquipment(self._units[unit], self._legs[unit].seals, tuple(numbers))

    def _house(self, number: int, paper: Paper, picks: list[float], moved: _Moved) -> TransitHouse:
        document, ucr, entry, net = picks
        lodged, mass = self._entries[paper.row], self._mass[paper.row]
        several = len(lodged.rows) > 1
        item = TransitItem(
            number=number,
            description=paper.entry_words,
            hs_code=COMMODITIES[paper.commodity].hs_code,
            gross_mass_g=mass,
            net_mass_g=int(mass * (_NET[0] + (_NET[1] - _NET[0]) * net)),
            packages=self._packages[paper.row],
            package_kind=COMMODITIES[paper.commodity].package_kind,
            un_number=paper.un_number,
        )
        before = PreviousDocument("N355", lodged.mrn, item=lodged.rows.index(paper.row) + 1 if several else None)
        return TransitHouse(
            items=(item,),
            gross_mass_g=mass,
            ucr=paper.ucr if paper.ucr and ucr < _NAMES_UCR else None,
            dispatch_country=paper.dispatch,
            consignor=replace(paper.consignor, eori=None),
            consignee=paper.consignee,
            transport_documents=tuple(_documents(paper)) if document < _NAMES_DOCUMENT else (),
            previous_documents=(before,) if entry < _NAMES_ENTRY and moved.sent > lodged.registered else (),
        )


def _vehicles(leg: Leg) -> Iterator[TransportMeans]:
    for number in leg.registrations:
        kind = _VEHICLE if number == leg.identity else _TRAILER
        yield TransportMeans(kind, number, leg.nationality)


def _documents(paper: Paper) -> Iterator[DocumentReference]:
    if paper.mode != SEA:
        yield DocumentReference("N730", paper.document)
    elif paper.master:
        yield from (DocumentReference("N714", paper.document), DocumentReference("N705", paper.master))
    else:
        yield DocumentReference("N705", paper.document)
