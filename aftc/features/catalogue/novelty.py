"""Features of novelty: entities, and pairs of them, not seen before."""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import KeyKind, Owner
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.forms import Novelty

__all__ = ["FEATURES"]

_KINDS: Final = (
    KeyKind.CONSIGNOR,
    KeyKind.CONSIGNEE,
    KeyKind.CONSIGNOR_CONSIGNEE,
    KeyKind.CONSIGNEE_HS4,
    KeyKind.ROUTE,
    KeyKind.HAULIER,
    KeyKind.VEHICLE,
    KeyKind.TRAILER,
    KeyKind.CONTAINER,
    KeyKind.VEHICLE_TRAILER,
    KeyKind.ACCOUNT_DRIVER,
)


def _new(kind: KeyKind) -> Feature:
    return Feature(
        form=Novelty(kind),
        group=ReasonGroup.PARTIES if kind.owner is Owner.CONSIGNMENT else ReasonGroup.EQUIPMENT,
        officer=f"First time that this {kind.words} is seen",
        otherwise=f"This {kind.words} has been seen before",
        missing=f"The {kind.words} is not known",
        auditor=f"Whether the {kind.words} has no other record in {kind.retention_days} days: what is new has no "
        "custom to be judged by.",
        monotone=1,
    )


FEATURES: Final = tuple(_new(kind) for kind in _KINDS)
