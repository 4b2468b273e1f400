"""What a scorer counts of itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

__all__ = ["Metrics"]

# Seconds: dense around the milliseconds that a score takes, up to the patience of a caller.
_LATENCY_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0)


class Metrics:
    """Counters of one process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._published = ExitStack()
        self.requests = Counter(
            "aftc_requests", "Calls answered, by gRPC status.", ("method", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "aftc_request_seconds",
            "Time in the handler.",
            ("method",),
            buckets=_LATENCY_BUCKETS,
            registry=self._registry,
        )
        self.bundles_refused = Counter(
            "aftc_bundles_refused", "Bundles named as current that were not loaded.", registry=self._registry
        )
        self._watermark_age = Gauge(
            "aftc_watermark_age_seconds",
            "Clock less the known-at of the last applied message.",
            registry=self._registry,
        )

    def watch_watermark(self, age_seconds: Callable[[], float]) -> None:
        """Have the age of the watermark read whenever someone asks."""
        self._watermark_age.set_function(age_seconds)

    def publish(self, host: str, port: int) -> int:
        """Serve them over HTTP.

        Returns:
            The port: a free one where 0 was given.
        """
        server, thread = start_http_server(port, addr=host, registry=self._registry)
        self._published.callback(thread.join)
        self._published.callback(server.server_close)
        self._published.callback(server.shutdown)
        return int(server.server_port)

    def close(self) -> None:
        """Stop serving them."""
        self._published.close()
