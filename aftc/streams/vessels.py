"""The vessel and its voyage in the TDT of EDIFACT messages: read and written side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aftc.streams.edifact import Segment
from aftc.streams.values import Flags, reference, text

__all__ = ["Vessel", "loading_voyage", "read_vessel", "write_call_sign", "write_loading_voyage", "write_vessel"]

# UN/EDIFACT 1131: code lists of the vessel's identity in TDT.
CALL_SIGN, VESSEL_NUMBER, LLOYDS = "103", "146", "11"
MAIN_CARRIAGE = "20"  # 8051
LOADING_VOYAGE = "VON"  # 1153

_IMO = re.compile(r"(?:IMO ?)?([0-9]{7})")


@dataclass(frozen=True, slots=True)
class Vessel:
    """What TDT says: the voyage, the vessel, and the code of the carrier that runs it."""

    voyage: str | None = None
    imo: str | None = None
    call_sign: str | None = None
    name: str | None = None
    carrier: str | None = None


def read_vessel(head: Sequence[Segment], flags: Flags) -> Vessel:
    """The vessel of the main carriage, else of the first leg; `RFF+VM` may add its other identity."""
    legs = [each for each in head if each.tag == "TDT"]
    leg = next((each for each in legs if each.at(0) == MAIN_CARRIAGE), legs[0] if legs else None)
    if leg is None:
        return Vessel()
    identity = flags.take("TDT/8213", reference, leg.at(7))
    imo = _imo(identity, leg.at(7, 1), leg.at(7, 2))
    call_sign = None if imo else identity
    for rff in (each for each in head if each.tag == "RFF" and each.at(0) == "VM"):
        named = flags.take("RFF+VM/1154", reference, rff.at(0, 1))
        if call_sign is None:
            call_sign = named
        elif imo is None:
            imo = _imo(named, None, None)
    return Vessel(
        voyage=flags.take("TDT/8028", reference, leg.at(1)),
        imo=imo,
        call_sign=call_sign,
        name=flags.take("TDT/8212", text, leg.at(7, 3)),
        carrier=flags.take("TDT/3127", reference, leg.at(4)),
    )


def _imo(identity: str | None, code_list: str | None, agency: str | None) -> str | None:
    """The IMO number in a vessel's identity, where that is what it is."""
    number = _IMO.fullmatch(identity or "")
    if number is None or code_list == CALL_SIGN:
        return identity if code_list == VESSEL_NUMBER or agency == LLOYDS else None
    return number[1]


def write_vessel(vessel: Vessel) -> Segment:
    """The TDT of the main carriage."""
    identity = (vessel.imo or vessel.call_sign or "", VESSEL_NUMBER if vessel.imo else CALL_SIGN, "", vessel.name or "")
    carrier = (vessel.carrier, "172", "20") if vessel.carrier else ()
    return Segment("TDT", ((MAIN_CARRIAGE,), (vessel.voyage or "",), ("1",), (), carrier, (), (), identity))


def write_call_sign(vessel: Vessel) -> tuple[Segment, ...]:
    """The call sign as RFF, where TDT holds the IMO number; else nothing."""
    return (Segment("RFF", (("VM", vessel.call_sign),)),) if vessel.imo and vessel.call_sign else ()


def loading_voyage(head: Sequence[Segment], flags: Flags) -> str | None:
    """The voyage's number where the vessel was loaded, `RFF+VON`."""
    named = (each.at(0, 1) for each in head if each.tag == "RFF" and each.at(0) == LOADING_VOYAGE)
    return flags.take("RFF+VON/1154", reference, next(named, None))


def write_loading_voyage(voyage: str | None) -> tuple[Segment, ...]:
    """The voyage's number where the vessel was loaded; nothing for None."""
    return (Segment("RFF", ((LOADING_VOYAGE, voyage),)),) if voyage is not None else ()
