"""Every reader refuses a message of too many parts, before or as soon as it counts them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftc.errors import OversizeMessage
from aftc.streams import archives, bounds, cuscar, ens, ferry_booking, gmr, read
from aftc.testing import a_bill, a_booking, a_goods_movement, a_manifest, a_roro_entry

LIMIT = 10_000_000
ENTRY, MANIFEST = ens.build(a_roro_entry()), cuscar.build(a_manifest())
MOVEMENT, BOOKING = gmr.build(a_goods_movement())[:-1], ferry_booking.build(a_booking())[:-1]


def _item(count: int) -> bytes:
    item = b"<GOOITEGDS><IteNumGDS7>1</IteNumGDS7></GOOITEGDS>"
    return re.sub(rb"<GOOITEGDS>.*</GOOITEGDS>", item * count, ENTRY, flags=re.DOTALL)


def _tags(count: int) -> bytes:
    return ENTRY.replace(b"<HEAHEA>", b"<a/>" * (count - ENTRY.count(b"<")) + b"<HEAHEA>")


def _attributes(count: int) -> bytes:
    given = b" ".join(b'a%d=""' % number for number in range(count - ENTRY.count(b"=")))
    return ENTRY.replace(b"<HEAHEA>", b"<a " + given + b"/><HEAHEA>")


def _manifest(inside: bytes, segments: int) -> bytes:
    return b"UNH+1+CUSCAR:D:95B:UN'BGM+85+M1+9'" + inside + b"UNT+%d+1'" % (segments + 3)


def _segments(count: int) -> bytes:
    return _manifest(b"LOC+9'" * (count - 3), count - 3)


def _elements(count: int) -> bytes:
    return _manifest(b"LOC" + b"+" * (count - 10) + b"'", 1)


def _bills(count: int) -> bytes:
    return _manifest(b"CNI+1'" * count, count)


def _values(head: bytes, count: int) -> bytes:
    least = sum(head.count(sign) for sign in (b",", b"[", b"{"))
    return head + b',"x":[' + b"1," * (count - least - 2) + b"1]}"


CASES = [
    (_tags, bounds.MOST_TAGS, "tags"),
    (_attributes, bounds.MOST_ATTRIBUTES, "attributes"),
    (_item, bounds.MOST_GOODS_ITEMS, "goods items"),
    (_segments, bounds.MOST_SEGMENTS, "segments"),
    (_elements, bounds.MOST_ELEMENTS, "elements"),
    (_bills, bounds.MOST_BILLS, "bills"),
    (lambda count: _values(MOVEMENT, count), bounds.MOST_VALUES, "values"),
    (lambda count: _values(BOOKING, count), bounds.MOST_VALUES, "values"),
]


@pytest.mark.parametrize(
    ("build", "most", "what"), CASES, ids=[f"{case[2]}-{number}" for number, case in enumerate(CASES)]
)
def test_one_part_too_many_is_refused(build, most: int, what: str) -> None:  # type: ignore[no-untyped-def]  # one of the builders above
    """At the bound a message is read; one above it is refused with both numbers."""
    assert len(read(build(most), limit_bytes=LIMIT).records) == 1
    with pytest.raises(OversizeMessage, match=f"at most {most} {what}, found {most + 1}; send several messages"):
        read(build(most + 1), limit_bytes=LIMIT)


def test_a_manifest_of_twenty_thousand_bills_is_within_every_bound() -> None:
    """What one large vessel lands fits one message, each bill with a container of its own."""
    one, two = (cuscar.build(a_manifest(*(a_bill(containers=(f"C{n}",)) for n in range(count)))) for count in (1, 2))
    each = two.count(b"'") - one.count(b"'")
    assert 20_000 * each < bounds.MOST_SEGMENTS
    assert 20_000 * sum(two.count(sign) - one.count(sign) for sign in (b"+", b":")) < bounds.MOST_ELEMENTS
    assert bounds.MOST_BILLS > 20_000


PAGE = (Path(__file__).parents[2] / "docs" / "streams.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("tags of an XML document", bounds.MOST_TAGS),
        ("attributes of an XML document (equals signs)", bounds.MOST_ATTRIBUTES),
        ("goods items of a declaration", bounds.MOST_GOODS_ITEMS),
        ("segments of an EDIFACT interchange", bounds.MOST_SEGMENTS),
        ("elements and components of an EDIFACT interchange", bounds.MOST_ELEMENTS),
        ("bills of a manifest", bounds.MOST_BILLS),
        ("values of a JSON text (commas, arrays, objects)", bounds.MOST_VALUES),
        ("members", archives.MOST_MEMBERS),
        ("unzipped, all together, as stated before anything is unzipped", archives.MOST_UNZIPPED_BYTES),
        ("unzipped, one member or gzip file", archives.MOST_MEMBER_BYTES),
        ("unzipped to zipped, for a member or gzip file above 1,000,000 bytes", archives.MOST_RATIO),
    ],
)
def test_every_bound_is_documented(words: str, most: int) -> None:
    """docs/streams.md states the bounds that hold."""
    assert re.search(rf"^\| {re.escape(words)} \| {most:,}(?: bytes)? \|", PAGE, re.MULTILINE)
