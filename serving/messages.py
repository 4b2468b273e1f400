"""Wire messages to records and back: checked field by field, so that nothing unusable reaches a score.

The decoders are compiled once from the records' types; a field of a record and its wire field have the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from google.protobuf.message import Message as Wire
from msgspec import Struct

from aftc.errors import InputError
from aftc.records import ConsignmentVersion, Examination, GoodsMovement
from serving.wire import scorer_pb2

__all__ = ["decode_consignment", "decode_examination", "encode", "enum_of", "enum_value"]

MASS_LIMIT_G = 10**12  # a million tonnes: above any ship's cargo, and sums of it stay far inside int64
MONEY_LIMIT = 10**15  # thousandths: the twelve digits of an amount that Cargo-XML can state
COUNT_LIMIT = 10**9  # packages, versions, minutes: above any real count
INSTANT_LIMIT = 253_402_300_800_000_000  # 10000-01-01T00:00Z, the end of what a date can hold, microseconds
TEXT_LIMIT = 4_096  # characters; the longest field of the native messages has 512

_Record = TypeVar("_Record", ConsignmentVersion, Examination)
_Read = Callable[[Any], Any]

_REQUIRED = object()
# What the wire may leave out, or never has, although the record's type demands a value.
_ABSENT: Mapping[tuple[type, str], Any] = {
    (GoodsMovement, "inspection_required"): None,
    (GoodsMovement, "report_to"): (),
    (ConsignmentVersion, "control_at"): None,
    (ConsignmentVersion, "joined_into"): None,
    (ConsignmentVersion, "consignment_id"): "",
    (ConsignmentVersion, "version"): 1,
    (ConsignmentVersion, "known_at"): 0,
    (ConsignmentVersion, "sequence"): 0,
}
_SIGNED = frozenset({"turnaround_minutes"})  # an earlier arrival may be stated later than this departure


def decode_consignment(wire: scorer_pb2.Consignment) -> ConsignmentVersion:
    """The consignment that a caller gives inline.

    Its id is empty, and its known-at and sequence are 0, where the caller did not set them.

    Raises:
        InputError: a field that is missing, out of range or unknown; the subject names it.
    """
    version = _CONSIGNMENT(wire)
    if version.movements and len(version.movements) != len(version.units):
        raise InputError("one movement per unit, or none", f"{len(version.movements)} for {len(version.units)} units")
    return version


def decode_examination(wire: scorer_pb2.Examination) -> Examination:
    """The outcome that a caller records.

    Raises:
        InputError: a field that is missing, out of range or unknown; the subject names it.
    """
    return _EXAMINATION(wire)


def encode(record: Struct, wire: Wire) -> None:
    """Write a record into its wire message: the decoder's inverse, for clients and tests."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if value is None or name not in wire.DESCRIPTOR.fields_by_name:
            continue
        if isinstance(value, tuple):
            target = getattr(wire, name)
            for each in value:
                encode(each, target.add()) if isinstance(each, Struct) else target.append(each)
        elif isinstance(value, Struct):
            getattr(wire, name).SetInParent()
            encode(value, getattr(wire, name))
        else:
            setattr(wire, name, enum_value(value) if isinstance(value, StrEnum) else value)


def enum_value(member: StrEnum) -> Any:
    """Wire number of a record's enumeration member (the stubs have a type of their own for each)."""
    return _WIRE_VALUES[type(member)][member]


def enum_of(kind: type[StrEnum], number: int) -> StrEnum | None:
    """Member of a wire number; None where unspecified.

    Raises:
        InputError: a number that this version of the contract does not know.
    """
    if number == 0:
        return None
    member = _MEMBERS[kind].get(number)
    if member is None:
        raise InputError(f"a {kind.__name__} of the contract", str(number))
    return member


def _decoder(record: type[_Record]) -> Callable[[Any], _Record]:
    return cast(Callable[[Any], _Record], _compile(record))


def _compile(record: type[Any]) -> _Read:
    """The reader of one record type: absent values, overwritten by the wire's fields that are set."""
    wire = scorer_pb2.DESCRIPTOR.message_types_by_name[_WIRE_NAMES.get(record.__name__, record.__name__)]
    hints = get_type_hints(record)
    names = record.__struct_fields__
    absent = [_absent(record, name, hints[name]) for name in names]
    required = [place for place, value in enumerate(absent) if value is _REQUIRED]
    readers = {
        wire.fields_by_name[name].number: (place, _reader(name, record.__annotations__[name], hints[name]))
        for place, name in enumerate(names)
        if name in wire.fields_by_name
    }

    def read(message: Any) -> Any:
        values = absent.copy()
        for field, value in message.ListFields():
            place, reader = readers[field.number]
            try:
                values[place] = reader(value)
            except InputError as error:
                subject = f"{field.name}.{error.subject}" if error.subject else field.name
                raise InputError(error.expected, error.found, advice=error.advice, subject=subject) from None
        for place in required:
            if values[place] is _REQUIRED:
                raise InputError("a value", "nothing", subject=names[place])
        return record(*values)

    return read


def _absent(record: type[Any], name: str, hint: Any) -> Any:
    """What the record holds where the wire does not set the field."""
    if (record, name) in _ABSENT:
        return _ABSENT[record, name]
    if get_origin(hint) is tuple:
        return ()
    if isinstance(hint, UnionType):
        return None
    return hint() if hint in (int, bool, float) else _REQUIRED


def _reader(name: str, stated: str, hint: Any) -> _Read:
    """The reader of one field that is set, given its annotation as written and as it resolves."""
    if get_origin(hint) is tuple:
        each = _value(name, stated, get_args(hint)[0])
        return lambda values: tuple([each(value) for value in values])
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    return _value(name, stated, hint)


def _value(name: str, stated: str, kind: Any) -> _Read:
    """The reader of one value of a kind."""
    if issubclass(kind, Struct):
        return _compile(kind)
    if issubclass(kind, StrEnum):
        return lambda number: enum_of(kind, number)
    if kind is str:
        return _text
    if kind is float:
        return _share
    if kind is bool:
        return bool
    if name in _SIGNED:
        return lambda value: _number(abs(value), COUNT_LIMIT) and value
    limit = MASS_LIMIT_G if name.endswith("_g") else COUNT_LIMIT
    if name == "thousandths":
        limit = MONEY_LIMIT
    if "Instant" in stated or name == "sequence":
        limit = INSTANT_LIMIT
    return lambda value: _number(value, limit)


def _text(value: str) -> str:
    if len(value) > TEXT_LIMIT:
        raise InputError(f"at most {TEXT_LIMIT} characters", f"{len(value)}")
    return value


def _number(value: int, limit: int) -> int:
    if not 0 <= value <= limit:
        raise InputError(f"a whole number from 0 to {limit}", str(value))
    return value


def _share(value: float) -> float:
    if not (isfinite(value) and 0.0 <= value <= 1.0):
        raise InputError("a number from 0 to 1", str(value))
    return value


def _wire_values(name: str, kind: type[StrEnum]) -> dict[StrEnum, int]:
    wire = scorer_pb2.DESCRIPTOR.enum_types_by_name[name]
    prefix = wire.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return {member: wire.values_by_name[prefix + member.name].number for member in kind}


def _enumerations() -> dict[type[StrEnum], dict[StrEnum, int]]:
    from aftc import records

    kinds = (getattr(records, name) for name in scorer_pb2.DESCRIPTOR.enum_types_by_name if hasattr(records, name))
    return {kind: _wire_values(kind.__name__, kind) for kind in kinds}


_WIRE_VALUES = _enumerations()
_MEMBERS = {kind: {number: member for member, number in values.items()} for kind, values in _WIRE_VALUES.items()}
_WIRE_NAMES = {"ConsignmentVersion": "Consignment"}
_CONSIGNMENT = _decoder(ConsignmentVersion)
_EXAMINATION = _decoder(Examination)
