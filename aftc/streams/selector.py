"""Intelligence selectors of partner agencies: the project's own JSON, `docs/schemas/selector.schema.json`.

A condition on a protected characteristic is refused with the reason, whatever else the message says.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from aftc.clock import from_datetime
from aftc.errors import MalformedMessage
from aftc.records import (
    ConditionKind,
    Credibility,
    Handling,
    Reliability,
    Selector,
    SelectorCondition,
    SelectorStanding,
)
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import Count, Reference, Text, Time, encode, time

__all__ = ["NAME", "PROTECTED", "build", "parse", "sniff"]

NAME = "selector"

PROTECTED: Final = frozenset(
    (
        *("age", "dateOfBirth", "disability", "genderReassignment", "maritalStatus", "pregnancy", "maternity"),
        *("race", "colour", "nationality", "ethnicity", "ethnicOrigin", "nationalOrigin"),
        *("religion", "belief", "sex", "gender", "sexualOrientation"),
        *("politicalOpinion", "tradeUnionMembership", "health", "geneticData", "biometricData"),
    )
)
"""Equality Act 2010, section 4, and what the Data Protection Act 2018, section 35(8), calls sensitive."""

_MARK: Final = re.compile(rb'"messageType"\s*:\s*"intelligenceSelector"')
_VALUES: Final = {
    ConditionKind.HEADING: re.compile(r"[0-9]{4}"),
    ConditionKind.ROUTE: re.compile(r"[A-Z]{2}[A-Z2-9]{3}-[A-Z]{2}[A-Z2-9]{3}"),
}
_Kind = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]


class _Condition(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    kind: _Kind
    value: Text
    country: _Country | None = None
    postcode: Reference | None = None
    city: Text | None = None
    operator: Reference | None = None


class _Selector(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="intelligenceSelector"
):
    selector_id: Reference
    version: Count
    agency: Reference
    handling: Handling
    standing: SelectorStanding
    reliability: Reliability
    credibility: Credibility
    withdrawn: bool
    issued_at: Time
    valid_from: Time
    valid_until: Time
    conditions: Annotated[tuple[_Condition, ...], msgspec.Meta(min_length=1, max_length=20)]
    text: Text | None = None


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a selector."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[Selector, ...]:
    """The selector in a message.

    Raises:
        MalformedMessage: not JSON, a field missing or of the wrong type, a condition that is not to be looked for, or
            conditions that name nobody and nothing in particular.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _Selector)
    conditions = tuple([_condition(each) for each in wire.conditions])
    _check_breadth({each.kind for each in conditions})
    return (
        Selector(
            selector_id=wire.selector_id,
            version=wire.version,
            agency=wire.agency,
            handling=wire.handling,
            standing=wire.standing,
            reliability=wire.reliability,
            credibility=wire.credibility,
            withdrawn=wire.withdrawn,
            issued_at=from_datetime(wire.issued_at),
            valid_from=from_datetime(wire.valid_from),
            valid_until=from_datetime(wire.valid_until),
            conditions=conditions,
            text=wire.text,
            flags=unknown,
        ),
    )


def _condition(wire: _Condition) -> SelectorCondition:
    if _plain(wire.kind) in _PROTECTED_WORDS:
        raise MalformedMessage(
            "conditions on no protected characteristic of persons: nobody is selected for what he is",
            f"the kind {wire.kind!r}",
        )
    if wire.kind not in set(ConditionKind):
        raise MalformedMessage(f"a kind of condition among {', '.join(ConditionKind)}", repr(wire.kind))
    kind = ConditionKind(wire.kind)
    form = _VALUES.get(kind)
    if form is not None and not form.fullmatch(wire.value):
        raise MalformedMessage(f"a {kind.value} of the form {form.pattern}", repr(wire.value))
    if kind is ConditionKind.PARTY and not (wire.country and (wire.postcode or wire.city)):
        raise MalformedMessage("a party's country, and its postcode or city, beside its name", "a name alone")
    if kind is ConditionKind.ACCOUNT and not wire.operator:
        raise MalformedMessage("the operator whose account it is", "none")
    return SelectorCondition(kind, wire.value, wire.country, wire.postcode, wire.city, wire.operator)


def _check_breadth(kinds: set[ConditionKind]) -> None:
    """A heading alone, or a route alone, would name whole trades."""
    if kinds in ({ConditionKind.HEADING}, {ConditionKind.ROUTE}):
        raise MalformedMessage("a heading with a route, or with a condition that names somebody", *kinds)


def _plain(word: str) -> str:
    return "".join(filter(str.isalpha, word)).casefold()


_PROTECTED_WORDS: Final = frozenset(map(_plain, PROTECTED))


def build(selector: Selector) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    return encode(
        _Selector(
            selector_id=selector.selector_id,
            version=selector.version,
            agency=selector.agency,
            handling=selector.handling,
            standing=selector.standing,
            reliability=selector.reliability,
            credibility=selector.credibility,
            withdrawn=selector.withdrawn,
            issued_at=time(selector.issued_at),
            valid_from=time(selector.valid_from),
            valid_until=time(selector.valid_until),
            conditions=tuple(
                [_Condition(e.kind, e.value, e.country, e.postcode, e.city, e.operator) for e in selector.conditions]
            ),
            text=selector.text,
        )
    )
