"""What segments of EDIFACT messages say of containers: masses, fullness, seals, cold, danger; read and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from aftc.records import Hazard, Seal
from aftc.streams.edifact import Segment
from aftc.streams.values import Flags, kilograms, reference, temperature

__all__ = [
    "fullness",
    "goods_mass",
    "gross_mass",
    "hazards",
    "seals",
    "set_temperature",
    "verified_mass",
    "write_equipment",
    "write_gross_mass",
    "write_hazards",
    "write_seals",
    "write_temperature",
    "write_verified_mass",
]

VERIFIED = "VGM"  # UN/EDIFACT 6311, before its time 6313: verified gross mass
GROSS = frozenset((None, "G", "AAB", "AAD", "AAG"))  # 6313: gross mass under the names in use
WEIGHED = ("WT", "AAE")  # 6311
GRAMS_PER_UNIT_THOUSANDTH = {"KGM": 1, "TNE": 1_000}  # UN/ECE Recommendation 20 units, read as if kilograms
FULLNESS = {"4": False, "5": True}  # 8169
SET_TEMPERATURE = "2"  # 6245
IMDG = "IMD"  # 8273


def gross_mass(segments: Sequence[Segment], flags: Flags) -> int | None:
    """Grams of the first gross mass among the segments, one that is stated as verified left aside."""
    return _mass((each for each in _masses(segments) if each.at(0) in WEIGHED and each.at(1) in GROSS), flags)


def verified_mass(segments: Sequence[Segment], flags: Flags) -> int | None:
    """Grams of the first verified gross mass among the segments."""
    return _mass((each for each in _masses(segments) if VERIFIED in (each.at(0), each.at(1))), flags)


def goods_mass(segments: Sequence[Segment], flags: Flags) -> int | None:
    """Grams of the first gross mass among the segments, verified or not."""
    accepted = (each for each in _masses(segments) if each.at(0) in WEIGHED and each.at(1) in GROSS | {VERIFIED})
    return _mass(accepted, flags)


def _masses(segments: Sequence[Segment]) -> Iterator[Segment]:
    return (each for each in segments if each.tag == "MEA")


def _mass(measured: Iterator[Segment], flags: Flags) -> int | None:
    for mea in measured:
        unit, value = mea.at(2), mea.at(2, 1)
        if unit not in GRAMS_PER_UNIT_THOUSANDTH:
            flags.add("MEA/6411", "not a known unit of mass", unit)
            continue
        mass = flags.take("MEA/6314", kilograms, value.replace(",", ".") if value else None)
        if mass is not None:
            return mass * GRAMS_PER_UNIT_THOUSANDTH[unit]
    return None


def write_gross_mass(grams: int | None) -> Iterator[Segment]:
    """The gross mass as MEA in kilograms; nothing for None."""
    yield from _written_mass("WT", "G", grams)


def write_verified_mass(grams: int | None) -> Iterator[Segment]:
    """The verified gross mass as MEA in kilograms; nothing for None."""
    yield from _written_mass("AAE", VERIFIED, grams)


def _written_mass(purpose: str, dimension: str, grams: int | None) -> Iterator[Segment]:
    if grams is not None:
        yield Segment("MEA", ((purpose,), (dimension,), ("KGM", f"{grams // 1000}.{grams % 1000:03d}")))


def fullness(eqd: Segment, flags: Flags) -> bool | None:
    """Whether the container is laden; None where that is not said."""
    if eqd.at(5) not in (None, *FULLNESS):
        flags.add("EQD/8169", "neither empty nor full", eqd.at(5))
    return FULLNESS.get(eqd.at(5) or "")


def write_equipment(number: str, size_type: str | None, laden: bool | None) -> Segment:
    """The EQD of a container."""
    kind = (size_type, "102", "5") if size_type else ()
    return Segment("EQD", (("CN",), (number,), kind, (), (), ({None: "", False: "4", True: "5"}[laden],)))


def seals(segments: Sequence[Segment], flags: Flags) -> tuple[Seal, ...]:
    """The seals, each with its issuer."""
    found = []
    for sel in (each for each in segments if each.tag == "SEL"):
        number = flags.take("SEL/9308", reference, sel.at(0))
        if number:
            found.append(Seal(number, flags.take("SEL/9303", reference, sel.at(1))))
    return tuple(found)


def write_seals(given: Sequence[Seal]) -> Iterator[Segment]:
    """A SEL for each seal."""
    for seal in given:
        yield Segment("SEL", ((seal.number,), (seal.issuer or "",)))


def set_temperature(segments: Sequence[Segment], flags: Flags) -> int | None:
    """The temperature that a refrigerated container is set to, in tenths of a degree Celsius."""
    for tmp in (each for each in segments if each.tag == "TMP" and each.at(0) == SET_TEMPERATURE):
        stated, unit = tmp.at(1), tmp.at(1, 1)
        if stated is None and unit is None:  # value and unit in the second element, as D95B has it, or in the third
            stated, unit = tmp.at(2), tmp.at(2, 1)
        return temperature("TMP/6246", stated.replace(",", ".") if stated else None, unit, flags)
    return None


def write_temperature(tenths: int | None) -> Iterator[Segment]:
    """The set temperature as TMP in degrees Celsius; nothing for None."""
    if tenths is not None:
        yield Segment("TMP", ((SET_TEMPERATURE,), (str(Decimal(tenths).scaleb(-1)), "CEL")))


def hazards(segments: Sequence[Segment], flags: Flags) -> tuple[Hazard, ...]:
    """The dangerous goods by the IMDG Code."""
    found = []
    for dgs in (each for each in segments if each.tag == "DGS"):
        if dgs.at(0) not in (None, IMDG):
            flags.add("DGS/8273", "not of the IMDG Code", dgs.at(0))
            continue
        hazard = Hazard(flags.take("DGS/8351", reference, dgs.at(1)), flags.take("DGS/7124", reference, dgs.at(2)))
        if hazard != Hazard(None, None):
            found.append(hazard)
    return tuple(found)


def write_hazards(given: Sequence[Hazard]) -> Iterator[Segment]:
    """A DGS for each hazard."""
    for hazard in given:
        yield Segment("DGS", ((IMDG,), (hazard.hazard_class or "",), (hazard.un_number or "",)))
