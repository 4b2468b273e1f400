"""What the sea streams say of a consignment, in words: where its containers stand, and where its two bills disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aftc.linking.keys import normal_reference, normal_registration
from aftc.records import (
    Bill,
    ConsignmentVersion,
    DocumentedContainer,
    Equipment,
    Party,
    TransportDocument,
    VoyageContainer,
)

__all__ = ["sea_statements"]

GRAMS_PER_KILOGRAM = 1000
TENTHS = 10  # of a degree


def sea_statements(version: ConsignmentVersion) -> tuple[str, ...]:
    """A line for each container that a bay plan or order lists, and one for each difference between the bills."""
    lines = [f"bay plan: {_container(each)}" for each in (version.bay_plan.containers if version.bay_plan else ())]
    ordered = version.container_order.containers if version.container_order else ()
    lines += [f"container order: {_container(each)}" for each in ordered]
    if version.manifest is not None and version.manifest.bills and version.transport_document is not None:
        lines += _differences(version.manifest.bills[0], version.manifest.equipment, version.transport_document)
    return tuple(lines)


def _container(container: VoyageContainer) -> str:
    said = [container.number]
    if container.position is not None:
        said.append(f"in {container.position}")
    if container.load_port or container.discharge_port:
        said.append(f"{container.load_port or 'not said'} to {container.discharge_port or 'not said'}")
    if container.laden is not None:
        said.append("laden" if container.laden else "empty")
    mass, word = container.verified_mass_g, "verified"
    if mass is None:
        mass, word = container.gross_mass_g, "not verified"
    if mass is not None:
        said.append(f"{_kilograms(mass)} {word}")
    if container.temperature_dc is not None:
        said.append(f"set to {container.temperature_dc / TENTHS:.1f} C")
    said += [f"class {each.hazard_class or '-'} UN {each.un_number or '-'}" for each in container.hazards]
    return ", ".join(said)


def _kilograms(grams: int) -> str:
    return f"{grams / GRAMS_PER_KILOGRAM:,.0f} kg"


def _differences(bill: Bill, equipment: tuple[Equipment, ...], document: TransportDocument) -> Iterator[str]:
    """Where the manifest's bill and the electronic one both speak, and say different things."""
    pairs = (
        ("gross mass", _mass(bill.gross_mass_g), _mass(document.gross_mass_g)),
        ("packages", _count(bill.packages), _count(document.packages)),
        ("containers", _numbers(bill.containers), _numbers(document.numbers)),
        ("seals", _sealed(equipment), _sealed(document.containers)),
        ("consignor", _name(bill.consignor), _name(document.consignor)),
        ("consignee", _name(bill.consignee), _name(document.consignee)),
    )
    for what, manifest, electronic in pairs:
        if manifest and electronic and manifest != electronic:
            yield f"bills differ in {what}: manifest {manifest}, electronic {electronic}"


def _mass(grams: int | None) -> str | None:
    return None if grams is None else _kilograms(grams)


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def _all(numbers: Iterable[str]) -> str:
    return " ".join(sorted(set(numbers)))


def _numbers(containers: Iterable[str]) -> str:
    return _all(map(normal_registration, containers))


def _sealed(containers: Iterable[Equipment | DocumentedContainer]) -> str:
    return _all(normal_reference(seal.number) for each in containers for seal in each.seals)


def _name(party: Party | None) -> str | None:
    return " ".join(party.name.upper().split()) if party and party.name else None
