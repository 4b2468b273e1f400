"""Linking against the truth, pairwise: which (message, consignment) pairs are right, wrong, or missing.

A *true pair* is a message that was taken (not lost, not a repeat of the same bytes, not in quarantine) with the
document of a consignment that it is about. A *made pair* is such a message with a standing consignment that it ended
in (`benchmarks.linked`). To compare them, each consignment made is named by the true document that most of its
messages are about, and no two by the same one: pairs of (consignment, document) are taken in the order of how many
messages they share, then those whose document is the consignment's own. What is left over has no name, and all its
pairs are wrong.

    precision = pairs both true and made / pairs made        recall = pairs both true and made / true pairs

A consignment known by its booking alone, since its declaration never came, is thus rightly linked where all that it
holds is about one true consignment. One of several aboard whose own papers never came is a miss: its pairs count.

A true consignment is *split* where a consignment without a name is mostly about it; a consignment made is *merged*
where it holds a message that is not about what it is named by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.linked import Ended

__all__ = ["Count", "Judged", "judge"]


@dataclass(slots=True)
class Count:
    """Pairs made and true, made alone, true alone."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.wrong + other.wrong, self.missing + other.missing)

    @property
    def precision(self) -> float:
        """Share of the pairs made that are true; 1 where none is made."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are made; 1 where there is none."""
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A store against the truth.

    Attributes:
        overall: All pairs.
        by_mode: By the mode of the true consignment; of a wrong pair, that of what its message is about.
        by_stream: By the message's stream.
        by_key: By the key of the join; what is missing has none.
        documents, split: True consignments of which a message was taken, and how many are split.
        consignments, merged: Standing consignments that hold a message, and how many are merged.
        names: The true document of each consignment that has one.
    """

    overall: Count = field(default_factory=Count)
    by_mode: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    by_stream: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    by_key: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    documents: set[str] = field(default_factory=set)
    split: set[str] = field(default_factory=set)
    consignments: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)


def judge(
    taken: Sequence[Ended],
    about: Mapping[int, Sequence[str]],
    modes: Mapping[str, str],
    documents: Mapping[str, str],
) -> Judged:
    """Compare where messages ended with what they are about.

    Args:
        taken: The messages with the consignments that hold them.
        about: True documents of each by its number.
        modes: Mode of every true document.
        documents: Document by which the lake knows each consignment.
    """
    judged = Judged(names=_names(taken, about, documents))
    for message in taken:
        true = dict.fromkeys(about[message.sequence])
        judged.documents.update(true)
        judged.consignments.update(message.consignments)
        found = set()
        for identity, key in message.consignments.items():
            name = judged.names.get(identity)
            if name in true:
                found.add(name)
                _count(judged, message, modes[name or ""], key, Count(right=1))
            else:
                _count(judged, message, modes[next(iter(true))], key, Count(wrong=1))
                if name is not None:
                    judged.merged.add(identity)
        for name in true:
            if name not in found:
                _count(judged, message, modes[name], None, Count(missing=1))
    judged.split.update(_split(taken, about, judged.names))
    return judged


def _count(judged: Judged, message: Ended, mode: str, key: str | None, pair: Count) -> None:
    judged.by_mode[mode] += pair
    judged.by_stream[message.stream] += pair
    if key is not None:
        judged.by_key[key] += pair
    overall = judged.overall
    overall.right, overall.wrong = overall.right + pair.right, overall.wrong + pair.wrong
    overall.missing += pair.missing


def _votes(taken: Iterable[Ended], about: Mapping[int, Sequence[str]]) -> Counter[tuple[str, str]]:
    """How many messages a consignment and a document share."""
    return Counter(
        (identity, document)
        for message in taken
        for identity in message.consignments
        for document in dict.fromkeys(about[message.sequence])
    )


def _names(taken: Sequence[Ended], about: Mapping[int, Sequence[str]], documents: Mapping[str, str]) -> dict[str, str]:
    shared = _votes(taken, about)
    names: dict[str, str] = {}
    given = set()
    for identity, document in sorted(shared, key=lambda pair: (-shared[pair], documents.get(pair[0]) != pair[1], pair)):
        if identity not in names and document not in given:
            names[identity] = document
            given.add(document)
    return names


def _split(taken: Iterable[Ended], about: Mapping[int, Sequence[str]], names: Mapping[str, str]) -> set[str]:
    """The documents that consignments without a name are mostly about."""
    most: dict[str, tuple[int, str]] = {}
    for (identity, document), votes in _votes(taken, about).items():
        if identity not in names:
            most[identity] = max(most.get(identity, (0, "")), (votes, document))
    return {document for _, document in most.values()}
