"""Entry summary declarations of every consignment, alone or with others aboard the same unit, and their amendments.

Every goods item names its transport document: N730 for a road consignment note, N705 for a master bill, N714 and
N705 for a house bill under a master; by air N740 for an air waybill, N703 and N741 for a house waybill under a
master, as couriers' parcels travel too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftc.clock import MINUTE
from aftc.records import DocumentReference, EntrySummary, GoodsItem
from training.world.border import Leg, legs
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.declared_containers import declared_containers
from training.world.dispatch import Dispatch, delays
from training.world.entry_amendments import Sending, amendment, before_amendment
from training.world.goods import COMMODITIES
from training.world.lodgements import lodgements
from training.world.naming import spelt
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals

__all__ = ["entry_dispatches"]

_SPLIT = 0.2  # share of consignments declared as two goods items
_UCR_ON_TOP = 0.6  # share of UCRs that stand in the header
_EARLIEST = 30  # minutes by which the declared arrival may differ from the schedule, either way
_ROUND = 5
_WEIGHED_G = 10  # how finely part of a consignment is weighed
_PICKS = 8


@dataclass(frozen=True, slots=True)
class _Draft:
    """One declaration: its consignments, their leg, and the random picks that settle its wording."""

    papers: tuple[Paper, ...]
    leg: Leg
    name: str
    lrn: str
    picks: list[float]

    @property
    def alone(self) -> bool:
        """Whether it is of one consignment."""
        return len(self.papers) == 1


def entry_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All declarations of a week, in no order of time."""
    rng, desk = arrivals.draws.of("entry messages"), _Desk(cast, arrivals)
    lodged = lodgements(arrivals)
    count = len(lodged)
    names = arrivals.draws.codes("entry names", 2 * count, 12)
    picks, waits = rng.random((count, _PICKS)).tolist(), delays(rng, 2 * count).tolist()
    amended = arrivals.paperwork.amended.tolist()
    for place, lodgement in enumerate(lodged):
        group = tuple(desk.papers[row] for row in lodgement.rows)
        draft = _Draft(group, desk.legs[group[0].unit], names[place], lodgement.lrn, picks[place])
        about = tuple(paper.document for paper in group)
        entry = desk.entry(draft)
        if not any(amended[paper.row] for paper in group):
            yield Dispatch("ens", draft.name, (entry.declared_at or 0) + waits[place], entry, about)
            continue
        first = before_amendment(entry, desk.containers, draft.picks[6])
        yield Dispatch("ens", draft.name, (first.declared_at or 0) + waits[place], first, about)
        sending = Sending(names[count + place], draft.leg.arrival, draft.picks[7])
        again = amendment(entry, desk.containers, sending)
        yield Dispatch("ens", again.message_id, (again.declared_at or 0) + waits[count + place], again, about)


class _Desk:
    """Writes declarations from a week's papers and legs.

    Attributes:
        papers: By row, of all that is declared.
        legs: Of all units.
        containers: By document, the right ones where others are declared.
    """

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        traffic, paperwork = arrivals.traffic, arrivals.paperwork
        declared = [row for row, own in enumerate(traffic.consignments.document) if own]
        self.papers = {paper.row: paper for paper in papers(cast, arrivals, declared)}
        self.legs = legs(cast, arrivals)
        self._declared_containers, self.containers = declared_containers(arrivals)
        self._declared = paperwork.declared.tolist()
        self._packages, self._mass = paperwork.entry_packages.tolist(), paperwork.entry_mass.tolist()

    def entry(self, draft: _Draft) -> EntrySummary:
        """The declaration of a draft, all of it right but for what its declarant wants to say."""
        first, leg, alone = draft.papers[0], draft.leg, draft.alone
        items = tuple(self._items(draft))
        shift = (int(draft.picks[0] * 2 * _EARLIEST / _ROUND) * _ROUND - _EARLIEST) * MINUTE
        through = (first.dispatch, first.origin, self._between(first), "GB")
        return EntrySummary(
            lrn=draft.lrn,
            mrn=None,
            message_id=draft.name,
            amendment=False,
            declared_at=self._declared[first.row],
            transport_mode=leg.transport,
            conveyance_reference=leg.reference,
            conveyance_identity=leg.identity,
            conveyance_nationality=leg.nationality,
            office_of_first_entry=leg.office,
            expected_arrival=leg.arrival + shift,
            itinerary=tuple(dict.fromkeys(each for each in through if each)),
            place_of_loading=leg.loading,
            place_of_unloading=leg.unloading,
            payment_method=first.payment if alone else None,
            special_circumstance=leg.special,
            ucr=(first.ucr or None) if alone and draft.picks[1] < _UCR_ON_TOP else None,
            total_items=len(items),
            total_packages=sum(item.packages or 0 for item in items),
            total_gross_mass_g=sum(item.gross_mass_g or 0 for item in items),
            consignor=first.consignor if alone else None,
            consignee=first.consignee if alone else None,
            notify=first.notify if alone else None,
            carrier=leg.carrier,
            declarant=first.forwarder or leg.carrier,
            representative=None,
            items=items,
            seals=tuple(seal for unit in range(first.unit, first.unit + first.units) for seal in self.legs[unit].seals),
        )

    def _between(self, paper: Paper) -> str:
        """Country passed on the way: of transhipment, else of loading."""
        via = paper.transhipment if paper.mode == SEA else self.legs[paper.unit].loading
        return via[:2]

    def _items(self, draft: _Draft) -> Iterator[GoodsItem]:
        alone = draft.alone
        for number, paper in enumerate(draft.papers, start=1):
            packages, mass = self._packages[paper.row], self._mass[paper.row]
            if not alone or draft.picks[4] >= _SPLIT or packages < 2:
                yield self._item(draft, paper, number, packages, mass)
                continue
            part, weight = packages // 3 or 1, mass // 3 // _WEIGHED_G * _WEIGHED_G
            yield self._item(draft, paper, number, packages - part, mass - weight)
            yield self._item(draft, paper, number + 1, part, weight)

    def _item(self, draft: _Draft, paper: Paper, number: int, packages: int, mass: int) -> GoodsItem:
        commodity, alone = COMMODITIES[paper.commodity], draft.alone
        return GoodsItem(
            number=number,
            description=paper.entry_words,
            hs_code=commodity.hs_code,
            gross_mass_g=mass,
            packages=packages,
            package_kind=commodity.package_kind,
            documents=_documents(paper, draft.leg),
            ucr=(paper.ucr or None) if not alone or draft.picks[1] >= _UCR_ON_TOP else None,
            containers=self._declared_containers[paper.row] if paper.mode == SEA else (),
            vehicles=_typed(draft.leg.registrations, draft.picks[3]),
            consignor=None if alone else paper.consignor,
            consignee=None if alone else paper.consignee,
            notify=None if alone else paper.notify,
            payment_method=None if alone else paper.payment,
            dangerous_goods_code=paper.un_number,
        )


def _documents(paper: Paper, leg: Leg) -> tuple[DocumentReference, ...]:
    """The lowest transport document before its master."""
    own = paper.document
    if leg.master:
        if own == leg.master:
            return (DocumentReference("N740", own),)
        return DocumentReference("N703", own), DocumentReference("N741", leg.master)
    if paper.master:
        return DocumentReference("N714", own), DocumentReference("N705", paper.master)
    return (DocumentReference("N705" if paper.mode == SEA else "N730", own),)


def _typed(registrations: tuple[str, ...], pick: float) -> tuple[str, ...]:
    """Registrations as the declarant typed them."""
    turn = int(pick * 1000)
    return tuple(spelt(each, turn // 3, lower=turn % 5 == 0) for each in registrations)
