"""Finds in words and grams: what it is, how much, and where it was hidden, by threat, method and way in.

The quantities are the project's own choice: no public source gives them by method. Each is log-normal around a median.
"""

from __future__ import annotations

from math import exp, floor, log10

from aftc.records import Threat
from training.world.consignments import AIR, PARCEL
from training.world.networks import METHODS
from training.world.signs import CLEAN
from training.world.threats import Method

__all__ = ["concealment", "grams", "substance"]

_SUBSTANCES: dict[Threat, tuple[str, ...]] = {
    Threat.COCAINE: ("cocaine hydrochloride", "cocaine hydrochloride", "cocaine base"),
    Threat.HEROIN: ("diamorphine", "diamorphine base"),
    Threat.OPIOIDS_NPS: ("nitazene powder", "fentanyl analogue", "synthetic cannabinoid", "synthetic cathinone"),
    Threat.CANNABIS: ("herbal cannabis", "herbal cannabis", "cannabis resin", "cannabis edibles"),
    Threat.FIREARMS: ("self-loading pistol", "converted blank-firing pistol", "firearm components", "ammunition"),
    Threat.TOBACCO_EXCISE: ("cigarettes", "cigarettes", "hand-rolling tobacco", "spirits without duty stamps"),
    Threat.OTHER: ("offensive weapons", "anabolic steroids", "counterfeit medicines", "undeclared cash"),
}
_PRECURSORS = ("precursor of amphetamine", "precursor of fentanyl", "tablet press and dies")

# Median kilograms in a full load, and median grams in a parcel.
_LOAD_KG: dict[Threat, float] = {
    Threat.COCAINE: 60.0,
    Threat.HEROIN: 20.0,
    Threat.OPIOIDS_NPS: 5.0,
    Threat.CANNABIS: 80.0,
    Threat.FIREARMS: 5.0,
    Threat.TOBACCO_EXCISE: 900.0,
    Threat.OTHER: 40.0,
}
_PARCEL_G: dict[Threat, float] = {
    Threat.COCAINE: 300.0,
    Threat.HEROIN: 200.0,
    Threat.OPIOIDS_NPS: 120.0,
    Threat.CANNABIS: 1_500.0,
    Threat.FIREARMS: 800.0,
    Threat.TOBACCO_EXCISE: 4_000.0,
    Threat.OTHER: 800.0,
}
# How much more or less than usual a method carries.
_SHARES: dict[Method, float] = {
    Method.CONCEALED_LOAD: 1.0,
    Method.RIP_ON: 1.4,
    Method.FRONT_COMPANY: 2.5,
    Method.RECRUITED_DRIVER: 0.5,
    Method.BUILT_IN: 0.5,
    Method.PARCEL_SWARM: 1.0,
    Method.PRECURSOR: 6.0,
}
_NOBODYS, _BY_AIR = 0.12, 0.2  # what nobody's scheme carries, and what goes by air, over a usual load
_SPREAD = 0.9  # standard deviation of the log quantity
_LEAST_G = 5
_LARGEST_SHARE = 0.7  # of the gross mass of goods that anything hidden among them can be

_HIDDEN: dict[Method, tuple[str, ...]] = {
    Method.CONCEALED_LOAD: ("within the load", "inside packages of the goods", "hollowed goods", "under false bottoms"),
    Method.RIP_ON: ("bags behind the doors", "bags on top of the load", "behind panels of the refrigeration unit"),
    Method.FRONT_COMPANY: ("whole packages among the load", "cover load", "relabelled packages"),
    Method.RECRUITED_DRIVER: ("driver's cab", "driver's luggage", "sleeping berth", "within the load, near the doors"),
    Method.BUILT_IN: ("false front wall of the trailer", "cavity in the trailer's floor", "adapted fuel tank"),
    Method.PARCEL_SWARM: ("inside the goods", "between layers of packaging", "declared as other goods"),
    Method.PRECURSOR: ("declared as other goods", "drums under another label"),
}
_HIDDEN_BY_NOBODY = ("within the load", "among other goods", "inside the packaging", "open to view")


def substance(threat: Threat, method: int, pick: float) -> str:
    """What was found; `method` is an index in `METHODS` or `CLEAN`, `pick` goes from 0 to 1."""
    known = _SUBSTANCES[threat]
    if threat is Threat.OPIOIDS_NPS and method != CLEAN and METHODS[method] is Method.PRECURSOR:
        known = _PRECURSORS
    return known[int(pick * len(known))]


def concealment(method: int, pick: float) -> str:
    """Where it was hidden."""
    places = _HIDDEN_BY_NOBODY if method == CLEAN else _HIDDEN[METHODS[method]]
    return places[int(pick * len(places))]


def grams(threat: Threat, method: int, mode: int, mass: int, deviate: float) -> int:
    """How much was found, to three digits.

    Args:
        threat: What.
        method: Index in `METHODS`, `CLEAN` for what is nobody's scheme.
        mode: Index in `MODES`.
        mass: True gross grams of the goods, 0 for an empty vehicle.
        deviate: Standard normal.
    """
    if mode == PARCEL:
        usual = _PARCEL_G[threat]
    else:
        usual = _LOAD_KG[threat] * 1000 * (_BY_AIR if mode == AIR else 1.0)
        usual *= _NOBODYS if method == CLEAN else _SHARES[METHODS[method]]
    most = mass * _LARGEST_SHARE if mass else usual * 3
    found = max(_LEAST_G, min(usual * exp(_SPREAD * deviate), most))
    step = max(1, 10 ** (floor(log10(found)) - 2))
    return int(found // step * step) or _LEAST_G
