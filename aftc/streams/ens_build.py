"""Writing an entry summary declaration in the order of its schema, and the parts that messages about it share."""

from __future__ import annotations

from aftc.clock import Instant
from aftc.records import EntrySummary, GoodsItem
from aftc.streams import ens_parties as parties
from aftc.streams.ens_parties import leaf
from aftc.streams.zones import local_time, zone_of_office

__all__ = ["UNSTATED", "build", "digits", "document", "first_entry", "goods_item"]

UNPACKED = frozenset(("NE", "NF", "NG"))  # UN/ECE Recommendation 21: these are counted in pieces

UNSTATED = "UNSTATED"  # what the schema demands and the record does not hold


def build(entry: EntrySummary) -> bytes:
    """The message of a record; `parse` gives it back, but for flags and seconds, which the format cannot hold."""
    zone, _ = zone_of_office(entry.office_of_first_entry)
    kind = "CC313A" if entry.amendment else "CC315A"
    body = (
        _envelope(entry, kind, zone)
        + _header(entry, zone)
        + parties.CONSIGNOR.write(entry.consignor)
        + parties.CONSIGNEE.write(entry.consignee)
        + parties.NOTIFY.write(entry.notify)
        + "".join(goods_item(item) for item in entry.items)
        + "".join(f"<ITI>{leaf('CouOfRouCodITI1', country)}</ITI>" for country in entry.itinerary)
        + parties.REPRESENTATIVE.write(entry.representative)
        + parties.DECLARANT.write(entry.declarant)
        + "".join(f"<SEAID529>{leaf('SeaIdSEAID530', seal)}</SEAID529>" for seal in entry.seals)
        + first_entry(entry.office_of_first_entry, entry.expected_arrival, zone)
        + parties.CARRIER.write(entry.carrier)
    )
    return document(kind, body)


def document(kind: str, body: str) -> bytes:
    """A message of this kind with this content."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<ie:{kind} xmlns:ie="http://ics.dgtaxud.ec/{kind}">{body}</ie:{kind}>\n'
    return text.encode()


def digits(instant: Instant | None, zone: str, layout: str = "%Y%m%d%H%M") -> str | None:
    """A time as these messages state it, local and to the minute; None for none."""
    return None if instant is None else local_time(instant, zone).strftime(layout)


def _envelope(entry: EntrySummary, kind: str, zone: str) -> str:
    prepared = 0 if entry.declared_at is None else entry.declared_at
    sender = entry.declarant.eori if entry.declarant and entry.declarant.eori else UNSTATED
    return (
        leaf("MesSenMES3", f"{sender}/0000000000")
        + leaf("DatOfPreMES9", digits(prepared, zone, "%y%m%d"))
        + leaf("TimOfPreMES10", digits(prepared, zone, "%H%M"))
        + leaf("MesIdeMES19", entry.message_id)
        + leaf("MesTypMES20", kind)
    )


def _header(entry: EntrySummary, zone: str) -> str:
    place, declared = ("AmdPlaHEA598", "DatTimAmeHEA113") if entry.amendment else ("DecPlaHEA394", "DecDatTimHEA114")
    leaves = (
        leaf("RefNumHEA4", entry.lrn)
        + leaf("DocNumHEA5", entry.mrn)
        + leaf("TraModAtBorHEA76", entry.transport_mode)
        + leaf("IdeOfMeaOfTraCroHEA85", entry.conveyance_identity)
        + leaf("NatOfMeaOfTraCroHEA87", entry.conveyance_nationality)
        + leaf("TotNumOfIteHEA305", entry.total_items)
        + leaf("TotNumOfPacHEA306", entry.total_packages)
        + leaf("TotGroMasHEA307", _kilograms(entry.total_gross_mass_g))
        + leaf(place, UNSTATED)
        + leaf("SpeCirIndHEA1", entry.special_circumstance)
        + leaf("TraChaMetOfPayHEA1", entry.payment_method)
        + leaf("ComRefNumHEA", entry.ucr)
        + leaf("ConRefNumHEA", entry.conveyance_reference)
        + leaf("PlaLoaGOOITE334", entry.place_of_loading)
        + leaf("PlaUnlGOOITE334", entry.place_of_unloading)
        + leaf(declared, digits(entry.declared_at, zone))
    )
    return f"<HEAHEA>{leaves}</HEAHEA>"


def _kilograms(grams: int | None) -> str | None:
    return None if grams is None else f"{grams // 1000}.{grams % 1000:03d}"


def goods_item(item: GoodsItem) -> str:
    """The element of a goods item."""
    leaves = (
        leaf("IteNumGDS7", item.number)
        + leaf("GooDesGDS23", item.description)
        + leaf("GroMasGDS46", _kilograms(item.gross_mass_g))
        + leaf("MetOfPayGDI12", item.payment_method)
        + leaf("ComRefNumGIM1", item.ucr)
        + leaf("UNDanGooCodGDI1", item.dangerous_goods_code)
        + leaf("PlaLoaGOOITE333", item.place_of_loading)
        + leaf("PlaUnlGOOITE333", item.place_of_unloading)
    )
    documents = "".join(
        f"<PRODOCDC2>{leaf('DocTypDC21', each.kind)}{leaf('DocRefDC23', each.reference)}</PRODOCDC2>"
        for each in item.documents
    )
    commodity = f"<COMCODGODITM>{leaf('ComNomCMD1', item.hs_code)}</COMCODGODITM>" if item.hs_code else ""
    equipment = "".join(f"<CONNR2>{leaf('ConNumNR21', each)}</CONNR2>" for each in item.containers) + "".join(
        f"<IDEMEATRAGI970>{leaf('IdeMeaTraGIMEATRA971', each)}</IDEMEATRAGI970>" for each in item.vehicles
    )
    return (
        f"<GOOITEGDS>{leaves}{documents}"
        + parties.ITEM_CONSIGNOR.write(item.consignor)
        + commodity
        + parties.ITEM_CONSIGNEE.write(item.consignee)
        + equipment
        + _packages(item)
        + parties.ITEM_NOTIFY.write(item.notify)
        + "</GOOITEGDS>"
    )


def _packages(item: GoodsItem) -> str:
    if item.packages is None and item.package_kind is None:
        return ""
    count = "NumOfPieGS25" if item.package_kind in UNPACKED else "NumOfPacGS24"
    return f"<PACGS2>{leaf('KinOfPacGS23', item.package_kind)}{leaf(count, item.packages)}</PACGS2>"


def first_entry(office: str | None, arrival: Instant | None, zone: str) -> str:
    """The element of the office of first entry and the expected arrival there; nothing where neither is known."""
    leaves = leaf("RefNumCUSOFFFENT731", office) + leaf("ExpDatOfArrFIRENT733", digits(arrival, zone))
    return f"<CUSOFFFENT730>{leaves}</CUSOFFFENT730>" if leaves else ""
