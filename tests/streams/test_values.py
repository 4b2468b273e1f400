"""Single values: exact masses, whole numbers, times, and the flags of what is none of these."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.clock import parse_instant
from aftc.streams.values import Flags, excerpt, kilograms, local_minute, reference, text, whole_number


@given(whole=st.integers(0, 999_999_999), decimals=st.text("0123456789", max_size=3))
def test_masses_are_exact(whole: int, decimals: str) -> None:
    """Grams agree with exact fractions for every number of decimals that the format allows."""
    written = f"{whole}.{decimals}" if decimals else str(whole)
    assert kilograms(written) == Fraction(written) * 1000


@pytest.mark.parametrize(
    ("value", "grams"),
    [
        ("0", 0),
        ("-0", 0),
        ("+1.5", 1_500),
        (".001", 1),
        ("1.", 1_000),
        ("0.1000", 100),
        ("99999999999", 99_999_999_999_000),
    ],
)
def test_masses_in_every_form(value: str, grams: int) -> None:
    """Signs, missing digits and zeros without meaning are read."""
    assert kilograms(value) == grams


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "not a mass"),
        ("1e3", "not a mass"),
        ("1_000", "not a mass"),
        ("NaN", "not a mass"),
        ("Infinity", "not a mass"),
        ("١", "not a mass"),
        ("1 000", "not a mass"),
        ("0.0005", "finer than a gram"),
        ("-0.5", "negative mass"),
        ("9999999999999", "heavier than can be"),
    ],
)
def test_what_is_no_mass(value: str, problem: str) -> None:
    """Exponents, other digits, fractions of a gram and impossible masses are told apart."""
    with pytest.raises(ValueError, match=problem):
        kilograms(value)


def test_numbers_are_plain_digits() -> None:
    """A count has no sign, no point and no other script's digits."""
    assert whole_number("007") == 7
    for value in ("", "-1", "1.0", "1e3", "٣", "12345678901"):
        with pytest.raises(ValueError, match="not a whole number"):
            whole_number(value)


def test_times_are_checked_against_the_calendar() -> None:
    """Twelve digits that are a time are one; others are refused by their kind of fault."""
    assert local_minute("202402291530") == datetime(2024, 2, 29, 15, 30)
    with pytest.raises(ValueError, match="no such date or time"):
        local_minute("202302291530")
    with pytest.raises(ValueError, match="not a time yyyymmddHHMM"):
        local_minute("2024-02-29")


def test_texts_are_bounded() -> None:
    """Control characters and lengths beyond the limits are refused."""
    assert text("x" * 2_000) == "x" * 2_000
    assert reference("x" * 100) == "x" * 100
    for reader, value in ((text, "x" * 2_001), (reference, "x" * 101)):
        with pytest.raises(ValueError, match="longer than"):
            reader(value)
    with pytest.raises(ValueError, match="control characters"):
        text("a\x1bb")


def test_flags_keep_what_was_found() -> None:
    """A flag names field, problem and value, shortened; an absent value gives none."""
    flags = Flags(("before",))
    assert flags.take("A/B", whole_number, "7") == 7
    assert flags.take("A/B", whole_number, None) is None
    assert flags.take("A/B", whole_number, "y" * 60) is None
    assert flags.sealed() == ("before", f"A/B: not a whole number: '{'y' * 37}...'")
    assert excerpt("it's") == '"it\'s"'


def test_local_times_are_flagged_where_a_clock_does_not_tell() -> None:
    """The hour that comes twice and the one that never comes; a year beyond the calendar is no time."""
    flags = Flags()
    assert flags.local("T", None, "Europe/Paris") is None
    assert flags.local("T", datetime(2026, 7, 1, 12), "Europe/Paris") == parse_instant("2026-07-01T10:00:00Z")
    assert flags.sealed() == ()
    assert flags.local("T", datetime(2026, 10, 25, 2, 30), "Europe/Paris") == parse_instant("2026-10-25T00:30:00Z")
    assert flags.local("T", datetime(2026, 3, 29, 2, 30), "Europe/Paris") is not None
    assert [each.partition(",")[0] for each in flags.sealed()] == ["T: ambiguous or skipped hour in Europe/Paris"] * 2


@given(moment=st.datetimes(), zone=st.sampled_from(["Europe/London", "America/Bogota", "Asia/Shanghai"]))
def test_any_moment_of_the_calendar_is_read(moment: datetime, zone: str) -> None:
    """From the year 1 to 9999 a local time gives an instant or a flag."""
    flags = Flags()
    assert flags.local("T", moment, zone) is not None or flags.sealed()
