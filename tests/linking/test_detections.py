"""Detections: to units and declarations; what a selection directed bounds the decision and changes nothing else."""

from __future__ import annotations

from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE
from aftc.features.extract import extract
from aftc.linking.keys import consignment_id
from aftc.records import DetectionCause, DetectionMeans, DetectionResult, Unit, UnitKind
from aftc.testing import ARRIVAL, MRN, a_booking, a_detection, a_response, a_roro_entry
from tests.linking.test_link import RORO, Desk

LORRY = consignment_id("document", "CMR-4711")
ROUTINE = {"cause": DetectionCause.ROUTINE, "selection": None, "means": DetectionMeans.RADIATION_PORTAL}


def _joined() -> Desk:
    desk = Desk()
    for record in RORO:
        desk.take(record)
    return desk


def test_a_directed_detection_bounds_the_decision_and_nothing_else() -> None:
    """The consignment is held from when the message came; its facts, keys and own history are as they were."""
    desk = _joined()
    before = desk.last[LORRY]
    (resolved,) = desk.take(a_detection()).detections
    after = desk.last[LORRY]
    assert resolved.aboard == (LORRY,)
    assert (before.control_at, after.control_at) == (None, desk.known_at)
    assert replace(after, version=before.version, known_at=before.known_at, sequence=before.sequence) == replace(
        before, control_at=desk.known_at
    )
    assert extract(after).facts.tolist() == extract(before).facts.tolist()
    assert extract(after).owned == extract(before).owned


def test_a_routine_detection_is_joined_and_bounds_nothing() -> None:
    """It makes no version: nothing is learnt from it, and no decision is closed by it."""
    desk = _joined()
    linked = desk.take(a_detection(**ROUTINE, result=DetectionResult.ALARM))
    assert [each.aboard for each in linked.detections] == [(LORRY,)]
    assert linked.versions == ()


def test_a_declaration_is_found_by_its_mrn() -> None:
    """A directed detection of the goods of an MRN holds the consignment that customs gave it."""
    desk = Desk()
    desk.take(a_roro_entry())
    desk.take(a_response(mrn=MRN))
    (resolved,) = desk.take(a_detection(unit=None, mrn=MRN)).detections
    assert resolved.aboard == (LORRY,)
    assert desk.last[LORRY].control_at == desk.known_at


def test_a_directed_detection_of_an_mrn_waits_for_its_declaration() -> None:
    """The declaration takes what came before it, with the time at which that came, and says by what."""
    desk = Desk()
    (resolved,) = desk.take(a_detection(unit=None, mrn=MRN)).detections
    held_at = desk.known_at
    assert resolved.aboard == ()
    desk.take(a_roro_entry())
    desk.take(a_response(mrn=MRN))
    version = desk.last[LORRY]
    assert version.control_at == held_at
    assert "directed detection on mrn" in {each.key for each in version.links}


def test_another_units_detection_concerns_nobody() -> None:
    """A number that no movement has, or of a crossing weeks away, leaves the record without consignments."""
    desk = _joined()
    stranger = a_detection(unit=Unit(UnitKind.VEHICLE, "ZZ99 ZZZ"))
    later = a_detection(detected_at=ARRIVAL + 30 * DAY, arrival=ARRIVAL + 30 * DAY - HOUR)
    for detection in (stranger, later):
        linked = desk.take(detection)
        assert [each.aboard for each in linked.detections] == [()]
        assert linked.versions == ()


def test_all_aboard_are_held() -> None:
    """One scan of a unit bounds the decision about every consignment on it, an empty lorry's placeholder too."""
    desk = Desk()
    desk.take(a_booking())
    desk.take(a_detection(detected_at=ARRIVAL + MINUTE))
    (version,) = desk.standing()
    assert version.control_at == desk.known_at
