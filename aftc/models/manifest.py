"""What a bundle says of itself: the signed manifest and its bytes.

The bytes are JSON with a fixed order of fields, indented for people; the signature is over exactly these bytes, and
the bundle's digest is their SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Final

import msgspec

from aftc.clock import Instant
from aftc.errors import BundleError
from aftc.models.calibration import Calibration
from aftc.records import Threat

__all__ = [
    "ALL_MODES",
    "FORMAT",
    "CapacityThreshold",
    "FileDigest",
    "Manifest",
    "Metric",
    "QuantileRow",
    "ThreatEntry",
    "decode",
    "encode",
]

FORMAT: Final = 1
ALL_MODES: Final = "all"  # quantiles over every mode, used for a mode that validation did not hold


@dataclass(frozen=True, slots=True)
class ThreatEntry:
    """How one threat is scored.

    Attributes:
        threat: Which; its place in the manifest is its column in margins and probabilities.
        fitted: Whether it has a model of its own; otherwise its probability is `share` times that of `any`.
        share: 1 for a fitted threat.
        calibration: From margin to probability; that of `any` for a fallback.
    """

    threat: Threat
    fitted: bool
    share: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class QuantileRow:
    """1,000 ascending quantiles of calibrated scores over validation decision points of one mode and threat."""

    mode: str
    threat: Threat
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CapacityThreshold:
    """The calibrated probability above which a share `capacity` of validation decision points lies."""

    mode: str
    threat: Threat
    capacity: float
    probability: float


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the evaluation with its interval (None where none was computed)."""

    name: str
    threat: Threat
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file of the bundle: name, length in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a bundle says of itself.

    Attributes:
        run_id: The training run.
        sequence: Last message of the history that the training set was made from.
        created: Known-at of that message (instant): the bundle's bytes do not depend on the wall clock.
        schema_digest: Digest of the feature schema that the vectors must follow.
        features: Names of the vector's features, in order.
        threats: In column order.
        files: Every other file of the bundle but the signature.
    """

    run_id: str
    sequence: int
    created: Instant
    schema_digest: str
    features: tuple[str, ...]
    threats: tuple[ThreatEntry, ...]
    quantiles: tuple[QuantileRow, ...] = ()
    thresholds: tuple[CapacityThreshold, ...] = ()
    metrics: tuple[Metric, ...] = ()
    files: tuple[FileDigest, ...] = ()
    format: int = FORMAT

    @property
    def fitted(self) -> tuple[Threat, ...]:
        """Threats with a model of their own, in column order."""
        return tuple(each.threat for each in self.threats if each.fitted)


def encode(manifest: Manifest) -> bytes:
    """The manifest's bytes.

    Raises:
        BundleError: a manifest that `decode` would refuse.
    """
    _check(manifest)
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode(raw: bytes) -> Manifest:
    """The manifest of bytes whose signature has been verified.

    Raises:
        BundleError: no manifest, or one of another format.
    """
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.DecodeError as error:
        raise BundleError("a manifest of a bundle", str(error), subject="manifest.json") from error
    _check(manifest)
    return manifest


def _check(manifest: Manifest) -> None:
    faults = [
        (manifest.format == FORMAT, f"format {FORMAT}", str(manifest.format)),
        (bool(manifest.features), "at least one feature", "none"),
        (Threat.ANY in manifest.fitted, "a fitted model for any", "none"),
        (len({each.threat for each in manifest.threats}) == len(manifest.threats), "each threat once", "one twice"),
        (all(_share_sound(each) for each in manifest.threats), "shares in 0 to 1, and 1 for fitted threats", "another"),
        (not any(each.calibration.fault() for each in manifest.threats), "rising calibrations", "another"),
        (all(_ascending(row.values) for row in manifest.quantiles), "finite ascending quantiles", "others"),
        (all(map(isfinite, _figures(manifest))), "finite metrics and thresholds", "another"),
    ]
    for sound, expected, found in faults:
        if not sound:
            raise BundleError(expected, found, advice="export and write the bundle again", subject="manifest.json")


def _share_sound(entry: ThreatEntry) -> bool:
    return entry.share == 1 if entry.fitted else 0 <= entry.share <= 1


def _figures(manifest: Manifest) -> Iterator[float]:
    for metric in manifest.metrics:
        yield from (each for each in (metric.value, metric.low, metric.high) if each is not None)
    for threshold in manifest.thresholds:
        yield from (threshold.capacity, threshold.probability)


def _ascending(values: tuple[float, ...]) -> bool:
    ordered = all(a <= b for a, b in pairwise(values))
    return bool(values) and ordered and all(isfinite(each) for each in values)
