"""Advance interventions: what is read, what is flagged, what is refused."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage
from aftc.records import CustomsIntervention, EntryIntervention, Party
from aftc.streams import ens_intervention
from tests.streams.valid_answers import interventions
from tests.streams.valid_values import UNHURRIED

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ens_responses"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")

INTERVENTION = """<cc3:CC351A xmlns:cc3="http://ics.dgtaxud.ec/CC351A">
  <MesRecMES6>GB1</MesRecMES6><MesIdeMES19>M5</MesIdeMES19>
  <HEAHEA>
    <RefNumHEA4>LRN 1</RefNumHEA4><DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>
    <TotNumOfIteHEA305>2</TotNumOfIteHEA305><NotDatTimHEA104>202607010930</NotDatTimHEA104>
    <DecRegDatTimHEA115>202606301215</DecRegDatTimHEA115><DecSubDatTimHEA118>202606301210</DecSubDatTimHEA118>
  </HEAHEA>
  <GOOITEGDS><IteNumGDS7>2</IteNumGDS7><CONNR2><ConNumNR21>MSCU1234566</ConNumNR21></CONNR2></GOOITEGDS>
  <PERLODSUMDEC><TINPLD1>GB1</TINPLD1></PERLODSUMDEC>
  <CUSOFFFENT730><RefNumCUSOFFFENT731>GB000060</RefNumCUSOFFFENT731></CUSOFFFENT730>
  <CUSINT632><IteNumConCUSINT668>2</IteNumConCUSINT668><CusIntCodCUSINT665>A001</CusIntCodCUSINT665></CUSINT632>
  <CUSINT632><CusIntCodCUSINT665>C001</CusIntCodCUSINT665><CusIntTexCUSINT666>see it</CusIntTexCUSINT666></CUSINT632>
</cc3:CC351A>
"""


def _parse(text: str) -> EntryIntervention:
    (intervention,) = ens_intervention.parse(text.encode())
    return intervention


def test_an_intervention_is_read() -> None:
    """Names of the declaration, three times in the office's zone, which item is concerned and how: no flag."""
    intervention = _parse(INTERVENTION)
    assert (intervention.entry.lrn, intervention.entry.mrn) == ("LRN 1", "26GB7KI30FJ2X94BD1")
    assert intervention.notified_at == parse_instant("2026-07-01T08:30:00Z")
    assert intervention.registered_at == parse_instant("2026-06-30T11:15:00Z")
    assert intervention.submitted_at == parse_instant("2026-06-30T11:10:00Z")
    assert intervention.interventions == (
        CustomsIntervention("A001", item=2),
        CustomsIntervention("C001", "see it"),
    )
    assert [item.containers for item in intervention.entry.items] == [("MSCU1234566",)]
    assert intervention.flags == ()


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        (">2</TotNum", ">0</TotNum", "CC351A/HEAHEA/TotNumOfIteHEA305: less than the 1 goods items named: '0'"),
        (">2</IteNumCon", ">two</IteNumCon", "CC351A/CUSINT632[1]/IteNumConCUSINT668: not a whole number: 'two'"),
        ("PERLODSUMDEC", "PERLODSUMDEX", "CC351A/PERLODSUMDEC: missing"),
        ("<NotDatTimHEA104>202607010930</NotDatTimHEA104>", "", "CC351A/HEAHEA/NotDatTimHEA104: missing"),
    ],
)
def test_one_bad_value_costs_that_value(old: str, new: str, flag: str) -> None:
    """What does not identify the message is flagged, and the rest is read."""
    assert old in INTERVENTION
    assert flag in _parse(INTERVENTION.replace(old, new)).flags


@pytest.mark.parametrize(
    ("old", "expected", "found"),
    [
        ("<RefNumHEA4>LRN 1</RefNumHEA4>", "CC351A/HEAHEA/RefNumHEA4", "no such element"),
        ("<DocNumHEA5>26GB7KI30FJ2X94BD1</DocNumHEA5>", "CC351A/HEAHEA/DocNumHEA5", "no such element"),
        (
            "<CusIntCodCUSINT665>A001</CusIntCodCUSINT665>",
            "CC351A/CUSINT632[1]/CusIntCodCUSINT665",
            "no such element",
        ),
        ("CUSINT632>", "CC351A/CUSINT632", "no intervention"),
        ("CC351A ", "an element CC351A", "none"),
    ],
)
def test_a_part_that_identifies_must_be_there(old: str, expected: str, found: str) -> None:
    """Without its keys or without an intervention the message means nothing: the error names the element."""
    new = {"CUSINT632>": "CUSINTXXX>", "CC351A ": "CC351B "}.get(old, "")
    text = INTERVENTION.replace(old, new)
    with pytest.raises(MalformedMessage) as refused:
        _parse(text.replace("/cc3:CC351A", "/cc3:CC351B") if new == "CC351B " else text)
    assert (refused.value.expected, refused.value.found) == (expected, found)


@needs_samples
def test_published_interventions_are_taken() -> None:
    """The full sample's values; the two short ones; the broken one is refused for the header that it lacks."""
    (full,) = ens_intervention.parse((SAMPLES / "InterventionAllOptional.xml").read_bytes())
    assert (full.entry.lrn, full.entry.mrn) == ("ABCDEFGHIJKLMNOPQRST", "12AB3C4D5E6F7G8H90")
    assert full.notified_at == full.registered_at == full.submitted_at == parse_instant("2020-12-23T14:46:00Z")
    assert [(each.item, each.code, each.text) for each in full.interventions] == [
        (1, "A001", "GOODS NOT TO BE LOADED"),
        (2, "A001", "GOODS NOT TO BE LOADED"),
    ]
    assert [(item.number, item.ucr, len(item.containers), len(item.vehicles)) for item in full.entry.items] == [
        (1, "ABCDEFGHIJ", 2, 2),
        (2, "ABCDEFGHIJ", 1, 1),
    ]
    assert full.entry.representative == Party(
        "FR00123456789", "M. MARCHAND", "13 MARCHAND BL", "MARCHANDVILLE", "FR198754", "FR"
    )
    assert (full.entry.declarant, full.entry.carrier) == (Party("GB00123456789"), Party("GB00123456789"))
    assert full.flags == (
        "CC351A/CUSOFFFENT730: unknown office, its times are read in Europe/London: 'ABCDEFGH'",
        "CC351A/HEAHEA/TotNumOfIteHEA305: less than the 2 goods items named: '1'",
    )
    for name in ("Intervention.xml", "InterventionNew.xml"):
        (short,) = ens_intervention.parse((SAMPLES / name).read_bytes())
        assert short.interventions == (CustomsIntervention("A001", "GOODS NOT TO BE LOADED", 1),)
    with pytest.raises(MalformedMessage, match="expected CC351A/HEAHEA, found no such element"):
        ens_intervention.parse((SAMPLES / "BadExample.xml").read_bytes())


@needs_samples
@given(intervention=interventions())
@settings(UNHURRIED, max_examples=40)
def test_what_is_written_satisfies_the_published_schema(intervention: EntryIntervention) -> None:
    """Written interventions, element order and lengths included, are valid CC351A."""
    schema = _schema()
    assert schema.validate(etree.fromstring(ens_intervention.build(intervention)).getroottree()), schema.error_log


@lru_cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SAMPLES / "CC351A-v10-0New.xsd")))
