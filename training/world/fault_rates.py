"""What goes wrong with messages, and how often: one table, whose words are those of the documentation.

The rates are the project's own choice: no public source gives them. All faults are drawn independently of what is
aboard, so that the oracle stays what it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from training.world.fault_picks import Picks
from training.world.parameters import FaultLevel

__all__ = ["AMENDED", "CARRIED", "RATES", "RATE_HEADS", "STATED", "Fault", "Odds", "Rate", "odds", "rate_rows"]


class Fault(StrEnum):
    """What went wrong with a message, as its delivery names it."""

    MISSING = "missing"
    UNIT = "unit"
    TYPO = "typo"
    RESPELT = "respelt"
    HS_REVISION = "hs_revision"
    CONTRADICTION = "contradiction"
    LATE_AMENDMENT = "late_amendment"
    DELAYED = "delayed"
    OVERTAKEN = "overtaken"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    LOST = "lost"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Rate:
    """A fault in words, and its share at each level.

    The share is of the messages that the fault can befall; of a manifest, each bill and the rest count as one.
    """

    fault: Fault
    words: str
    usual: float
    heavy: float

    def at(self, level: FaultLevel) -> float:
        """The share at a level."""
        return {FaultLevel.NONE: 0.0, FaultLevel.USUAL: self.usual, FaultLevel.HEAVY: self.heavy}[level]


RATES: dict[Fault, Rate] = {
    each.fault: each
    for each in (
        Rate(Fault.MISSING, "something optional is left out", 0.02, 0.10),
        Rate(Fault.UNIT, "grams, tonnes or pounds for kilograms; pieces or pallets for packages", 0.003, 0.015),
        Rate(Fault.TYPO, "registration, container, seal, EORI, reference or name mistyped", 0.01, 0.05),
        Rate(Fault.RESPELT, "a party abbreviated, with accents or without, its words in another order", 0.01, 0.05),
        Rate(Fault.HS_REVISION, "a commodity code of an older edition, or of four or eight digits", 0.005, 0.025),
        Rate(Fault.CONTRADICTION, "a second message contradicts it, minutes to two days later", 0.004, 0.02),
        Rate(Fault.LATE_AMENDMENT, "a second message contradicts it after arrival", 0.002, 0.01),
        Rate(Fault.DELAYED, "held up for two hours to four days", 0.005, 0.025),
        Rate(Fault.OVERTAKEN, "overtaken by the sender's next about the same, where there is one", 0.01, 0.05),
        Rate(Fault.MALFORMED, "bytes damaged: encoding, tags, counts, types; never an outcome's", 0.0045, 0.0225),
        Rate(Fault.TRUNCATED, "cut off", 0.002, 0.01),
        Rate(Fault.LOST, "never received", 1 / 300, 1 / 60),
        Rate(Fault.DUPLICATE, "the same bytes again under another name, seconds to five days later", 0.01, 0.05),
    )
}  # fmt: skip

STATED = (Fault.MISSING, Fault.UNIT, Fault.TYPO, Fault.RESPELT, Fault.HS_REVISION)
AMENDED = (Fault.CONTRADICTION, Fault.LATE_AMENDMENT)
CARRIED = (Fault.DELAYED, Fault.OVERTAKEN, Fault.MALFORMED, Fault.TRUNCATED, Fault.LOST, Fault.DUPLICATE)

RATE_HEADS = ("fault", "what goes wrong", "usual", "heavy")


def rate_rows() -> list[tuple[str, ...]]:
    """The table of rates as rows of text, under `RATE_HEADS`."""
    return [(each.fault.value, each.words, f"{each.usual:.2%}", f"{each.heavy:.2%}") for each in RATES.values()]


class Odds:
    """Independent chances of several faults; one number settles the usual case that none of them occurs."""

    __slots__ = ("_by_then", "_chances", "_faults")

    def __init__(self, faults: Sequence[Fault], chances: Sequence[float]) -> None:
        self._faults, self._chances = tuple(faults), tuple(chances)
        self._by_then: list[float] = []  # chance that the first of the faults to occur is this one or one before it
        spared = 1.0
        for chance in chances:
            spared *= 1.0 - chance
            self._by_then.append(1.0 - spared)

    def draw(self, picks: Picks) -> tuple[Fault, ...]:
        """The faults that occur, in order; mostly none."""
        first = bisect_right(self._by_then, picks.uniform())
        if first == len(self._faults):
            return ()
        later = range(first + 1, len(self._faults))
        others = tuple(self._faults[each] for each in later if picks.uniform() < self._chances[each])
        return (self._faults[first], *others)


def odds(level: FaultLevel, faults: Sequence[Fault]) -> Odds:
    """The chances of some faults at a level."""
    return Odds(faults, [RATES[each].at(level) for each in faults])
