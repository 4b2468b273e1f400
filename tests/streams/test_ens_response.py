"""Customs' answers to declarations: what is read, what is flagged, what is refused."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage, MessageError, UnknownFormat
from aftc.records import EntryError, EntryResponse, Party, ResponseKind
from aftc.streams import ens_response, read
from tests.streams.valid_answers import responses
from tests.streams.valid_values import UNHURRIED

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ens_responses"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")

KINDS = {
    ResponseKind.REGISTERED: "CC328A",
    ResponseKind.REJECTED: "CC316A",
    ResponseKind.AMENDMENT_ACCEPTED: "CC304A",
}
REGISTRATION = """<ie:CC328A xmlns:ie="http://ics.dgtaxud.ec/CC328A">
  <MesRecMES6>GB1/branch</MesRecMES6><MesIdeMES19>M2</MesIdeMES19><CorIdeMES25>M1</CorIdeMES25>
  <HEAHEA>
    <RefNumHEA4>LRN 1</RefNumHEA4><DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>
    <TraModAtBorHEA76>10</TraModAtBorHEA76><DecRegDatTimHEA115>202607010930</DecRegDatTimHEA115>
  </HEAHEA>
  <GOOITEGDS>
    <IteNumGDS7>1</IteNumGDS7><ComRefNumGIM1>UCR-1</ComRefNumGIM1>
    <PRODOCDC2><DocTypDC21>N730</DocTypDC21><DocRefDC23>CMR-1</DocRefDC23></PRODOCDC2>
    <IDEMEATRAGI970><IdeMeaTraGIMEATRA971>AB12 CDE</IdeMeaTraGIMEATRA971></IDEMEATRAGI970>
  </GOOITEGDS>
  <CUSOFFLON><RefNumCOL1>FR002300</RefNumCOL1></CUSOFFLON>
  <PERLODSUMDEC><TINPLD1>GB1</TINPLD1></PERLODSUMDEC>
  <CUSOFFFENT730><RefNumCUSOFFFENT731>GB000060</RefNumCUSOFFFENT731></CUSOFFFENT730>
</ie:CC328A>
"""
REJECTION = """<x:CC316A xmlns:x="http://ics.dgtaxud.ec/CC316A"><MesIdeMES19>M3</MesIdeMES19>
  <MesRecMES6>GB1</MesRecMES6><HEAHEA><RefNumHEA4>LRN 1</RefNumHEA4><DecRejReaHEA252>wrong office</DecRejReaHEA252>
  <DecRejDatTimHEA116>202601020304</DecRejDatTimHEA116></HEAHEA>
  <FUNERRER1><ErrTypER11>12</ErrTypER11><ErrPoiER12>CUSOFFFENT730</ErrPoiER12><ErrReaER13>R660</ErrReaER13>
  <OriAttValER14>GB999999</OriAttValER14></FUNERRER1></x:CC316A>
"""
ACCEPTANCE = """<CC304A><MesIdeMES19>M4</MesIdeMES19><HEAHEA><DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>
  <NatOfMeaOfTraCroHEA87>FR</NatOfMeaOfTraCroHEA87><AmeAccDatTimHEA111>202601020405</AmeAccDatTimHEA111>
  <DatTimAmeHEA113>202601020304</DatTimAmeHEA113></HEAHEA>
  <CUSOFFFENT730><RefNumCUSOFFFENT731>GB000060</RefNumCUSOFFFENT731></CUSOFFFENT730></CC304A>
"""


def _parse(text: str) -> EntryResponse:
    (response,) = ens_response.parse(text.encode())
    return response


def test_a_registration_brings_the_movement_reference() -> None:
    """LRN, declarant and MRN, the time in the office's zone, offices, goods item with its keys: as stated, no flag."""
    response = _parse(REGISTRATION)
    assert response.kind is ResponseKind.REGISTERED
    assert (response.message_id, response.correlation_id, response.recipient) == ("M2", "M1", "GB1/branch")
    assert (response.entry.lrn, response.entry.mrn) == ("LRN 1", "26GB7KI30FJ2X94BD1")
    assert response.entry.declarant == Party(eori="GB1")
    assert response.answered_at == parse_instant("2026-07-01T08:30:00Z")
    assert (response.entry.office_of_lodgement, response.entry.office_of_first_entry) == ("FR002300", "GB000060")
    (item,) = response.entry.items
    assert (item.number, item.ucr, item.documents[0].reference, item.vehicles) == (1, "UCR-1", "CMR-1", ("AB12 CDE",))
    assert response.flags == ()


def test_a_rejection_says_why() -> None:
    """Reason, time and errors of a declaration that does not stand; it has no MRN and names no office."""
    response = _parse(REJECTION)
    assert response.kind is ResponseKind.REJECTED
    assert (response.entry.lrn, response.entry.mrn, response.recipient) == ("LRN 1", None, "GB1")
    assert response.answered_at == parse_instant("2026-01-02T03:04:00Z")
    assert response.reason == "wrong office"
    assert response.errors == (EntryError("12", "CUSOFFFENT730", "R660", "GB999999"),)
    assert response.flags == ()


def test_an_accepted_amendment_is_named_by_its_mrn() -> None:
    """An acceptance states both times, of the amendment and of its acceptance, and no LRN."""
    response = _parse(ACCEPTANCE)
    assert response.kind is ResponseKind.AMENDMENT_ACCEPTED
    assert (response.entry.lrn, response.entry.mrn) == (None, "26GB7KI30FJ2X94BD1")
    assert response.entry.conveyance_nationality == "FR"
    assert response.amended_at == parse_instant("2026-01-02T03:04:00Z")
    assert response.answered_at == parse_instant("2026-01-02T04:05:00Z")


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("26GB7KI30FJ2X94BD1", "MRN 7", "CC328A/HEAHEA/DocNumHEA5: not of the form of an MRN: 'MRN 7'"),
        ("202607010930", "202613010930", "CC328A/HEAHEA/DecRegDatTimHEA115: no such date or time: '202613010930'"),
        ("PERLODSUMDEC", "PERLODSUMDEX", "CC328A/PERLODSUMDEC: missing"),
        ("CUSOFFFENT730>", "CUSOFFFENT73X>", "CC328A/CUSOFFFENT730: missing"),
        ("GB000060", "QQ1", "CC328A/CUSOFFFENT730: unknown office, its times are read in Europe/London: 'QQ1'"),
    ],
)
def test_one_bad_value_costs_that_value(old: str, new: str, flag: str) -> None:
    """What does not identify the message is flagged, and the rest is read."""
    assert old in REGISTRATION
    response = _parse(REGISTRATION.replace(old, new))
    assert flag in response.flags
    assert response.entry.lrn == "LRN 1"


@pytest.mark.parametrize(
    ("message", "old", "expected"),
    [
        (REGISTRATION, "<MesIdeMES19>M2</MesIdeMES19>", "CC328A/MesIdeMES19"),
        (REGISTRATION, "<RefNumHEA4>LRN 1</RefNumHEA4>", "CC328A/HEAHEA/RefNumHEA4"),
        (REGISTRATION, "<DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>", "CC328A/HEAHEA/DocNumHEA5"),
        (REGISTRATION, "<IteNumGDS7>1</IteNumGDS7>", "CC328A/GOOITEGDS[1]/IteNumGDS7"),
        (REJECTION, "<RefNumHEA4>LRN 1</RefNumHEA4>", "CC316A/HEAHEA/RefNumHEA4"),
        (ACCEPTANCE, "<DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>", "CC304A/HEAHEA/DocNumHEA5"),
    ],
)
def test_a_part_that_identifies_must_be_there(message: str, old: str, expected: str) -> None:
    """Without its keys an answer answers nothing: the error names the element."""
    assert old in message
    with pytest.raises(MalformedMessage) as refused:
        _parse(message.replace(old, ""))
    assert (refused.value.expected, refused.value.found) == (expected, "no such element")


def test_an_answer_without_a_header_is_refused() -> None:
    """A message that is cut down to its envelope says what is missing."""
    with pytest.raises(MalformedMessage, match="expected CC316A/HEAHEA, found no such element"):
        _parse("<CC316A><MesIdeMES19>M3</MesIdeMES19></CC316A>")


@needs_samples
def test_the_published_poll_is_taken() -> None:
    """The registration in its polling envelope: values as published, and a doubt about its invented MRN."""
    reading = read((SAMPLES / "pollingResponse.xml").read_bytes(), limit_bytes=10_000_000)
    assert reading.stream == "ens_response"
    (response,) = reading.records
    assert isinstance(response, EntryResponse)
    assert (response.entry.lrn, response.entry.mrn) == ("Preeti_315A_TC001", "10GB08I01234567891")
    assert (response.message_id, response.correlation_id) == ("MSUI11235227", "0JRF7UncK0t004")
    assert response.recipient == "GB000012340003/1234567890"
    assert response.entry.declarant == Party(eori="GB000012340002")
    assert (response.entry.office_of_lodgement, response.entry.office_of_first_entry) == ("ES000055", "GB000011")
    assert response.answered_at == parse_instant("2019-01-14T09:45:00Z")
    assert response.flags == ("entry/mrn: wrong check digit: '10GB08I01234567891'",)


@needs_samples
def test_every_sample_is_accounted_for() -> None:
    """Of the published files three interventions and a registration are taken; the others say truly why not."""
    found = {}
    for path in sorted(SAMPLES.glob("*.xml")):
        try:
            found[path.name] = read(path.read_bytes(), limit_bytes=10_000_000).stream
        except MessageError as error:
            found[path.name] = f"{type(error).__name__}: {error.found}"
    assert found == {
        "BadExample.xml": "MalformedMessage: no such element",
        "Intervention.xml": "ens_intervention",
        "InterventionAllOptional.xml": "ens_intervention",
        "InterventionNew.xml": "ens_intervention",
        "listOfOutcomes.xml": "UnknownFormat: XML with the root element entryDeclarationResponses",
        "pollingResponse.xml": "ens_response",
    }


def test_a_refused_amendment_is_unknown_by_name() -> None:
    """CC305A is read by no stream: bare or in a poll, the reason names it."""
    refusal = "<a:CC305A xmlns:a='x'><HEAHEA/></a:CC305A>"
    for raw, found in (
        (refusal, "XML with the root element a:CC305A"),
        (
            f"<outcomeResponse><response>{refusal}</response></outcomeResponse>",
            "XML with the root element outcomeResponse, which holds CC305A",
        ),
    ):
        with pytest.raises(UnknownFormat) as refused:
            read(raw.encode(), limit_bytes=1_000)
        assert refused.value.found == found


@needs_samples
@given(response=responses())
@settings(UNHURRIED, max_examples=40)
def test_what_is_written_satisfies_the_published_schema(response: EntryResponse) -> None:
    """Written answers, element order and lengths included, are valid CC328A, CC316A and CC304A."""
    schema = _schema(KINDS[response.kind])
    assert schema.validate(etree.fromstring(ens_response.build(response)).getroottree()), schema.error_log


@lru_cache
def _schema(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SAMPLES / f"{kind}-v10-0.xsd")))
