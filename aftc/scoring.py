"""From a consignment version and its window sums to what a score answers: one function for serving and replay.

Everything here is a pure function of the version, the sums and a verified bundle. No clock, no state, no choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.dissemination import in_score
from aftc.features.assembly import assemble
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.feature import Standing
from aftc.models.bundle import Bundle
from aftc.models.manifest import ALL_MODES
from aftc.models.percentiles import PercentileTable
from aftc.models.reasons import contributions, ranked
from aftc.models.scorer import Scorer
from aftc.records import ConsignmentVersion, Mode, Threat

__all__ = ["STREAMS", "Assessment", "Explanation", "FeatureReason", "Inputs", "Model", "Reason", "ThreatScore"]

SHOWN_FEATURES: Final = 3  # of each heading, in a score, if they moved the margin; an explanation has all
SPOKEN_SENTENCES: Final = 32_768  # kept: most values are small counts and flags that come again

_FERRY: Final = ("ens", "ferry_booking", "ferry_check_in", "gmr")
STREAMS: Final[Mapping[Mode, tuple[str, ...]]] = {
    Mode.CONTAINER: ("ens", "cuscar"),
    Mode.RORO_ACCOMPANIED: _FERRY,
    Mode.RORO_UNACCOMPANIED: _FERRY,
    Mode.AIR: ("ens", "xffm"),
    Mode.PARCEL: ("ens", "xffm"),
    Mode.OTHER: ("ens",),
}
"""Streams that usually speak of a consignment of each mode, by their names."""


@dataclass(frozen=True, slots=True)
class ThreatScore:
    """One threat of one consignment.

    Attributes:
        margin: Log-odds before calibration; of a fallback that of `any`.
        probability: Calibrated chance of a find, were the consignment examined.
        thousandths: Share of validation decision points with a lower probability, in thousandths.
        among: The mode compared with, or `all`.
        fallback: A share of `any`, for want of found positives of its own.
    """

    threat: Threat
    margin: float
    probability: float
    thousandths: int
    among: str
    fallback: bool


@dataclass(frozen=True, slots=True)
class FeatureReason:
    """What one feature added to the margin. `value` is None where the feature is missing."""

    name: str
    value: float | None
    contribution: float
    unit: str
    sentence: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reason:
    """What the features under one heading added to the margin; those that moved it the heading's way come first."""

    group: str
    contribution: float
    features: tuple[FeatureReason, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The numbers that the model saw, little-endian bytes: int64, but float64 for the vector."""

    facts: bytes
    slots: bytes
    owners: bytes
    sums: bytes
    vector: bytes


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a score answers, and the numbers that it rests on.

    Attributes:
        threats: In the bundle's order.
        reasons: For `any`: all headings, the strongest first, each with its strongest features.
        streams_known: Streams that spoke about the consignment.
        streams_missing: Those usual for its mode that did not.
        degradations: What makes the score less than complete, in fixed words.
        flags: What reading and linking noted, and the selectors matched, as far as they may be told of.
    """

    inputs: Inputs
    threats: tuple[ThreatScore, ...]
    reasons: tuple[Reason, ...]
    streams_known: tuple[str, ...]
    streams_missing: tuple[str, ...]
    degradations: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All contributions to one threat's margin: `base` and the headings' sum to `margin` within 1e-6."""

    threat: Threat
    base: float
    margin: float
    probability: float
    reasons: tuple[Reason, ...]


class Model:
    """A verified bundle that has scored once, ready to assess. Safe to use from several threads.

    Raises:
        BundleError: made for another feature schema, its parts disagree, or it cannot score.
    """

    def __init__(self, bundle: Bundle) -> None:
        bundle.require_schema(SCHEMA.digest)
        self.bundle = bundle
        self._scorer = Scorer(bundle)
        self._percentiles = PercentileTable(bundle.manifest.quantiles)
        self._any = bundle.trees_of(Threat.ANY)
        self._require_percentiles()
        self._try()

    def assess(self, version: ConsignmentVersion, extracted: Extract, sums: NDArray[np.int64]) -> Assessment:
        """What a score of this version answers.

        Args:
            version: The consignment.
            extracted: Its extract.
            sums: int64[W], its window sums at the watermark.

        Raises:
            InputError: nothing at all is known of the consignment.
        """
        vector = assemble(SCHEMA, extracted.facts[np.newaxis], sums[np.newaxis])
        scores = self._scorer.score(vector)
        threats = self._threats(version.mode, scores.margins[0].tolist(), scores.probabilities[0].tolist())
        known = _streams(version)
        missing = tuple(stream for stream in STREAMS[version.mode] if stream not in known)
        return Assessment(
            inputs=_inputs(extracted, sums, vector[0]),
            threats=threats,
            reasons=_reasons(contributions(self._any, vector[0]), vector[0], SHOWN_FEATURES),
            streams_known=known,
            streams_missing=missing,
            degradations=_degradations(missing, threats, sums),
            flags=_flags(version),
        )

    def explain(self, assessment: Assessment, threat: Threat) -> Explanation:
        """Every contribution to a threat's margin.

        Args:
            assessment: Made by this model; its vector is explained.
            threat: A fallback is explained by `any`, whose share it is.

        Raises:
            BundleError: the bundle does not score this threat.
        """
        vector = np.frombuffer(assessment.inputs.vector, "<f8")
        added = contributions(self.bundle.trees_of(threat), vector)
        scores = self._scorer.score(vector[np.newaxis])
        column = [entry.threat for entry in self.bundle.manifest.threats].index(threat)
        return Explanation(
            threat=threat,
            base=float(added[-1]),
            margin=float(scores.margins[0, column]),
            probability=float(scores.probabilities[0, column]),
            reasons=_reasons(added, vector, None),
        )

    def _threats(self, mode: Mode, margins: list[float], probabilities: list[float]) -> tuple[ThreatScore, ...]:
        scored = []
        for entry, margin, probability in zip(self.bundle.manifest.threats, margins, probabilities, strict=True):
            place = self._percentiles.place(mode, entry.threat, probability)
            scored.append(
                ThreatScore(entry.threat, margin, probability, place.thousandths, place.among, not entry.fitted)
            )
        return tuple(scored)

    def _try(self) -> None:
        """Score and explain a vector of zeros: what fails or compiles does so now, not when a caller waits."""
        facts = np.zeros((1, SCHEMA.fact_columns), np.int64)
        vector = assemble(SCHEMA, facts, np.zeros((1, len(SCHEMA.windows)), np.int64))
        zeros = np.zeros_like(vector)
        self._scorer.score(zeros)
        contributions(self._any, zeros[0])

    def _require_percentiles(self) -> None:
        """Find a missing table when the bundle is loaded, not when a consignment is scored."""
        for mode in Mode:
            for entry in self.bundle.manifest.threats:
                self._percentiles.place(mode, entry.threat, 0.0)


def _inputs(extracted: Extract, sums: NDArray[np.int64], vector: NDArray[np.float64]) -> Inputs:
    return Inputs(
        facts=_bytes(extracted.facts),
        slots=_bytes(extracted.slots),
        owners=_bytes(extracted.owners),
        sums=_bytes(sums),
        vector=vector.astype("<f8", copy=False).tobytes(),
    )


def _bytes(integers: NDArray[np.int64]) -> bytes:
    return integers.astype("<i8", copy=False).tobytes()


def _streams(version: ConsignmentVersion) -> tuple[str, ...]:
    spoken = {
        "ens": version.entry,
        "cuscar": version.manifest,
        "dcsa_bl": version.transport_document,
        "baplie": version.bay_plan,
        "coprar": version.container_order,
        "ncts_transit": version.transit,
        "ferry_booking": version.booking,
        "ferry_check_in": version.check_in,
        "ferry_departure": version.ferry_departure,
        "gmr": version.goods_movement,
        "xfzb" if version.waybill is not None and version.waybill.house else "xfwb": version.waybill,
        "xffm": version.flight,
    }
    return tuple(stream for stream, record in spoken.items() if record is not None)


def _flags(version: ConsignmentVersion) -> tuple[str, ...]:
    ferry = (version.booking, version.check_in, version.ferry_departure)
    carriers = (version.manifest, *ferry, version.waybill, version.flight)
    records = (version.entry, *carriers, version.transport_document, version.transit, version.goods_movement)
    noted = [flag for record in records if record is not None for flag in record.flags]
    return tuple(dict.fromkeys((*version.flags, *noted, *map(in_score, version.selectors))))


def _degradations(
    missing: tuple[str, ...], threats: tuple[ThreatScore, ...], sums: NDArray[np.int64]
) -> tuple[str, ...]:
    parts = {
        "streams_missing": bool(missing),
        "percentile_among_all_modes": any(each.among == ALL_MODES for each in threats),
        "no_history_of_any_entity": not sums.any(),
    }
    return tuple(name for name, holds in parts.items() if holds)


def _reasons(added: NDArray[np.float64], vector: NDArray[np.float64], shown: int | None) -> tuple[Reason, ...]:
    """Headings by the size of their sums; under each its features, those that moved it its way first.

    `shown` is how many at most of those that moved it at all, but one in any case; None has all.
    """
    values, contributed = vector.tolist(), added.tolist()
    reasons = []
    for each in ranked(added, _GROUPS):
        way = -1.0 if each.contribution < 0 else 1.0
        pushes = sorted([(-way * contributed[at], at) for at in _PLACES[each.group]])
        if shown is not None:
            pushes = [pushes[0], *(push for push in pushes[1:shown] if push[0])]
        features = tuple([_feature_reason(at, values[at], contributed[at]) for _, at in pushes])
        reasons.append(Reason(each.group, each.contribution, features))
    return tuple(reasons)


def _feature_reason(place: int, value: float, contribution: float) -> FeatureReason:
    return FeatureReason(
        name=_NAMES[place],
        value=None if isnan(value) else value,
        contribution=contribution,
        unit=_UNITS[place],
        sentence=_sentence(place, None if isnan(value) else value),
        standing=Standing.FACT if isnan(value) else SCHEMA.features[place].standing,  # not to know is a fact
    )


@lru_cache(maxsize=SPOKEN_SENTENCES)
def _sentence(place: int, value: float | None) -> str:
    return SCHEMA.features[place].sentence(nan if value is None else value)


# Derived once: each of these properties puts its value together anew.
_NAMES: Final = SCHEMA.names
_UNITS: Final = tuple(feature.form.quantity.value for feature in SCHEMA.features)
_GROUPS: Final = tuple(feature.group.value for feature in SCHEMA.features)
_PLACES: Final = {group: [at for at, each in enumerate(_GROUPS) if each == group] for group in _GROUPS}
