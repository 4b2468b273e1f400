"""What a scorer is to serve. Light to import: the supervisor of the workers needs nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aftc.clock import Instant
from aftc.config import Settings

__all__ = ["Plan", "Started", "clock"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one process serves.

    Attributes:
        port: 0 takes a free one.
        threads: Calls handled at the same time.
        metrics_port: Of the first worker, each next one a port further; 0 takes free ones; None publishes none.
        worker: Number of the worker, from 0.
    """

    settings: Settings
    host: str
    port: int
    threads: int
    metrics_port: int | None = None
    worker: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    """A worker's word that it serves."""

    port: int
    metrics_port: int | None


def clock() -> Instant:
    """The wall clock, as an instant."""
    return time.time_ns() // 1_000
