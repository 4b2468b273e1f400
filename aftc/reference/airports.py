"""Airports among the ports: IATA codes to UN/LOCODEs."""

from __future__ import annotations

from aftc.reference.ports import PORTS, Port

__all__ = ["AIRPORTS", "airport"]

_CODES = frozenset(
    (
        "ACC", "AMS", "BKK", "BOG", "BOM", "CAN", "CDG", "CGN", "CMN", "DEL", "DUB", "DXB", "EMA", "GRU", "HAN", "HKG",
        "IST", "JFK", "JNB", "KIN", "LAX", "LGG", "LHE", "LHR", "LIM", "LOS", "MAD", "MAN", "NBO", "PVG", "SDQ", "STN",
        "UIO",
    )
)  # fmt: skip

AIRPORTS: dict[str, Port] = {port.code[2:]: port for port in PORTS.values() if port.code[2:] in _CODES}
"""By IATA code: of these places the last three letters of the UN/LOCODE."""


def airport(code: str | None) -> Port | None:
    """The airport of an IATA code, or None where the table does not hold it."""
    return AIRPORTS.get(code or "")
