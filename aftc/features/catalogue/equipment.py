"""Features of the unit and its containers: what drives alone, what cools, what is not closed, what numbers say."""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import Fact, Quantity
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.particulars import Particulars
from aftc.linking.keys import normal_registration
from aftc.records import Equipment, Mode, UnitKind
from aftc.reference.check_digits import container_fault

__all__ = ["FEATURES"]

_REFRIGERATED: Final = "R"  # ISO 6346, the sign for the group of types: third of a size and type code, as in 45R1
_SIZE_TYPE_SIGNS: Final = 4


def _vehicle_alone(stated: Particulars) -> bool | None:
    """Whether the latest word on an accompanied crossing is of a vehicle that draws nothing."""
    version = stated.version
    if version.mode is not Mode.RORO_ACCOMPANIED:
        return None
    for crossing in (version.check_in, version.goods_movement, version.booking):
        if crossing is not None and crossing.vehicle:
            return not crossing.trailers and not crossing.containers
    return None


def _wrong_number(stated: Particulars) -> bool | None:
    """Whether any container has a number that cannot be one."""
    numbers = [unit.number for unit in stated.version.units if unit.kind is UnitKind.CONTAINER]
    return any(container_fault(number) for number in numbers) if numbers else None


def _containers(stated: Particulars) -> list[Equipment]:
    """The consignment's containers as the manifest describes them."""
    manifest = stated.version.manifest
    return list(manifest.equipment) if manifest else []


def _refrigerated(stated: Particulars) -> bool | None:
    """Whether any container is built to cool; None where no container's type is stated."""
    types = [
        each.size_type for each in _containers(stated) if each.size_type and len(each.size_type) == _SIZE_TYPE_SIGNS
    ]
    return any(each[2].upper() == _REFRIGERATED for each in types) if types else None


def _unsealed(stated: Particulars) -> bool | None:
    """Whether a container that is not said to be empty has no seal; None where the manifest describes none."""
    laden = [each for each in _containers(stated) if each.laden is not False]
    return not all(each.seals for each in laden) if laden else None


def _repeated_seal(stated: Particulars) -> bool | None:
    """Whether two containers bear one seal; None where fewer than two are sealed."""
    sealed = [{normal_registration(seal.number) for seal in each.seals} for each in _containers(stated) if each.seals]
    return len(set().union(*sealed)) < sum(map(len, sealed)) if len(sealed) > 1 else None


FEATURES: Final = (
    Feature(
        form=Fact("vehicle_alone", _vehicle_alone, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="The vehicle travels without a trailer",
        otherwise="The vehicle draws a trailer or carries a container",
        missing="It is no accompanied crossing, or the vehicle is not known",
        auditor="A tractor that crosses alone, as checked in, else as in the goods movement, else as booked: it earns "
        "nothing for the crossing that it pays.",
    ),
    Feature(
        form=Fact("container_number_wrong", _wrong_number, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="A container's number fails its check digit or is no container number",
        otherwise="The containers' numbers are sound",
        missing="It travels in no container",
        auditor="Form and check digit of the containers' numbers after ISO 6346: mistakes, and numbers that "
        "were made up.",
    ),
    Feature(
        form=Fact("refrigerated", _refrigerated, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="Travels in a refrigerated container",
        otherwise="Travels in containers that do not cool",
        missing="The type of no container is known",
        auditor="Third sign of the size and type code (ISO 6346) on the manifest: cooling machinery hides goods, and "
        "perishables are in haste. With the country of dispatch it makes the known concealment in fruit.",
    ),
    Feature(
        form=Fact("container_unsealed", _unsealed, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="A laden container has no seal on the manifest",
        otherwise="Every laden container has a seal on the manifest",
        missing="No manifest describes a laden container",
        auditor="Laden containers without a seal on the manifest: what is not closed can be added to.",
        monotone=1,
    ),
    Feature(
        form=Fact("seal_repeated", _repeated_seal, Quantity.FLAG, 0, 1),
        group=ReasonGroup.EQUIPMENT,
        officer="Two of its containers are said to bear the same seal",
        otherwise="No two of its containers bear the same seal",
        missing="Fewer than two sealed containers are known",
        auditor="One seal's number on several containers of the manifest: seals are unique, copies are not.",
        monotone=1,
    ),
)
