"""What the sea streams say of a consignment, in an officer's words."""

from __future__ import annotations

from msgspec.structs import replace

from aftc.features.testing import a_version
from aftc.records import Hazard, Mode
from aftc.testing import a_bay_plan, a_container_order, a_manifest, a_transport_document, a_voyage_container
from serving.sea_statements import sea_statements

BARE = a_version(mode=Mode.CONTAINER, booking=None, check_in=None, goods_movement=None)


def test_containers_are_told_as_planned_and_ordered() -> None:
    """Cell, ports, fullness, mass, cold and danger, as far as they are stated."""
    hazardous = a_voyage_container(hazards=(Hazard("9", "3481"),))
    ordered = a_voyage_container(position=None, verified_mass_g=None, gross_mass_g=20_000_000, temperature_dc=None)
    version = replace(BARE, bay_plan=a_bay_plan(hazardous), container_order=a_container_order(ordered))
    assert sea_statements(version) == (
        "bay plan: CSQU3054383, in 0050302, ECGYE to GBFXT, laden, 27,100 kg verified, set to -18.0 C, class 9 UN 3481",
        "container order: CSQU3054383, ECGYE to GBFXT, laden, 20,000 kg not verified",
    )
    assert sea_statements(BARE) == ()


def test_bills_are_told_where_they_differ() -> None:
    """Masses, packages, containers, seals and parties, where both speak; nothing where they agree."""
    document = a_transport_document()
    assert sea_statements(replace(BARE, manifest=a_manifest(), transport_document=document)) == ()
    part = replace(document.parts[0], gross_mass_g=21_000_000, packages=1750)
    goods = (replace(document.goods[0], parts=(part,)),)
    seals = (replace(document.containers[0], seals=(replace(document.containers[0].seals[0], number="SL9"),)),)
    other = replace(document, goods=goods, containers=seals)
    assert sea_statements(replace(BARE, manifest=a_manifest(), transport_document=other)) == (
        "bills differ in gross mass: manifest 22,400 kg, electronic 21,000 kg",
        "bills differ in packages: manifest 1,800, electronic 1,750",
        "bills differ in seals: manifest SL1, electronic SL9",
    )
