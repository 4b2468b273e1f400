"""The freight world's honesty in full: ladder, reference ceiling, policies week by week, and the gates on them.

Every world is a task of its own; two processes share them, and the figures do not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from training.rehearsal import gates, report
from training.rehearsal.ceiling import MORE, Ceiling, ceiling
from training.rehearsal.contest import Contest, contest
from training.rehearsal.ladder import Ladder, climb
from training.rehearsal.panel import make_panel
from training.rehearsal.plan import Plan
from training.world.distributions import distributions
from training.world.parameters import Regime, WorldParameters
from training.world.processes import results

__all__ = ["CONTESTS", "Terms", "measure"]

# Where policies are compared, and on what terms. A collapse needs a capacity that cannot wander everywhere by chance,
# and enough threats that a lot now and then meets one; where nothing changes, the usual world and twice the capacity.
CONTESTS: Final = (
    (
        WorldParameters(days=182, consignments=39_000, prevalence=0.08, regime=Regime.COLLAPSE),
        Plan(capacity=0.05, largest_weight=50.0),
    ),
    (WorldParameters(days=182, consignments=39_000), Plan()),
)

Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is measured.

    Attributes:
        usual: The usual world, for the ceiling, and how many times `more` consignments the larger one has.
        ladder: The worlds of the ladder.
        contests: The worlds of the policies, one of each regime, with the plan of the policy with a part at random.
        features: The feed of the policies, see `training.rehearsal.contest.FEEDS`.
        worlds: How many of each, seeds counted up.
        processes: How many share the work.
    """

    usual: WorldParameters = WorldParameters()
    more: int = MORE
    ladder: WorldParameters = WorldParameters(consignments=30_000)
    contests: tuple[tuple[WorldParameters, Plan], ...] = CONTESTS
    features: str = "observed"
    worlds: int = 5
    processes: int = 2


class _Kind(Enum):
    CEILING = "ceiling"  # the longest first
    CONTEST = "contest"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class _Task:
    kind: _Kind
    seed: int
    regime: Regime = Regime.STABLE


_Result: TypeAlias = Ceiling | Contest | Ladder


def measure(terms: Terms, page: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Measure everything, write the tables into a page where one is given, and return the gates' verdicts.

    Args:
        terms: What is measured.
        page: Whose marked part is replaced.
        progress: Told each world as it is done.

    Raises:
        InputError: the page has no marks.
    """
    if page is not None:
        report.check(page)
    tasks = list(_tasks(terms))
    found: dict[_Task, _Result] = {}
    for task, result in results(iter(tasks), partial(_doing, terms), terms.processes):
        found[task] = result
        progress(f"{len(found)} of {len(tasks)}: {task.kind.value} of world {task.seed}, {_headline(result)}")
    ladders = [each for task in tasks if isinstance(each := found[task], Ladder)]
    ceilings = [each for task in tasks if isinstance(each := found[task], Ceiling)]
    contests = {
        parameters.regime: _joined(parameters, plan, [found[task] for task in tasks])
        for parameters, plan in terms.contests
    }
    verdicts = _verdicts(ladders, ceilings, contests)
    text = _text(terms, (ladders, ceilings, contests), verdicts)
    if page is not None:
        report.put_into(page, f"{text}\n\n{distributions()}")
    return {"text": text, "holds": all(each.holds for each in verdicts), "gates": [asdict(each) for each in verdicts]}


def _tasks(terms: Terms) -> Iterator[_Task]:
    first = terms.usual.seed
    for seed in range(first, first + terms.worlds):
        yield _Task(_Kind.CEILING, seed)
    for parameters, _ in terms.contests:
        for seed in range(first, first + terms.worlds):
            yield _Task(_Kind.CONTEST, seed, parameters.regime)
    for seed in range(first, first + terms.worlds):
        yield _Task(_Kind.LADDER, seed)


def _doing(terms: Terms) -> Callable[[_Task], tuple[_Task, _Result]]:
    return partial(_do, terms)


def _do(terms: Terms, task: _Task) -> tuple[_Task, _Result]:
    if task.kind is _Kind.CEILING:
        return task, ceiling(replace(terms.usual, seed=task.seed), terms.more)
    if task.kind is _Kind.LADDER:
        return task, climb(make_panel(replace(terms.ladder, seed=task.seed)))
    parameters, plan = next(each for each in terms.contests if each[0].regime is task.regime)
    return task, contest(parameters, plan, seeds=[task.seed], features=terms.features)


def _headline(result: _Result) -> str:
    if isinstance(result, Ceiling):
        return f"average precision {result.true:.3f}, raw columns {result.raw:.3f}, oracle {result.oracle:.3f}"
    if isinstance(result, Ladder):
        return f"average precision {result.history:.3f}, raw columns {result.raw:.3f}, oracle {result.oracle:.3f}"
    (pair,) = result.pairs
    late = f"{pair.greedy_late.hit_rate:.3f}, a part at random {pair.mixed_late.hit_rate:.3f}"
    return f"{result.parameters.regime.value}: hit rate in the last quarter, greedy {late}"


def _joined(parameters: WorldParameters, plan: Plan, found: Sequence[_Result]) -> Contest:
    """The contests of single worlds as one."""
    mine = [each for each in found if isinstance(each, Contest) and each.parameters.regime is parameters.regime]
    return Contest(parameters, plan, tuple(pair for each in mine for pair in each.pairs))


def _verdicts(
    ladders: Sequence[Ladder], ceilings: Sequence[Ceiling], contests: Mapping[Regime, Contest]
) -> tuple[gates.Verdict, ...]:
    return (
        gates.difficulty(ceilings),
        gates.rungs(ladders),
        gates.goods_tuples(ladders),
        gates.shuffled_ids(ladders),
        gates.leak_alarm(ladders),
        gates.collapse(contests[Regime.COLLAPSE]),
        gates.stable(contests[Regime.STABLE]),
    )


def _text(
    terms: Terms,
    measured: tuple[Sequence[Ladder], Sequence[Ceiling], Mapping[Regime, Contest]],
    verdicts: Sequence[gates.Verdict],
) -> str:
    ladders, ceilings, contests = measured
    worlds = terms.worlds
    parts = (
        report.gate_table(verdicts),
        f"{worlds} worlds of {_size(terms.ladder)}; rungs learn what is aboard all earlier consignments, unless it is "
        "said otherwise:",
        report.ladder_table(ladders),
        f"{worlds} worlds of {_size(terms.usual)}:",
        report.ceiling_table(ceilings),
        *(_contested(terms, *each) for each in terms.contests),
        "Last quarter of the run, mean (spread):",
        report.policy_table(contests.values()),
        *(
            part
            for regime, each in contests.items()
            for part in (f"Regime {regime.value}, week by week, all worlds together:", report.week_table(each))
        ),
    )
    return "\n\n".join(parts)


def _contested(terms: Terms, parameters: WorldParameters, plan: Plan) -> str:
    return (
        f"Regime {parameters.regime.value}: {terms.worlds} worlds of {_size(parameters)}; {plan.warm_up} weeks under "
        f"the legacy policy, then {plan.capacity:.0%} of the units a week by a model of {terms.features} columns, all "
        f"or all but {plan.random_share:.0%}."
    )


def _size(parameters: WorldParameters) -> str:
    return (
        f"{parameters.consignments:,} consignments in {parameters.days} days, prevalence {parameters.prevalence:g}, "
        f"examined share {parameters.examined_share:.3g}, seeds from {parameters.seed}"
    )
