"""The electronic bill of lading: what a sea carrier's transport document, or the instructions for one, states."""

from __future__ import annotations

from msgspec import Struct

from aftc.records.carriers import Seal
from aftc.records.declarations import Party
from aftc.records.stowage import Hazard

__all__ = ["ContainerisedGoods", "DocumentedContainer", "DocumentedGoods", "TransportDocument"]


class ContainerisedGoods(Struct, frozen=True):
    """The part of the goods that is in one container."""

    container: str | None
    gross_mass_g: int | None
    packages: int | None
    package_kind: str | None
    hazards: tuple[Hazard, ...] = ()


class DocumentedGoods(Struct, frozen=True):
    """Goods of one kind: how they are described and classified, and the containers they are in."""

    booking: str | None
    description: str | None
    hs_codes: tuple[str, ...]
    parts: tuple[ContainerisedGoods, ...]


class DocumentedContainer(Struct, frozen=True):
    """A container of a transport document. `temperature_dc` is the set temperature in tenths of a degree Celsius."""

    number: str
    size_type: str | None = None
    tare_mass_g: int | None = None
    shipper_owned: bool | None = None
    temperature_dc: int | None = None
    seals: tuple[Seal, ...] = ()


class TransportDocument(Struct, frozen=True):
    """Bill of lading or sea waybill of the DCSA eBL 3.0; instructions for one where it has no `reference`.

    `kind` is BOL or SWB, `freight` P (prepaid) or C (collect), `carrier` a code of `carrier_list` (SMDG, or NMFTA's
    SCAC). The four dates are calendar days (yyyy-mm-dd) as the document has them, local to the place each is about.
    `houses` are house bills that instructions announce.
    """

    reference: str | None
    version: str | None
    instructions: str | None
    status: str | None
    kind: str | None
    to_order: bool | None
    freight: str | None
    carrier: str | None
    carrier_list: str | None
    issued: str | None
    shipped_on_board: str | None
    planned_departure: str | None
    planned_arrival: str | None
    vessel_name: str | None
    voyage: str | None
    place_of_receipt: str | None
    load_port: str | None
    discharge_port: str | None
    place_of_delivery: str | None
    consignor: Party | None
    consignee: Party | None
    notify: Party | None
    endorsee: Party | None
    goods: tuple[DocumentedGoods, ...]
    containers: tuple[DocumentedContainer, ...]
    houses: tuple[str, ...]
    flags: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[ContainerisedGoods, ...]:
        """The goods by container, over all kinds."""
        return tuple(part for goods in self.goods for part in goods.parts)

    @property
    def gross_mass_g(self) -> int | None:
        """Gross mass of the goods; None where a part does not state its own, for a part is no total."""
        masses = [part.gross_mass_g for part in self.parts]
        return sum(mass or 0 for mass in masses) if masses and None not in masses else None

    @property
    def packages(self) -> int | None:
        """Packages over all parts; None where one does not state them."""
        counts = [part.packages for part in self.parts]
        return sum(count or 0 for count in counts) if counts and None not in counts else None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Containers, each once, in the order named."""
        stated = (*(each.number for each in self.containers), *(part.container for part in self.parts))
        return tuple(dict.fromkeys(number for number in stated if number))
