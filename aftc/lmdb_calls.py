"""LMDB called by compiled code: the records of many keys read, or written, with no Python between them.

A look-up through the library's Python module makes an object of each record and lets other threads in before and after;
here that happens once for all keys. Both ways lead to the same functions of the same file: the module exports them
(those of LMDB 0.9 begin with `mdb09_`, and an environment opened with `lib_version=0` is theirs), and a transaction is
begun, committed and dropped by the module alone.

What the module does not hand out is a transaction's address. It stands in the Python object three words after the
object of its environment, in the version that the lock files pin; `Calls` looks there and asks LMDB, once an
environment, whether what stands there is the transaction.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, TypeAlias

import lmdb
import numpy as np
from numba import carray, njit, types  # type: ignore[attr-defined]  # numba does not say that it exports carray
from numba.extending import intrinsic
from numpy.typing import NDArray

from aftc.errors import StateError

__all__ = ["LIBRARY_VERSION", "NO_TRANSACTION", "Calls", "fetch", "store"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

LIBRARY_VERSION: Final = 0
"""Of LMDB: 0.9, whatever else the library brings."""

NO_TRANSACTION: Final = 0
"""In place of a transaction that has ended: LMDB refuses it."""

_MODULE: Final = str(import_module("lmdb.cpython").__file__)
_FUNCTIONS: Final = ctypes.CDLL(_MODULE, ctypes.RTLD_GLOBAL)  # where the compiler finds them
_FUNCTIONS.mdb09_txn_id.restype = ctypes.c_size_t
_WORD: Final = ctypes.sizeof(ctypes.c_void_p)
_AFTER_ENVIRONMENT: Final = 3  # words: the parent, the functions, then the transaction
_KEY_BYTES: Final = 8
_NOT_FOUND: Final = -30798
_APPEND: Final = 0x20000
_FOUR: Final = (types.intp, types.uint32, types.voidptr, types.voidptr)  # transaction, database, key, value
_get: Final[Any] = types.ExternalFunction("mdb09_get", types.int32(*_FOUR))
_put: Final[Any] = types.ExternalFunction("mdb09_put", types.int32(*_FOUR, types.uint32))


class Calls:
    """What compiled code must be told to call LMDB on an environment.

    Args:
        environment: Open, of `LIBRARY_VERSION`.
        tables: Their names, which exist.

    Raises:
        StateError: the library is another than the one that the lock files pin.
    """

    __slots__ = ("_place", "databases")

    def __init__(self, environment: lmdb.Environment, tables: Sequence[str]) -> None:
        with environment.begin() as transaction:
            words = (ctypes.c_size_t * (type(transaction).__basicsize__ // _WORD)).from_address(id(transaction))
            place = list(words).index(id(environment)) + _AFTER_ENVIRONMENT
            handle, number = words[place], ctypes.c_uint()
            if _FUNCTIONS.mdb09_txn_id(ctypes.c_void_p(handle)) != transaction.id():
                raise StateError("the lmdb module of the lock files", lmdb.__version__, advice="run 'make'")
            self._place = place * _WORD
            self.databases: dict[str, int] = {}
            for name in tables:
                _FUNCTIONS.mdb09_dbi_open(ctypes.c_void_p(handle), name.encode(), 0, ctypes.byref(number))
                self.databases[name] = number.value

    def handle(self, transaction: lmdb.Transaction) -> int:
        """Address of a transaction, for as long as it lasts."""
        return ctypes.c_size_t.from_address(id(transaction) + self._place).value


def _to_pointer(_context: Any, _address: Any) -> Any:
    """An address as a pointer."""

    def generated(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.intp), generated


_pointer: Final[Any] = intrinsic(_to_pointer)


@njit(cache=True, nogil=True)
def fetch(transaction: int, database: int, keys: Integers) -> tuple[int, Octets, Integers]:
    """Records of keys, one after the other.

    Args:
        transaction: As of `Calls`.
        database: Likewise.
        keys: [n].

    Returns:
        -1, or the place of a key that could not be looked up; the bytes; and each record's length [n], -1 where there
        is none.
    """
    word, key, value = np.empty(1, np.int64), np.empty(2, np.int64), np.empty(2, np.int64)
    key[0], key[1] = _KEY_BYTES, word.ctypes.data
    lengths, begins, size = np.full(keys.size, -1, np.int64), np.empty(keys.size, np.int64), 0
    for place in range(keys.size):
        word[0] = keys[place]
        fault = _get(transaction, database, key.ctypes, value.ctypes)
        if fault == 0:
            lengths[place], begins[place] = value[0], value[1]
            size += value[0]
        elif fault != _NOT_FOUND:
            return place, np.empty(0, np.uint8), lengths
    raw, at = np.empty(size, np.uint8), 0
    for place in range(keys.size):
        if lengths[place] > 0:
            record, to = carray(_pointer(begins[place]), (lengths[place],), np.uint8), raw[at : at + lengths[place]]
            for each in range(to.size):
                to[each] = record[each]
            at += lengths[place]
    return -1, raw, lengths


@njit(cache=True, nogil=True)
def store(transaction: int, database: int, keys: Integers, raw: Octets, ends: Integers, append: bool) -> int:
    """Set the records of keys; where one has no bytes, what stands there stays.

    Args:
        transaction: As of `Calls`, one that writes.
        database: Likewise.
        keys: [n].
        raw: The records, one after the other.
        ends: [n + 1]: where the first begins, and where each ends.
        append: Whether all come after what the table holds, in key order.

    Returns:
        -1, or the place of a key whose record could not be written.
    """
    word, key, value = np.empty(1, np.int64), np.empty(2, np.int64), np.empty(2, np.int64)
    key[0], key[1] = _KEY_BYTES, word.ctypes.data
    flags = _APPEND if append else 0
    for place in range(keys.size):
        if ends[place + 1] > ends[place]:
            word[0] = keys[place]
            value[0], value[1] = ends[place + 1] - ends[place], raw.ctypes.data + ends[place]
            if _put(transaction, database, key.ctypes, value.ctypes, flags) != 0:
                return place
    return -1
