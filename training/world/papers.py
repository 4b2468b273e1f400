"""Papers: what declarations and bills say of each consignment alike, whoever writes them.

Two families of messages speak of the same consignment; what they share (parties, words, countries) is settled here,
by draws of its own, so that each may be written without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aftc.records import Party
from training.world.cast import Cast
from training.world.conduct import Paperwork
from training.world.consignments import SEA
from training.world.dangerous_goods import un_number
from training.world.goods import COMMODITIES
from training.world.goods_text import describe
from training.world.simulation import Arrivals
from training.world.traders import Traders

__all__ = ["Paper", "papers"]

_TO_ORDER = 0.6  # share of the bills not made out to the consignee that name nobody; the others name the forwarder
_ORDER_DECLARED = 0.75  # share of goods to order whose declaration says so too; the others declare the receiver
_ORDERS = ("TO ORDER", "TO ORDER", "TO ORDER OF SHIPPER", "TO THE ORDER OF THE ISSUING BANK")
_COPIED = 0.6  # share of declarations that repeat the bill's words
_COLLECT = 0.3  # share of freight that the consignee pays
_WORD_PICKS = 2**40
# Whence goods are sent that were made elsewhere, by ferry and by air.
_BY_FERRY_FROM = ("NL", "BE", "DE", "FR", "PL", "ES")
_BY_AIR_FROM = ("AE", "NL", "HK", "TR", "DE", "US")
_MADE_IN = ("CN", "IN", "TR", "VN")  # of goods whose commodity has but one origin


@dataclass(frozen=True, slots=True)
class Paper:
    """One consignment as its papers state it.

    Attributes:
        row: Of the consignments.
        mode: Index in `MODES`.
        unit: Its first unit; `units` counts them.
        document: Its identity; `master` stands above it, empty where nothing does.
        ucr: Unique consignment reference, empty where none is stated.
        transhipment: UN/LOCODE of the port of transhipment, empty where there is none.
        consignor: As stated on all papers.
        consignee: As the declaration states it; `bill_consignee` as the bill does.
        notify: The real receiver where the papers name another.
        forwarder: None where the courier acts.
        origin: Country of origin (ISO 3166 alpha-2); `dispatch` whence the goods are sent.
        commodity: Index of the goods as declared.
        entry_words: What the declaration says of the goods; `bill_words` what the bill says.
        un_number: Under which dangerous goods are declared, else None.
        payment: Method of payment of the freight (ENS code list 116).
        collect: Whether the consignee pays it.
    """

    row: int
    mode: int
    unit: int
    units: int
    document: str
    master: str
    ucr: str
    transhipment: str
    consignor: Party
    consignee: Party
    bill_consignee: Party
    notify: Party | None
    forwarder: Party | None
    origin: str
    dispatch: str
    commodity: int
    entry_words: str
    bill_words: str
    un_number: str | None
    payment: str
    collect: bool


def papers(cast: Cast, arrivals: Arrivals, rows: Iterable[int]) -> list[Paper]:
    """The papers of these consignments, none of them an empty movement's."""
    return [*map(_Writer(cast, arrivals).paper, rows)]


@dataclass(frozen=True, slots=True)
class _Stated:
    """Traders as messages state them: with their EORI number, or without."""

    traders: Traders
    known: dict[int, Party]

    def party(self, index: int) -> Party:
        if index not in self.known:
            party = self.traders.parties[index]
            self.known[index] = party if self.traders.states_eori[index] else replace(party, eori=None)
        return self.known[index]


class _Writer:
    """Writes the papers of a week, from its columns as lists."""

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        consignments, paperwork = arrivals.traffic.consignments, arrivals.paperwork
        rng, count = arrivals.draws.of("papers"), len(arrivals.traffic.consignments.unit)
        self._consignments, self._paperwork = consignments, paperwork
        self._forwarders = cast.forwarders.parties
        self._consignors, self._consignees = _Stated(cast.consignors, {}), _Stated(cast.consignees, {})
        self._picks = rng.random((count, 5)).tolist()
        self._words = rng.integers(0, _WORD_PICKS, (count, 2)).tolist()
        self._columns = tuple(
            zip(
                consignments.mode.tolist(),
                consignments.unit.tolist(),
                consignments.units.tolist(),
                consignments.consignor.tolist(),
                consignments.consignee.tolist(),
                consignments.forwarder.tolist(),
                strict=True,
            )
        )
        self._said = tuple(zip(*_said(paperwork), strict=True))

    def paper(self, row: int) -> Paper:
        mode, unit, units, consignor, consignee, forwarder = self._columns[row]
        commodity, entry_packages, bill_packages, vague, elsewhere, to_order = self._said[row]
        consignments, picks, (own, copied) = self._consignments, self._picks[row], self._words[row]
        sender, receiver = self._consignors.party(consignor), self._consignees.party(consignee)
        handler = self._forwarders[forwarder] if forwarder >= 0 else None
        home = sender.country or ""
        named, billed = (receiver, receiver)
        if to_order and handler is not None:
            named, billed = _in_place_of(receiver, handler, mode, picks[0])
        bill_words = describe(commodity, home, consignor, copied, vague=vague, packages=bill_packages)
        copy = picks[1] < _COPIED
        return Paper(
            row=row,
            mode=mode,
            unit=unit,
            units=units,
            document=consignments.document[row],
            master=consignments.master[row],
            ucr=consignments.ucr[row],
            transhipment=consignments.transhipment[row],
            consignor=sender,
            consignee=named,
            bill_consignee=billed,
            notify=None if billed is receiver else receiver,
            forwarder=handler,
            origin=_origin(commodity, home, picks[2]) if elsewhere and mode == SEA else home,
            dispatch=_sent_from(home, mode, picks[2]) if elsewhere and mode != SEA else home,
            commodity=commodity,
            entry_words=describe(
                commodity, home, consignor, copied if copy else own, vague=vague, packages=entry_packages
            ),
            bill_words=bill_words,
            un_number=un_number(commodity, picks[3]),
            payment=self._paperwork.payment[row],
            collect=picks[4] < _COLLECT,
        )


def _said(paperwork: Paperwork) -> tuple[list[int], list[int], list[int], list[bool], list[bool], list[bool]]:
    return (
        paperwork.commodity.tolist(),
        paperwork.entry_packages.tolist(),
        paperwork.manifest_packages.tolist(),
        paperwork.vague.tolist(),
        paperwork.elsewhere.tolist(),
        paperwork.to_order.tolist(),
    )


def _in_place_of(receiver: Party, forwarder: Party, mode: int, pick: float) -> tuple[Party, Party]:
    """Whom declaration and bill name in place of the receiver: by sea nobody or the forwarder, else the forwarder."""
    if mode != SEA or pick >= _TO_ORDER:
        return forwarder, forwarder
    share = pick / _TO_ORDER
    order = Party(name=_ORDERS[int(share * 997) % len(_ORDERS)])
    return (order if share < _ORDER_DECLARED else receiver), order


def _origin(commodity: int, home: str, pick: float) -> str:
    """Another country that goods were made in: one that sends them by sea, else one that makes everything."""
    others = [each for each in (*COMMODITIES[commodity].sea, *_MADE_IN) if each != home]
    return others[int(pick * len(others))]


def _sent_from(home: str, mode: int, pick: float) -> str:
    """Another country whence goods are sent."""
    others = [each for each in (_BY_FERRY_FROM if mode < SEA else _BY_AIR_FROM) if each != home]
    return others[int(pick * len(others))]
