"""Bay plans and container orders: vessel, ports, cells, masses, cold and danger, and the published samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage
from aftc.records import BayPlan, ContainerOrder, Hazard, OrderKind, Seal, VoyageContainer
from aftc.streams import baplie, coprar

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "edifact"

PLAN = """BGM++PLAN7+9'
DTM+137:2603011000:201'
TDT+20+123W+++NSEA:172:20+++9075711:146::NORTH WIND'
LOC+5+COCTG:139:6'
LOC+61+GBFXT:139:6'
DTM+136:202603010500:203'
DTM+132:202607150530:203'
RFF+VON:123E'
LOC+147+0050302::5'
FTX+AAA+++FRESH BANANAS'
MEA+WT++KGM:24000'
MEA+AAE+VGM+KGM:24312.5'
TMP+2+13.5:CEL'
LOC+9+COCTG:139:6'
LOC+11+GBFXT:139:6'
LOC+83+GBLGP:139:6'
RFF+BM:1'
EQD+CN+MSCU1234566+45R1+++5'
NAD+CA+NSEA:172:20'
DGS+IMD+9+1845'
LOC+147+0050304::5'
MEA+VGM++KGM:2.3'
LOC+6+COCTG'
LOC+12+NLRTM'
EQD+CN+CSQU3054383+22G1+++4'"""
ORDER = """BGM+45+ORDER7+9+AB'
DTM+137:202602281200:203'
RFF+XXX:1'
TDT+20+123W+1++NSEA:172:20+++D5EP4:103::NORTH WIND'
LOC+9+COCTG:139:6'
DTM+132:202602281800:203'
DTM+133:202603010500:203'
NAD+CA+NSEA:160:20'
EQD+CN+MSCU1234566+45G1:102:5++2+5'
RFF+BN:BKG7'
LOC+11+GBFXT:139:6'
LOC+7+GBLGP:139:6'
MEA+AAE+G+KGM:11740'
MEA+AAE+VGM+KGM:11745'
TMP+2+0:FAH'
SEL+SH998+SH'
FTX+AAA+++PLASTICS?: ARTICLES'
DGS+IMD+3+1263'
TDT+10+142E+1+13++++D5MG2'
NAD+CF+NSEA:160:20'
CNT+16:1'"""


def _raw(kind: str, body: str) -> bytes:
    count = body.count("'") + 2
    return f"UNB+UNOC:3+A+B+260310:0800+7'\nUNH+1+{kind}:D:95B:UN'\n{body}\nUNT+{count}+1'\nUNZ+1+7'\n".encode()


def _plan(body: str) -> BayPlan:
    (plan,) = baplie.parse(_raw("BAPLIE", body))
    return plan


def _order(body: str) -> ContainerOrder:
    (order,) = coprar.parse(_raw("COPRAR", body))
    return order


def test_a_bay_plan_is_read() -> None:
    """Voyage, vessel, ports, times in their clocks, and each container with its cell; no flag."""
    plan = _plan(PLAN)
    assert (plan.reference, plan.voyage, plan.loading_voyage, plan.carrier) == ("PLAN7", "123W", "123E", "NSEA")
    assert (plan.vessel_imo, plan.vessel_name, plan.port, plan.next_port) == ("9075711", "NORTH WIND", "COCTG", "GBFXT")
    assert plan.prepared_at == parse_instant("2026-03-01T15:00:00Z")
    assert plan.departure == parse_instant("2026-03-01T10:00:00Z")
    assert plan.arrival == parse_instant("2026-07-15T04:30:00Z")
    assert plan.containers == (
        VoyageContainer(
            number="MSCU1234566",
            size_type="45R1",
            laden=True,
            position="0050302",
            gross_mass_g=24_000_000,
            verified_mass_g=24_312_500,
            load_port="COCTG",
            discharge_port="GBFXT",
            place_of_delivery="GBLGP",
            carrier="NSEA",
            description="FRESH BANANAS",
            temperature_dc=135,
            hazards=(Hazard("9", "1845"),),
        ),
        VoyageContainer(
            number="CSQU3054383",
            size_type="22G1",
            laden=False,
            position="0050304",
            verified_mass_g=2_300,
            load_port="COCTG",
            discharge_port="NLRTM",
        ),
    )
    assert plan.flags == ()


def test_a_later_bay_plan_is_read_alike() -> None:
    """Releases that put the container before its particulars, and the carrier's list elsewhere, say the same."""
    later = PLAN.replace("EQD+CN+MSCU1234566+45R1+++5'\n", "").replace(
        "LOC+147+0050302::5'\n", "LOC+147+0050302:9711:5'\nEQD+CN+MSCU1234566:6346:5+45R1:6346:5+++5'\n"
    )
    assert _plan(later) == _plan(PLAN)
    assert baplie.parse(_raw("BAPLIE", later).replace(b"D:95B", b"D:13B")) == baplie.parse(_raw("BAPLIE", PLAN))


def test_a_loading_order_is_read() -> None:
    """What is to be loaded, when the vessel calls, and the booking of each container; no flag."""
    order = _order(ORDER)
    assert (order.reference, order.kind, order.port) == ("ORDER7", OrderKind.LOADING, "COCTG")
    assert (order.voyage, order.vessel_call_sign, order.total_containers) == ("123W", "D5EP4", 1)
    assert order.arrival == parse_instant("2026-02-28T23:00:00Z")
    assert order.departure == parse_instant("2026-03-01T10:00:00Z")
    (container,) = order.containers
    assert (container.gross_mass_g, container.verified_mass_g) == (11_740_000, 11_745_000)
    assert (container.booking, container.carrier, container.temperature_dc) == ("BKG7", "NSEA", -178)
    assert (container.discharge_port, container.place_of_delivery) == ("GBFXT", "GBLGP")
    assert (container.seals, container.hazards) == ((Seal("SH998", "SH"),), (Hazard("3", "1263"),))
    assert container.description == "PLASTICS: ARTICLES"
    assert order.flags == ()


@pytest.mark.parametrize(("code", "kind"), [("43", "discharge"), ("118", "discharge"), ("121", "loading")])
def test_orders_to_load_and_to_discharge(code: str, kind: str) -> None:
    """The code of the document tells them apart, and with it the port that carries them out."""
    order = _order(ORDER.replace("BGM+45", f"BGM+{code}").replace("LOC+9+COCTG", "LOC+9+COCTG'LOC+11+GBFXT"))
    assert order.kind == kind
    assert order.port == ("GBFXT" if kind == "discharge" else "COCTG")


def test_containers_bundled_in_one_cell() -> None:
    """Flats that stand as one have their place and ports in common; the masses are told once."""
    plan = _plan(PLAN.replace("EQD+CN+CSQU3054383+22G1+++4'", "EQD+CN+CSQU3054383+22P3+++4'EQD+CN+F2+22P3+++4'"))
    assert plan.containers[2] == VoyageContainer(
        "F2", "22P3", False, "0050304", load_port="COCTG", discharge_port="NLRTM"
    )


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("TMP+2+13.5:CEL", "TMP+2+COLD:CEL", "TMP/6246: not a temperature: 'COLD'"),
        ("TMP+2+13.5:CEL", "TMP+2+13.5:KEL", "TMP/6246: neither Celsius nor Fahrenheit: 'KEL'"),
        ("TMP+2+13.5:CEL", "TMP+2+13.55:CEL", "TMP/6246: finer than a tenth of a degree: '13.55'"),
        ("DGS+IMD", "DGS+ADR", "DGS/8273: not of the IMDG Code: 'ADR'"),
        ("KGM:24312.5", "LBR:24312", "MEA/6411: not a known unit of mass: 'LBR'"),
        ("EQD+CN+CSQU3054383", "EQD+CN+", "EQD: not a container with a number: 'CN'"),
    ],
)
def test_an_unreadable_value_is_flagged(old: str, new: str, flag: str) -> None:
    """One bad value costs that value and no more."""
    assert old in PLAN
    assert _plan(PLAN.replace(old, new, 1)).flags == (flag,)


def test_what_cannot_be_a_plan_or_an_order_is_refused() -> None:
    """No document number, or a message of another type in the interchange."""
    for stream, kind in ((baplie, "BAPLIE"), (coprar, "COPRAR")):
        with pytest.raises(MalformedMessage, match="BGM with the document number, found none"):
            stream.parse(_raw(kind, "DTM+137:2603011000:201'"))
        with pytest.raises(MalformedMessage, match=f"an interchange of {kind} alone, found CUSCAR"):
            stream.parse(_raw("CUSCAR", PLAN))
    assert _order(ORDER.replace("BGM+45", "BGM+99")).flags == (
        "BGM/1001: neither a loading nor a discharging order: '99'",
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
def test_published_samples() -> None:
    """Bay plans of 1995 and 2004 with their meaning; the order, cut short by whoever published it, by its count."""
    (old,) = baplie.parse((SAMPLES / "d95b_baplie_staedi.edi").read_bytes())
    assert (old.voyage, old.vessel_call_sign, old.port, old.next_port) == ("VOYAGENO123", "DLHV", "EGPSD", "GRPIR")
    (box,) = old.containers
    assert (box.number, box.position, box.laden, box.gross_mass_g) == ("TOLU 2566410", "0030586", True, 10_000_000)
    assert (box.load_port, box.discharge_port, box.place_of_delivery) == ("EGPSD", "ITSPE", "AFQLT")
    assert box.hazards == (Hazard("2.3", "2198"),)
    (new,) = baplie.parse((SAMPLES / "d04b_baplie.edi").read_bytes())
    assert (new.voyage, new.loading_voyage, new.vessel_imo) == ("RFN234", "VOYAGENUMBER", "IMONUMBER")
    assert new.containers[0].discharge_port == "PORTOFDISCHARGE"
    with pytest.raises(MalformedMessage, match="UNT to count 29 segments, found 56"):
        coprar.parse((SAMPLES / "d95b_coprar.edi").read_bytes())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
def test_the_published_order_with_its_counts_put_right() -> None:
    """Each of its containers is read; the stated number of containers stays another."""
    raw = (SAMPLES / "d95b_coprar.edi").read_bytes().replace(b"UNT+56", b"UNT+29")
    (order,) = coprar.parse(raw)
    assert (order.kind, order.port, order.total_containers) == (OrderKind.LOADING, "AEJEA", 5)
    assert order.vessel_name == "HELLO WORLD"
    assert [(each.number, each.verified_mass_g) for each in order.containers] == [("MSTI6415664", 11_740_000)] * 2
    assert {each.booking for each in order.containers} == {"2GO2005174"}
