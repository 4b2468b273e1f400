"""Papers: what declarations and bills say of each consignment alike, whoever writes them.

Two families of messages speak of the same consignment; what they share (parties, words, countries) is settled here,
by draws of its own, so that each may be written without the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from aftc.records import Party
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dangerous_goods import un_number
from training.world.goods import COMMODITIES
from training.world.goods_text import describe
from training.world.parameters import Ints
from training.world.simulation import Arrivals
from training.world.traders import Traders

__all__ = ["ORDERS", "Paper", "papers"]

_TO_ORDER = 0.6  # share of the bills not made out to the consignee that name nobody; the others name the forwarder
_ORDER_DECLARED = 0.75  # share of goods to order whose declaration says so too; the others declare the receiver
ORDERS = ("TO ORDER", "TO ORDER", "TO ORDER OF SHIPPER", "TO THE ORDER OF THE ISSUING BANK")
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
        entry_words: What the declaration says of the goods; `bill_words` what the bill says, empty but by sea.
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


def papers(cast: Cast, arrivals: Arrivals, rows: Sequence[int]) -> list[Paper]:
    """The papers of these consignments, none of them an empty movement's."""
    writer = _Writer(cast, arrivals)
    return [writer.paper(said) for said in _said(arrivals, np.asarray(rows, dtype=np.int64))]


@dataclass(frozen=True, slots=True)
class _Said:
    """What the papers of one consignment follow from; `picks` and `words` are random."""

    row: int
    mode: int
    unit: int
    units: int
    consignor: int
    consignee: int
    forwarder: int
    commodity: int
    entry_packages: int
    bill_packages: int
    vague: bool
    elsewhere: bool
    to_order: bool
    picks: list[float]
    words: list[int]


def _said(arrivals: Arrivals, rows: Ints) -> Iterator[_Said]:
    consignments, paperwork, rng = arrivals.traffic.consignments, arrivals.paperwork, arrivals.draws.of("papers")
    count = len(consignments.unit)
    columns = (
        np.arange(count),
        consignments.mode,
        consignments.unit,
        consignments.units,
        consignments.consignor,
        consignments.consignee,
        consignments.forwarder,
        paperwork.commodity,
        paperwork.entry_packages,
        paperwork.manifest_packages,
        paperwork.vague,
        paperwork.elsewhere,
        paperwork.to_order,
        rng.random((count, 5)),
        rng.integers(0, _WORD_PICKS, (count, 2)),
    )
    return map(_Said, *(column[rows].tolist() for column in columns))


class _Writer:
    """Writes the papers of a week; traders are stated with their EORI number, or without."""

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        self._cast, self._consignments = cast, arrivals.traffic.consignments
        self._payment = arrivals.paperwork.payment
        self._senders: dict[int, Party] = {}
        self._receivers: dict[int, Party] = {}

    def paper(self, said: _Said) -> Paper:
        """The papers of one consignment."""
        consignments, row = self._consignments, said.row
        sender = _stated(self._cast.consignors, said.consignor, self._senders)
        home = sender.country or ""
        named, billed, notify = self._receiver(said)
        entry_words, bill_words = _words(said, home)
        other = said.elsewhere
        return Paper(
            row=row,
            mode=said.mode,
            unit=said.unit,
            units=said.units,
            document=consignments.document[row],
            master=consignments.master[row],
            ucr=consignments.ucr[row],
            transhipment=consignments.transhipment[row],
            consignor=sender,
            consignee=named,
            bill_consignee=billed,
            notify=notify,
            forwarder=self._forwarder(said),
            origin=_origin(said.commodity, home, said.picks[2]) if other and said.mode == SEA else home,
            dispatch=_sent_from(home, said.mode, said.picks[2]) if other and said.mode != SEA else home,
            commodity=said.commodity,
            entry_words=entry_words,
            bill_words=bill_words,
            un_number=un_number(said.commodity, said.picks[3]),
            payment=self._payment[row],
            collect=said.picks[4] < _COLLECT,
        )

    def _forwarder(self, said: _Said) -> Party | None:
        return self._cast.forwarders.parties[said.forwarder] if said.forwarder >= 0 else None

    def _receiver(self, said: _Said) -> tuple[Party, Party, Party | None]:
        """Consignee of the declaration and of the bill, and the party to notify."""
        receiver = _stated(self._cast.consignees, said.consignee, self._receivers)
        forwarder = self._forwarder(said)
        if not said.to_order or forwarder is None:
            return receiver, receiver, None
        return *_in_place_of(receiver, forwarder, said.mode, said.picks[0]), receiver


def _stated(traders: Traders, index: int, known: dict[int, Party]) -> Party:
    """A trader as messages state it; `known` grows by it."""
    if index not in known:
        party = traders.parties[index]
        known[index] = party if traders.states_eori[index] else replace(party, eori=None)
    return known[index]


def _words(said: _Said, home: str) -> tuple[str, str]:
    """What declaration and bill say of the goods; there is no bill but by sea."""
    own, copied = said.words
    pick = copied if said.picks[1] < _COPIED else own
    packages = said.entry_packages
    entry = describe(said.commodity, home, said.consignor, pick, vague=said.vague, packages=packages)
    if said.mode != SEA:
        return entry, ""
    packages = said.bill_packages
    return entry, describe(said.commodity, home, said.consignor, copied, vague=said.vague, packages=packages)


def _in_place_of(receiver: Party, forwarder: Party, mode: int, pick: float) -> tuple[Party, Party]:
    """Whom declaration and bill name in place of the receiver: by sea nobody or the forwarder, else the forwarder."""
    if mode != SEA or pick >= _TO_ORDER:
        return forwarder, forwarder
    share = pick / _TO_ORDER
    order = Party(name=ORDERS[int(share * 997) % len(ORDERS)])
    return (order if share < _ORDER_DECLARED else receiver), order


def _origin(commodity: int, home: str, pick: float) -> str:
    """Another country that goods were made in: one that sends them by sea, else one that makes everything."""
    others = [each for each in (*COMMODITIES[commodity].sea, *_MADE_IN) if each != home]
    return others[int(pick * len(others))]


def _sent_from(home: str, mode: int, pick: float) -> str:
    """Another country whence goods are sent."""
    others = [each for each in (_BY_FERRY_FROM if mode < SEA else _BY_AIR_FROM) if each != home]
    return others[int(pick * len(others))]
