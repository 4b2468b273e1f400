"""Random values of which the strategies of valid records are made.

What a format cannot hold is left out here: seconds in local times, hours that occur twice, runs of spaces, an
empty party.
"""

from __future__ import annotations

import string

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from aftc.clock import MINUTE, Instant, from_local, parse_instant
from aftc.records import DocumentReference, Party
from aftc.reference.ports import PORTS
from aftc.streams.zones import local_time

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no test depends on speed
EARLIEST, LATEST = parse_instant("2001-01-01T00:00:00Z"), parse_instant("2036-12-31T00:00:00Z")
OFFICES = tuple(port.office for port in PORTS.values() if port.office)
VISIBLE = string.ascii_letters + string.digits + string.punctuation + " éßŁø漢"


def words(longest: int, alphabet: str = VISIBLE) -> SearchStrategy[str]:
    """Text without spaces at the ends or side by side."""
    return st.text(alphabet, min_size=1, max_size=longest).map(lambda each: " ".join(each.split())).filter(bool)


def maybe(values: SearchStrategy[str]) -> SearchStrategy[str | None]:
    """Such a text, or none."""
    return st.none() | values


def codes(pattern: str) -> SearchStrategy[str]:
    """Texts of a pattern."""
    return st.from_regex(pattern, fullmatch=True)


def instants(step: int) -> SearchStrategy[Instant]:
    """Instants on a grid of so many microseconds."""
    return st.integers(EARLIEST // step, LATEST // step).map(lambda count: count * step)


def ambiguous(instant: Instant, zone: str) -> bool:
    """Whether a zone's clock alone does not tell this instant."""
    return from_local(local_time(instant, zone), zone) != (instant, False)


def local(zone: str, step: int = MINUTE) -> SearchStrategy[Instant]:
    """Instants that the zone's clock alone tells."""
    return instants(step).filter(lambda each: not ambiguous(each, zone))


COUNTRY = codes("[A-Z]{2}")
EORI = codes("[A-Z]{2}[A-Z0-9]{1,15}")
MASS = st.integers(0, 99_999_999_999)
OPTIONAL_MASS = st.none() | MASS


def parties(*, with_eori: bool = False) -> SearchStrategy[Party]:
    """Parties that say something."""
    party = st.builds(
        Party,
        eori=EORI if with_eori else maybe(EORI),
        name=maybe(words(35)),
        street=maybe(words(35)),
        city=maybe(words(35)),
        postcode=maybe(words(9)),
        country=maybe(COUNTRY),
    )
    return party.filter(lambda each: each != Party())


OPTIONAL_PARTY = st.none() | parties()
PLACE = codes("[A-Z]{2}[A-Z0-9]{1,10}")
DOCUMENTS = st.builds(DocumentReference, codes("[A-Z][0-9]{3}"), words(35))
