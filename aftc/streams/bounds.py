"""How much one message may hold, so that reading it ends soon: every reader takes time in proportion to these counts.

A time limit by the clock would refuse the same bytes on one day and take them on the next; counts do not. They are
taken from the bytes before anything is parsed. docs/streams.md has the time and the memory measured at each bound.
"""

from __future__ import annotations

from aftc.errors import OversizeMessage

__all__ = [
    "MOST_ATTRIBUTES",
    "MOST_BILLS",
    "MOST_CONTAINERS",
    "MOST_ELEMENTS",
    "MOST_GOODS_ITEMS",
    "MOST_SEGMENTS",
    "MOST_TAGS",
    "MOST_VALUES",
    "bound",
]

MOST_TAGS = 400_000  # of an XML document, opening and closing ones
MOST_ATTRIBUTES = 200_000  # of an XML document: equals signs
MOST_SEGMENTS = 500_000  # of an EDIFACT interchange: a manifest of 20,000 bills and containers has some 320,000
MOST_ELEMENTS = 2_000_000  # of an EDIFACT interchange, components included
MOST_VALUES = 1_000_000  # of a JSON text: commas, arrays and objects
MOST_GOODS_ITEMS = 10_000  # of a declaration: the format has 999
MOST_BILLS = 25_000  # of a manifest: each is a consignment to link
MOST_CONTAINERS = 50_000  # of a bay plan or order: the largest vessels carry half as many


def bound(count: int, most: int, what: str) -> None:
    """Hold a message to what it may have of something.

    Raises:
        OversizeMessage: it has more.
    """
    if count > most:
        raise OversizeMessage(f"at most {most} {what}", f"{count}", advice="send several messages")
