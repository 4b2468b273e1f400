"""Tracking: runs, figures, artefacts and the registry of bundles, in MLflow on the store's own SQLite file.

Nothing leaves the machine: MLflow's telemetry is switched off before it is imported.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aftc.errors import InputError
from aftc.models.manifest import Metric

__all__ = ["CANDIDATE", "CHAMPION", "LATEST", "MODEL", "RunInputs", "TrackedBundle", "Tracking"]

EXPERIMENT: Final = "aftc"
MODEL: Final = "aftc"
CHAMPION: Final = "champion"  # alias of the version that is promoted
CANDIDATE: Final = "candidate"  # alias of the version trained last
LATEST: Final = "latest"
_BUNDLE: Final = "bundle"
_ARTEFACTS: Final = "mlruns"
_QUIET: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",  # no search for a git executable
}


@dataclass(frozen=True, slots=True)
class RunInputs:
    """What a run was made from: the training set's name, its digest, and what else says where it comes from."""

    name: str
    digest: str
    source: str
    profile: str


@dataclass(frozen=True, slots=True)
class TrackedBundle:
    """A registered bundle: its run, its version in the registry, and the folder of its files."""

    run_id: str
    version: str
    folder: Path


class Tracking:
    """The store's runs and registry.

    Args:
        store: Folder of the store; the file and the folder of artefacts are made in it.
    """

    __slots__ = ("_client", "_experiment", "store")

    def __init__(self, store: Path) -> None:
        self.store = store
        store.mkdir(parents=True, exist_ok=True)
        uri = f"sqlite:///{(store / 'mlflow.db').resolve()}"
        os.environ.update(_QUIET)
        with _quiet():
            from mlflow import MlflowClient

            logging.getLogger("mlflow").setLevel(logging.ERROR)  # importing it has set its own level
            self._client: Any = MlflowClient(tracking_uri=uri, registry_uri=uri)
            self._experiment = self._experiment_here()

    def _experiment_here(self) -> str:
        """The experiment whose artefacts lie in this store; a store that was moved or copied gets one of its own."""
        location = (self.store / _ARTEFACTS).resolve().as_uri()
        known = {each.name: each for each in self._client.search_experiments()}
        for each in known.values():
            if each.artifact_location == location:
                return str(each.experiment_id)
        name = EXPERIMENT if EXPERIMENT not in known else f"{EXPERIMENT} in {self.store.resolve()}"
        return str(self._client.create_experiment(name, artifact_location=location))

    @contextmanager
    def run(self, name: str) -> Iterator[str]:
        """A run by its id; it ends as failed where the block raises."""
        with _quiet():
            run_id: str = self._client.create_run(self._experiment, run_name=name).info.run_id
        try:
            yield run_id
        except BaseException:
            self._client.set_terminated(run_id, status="FAILED")
            raise
        self._client.set_terminated(run_id)

    def log(
        self, run_id: str, parameters: Mapping[str, object], figures: Iterable[Metric], *, prefix: str = ""
    ) -> None:
        """Parameters, and figures as `prefix threat_name`, with their intervals as `..._low` and `..._high`."""
        from mlflow.entities import Metric as Logged
        from mlflow.entities import Param

        values = [
            (f"{prefix}{each.threat.value}_{each.name}{end}", value)
            for each in figures
            for end, value in (("", each.value), ("_low", each.low), ("_high", each.high))
            if value is not None
        ]
        with _quiet():
            self._client.log_batch(
                run_id,
                metrics=[Logged(name, value, 0, 0) for name, value in values],
                params=[Param(name, str(value)) for name, value in parameters.items()],
            )

    def log_inputs(self, run_id: str, inputs: RunInputs) -> None:
        """The training set of a run."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        made = Dataset(
            name=inputs.name,
            digest=inputs.digest[:36],  # the column's width
            source_type="aftc-lake",
            source=inputs.source,
            profile=inputs.profile,
        )
        self._client.log_inputs(run_id, [DatasetInput(made, [InputTag("mlflow.data.context", "training")])])

    def log_files(self, run_id: str, folder: Path, name: str) -> None:
        """A folder of files as artefacts under a name."""
        self._client.log_artifacts(run_id, str(folder), name)

    def register(self, run_id: str, bundle: Path) -> str:
        """Keep a run's bundle in the registry, as the candidate; gives its version there."""
        from mlflow.exceptions import MlflowException

        with _quiet():
            self.log_files(run_id, bundle, _BUNDLE)
            try:
                self._client.get_registered_model(MODEL)
            except MlflowException:
                self._client.create_registered_model(MODEL)
            source = f"{self._client.get_run(run_id).info.artifact_uri}/{_BUNDLE}"
            version: str = str(self._client.create_model_version(MODEL, source=source, run_id=run_id).version)
            self._client.set_registered_model_alias(MODEL, CANDIDATE, version)
        return version

    def find(self, wanted: str = LATEST) -> TrackedBundle:
        """A registered bundle by the id of its run, the start of it, or `latest`.

        Raises:
            InputError: none, or several, are meant by that.
        """
        with _quiet():
            versions = self._client.search_model_versions(f"name = '{MODEL}'")
        ordered = sorted(versions, key=lambda each: int(each.version))
        fitting = ordered[-1:] if wanted == LATEST else [each for each in ordered if each.run_id.startswith(wanted)]
        if len(fitting) != 1:
            runs = ", ".join(each.run_id for each in fitting or ordered[-5:]) or "none"
            raise InputError(
                f"one trained run named {wanted}",
                f"{len(fitting)}; known: {runs}",
                advice="run 'aftc train', or give the id of a run",
            )
        run_id = fitting[0].run_id
        folder = self.store / _ARTEFACTS / run_id / "artifacts" / _BUNDLE
        return TrackedBundle(run_id, str(fitting[0].version), folder)

    def crown(self, run_id: str) -> None:
        """Point the champion's alias at a run's bundle."""
        version = self.find(run_id).version
        self._client.set_registered_model_alias(MODEL, CHAMPION, version)


@contextmanager
def _quiet() -> Iterator[None]:
    """MLflow's and its libraries' notices are about themselves, not about the run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
