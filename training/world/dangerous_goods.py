"""Dangerous goods: UN numbers under which commodities of the world may travel, and how often they do.

Numbers are those of the United Nations' recommendations on the transport of dangerous goods. The shares are the
project's own choice.
"""

from __future__ import annotations

from training.world.goods import COMMODITIES

__all__ = ["HAZARD_CLASSES", "UN_NUMBERS", "un_number"]

_LEFT_OUT = 0.15  # share of dangerous goods that are declared without their number

# HS code: UN number, and the share of its consignments that travel under it.
UN_NUMBERS: dict[str, tuple[str, float]] = {
    "240412": ("3144", 0.4),  # nicotine preparation, liquid
    "293399": ("2811", 0.45),  # toxic solid, organic
    "300490": ("3249", 0.05),  # medicine, solid, toxic
    "320417": ("3077", 0.2),  # environmentally hazardous substance, solid
    "330300": ("1266", 0.9),  # perfumery products with flammable solvents
    "330499": ("1266", 0.06),
    "382219": ("3316", 0.35),  # chemical kit
    "840999": ("3363", 0.03),  # dangerous goods in apparatus
    "847130": ("3481", 0.85),  # lithium ion batteries in or with equipment
    "850760": ("3480", 1.0),  # lithium ion batteries
    "851713": ("3481", 0.85),
    "851830": ("3481", 0.5),
    "854340": ("3481", 0.6),
    "870899": ("3268", 0.08),  # safety devices
    "880730": ("3363", 0.15),
    "950450": ("3481", 0.3),
}

# Classes of the same recommendations, by UN number.
HAZARD_CLASSES = {
    "1266": "3",
    "2811": "6.1",
    "3077": "9",
    "3144": "6.1",
    "3249": "6.1",
    "3268": "9",
    "3316": "9",
    "3363": "9",
    "3480": "9",
    "3481": "9",
}

_BY_COMMODITY = [UN_NUMBERS.get(each.hs_code, ("", 0.0)) for each in COMMODITIES]


def un_number(commodity: int, pick: float) -> str | None:
    """UN number that a declaration gives for goods; None for harmless goods, and for some that are not.

    Args:
        commodity: Index in `COMMODITIES`.
        pick: From 0 to 1.
    """
    number, share = _BY_COMMODITY[commodity]
    return number if pick < share * (1.0 - _LEFT_OUT) else None
