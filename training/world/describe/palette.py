"""Colours: each stands out from white by 4.5 to 1 or more, and the four series from each other without red and green.

No series is told by colour alone: lines differ in their dashes, dots in their shape, and each is named.
"""

from __future__ import annotations

from typing import Final

from matplotlib.colors import LinearSegmentedColormap

__all__ = [
    "ACCENT",
    "BLACK",
    "DASHES",
    "EMPTY",
    "GRID",
    "HEAT",
    "INK",
    "MUTED",
    "PAPER",
    "PRIMARY",
    "SERIES",
    "luminance",
]

INK: Final = "#1c2730"
MUTED: Final = "#55616b"
GRID: Final = "#dfe5ea"
PAPER: Final = "#ffffff"
BLACK: Final = "#000000"  # on the middle of the scale, where ink would be too pale
EMPTY: Final = "#f1f3f5"  # a cell with too few rows
PRIMARY: Final = "#1f5a8c"
ACCENT: Final = "#b3450b"
DASHES: Final = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
SERIES: Final = (PRIMARY, ACCENT, "#5f4b8b", "#4d5963")
_SHADES: Final = 48  # few enough for a scale that is drawn, not painted as an image
HEAT: Final = LinearSegmentedColormap.from_list(
    "ink", ["#f4f7fa", "#c3d8e8", "#7fb0d0", "#3a7dad", "#14466e", "#08253d"], _SHADES
)


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of red, green and blue from 0 to 1 (WCAG 2.2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
