"""The words of the flow: modes, threats, outcomes, units and how certain a crossing is."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CrossingStage", "Mode", "OrderKind", "OutcomeKind", "ResponseKind", "Threat", "UnitKind"]


class Mode(StrEnum):
    """How a consignment arrives."""

    CONTAINER = "container"
    RORO_ACCOMPANIED = "roro_accompanied"
    RORO_UNACCOMPANIED = "roro_unaccompanied"
    AIR = "air"
    PARCEL = "parcel"
    OTHER = "other"


class Threat(StrEnum):
    """What an examination may find; `ANY` stands for all of them together in models."""

    ANY = "any"
    COCAINE = "cocaine"
    HEROIN = "heroin"
    OPIOIDS_NPS = "opioids_nps"
    CANNABIS = "cannabis"
    FIREARMS = "firearms"
    TOBACCO_EXCISE = "tobacco_excise"
    OTHER = "other"


class OutcomeKind(StrEnum):
    """How a selection ended. Only `POSITIVE` and `NEGATIVE` are labels."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NO_SHOW = "no_show"
    MISSED = "missed"
    INSUFFICIENT_RESOURCES = "insufficient_resources"
    TARGET_WITHDRAWN = "target_withdrawn"


class UnitKind(StrEnum):
    """What a port searches; `CONSIGNMENT` where only the goods are known, and nothing that carried them."""

    VEHICLE = "vehicle"
    TRAILER = "trailer"
    CONTAINER = "container"
    ULD = "uld"
    CONSIGNMENT = "consignment"


class CrossingStage(StrEnum):
    """How certain the crossing on a goods movement is."""

    PLANNED = "planned"
    CHECKED_IN = "checked_in"
    ACTUAL = "actual"


class OrderKind(StrEnum):
    """What a container order asks of a terminal."""

    LOADING = "loading"
    DISCHARGE = "discharge"


class ResponseKind(StrEnum):
    """What customs answers to an entry summary declaration or its amendment."""

    REGISTERED = "registered"
    REJECTED = "rejected"
    AMENDMENT_ACCEPTED = "amendment_accepted"
