"""Parties against the truth, pairwise: which mentions are brought together, rightly or not, and which are not.

A *mention* is a party at its place in a message that was taken. A *made pair* is two mentions under one key (or under
keys that are merged); a *true pair* two of one actor. What names nobody (goods to order) is an actor of its own each
time, and what has no key is under none.

    precision = pairs both true and made / pairs made        recall = pairs both true and made / true pairs
    F1 = 2 precision recall / (precision + recall)

Pairs of mentions tell how much of a party's history comes together; the busy weigh most. Pairs of *writings* (each
way in which an actor is written, once) tell how well unlike writings are known for the same. A mode or a kind of key
has the pairs of its mentions, so that a pair of two modes counts for each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aftc.parties.mentions import Mention
from aftc.records import Party
from benchmarks.linking_pairs import Count

__all__ = ["Known", "PartyPairs", "judge_parties", "key_used", "writings"]


@dataclass(frozen=True, slots=True)
class Known:
    """A mention and what the truth says of it; `actor` is None where nobody is named."""

    mention: Mention
    mode: str
    actor: str | None


@dataclass(frozen=True, slots=True)
class PartyPairs:
    """The pairs of some mentions.

    Attributes:
        count: Each pair counted from both its ends.
        mentions: How many there are.
        actors: How many actors they name.
        keys: How many keys they are under.
    """

    count: Count = field(default_factory=Count)
    mentions: int = 0
    actors: int = 0
    keys: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.count.precision + self.count.recall
        return 2 * self.count.precision * self.count.recall / total if total else 0.0


def key_used(party: Party, key: str | None) -> str:
    """In words, what a mention's key rests on."""
    if key is None:
        return "no key"
    if key.startswith("E|"):
        return "EORI"
    where = "postcode" if party.postcode else "town" if party.city else ""
    parts = ["name", *(["country"] if party.country else []), *([where] if where else [])]
    return " + ".join(parts) if len(parts) > 1 else "name alone"


def judge_parties(
    known: Sequence[Known], clusters: Mapping[str, str], groups: Callable[[Known], str] | None = None
) -> dict[str, PartyPairs]:
    """Compare how mentions are brought together with the truth.

    Args:
        known: The mentions.
        clusters: By key the name of the merged keys it belongs to; a key that is not in it stands for itself.
        groups: What a mention's pairs count for; None puts all under "".
    """
    rows = []
    for place, each in enumerate(known):
        key = each.mention.key
        made = clusters.get(key, key) if key is not None else f"?{place}"
        rows.append((made, each.actor or f"?{place}", groups(each) if groups else ""))
    by_key = Counter(key for key, _, _ in rows)
    by_actor = Counter(actor for _, actor, _ in rows)
    both = Counter((key, actor) for key, actor, _ in rows)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, actor, group in rows:
        found[group].append((key, actor))
    return {group: _pairs(members, by_key, by_actor, both) for group, members in sorted(found.items())}


def writings(known: Iterable[Known]) -> list[Known]:
    """Each way in which each actor is written, once: where it was first seen."""
    first: dict[tuple[Party, str | None], Known] = {}
    for each in known:
        first.setdefault((each.mention.party, each.actor), each)
    return list(first.values())


def _pairs(
    members: Sequence[tuple[str, str]],
    by_key: Counter[str],
    by_actor: Counter[str],
    both: Counter[tuple[str, str]],
) -> PartyPairs:
    right = sum(both[each] - 1 for each in members)
    made = sum(by_key[key] - 1 for key, _ in members)
    true = sum(by_actor[actor] - 1 for _, actor in members)
    return PartyPairs(
        Count(right, made - right, true - right),
        len(members),
        len({actor for _, actor in members}),
        len({key for key, _ in members}),
    )
