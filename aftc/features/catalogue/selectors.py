"""Features of the selectors that partner agencies share: how many live ones match, and how they are graded.

They are read from the version, which holds the selectors known when it was made: so they are point-in-time. What a
selector says, and on what it matches, is no feature.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aftc.clock import DAY
from aftc.features.algebra import Fact, Quantity
from aftc.features.feature import Feature, ReasonGroup, Standing
from aftc.features.particulars import Particulars
from aftc.records import Credibility, Reliability, SelectorHit, SelectorStanding

__all__ = ["FEATURES"]

_MOST: Final = 1_000
_OLDEST_DAYS: Final = 3_650
_RELIABILITY: Final = {
    Reliability.ALWAYS: 4,
    Reliability.MOSTLY: 3,
    Reliability.SOMETIMES: 2,
    Reliability.UNTESTED: 1,
    Reliability.UNRELIABLE: 0,
}
_CREDIBILITY: Final = {
    Credibility.KNOWN_TRUE: 4,
    Credibility.KNOWN_TO_SOURCE: 3,
    Credibility.CORROBORATED: 2,
    Credibility.CANNOT_BE_JUDGED: 1,
    Credibility.SUSPECTED_FALSE: 0,
}


def _count(standing: SelectorStanding) -> Callable[[Particulars], int]:
    return lambda stated: sum(hit.standing is standing for hit in stated.version.selectors)


def _best(grade: Callable[[SelectorHit], int]) -> Callable[[Particulars], int | None]:
    return lambda stated: max(map(grade, stated.version.selectors), default=None)


def _age(stated: Particulars) -> int | None:
    """Days from the youngest selector's issue to the scheduled arrival."""
    version = stated.version
    if version.scheduled_arrival is None or not version.selectors:
        return None
    return (version.scheduled_arrival - max(hit.issued_at for hit in version.selectors)) // DAY


FACTS = Fact("selectors_stated_as_fact", _count(SelectorStanding.FACT), Quantity.COUNT, 0, _MOST)
ASSESSMENTS = Fact("selectors_stated_as_assessment", _count(SelectorStanding.ASSESSMENT), Quantity.COUNT, 0, _MOST)
RELIABILITY = Fact("selector_reliability", _best(lambda hit: _RELIABILITY[hit.reliability]), Quantity.COUNT, 0, 4)
CREDIBILITY = Fact("selector_credibility", _best(lambda hit: _CREDIBILITY[hit.credibility]), Quantity.COUNT, 0, 4)
AGE = Fact("selector_age_days", _age, Quantity.COUNT, 0, _OLDEST_DAYS)

_NONE: Final = "No live selector of a partner agency matches"

FEATURES: Final = (
    Feature(
        form=FACTS,
        group=ReasonGroup.INTELLIGENCE,
        officer="Live selectors of partner agencies, stated as fact, that it matches: {value}",
        missing=_NONE,
        auditor="Number of selectors known when the version was made, valid at the scheduled arrival and not "
        "withdrawn, whose every condition the consignment states, and which their agency states as fact.",
    ),
    Feature(
        form=ASSESSMENTS,
        group=ReasonGroup.INTELLIGENCE,
        officer="Live selectors of partner agencies, stated as assessment, that it matches: {value}",
        missing=_NONE,
        auditor="As the number of those stated as fact; these rest on the opinion of their agency.",
        standing=Standing.ASSESSMENT,
    ),
    Feature(
        form=RELIABILITY,
        group=ReasonGroup.INTELLIGENCE,
        officer="Best reliability of a source behind the selectors that it matches: {value} of 4",
        missing=_NONE,
        auditor="Grade of the source, the best of all selectors matched: A (always reliable) counts 4, B 3, C 2, "
        "E (untested) 1, D (unreliable) 0.",
        standing=Standing.ASSESSMENT,
    ),
    Feature(
        form=CREDIBILITY,
        group=ReasonGroup.INTELLIGENCE,
        officer="Best credibility of the information behind the selectors that it matches: {value} of 4",
        missing=_NONE,
        auditor="Grade of the information, the best of all selectors matched: 1 (known to be true) counts 4, 2 counts "
        "3, 3 (corroborated) 2, 4 (cannot be judged) 1, 5 (suspected to be false) 0.",
        standing=Standing.ASSESSMENT,
    ),
    Feature(
        form=AGE,
        group=ReasonGroup.INTELLIGENCE,
        officer="Days from the issue of the youngest selector that it matches to the arrival: {value}",
        missing="No live selector of a partner agency matches, or the arrival is not known",
        auditor="Whole days from the issue of the youngest selector matched, in the version of it that stands, to the "
        "scheduled arrival; 0 where it was issued later.",
    ),
)
