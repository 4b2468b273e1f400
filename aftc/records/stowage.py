"""What is said of containers aboard a vessel: bay plans, and the orders to load or discharge them.

Nothing here speaks of a consignment: containers on a voyage, where they stand, what they weigh, what must be kept cold.
"""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.carriers import Seal
from aftc.records.vocabulary import OrderKind

__all__ = ["BayPlan", "ContainerOrder", "Hazard", "VoyageContainer"]


class Hazard(Struct, frozen=True):
    """Dangerous goods by the IMDG Code: class and UN number."""

    hazard_class: str | None
    un_number: str | None


class VoyageContainer(Struct, frozen=True):
    """A container of a bay plan or an order.

    `position` is the stowage cell: three digits of bay, two of row, two of tier (ISO 9711). `gross_mass_g` and
    `verified_mass_g` (the verified gross mass of SOLAS) hold the container itself too. `temperature_dc` is the set
    temperature in tenths of a degree Celsius. `booking` is the carrier's booking reference, `carrier` the operator.
    """

    number: str
    size_type: str | None = None
    laden: bool | None = None
    position: str | None = None
    gross_mass_g: int | None = None
    verified_mass_g: int | None = None
    load_port: str | None = None
    discharge_port: str | None = None
    place_of_delivery: str | None = None
    booking: str | None = None
    carrier: str | None = None
    description: str | None = None
    temperature_dc: int | None = None
    hazards: tuple[Hazard, ...] = ()
    seals: tuple[Seal, ...] = ()


class BayPlan(Struct, frozen=True):
    """Bay plan BAPLIE: the containers aboard when a vessel leaves a port. Times are event times.

    `departure` is from `port`, `arrival` at `next_port`. `loading_voyage` is the voyage's number where it was loaded,
    stated where that is another than `voyage`.
    """

    reference: str
    function: str | None
    prepared_at: Instant | None
    carrier: str | None
    voyage: str | None
    loading_voyage: str | None
    vessel_imo: str | None
    vessel_call_sign: str | None
    vessel_name: str | None
    port: str | None
    next_port: str | None
    departure: Instant | None
    arrival: Instant | None
    containers: tuple[VoyageContainer, ...]
    flags: tuple[str, ...] = ()


class ContainerOrder(Struct, frozen=True):
    """Order COPRAR to a terminal, to load containers or to discharge them. Times are event times.

    `arrival` and `departure` are the vessel's at `port`, where the order is carried out. `total_containers` is the
    count that the message states.
    """

    reference: str
    kind: OrderKind | None
    function: str | None
    prepared_at: Instant | None
    carrier: str | None
    voyage: str | None
    loading_voyage: str | None
    vessel_imo: str | None
    vessel_call_sign: str | None
    vessel_name: str | None
    port: str | None
    arrival: Instant | None
    departure: Instant | None
    total_containers: int | None
    containers: tuple[VoyageContainer, ...]
    flags: tuple[str, ...] = ()
