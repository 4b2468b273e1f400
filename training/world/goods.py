"""Commodities of the world: HS code, words, packing, value, season, and the origins they come from by each way in.

HS codes are those of the 2022 nomenclature; the rows stand in `goods_table`. Packing (kilograms per package, packages
per consignment, kilograms of a parcel), values and seasons are the project's own estimates: packing so that a full
load weighs 8 to 24 tonnes, values of the order at which bulk foods, drinks and textiles are known to trade, so that
values per kilogram of different goods lie some thousandfold apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.world.goods_table import BY_AIR, BY_POST, ROWS

__all__ = ["COMMODITIES", "REEFER_CHAPTERS", "VAGUE_WORDS", "Commodity"]


@dataclass(frozen=True, slots=True)
class Commodity:
    """A kind of goods.

    Attributes:
        hs_code: Six digits.
        words: Usual spellings.
        package_kind: Code of UN/ECE recommendation 21.
        package_kg: Gross kilograms of one package.
        packages: Usual number in a full container or trailer; 0 where it comes by neither.
        sea: Origins that send it by container ship (ISO 3166 alpha-2).
        road: Origins that send it by ferry.
        air: Origins that send it by air freight.
        post: Origins that send it by parcel.
        air_packages: Usual number in a consignment by air; 0 where none comes so.
        parcel_kg: Gross kilograms of the lightest and heaviest usual parcel, each one package; 0 where none comes.
        value_gbp_kg: Usual customs value of a gross kilogram, pounds.
        season: Month of most trade (1 to 12), and how much more than the year's mean it is then (0 for no season).
    """

    hs_code: str
    words: tuple[str, ...]
    package_kind: str
    package_kg: float
    packages: int
    sea: tuple[str, ...]
    road: tuple[str, ...]
    air: tuple[str, ...]
    post: tuple[str, ...]
    air_packages: int
    parcel_kg: tuple[float, float]
    value_gbp_kg: float
    season: tuple[float, float]

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
    "Mixed freight",
    "Household goods",
    "Samples",
    "Accessories",
)


def _commodities() -> tuple[Commodity, ...]:
    made = []
    for hs, words, kind, kg, packages, sea, road, value, peak, strength in ROWS:
        air_packages, air = BY_AIR.get(hs, (0, ""))
        lightest, heaviest, post = BY_POST.get(hs, (0.0, 0.0, ""))
        made.append(
            Commodity(
                hs_code=hs,
                words=tuple(words.split("|")),
                package_kind=kind,
                package_kg=kg,
                packages=packages,
                sea=tuple(sea.split()),
                road=tuple(road.split()),
                air=tuple(air.split()),
                post=tuple(post.split()),
                air_packages=air_packages,
                parcel_kg=(lightest, heaviest),
                value_gbp_kg=value,
                season=(peak, strength),
            )
        )
    return tuple(made)


COMMODITIES: tuple[Commodity, ...] = _commodities()
