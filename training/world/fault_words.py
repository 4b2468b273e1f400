"""How people get words and numbers wrong: slips of the hand, other spellings of a party, units, editions of the HS."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from msgspec.structs import replace

from aftc.records import Party
from training.world.fault_edits import field, one_of
from training.world.fault_picks import Picks

__all__ = ["OLDER_CODES", "counted", "mistyped", "respelt", "revised", "weighed"]

_PAIRS = ("0O", "1I", "5S", "8B", "2Z", "6G", "UV", "MN", "EF", "PR", "47", "39", "DQ")  # taken for one another
_ALIKE = {pair[place]: pair[1 - place] for pair in _PAIRS for place in (0, 1)}
_TRIES = 12  # at changing what a text identifies; beyond them a sign is doubled

# Subheadings of the Harmonized System of 2022 and one that held the same goods in an earlier edition and is gone.
OLDER_CODES = {
    "030389": "030379", "030617": "030613", "030632": "030622", "060311": "060310", "060319": "060310",
    "070999": "070990", "080310": "080300", "080390": "080300", "080521": "080520", "220291": "220290",
    "220299": "220290", "293399": "293390", "300212": "300210", "300215": "300210", "300241": "300220",
    "382219": "382200", "382499": "382490", "401170": "401161", "440711": "440710", "440712": "440710",
    "480256": "480252", "620140": "620193", "690721": "690790", "851713": "851712", "851762": "851750",
    "851771": "851770", "852589": "852580", "852872": "852812", "853952": "853950", "854142": "854140",
    "854143": "854140", "854231": "854221", "880730": "880330", "940542": "940540", "950300": "950390",
    "950450": "950410", "961900": "481840",
}  # fmt: skip
_NATIONAL_DIGITS = ("00", "10", "90", "99")
_HEADING, _SUBHEADING = 4, 6  # digits

_POUNDS = 220_462  # in 100,000 kg
_MOST_GRAMS = 99_999_999_999  # what a declaration's field of kilograms can hold
_PIECES = (6, 10, 12, 20, 24, 48)  # in a package
_A_PALLET = 40  # packages
_MOST_PACKAGES = 99_999

_SHORT = {
    "ROAD": "Rd", "STREET": "St", "AVENUE": "Ave", "LIMITED": "Ltd", "LTD": "Limited", "COMPANY": "Co", "CO": "Company",
    "TRADING": "Trdg", "TRANSPORT": "Transp.", "INTERNATIONAL": "Intl", "INDUSTRIES": "Ind.", "LOGISTICS": "Log.",
    "SARL": "S.A.R.L.", "GMBH": "G.m.b.H.", "BV": "B.V.", "SL": "S.L.", "SA": "S.A.", "INC": "Incorporated",
}  # fmt: skip
_ACCENTED = {
    "ETABLISSEMENTS": "Établissements", "SOCIETE": "Société", "COMERCIO": "Comércio", "GEBRUEDER": "Gebrüder",
    "ZAKLADY": "Zakłady", "COMERT": "Comerț", "DIS": "Dış",
}  # fmt: skip
_LONG = 5  # letters of a word that is worth cutting
_WITHOUT_MARK = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "đ": "d", "ı": "i"})


def mistyped(text: str, picks: Picks) -> str:
    """The text with one slip of the hand, such that it identifies something else; itself where it has no such sign."""
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    if not places:
        return text
    for _ in range(_TRIES):
        slipped = " ".join(picks.one(_SLIPS)(text, picks.one(places), picks).split())
        if _signs(slipped) not in ("", _signs(text)):
            return slipped
    return text + text[places[-1]]


def _signs(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))


def _swapped(text: str, place: int, _: Picks) -> str:
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def _confused(text: str, place: int, picks: Picks) -> str:
    sign = text[place]
    other = _ALIKE.get(sign.upper(), "") or (str(picks.below(10)) if sign.isdigit() else picks.one("AEIOST"))
    return text[:place] + (other.lower() if sign.islower() else other) + text[place + 1 :]


def _skipped(text: str, place: int, _: Picks) -> str:
    return text[:place] + text[place + 1 :]


def _doubled(text: str, place: int, _: Picks) -> str:
    return text[:place] + text[place] + text[place:]


_SLIPS: tuple[Callable[[str, int, Picks], str], ...] = (_swapped, _swapped, _confused, _confused, _skipped, _doubled)


def respelt(party: Party, picks: Picks) -> Party:
    """The party in another spelling of name or address; itself where it has none."""
    changed: Party = _RESPELT(party, picks)
    return changed


def _abbreviated(text: str, picks: Picks) -> str:
    """One word in its short (or long) form, or cut."""
    words = text.split()
    choices = [place for place, word in enumerate(words) if word.upper() in _SHORT or len(word) > _LONG]
    if not choices:
        return text
    place = picks.one(choices)
    word = words[place]
    short = _SHORT.get(word.upper()) or f"{word[: _LONG - 1]}."
    words[place] = short.upper() if text.isupper() else short
    return " ".join(words)


def _accented(text: str, _: Picks) -> str:
    """The words with the accents that most messages leave out."""
    words = [_ACCENTED.get(word.upper(), word) for word in text.split()]
    return " ".join(words).upper() if text.isupper() else " ".join(words)


def _unaccented(text: str, _: Picks) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_WITHOUT_MARK))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _reordered(text: str, picks: Picks) -> str:
    """The words, beginning with another one."""
    words = text.split()
    first = 1 + picks.below(len(words) - 1) if len(words) > 1 else 0
    return " ".join(words[first:] + words[:first])


def _in_one_word(text: str, _: Picks) -> str:
    return "".join(text.split())


def _without_address(party: Party, _: Picks) -> Party:
    """The city written into the street."""
    if not party.street or not party.city:
        return party
    return replace(party, street=f"{party.street}, {party.city}", city=None)


_RESPELT = one_of(
    field("name", _abbreviated),
    field("name", one_of(_unaccented, _accented, _reordered)),
    field("name", _abbreviated),
    field("street", one_of(_unaccented, _abbreviated)),
    field("street", _reordered),
    field("city", one_of(_unaccented, _abbreviated)),
    field("postcode", _in_one_word),
    _without_address,
)


def weighed(grams: int, picks: Picks) -> int:
    """A mass whose number was meant in grams, tonnes or pounds, read as if in kilograms."""
    in_other_units = (grams * 1_000, grams // 1_000, grams * _POUNDS // 100_000)
    slipped = picks.one(in_other_units)
    return slipped if 0 < slipped <= _MOST_GRAMS else in_other_units[2]


def counted(packages: int, picks: Picks) -> int:
    """A number of packages that counts their pieces, or the pallets they stand on."""
    pieces = packages * picks.one(_PIECES)
    if pieces <= _MOST_PACKAGES and (packages < 2 or picks.uniform() < 0.5):
        return pieces
    return -(-packages // _A_PALLET)


def revised(code: str, picks: Picks) -> str:
    """A commodity code as an older edition has it, or with national digits, or the heading alone."""
    older = OLDER_CODES.get(code)
    if older and picks.uniform() < 0.5:
        return older
    return picks.one((code[:_HEADING], f"{code[:_SUBHEADING]}{picks.one(_NATIONAL_DIGITS)}"))
