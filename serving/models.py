"""The model that a scorer answers with: one reference, swapped as a whole when another bundle becomes current."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from aftc.errors import AftcError
from aftc.models.placed import current_digest, load_placed
from aftc.scoring import Model

__all__ = ["CurrentModel"]

KEPT_MODELS = 4  # past bundles held ready for explanations of past scores
_LOG = logging.getLogger("aftc.serving")


class CurrentModel:
    """The current model and a few past ones.

    Args:
        store: The store that names the current bundle.
        refused: Called when a bundle that was named as current could not be loaded.

    Raises:
        AftcError: there is no current bundle, or it must not be loaded.
    """

    def __init__(self, store: Path, *, refused: Callable[[], None]) -> None:
        self._store = store
        self._refused = refused
        digest = current_digest(store)
        self._model = Model(load_placed(store, digest))
        self._seen = digest
        self._past: OrderedDict[str, Model] = OrderedDict()
        self._lock = Lock()

    @property
    def now(self) -> Model:
        """The current model; a call that began with one ends with it."""
        return self._model

    def look(self, *, again: bool = False) -> None:
        """Load the current bundle if another one is named, or in any case `again`.

        One that must not be loaded leaves the old one serving and raises an alarm in log and metrics.
        """
        named = self._named()
        if str(named) == self._seen and not again:
            return
        self._seen = str(named)
        try:
            if isinstance(named, AftcError):
                raise named
            self._model = Model(load_placed(self._store, named))
        except AftcError as error:
            self._refused()
            _LOG.error("ALARM bundle refused, %s goes on serving: %s", self._model.bundle.digest[:12], error)
        else:
            _LOG.info("bundle %s is now serving", self._model.bundle.digest[:12])

    def _named(self) -> str | AftcError:
        """The digest that the store names, or why it names none."""
        try:
            return current_digest(self._store)
        except AftcError as error:
            return error

    def of(self, digest: str) -> Model:
        """The model of a past score.

        Raises:
            BundleError: that bundle is no longer there, or must not be loaded.
        """
        current = self._model
        if current.bundle.digest == digest:
            return current
        with self._lock:
            model = self._past.pop(digest, None) or Model(load_placed(self._store, digest))
            self._past[digest] = model
            while len(self._past) > KEPT_MODELS:
                self._past.popitem(last=False)
        return model
