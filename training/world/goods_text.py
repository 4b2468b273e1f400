"""Goods text: how a trader writes what is shipped, on one paper and on the next.

A trader has habits: language, case, abbreviations, accents, a brand, where counts and sizes stand. One paper differs
from the next in small things: other words, a count left out, a misspelling. Nothing but the numbers handed in decides
a text, and nothing in it depends on what else is aboard.
"""

from __future__ import annotations

from functools import cache
from unicodedata import combining, normalize

from training.world.goods import COMMODITIES, VAGUE_WORDS
from training.world.goods_words import FURTHER_WORDS, LANGUAGES

__all__ = ["describe"]

_MASK = (1 << 64) - 1
_ODD = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio: spreads neighbouring numbers
_OWN_LANGUAGE = 22  # of a hundred traders abroad: those who write their own language
_MISSPELT, _OTHER_WORDS, _SHORT = 6, 15, 20  # of a hundred papers
_VAGUE_ABROAD = 40  # of a hundred vague texts by those who write their own language: those written in it

_ABBREVIATIONS = {
    "ASSORTED": "ASSTD", "BOTTLES": "BTLS", "BOXES": "BXS", "CARTONS": "CTNS", "CERAMIC": "CER", "CHILLED": "CHLD",
    "COTTON": "COTT", "ELECTRONIC": "ELEC", "FRESH": "FRSH", "FROZEN": "FRZ", "GREEN": "GRN", "KNITTED": "KNTD",
    "LAMPS": "LMPS", "MEN'S": "MENS", "ORGANIC": "ORG", "PACKED": "PKD", "PLASTIC": "PLAS", "PORTABLE": "PORT",
    "RETAIL": "RTL", "SPORTS": "SPRT", "STEEL": "STL", "SURGICAL": "SURG", "TABLETS": "TABS", "TROUSERS": "TRSRS",
    "WIRELESS": "WRLS", "WITH": "W/", "WITHOUT": "W/O", "WOODEN": "WDN", "WHOLE": "WHL",
}  # fmt: skip
_PACKAGES = {
    "BG": ("BAGS", "SACKS"), "BL": ("BALES", "BLS"), "BX": ("BOXES", "BXS"), "CR": ("CRATES", "CRTS"),
    "CT": ("CTNS", "CARTONS", "BXS"), "DR": ("DRUMS", "DRMS"), "PC": ("PCS", "PIECES"), "PX": ("PALLETS", "PLTS"),
    "RO": ("ROLLS", "RLS"),
}  # fmt: skip
_BRANDS = (
    "Arvela", "Bonito Sol", "Cresta", "Delmira", "Ekora", "Fenwyn", "Granvale", "Hastora", "Ilmara", "Jantro", "Kivora",
    "Lumira", "Montarel", "Nordelle", "Orvani", "Primavel", "Quorra", "Rivolta", "Sanvero", "Tolmar", "Umbrio",
    "Verdasol", "Wexlin", "Yolanta", "Zefira",
)  # fmt: skip

# Words too wide to identify goods, by the first chapter that they serve.
_CLASSES = (
    ("01", ("Foodstuffs", "Food products", "Mixed provisions")),
    ("25", ("Chemicals", "Industrial products", "Materials")),
    ("39", ("Plastic products", "Plastic articles")),
    ("44", ("Household products", "Materials", "Mixed supplies")),
    ("50", ("Textile products", "Clothing", "Articles of apparel")),
    ("64", ("Personal accessories", "Consumables")),
    ("68", ("Materials", "Industrial supplies")),
    ("82", ("Tools", "Hardware", "Metal products")),
    ("84", ("Machinery parts", "Spare parts", "Machine components")),
    ("85", ("Electronics", "Electronics spares", "Electronics components")),
    ("86", ("Vehicle parts", "Spares")),
    ("90", ("Equipment", "Appliances")),
    ("94", ("Household effects", "Gifts", "Mixed articles")),
)
_NOTHING = (*VAGUE_WORDS, "Gift", "Sundries", "FAK", "Merchandise", "Consumables", "Personal effects", "Mixed supplies")
_NOTHING_ABROAD = {
    "de": ("Verschiedene Waren", "Sammelgut"), "es": ("Mercancías varias", "Carga general"),
    "fr": ("Marchandises diverses",), "nl": ("Diverse goederen", "Stukgoed"), "pl": ("Rozne towary",),
    "pt": ("Mercadorias diversas",), "ro": ("Marfuri diverse",), "tr": ("Muhtelif esya",), "vi": ("Hang tong hop",),
    "zh": ("Zahuo", "Riyong pin"),
}  # fmt: skip


def describe(commodity: int, country: str, habit: int, pick: int, *, vague: bool = False, packages: int = 0) -> str:
    """What a paper says of goods, in letters of ISO 8859-1 and below a hundred signs.

    Args:
        commodity: Index in `COMMODITIES`.
        country: Origin, ISO 3166 alpha-2: its trade languages are written now and then.
        habit: Who writes, as the consignor's index: equal habits give like texts.
        pick: What differs from paper to paper, any number from 0: equal picks give equal texts.
        vague: Whether the words say nothing that identifies the goods.
        packages: Number that the text may state; 0 for none.
    """
    habits = _mixed(habit * 512 + commodity)
    picks = _mixed(pick)
    language = _language(country, habits % 100, habits >> 8)
    if vague:
        return _vague(commodity, language, habits >> 12, picks, packages)
    phrases = _phrases(commodity, language, _style(habits >> 16))
    chosen = habits >> 20 if picks % 100 >= _OTHER_WORDS else picks >> 8
    text = phrases[chosen % len(phrases)]
    if (picks >> 16) % 100 < _MISSPELT:
        text = _misspelt(text, picks >> 24)
    if (picks >> 40) % 100 < _SHORT:
        return text
    return _laid_out(commodity, text, habits >> 28, packages)


def _mixed(number: int) -> int:
    """Sixty-four bits that look random, from a number."""
    number = (number + 1) * _ODD & _MASK
    number = (number ^ number >> 29) * _ODD & _MASK
    return number ^ number >> 32


def _language(country: str, share: int, pick: int) -> str:
    own = LANGUAGES.get(country)
    return own[pick % len(own)] if own and share < _OWN_LANGUAGE else "en"


def _style(pick: int) -> int:
    """Style of a trader: as the words are (0), in capitals (1, most often), abbreviated (2) or in small letters (3)."""
    return (0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3)[pick % 12] + 4 * (pick // 12 % 2)


@cache
def _phrases(commodity: int, language: str, style: int) -> tuple[str, ...]:
    """The words for goods in a language (else English) and a style; styles from 4 go without accents."""
    own = COMMODITIES[commodity]
    further = FURTHER_WORDS[own.hs_code]
    english = own.words + further["en"]
    return tuple(_styled(words, style) for words in further.get(language, english))


def _styled(words: str, style: int) -> str:
    if style >= 4:
        words = "".join(sign for sign in normalize("NFKD", words.replace("ß", "ss")) if not combining(sign))
    form = style % 4
    if form == 2:
        marked = words.upper().replace(",", " ,").split(" ")
        return " ".join(_ABBREVIATIONS.get(word, word) for word in marked).replace(" ,", "")
    return (words, words.upper(), "", words.lower())[form]


def _laid_out(commodity: int, text: str, habit: int, packages: int) -> str:
    """A text with what its writer puts beside it: brand, size, count, code, or nothing."""
    own = COMMODITIES[commodity]
    form, habit = habit % 16, habit >> 4
    nouns = _PACKAGES[own.package_kind]
    noun = nouns[habit % len(nouns)]
    if form < 3 and packages > 1:
        return f"{packages} {noun} {text}"
    if form < 5 and packages > 1:
        return f"{packages} {noun} S.T.C. {text}"
    if form < 7 and packages > 1:
        size = own.package_kg + (habit >> 2) % 5 * own.package_kg / 20
        return f"{text} {size:.2f}KG {noun}" if habit >> 5 & 1 else f"{text} {size:.0f} kg {noun.lower()}"
    if form < 9:
        brand = _BRANDS[(habit >> 2) % len(_BRANDS)]
        return f"{text} brand {brand}" if habit >> 7 & 1 else f"{brand.upper()} {text}"
    if form == 9:
        return f"{text} HS {own.hs_code[:4]}.{own.hs_code[4:]}"
    if form == 10:
        return f"{text} REF {1000 + (habit >> 2) % 9000}"
    return text


def _vague(commodity: int, language: str, habit: int, pick: int, packages: int) -> str:
    """Words that say nothing, a class too wide, or either of these with a count."""
    abroad = _NOTHING_ABROAD.get(language)
    if abroad and pick % 100 < _VAGUE_ABROAD:
        words: tuple[str, ...] = abroad
    else:
        words = _NOTHING if (pick >> 8) % 5 < 3 else _class_words(commodity)
    text = words[(pick >> 12) % len(words)]
    if habit % 3:
        text = text.upper()
    if packages > 1 and (pick >> 20) % 4 == 0:
        noun = _PACKAGES[COMMODITIES[commodity].package_kind][0]
        return f"{packages} {noun} S.T.C. {text}" if pick >> 24 & 1 else f"{packages} {noun} {text}"
    return text


@cache
def _class_words(commodity: int) -> tuple[str, ...]:
    chapter = COMMODITIES[commodity].hs_code[:2]
    return next(words for first, words in reversed(_CLASSES) if first <= chapter)


def _misspelt(text: str, pick: int) -> str:
    """A text with one slip of the finger in a letter after the first: left out, doubled, swapped or another."""
    place = 1 + (pick >> 3) % (len(text) - 2)
    before, sign, after = text[:place], text[place], text[place + 1 :]
    if not sign.isalpha():
        return text
    slip = pick % 4
    if slip == 0:
        return before + after
    if slip == 1:
        return before + sign + sign + after
    if slip == 2:
        return before + after[:1] + sign + after[1:]
    return before + ("E" if sign.isupper() else "e") + after
