"""What invented names are put together from, and the forms of postcodes and registrations by country.

L stands for a letter and D for a digit. No British postcode begins with X.
"""

from __future__ import annotations

__all__ = [
    "AVIATION",
    "ENDS",
    "HAULAGE",
    "LEGAL_FORMS",
    "LOCAL_TRADES",
    "MIDDLES",
    "POSTCODES",
    "REGISTRATIONS",
    "SHIPS",
    "STARTS",
    "STREETS",
    "TRADES",
    "WAYS",
]

STARTS = (
    "Al", "Bar", "Bel", "Bri", "Cam", "Cor", "Dal", "Dor", "El", "Fal", "Fen", "Gal", "Gor", "Hal", "Hol", "Il",
    "Jan", "Jun", "Kal", "Kor", "Lan", "Lor", "Mal", "Mar", "Mel", "Nal", "Nor", "Or", "Ost", "Pal", "Pel", "Per",
    "Quin", "Ral", "Ras", "Ros", "San", "Sil", "Sol", "Sten", "Tal", "Tav", "Ter", "Tor", "Ul", "Val", "Vel", "Ver",
    "Wal", "Wes", "Yar", "Zan",
)  # fmt: skip
MIDDLES = (
    "", "", "a", "an", "ar", "be", "da", "di", "e", "en", "er", "fi", "ga", "i", "in", "ka", "la", "lo", "ma", "mi",
    "na", "o", "on", "ra", "ri", "sa", "ta", "te", "ti", "va", "vi", "za",
)  # fmt: skip
ENDS = (
    "berg", "brook", "co", "dale", "dan", "dex", "dora", "dun", "fax", "gate", "ham", "holt", "kor", "land", "lex",
    "lino", "lund", "mark", "mere", "mira", "mont", "nova", "plex", "quist", "rak", "ray", "ron", "rona", "seco",
    "ska", "sol", "stad", "stern", "stone", "tano", "tex", "ton", "tuna", "vane", "vex", "via", "ville", "wick", "zel",
)  # fmt: skip
TRADES = (
    "Trading", "Foods", "Logistics", "Imports", "Supply", "Commerce", "Industries", "Produce", "Textiles", "Group",
    "Partners", "Products", "Wholesale", "International", "Distribution", "Brands", "Export", "Global", "Components",
    "Retail", "Sourcing", "Enterprises", "Direct", "Solutions",
)  # fmt: skip
HAULAGE = (
    "Transport", "Haulage", "Spedition", "Freight", "Cargo", "Trans", "Road", "Truckline",
    "Logistics", "Carriers", "Express", "Haulage & Storage",
)  # fmt: skip
AVIATION = ("Air Cargo", "Airways", "Aviation", "Air Express")
SHIPS = (
    "Tern", "Heron", "Gannet", "Plover", "Avocet", "Curlew",
    "Osprey", "Petrel", "Merlin", "Dunlin", "Kestrel", "Siskin",
    "Fulmar", "Egret",
)  # fmt: skip
STREETS = (
    "Harbour", "Mill", "Station", "Canal", "Orchard", "Foundry", "Market", "Quay", "Bridge", "Tannery", "Chapel",
    "Depot", "Abbey", "Meadow", "Kiln", "Wharf", "Priory", "Elm", "Linden", "Beacon", "Forge", "Granary",
)  # fmt: skip
WAYS = ("Road", "Street", "Lane", "Park", "Way", "Avenue")

_SPANISH = ("Exportadora", "Comercial", "Comercializadora", "Distribuidora")
_FRENCH = ("Etablissements", "Comptoir", "Societe")
_CHINESE = ("Import and Export", "Technology", "Industry")
LOCAL_TRADES: dict[str, tuple[str, ...]] = {
    "BE": ("Handelshuis", *_FRENCH), "BR": ("Comercio", "Exportadora", "Agro"), "CN": _CHINESE, "CO": _SPANISH,
    "CR": _SPANISH, "DE": ("Handelshaus", "Gebrueder"), "DO": _SPANISH, "EC": _SPANISH, "ES": _SPANISH, "FR": _FRENCH,
    "HK": _CHINESE, "LT": ("Prekyba",), "MA": _FRENCH, "NL": ("Handelshuis", "Gebroeders"), "PE": _SPANISH,
    "PL": ("Handel", "Zaklady", "Hurtownia"), "RO": ("Comert", "Grup"), "TR": ("Ticaret", "Dis Ticaret", "Sanayi"),
}  # fmt: skip
LEGAL_FORMS = {
    "AE": "LLC", "BE": "BV", "BR": "Ltda", "CN": "Co Ltd", "CO": "SAS", "CR": "SA", "DE": "GmbH", "DO": "SRL",
    "EC": "SA", "ES": "SL", "FR": "SARL", "GB": "Ltd", "GH": "Ltd", "HK": "Ltd", "IE": "Ltd", "IN": "Pvt Ltd",
    "JM": "Ltd", "KE": "Ltd", "LT": "UAB", "MA": "SARL", "NG": "Ltd", "NL": "BV", "PE": "SAC", "PK": "Pvt Ltd",
    "PL": "Sp z oo", "RO": "SRL", "TH": "Co Ltd", "TR": "AS", "US": "Inc", "VN": "JSC", "ZA": "Pty Ltd",
}  # fmt: skip
POSTCODES = {
    "AE": "DDDDD", "BE": "DDDD", "BR": "DDDDD-DDD", "CN": "DDDDDD", "CO": "DDDDDD", "CR": "DDDDD", "DE": "DDDDD",
    "DO": "DDDDD", "EC": "DDDDDD", "ES": "DDDDD", "FR": "DDDDD", "GB": "XLDD DLL", "GH": "LL-DDD-DDDD", "HK": "DDDDDD",
    "IE": "LDD LDLD", "IN": "DDDDDD", "JM": "DDDDD", "KE": "DDDDD", "LT": "DDDDD", "MA": "DDDDD", "NG": "DDDDDD",
    "NL": "DDDD LL", "PE": "DDDDD", "PK": "DDDDD", "PL": "DD-DDD", "RO": "DDDDDD", "TH": "DDDDD", "TR": "DDDDD",
    "US": "DDDDD", "VN": "DDDDDD", "ZA": "DDDD",
}  # fmt: skip
REGISTRATIONS = {
    "GB": "LLDDLLL", "IE": "DDDLDDDD", "FR": "LLDDDLL", "BE": "DLLLDDD", "NL": "DDLLLD", "DE": "LLLDDDD",
    "ES": "DDDDLLL", "PL": "LLDDDDD", "RO": "LDDDLLL", "LT": "LLLDDD", "TR": "DDLLDDDD", "MA": "DDDDDLDD",
}  # fmt: skip
