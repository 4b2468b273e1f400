"""What declarations and notifications of the Customs Declaration Service share: amounts, times, parties, the envelope.

Both are messages of the WCO data model under `MetaData`. A time is yyyymmddHHMMSS with its distance from UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from aftc.clock import Instant, from_datetime, to_datetime
from aftc.records import DeclaredValue, Party
from aftc.streams.cargo_parts import Part, amount, element, leaf
from aftc.streams.values import LOST, country_code, reference

__all__ = ["CdsPart", "message", "own_number", "read_party", "written_party", "written_time", "written_value"]

_TIME = re.compile(r"([0-9]{14})(Z|[+-][0-9]{2}(?:[0-9]{2})?)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NOBODY = Party()


class CdsPart(Part):
    """An element of the WCO data model."""

    __slots__ = ()

    REPEATED = frozenset()

    def amount(self, name: str) -> DeclaredValue | None:
        """An amount with its currency; without one it is none."""
        thousandths = self.take(name, amount)
        if thousandths is None:
            return None
        currency = self.attribute(name, "currencyID")
        if currency is None or not _CURRENCY.fullmatch(currency):
            self._flags.add(f"{self._path}/{name}/@currencyID", "not a currency's code", currency or "none")
            return None
        return DeclaredValue(thousandths, currency)

    def moment(self, name: str) -> Instant | None:
        """The time in a group; None where absent or, with a flag, unreadable."""
        group = self.group(name)
        return group.take("DateTimeString", _moment) if group else None

    def within(self, *names: str) -> CdsPart | None:
        """A group inside a group, by their names; None where one is absent."""
        found: CdsPart | None = self
        for name in names:
            found = found.group(name) if found is not None else None
        return found

    def listed(self, group: str, name: str) -> Iterator[str]:
        """The leaf of this name in each group, those that state it."""
        return (value for each in self.each(group) if (value := each.reference(name)))


def _moment(value: str) -> Instant:
    found = _TIME.fullmatch(value)
    if not found:
        raise ValueError("not a time yyyymmddHHMMSS with a zone")
    digits, zone = found.groups()
    try:
        clock = datetime.strptime(digits, "%Y%m%d%H%M%S")
        distance = timedelta(0) if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[3:] or 0))
        return from_datetime(clock.replace(tzinfo=timezone(-distance if zone[0] == "-" else distance)))
    except (OverflowError, ValueError) as error:
        raise ValueError("no such date or time") from error


def own_number(value: str) -> str:
    """A number by which a declaration is known; one with lost characters (U+FFFD) names none."""
    if LOST in value:
        raise ValueError("characters that were lost")
    return reference(value)


def read_party(parent: CdsPart, name: str) -> Party | None:
    """The party of this role in a group; None where it is absent or says nothing."""
    group = parent.group(name)
    if group is None:
        return None
    address = group.group("Address")
    party = Party(
        eori=group.reference("ID"),
        name=group.text("Name"),
        street=address.text("Line") if address else None,
        city=address.text("CityName") if address else None,
        postcode=address.reference("PostcodeID") if address else None,
        country=address.take("CountryCode", country_code) if address else None,
    )
    return None if party == _NOBODY else party


def written_party(name: str, party: Party | None, more: str = "") -> str:
    """The element of a party, `more` before its address; nothing for none."""
    given = party or _NOBODY
    address = (
        leaf("CityName", given.city)
        + leaf("CountryCode", given.country)
        + leaf("Line", given.street)
        + leaf("PostcodeID", given.postcode)
    )
    return element(name, leaf("Name", given.name) + leaf("ID", given.eori) + more + element("Address", address))


def written_value(name: str, value: DeclaredValue | None) -> str:
    """An amount with its currency; nothing for none."""
    if value is None or value.thousandths is None:
        return ""
    whole, rest = divmod(value.thousandths, 1000)
    return leaf(name, f"{whole}.{rest:03d}", currencyID=value.currency)


def written_time(name: str, instant: Instant | None, kind: str) -> str:
    """A time in UTC, whole seconds, in a document of this kind (Declaration or Response)."""
    if instant is None:
        return ""
    digits = to_datetime(instant).astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
    types = f"urn:wco:datamodel:WCO:{kind}_DS:DMS:2"
    return element(name, leaf("DateTimeString", digits, xmlns=types, formatCode="304"))


def message(code: str, root: str, body: str) -> bytes:
    """A document of the kind that a code names (DEC, RES), its body in an element `root`."""
    head = leaf("WCODataModelVersionCode", "3.6") + leaf("WCOTypeName", code)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">{head}'
        f'<{root} xmlns="urn:wco:datamodel:WCO:{code}-DMS:2">{body}</{root}></MetaData>\n'
    ).encode()
