"""Private consignees of parcels: invented people and addresses, from numbers alone.

Nobody is stored: a person's number always gives the same initials and surname, an address's number the same address,
in every week of a world. So several people can share an address, and one can have parcels sent to several. Surnames
and towns are put together from syllables, and postcodes begin with a letter with which no British one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from aftc.records import Party
from training.world.draws import DIGITS
from training.world.name_parts import STARTS, STREETS, WAYS
from training.world.parameters import Ints

__all__ = ["parcel_addresses", "private_consignees"]

_FIRST = (
    "Bra", "Cle", "Dro", "Eld", "Fro", "Gri", "Hes", "Ird", "Kel", "Lud", "Mor", "Nes", "Olb", "Pra", "Rud", "Ske",
    "Tre", "Ulm", "Vos", "Wen", "Yel", "Zor",
)  # fmt: skip
_SECOND = (
    "ba", "chi", "de", "fo", "gu", "ke", "li", "mo", "nda", "pe", "ro", "shi", "tu", "ve", "wa", "zi",
)  # fmt: skip
_THIRD = (
    "ck", "dler", "ford", "gan", "kins", "lby", "mar", "nd", "nova", "pski", "ran", "rgh", "sh", "tt", "vic", "zar",
)  # fmt: skip
_TOWN_ENDS = ("bourne", "bridge", "bury", "combe", "field", "ford", "ham", "leigh", "mouth", "stow", "ton", "wick")
_INITIALS = "ABCDEFGHJKLMNPRSTW"
_AREAS, _LETTERS = "QVX", "ABDEFGHJLNPQRSTUWXYZ"  # of postcodes: the first letter, and the others
_TOWNS = 600
_FLATS, _UNITS = 22, 2  # of a hundred addresses: flats, and units of shared premises

_Pick = Callable[[int], Ints]


def private_consignees(key: int, people: Ints, addresses: Ints) -> list[Party]:
    """Who parcels are for: initials and surname, at an address in Britain; no EORI number.

    Args:
        key: Of the world, any number; another key gives other people and places.
        people: int64, number of each consignee, from 0.
        addresses: int64, number of each one's address, from 0.
    """
    pick = _picker(people, key)
    first, second = _each(_INITIALS, pick(1)), _each(_INITIALS, pick(2))
    single = pick(3) % 3 > 0
    surnames = [_each(part, pick(4 + place)) for place, part in enumerate((_FIRST, _SECOND, _THIRD))]
    rows = zip(first, second, single.tolist(), *surnames, parcel_addresses(key, addresses), strict=True)
    return [
        Party(None, f"{one if alone else f'{one} {two}'} {start}{middle}{end}", street, town, postcode, "GB")
        for one, two, alone, start, middle, end, (street, town, postcode) in rows
    ]


def parcel_addresses(key: int, addresses: Ints) -> list[tuple[str, str, str]]:
    """Street, town and postcode of each address number: the postcode's area is the town's."""
    pick = _picker(addresses, key ^ 0x5AD)
    town = pick(1) % _TOWNS
    of_town = _picker(town, key ^ 0x70)
    towns = zip(_each(STARTS, of_town(1)), _each(_TOWN_ENDS, of_town(2)), strict=True)
    areas = zip(_each(_AREAS, of_town(3)), _each(_LETTERS, of_town(4)), (pick(2) % 28 + 1).tolist(), strict=True)
    inward = zip(_each(DIGITS, pick(3)), _each(_LETTERS, pick(4)), _each(_LETTERS, pick(5)), strict=True)
    doors = zip((pick(6) % 160 + 1).tolist(), (pick(7) % 100).tolist(), (pick(8) % 24 + 1).tolist(), strict=True)
    streets = zip(_each(STREETS, pick(9)), _each(WAYS, pick(10)), strict=True)
    return [
        (f"{_door(*door)} {' '.join(street)}", "".join(town), f"{first}{second}{district} {''.join(last)}")
        for door, street, town, (first, second, district), last in zip(
            doors, streets, towns, areas, inward, strict=True
        )
    ]


def _door(number: int, share: int, flat: int) -> str:
    if share < _UNITS:
        return f"Unit {flat}, {number}"
    return f"Flat {flat}, {number}" if share < _FLATS else str(number)


def _picker(numbers: Ints, key: int) -> _Pick:
    """Picks that look random, from numbers and the place of the pick: 31 bits each."""
    base = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key & (2**64 - 1))

    def pick(place: int) -> Ints:
        mixed = (base ^ np.uint64(place * 0xD1B54A32D192ED03 & (2**64 - 1))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        return np.asarray(mixed >> np.uint64(33), dtype=np.int64)

    return pick


def _each(choices: Sequence[str], picks: Ints) -> list[str]:
    return [choices[pick] for pick in (picks % len(choices)).tolist()]
