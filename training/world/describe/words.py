"""How figures and names are spoken: counts, shares, durations, lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import floor, isnan, log10
from typing import Final

from aftc.clock import DAY, HOUR, MINUTE

__all__ = [
    "NONE",
    "capital",
    "count",
    "decimal",
    "duration",
    "label",
    "level",
    "listed",
    "several",
    "share",
    "signed",
    "spoken_day",
]

NONE: Final = "–"  # a figure that the rows do not determine
_SPACE: Final = "\u00a0"  # a figure and its unit stay on one line
_LABELS: Final = {
    "any": "any threat",
    "opioids_nps": "opioids and NPS",
    "tobacco_excise": "tobacco and excise",
    "other": "other threats",
    "roro_accompanied": "ro-ro accompanied",
    "roro_unaccompanied": "ro-ro unaccompanied",
    "air": "air freight",
    "parcel": "fast parcel",
    "container": "sea container",
    "insufficient_resources": "no resources",
    "hs_revision": "HS revision",
    "ens": "ENS declarations",
    "ens_response": "ENS responses",
    "ens_intervention": "ENS interventions",
    "cds_import": "import declarations (CDS)",
    "cds_notification": "import notifications (CDS)",
    "ncts_transit": "transit declarations (NCTS)",
    "gmr": "goods movements (GMR)",
    "cuscar": "manifests (CUSCAR)",
    "baplie": "bay plans (BAPLIE)",
    "coprar": "loading orders (COPRAR)",
    "dcsa_bl": "electronic bills (DCSA)",
    "ferry_booking": "ferry bookings",
    "ferry_check_in": "ferry check-ins",
    "ferry_departure": "ferry departures",
    "xfwb": "air waybills (XFWB)",
    "xfzb": "house waybills (XFZB)",
    "xffm": "flight manifests (XFFM)",
    "outcome": "outcomes",
    "detection": "detections at ports",
    "selector": "partners' selectors",
}


def count(number: float) -> str:
    """A whole number with separators."""
    return f"{round(number):,}"


def several(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 consignment`, `1,234 consignments`."""
    return f"{number:,}{_SPACE}{noun if number == 1 else plural or noun + 's'}"


def share(value: float) -> str:
    """A share in percent, with two digits that count or one decimal, whichever says more."""
    if isnan(value):
        return NONE
    percent = value * 100
    if percent in (0.0, 100.0):
        return f"{percent:.0f}{_SPACE}%"
    decimals = 1 if abs(percent) >= 1 else 1 - floor(log10(abs(percent)))
    rounded = f"{percent:.{min(decimals, 6)}f}"
    return f"{'below 100' if rounded == '100.0' else rounded}{_SPACE}%"


def level(value: float) -> str:
    """A share that was set, in percent, without digits that it does not need."""
    return f"{value * 100:.3g}{_SPACE}%"


def signed(value: float) -> str:
    """A number with its sign and one decimal."""
    return f"{value:+.1f}".replace("-", "−")


def spoken_day(day: date) -> str:
    """A day, such as `5 January 2026`."""
    return f"{day.day} {day:%B %Y}"


def decimal(value: float, digits: int = 3) -> str:
    """A number with so many decimals."""
    return NONE if isnan(value) else f"{value:.{digits}f}"


def duration(micros: float) -> str:
    """A length of time in the unit that suits it; the sign is left to the caller."""
    if isnan(micros):
        return NONE
    size = abs(micros)
    if size < 2 * HOUR:
        return f"{round(size / MINUTE)}{_SPACE}min"
    return f"{size / HOUR:.1f}{_SPACE}h" if size < 2 * DAY else f"{size / DAY:.1f}{_SPACE}days"


def label(name: str) -> str:
    """A code in words, such as `ro-ro accompanied`; the empty code is `none stated`."""
    return _LABELS.get(name, name.replace("_", " ")) or "none stated"


def capital(text: str) -> str:
    """The text with its first letter large, as a sentence begins."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
