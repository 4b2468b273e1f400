"""Proposals: pairs of keys that may be one party's, weighed by Splink, with the evidence for each.

Splink weighs pairs of statements after Fellegi and Sunter: a prior, and for each comparison the log2 of how much more
often it comes out so for one party (m) than for two (u). The chances u are counted in the statements themselves, the
chances m stand here: slips and spellings are much the same everywhere, and small stores would give none. The weight
orders what a person looks at; what may be merged without one, `aftc.parties.agreement` decides alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Any, Final

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator
from splink import comparison_level_library as levels
from splink.comparison_library import CustomComparison

from aftc.linking.merges import MOST_MEMBERS
from aftc.parties.agreement import Identifier, agreeing, contradict
from aftc.parties.pairings import exclusive, slips
from aftc.parties.statements import Statement
from aftc.records import MergeEvidence
from aftc.records.merges import merge_id

__all__ = ["Proposal", "clusters", "propose"]

ENOUGH: Final = 2  # independent identifiers
LEAST_WEIGHT: Final = 0.0  # log2 odds: more likely one party than two
_SAMPLED_PAIRS: Final = 2_000_000
_SEED: Final = 1

# Chances, for two statements of one party under different keys, that a comparison comes out at each level.
_M: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "number": (("the same", 0.05), ("one slip apart", 0.75), ("different", 0.20)),
    "name": (("the same", 0.60), ("one slip apart", 0.25), ("much alike", 0.12), ("different", 0.03)),
    "street": (("the same", 0.80), ("much alike", 0.15), ("different", 0.05)),
    "postcode": (("the same", 0.93), ("one slip apart", 0.05), ("different", 0.02)),
    "town": (("the same", 0.95), ("much alike", 0.03), ("different", 0.02)),
    "country": (("the same", 0.99), ("different", 0.01)),
}
_MUCH_ALIKE: Final = 0.9  # Jaro-Winkler similarity
_BLOCKS: Final = ("l.number = r.number", "l.name = r.name", "l.postcode = r.postcode", "l.street = r.street")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two keys that may be one party's.

    Attributes:
        keys: In alphabetical order.
        weight: Log2 odds that they are one party's: the prior and the evidence added up.
        prior: Log2 odds before any evidence.
        evidence: Of the best pair of statements.
        agreeing: Identifiers in which that pair agrees.
        against: Why a person has to decide; empty where the rule allows the merge without one.
    """

    keys: tuple[str, str]
    weight: float
    prior: float
    evidence: tuple[MergeEvidence, ...]
    agreeing: tuple[Identifier, ...]
    against: str

    @property
    def merge_id(self) -> str:
        """Name of the pair."""
        return merge_id(*self.keys)


def propose(stated: Sequence[Statement], shared: Mapping[tuple[str, str], int] | None = None) -> list[Proposal]:
    """What may be merged, the weightiest first; then what shared goods bring together.

    Args:
        stated: Distinct statements, sorted; equal lists give equal proposals.
        shared: How many consignments name two keys (`aftc.parties.pairings`).
    """
    found: dict[tuple[str, str], Proposal] = {}
    for row in _weighed(stated) if len(stated) > 1 else ():
        proposal = _proposal(stated[row["unique_id_l"]], stated[row["unique_id_r"]], row, len(stated))
        before = found.get(proposal.keys)
        if before is None or _rank(proposal) < _rank(before):
            found[proposal.keys] = proposal
    by_words = sorted(found.values(), key=_rank)
    slipped = [_of_slip(*each, len(stated)) for each in slips(shared or {}).items()]
    allowed = [each.keys for each in _without_contradiction([*by_words, *slipped], stated) if not each.against]
    by_goods = [_of_goods(*each, len(stated)) for each in exclusive(shared or {}, clusters(allowed)).items()]
    by_goods = [*slipped, *by_goods]
    own = {each.keys for each in by_goods}
    kept = [each for each in by_words if not each.against or each.keys not in own]
    words = {each.keys for each in kept}
    return list(_without_contradiction([*kept, *(each for each in by_goods if each.keys not in words)], stated))


def clusters(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By key the first of all keys that pairs bring together, themselves included."""
    group: dict[str, set[str]] = {}
    for one, other in pairs:
        members = group.get(one, {one}) | group.get(other, {other})
        group |= dict.fromkeys(members, members)
    return {key: min(members) for key, members in group.items()}


def _rank(proposal: Proposal) -> tuple[bool, float, tuple[str, str]]:
    return bool(proposal.against), -proposal.weight, proposal.keys


def _proposal(one: Statement, other: Statement, row: dict[str, Any], count: int) -> Proposal:
    one, other, sides = (one, other, "lr") if one.key < other.key else (other, one, "rl")
    agreed = agreeing(one, other)
    evidence = []
    for name, outcomes in _M.items():
        gamma = row[f"gamma_{name}"]
        level = "not stated" if gamma < 0 else outcomes[len(outcomes) - 1 - gamma][0]
        values = [row[f"{name}_{side}"] or "" for side in sides]
        evidence.append(MergeEvidence(name, values[0], values[1], level, float(row[f"mw_{name}"])))
    return Proposal(
        keys=(one.key, other.key),
        weight=float(row["match_weight"]),
        prior=_prior(count),
        evidence=tuple(evidence),
        agreeing=agreed,
        against=_against(one, other, agreed),
    )


def _of_goods(keys: tuple[str, str], shared: int, count: int) -> Proposal:
    """An importer's number and a consignee's words that always go together: the number is stated for its goods.

    By chance, any of the other statements might have been beside it each time.
    """
    prior, weight = _prior(count), shared * log2(max(count, 2))
    evidence = MergeEvidence("goods", *keys, f"{shared} consignments, none otherwise", weight)
    return Proposal(keys, prior + weight, prior, (evidence,), (Identifier.GOODS,), "")


def _of_slip(keys: tuple[str, str], shared: int, count: int) -> Proposal:
    """Two numbers a slip apart beside the same goods: by chance, any other statement might have been there."""
    prior, weight = _prior(count), shared * log2(max(count, 2))
    evidence = MergeEvidence("goods", *keys, f"{shared} consignments, one slip apart", weight)
    return Proposal(keys, prior + weight, prior, (evidence,), (Identifier.SLIPPED, Identifier.GOODS), "")


def _against(one: Statement, other: Statement, agreed: tuple[Identifier, ...]) -> str:
    if contradict(one.number, other.number):
        return "two trader numbers"
    if Identifier.NUMBER in agreed or len(agreed) >= ENOUGH:
        return ""
    return f"only the {agreed[0].value} agrees" if agreed else "no identifier agrees"


def _without_contradiction(ranked: Sequence[Proposal], stated: Sequence[Statement]) -> Iterator[Proposal]:
    """The proposals, and against those that would bring together what must not be.

    What agrees with two parties would make them one by way of itself: the weightier merge stands, the other is a
    person's to decide. Of the numbers that keys bring together all must be slips of one.
    """
    numbers: dict[str, set[str]] = {}
    for each in stated:
        numbers.setdefault(each.key, set()).update({each.number} - {""})
    group: dict[str, set[str]] = {}
    for proposal in ranked:
        one, other = proposal.keys
        mine, others = group.get(one, {one}), group.get(other, {other})
        if not proposal.against:
            against = _between(mine, others, numbers)
            if against:
                yield replace(proposal, against=against)
                continue
            group |= dict.fromkeys(mine | others, mine | others)
        yield proposal


def _between(mine: set[str], others: set[str], numbers: dict[str, set[str]]) -> str:
    if len(mine | others) > MOST_MEMBERS:
        return f"more than {MOST_MEMBERS} keys"
    named = {number for key in mine | others for number in numbers.get(key, ())}
    one_of_them = any(not any(contradict(one, other) for other in named) for one in named)
    return "" if one_of_them or not named else "two trader numbers, by way of keys already merged"


def _prior(count: int) -> float:
    """Log2 odds of two statements taken at random: as if each had one other of its party."""
    return log2(1 / (count - 1)) if count > 2 else 0.0


def _weighed(stated: Sequence[Statement]) -> list[dict[str, Any]]:
    """The pairs under different keys that share a number, name, postcode or street, with Splink's weights."""
    columns = {name: pa.array([getattr(each, name) or None for each in stated], pa.string()) for name in ("key", *_M)}
    table = pa.table({"unique_id": pa.array(range(len(stated)), pa.int64()), **columns})
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # sums of floats in one order
        backend = DuckDBAPI(connection=connection)
        odds = 2 ** _prior(len(stated))
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[_comparison(name) for name in _M],
            blocking_rules_to_generate_predictions=[_block(rule) for rule in _BLOCKS],
            probability_two_random_records_match=odds / (1 + odds),
            retain_intermediate_calculation_columns=True,
        )
        linker = Linker(backend.register(table), settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=_SEED)
        found = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT, warning_mode="never")
        pairs = connection.execute(f"SELECT * FROM {found.physical_name} ORDER BY unique_id_l, unique_id_r")
        names = [column[0] for column in pairs.description]
        return [dict(zip(names, row, strict=True)) for row in pairs.fetchall()]


def _block(rule: str) -> dict[str, str]:
    return {"blocking_rule": f"{rule} AND l.key <> r.key", "sql_dialect": "duckdb"}


def _comparison(name: str) -> CustomComparison:
    outcomes = dict(_M[name])
    made = {
        "the same": levels.ExactMatchLevel(name),
        "one slip apart": levels.DamerauLevenshteinLevel(name, 1),
        "much alike": levels.JaroWinklerLevel(name, _MUCH_ALIKE),
        "different": levels.ElseLevel(),
    }
    known = [made[level].configure(m_probability=m, fix_m_probability=True) for level, m in outcomes.items()]
    return CustomComparison(output_column_name=name, comparison_levels=[levels.NullLevel(name), *known])
