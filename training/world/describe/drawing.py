"""A picture as inline SVG: text stays text, names are its own, and equal data give equal bytes."""

from __future__ import annotations

import re
from hashlib import sha256
from html import escape
from io import StringIO
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from training.world.describe.exhibits import Picture
from training.world.describe.palette import GRID, INK, MUTED

__all__ = ["draw"]

_WIDE, _NARROW = 7.5, 3.7  # inches; the page shows an inch as 96 pixels
_STYLE: Final[dict[Any, Any]] = {  # the library types the keys one by one
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # ships with the library, so that every machine lays out alike
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "figure.constrained_layout.h_pad": 0.06,  # inches
    "figure.constrained_layout.w_pad": 0.06,
    "lines.linewidth": 1.8,
}
_NOTHING: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def draw(picture: Picture, name: str, alternative: str) -> str:
    """The picture at both widths; the page's style shows the one that fits.

    Args:
        picture: What to draw.
        name: Of the figure, like no other on the page.
        alternative: The words that stand for it.
    """
    wide = _svg(picture, f"{name}-wide", narrow=False)
    narrow = _svg(picture, f"{name}-narrow", narrow=True)
    label = f"Chart. {escape(alternative)}"
    return (
        f'<svg class="wide" role="img" aria-label="{label}" {wide}\n'
        f'<svg class="narrow" role="img" aria-label="{label}" {narrow}'
    )


def _svg(picture: Picture, name: str, *, narrow: bool) -> str:
    """From the view box on: what stands before it is the caller's."""
    salt = sha256(name.encode()).hexdigest()[:8]
    with mpl.rc_context({**_STYLE, "svg.hashsalt": salt}):
        size = (_NARROW, picture.narrow_height) if narrow else (_WIDE, picture.height)
        figure = Figure(figsize=size, layout="constrained")
        picture.draw(figure, narrow)
        file = StringIO()
        figure.savefig(file, format="svg", metadata=_NOTHING)
    return _trimmed(file.getvalue())


def _trimmed(text: str) -> str:
    """Without what a page has no use for: prolog, comments, sizes, group names, the library's font."""
    body = text[text.index("viewBox=") :]
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r"font: (\S+) 'DejaVu Sans'(?:, [^;\"]*)?", r"font-size: \1", body)
    return re.sub(r"\n\s*", "\n", body)
