"""Import declarations and notifications of the Customs Declaration Service: read, flagged, refused."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage
from aftc.records import DeclaredValue, ImportDeclaration, PreviousDocument, SupportingDocument
from aftc.streams import cds_import, cds_notification, read
from aftc.testing import an_import_declaration

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "cds"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")

NOTIFICATION = """<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
  <md:WCOTypeName>RES</md:WCOTypeName>
  <r:Response xmlns:r="urn:wco:datamodel:WCO:RES-DMS:2" xmlns:t="urn:wco:datamodel:WCO:Response_DS:DMS:2">
    <r:FunctionCode>05</r:FunctionCode>
    <r:FunctionalReferenceID>T-1</r:FunctionalReferenceID>
    <r:IssueDateTime><t:DateTimeString formatCode="304">20260701093000+01</t:DateTimeString></r:IssueDateTime>
    <r:Declaration>
      <r:AcceptanceDateTime><t:DateTimeString formatCode="304">20260701082900Z</t:DateTimeString></r:AcceptanceDateTime>
      <r:FunctionalReferenceID>LRN 1</r:FunctionalReferenceID>
      <r:ID>26GB0000000000A1B5</r:ID><r:VersionID>1</r:VersionID>
    </r:Declaration>
  </r:Response>
  <r:Response xmlns:r="urn:wco:datamodel:WCO:RES-DMS:2">
    <r:FunctionCode>02</r:FunctionCode><r:Declaration><r:ID>26GB0000000000A1B5</r:ID></r:Declaration>
  </r:Response>
</md:MetaData>
"""


def _sample(name: str) -> ImportDeclaration:
    (path,) = SAMPLES.glob(f"{name}__*.xml")
    (declaration,) = cds_import.parse(path.read_bytes())
    return declaration


def _message(old: str = "", new: str = "") -> bytes:
    """The message of a sound declaration with one thing changed."""
    text = cds_import.build(an_import_declaration()).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def test_a_notification_is_read() -> None:
    """Several in one document; times with a zone of whole hours or Z; what identifies the declaration."""
    control, received = cds_notification.parse(NOTIFICATION.encode())
    assert (control.function, control.notification_id, control.version) == ("05", "T-1", 1)
    assert (control.lrn, control.mrn) == ("LRN 1", "26GB0000000000A1B5")
    assert control.issued_at == parse_instant("2026-07-01T08:30:00Z")
    assert control.accepted_at == parse_instant("2026-07-01T08:29:00Z")
    assert (received.function, received.lrn, received.issued_at) == ("02", None, None)
    assert control.flags == received.flags == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<r:FunctionCode>05<", "<r:FunctionCode>5<", "not two digits"),
        ("<r:FunctionCode>02</r:FunctionCode>", "", "no such element"),
        ("<r:Declaration><r:ID>26GB0000000000A1B5</r:ID></r:Declaration>", "", "neither"),
        ("<r:ID>26GB0000000000A1B5</r:ID></r:Declaration>", "<r:VersionID>1</r:VersionID></r:Declaration>", "neither"),
    ],
)
def test_a_notification_without_what_identifies_is_refused(old: str, new: str, problem: str) -> None:
    """Function, and LRN or MRN, must be there; one such part refuses the document."""
    assert old in NOTIFICATION
    with pytest.raises(MalformedMessage) as refused:
        cds_notification.parse(NOTIFICATION.replace(old, new, 1).encode())
    assert problem in refused.value.found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<TypeCode>IMD<", "<TypeCode>EXA<", "not an import's type"),
        ("<FunctionCode>9<", "<FunctionCode>13<", "function 13"),
        ("<FunctionalReferenceID>IMPORT-1</FunctionalReferenceID>", "", "no such element"),
        ("<FunctionalReferenceID>IMPORT-1<", "<FunctionalReferenceID>IMPORT-\ufffd<", "characters that were lost"),
        ("<SequenceNumeric>1<", "<SequenceNumeric>first<", "not a whole number"),
    ],
)
def test_what_is_no_import_declaration_is_refused(old: str, new: str, problem: str) -> None:
    """Exports, amendments, and declarations without a number of their own or of a goods item say what they are."""
    with pytest.raises(MalformedMessage) as refused:
        cds_import.parse(_message(old, new))
    assert problem in refused.value.found


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        (' currencyID="GBP"', "", "ItemChargeAmount/@currencyID: not a currency's code: 'none'"),
        ('unitCode="KGM"', 'unitCode="LTR"', "GrossMassMeasure: neither kilograms nor pounds: 'LTR'"),
        ("<ID>00</ID>", "<ID>0</ID>", "Classification[2]/ID: not two digits: '0'"),
        ("<ContainerCode>0<", "<ContainerCode>2<", "Consignment/ContainerCode: neither 0 nor 1: '2'"),
        ("<GoodsItemQuantity>1</GoodsItemQuantity>", "", "Declaration/GoodsItemQuantity: missing"),
    ],
)
def test_one_bad_value_costs_that_value(old: str, new: str, flag: str) -> None:
    """What cannot be read becomes one flag that names the element; the rest stands."""
    (declaration,) = cds_import.parse(_message(old, new))
    assert len(declaration.flags) == 1
    assert declaration.flags[0].endswith(flag)
    assert declaration.items[0].hs_code == "08039010"


@needs_samples
def test_a_published_declaration_is_read() -> None:
    """The shavers of TT_IM001a: parties, previous documents, goods, value, places."""
    declaration = _sample("TT_IM001a")
    assert (declaration.lrn, declaration.kind, declaration.transport_mode) == ("7847767E1WB6", "IMA", "1")
    assert declaration.exporter is not None
    assert (declaration.exporter.name, declaration.exporter.country) == ("US Clipper Inc.", "US")
    assert declaration.importer is not None
    assert declaration.importer.eori == "GB553202734852"
    assert declaration.representation == "2"
    assert declaration.containers == ("AD12345",)
    assert declaration.containerised is True
    assert declaration.previous_documents == (
        PreviousDocument("DCR", "4GB553202734852-12345", "Z"),
        PreviousDocument("355", "24GB34F7Y1O2CX8PT4", "Z", 1),
    )
    (goods,) = declaration.items
    assert (goods.hs_code, goods.taric, goods.procedure, goods.more_procedures) == ("85109000", "00", "4000", ("000",))
    assert (goods.gross_mass_g, goods.net_mass_g, goods.packages, goods.package_kind) == (150_000, 100_000, 50, "BX")
    assert goods.price == DeclaredValue(1_000_000, "GBP")
    assert (goods.origin_country, goods.preference, goods.valuation_method) == ("US", "100", "1")
    assert goods.documents[0] == SupportingDocument("C506", "GBDPO1108654")
    assert (declaration.delivery_terms, declaration.delivery_place) == ("CIF", "GBWLA")
    assert declaration.flags == ()


@needs_samples
def test_a_published_supplementary_declaration_is_read() -> None:
    """The aggregated declaration names two goods items, the declarations that they supplement, and its acceptance."""
    declaration = _sample("IMY_Aggregated_Supplementary_Declaration")
    assert (declaration.kind, len(declaration.items), declaration.total_packages) == ("IMY", 2, 20)
    assert declaration.accepted_at == parse_instant("2025-07-31T10:22:00Z")
    named = [each for goods in declaration.items for each in goods.previous_documents]
    assert Counter(each.kind for each in named) == {"SDE": 3, "DCR": 4}
    assert declaration.items[0].hs_code == "07099310"


@lru_cache(maxsize=1)
def _all() -> list[ImportDeclaration]:
    readings = [read(path.read_bytes(), limit_bytes=10_000_000) for path in sorted(SAMPLES.glob("*.xml"))]
    assert {each.stream for each in readings} == {"cds_import"}
    return [record for each in readings for record in each.records if isinstance(record, ImportDeclaration)]


@needs_samples
def test_every_published_declaration_is_taken() -> None:
    """All 71, one of them in an envelope, with what most of them state."""
    declarations = _all()
    assert len(declarations) == 71
    assert Counter(each.kind for each in declarations)["IMA"] == 41
    assert sum(len(each.items) for each in declarations) == 77
    priced = [goods for each in declarations for goods in each.items if goods.price is not None]
    assert {goods.price.currency for goods in priced if goods.price} == {"GBP"}
    assert len(priced) == 64
    kinds = Counter(document.kind for each in declarations for document in each.previous_documents)
    assert (kinds["DCR"], kinds["355"], kinds["MCR"], kinds["MRN"]) == (52, 32, 7, 6)


@needs_samples
def test_a_published_declaration_is_written_as_it_was_read() -> None:
    """What a sample holds survives writing and reading, but for its flags."""
    for declaration in _all():
        (again,) = cds_import.parse(cds_import.build(declaration))
        assert _stated(again) == _stated(declaration)


def _stated(declaration: ImportDeclaration) -> dict[str, object]:
    return {name: getattr(declaration, name) for name in ImportDeclaration.__struct_fields__ if name != "flags"}
