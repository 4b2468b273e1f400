"""The audit record's bytes: the same record gives the same bytes, and the bytes give the same record."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.audit.record import AuditRecord, decode, encode
from aftc.errors import AuditError
from aftc.records import Threat
from aftc.scoring import ThreatScore
from aftc.testing import ARRIVAL, a_basis, a_subject, an_assessment

RECORD = AuditRecord("5-0-8", 0, ARRIVAL, "r-1", a_subject(), a_basis(), an_assessment())


def test_bytes_and_record_are_one_to_one() -> None:
    """Encoding twice gives the same bytes; decoding gives an equal record."""
    assert encode(RECORD) == encode(replace(RECORD))
    assert decode(encode(RECORD)) == RECORD


@given(st.floats(allow_nan=False), st.floats(0.0, 1.0))
def test_every_bit_of_a_float_is_kept(margin: float, probability: float) -> None:
    """Margins and probabilities come back with the same 64 bits, negative zero and tiny values included."""
    scored = ThreatScore(Threat.ANY, margin, probability, 5, "all", False)
    record = replace(RECORD, assessment=an_assessment(threats=(scored,)))
    (read,) = decode(encode(record)).assessment.threats
    assert struct.pack("<2d", read.margin, read.probability) == struct.pack("<2d", margin, probability)


@pytest.mark.parametrize("raw", [b"", b"\x00", encode(RECORD)[:-1], b"\x80"])
def test_other_bytes_are_no_record(raw: bytes) -> None:
    """Bytes of another form are an error that says what to do."""
    with pytest.raises(AuditError, match="the version that wrote it"):
        decode(raw)
