"""Routes by the names of their ports, from the project's public reference."""

from __future__ import annotations

from aftc.reference.ports import FERRY_ROUTES, PORTS

__all__ = ["route_name"]


def route_name(route: str) -> str:
    """A route in words; what the reference does not know stays as it is.

    Args:
        route: The id of a ferry route, or two ports or airports with a dash between them.

    >>> route_name("CNSHA-GBFXT")
    'Shanghai–Felixstowe'
    """
    ferry = FERRY_ROUTES.get(route)
    if ferry is not None:
        return f"{_port(ferry.departure)}–{_port(ferry.arrival)} ({route})"
    return "–".join(_port(code) for code in route.split("-")) or "none stated"


def _port(code: str) -> str:
    port = PORTS.get(code)
    return port.name if port else code
