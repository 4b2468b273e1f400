"""Detections and selectors that the project's own formats can express exactly, at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.records import (
    ConditionKind,
    Credibility,
    Detection,
    DetectionCause,
    DetectionMeans,
    DetectionResult,
    Handling,
    Reliability,
    Selector,
    SelectorCondition,
    SelectorStanding,
    Unit,
    UnitKind,
)
from tests.streams.valid_values import COUNTRY, codes, instants, maybe, words

__all__ = ["detections", "selectors"]


@st.composite
def detections(draw: DrawFn) -> Detection:
    """Routine and directed ones, of a unit, of a declaration or of both."""
    cause = draw(st.sampled_from(DetectionCause))
    unit = draw(st.none() | st.builds(Unit, st.sampled_from(UnitKind), words(30)))
    mrn = words(30)
    return Detection(
        detection_id=draw(words(30)),
        revision=draw(st.integers(0, 9)),
        cause=cause,
        means=draw(st.sampled_from(DetectionMeans)),
        result=draw(st.sampled_from(DetectionResult)),
        detected_at=draw(instants(1)),
        place=draw(words(30)),
        unit=unit,
        mrn=draw(mrn if unit is None else maybe(mrn)),
        selection=draw(words(30)) if cause is DetectionCause.DIRECTED else None,
        confidence=draw(st.none() | st.integers(0, 100)),
        device=draw(maybe(words(30))),
        arrival=draw(st.none() | instants(1)),
    )


@st.composite
def _conditions(draw: DrawFn, kind: ConditionKind) -> SelectorCondition:
    forms = {ConditionKind.HEADING: codes("[0-9]{4}"), ConditionKind.ROUTE: codes("[A-Z]{5}-[A-Z]{5}")}
    party, account = kind is ConditionKind.PARTY, kind is ConditionKind.ACCOUNT
    return SelectorCondition(
        kind,
        draw(forms.get(kind, words(30))),
        country=draw(COUNTRY) if party else None,
        postcode=draw(words(9)) if party else None,
        city=draw(maybe(words(30))) if party else None,
        operator=draw(words(9)) if account else None,
    )


@st.composite
def selectors(draw: DrawFn) -> Selector:
    """Any that name somebody or something, or goods on a route."""
    kinds = draw(st.lists(st.sampled_from(ConditionKind), min_size=1, max_size=4))
    if set(kinds) in ({ConditionKind.HEADING}, {ConditionKind.ROUTE}):
        kinds = [ConditionKind.HEADING, ConditionKind.ROUTE]
    return Selector(
        selector_id=draw(words(30)),
        version=draw(st.integers(0, 9)),
        agency=draw(words(30)),
        handling=draw(st.sampled_from(Handling)),
        standing=draw(st.sampled_from(SelectorStanding)),
        reliability=draw(st.sampled_from(Reliability)),
        credibility=draw(st.sampled_from(Credibility)),
        withdrawn=draw(st.booleans()),
        issued_at=draw(instants(1)),
        valid_from=draw(instants(1)),
        valid_until=draw(instants(1)),
        conditions=tuple(draw(_conditions(kind)) for kind in kinds),
        text=draw(maybe(words(60))),
    )
