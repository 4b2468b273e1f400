"""Entry summary declarations: what is read, what is flagged, what is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage, MessageError, OversizeMessage
from aftc.records import DocumentReference, EntrySummary, Party
from aftc.streams import ens
from tests.streams.valid_records import entries
from tests.streams.valid_values import UNHURRIED

ENS_SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ens"
AMENDMENT_SAMPLES = ENS_SAMPLES.parent / "ens_amendment"

needs_samples = pytest.mark.skipif(not ENS_SAMPLES.is_dir(), reason="the shared samples are not beside the project")

DECLARATION = """<?xml version="1.0" encoding="UTF-8"?>
<ie:CC315A xmlns:ie="http://ics.dgtaxud.ec/CC315A">
  <MesIdeMES19>M1</MesIdeMES19>
  <HEAHEA>
    <RefNumHEA4>LRN 1</RefNumHEA4><TraModAtBorHEA76>10</TraModAtBorHEA76>
    <TotNumOfIteHEA305>1</TotNumOfIteHEA305><TotGroMasHEA307>1200.5</TotGroMasHEA307>
    <DecDatTimHEA114>202603010930</DecDatTimHEA114>
  </HEAHEA>
  <GOOITEGDS>
    <IteNumGDS7>1</IteNumGDS7><GooDesGDS23>  Fresh
      bananas </GooDesGDS23><GroMasGDS46>1200.5</GroMasGDS46>
    <PRODOCDC2><DocTypDC21>N705</DocTypDC21><DocRefDC23>MAEU1</DocRefDC23></PRODOCDC2>
    <COMCODGODITM><ComNomCMD1>080390</ComNomCMD1></COMCODGODITM>
    <TRACONCE2><NamCE27>Harbour Fruit &amp; Co</NamCE27><CouCE225>GB</CouCE225></TRACONCE2>
    <CONNR2><ConNumNR21>MSCU1234566</ConNumNR21></CONNR2><CONNR2><ConNumNR21>MSCU7654321</ConNumNR21></CONNR2>
    <IDEMEATRAGI970><IdeMeaTraGIMEATRA971>AB12 CDE</IdeMeaTraGIMEATRA971></IDEMEATRAGI970>
    <PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>100</NumOfPacGS24></PACGS2>
    <PACGS2><KinOfPacGS23>NE</KinOfPacGS23><NumOfPieGS25>7</NumOfPieGS25></PACGS2>
  </GOOITEGDS>
  <ITI><CouOfRouCodITI1>CO</CouOfRouCodITI1></ITI><ITI><CouOfRouCodITI1>NL</CouOfRouCodITI1></ITI>
  <PERLODSUMDEC><TINPLD1>GB1</TINPLD1></PERLODSUMDEC>
  <SEAID529><SeaIdSEAID530>S1</SeaIdSEAID530></SEAID529>
  <CUSOFFFENT730>
    <RefNumCUSOFFFENT731>GB000060</RefNumCUSOFFFENT731><ExpDatOfArrFIRENT733>202607011200</ExpDatOfArrFIRENT733>
  </CUSOFFFENT730>
</ie:CC315A>
"""


def _parse(text: str) -> EntrySummary:
    (entry,) = ens.parse(text.encode())
    return entry


def _changed(old: str, new: str) -> EntrySummary:
    assert old in DECLARATION
    return _parse(DECLARATION.replace(old, new))


def test_a_declaration_is_read() -> None:
    """Keys, masses in grams, summer time, spaces, containers, parties at item level: all as stated, no flag."""
    entry = _parse(DECLARATION)
    assert (entry.lrn, entry.mrn, entry.message_id, entry.amendment) == ("LRN 1", None, "M1", False)
    assert entry.declared_at == parse_instant("2026-03-01T09:30:00Z")
    assert entry.expected_arrival == parse_instant("2026-07-01T11:00:00Z")
    assert entry.itinerary == ("CO", "NL")
    assert entry.declarant == Party(eori="GB1")
    assert entry.consignee is None
    assert entry.total_gross_mass_g == 1_200_500
    (goods,) = entry.items
    assert (goods.description, goods.hs_code, goods.gross_mass_g) == ("Fresh bananas", "080390", 1_200_500)
    assert (goods.packages, goods.package_kind) == (107, "CT")
    assert goods.documents == (DocumentReference("N705", "MAEU1"),)
    assert (goods.containers, goods.vehicles) == (("MSCU1234566", "MSCU7654321"), ("AB12 CDE",))
    assert goods.consignee == Party(name="Harbour Fruit & Co", country="GB")
    assert entry.seals == ("S1",)
    assert entry.flags == ()


def test_an_amendment_names_its_mrn() -> None:
    """CC313A gives the same record with the MRN instead of the LRN, and its own time of declaration."""
    text = (
        DECLARATION.replace("CC315A", "CC313A")
        .replace("<RefNumHEA4>LRN 1</RefNumHEA4>", "<DocNumHEA5>26GB000060A1B2C3D4</DocNumHEA5>")
        .replace("DecDatTimHEA114", "DatTimAmeHEA113")
    )
    entry = _parse(text)
    assert (entry.amendment, entry.mrn, entry.lrn) == (True, "26GB000060A1B2C3D4", None)
    assert entry.declared_at == parse_instant("2026-03-01T09:30:00Z")
    assert entry.flags == ()


@pytest.mark.parametrize("prefix", ["ie", "x-1", ""])
@pytest.mark.parametrize("envelope", ["http://www.w3.org/2003/05/soap-envelope", "urn:some:other"])
def test_any_prefix_and_any_envelope(prefix: str, envelope: str) -> None:
    """The message is found by its local name, however deep it is wrapped and whatever its prefix."""
    body = DECLARATION.partition("?>\n")[2]
    body = body.replace("<ie:", f"<{prefix}:" if prefix else "<").replace("</ie:", f"</{prefix}:" if prefix else "</")
    body = body.replace("xmlns:ie=", f"xmlns:{prefix}=" if prefix else "xmlns=")
    wrapped = f'<s:Envelope xmlns:s="{envelope}"><s:Header/><s:Body>{body}</s:Body></s:Envelope>'.encode()
    assert ens.sniff(wrapped)
    assert ens.parse(wrapped) == ens.parse(DECLARATION.encode())


def test_one_envelope_may_hold_several_messages() -> None:
    """Each message of a document gives one record, in order."""
    body = DECLARATION.partition("?>\n")[2]
    both = f"<batch>{body}{body.replace('LRN 1', 'LRN 2')}</batch>"
    assert [entry.lrn for entry in ens.parse(both.encode())] == ["LRN 1", "LRN 2"]


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("307>1200.5<", "307>1200,5<", "CC315A/HEAHEA/TotGroMasHEA307: not a mass in kilograms: '1200,5'"),
        ("307>1200.5<", "307>-1<", "CC315A/HEAHEA/TotGroMasHEA307: negative mass: '-1'"),
        ("307>1200.5<", "307>NaN<", "CC315A/HEAHEA/TotGroMasHEA307: not a mass in kilograms: 'NaN'"),
        ("307>1200.5<", "307>0.0001<", "CC315A/HEAHEA/TotGroMasHEA307: finer than a gram: '0.0001'"),
        ("305>1<", "305>XXX<", "CC315A/HEAHEA/TotNumOfIteHEA305: not a whole number: 'XXX'"),
        ("CMD1>080390<", "CMD1>comco<", "CC315A/GOOITEGDS[1]/COMCODGODITM/ComNomCMD1: not a commodity code of 4 to 10"),
        ("225>GB<", "225>gb<", "CC315A/GOOITEGDS[1]/TRACONCE2/CouCE225: not a two-letter country code: 'gb'"),
        ("202603010930", "202602300930", "CC315A/HEAHEA/DecDatTimHEA114: no such date or time: '202602300930'"),
        ("202603010930", "26-03-01", "CC315A/HEAHEA/DecDatTimHEA114: not a time yyyymmddHHMM: '26-03-01'"),
        ("202603010930", "202610250130", "CC315A/HEAHEA/DecDatTimHEA114: ambiguous or skipped hour in Europe/London"),
        ("GB000060", "ZZ000001", "CC315A/CUSOFFFENT730: unknown office, its times are read in Europe/London"),
        ("<TraModAtBorHEA76>10</TraModAtBorHEA76>", "", "CC315A/HEAHEA/TraModAtBorHEA76: missing"),
        ("<SEAID529>", "<HEAHEA><X>1</X></HEAHEA><SEAID529>", "CC315A/HEAHEA: repeated, first one taken"),
        ("<MesIdeMES19>M1<", "<MesIdeMES19>M1</MesIdeMES19><MesIdeMES19>M2<", "CC315A/MesIdeMES19: repeated"),
        ("Fresh", "Fresh " * 400, "CC315A/GOOITEGDS[1]/GooDesGDS23: longer than 2000 characters: 'Fresh Fresh"),
        ("MSCU1234566", "M" * 101, "CC315A/GOOITEGDS[1]/CONNR2[1]/ConNumNR21: longer than 100 characters"),
    ],
)
def test_an_unreadable_value_is_flagged(old: str, new: str, flag: str) -> None:
    """One bad value costs that value: the flag names its place, what is wrong and what was found."""
    flags = _changed(old, new).flags
    assert len(flags) == 1
    assert flags[0].startswith(flag)


def test_an_entry_without_office_or_arrival_is_flagged() -> None:
    """A declaration that does not say where and when it enters is still taken."""
    start, end = DECLARATION.index("<CUSOFFFENT730>"), DECLARATION.index("</ie:CC315A>")
    entry = _parse(DECLARATION[:start] + DECLARATION[end:])
    assert (entry.office_of_first_entry, entry.expected_arrival) == (None, None)
    assert entry.flags == ("CC315A/CUSOFFFENT730: missing",)


def test_flags_are_bounded() -> None:
    """A hostile message with thousands of bad values gives a hundred flags and a count of the others."""
    line = "<PACGS2><KinOfPacGS23>CT</KinOfPacGS23><NumOfPacGS24>x</NumOfPacGS24></PACGS2>"
    flags = _changed("<PACGS2><KinOfPacGS23>NE", line * 500 + "<PACGS2><KinOfPacGS23>NE").flags
    assert len(flags) == 101
    assert flags[-1] == "and 400 more"


@pytest.mark.parametrize(
    ("old", "new", "expected", "found"),
    [
        ("<MesIdeMES19>M1</MesIdeMES19>", "", "CC315A/MesIdeMES19", "no such element"),
        ("<MesIdeMES19>M1</MesIdeMES19>", "<MesIdeMES19> </MesIdeMES19>", "CC315A/MesIdeMES19", "an empty element"),
        ("<RefNumHEA4>LRN 1</RefNumHEA4>", "", "CC315A/HEAHEA/RefNumHEA4", "no such element"),
        ("GDS7>1<", "GDS7>one<", "a readable CC315A/GOOITEGDS[1]/IteNumGDS7", "not a whole number: 'one'"),
        ("HEAHEA>", "HEAHEB>", "CC315A/HEAHEA", "no such element"),
        ("GOOITEGDS>", "GOODS>", "CC315A/GOOITEGDS", "no goods item"),
        ("ie:CC315A", "ie:CC399A", "an element CC315A or CC313A", "none"),
    ],
)
def test_a_part_that_identifies_must_be_there(old: str, new: str, expected: str, found: str) -> None:
    """Without its keys a message means nothing: the error names the element, what was expected and found."""
    with pytest.raises(MalformedMessage) as refused:
        _changed(old, new)
    assert (refused.value.expected, refused.value.found) == (expected, found)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (DECLARATION.encode()[:900], "expected well-formed XML, found"),
        (DECLARATION.replace("Fresh", "Fr\xe9sh").encode("latin-1"), "Invalid bytes in character encoding"),
        (DECLARATION.replace('"UTF-8"', '"KLINGON"').encode(), "Unsupported encoding: KLINGON"),
        (DECLARATION.replace("Fresh", "&#0;").encode(), "expected well-formed XML"),
        (DECLARATION.replace("Fresh", "\x07").encode(), "expected well-formed XML"),
        (DECLARATION.replace("<ie:CC315A ", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><ie:CC315A ").encode(), "DOCTYPE"),
        (b"<CC315A>" + b"<a>" * 300, "expected XML within 256 levels"),
    ],
)
def test_broken_xml_is_refused(raw: bytes, words: str) -> None:
    """Truncation, wrong encodings, control characters, declarations of types, deep nesting: clear errors."""
    assert ens.sniff(raw)
    with pytest.raises((MalformedMessage, OversizeMessage), match=words):
        ens.parse(raw)


def test_an_entity_bomb_is_refused_unexpanded() -> None:
    """A billion laughs, also where another encoding hides the declaration from a search of the bytes."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    bomb = f"<!DOCTYPE CC315A [{laughs}]><CC315A>&l9;</CC315A>"
    for raw in (bomb.encode(), bomb.encode("utf-16"), "<!DOCTYPE CC315A><CC315A/>".encode("utf-16")):
        with pytest.raises(MalformedMessage, match=r"without a document type definition|amplification"):
            ens.parse(raw)


@needs_samples
def test_every_valid_sample_is_taken() -> None:
    """Of the published samples, the 585 CC315A and 4 CC313A that validate are all read; so are the 3 that do not."""
    etree = pytest.importorskip("lxml.etree")
    schemas = {
        kind: etree.XMLSchema(etree.parse(ENS_SAMPLES / "xsds" / f"{kind}-v11-2.xsd")) for kind in ("CC315A", "CC313A")
    }
    counts: Counter[tuple[str, bool]] = Counter()
    for path in sorted(ENS_SAMPLES.glob("*.xml")):
        raw = path.read_bytes()
        assert ens.sniff(raw[:65_536]), path.name
        (entry,) = ens.parse(raw)
        kind = "CC313A" if entry.amendment else "CC315A"
        message = next(each for each in etree.fromstring(raw).iter(f"{{http://ics.dgtaxud.ec/{kind}}}{kind}"))
        counts[kind, schemas[kind].validate(etree.fromstring(etree.tostring(message)).getroottree())] += 1
    assert counts == {("CC315A", True): 585, ("CC313A", True): 4, ("CC315A", False): 2, ("CC313A", False): 1}


@needs_samples
def test_amendment_samples_are_taken_or_refused_with_the_true_reason() -> None:
    """Of the 134 published amendments all but one are read; that one numbers its goods item '+01'."""
    refused = {}
    for path in sorted(AMENDMENT_SAMPLES.glob("*.xml")):
        try:
            (entry,) = ens.parse(path.read_bytes())
        except MessageError as error:
            refused[path.name] = error.found
        else:
            assert entry.amendment
            assert entry.mrn
    assert refused == {"ITENUMGDS7.0.18.xml": "not a whole number: '+01'"}


@needs_samples
@given(entry=entries())
@settings(UNHURRIED, max_examples=60)
def test_what_is_written_satisfies_the_published_schema(entry: EntrySummary) -> None:
    """Written messages, element order and lengths included, are valid CC315A and CC313A."""
    etree = pytest.importorskip("lxml.etree")
    kind = "CC313A" if entry.amendment else "CC315A"
    schema = etree.XMLSchema(etree.parse(ENS_SAMPLES / "xsds" / f"{kind}-v11-2.xsd"))
    assert schema.validate(etree.fromstring(ens.build(entry)).getroottree()), schema.error_log
