"""A small but real store for every room: messages ingested, a bundle fitted, exported, signed and promoted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from aftc.audit.log import AuditLog
from aftc.clock import HOUR, MINUTE
from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.models.bundle import BundleContents, write_bundle
from aftc.models.calibration import Calibration
from aftc.models.manifest import ALL_MODES, Manifest, QuantileRow, ThreatEntry
from aftc.models.placed import private_key_path, public_key_path
from aftc.models.signing import create_key, load_private_key
from aftc.records import DeclarationReference, Message, OutcomeKind, Threat
from aftc.state import State
from aftc.streams import cuscar, ens, ferry_booking, ferry_check_in, gmr, outcome
from aftc.testing import (
    ARRIVAL,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_goods_movement,
    a_manifest,
    a_roro_entry,
    an_examination,
)
from serving.ingest import Ingest
from serving.inline import stored_version
from serving.models import CurrentModel
from serving.scoring import Scoring
from training.export import InputSchema, ThreatModel, export
from training.promote import promote

# No property depends on how fast the machine is.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

FITTED_ROWS = 400
CALIBRATION = Calibration(slope=1.0, intercept=-1.0)


def _messages() -> Iterator[Message]:
    """Six lorries and four containers of the same parties, day after day; two lorries examined, one with a find."""
    for day in range(6):
        at = ARRIVAL + day * 24 * HOUR
        names = {"booking_reference": f"BK-{day}"}
        times = {"departure": at - 90 * MINUTE, "arrival": at}
        booking = a_booking(booked_at=at - 30 * HOUR, **names, **times)
        entry = a_roro_entry(document=f"CMR-{day}", lrn=f"LRN-{day}", ucr=f"6GB-{day}", expected_arrival=at)
        check_in = a_check_in(checked_in_at=at - 3 * HOUR, **names, **times)
        yield Message(ferry_booking.build(booking), at - 30 * HOUR, "booking")
        yield Message(ens.build(entry), at - 8 * HOUR, "entry")
        declared = (DeclarationReference("customs", f"6GB-{day}"),)
        movement = a_goods_movement(gmr_id=f"GMRA0000000{day}", departure=at - 90 * MINUTE, declarations=declared)
        yield Message(gmr.build(movement), at - 4 * HOUR, "gmr")
        yield Message(ferry_check_in.build(check_in), at - 3 * HOUR, "check-in")
    for number in range(4):
        master, container = f"OCEAN000{number}", ("CSQU3054383", "MSKU1234565", "TGHU7654321", "CSQU3054383")[number]
        at = ARRIVAL + number * 24 * HOUR
        bill = a_bill(master=master, containers=(container,))
        manifest = a_manifest(bill, reference=f"MANIFEST-{number}", voyage=f"V10{number}E", arrival=at + HOUR)
        entry = a_container_entry(
            document=master, containers=(container,), lrn=f"SEA-{number}", conveyance_reference=f"V10{number}E"
        )
        yield Message(cuscar.build(manifest), at, "manifest")
        yield Message(ens.build(entry), at + MINUTE, "entry")
    for number, kind in enumerate((OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE)):
        at = ARRIVAL + number * 24 * HOUR
        times = {"started_at": at + HOUR, "ended_at": at + 3 * HOUR, "recorded_at": at + 4 * HOUR}
        examination = an_examination(kind, examination_id=f"EX-{number}", arrival=at, **times)
        yield Message(outcome.build(examination), ARRIVAL + (3 + number) * 24 * HOUR, "outcome")


def fitted_bundle(store: Path, folder: Path, *, seed: int) -> None:
    """Fit, export and sign a bundle over random vectors with the store's key, made where there is none.

    Another seed gives another model. Fitted for any, a share of it for cocaine.
    """
    rng = np.random.default_rng(seed)
    vectors = rng.integers(0, 40, (FITTED_ROWS, len(SCHEMA.names))).astype(np.float64)
    for column, size in enumerate(SCHEMA.categorical_sizes):
        if size:
            vectors[:, column] = rng.integers(0, size, FITTED_ROWS)
    vectors[rng.random(vectors.shape) < 0.2] = np.nan
    found = rng.random(FITTED_ROWS) < 0.3
    rows = lgb.Dataset(vectors, label=found.astype(np.float64), feature_name=list(SCHEMA.names))
    settings = {"objective": "binary", "num_leaves": 7, "num_threads": 1, "seed": seed, "verbosity": -1}
    booster = lgb.train(settings, rows, num_boost_round=12)
    models = (ThreatModel(Threat.ANY, booster, CALIBRATION), ThreatModel(Threat.COCAINE, None, None, share=0.25))
    exported = export(models, InputSchema(SCHEMA.names))
    manifest = Manifest(
        run_id=f"run-{seed}",
        sequence=1,
        created=ARRIVAL,
        schema_digest=SCHEMA.digest,
        features=SCHEMA.names,
        threats=tuple(ThreatEntry(each.threat, each.booster is not None, each.share, CALIBRATION) for each in models),
        quantiles=tuple(
            QuantileRow(ALL_MODES, each.threat, tuple(np.linspace(0, 1, 1000).tolist())) for each in models
        ),
    )
    private, public = private_key_path(store), public_key_path(store)
    key = load_private_key(private) if private.exists() else create_key(private, public)
    write_bundle(folder, BundleContents(manifest, exported.graph, exported.trees, "# A card"), key)


@pytest.fixture(scope="session")
def make_bundle() -> Callable[[Path, Path, int], None]:
    """Makes a bundle of a store in a folder; another seed gives another model."""
    return lambda store, folder, seed: fitted_bundle(store, folder, seed=seed)


@pytest.fixture(scope="session")
def made_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that no test may change."""
    store = tmp_path_factory.mktemp("made") / "store"
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(sorted(_messages(), key=lambda message: (message.known_at, message.raw))):
            pass
    fitted_bundle(store, store.parent / "bundle", seed=1)
    promote(store, store.parent / "bundle")
    return store


@pytest.fixture
def store(made_store: Path, tmp_path: Path) -> Path:
    """A copy of the small store, for one test."""
    return Path(shutil.copytree(made_store, tmp_path / "store"))


@pytest.fixture(scope="session")
def consignment_ids(made_store: Path) -> tuple[str, ...]:
    """The ten consignments of the small store that no other took over."""
    state = State(made_store / "state")
    with state.snapshot() as view:
        ids = [key.decode() for key, _ in view.rows("consignments")]
        versions = [stored_version(view, each) for each in ids]
    state.close()
    return tuple(each.consignment_id for each in versions if each is not None and each.joined_into is None)


@pytest.fixture
def scoring(store: Path) -> Iterator[Scoring]:
    """The scoring path over a copy of the small store."""
    state = State(store / "state")
    audit = AuditLog(store / "audit", now=count(ARRIVAL).__next__)
    yield Scoring(state, audit, CurrentModel(store, refused=lambda: None))
    audit.close()
    state.close()


@pytest.fixture(scope="session")
def spark_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Spark as it is installed, in a folder in which a cluster on this machine may leave its executors' files."""
    import pyspark

    home = tmp_path_factory.mktemp("spark")
    for each in Path(pyspark.__file__).parent.iterdir():
        (home / each.name).symlink_to(each)
    return home
