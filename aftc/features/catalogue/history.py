"""Features of entities' history: how much they trade, and what earlier examinations found.

Shares among examined are drawn towards a prior, for one find in one examination is no certainty; the model sees the
count beside the share.
"""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import KeyKind, Measure, Owner, Window
from aftc.features.feature import Feature, ReasonGroup, Standing
from aftc.features.forms import Share, Total

__all__ = ["FEATURES"]

MONTH: Final = 28  # days: whole weeks, so that each weekday counts alike
QUARTER: Final = 91
YEAR: Final = 365
# Priors give only the order of magnitude; a tree finds its own thresholds on whatever scale they set.
PRIOR_FOUND: Final = 0.05  # share of examinations that find something
PRIOR_THREAT: Final = 0.01  # share that find one given threat
PRIOR_HABIT: Final = 0.1  # share of crossings paid in cash, empty, ... of those of vague description
STRENGTH: Final = 10.0  # cases that the prior weighs as many as
STRENGTH_LATELY: Final = 4.0  # the same in a month, which has few cases

_THREAT_WORDS: Final = {
    Measure.FOUND_COCAINE: "cocaine",
    Measure.FOUND_CANNABIS: "cannabis",
    Measure.FOUND_TOBACCO_EXCISE: "tobacco or excise goods",
}


def _owners(kind: KeyKind) -> str:
    return "consignments" if kind.owner is Owner.CONSIGNMENT else "movements"


def _unknown(kind: KeyKind) -> str:
    return f"The {kind.words} is not known"


def _count(kind: KeyKind, days: int) -> Feature:
    return Feature(
        form=Total(Window(kind, Measure.COUNT, days)),
        group=ReasonGroup.PARTIES if kind.owner is Owner.CONSIGNMENT else ReasonGroup.EQUIPMENT,
        officer=f"Other {_owners(kind)} of this {kind.words} in the last {days} days: {{value}}",
        missing=_unknown(kind),
        auditor=f"How often the {kind.words} was seen in {days} days: occasional use is harder to judge than custom.",
    )


def _found(kind: KeyKind) -> Feature:
    return Feature(
        form=Total(Window(kind, Measure.FOUND, YEAR)),
        group=ReasonGroup.RECORD,
        officer=f"Finds in other {_owners(kind)} of this {kind.words} in the last {YEAR} days: {{value}}",
        missing=_unknown(kind),
        auditor=f"Earlier finds connected with the {kind.words}, counted when their outcome became known.",
        monotone=1,
    )


def _examined(kind: KeyKind) -> Feature:
    return Feature(
        form=Total(Window(kind, Measure.EXAMINED, YEAR)),
        group=ReasonGroup.RECORD,
        officer=f"Examinations of other {_owners(kind)} of this {kind.words} in the last {YEAR} days: {{value}}",
        missing=_unknown(kind),
        auditor=f"How much is known of the {kind.words} by examination: no find in many is not the same as in none.",
    )


def _found_share(kind: KeyKind) -> Feature:
    return Feature(
        form=Share(kind, Measure.FOUND, Measure.EXAMINED, YEAR, PRIOR_FOUND, STRENGTH),
        group=ReasonGroup.RECORD,
        officer=f"Estimated share of examinations with a find for this {kind.words}: {{value}}",
        missing=_unknown(kind),
        auditor=f"Finds among examinations of the {kind.words} in {YEAR} days, drawn towards {PRIOR_FOUND:.0%}.",
        standing=Standing.ASSESSMENT,
        monotone=1,
    )


def _found_lately(kind: KeyKind) -> Feature:
    return Feature(
        form=Share(kind, Measure.FOUND, Measure.EXAMINED, MONTH, PRIOR_FOUND, STRENGTH_LATELY),
        group=ReasonGroup.RECORD,
        officer=f"Estimated share of the last {MONTH} days' examinations with a find for this {kind.words}: {{value}}",
        missing=_unknown(kind),
        auditor=f"Finds among examinations of the {kind.words} in {MONTH} days, drawn towards {PRIOR_FOUND:.0%}: "
        "whoever had finds long ago and none since is told from whoever has them now.",
        standing=Standing.ASSESSMENT,
        monotone=1,
    )


def _threat_share(kind: KeyKind, measure: Measure) -> Feature:
    threat = _THREAT_WORDS[measure]
    return Feature(
        form=Share(kind, measure, Measure.EXAMINED, YEAR, PRIOR_THREAT, STRENGTH),
        group=ReasonGroup.RECORD,
        officer=f"Estimated share of examinations that found {threat} for this {kind.words}: {{value}}",
        missing=_unknown(kind),
        auditor=f"Finds of {threat} among examinations of the {kind.words} in {YEAR} days, drawn towards "
        f"{PRIOR_THREAT:.0%}.",
        standing=Standing.ASSESSMENT,
        monotone=1,
    )


def _habit(kind: KeyKind, measure: Measure, days: int, words: str) -> Feature:
    return Feature(
        form=Share(kind, measure, Measure.COUNT, days, PRIOR_HABIT, STRENGTH),
        group=ReasonGroup.PARTIES,
        officer=f"Estimated share of this {kind.words}'s {_owners(kind)} {words}: {{value}}",
        missing=_unknown(kind),
        auditor=f"Share of {_owners(kind)} {words} over {days} days, drawn towards {PRIOR_HABIT:.0%}.",
        standing=Standing.ASSESSMENT,
    )


FEATURES: Final = (
    *(_count(kind, MONTH) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.HAULIER, KeyKind.ACCOUNT)),
    *(_count(kind, MONTH) for kind in (KeyKind.VEHICLE, KeyKind.TRAILER)),
    *(_count(kind, YEAR) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.CONTAINER)),
    *(_found(kind) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.HAULIER, KeyKind.ACCOUNT)),
    *(_found(kind) for kind in (KeyKind.VEHICLE, KeyKind.TRAILER, KeyKind.DRIVER, KeyKind.NOTIFY)),
    *(_found_share(kind) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.HAULIER, KeyKind.DECLARANT)),
    *(_found_share(kind) for kind in (KeyKind.CARRIER, KeyKind.HS4_ORIGIN, KeyKind.ROUTE)),
    *(_found_share(kind) for kind in (KeyKind.CONSIGNOR_CONSIGNEE, KeyKind.VEHICLE, KeyKind.TRAILER, KeyKind.DRIVER)),
    *(_found_lately(kind) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.CONSIGNOR_CONSIGNEE)),
    *(_found_lately(kind) for kind in (KeyKind.HS4_ORIGIN, KeyKind.ROUTE)),
    *(_found_lately(kind) for kind in (KeyKind.VEHICLE, KeyKind.TRAILER, KeyKind.HAULIER, KeyKind.DRIVER)),
    *(_examined(kind) for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.VEHICLE, KeyKind.TRAILER)),
    *(_threat_share(KeyKind.HS4_ORIGIN, measure) for measure in _THREAT_WORDS),
    *(
        _habit(kind, Measure.DISCREPANT, YEAR, "whose statements or seals do not agree")
        for kind in (KeyKind.CONSIGNOR, KeyKind.CONSIGNEE, KeyKind.CONSIGNOR_CONSIGNEE, KeyKind.DECLARANT)
    ),
    *(
        _habit(kind, Measure.DISCREPANT, YEAR, "whose weight or seals do not agree with what was said")
        for kind in (KeyKind.VEHICLE, KeyKind.TRAILER, KeyKind.HAULIER, KeyKind.DRIVER)
    ),
    _habit(KeyKind.DECLARANT, Measure.VAGUE, YEAR, "with a vague description"),
    _habit(KeyKind.ACCOUNT, Measure.CASH, QUARTER, "paid in cash"),
    _habit(KeyKind.HAULIER, Measure.UNLADEN, QUARTER, "without load"),
    _habit(KeyKind.CONSIGNEE, Measure.NEW_PAIR, QUARTER, "from a new consignor"),
)
