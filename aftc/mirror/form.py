"""How a mirror stands in Redis, and the scripts that read and change it.

All keys begin with one tag. `TAG` itself is a hash: the form, the store that it mirrors, the publisher's epoch, and
which generation is current. A generation holds a hash for each table, and in `TAG:G:at`

    version     the last commit that is whole
    applying    the commit that is being written, if any
    oldest      the first version whose snapshots can still be read
    commit      the state's own name of the version's commit
    beat        when its publisher last had nothing to add (seconds, the server's clock)
    known_at    of the newest message of the journal then

A commit first makes itself known as `applying`; then, piece by piece, each script keeps what a key held before in
`TAG:G:undo:V:TABLE` and writes what it holds now; last, `version` moves. A reader of version v takes for each key what
the first of the commits after v kept of it, else what stands: so it sees v and nothing else, amid a commit and after.

Every hash of a table holds one field of no name. Where it lacks, the server has thrown the table away.
"""

from __future__ import annotations

import struct
from typing import Final
from zlib import crc32

from aftc.errors import StateError
from aftc.state import TABLES

__all__ = [
    "APPLY",
    "ARRIVE",
    "BEAT",
    "BEGIN",
    "COMMIT",
    "DROP",
    "FILL",
    "FLIP",
    "FORM",
    "MIRRORED",
    "OPEN",
    "PUBLISH",
    "READ",
    "REFILL",
    "RESTORE",
    "ROLL_BACK",
    "SLICE",
    "TAG",
    "TRIM",
    "sealed",
    "unsealed",
]

FORM: Final = "2"
TAG: Final = "{aftc:state}"
"""Braces: in a cluster all keys that begin so stand on one node."""

MIRRORED: Final = tuple(table for table in TABLES if table != "examinations")
"""No score reads examinations: the fold alone does."""

PUBLISH: Final = "run 'aftc state publish --redis URL' where the store is"
REFILL: Final = "run 'aftc state publish --redis URL --whole' where the store is"
SLICE: Final = 1_000  # keys in one command: Lua hands over at most some eight thousand words at once

_CHECK: Final = struct.Struct("<I")


def sealed(table: str, key: bytes, value: bytes) -> bytes:
    """A value with a check of itself and of where it belongs."""
    return value + _CHECK.pack(crc32(value, crc32(key, crc32(table.encode()))))


def unsealed(table: str, key: bytes, raw: bytes) -> bytes:
    """The value.

    Raises:
        StateError: it fails its check.
    """
    value = raw[: -_CHECK.size]
    if sealed(table, key, value) != raw:
        found = "one that fails its check"
        raise StateError("a sound record of the mirror", found, advice=REFILL, subject=f"{table} {key!r}")
    return value


_LOOK: Final = """
local function look(base, since, last, name, first, stop, found)
  local place = base .. ':' .. name
  for from = first, stop, 1000 do
    local to = math.min(from + 999, stop)
    local values = redis.call('HMGET', place, '', unpack(ARGV, from, to))
    if not values[1] then return false end
    for version = last, since + 1, -1 do
      local before = redis.call('HMGET', base .. ':undo:' .. version .. ':' .. name, unpack(ARGV, from, to))
      for at, value in ipairs(before) do
        if value then values[at + 1] = string.byte(value) == 49 and string.sub(value, 2) end
      end
    end
    for at = 2, #values do found[#found + 1] = values[at] end
  end
  return true
end
"""

OPEN: Final = (
    _LOOK
    + """
local top = redis.call('HMGET', KEYS[1], 'form', 'generation')
if not top[2] then return {'none'} end
if top[1] ~= ARGV[1] then return {'form', top[1]} end
local base = KEYS[1] .. ':' .. top[2]
local at = redis.call('HMGET', base .. ':at', 'version', 'applying', 'beat', 'known_at')
if not at[1] then return {'lost'} end
local found = {}
if not look(base, tonumber(at[1]), tonumber(at[2] or at[1]), 'meta', 2, #ARGV, found) then return {'lost'} end
return {'ok', top[2], at[1], redis.call('TIME')[1], at[3], at[4], found}
"""
)
"""ARGV: form, keys of `meta`. The current version, the clock, and these values."""

READ: Final = (
    _LOOK
    + """
local base, since = KEYS[1] .. ':' .. ARGV[1], tonumber(ARGV[2])
local at = redis.call('HMGET', base .. ':at', 'version', 'applying', 'oldest')
if not at[1] or since < tonumber(at[3]) or since > tonumber(at[1]) then return {'gone'} end
local found, place = {}, 3
while place < #ARGV do
  local stop = place + 1 + tonumber(ARGV[place + 1])
  if not look(base, since, tonumber(at[2] or at[1]), ARGV[place], place + 2, stop, found) then return {'lost'} end
  place = stop + 1
end
return {'ok', found}
"""
)
"""ARGV: generation, version, then for each table its name, how many keys, and these. Their values in this order."""

_EPOCH: Final = """
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
if epoch ~= ARGV[1] then return {'epoch', epoch} end
"""

_FENCE: Final = (
    _EPOCH
    + """
local base = KEYS[1] .. ':' .. ARGV[2]
"""
)

BEGIN: Final = """
local store = redis.call('HGET', KEYS[1], 'store')
if store and store ~= ARGV[1] then return {'store', store} end
local form = redis.call('HGET', KEYS[1], 'form')
if form and form ~= ARGV[2] then return {'form', form} end
redis.call('HSET', KEYS[1], 'store', ARGV[1], 'form', ARGV[2])
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
local generation = redis.call('HGET', KEYS[1], 'generation')
local at = {}
if generation then
  at = redis.call('HMGET', KEYS[1] .. ':' .. generation .. ':at', 'version', 'applying', 'oldest', 'commit')
end
return {'ok', tostring(epoch), generation or '', at, redis.call('SMEMBERS', KEYS[1] .. ':made')}
"""
"""ARGV: store, form. From now on the former publisher's scripts change nothing."""

ARRIVE: Final = (
    _EPOCH
    + """
local generation = redis.call('HINCRBY', KEYS[1], 'generations', 1)
redis.call('SADD', KEYS[1] .. ':made', generation)
return {'ok', tostring(generation)}
"""
)
"""ARGV: epoch. A new generation, empty, that nobody reads yet."""

FILL: Final = (
    _FENCE
    + """
if redis.call('SISMEMBER', KEYS[1] .. ':made', ARGV[2]) == 0 then return {'version'} end
redis.call('HSET', base .. ':' .. ARGV[3], unpack(ARGV, 4))
return {'ok'}
"""
)
"""ARGV: epoch, generation, table, keys and values."""

FLIP: Final = (
    _FENCE
    + """
redis.call('HSET', base .. ':at', 'version', 1, 'oldest', 1, 'commit', ARGV[3], 'known_at', ARGV[4],
  'beat', redis.call('TIME')[1])
redis.call('HSET', KEYS[1], 'generation', ARGV[2])
return {'ok'}
"""
)
"""ARGV: epoch, generation, commit, known-at of the journal."""

_EXPECTED: Final = (
    _FENCE
    + """
if redis.call('HGET', base .. ':at', 'version') ~= ARGV[3] then return {'version'} end
"""
)

APPLY: Final = (
    _EXPECTED
    + """
local version = tonumber(ARGV[3]) + 1
redis.call('HSET', base .. ':at', 'applying', version)
local place = base .. ':' .. ARGV[4]
local undo = base .. ':undo:' .. version .. ':' .. ARGV[4]
for at = 5, #ARGV, 2 do
  local before = redis.call('HGET', place, ARGV[at])
  if before ~= ARGV[at + 1] then
    redis.call('HSETNX', undo, ARGV[at], before and '1' .. before or '0')
    redis.call('HSET', place, ARGV[at], ARGV[at + 1])
  end
end
return {'ok'}
"""
)
"""ARGV: epoch, generation, version before, table, keys and values."""

COMMIT: Final = (
    _EXPECTED
    + """
redis.call('HSET', base .. ':at', 'version', tonumber(ARGV[3]) + 1, 'commit', ARGV[4])
redis.call('HDEL', base .. ':at', 'applying')
return {'ok'}
"""
)
"""ARGV: epoch, generation, version before, commit."""

BEAT: Final = (
    _EXPECTED
    + """
redis.call('HSET', base .. ':at', 'known_at', ARGV[4], 'beat', redis.call('TIME')[1])
return {'ok'}
"""
)
"""ARGV: epoch, generation, version, known-at of the journal."""

RESTORE: Final = (
    _EXPECTED
    + """
local place = base .. ':' .. ARGV[4]
local undo = base .. ':undo:' .. (tonumber(ARGV[3]) + 1) .. ':' .. ARGV[4]
for at = 5, #ARGV do
  local before = redis.call('HGET', undo, ARGV[at])
  if before then
    if string.byte(before) == 49 then redis.call('HSET', place, ARGV[at], string.sub(before, 2))
    else redis.call('HDEL', place, ARGV[at]) end
  end
end
return {'ok'}
"""
)
"""ARGV: epoch, generation, version before, table, keys: what they held before the commit that was not ended."""

ROLL_BACK: Final = (
    _EXPECTED
    + """
for at = 4, #ARGV do redis.call('UNLINK', base .. ':undo:' .. (tonumber(ARGV[3]) + 1) .. ':' .. ARGV[at]) end
redis.call('HDEL', base .. ':at', 'applying')
return {'ok'}
"""
)
"""ARGV: epoch, generation, version before, tables: forget that commit, all of whose keys are restored."""

TRIM: Final = (
    _FENCE
    + """
local oldest = tonumber(redis.call('HGET', base .. ':at', 'oldest'))
redis.call('HSET', base .. ':at', 'oldest', ARGV[3])
for version = oldest + 1, tonumber(ARGV[3]) do
  for at = 4, #ARGV do redis.call('UNLINK', base .. ':undo:' .. version .. ':' .. ARGV[at]) end
end
return {'ok'}
"""
)
"""ARGV: epoch, generation, version, tables: snapshots before this version are no longer read."""

DROP: Final = (
    _FENCE
    + """
if redis.call('HGET', KEYS[1], 'generation') == ARGV[2] then return {'version'} end
local at = redis.call('HMGET', base .. ':at', 'oldest', 'applying', 'version')
redis.call('UNLINK', base .. ':at')
for place = 3, #ARGV do
  redis.call('UNLINK', base .. ':' .. ARGV[place])
  if at[1] then
    for version = tonumber(at[1]) + 1, tonumber(at[2] or at[3]) do
      redis.call('UNLINK', base .. ':undo:' .. version .. ':' .. ARGV[place])
    end
  end
end
redis.call('SREM', KEYS[1] .. ':made', ARGV[2])
return {'ok'}
"""
)
"""ARGV: epoch, generation, tables: take a generation away that is not current."""
