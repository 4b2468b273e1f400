"""The threat picture: which threats, how often, from where, in what goods, how well an examination finds them.

The picture follows the drug strategy's public account (cocaine from Colombia, Peru and Bolivia, direct or through
Europe, the Caribbean and West Africa; heroin by Pakistan and Turkey; NPS from China and India; cannabis most
often; firearms beside drugs). The numbers are the project's own choice: no public source gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aftc.records import Threat

__all__ = ["BESIDE", "LURES", "MEANS", "SENSITIVITY", "SHARES", "THREATS", "Lure", "Method", "origin_picture"]


class Method(StrEnum):
    """How a threat travels."""

    CONCEALED_LOAD = "concealed in a legitimate load"
    RIP_ON = "put into a container at its terminal"
    FRONT_COMPANY = "traded by a front company"
    RECRUITED_DRIVER = "carried by a recruited driver"
    BUILT_IN = "built into a trailer"
    PARCEL_SWARM = "swarm of parcels"
    PRECURSOR = "goods that make drugs, under another name"


THREATS: tuple[Threat, ...] = (
    Threat.COCAINE,
    Threat.HEROIN,
    Threat.OPIOIDS_NPS,
    Threat.CANNABIS,
    Threat.FIREARMS,
    Threat.TOBACCO_EXCISE,
    Threat.OTHER,
)

# Share of schemes by threat; they sum to one.
SHARES: dict[Threat, float] = {
    Threat.CANNABIS: 0.36,
    Threat.COCAINE: 0.23,
    Threat.TOBACCO_EXCISE: 0.16,
    Threat.OTHER: 0.09,
    Threat.OPIOIDS_NPS: 0.07,
    Threat.HEROIN: 0.06,
    Threat.FIREARMS: 0.03,
}

# How much of each threat travels by each method; a row sums to one.
MEANS: dict[Threat, dict[Method, float]] = {
    Threat.COCAINE: {
        Method.CONCEALED_LOAD: 0.34, Method.RIP_ON: 0.22, Method.FRONT_COMPANY: 0.16, Method.RECRUITED_DRIVER: 0.2,
        Method.BUILT_IN: 0.08,
    },
    Threat.HEROIN: {
        Method.CONCEALED_LOAD: 0.4, Method.RECRUITED_DRIVER: 0.3, Method.FRONT_COMPANY: 0.15, Method.PARCEL_SWARM: 0.15,
    },
    Threat.OPIOIDS_NPS: {
        Method.PARCEL_SWARM: 0.45, Method.PRECURSOR: 0.35, Method.CONCEALED_LOAD: 0.1, Method.FRONT_COMPANY: 0.1,
    },
    Threat.CANNABIS: {
        Method.CONCEALED_LOAD: 0.3, Method.RECRUITED_DRIVER: 0.2, Method.BUILT_IN: 0.2, Method.PARCEL_SWARM: 0.15,
        Method.FRONT_COMPANY: 0.15,
    },
    Threat.FIREARMS: {Method.RECRUITED_DRIVER: 0.5, Method.CONCEALED_LOAD: 0.3, Method.PARCEL_SWARM: 0.2},
    Threat.TOBACCO_EXCISE: {Method.CONCEALED_LOAD: 0.4, Method.BUILT_IN: 0.3, Method.FRONT_COMPANY: 0.3},
    Threat.OTHER: {Method.CONCEALED_LOAD: 0.4, Method.FRONT_COMPANY: 0.3, Method.RECRUITED_DRIVER: 0.3},
}  # fmt: skip

# Chance that an examination finds what is there.
SENSITIVITY: dict[Threat, float] = {
    Threat.CANNABIS: 0.92,
    Threat.COCAINE: 0.82,
    Threat.TOBACCO_EXCISE: 0.95,
    Threat.OTHER: 0.85,
    Threat.OPIOIDS_NPS: 0.78,
    Threat.HEROIN: 0.82,
    Threat.FIREARMS: 0.80,
}

# Chance of a second threat beside the first: (first, second, chance).
BESIDE: tuple[tuple[Threat, Threat, float], ...] = (
    (Threat.COCAINE, Threat.FIREARMS, 0.07),
    (Threat.HEROIN, Threat.FIREARMS, 0.07),
    (Threat.CANNABIS, Threat.FIREARMS, 0.02),
    (Threat.COCAINE, Threat.CANNABIS, 0.03),
)

_COCAINE_SOURCES = ("CO", "PE", "EC", "BR", "CR", "DO", "GH")
_HEROIN_SOURCES = ("PK", "TR", "AE")
_NPS_SOURCES = ("CN", "IN", "HK")
_CANNABIS_SOURCES = ("ES", "NL", "MA", "TH", "US", "ZA")


@dataclass(frozen=True, slots=True)
class Lure:
    """Goods from origins that draw a threat: HS prefix, origins, and what it adds to the log odds."""

    threat: Threat
    hs_prefix: str
    origins: tuple[str, ...]
    loading: float


LURES: tuple[Lure, ...] = (
    Lure(Threat.COCAINE, "08", _COCAINE_SOURCES, 1.0),
    Lure(Threat.COCAINE, "03", ("EC", "PE"), 0.7),
    Lure(Threat.COCAINE, "0603", ("CO", "EC", "NL"), 0.5),
    Lure(Threat.COCAINE, "09", ("CO", "BR", "PE"), 0.4),
    Lure(Threat.COCAINE, "18", ("GH",), 0.5),
    Lure(Threat.HEROIN, "57", _HEROIN_SOURCES, 1.0),
    Lure(Threat.HEROIN, "63", _HEROIN_SOURCES, 0.8),
    Lure(Threat.HEROIN, "6802", ("TR",), 0.8),
    Lure(Threat.OPIOIDS_NPS, "29", _NPS_SOURCES, 1.4),
    Lure(Threat.OPIOIDS_NPS, "32", _NPS_SOURCES, 0.8),
    Lure(Threat.OPIOIDS_NPS, "8479", _NPS_SOURCES, 0.7),
    Lure(Threat.CANNABIS, "07", ("ES", "MA", "NL"), 0.6),
    Lure(Threat.CANNABIS, "0805", ("ES", "MA"), 0.5),
    Lure(Threat.CANNABIS, "94", ("TH", "ES", "US", "PL"), 0.4),
    Lure(Threat.TOBACCO_EXCISE, "44", ("PL", "RO", "LT"), 0.8),
    Lure(Threat.TOBACCO_EXCISE, "22", ("FR", "NL", "BE"), 0.5),
    Lure(Threat.TOBACCO_EXCISE, "3926", ("CN", "AE", "VN"), 0.5),
    Lure(Threat.FIREARMS, "8708", ("TR", "US", "LT"), 0.7),
)


def origin_picture(country: str) -> tuple[float, ...]:
    """Relative weight of each threat (in the order of `THREATS`) for an actor that deals with a country."""
    weights = dict(SHARES)
    for threat, sources, factor in (
        (Threat.COCAINE, _COCAINE_SOURCES, 3.5),
        (Threat.COCAINE, ("NL", "BE", "ES", "FR"), 1.5),
        (Threat.HEROIN, _HEROIN_SOURCES, 5.0),
        (Threat.OPIOIDS_NPS, _NPS_SOURCES, 3.5),
        (Threat.CANNABIS, _CANNABIS_SOURCES, 1.7),
        (Threat.TOBACCO_EXCISE, ("PL", "RO", "LT", "AE", "CN", "VN"), 2.5),
        (Threat.FIREARMS, ("US", "TR", "LT"), 2.5),
    ):
        if country in sources:
            weights[threat] *= factor
    return tuple(weights[threat] for threat in THREATS)
