"""Commodities of the world: HS code, words, packing, and the origins they come from by sea and by road.

HS codes are those of the 2022 nomenclature; packing (kilograms per package, packages per consignment) is the
project's own rough choice, made so that a full load weighs 8 to 24 tonnes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMMODITIES", "REEFER_CHAPTERS", "VAGUE_WORDS", "Commodity"]


@dataclass(frozen=True, slots=True)
class Commodity:
    """A kind of goods.

    Attributes:
        hs_code: Six digits.
        words: Usual spellings.
        package_kind: Code of UN/ECE recommendation 21.
        package_kg: Gross kilograms of one package.
        packages: Usual number in a full unit.
        sea: Origins that send it by container ship (ISO 3166 alpha-2).
        road: Origins that send it by ferry.
    """

    hs_code: str
    words: tuple[str, ...]
    package_kind: str
    package_kg: float
    packages: int
    sea: tuple[str, ...]
    road: tuple[str, ...]

    @property
    def reefer(self) -> bool:
        """Whether it travels refrigerated."""
        return self.hs_code[:2] in REEFER_CHAPTERS


REEFER_CHAPTERS = ("02", "03", "04", "06", "07", "08")

VAGUE_WORDS = (
    "Consolidated cargo",
    "General goods",
    "Various",
    "Parts",
    "Freight of all kinds",
    "Household goods",
    "Samples",
    "Accessories",
)

_ROWS: tuple[tuple[str, str, str, float, int, str, str], ...] = (
    ("020329", "Frozen pork cuts|Pork, frozen, boneless", "CT", 20.0, 1000, "", "DE NL ES"),
    ("020130", "Fresh boneless beef|Chilled beef primals", "CT", 22.0, 900, "", "IE NL"),
    ("030617", "Frozen shrimps|Frozen prawns, headless shell on", "CT", 12.0, 1800, "EC VN TH IN PE", ""),
    ("040690", "Cheddar cheese|Hard cheese, block", "CT", 18.0, 1000, "", "IE NL FR"),
    ("060311", "Fresh cut roses|Cut flowers, roses", "CT", 9.0, 800, "CO EC", "NL"),
    ("070200", "Fresh tomatoes on the vine|Tomatoes, fresh", "CT", 6.0, 2600, "", "ES NL MA"),
    ("080390", "Fresh bananas|Cavendish bananas, fresh", "CT", 19.5, 1080, "EC CO CR DO GH", ""),
    ("080440", "Fresh avocados|Hass avocados", "CT", 11.0, 1900, "PE CO ZA", "ES"),
    ("080510", "Fresh oranges|Navel oranges, fresh", "CT", 15.0, 1400, "ZA", "ES MA"),
    ("080610", "Fresh table grapes|Seedless grapes, fresh", "CT", 8.5, 2200, "PE ZA BR IN", ""),
    ("090111", "Green coffee beans|Coffee, not roasted", "BG", 60.0, 320, "CO BR VN PE", ""),
    ("090411", "Black pepper whole|Pepper, neither crushed nor ground", "BG", 50.0, 300, "VN IN BR", ""),
    ("100630", "Milled basmati rice|Semi milled rice", "BG", 25.0, 880, "IN PK TH", ""),
    ("180100", "Raw cocoa beans|Cocoa beans in bags", "BG", 62.5, 380, "GH EC", ""),
    ("180690", "Chocolate confectionery|Filled chocolates, retail packed", "CT", 8.0, 1500, "", "BE DE FR"),
    ("220300", "Beer made from malt|Lager beer in cans", "PX", 850.0, 24, "", "NL BE DE"),
    ("220421", "Wine in bottles|Red wine, 75 cl bottles", "CT", 8.0, 1900, "ZA", "FR ES"),
    ("293399", "Heterocyclic compounds|Organic intermediates, heterocyclic", "DR", 25.0, 320, "CN IN", ""),
    ("300490", "Medicaments, retail packed|Generic tablets in blisters", "CT", 7.0, 900, "IN", "DE FR"),
    ("320417", "Synthetic organic pigments|Pigment powder, organic", "BG", 25.0, 500, "CN IN", ""),
    ("392690", "Articles of plastics|Plastic household ware", "CT", 9.0, 1000, "CN HK VN AE", "DE PL"),
    ("401110", "New car tyres|Pneumatic tyres for motor cars", "PC", 9.5, 1100, "CN TH", "PL DE"),
    ("440710", "Sawn pine timber|Coniferous wood, sawn lengthwise", "PX", 900.0, 22, "BR", "LT PL RO"),
    ("441520", "Wooden pallets|Pallets of wood, new", "PC", 24.0, 560, "", "PL RO LT"),
    ("480256", "Uncoated paper in sheets|Office paper A4", "PX", 620.0, 32, "BR", "DE FR"),
    ("570242", "Woven carpets|Carpets of man-made textiles", "RO", 42.0, 280, "TR PK IN", "TR"),
    ("610910", "Cotton T-shirts|Knitted T-shirts of cotton", "CT", 11.0, 900, "IN VN CN", "TR RO"),
    ("630260", "Terry towels of cotton|Toilet linen, terry", "BL", 45.0, 320, "PK IN TR", "TR"),
    ("630900", "Worn clothing|Used textiles, baled", "BL", 48.0, 400, "AE US PK", "PL NL"),
    ("680221", "Marble slabs, cut|Travertine tiles, sawn", "CR", 1100.0, 20, "TR IN", "TR ES"),
    ("690721", "Ceramic floor tiles|Glazed porcelain tiles", "PX", 1150.0, 20, "IN CN TR", "ES"),
    ("847130", "Portable computers|Laptop computers and chargers", "CT", 6.0, 1200, "CN HK VN", "NL"),
    ("847989", "Machines with individual functions|Tablet press and spare tooling", "CR", 420.0, 18, "CN IN", "DE"),
    ("870899", "Parts for motor vehicles|Brake and suspension parts", "PX", 360.0, 44, "CN TR US", "DE PL RO LT TR"),
    ("940360", "Wooden furniture|Flat pack wooden furniture", "CT", 27.0, 520, "CN VN TH US", "PL RO ES"),
    ("950300", "Toys and games|Plastic toys, assorted", "CT", 8.0, 1150, "CN VN HK", ""),
)

COMMODITIES: tuple[Commodity, ...] = tuple(
    Commodity(hs, tuple(words.split("|")), kind, kg, count, tuple(sea.split()), tuple(road.split()))
    for hs, words, kind, kg, count, sea, road in _ROWS
)
