"""The frozen types of the flow, from the raw message to the consignment version.

Masses are grams, clocks are `Instant` (microseconds UTC), codes are upper case as sent, references are kept as
sent (linking normalises them). `None` means that the message did not say. Event times are what the message
states; known-at and sequence belong to the envelope and to versions.
"""

from __future__ import annotations

from typing import TypeAlias

from aftc.records.air import AirWaybill, FlightLeg, FlightManifest, LoadedUnit, LoadedWaybill
from aftc.records.carriers import (
    Bill,
    Equipment,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    Manifest,
    SailedUnit,
    Seal,
)
from aftc.records.consignment import ConsignmentVersion, Link, PreviousMovement
from aftc.records.declarations import (
    DeclarationReference,
    DeclaredValue,
    DocumentReference,
    EntrySummary,
    GoodsItem,
    GoodsMovement,
    Party,
)
from aftc.records.detections import Detection, DetectionCause, DetectionMeans, DetectionResult
from aftc.records.examinations import Examination, Find, Selection, SelectionReason, Unit
from aftc.records.imports import (
    DeclarationNotification,
    GoodsLocation,
    ImportDeclaration,
    ImportItem,
    PreviousDocument,
    SupportingDocument,
)
from aftc.records.merges import MergeEvidence, PartyMerge
from aftc.records.message import JournalEntry, Message
from aftc.records.responses import AnsweredEntry, CustomsIntervention, EntryError, EntryIntervention, EntryResponse
from aftc.records.sea import ContainerisedGoods, DocumentedContainer, DocumentedGoods, TransportDocument
from aftc.records.selectors import (
    ConditionKind,
    Credibility,
    Handling,
    Reliability,
    Selector,
    SelectorCondition,
    SelectorHit,
    SelectorStanding,
)
from aftc.records.stowage import BayPlan, ContainerOrder, Hazard, VoyageContainer
from aftc.records.transit import TransitDeclaration, TransitEquipment, TransitHouse, TransitItem, TransportMeans
from aftc.records.vocabulary import CrossingStage, Mode, OrderKind, OutcomeKind, ResponseKind, Threat, UnitKind

__all__ = [
    "AirWaybill",
    "AnsweredEntry",
    "BayPlan",
    "Bill",
    "ConditionKind",
    "ConsignmentVersion",
    "ContainerOrder",
    "ContainerisedGoods",
    "Credibility",
    "CrossingStage",
    "CustomsIntervention",
    "DeclarationNotification",
    "DeclarationReference",
    "DeclaredValue",
    "Detection",
    "DetectionCause",
    "DetectionMeans",
    "DetectionResult",
    "DocumentReference",
    "DocumentedContainer",
    "DocumentedGoods",
    "EntryError",
    "EntryIntervention",
    "EntryResponse",
    "EntrySummary",
    "Equipment",
    "Examination",
    "FerryBooking",
    "FerryCheckIn",
    "FerryDeparture",
    "Find",
    "FlightLeg",
    "FlightManifest",
    "GoodsItem",
    "GoodsLocation",
    "GoodsMovement",
    "Handling",
    "Hazard",
    "ImportDeclaration",
    "ImportItem",
    "JournalEntry",
    "Link",
    "LoadedUnit",
    "LoadedWaybill",
    "Manifest",
    "MergeEvidence",
    "Message",
    "Mode",
    "OrderKind",
    "OutcomeKind",
    "Party",
    "PartyMerge",
    "PreviousDocument",
    "PreviousMovement",
    "Record",
    "Reliability",
    "ResponseKind",
    "SailedUnit",
    "Seal",
    "Selection",
    "SelectionReason",
    "Selector",
    "SelectorCondition",
    "SelectorHit",
    "SelectorStanding",
    "SupportingDocument",
    "Threat",
    "TransitDeclaration",
    "TransitEquipment",
    "TransitHouse",
    "TransitItem",
    "TransportDocument",
    "TransportMeans",
    "Unit",
    "UnitKind",
    "VoyageContainer",
]

Record: TypeAlias = (
    EntrySummary
    | EntryResponse
    | EntryIntervention
    | GoodsMovement
    | Manifest
    | FerryBooking
    | FerryCheckIn
    | FerryDeparture
    | Examination
    | AirWaybill
    | FlightManifest
    | ImportDeclaration
    | DeclarationNotification
    | TransitDeclaration
    | BayPlan
    | ContainerOrder
    | TransportDocument
    | PartyMerge
    | Detection
    | Selector
)
"""What a message of any stream holds."""
