"""What the IATA Cargo-XML messages share: parts read with their attributes, times, units, and their writing.

The messages of the Customs Declaration Service read attributes and amounts and write elements likewise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from aftc.clock import Instant, from_datetime, to_datetime
from aftc.records import DeclaredValue
from aftc.reference.airports import airport
from aftc.streams.elements import Group
from aftc.streams.values import Flags, kilograms, pounds, reference
from aftc.streams.zones import HOME_ZONE

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "Part",
    "airport_code",
    "amount",
    "element",
    "leaf",
    "load_device",
    "message",
    "written_device",
    "written_mass",
    "written_time",
    "zone_of_airport",
]


_AIRPORT = re.compile(r"[A-Z]{3}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DEVICE = re.compile(r"([A-Z][A-Z0-9]{2})([0-9]{1,5})([A-Z0-9]{2,3})")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,3})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Part(Group):
    """An element of Cargo-XML: a group whose leaves have attributes, and some of which repeat."""

    __slots__ = ("_element",)

    REPEATED = frozenset(("TypeCode",))

    def __init__(self, element: _Element, path: str, flags: Flags) -> None:
        super().__init__(element, path, flags)
        self._element = element

    def under(self, flags: Flags) -> Part:
        """The same element, whose problems are noted elsewhere."""
        return Part(self._element, self._path, flags)

    def all(self, name: str) -> Iterator[str]:
        """The texts of all leaves of a name."""
        for child in self._element:
            if child.tag.rpartition("}")[2] == name and child.text and not len(child):
                yield " ".join(child.text.split())

    def attribute(self, name: str, attribute: str) -> str | None:
        """An attribute of the first element of a name."""
        for child in self._element:
            if child.tag.rpartition("}")[2] == name:
                return child.get(attribute)
        return None

    def mass(self, name: str) -> int | None:
        """Grams of a leaf in kilograms or pounds; without a unit they are kilograms."""
        unit = self.attribute(name, "unitCode") or "KGM"
        if unit == "LBR":
            return self.take(name, pounds)
        if unit != "KGM":
            self._flags.add(f"{self._path}/{name}", "neither kilograms nor pounds", unit)
            return None
        return self.take(name, kilograms)

    def value(self, name: str, nil: str) -> DeclaredValue | None:
        """An amount with its currency, or what says that there is none."""
        thousandths = self.take(name, amount)
        none = self.take(nil, reference) in ("true", "1")
        if thousandths is None:
            return DeclaredValue(None, None) if none else None
        if none:
            self._flags.add(f"{self._path}/{nil}", "said to be none, and stated", thousandths)
        currency = self.attribute(name, "currencyID")
        if currency is not None and not _CURRENCY.fullmatch(currency):
            self._flags.add(f"{self._path}/{name}/@currencyID", "not a currency's code", currency)
            currency = None
        return DeclaredValue(thousandths, currency)

    def time(self, name: str, place: str | None) -> Instant | None:
        """A leaf of date and time, without a zone on the clock of an airport."""
        value = self.take(name, _moment)
        if value is None:
            return None
        field = f"{self._path}/{name}"
        if value.tzinfo is not None:
            try:
                return from_datetime(value)
            except (OverflowError, ValueError):
                self._flags.add(field, "beyond the calendar", value)
                return None
        zone = zone_of_airport(place)
        if zone is None:
            self._flags.add(field, f"unknown airport, its times are read in {HOME_ZONE}", place or "none")
        return self._flags.local(field, value, zone or HOME_ZONE)

    def day(self, name: str) -> str | None:
        """The calendar day of a leaf of date and time, as stated."""
        value = self.take(name, _moment)
        return value.date().isoformat() if value else None

    def location(self, name: str) -> str | None:
        """IATA code of a location."""
        place = self.group(name)
        return place.take("ID", airport_code) if place else None


def _moment(value: str) -> datetime:
    if not _TIME.fullmatch(value):
        raise ValueError("not a date and time")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no such date or time") from error


def airport_code(value: str) -> str:
    """IATA code of an airport or city."""
    if not _AIRPORT.fullmatch(value):
        raise ValueError("not an airport's three letters")
    return value


def amount(value: str) -> int:
    """Thousandths of an amount of money.

    >>> amount("12.5")
    12500
    """
    if not _AMOUNT.fullmatch(value):
        raise ValueError("not an amount of at most three decimals")
    return int(Decimal(value).scaleb(3))


def zone_of_airport(code: str | None) -> str | None:
    """Zone of an airport; None where it is unknown."""
    known = airport(code)
    return known.zone if known else None


def load_device(group: Part) -> str | None:
    """Number of a ULD: kind, serial and owner together, however they were sent."""
    serial = group.reference("ID")
    owner = group.group("OperatingParty")
    kind, owned = group.reference("CharacteristicCode") or "", (owner.reference("PrimaryID") if owner else None) or ""
    if serial is None:
        return None
    return serial if _DEVICE.fullmatch(serial) else f"{kind}{serial}{owned}"


# Writing.


def leaf(name: str, value: object, **attributes: str | None) -> str:
    """An element with a text; nothing for None. A name's `_` stands for nothing else."""
    if value is None:
        return ""
    said = "".join(f" {key}={quoteattr(each)}" for key, each in attributes.items() if each is not None)
    return f"<{name}{said}>{escape(str(value))}</{name}>"


def element(name: str, content: str) -> str:
    """An element around others; nothing around nothing."""
    return f"<{name}>{content}</{name}>" if content else ""


def written_mass(name: str, grams: int | None) -> str:
    """A mass in kilograms."""
    return "" if grams is None else leaf(name, f"{grams // 1000}.{grams % 1000:03d}", unitCode="KGM")


def written_time(name: str, instant: Instant | None, place: str | None = None) -> str:
    """A time on the clock of an airport, with its distance from UTC."""
    if instant is None:
        return ""
    zone = zone_of_airport(place)
    moment = to_datetime(instant).astimezone(ZoneInfo(zone) if zone else UTC)
    return leaf(name, moment.isoformat())


def written_device(name: str, number: str, more: str = "") -> str:
    """A ULD with its number in its three parts, `more` before the kind; whole where it has no such parts."""
    found = _DEVICE.fullmatch(number)
    if found is None:
        return element(name, leaf("ID", number) + more)
    owner = element("OperatingParty", leaf("PrimaryID", found[3]))
    return element(name, leaf("ID", found[2]) + more + leaf("CharacteristicCode", found[1]) + owner)


def message(root: str, namespace: str, parts: str) -> bytes:
    """A document of Cargo-XML; only the parts below the root are in its own namespace."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<m:{root} xmlns:m="{namespace}" xmlns="iata:datamodel:3">'
        f"{parts}</m:{root}>\n"
    ).encode()
