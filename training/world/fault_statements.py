"""What senders state wrongly or leave out: the edits of each kind of record, and a record with them.

What identifies a message (its id, LRN, the numbers of its goods items, what the project's own formats demand) stays
stated. Of a manifest each bill is a statement of its own, and so is the rest: vessel, voyage and equipment.
Outcomes have no edits: what an examination found is never misstated here.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aftc.records import (
    AirWaybill,
    BayPlan,
    Bill,
    ContainerOrder,
    EntrySummary,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    FlightManifest,
    GoodsMovement,
    ImportDeclaration,
    Manifest,
    Party,
    Record,
    TransitDeclaration,
    TransportDocument,
)
from training.world.fault_edits import Edit, elements, emptied, field, fields, one_of
from training.world.fault_picks import Picks
from training.world.fault_rates import Fault, Odds
from training.world.fault_words import counted, mistyped, respelt, revised, weighed

__all__ = ["EDITS", "misstate", "totalled"]

_ENTRY_PARTIES = "consignor consignee notify carrier declarant representative"
_CARGO_PARTIES = "consignor consignee notify"
_FERRY_PARTIES = "booker haulier"


def _less(party: Party, picks: Picks) -> Party:
    """A party with less said of it, but with its name."""
    changed: Party = fields("eori eori postcode street city country", emptied)(party, picks)
    return changed


def totalled(entry: EntrySummary) -> EntrySummary:
    """A declaration whose totals, where stated, are those of its items."""
    packages, mass = (
        sum(each.packages or 0 for each in entry.items),
        sum(each.gross_mass_g or 0 for each in entry.items),
    )
    return replace(
        entry,
        total_packages=None if entry.total_packages is None else packages,
        total_gross_mass_g=None if entry.total_gross_mass_g is None else mass,
    )


_QUANTITY = one_of(field("gross_mass_g", weighed), field("packages", counted))


def _item_quantity(entry: EntrySummary, picks: Picks) -> EntrySummary:
    """A quantity of one item in the wrong unit; for half of them the totals follow."""
    slipped: EntrySummary = field("items", elements(_QUANTITY))(entry, picks)
    return totalled(slipped) if slipped != entry and picks.uniform() < 0.5 else slipped


def _without_crossing(movement: GoodsMovement, _: Picks) -> GoodsMovement:
    return replace(movement, route_id=None, crossing_stage=None, departure=None, arrival=None)


_IMPORT_PARTIES = "declarant representative exporter importer buyer seller"
_WAYBILL_PARTIES = "consignor consignee notify forwarder"
_LOADED = fields("pieces gross_mass_g description origin destination share", emptied)
_GOODS = fields("hs_code packages gross_mass_g net_mass_g description", emptied)
_PARTY_TYPO = fields("eori name", mistyped)

_VOYAGE = {
    Fault.MISSING: one_of(
        fields("vessel_call_sign vessel_name carrier", emptied),
        field("containers", elements(fields("size_type laden gross_mass_g verified_mass_g discharge_port", emptied))),
    ),
    Fault.UNIT: field("containers", elements(fields("gross_mass_g verified_mass_g", weighed))),
    Fault.TYPO: one_of(
        fields("voyage vessel_imo vessel_name", mistyped),
        field("containers", elements(field("number", mistyped))),
    ),
}

EDITS: dict[type[Record] | type[Bill], dict[Fault, Edit]] = {
    EntrySummary: {
        Fault.MISSING: one_of(
            fields("total_packages total_gross_mass_g total_items place_of_loading place_of_unloading", emptied),
            fields("conveyance_identity conveyance_reference conveyance_nationality transport_mode", emptied),
            fields("itinerary seals payment_method ucr carrier consignor consignee notify", emptied),
            fields("office_of_first_entry expected_arrival", emptied),
            fields(_ENTRY_PARTIES, _less),
            field("items", elements(fields("hs_code packages package_kind gross_mass_g description", emptied))),
            field("items", elements(fields("consignor consignee notify ucr containers vehicles documents", emptied))),
        ),
        Fault.UNIT: _item_quantity,
        Fault.TYPO: one_of(
            field("items", elements(fields("vehicles containers", elements(mistyped)))),
            field("items", elements(field("documents", elements(field("reference", mistyped))))),
            fields("conveyance_identity conveyance_reference ucr", mistyped),
            field("seals", elements(mistyped)),
            fields(_ENTRY_PARTIES, _PARTY_TYPO),
            field("items", elements(fields(_CARGO_PARTIES, _PARTY_TYPO))),
        ),
        Fault.RESPELT: one_of(
            fields(_CARGO_PARTIES, respelt),
            fields("carrier declarant representative", respelt),
            field("items", elements(fields(_CARGO_PARTIES, respelt))),
        ),
        Fault.HS_REVISION: field("items", elements(field("hs_code", revised))),
    },
    ImportDeclaration: {
        Fault.MISSING: one_of(
            fields("total_items total_packages containers containerised previous_documents", emptied),
            fields("conveyance_identity conveyance_nationality transport_mode dispatch_country", emptied),
            fields("goods_location delivery_terms delivery_place exporter importer declarant", emptied),
            field("exporter", _less),
            field("items", elements(_GOODS)),
            field("items", elements(fields("origin_country procedure price", emptied))),
        ),
        Fault.UNIT: field("items", elements(_QUANTITY)),
        Fault.TYPO: one_of(
            field("previous_documents", elements(field("reference", mistyped))),
            fields("containers", elements(mistyped)),
            field("conveyance_identity", mistyped),
            fields(_IMPORT_PARTIES, _PARTY_TYPO),
        ),
        Fault.RESPELT: field("exporter", respelt),
        Fault.HS_REVISION: field("items", elements(field("hs_code", revised))),
    },
    TransitDeclaration: {
        Fault.MISSING: one_of(
            fields("carrier holder dispatch_country equipment departure_means border_means gross_mass_g", emptied),
            field("houses", elements(fields("ucr consignee transport_documents previous_documents", emptied))),
            field("houses", elements(field("items", elements(_GOODS)))),
            field("houses", elements(fields("consignor consignee", _less))),
        ),
        Fault.UNIT: field("houses", elements(field("items", elements(_QUANTITY)))),
        Fault.TYPO: one_of(
            field("houses", elements(field("transport_documents", elements(field("reference", mistyped))))),
            field("houses", elements(field("ucr", mistyped))),
            field("equipment", elements(field("container", mistyped))),
            field("departure_means", elements(field("identity", mistyped))),
            field("houses", elements(fields("consignor consignee", _PARTY_TYPO))),
        ),
        Fault.RESPELT: field("houses", elements(fields("consignor consignee", respelt))),
        Fault.HS_REVISION: field("houses", elements(field("items", elements(field("hs_code", revised))))),
    },
    GoodsMovement: {
        Fault.MISSING: one_of(
            fields("vehicle trailers containers declarations", emptied),
            fields("haulier_eori state direction departure arrival", emptied),
            _without_crossing,
        ),
        Fault.TYPO: one_of(
            field("vehicle", mistyped),
            fields("trailers containers", elements(mistyped)),
            field("declarations", elements(fields("reference entry_mrn", mistyped))),
            field("haulier_eori", mistyped),
        ),
    },
    FerryBooking: {
        Fault.MISSING: one_of(
            fields("vessel booker haulier driver goods_description", emptied),
            fields("vehicle trailers laden cash return_trip gross_mass_g", emptied),
            fields(_FERRY_PARTIES, _less),
        ),
        Fault.UNIT: field("gross_mass_g", weighed),
        Fault.TYPO: one_of(
            field("vehicle", mistyped),
            fields("trailers containers", elements(mistyped)),
            fields("driver account", mistyped),
            fields(_FERRY_PARTIES, _PARTY_TYPO),
        ),
        Fault.RESPELT: fields(_FERRY_PARTIES, respelt),
    },
    FerryDeparture: {
        Fault.MISSING: one_of(
            fields("vessel expected_arrival", emptied),
            field("units", elements(fields("vehicle trailers", emptied))),
        ),
        Fault.TYPO: field("units", elements(fields("booking_reference vehicle", mistyped))),
    },
    FerryCheckIn: {
        Fault.MISSING: fields("vehicle trailers laden weighed_mass_g driver driver_changed seals", emptied),
        Fault.UNIT: field("weighed_mass_g", weighed),
        Fault.TYPO: one_of(
            fields("vehicle driver booking_reference", mistyped),
            fields("trailers containers seals", elements(mistyped)),
        ),
    },
    Bill: {
        Fault.MISSING: one_of(
            fields("hs_code packages package_kind gross_mass_g description freight", emptied),
            fields("consignor consignee notify containers", emptied),
            fields("origin_country place_of_loading place_of_discharge transhipment", emptied),
            fields(_CARGO_PARTIES, _less),
        ),
        Fault.UNIT: _QUANTITY,
        Fault.TYPO: one_of(
            fields("master house", mistyped),
            field("containers", elements(mistyped)),
            fields(_CARGO_PARTIES, _PARTY_TYPO),
        ),
        Fault.RESPELT: fields(_CARGO_PARTIES, respelt),
        Fault.HS_REVISION: field("hs_code", revised),
    },
    Manifest: {
        Fault.MISSING: one_of(
            fields("carrier vessel_call_sign vessel_name departure", emptied),
            field("equipment", elements(fields("size_type laden gross_mass_g seals", emptied))),
        ),
        Fault.UNIT: field("equipment", elements(field("gross_mass_g", weighed))),
        Fault.TYPO: one_of(
            fields("voyage vessel_imo vessel_name", mistyped),
            field("equipment", elements(field("number", mistyped))),
            field("equipment", elements(field("seals", elements(field("number", mistyped))))),
        ),
        Fault.RESPELT: field("carrier", respelt),
    },
    BayPlan: _VOYAGE,
    ContainerOrder: _VOYAGE,
    TransportDocument: {
        Fault.MISSING: one_of(
            fields("consignor consignee notify freight planned_arrival vessel_name voyage", emptied),
            field("goods", elements(fields("description hs_codes booking", emptied))),
            fields(_CARGO_PARTIES, _less),
        ),
        Fault.UNIT: field("goods", elements(field("parts", elements(_QUANTITY)))),
        Fault.TYPO: one_of(
            fields("reference voyage", mistyped),
            field("containers", elements(field("number", mistyped))),
            fields(_CARGO_PARTIES, _PARTY_TYPO),
        ),
        Fault.RESPELT: fields(_CARGO_PARTIES, respelt),
        Fault.HS_REVISION: field("goods", elements(field("hs_codes", elements(revised)))),
    },
    AirWaybill: {
        Fault.MISSING: one_of(
            fields("pieces gross_mass_g description hs_codes special_handling", emptied),
            fields("consignor consignee notify forwarder customs_value legs origin destination", emptied),
            fields(_WAYBILL_PARTIES, _less),
        ),
        Fault.UNIT: one_of(field("gross_mass_g", weighed), field("pieces", counted)),
        Fault.TYPO: one_of(
            fields("master house", mistyped),
            fields(_WAYBILL_PARTIES, _PARTY_TYPO),
        ),
        Fault.RESPELT: fields(_WAYBILL_PARTIES, respelt),
        Fault.HS_REVISION: field("hs_codes", elements(revised)),
    },
    FlightManifest: {
        Fault.MISSING: one_of(
            fields("arrival discharge_airport", emptied),
            field("units", elements(field("waybills", elements(_LOADED)))),
        ),
        Fault.UNIT: field("units", elements(field("waybills", elements(field("gross_mass_g", weighed))))),
        Fault.TYPO: one_of(
            field("units", elements(field("number", mistyped))),
            field("units", elements(field("waybills", elements(field("number", mistyped))))),
        ),
    },
}  # fmt: skip


def misstate(record: Record, chances: Odds, picks: Picks) -> tuple[Record, tuple[Fault, ...]]:
    """The record as its sender states it, and what is wrong with it; mostly the record itself."""
    if not isinstance(record, Manifest):
        stated, faults = _misstated(record, chances, picks)
        return stated, faults
    found: dict[Fault, None] = {}
    bills = []
    for bill in record.bills:
        stated, faults = _misstated(bill, chances, picks)
        bills.append(stated)
        found |= dict.fromkeys(faults)
    manifest, faults = _misstated(record, chances, picks)
    found |= dict.fromkeys(faults)
    if not found:
        return record, ()
    return replace(manifest, bills=tuple(bills)), tuple(fault for fault in Fault if fault in found)


def _misstated(statement: Any, chances: Odds, picks: Picks) -> tuple[Any, tuple[Fault, ...]]:
    edits = EDITS.get(type(statement))
    if edits is None:
        return statement, ()
    done: tuple[Fault, ...] = ()
    for fault in chances.draw(picks):
        edit = edits.get(fault)
        changed = edit(statement, picks) if edit else statement
        if changed is not statement and changed != statement:
            statement, done = changed, (*done, fault)
    return statement, done
