"""Contracts that every registered feature keeps. The checks are generated over the catalogue; nothing is exempt."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

import aftc.features
from aftc.clock import HOUR
from aftc.features import batch
from aftc.features.algebra import Quantity
from aftc.features.assembly import assemble
from aftc.features.batch import Decisions
from aftc.features.catalogue import CATALOGUE, SCHEMA
from aftc.features.extract import Extract, extract
from aftc.features.feature import Feature
from aftc.features.particulars import particulars
from aftc.features.testing import a_version, apply_step, decisions_of, random_history
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, Link, Mode, Party
from aftc.testing import ARRIVAL, a_bill, a_booking, a_check_in, a_goods_movement, a_manifest, a_roro_entry

Integers = NDArray[np.int64]
Vectors = NDArray[np.float64]
every_feature = pytest.mark.parametrize("feature", CATALOGUE, ids=[feature.name for feature in CATALOGUE])


@dataclass(frozen=True)
class World:
    """A random history with all its versions as decisions."""

    versions: list[ConsignmentVersion]
    extracts: list[Extract]
    sightings: Integers
    decisions: Decisions

    def vectors(self, sightings: Integers, facts: Integers | None = None) -> Vectors:
        """Vectors of all versions over these sightings."""
        known = np.array([each.facts for each in self.extracts]) if facts is None else facts
        return assemble(SCHEMA, known, batch.window_sums(SCHEMA, sightings, self.decisions))


@pytest.fixture(scope="module")
def world() -> World:
    """Six hundred messages of some four years."""
    state, rows = MemoryState(), []
    versions: list[ConsignmentVersion] = []
    extracts: list[tuple[int, Extract]] = []
    for step in random_history(11, messages=600):
        made, sightings = apply_step(state, step)
        rows.append(sightings)
        versions.extend(step.versions)
        extracts.extend((step.sequence, each) for each in made)
    return World(versions, [each for _, each in extracts], np.concatenate(rows), decisions_of(extracts))


@pytest.fixture(scope="module")
def vectors(world: World) -> Vectors:
    """The world's vectors."""
    return world.vectors(world.sightings)


def column(feature: Feature, vectors: Vectors) -> bytes:
    """The bits of a feature's values."""
    return vectors[:, CATALOGUE.index(feature)].tobytes()


def vector_of(version: ConsignmentVersion) -> Vectors:
    """The vector of a version without history."""
    extracted = extract(version)
    return assemble(SCHEMA, extracted.facts[None], np.zeros((1, len(SCHEMA.windows)), np.int64))


def changed_features(one: Vectors, other: Vectors) -> set[str]:
    """Names of the features in which two sets of vectors differ."""
    return {feature.name for feature in CATALOGUE if column(feature, one) != column(feature, other)}


@every_feature
def test_it_is_documented(feature: Feature) -> None:
    """Officer, auditor and card have a sentence each; a flag has one for no; what missing means is said."""
    assert feature.auditor.endswith(".")
    assert len(feature.auditor) > 25
    assert feature.missing
    assert not feature.missing.endswith(".")
    flag = feature.form.quantity is Quantity.FLAG
    assert bool(feature.otherwise) == flag
    assert ("{value}" in feature.officer) != flag
    assert "{" not in feature.sentence(1.0)


@every_feature
def test_its_name_derives_from_its_definition(feature: Feature) -> None:
    """An auditor can read a vector: names are words of the definition."""
    assert feature.name == feature.form.name
    assert re.fullmatch(r"[a-z][a-z0-9_]+", feature.name)
    for window in feature.windows:
        assert window.key.label in feature.name
    for days in {window.days for window in feature.windows}:
        assert feature.name.endswith(f"_{days}d") or feature.name.startswith("new_")


@every_feature
def test_it_is_pure(feature: Feature, world: World, vectors: Vectors) -> None:
    """Read again, in another order, the same versions have the same bits."""
    again = [extract(version) for version in reversed(world.versions)][::-1]
    facts = np.array([each.facts for each in again])
    assert np.array_equal(facts, [each.facts for each in world.extracts])
    assert column(feature, world.vectors(world.sightings, facts)) == column(feature, vectors)


@every_feature
def test_it_is_integer_until_the_end(feature: Feature, world: World) -> None:
    """Facts are read as whole numbers; sums are of whole numbers by construction."""
    for version in world.versions:
        stated = particulars(version)
        for fact in feature.facts:
            assert fact.read(stated) is None or isinstance(fact.read(stated), int)


@every_feature
def test_it_never_sees_itself(feature: Feature, world: World, vectors: Vectors) -> None:
    """Without the sightings of its own owners a version's value is the same."""
    offsets, owners = world.decisions.owner_offsets, world.decisions.owners
    for place in range(0, len(vectors), 59):
        own = owners[offsets[place] : offsets[place + 1]]
        others = world.sightings[~np.isin(world.sightings[:, 1], own)]
        alone = replace(
            world.decisions,
            slots=world.decisions.slots[place : place + 1],
            owner_offsets=np.zeros(2, np.int64),
            owners=owners[:0],
            day=world.decisions.day[place : place + 1],
            sequence=world.decisions.sequence[place : place + 1],
        )
        facts = world.extracts[place].facts[None]
        seen = assemble(SCHEMA, facts, batch.window_sums(SCHEMA, others, alone))
        assert column(feature, seen) == column(feature, vectors[place : place + 1])


Compute = Callable[[Integers, Decisions], Integers]


def sees_later(world: World, compute: Compute) -> set[str]:
    """Features that change when what came after a version's message is taken away."""
    facts = np.array([each.facts for each in world.extracts])
    whole = assemble(SCHEMA, facts, compute(world.sightings, world.decisions))
    changed: set[str] = set()
    for sequence in np.unique(world.decisions.sequence)[::23].tolist():
        known = world.sightings[world.sightings[:, 2] <= sequence]
        rows = world.decisions.sequence == sequence
        then = assemble(SCHEMA, facts, compute(known, world.decisions))
        changed |= changed_features(then[rows], whole[rows])
    return changed


@pytest.fixture(scope="module")
def seeing_later(world: World) -> set[str]:
    """Features that see later messages."""
    return sees_later(world, lambda sightings, decisions: batch.window_sums(SCHEMA, sightings, decisions))


@every_feature
def test_it_never_sees_what_came_later(feature: Feature, seeing_later: set[str]) -> None:
    """Cutting history off after a version's message changes none of its values."""
    assert feature.name not in seeing_later


def test_a_planted_leak_is_caught(world: World) -> None:
    """Windows that look one sequence number ahead change nearly every feature of history."""

    def one_ahead(sightings: Integers, decisions: Decisions) -> Integers:
        days = dict(zip(sightings[:, 2].tolist(), sightings[:, 3].tolist(), strict=True))
        pairs = zip(decisions.sequence.tolist(), decisions.day.tolist(), strict=True)
        ahead = [sequence + (days.get(sequence + 1) == day) for sequence, day in pairs]
        return batch.window_sums(SCHEMA, sightings, replace(decisions, sequence=np.array(ahead)))

    leaking = sees_later(world, one_ahead)
    assert len(leaking) > 5
    assert leaking <= {feature.name for feature in CATALOGUE if feature.windows}


@every_feature
def test_it_does_not_depend_on_the_order_of_rows_within_a_day(feature: Feature, world: World, vectors: Vectors) -> None:
    """Stored sightings of a day may lie in any order."""
    tie = np.random.default_rng(5).random(len(world.sightings))
    shuffled = world.sightings[np.lexsort((tie, world.sightings[:, 3]))]
    assert column(feature, world.vectors(shuffled)) == column(feature, vectors)


@every_feature
def test_it_never_sees_what_its_own_selection_caused(feature: Feature, world: World) -> None:
    """Control messages, interventions, links, clocks and numbers of messages change no value."""
    for version in [a_version(), *world.versions[::17]]:
        goods_movement = version.goods_movement and structs.replace(
            version.goods_movement, inspection_required=True, report_to=("Inland site",)
        )
        selected = structs.replace(
            version,
            control_at=ARRIVAL - HOUR,
            goods_movement=goods_movement,
            links=(Link("gmr", "control", "1", 1.0, 99),),
            flags=("held",),
            sequence=version.sequence + 1000,
            version=version.version + 5,
            known_at=version.known_at + HOUR,
        )
        assert column(feature, vector_of(selected)) == column(feature, vector_of(version))
        assert extract(selected).slots.tolist() == extract(version).slots.tolist()
        assert extract(selected).owned == extract(version).owned


BARE = a_version(
    entry=None, booking=None, check_in=None, goods_movement=None, previous=None, units=(), movements=(), mode=Mode.OTHER
)
EMPTY_GOODS = structs.replace(
    a_roro_entry().items[0], description="", hs_code="", gross_mass_g=0, packages=0, documents=(), vehicles=()
)
ABSURD_GOODS = structs.replace(
    EMPTY_GOODS, description="X" * 10_000, hs_code="9" * 40, gross_mass_g=10**30, packages=-(10**30)
)
NOBODY = Party()
UNUSUAL: dict[str, dict[str, Any]] = {
    "nothing known": {},
    "no goods items": {"entry": a_roro_entry(items=(), itinerary=(), seals=(), declared_at=None)},
    "empty goods": {"entry": a_roro_entry(items=(EMPTY_GOODS,), consignor=NOBODY, consignee=NOBODY, itinerary=("",))},
    "absurd goods": {"entry": a_roro_entry(items=(ABSURD_GOODS,) * 3, declared_at=-(10**18))},
    "empty bill": {
        "manifest": a_manifest(
            a_bill(gross_mass_g=0, packages=0, containers=(), consignee=None, origin_country="", hs_code="x"),
            load_port="",
            departure=None,
        )
    },
    "manifest without bill": {"manifest": structs.replace(a_manifest(), bills=(), equipment=())},
    "booking alone": {"booking": a_booking(vehicle=None, trailers=(), laden=None, gross_mass_g=None, booked_at=10**18)},
    "check-in alone": {
        "check_in": a_check_in(vehicle="--", trailers=("",), seals=("",), driver=None, weighed_mass_g=-4)
    },
    "goods movement alone": {"goods_movement": a_goods_movement(vehicle="", haulier_eori="", route_id=None)},
}


@pytest.fixture(scope="module")
def unusual() -> Vectors:
    """Vectors of versions with little, nothing or nonsense known."""
    return np.concatenate([vector_of(structs.replace(BARE, **given)) for given in UNUSUAL.values()])


@every_feature
def test_it_is_missing_safe_and_bounded(feature: Feature, vectors: Vectors, unusual: Vectors) -> None:
    """Whatever is missing or absurd, a value is missing or within its bounds, and has a sentence."""
    place = CATALOGUE.index(feature)
    values = np.concatenate((vectors[:, place], unusual[:, place]))
    for value in values.tolist():
        assert isnan(value) or feature.form.low <= value <= feature.form.high
        assert feature.sentence(value)
    if feature.codes is not None:
        assert set(values[~np.isnan(values)].tolist()) <= set(range(feature.codes.size))


@every_feature
def test_it_says_something(feature: Feature, vectors: Vectors) -> None:
    """No feature is constant, and none is always missing, over a world that knows every stream."""
    values = vectors[:, CATALOGUE.index(feature)]
    assert len(np.unique(values[~np.isnan(values)])) > 1


FORBIDDEN = {"control_at", "inspection_required", "report_to", "conveyance_nationality"}


def test_no_code_of_features_reads_what_it_must_not() -> None:
    """What a selection caused, and nationality, is named nowhere in the code of features."""
    folder = Path(aftc.features.__file__).parent
    for path in folder.rglob("*.py"):
        read = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert not read & FORBIDDEN, path
