"""The tables that a world draws from, as Markdown: read from where they are used, so that the page cannot differ."""

from __future__ import annotations

from collections.abc import Iterable

from training.world.goods import COMMODITIES
from training.world.signs import Signs
from training.world.threats import BESIDE, LURES, SENSITIVITY, SHARES

__all__ = ["distributions"]


def distributions() -> str:
    """Threats, what goes with them, lures, signs and goods."""
    threats = [(each.value, f"{share:.2f}", f"{SENSITIVITY[each]:.2f}") for each, share in SHARES.items()]
    beside = [(first.value, second.value, f"{chance:.2f}") for first, second, chance in BESIDE]
    lures = [(each.threat.value, each.hs_prefix, " ".join(each.origins), f"{each.loading:.1f}") for each in LURES]
    signs = [(each.words, f"{each.honest:g}", f"{each.scheme:g}") for each in Signs.every()]
    goods = [
        (
            each.hs_code,
            each.words[0],
            f"{each.packages} {each.package_kind} of {each.package_kg:g} kg",
            " ".join(each.sea),
            " ".join(each.road),
        )
        for each in COMMODITIES
    ]
    return "\n\n".join(
        (
            _table(("threat", "share of schemes", "sensitivity of an examination"), threats),
            _table(("scheme", "beside it", "chance"), beside),
            _table(("threat", "HS code begins", "from", "added log odds"), lures),
            _table(("sign", "honest", "with a scheme"), signs),
            _table(("HS code", "goods", "a full unit", "by sea from", "by ferry from"), goods),
        )
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
