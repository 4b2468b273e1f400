"""Faults: what goes wrong between what is so and what arrives."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.grids import cells
from training.world.describe.marks import heights, lengths
from training.world.describe.messages import Messages
from training.world.describe.sources import Source
from training.world.describe.words import count, label, several, share
from training.world.faults import RATES, Fault

__all__ = ["faults"]

_WORDS: Final = {fault.value: each.words for fault, each in RATES.items()}
_DAMAGED: Final = (Fault.MALFORMED, Fault.TRUNCATED)  # faults of the bytes


def faults(source: Source) -> Section:
    """The section on faults."""
    messages, level = source.messages, source.parameters.faults
    made, faulty, lost = len(messages), int(messages.faulty.sum()), int(messages.lost.sum())
    return Section(
        anchor="faults",
        title="Faults",
        introduction=f"Senders err, lines break, messages come late, twice or never. This world’s level is “{level}”.",
        exhibits=(_lost(messages), _kinds(messages)),
        point=(
            f"{share(faulty / made)} of the messages have a fault; {share(lost / made)} never arrive."
            if made
            else "The world has no messages."
        ),
    )


def _damaged(messages: Messages) -> int:
    return int(sum(messages.by_fault[place].sum() for place, name in enumerate(messages.faults) if name in _DAMAGED))


def _lost(messages: Messages) -> Exhibit:
    title = "Messages with faults"
    made = messages.made.sum(axis=1)
    if not len(messages):
        return Exhibit(title, "The world has no messages.")
    names = [label(name) for name in messages.streams]
    order = np.argsort(-(messages.faulty / made), kind="stable").tolist()
    rows = [
        (
            names[one],
            count(made[one]),
            count(messages.faulty[one]),
            share(messages.faulty[one] / made[one]),
            count(messages.lost[one]),
            share(messages.lost[one] / made[one]),
        )
        for one in order
    ]

    def drawn(figure: Figure, narrow: bool) -> None:
        values = [messages.faulty[one] / made[one] for one in order]
        spoken = [share(value) for value in values]
        lengths(figure.subplots(), [names[one] for one in order], values, spoken, narrow=narrow)

    damaged, lost = _damaged(messages), int(messages.lost.sum())
    return Exhibit(
        title=title,
        finding=(
            f"Of {several(len(messages), 'message')}, {count(messages.faulty.sum())} have a fault: {count(lost)} are "
            f"lost and {count(damaged)} arrive damaged."
            if messages.faulty.any() or lost
            else f"All of {several(len(messages), 'message')} arrive, and none has a fault."
        ),
        picture=Picture("Share of each stream’s messages that have a fault.", drawn, *heights(names, 0.4)),
        tables=(
            Table(
                "Messages by stream: made, with a fault, lost",
                ("stream", "made", "with a fault", "share", "lost", "share lost"),
                rows,
            ),
        ),
    )


def _kinds(messages: Messages) -> Exhibit:
    title = "Faults by kind and stream"
    if not messages.faults:
        return Exhibit(title, "No message has a fault, so there are no kinds to compare.")
    shares, total = messages.shares(), messages.by_fault.sum(axis=1)
    order = np.argsort(-total, kind="stable").tolist()
    names, heads = [label(messages.faults[one]) for one in order], [label(name) for name in messages.streams]
    rows = [
        (
            f"{name}: {_WORDS[messages.faults[one]]}" if messages.faults[one] in _WORDS else name,
            *(f"{count(messages.by_fault[one, place])} ({share(shares[one, place])})" for place in range(len(heads))),
            count(total[one]),
        )
        for name, one in zip(names, order, strict=True)
    ]

    def drawn(figure: Figure, narrow: bool) -> None:
        values = np.where(messages.by_fault > 0, shares, np.nan)[order]
        cells(
            figure,
            figure.subplots(),
            values,
            names,
            heads,
            spoken=_percent,
            upright=True,
            narrow=narrow,
            root=True,
        )

    return Exhibit(
        title=title,
        finding=(
            f"The most frequent fault is “{names[0]}” with {several(int(total[order[0]]), 'message')}, "
            f"{share(total[order[0]] / len(messages))} of all."
        ),
        picture=Picture(
            "Percentage of each stream’s messages that have the fault; blank where it does not occur.",
            drawn,
            1.6 + 0.27 * len(names),
            1.6 + 0.27 * len(names),
        ),
        tables=(
            Table("Messages by fault and stream (share of the stream’s messages)", ("fault", *heads, "all"), rows),
        ),
    )


def _percent(value: float) -> str:
    return f"{value * 100:.0f}" if value >= 0.095 else f"{value * 100:.1f}"
