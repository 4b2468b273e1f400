"""What partner agencies share to be looked for: selectors, with who may see them and how far they are trusted."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from aftc.clock import Instant

__all__ = [
    "ConditionKind",
    "Credibility",
    "Handling",
    "Reliability",
    "Selector",
    "SelectorCondition",
    "SelectorHit",
    "SelectorStanding",
]


class Handling(StrEnum):
    """Who may see that a consignment matches, and what it matches on; the selector's own words are shown to nobody."""

    OPEN = "H1"  # to whoever sees the consignment or its score, and in exports
    TARGETERS = "H2"  # to the targeters of the consignment; a score says that there is one
    ORIGINATOR = "H3"  # only that there is one, and whom to ask: what it matches on stays with its agency


class SelectorStanding(StrEnum):
    """Whether it states a fact or an assessment (Data Protection Act 2018, section 38)."""

    FACT = "fact"
    ASSESSMENT = "assessment"


class Reliability(StrEnum):
    """How reliable the source is."""

    ALWAYS = "A"
    MOSTLY = "B"
    SOMETIMES = "C"
    UNRELIABLE = "D"
    UNTESTED = "E"


class Credibility(StrEnum):
    """How credible the information is."""

    KNOWN_TRUE = "1"
    KNOWN_TO_SOURCE = "2"
    CORROBORATED = "3"
    CANNOT_BE_JUDGED = "4"
    SUSPECTED_FALSE = "5"


class ConditionKind(StrEnum):
    """What a condition is about; in the order in which one is looked up for all of them."""

    EORI = "eori"
    PARTY = "party"
    CONTAINER = "container"
    VEHICLE = "vehicle"
    TRAILER = "trailer"
    ACCOUNT = "account"
    PHONE = "phone"
    HEADING = "heading"
    ROUTE = "route"


class SelectorCondition(Struct, frozen=True):
    """One thing that a consignment must state.

    `value` is a trader number, a party's name, a registration, a container number, a carrier's account, a telephone
    number, an HS heading of four digits, or a route as two UN/LOCODEs (`FRCQF-GBDVR`). `country`, `postcode` and `city`
    belong to a party's name, `operator` to an account.
    """

    kind: ConditionKind
    value: str
    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    operator: str | None = None


class Selector(Struct, frozen=True):
    """What to look for; all conditions must hold.

    `version` counts amendments from 0: a later one replaces, or withdraws, those before. Times are event times; it is
    valid for what happens from `valid_from` to before `valid_until`. `text` is the agency's, for its own use.
    """

    selector_id: str
    version: int
    agency: str
    handling: Handling
    standing: SelectorStanding
    reliability: Reliability
    credibility: Credibility
    withdrawn: bool
    issued_at: Instant
    valid_from: Instant
    valid_until: Instant
    conditions: tuple[SelectorCondition, ...]
    text: str | None = None
    flags: tuple[str, ...] = ()


class SelectorHit(Struct, frozen=True):
    """A live selector that a consignment version matches, and the evidence; never the selector's text.

    `matched` are the kinds of its conditions. `sequence` is that of the selector's message.
    """

    selector_id: str
    version: int
    agency: str
    handling: Handling
    standing: SelectorStanding
    reliability: Reliability
    credibility: Credibility
    issued_at: Instant
    matched: tuple[ConditionKind, ...]
    sequence: int
