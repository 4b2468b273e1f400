"""Cargo reports: bills, houses under masters, containers, times in the ports' clocks, and what is flagged."""

from __future__ import annotations

import pytest

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage
from aftc.records import Equipment, Manifest, Party, Seal
from aftc.streams import cuscar

HEAD = """BGM+85+MAN2026031+9'
DTM+137:202603100800:203'
RFF+VM:D5EP4'
NAD+CA+NSEA:172:20++NARROW SEA LINES'
TDT+20+123W+1++NSEA:172:20+++9075711:146::NORTH WIND:GB'
LOC+9+COCTG:139:6'
DTM+136:202603010500:203'
LOC+11+GBFXT:139:6'
DTM+132:202607150530:203'"""
BILL = """CNI+1'
RFF+BM:NSEA123456'
LOC+9+COCTG:139:6'
LOC+11+GBFXT:139:6'
LOC+7+GBLGP:139:6'
LOC+13+NLRTM:139:6'
LOC+27+CO:162:5'
GIS+23'
CPI+4++P'
NAD+CZ+++FRUTAS DEL CARIBE SA+CALLE 1+CARTAGENA++130001+CO'
NAD+CN++HARBOUR FRUIT LTD:1 QUAY ROAD:DOVER'
NAD+NI+GB123456789000'
GID+1+1080:CT'
PAC+9999++CT'
FTX+AAA+++FRESH BANANAS:IN CARTONS'
FTX+AAA+++CLASS 1'
MEA+AAE+AAW+MTQ:30'
MEA+WT+G+KGM:20412.345'
SGP+MSCU1234566+1080'
MOA+64:900:USD'
CST+1+0803901000:122'"""
BOX = """EQD+CN+MSCU1234566+45G1:102:5+++5'
MEA+AAE+T+KGM:3900'
MEA+AAE+G+KGM:24312,5'
SEL+SH998+SH'
SEL+CA123'"""


def _raw(*parts: str) -> bytes:
    body = "\n".join(parts)
    count = body.count("'") + 2
    return (f"UNB+UNOC:3+NSEA+HMRC+260310:0800+7'\nUNH+1+CUSCAR:D:95B:UN'\n{body}\nUNT+{count}+1'\nUNZ+1+7'\n").encode(
        "iso8859-1"
    )


def _parse(*parts: str) -> Manifest:
    (manifest,) = cuscar.parse(_raw(*parts))
    return manifest


def test_a_manifest_is_read() -> None:
    """Vessel call, bill and container as stated; times in Cartagena's and Felixstowe's clocks; no flag."""
    manifest = _parse(HEAD, BILL, BOX)
    assert (manifest.reference, manifest.function, manifest.voyage) == ("MAN2026031", "9", "123W")
    assert (manifest.vessel_imo, manifest.vessel_call_sign, manifest.vessel_name) == ("9075711", "D5EP4", "NORTH WIND")
    assert manifest.carrier == Party(eori="NSEA", name="NARROW SEA LINES")
    assert (manifest.load_port, manifest.discharge_port) == ("COCTG", "GBFXT")
    assert manifest.departure == parse_instant("2026-03-01T10:00:00Z")
    assert manifest.arrival == parse_instant("2026-07-15T04:30:00Z")
    (bill,) = manifest.bills
    assert (bill.master, bill.house) == ("NSEA123456", None)
    assert bill.consignor == Party(
        name="FRUTAS DEL CARIBE SA", street="CALLE 1", city="CARTAGENA", postcode="130001", country="CO"
    )
    assert bill.consignee == Party(name="HARBOUR FRUIT LTD", street="1 QUAY ROAD DOVER")
    assert bill.notify == Party(eori="GB123456789000")
    assert bill.description == "FRESH BANANAS IN CARTONS CLASS 1"
    assert (bill.hs_code, bill.packages, bill.package_kind) == ("0803901000", 1080, "CT")
    assert (bill.gross_mass_g, bill.containers) == (20_412_345, ("MSCU1234566",))
    assert (bill.place_of_loading, bill.place_of_discharge) == ("COCTG", "GBFXT")
    assert (bill.place_of_delivery, bill.transhipment, bill.origin_country) == ("GBLGP", "NLRTM", "CO")
    assert bill.freight == "P"
    assert manifest.equipment == (
        Equipment("MSCU1234566", "45G1", True, 24_312_500, (Seal("SH998", "SH"), Seal("CA123"))),
    )
    assert manifest.flags == ()


def test_equipment_may_come_before_the_bills() -> None:
    """The order of the directory (EQD before CNI) and of common practice give the same record."""
    assert _parse(HEAD, BOX, BILL) == _parse(HEAD, BILL, BOX)


def test_house_bills_under_one_master() -> None:
    """Under one CNI each further house bill begins after goods, and keeps the master; a new master starts afresh."""
    houses = "CNI+1'RFF+BM:M1'RFF+BH:H1'GID+1+1:CT'RFF+HWB:H2'GID+1+2:CT'RFF+BM::3'RFF+BM:M2'GID+1+3:CT'"
    bills = _parse(HEAD, houses).bills
    assert [(each.master, each.house, each.packages) for each in bills] == [
        ("M1", "H1", 1),
        ("M1", "H2", 2),
        ("M2", None, 3),
    ]


def test_several_goods_items_of_a_bill_are_summed() -> None:
    """Packages and masses add up; kinds, codes and containers are those first named, each once."""
    goods = "GID+1+10:CT'MEA+WT+G+KGM:100'SGP+A'CST+1+0803'GID+2'PAC+5++BX'MEA+AAE+AAB+TNE:1.5'SGP+A'SGP+B'CST+2+0901'"
    (bill,) = _parse(HEAD, "CNI+1'RFF+BM:M1'", goods).bills
    assert (bill.packages, bill.package_kind, bill.gross_mass_g) == (15, "CT", 1_600_000)
    assert (bill.hs_code, bill.containers) == ("0803", ("A", "B"))


def test_a_mass_stated_for_the_whole_bill_is_not_counted_again() -> None:
    """Before its goods a bill may state its total, which then is its mass."""
    (bill,) = _parse(HEAD, "CNI+1'RFF+BM:M1'MEA+WT+AAD+KGM:500'GID+1+1:CT'MEA+WT+G+KGM:499'").bills
    assert bill.gross_mass_g == 500_000


@pytest.mark.parametrize(
    ("dtm", "time"),
    [
        ("132:260715:101", "2026-07-14T23:00:00Z"),
        ("132:20260715:102", "2026-07-14T23:00:00Z"),
        ("132:20260715", "2026-07-14T23:00:00Z"),
        ("132:2607150530:201", "2026-07-15T04:30:00Z"),
        ("132:20260715053015:204", "2026-07-15T04:30:15Z"),
        ("132:202607150530UTC:303", "2026-07-15T05:30:00Z"),
        ("178:202607150700:203", "2026-07-15T06:00:00Z"),
    ],
)
def test_times_in_every_layout(dtm: str, time: str) -> None:
    """Each layout code in use gives the instant; an actual arrival goes before an estimated one."""
    manifest = _parse("BGM+85+M1+9'LOC+11+GBFXT'", f"DTM+{dtm}'", "DTM+132:202607150530:203'" if "178" in dtm else "")
    assert manifest.arrival == parse_instant(time)


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("20412.345", "20,412.345", "MEA/6314: not a mass in kilograms: '20.412.345'"),
        ("KGM:20412.345", "LBR:45000", "MEA/6411: not a known unit of mass: 'LBR'"),
        ("0803901000", "BANANA", "CST/7361: not a commodity code of 4 to 10 digits: 'BANANA'"),
        ("LOC+27+CO", "LOC+27+COCTG", "LOC+27/3225: not a two-letter country code: 'COCTG'"),
        ("GID+1+1080:CT", "GID+1+LOT:CT", "GID/7224: not a whole number: 'LOT'"),
        ("CPI+4++P", "CPI+4++X", "CPI/4237: neither prepaid nor collect: 'X'"),
        ("RFF+BM:NSEA123456'", "", "CNI: without the number of a bill: '1'"),
        ("EQD+CN", "EQD+TE", "EQD: not a container with a number: 'TE'"),
        ("G1:102:5+++5", "G1:102:5+++7", "EQD/8169: neither empty nor full: '7'"),
        ("202607150530:203", "202613150530:203", "DTM+132: no such date or time: '202613150530'"),
        ("202607150530:203", "20260715:203", "DTM+132: not a time of layout 203: '20260715'"),
        ("202607150530:203", "2026W29:616", "DTM+132: of an unknown layout '616': '2026W29'"),
        ("202607150530:203", "20260715:102", "DTM+132: a date without time, read as midnight: '20260715'"),
        ("202607150530:203", "202610250130:203", "DTM+132: ambiguous or skipped hour in Europe/London"),
    ],
)
def test_an_unreadable_value_is_flagged(old: str, new: str, flag: str) -> None:
    """One bad value costs that value: the flag names segment and element, what is wrong and what was found."""
    whole = "\n".join((HEAD, BILL, BOX))
    assert old in whole
    flags = _parse(whole.replace(old, new, 1)).flags
    assert len(flags) == 1
    assert flags[0].startswith(flag)


def test_times_at_an_unknown_port_are_flagged() -> None:
    """Its clock is not known: when the report was made and when the vessel arrives are read by the home clock."""
    whole = "\n".join((HEAD, BILL, BOX)).replace("LOC+11+GBFXT:139:6'\nDTM", "LOC+11+ZZZZZ:139:6'\nDTM", 1)
    unknown = "unknown place, read in Europe/London"
    assert [each.split(": '")[0] for each in _parse(whole).flags] == [f"DTM+137: {unknown}", f"DTM+132: {unknown}"]


@pytest.mark.parametrize(
    ("tdt", "imo", "call_sign"),
    [
        ("TDT+20+V1++++++9075711:146::X'", "9075711", None),
        ("TDT+20+V1++++++IMO9075711::11:X'", "9075711", None),
        ("TDT+20+V1++++++9075711'", "9075711", None),
        ("TDT+20+V1++++++D5EP4:103::X'", None, "D5EP4"),
        ("TDT+20+V1++++++9075711:103::X'", None, "9075711"),
        ("TDT+20+V1++++++D5EP4:103'RFF+VM:9075711'", "9075711", "D5EP4"),
        ("TDT+20+V1++++++9075711:146'RFF+VM:D5EP4'", "9075711", "D5EP4"),
        ("TDT+10+F1'TDT+20+V1++++++D5EP4:103'", None, "D5EP4"),
        ("TDT+20+V1'", None, None),
        ("", None, None),
    ],
)
def test_a_vessel_by_imo_number_or_call_sign(tdt: str, imo: str | None, call_sign: str | None) -> None:
    """The code list tells the two apart; without one, seven digits are an IMO number."""
    manifest = _parse("BGM+85+M1+9'", tdt)
    assert (manifest.vessel_imo, manifest.vessel_call_sign) == (imo, call_sign)


def test_later_releases_are_read() -> None:
    """D03A and its like differ in nothing that the record holds."""
    raw = _raw(HEAD, BILL, BOX).replace(b"D:95B:UN", b"D:03A:UN")
    assert cuscar.sniff(raw)
    assert cuscar.parse(raw) == cuscar.parse(_raw(HEAD, BILL, BOX))


def test_what_cannot_be_a_manifest_is_refused() -> None:
    """No document number, or a message of another type in the interchange."""
    with pytest.raises(MalformedMessage, match="BGM with the document number, found none"):
        _parse(BILL)
    with pytest.raises(MalformedMessage, match="BGM with the document number, found None"):
        _parse("BGM+85'")
    with pytest.raises(MalformedMessage, match="an interchange of CUSCAR alone, found BAPLIE"):
        cuscar.parse(_raw(HEAD).replace(b"CUSCAR", b"BAPLIE"))


def test_what_was_tolerated_of_the_interchange_is_flagged() -> None:
    """A bare message is read with the flag of its missing interchange."""
    (manifest,) = cuscar.parse(b"UNH+1+CUSCAR:D:95B:UN'BGM+85+M1+9'UNT+3+1'")
    assert manifest.flags == ("UNB: missing, so the number of messages is unchecked",)
