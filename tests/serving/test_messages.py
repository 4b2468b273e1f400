"""The codec of the wire: every field of every record travels, and nothing unusable comes in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aftc.errors import InputError
from aftc.records import (
    AirWaybill,
    Bill,
    ConsignmentVersion,
    DeclarationReference,
    DeclaredValue,
    DocumentReference,
    EntrySummary,
    Equipment,
    Examination,
    FerryBooking,
    FerryCheckIn,
    Find,
    FlightLeg,
    FlightManifest,
    GoodsItem,
    GoodsLocation,
    GoodsMovement,
    ImportDeclaration,
    ImportItem,
    Link,
    LoadedUnit,
    LoadedWaybill,
    Manifest,
    Mode,
    OutcomeKind,
    Party,
    PreviousDocument,
    PreviousMovement,
    Seal,
    Selection,
    SelectionReason,
    SupportingDocument,
    Threat,
    Unit,
)
from aftc.testing import a_version, an_examination
from serving.messages import decode_consignment, decode_examination, encode, enum_of, enum_value
from serving.wire import scorer_pb2 as wire

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
WHOLE = st.integers(0, 10**9)
SHARES = st.floats(0.0, 1.0)
CAUSED_OR_LINKED = {"inspection_required", "report_to", "control_at", "joined_into", "registered_mrn", "rejected"}
CAUSED_OR_LINKED |= {"import_mrn", "import_rejected"}
INGESTED_ALONE = {"transport_document", "bay_plan", "container_order"}  # callers hand them in as messages
INGESTED_ALONE |= {"ferry_departure", "transit"}
INGESTED_ALONE |= {"selectors"}  # of partner agencies: matched with what the state holds
NOT_ON_THE_WIRE = CAUSED_OR_LINKED | INGESTED_ALONE
RECORDS: dict[type[Any], str] = {
    each: each.__name__
    for each in (
        *(Bill, DeclarationReference, DocumentReference, EntrySummary, Equipment, Examination, FerryBooking),
        *(FerryCheckIn, Find, GoodsItem, GoodsMovement, Link, Manifest, Party, PreviousMovement, Seal, Selection),
        *(SelectionReason, Unit, AirWaybill, DeclaredValue, FlightLeg, FlightManifest, LoadedUnit, LoadedWaybill),
        *(ImportDeclaration, ImportItem, PreviousDocument, SupportingDocument, GoodsLocation),
    )
} | {ConsignmentVersion: "Consignment"}


# What the builders below draw the fields of records from.
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(int, WHOLE)
st.register_type_strategy(float, SHARES)

CONSIGNMENTS = st.builds(
    ConsignmentVersion,
    units=st.just(()),
    movements=st.just(()),
    control_at=st.none(),
    joined_into=st.none(),
    import_mrn=st.none(),
    import_rejected=st.just(False),
    selectors=st.just(()),
    goods_movement=st.none() | st.builds(GoodsMovement, inspection_required=st.none(), report_to=st.just(())),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_of_a_record_is_on_the_wire(record: type[Any]) -> None:
    """A record and its wire message have the same fields, but for what only linking or messages can tell."""
    names = set(record.__struct_fields__) - NOT_ON_THE_WIRE
    assert names == set(wire.DESCRIPTOR.message_types_by_name[RECORDS[record]].fields_by_name)


@pytest.mark.parametrize("kind", [Mode, Threat, OutcomeKind])
def test_every_member_has_a_number(kind: type[StrEnum]) -> None:
    """Enumerations go to the wire and back; 0 is unspecified and unknown numbers are refused."""
    assert [enum_of(kind, enum_value(member)) for member in kind] == list(kind)
    assert enum_of(kind, 0) is None
    with pytest.raises(InputError, match="of the contract"):
        enum_of(kind, 99)


@settings(max_examples=25)  # each draws a hundred fields
@given(CONSIGNMENTS)
def test_a_consignment_survives_the_wire(version: ConsignmentVersion) -> None:
    """Whatever a consignment holds is decoded as it was, through its bytes."""
    message = wire.Consignment()
    encode(version, message)
    assert decode_consignment(wire.Consignment.FromString(message.SerializeToString())) == version


@settings(max_examples=25)
@given(st.builds(Examination))
def test_an_examination_survives_the_wire(examination: Examination) -> None:
    """Whatever an outcome holds is decoded as it was, through its bytes."""
    message = wire.Examination()
    encode(examination, message)
    assert decode_examination(wire.Examination.FromString(message.SerializeToString())) == examination


def test_what_is_left_out_is_missing() -> None:
    """An empty party is a party of which nothing is known; an absent one is none."""
    message = wire.Consignment(mode=enum_value(Mode.CONTAINER))
    message.entry.message_id = "M"
    message.entry.consignor.SetInParent()
    version = decode_consignment(message)
    assert version.entry is not None
    assert (version.entry.consignor, version.entry.consignee) == (Party(), None)
    assert (version.consignment_id, version.version, version.known_at, version.entry.total_packages) == ("", 1, 0, None)


def _spoil_mass(message: wire.Consignment) -> None:
    message.entry.items[0].gross_mass_g = -5


def _spoil_share(message: wire.Consignment) -> None:
    message.links[0].confidence = float("nan")


def _spoil_infinite(message: wire.Consignment) -> None:
    message.links[0].confidence = float("inf")


def _spoil_mode(message: wire.Consignment) -> None:
    message.mode = wire.MODE_UNSPECIFIED


def _spoil_unknown(message: wire.Consignment) -> None:
    message.units[0].kind = 77  # type: ignore[assignment]  # a number of a later contract


def _spoil_text(message: wire.Consignment) -> None:
    message.entry.items[0].description = "x" * 5000


def _spoil_instant(message: wire.Consignment) -> None:
    message.scheduled_arrival = 1 << 62


def _spoil_movements(message: wire.Consignment) -> None:
    message.movements.append("M2")


def _spoil_number(message: wire.Consignment) -> None:
    message.units[0].number = ""


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_spoil_mass, "entry.items.gross_mass_g: expected a whole number from 0 to 1000000000000, found -5"),
        (_spoil_share, "links.confidence: expected a number from 0 to 1, found nan"),
        (_spoil_infinite, "links.confidence: expected a number from 0 to 1, found inf"),
        (_spoil_mode, "mode: expected a value, found nothing"),
        (_spoil_unknown, "units.kind: expected a UnitKind of the contract, found 77"),
        (_spoil_text, "entry.items.description: expected at most 4096 characters, found 5000"),
        (_spoil_instant, "scheduled_arrival: expected a whole number"),
        (_spoil_movements, "expected one movement per unit, or none, found 2 for 1 units"),
        (_spoil_number, "units.number: expected a value, found nothing"),
    ],
)
def test_what_cannot_be_used_is_named(spoil: Callable[[wire.Consignment], None], told: str) -> None:
    """Missing, negative, non-finite, oversize and unknown values are refused by the name of their field."""
    message = wire.Consignment()
    encode(replace(a_version(), links=(Link("ens", "document", "OCEAN0001", 1.0, 1),)), message)
    spoil(message)
    with pytest.raises(InputError) as refusal:
        decode_consignment(message)
    assert told in str(refusal.value)


def test_a_probability_above_one_is_refused() -> None:
    """An outcome's recorded probabilities are probabilities."""
    message = wire.Examination()
    encode(an_examination(), message)
    message.selection.combined = 1.5
    with pytest.raises(InputError, match=r"selection\.combined"):
        decode_examination(message)
