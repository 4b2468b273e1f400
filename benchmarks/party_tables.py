"""The tables of parties in `aftc bench linking`: keys, and the merges that the rule allows, against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any, Final

import pyarrow.parquet as pq

from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.parties.mentions import mentions
from aftc.parties.pairings import pairings
from aftc.parties.proposals import Proposal, clusters, propose
from aftc.parties.statements import statements
from benchmarks.linking_parties import Known, PartyPairs, judge_parties, key_used, writings
from training.world.distributions import table
from training.world.parameters import FaultLevel

__all__ = ["LEAST_F1", "Parties", "judged_parties", "party_payload", "party_text"]

LEAST_F1: Final = 0.95
"""What parties have to reach where faults are usual, of mentions and of writings."""

_NONE = PartyPairs()


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties of a store against the truth.

    Attributes:
        mentions, writings: All pairs, under keys and the merges that the rule allows without a person.
        by_key_alone: The same of mentions and writings, before any merge.
        by_mode, by_key, by_role: Pairs of mentions, merged.
        writings_by_mode, writings_by_key: Pairs of writings, merged.
        proposals: By why a person has to decide (empty: nobody has to), how many, and how many of them are false.
    """

    mentions: PartyPairs
    writings: PartyPairs
    by_key_alone: Mapping[str, PartyPairs]
    by_mode: Mapping[str, PartyPairs]
    by_key: Mapping[str, PartyPairs]
    by_role: Mapping[str, PartyPairs]
    writings_by_mode: Mapping[str, PartyPairs]
    writings_by_key: Mapping[str, PartyPairs]
    proposals: Mapping[str, tuple[int, int]]


def judged_parties(folder: Path, store: Path) -> Parties:
    """Judge the parties of a store.

    Args:
        folder: The world whose messages it holds.
        store: Nobody writes to it now.
    """
    known = list(_known(folder, store))
    proposals = propose(statements(each.mention for each in known), pairings(Lake(store / "lake")))
    merged = clusters([each.keys for each in proposals if not each.against])
    written = writings(known)
    return Parties(
        mentions=judge_parties(known, merged)[""],
        writings=judge_parties(written, merged)[""],
        by_key_alone={"mentions": judge_parties(known, {})[""], "writings": judge_parties(written, {})[""]},
        by_mode=judge_parties(known, merged, _mode),
        by_key=judge_parties(known, merged, _key),
        by_role=judge_parties(known, merged, _role),
        writings_by_mode=judge_parties(written, merged, _mode),
        writings_by_key=judge_parties(written, merged, _key),
        proposals=_verdicts(known, proposals),
    )


def party_payload(parties: Parties) -> dict[str, Any]:
    """The figures for machines."""
    groups = {name: getattr(parties, name) for name in _GROUPED}
    return {
        "mentions": _figures(parties.mentions),
        "writings": _figures(parties.writings),
        **{name: {key: _figures(pairs) for key, pairs in each.items()} for name, each in groups.items()},
        "proposals": {words or "merged": list(counts) for words, counts in parties.proposals.items()},
    }


def party_text(found: Mapping[FaultLevel, Parties]) -> str:
    """The tables for people."""
    return "\n\n".join(
        [
            _overall(found),
            _table(
                "mode of the mention", {level: (each.by_mode, each.writings_by_mode) for level, each in found.items()}
            ),
            _table("key used", {level: (each.by_key, each.writings_by_key) for level, each in found.items()}),
            _roles(found),
            _proposed(found),
        ]
    )


_GROUPED: Final = ("by_key_alone", "by_mode", "by_key", "by_role", "writings_by_mode", "writings_by_key")


def _known(folder: Path, store: Path) -> Iterator[Known]:
    truth = folder / "truth"
    documents = pq.read_table(truth / "truth.parquet", columns=["document", "mode"]).to_pydict()
    modes = dict(zip(documents["document"], documents["mode"], strict=True))
    told = pq.read_table(truth / "messages.parquet", columns=["stream", "name", "documents", "parties"]).to_pylist()
    rows = {(row["stream"], row["name"]): row for row in told}
    below = len((folder / "messages").parts)
    with Journal(store / "journal") as journal:
        sources = {entry.sequence: PurePath(entry.source) for entry in journal.entries()}
    for mention in mentions(Lake(store / "lake")):
        source = sources[mention.sequence]
        row = rows[source.parts[below], source.stem]
        actors = {party["place"]: party["actor"] for party in row["parties"]}
        yield Known(mention, modes[row["documents"][0]], actors.get(mention.place))


def _mode(known: Known) -> str:
    return known.mode


def _key(known: Known) -> str:
    return key_used(known.mention.party, known.mention.key)


def _role(known: Known) -> str:
    return known.mention.place.rpartition(".")[2]


def _verdicts(known: list[Known], proposals: list[Proposal]) -> dict[str, tuple[int, int]]:
    """A proposal is false where most mentions of its two keys are of different actors."""
    votes: dict[str, Counter[str | None]] = {}
    for each in known:
        if each.mention.key is not None:
            votes.setdefault(each.mention.key, Counter())[each.actor] += 1
    actors = {key: counts.most_common(1)[0][0] for key, counts in votes.items()}
    made: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for proposal in proposals:
        made[proposal.against] += 1
        false[proposal.against] += len({actors[key] for key in proposal.keys}) > 1
    return {words: (made[words], false[words]) for words in sorted(made)}


def _figures(pairs: PartyPairs) -> dict[str, Any]:
    count = pairs.count
    return {**asdict(pairs), "precision": count.precision, "recall": count.recall, "f1": pairs.f1}


def _cells(pairs: PartyPairs) -> list[str]:
    return [f"{pairs.mentions:,}", f"{pairs.count.precision:.4f}", f"{pairs.count.recall:.4f}", f"{pairs.f1:.4f}"]


def _overall(found: Mapping[FaultLevel, Parties]) -> str:
    heads = ("faults", "parties, pairs of", "how many", "precision", "recall", "F1", "actors", "keys")
    rows = []
    for level, parties in found.items():
        for name, pairs, words in (
            ("mentions", parties.by_key_alone["mentions"], "keys alone"),
            ("mentions", parties.mentions, "merged"),
            ("writings", parties.by_key_alone["writings"], "keys alone"),
            ("writings", parties.writings, "merged"),
        ):
            rows.append((level.value, f"{name}, {words}", *_cells(pairs), f"{pairs.actors:,}", f"{pairs.keys:,}"))
    return table(heads, rows)


def _table(name: str, groups: Mapping[FaultLevel, tuple[Mapping[str, PartyPairs], Mapping[str, PartyPairs]]]) -> str:
    """Mentions and writings of each group at each level."""
    heads = [f"parties by {name}"]
    for level in groups:
        for what in ("mentions", "writings"):
            heads += [f"{what}, {level.value}", "precision", "recall", "F1"]
    rows = []
    for key in sorted({key for pair in groups.values() for each in pair for key in each}):
        cells = [_cells(each.get(key, _NONE)) for pair in groups.values() for each in pair]
        rows.append([f"`{key}`", *(cell for row in cells for cell in row)])
    return table(heads, rows)


def _roles(found: Mapping[FaultLevel, Parties]) -> str:
    heads = ["parties by role"]
    for level in found:
        heads += [f"mentions, {level.value}", "precision", "recall", "F1"]
    rows = [
        [f"`{role}`", *(cell for parties in found.values() for cell in _cells(parties.by_role.get(role, _NONE)))]
        for role in sorted({role for parties in found.values() for role in parties.by_role})
    ]
    return table(heads, rows)


def _proposed(found: Mapping[FaultLevel, Parties]) -> str:
    heads = ["merges proposed"]
    for level in found:
        heads += [f"proposals, {level.value}", "of them false"]
    rows = []
    for words in sorted({words for parties in found.values() for words in parties.proposals}):
        counts = [parties.proposals.get(words, (0, 0)) for parties in found.values()]
        told = f"for a person: {words}" if words else "allowed by the rule"
        rows.append([told, *(f"{number:,}" for pair in counts for number in pair)])
    return table(heads, rows)
