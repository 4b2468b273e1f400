"""A feature: a final form with the words that officers, auditors and cards need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import exp, isnan
from typing import Final

from aftc.features.algebra import Codes, Expression, Fact, Quantity, Window, leaves
from aftc.features.forms import Form

__all__ = ["Feature", "ReasonGroup", "Standing"]


class ReasonGroup(Enum):
    """Headings under which reasons are added up, as an officer would group them."""

    GOODS = "goods and their description"
    WEIGHT = "weights and packages"
    BOOKING = "booking and timing"
    EQUIPMENT = "vehicle, trailer and container"
    PARTIES = "parties and how they trade"
    ROUTE = "route and origin"
    RECORD = "earlier examinations and finds"
    INTELLIGENCE = "selectors of partner agencies"


class Standing(Enum):
    """Whether a value states a fact or an assessment (Data Protection Act 2018, section 38)."""

    FACT = "fact"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One column of the vector. Its name, windows, unit and bounds derive from its form.

    Attributes:
        form: The last step.
        group: Heading among the reasons.
        officer: A plain sentence; `{value}` stands for the value with its unit. For a flag: where it is yes.
        otherwise: For a flag: where it is no.
        missing: What it means that the value is missing, as a sentence for officers too.
        auditor: What it measures and why it may bear on risk.
        standing: Fact or assessment.
        monotone: 1 where risk may only rise with the value, -1 only fall, 0 free.
    """

    form: Form
    group: ReasonGroup
    officer: str
    auditor: str
    missing: str
    standing: Standing = Standing.FACT
    otherwise: str = ""
    monotone: int = 0

    @property
    def name(self) -> str:
        """The form's."""
        return self.form.name

    @property
    def expression(self) -> Expression:
        """The form's."""
        return self.form.expression

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Facts that it rests on, without repeats."""
        return tuple(dict.fromkeys(leaf for leaf in leaves(self.expression) if isinstance(leaf, Fact)))

    @property
    def windows(self) -> tuple[Window, ...]:
        """Windows that it requests, without repeats."""
        return tuple(dict.fromkeys(leaf for leaf in leaves(self.expression) if isinstance(leaf, Window)))

    @property
    def codes(self) -> Codes | None:
        """The codes of a categorical feature; None for a numeric one."""
        return self.form.codes if isinstance(self.form, Fact) else None

    def sentence(self, value: float) -> str:
        """What an officer reads of a value (NaN: missing)."""
        if isnan(value):
            return self.missing
        if self.form.quantity is Quantity.FLAG and value == 0 and self.otherwise:
            return self.otherwise
        return self.officer.format(value=_spoken(value, self.form.quantity, self.codes))


_SPOKEN: Final[dict[Quantity, Callable[[float], str]]] = {
    Quantity.GRAMS: lambda value: f"{value / 1000:,.0f} kg",
    Quantity.LOG_PENCE: lambda value: f"£{exp(value / 1000) / 100:,.2f}",
    Quantity.LOG_GRAMS: lambda value: f"{exp(value / 1000) / 1000:,.2f} kg",
    Quantity.MINUTES: lambda value: f"{value:,.0f} minutes" if abs(value) < 180 else f"{value / 60:,.0f} hours",
    Quantity.HOUR: lambda value: f"{int(value):02d}:00",
    Quantity.CHARACTERS: lambda value: f"{value:,.0f} characters",
    Quantity.PERCENT: lambda value: f"{value:.0f} %",
    Quantity.SHARE: lambda value: f"{value * 100:.0f} %",
    Quantity.TIMES: lambda value: f"{value:.1f} times",
    Quantity.DEVIATIONS: lambda value: f"{value:+.1f} standard deviations",
}


def _spoken(value: float, quantity: Quantity, codes: Codes | None) -> str:
    if codes is not None:
        known = 0 <= value < codes.size
        return (codes.labels[int(value)] if known else None) or "another"
    return _SPOKEN.get(quantity, "{:,.0f}".format)(value)
