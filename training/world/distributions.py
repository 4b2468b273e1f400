"""The tables that a world draws from, as Markdown: read from where they are used, so that the page cannot differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from training.world.fault_rates import RATE_HEADS, rate_rows
from training.world.goods import COMMODITIES, Commodity
from training.world.signs import Sign, Signs
from training.world.threats import BESIDE, LURES, MEANS, SENSITIVITY, SHARES, Method

__all__ = ["distributions", "table"]


def distributions() -> str:
    """Threats, how they travel, what goes with them, lures, signs, goods and faults."""
    beside = [(first.value, second.value, f"{chance:.2f}") for first, second, chance in BESIDE]
    lures = [(each.threat.value, each.hs_prefix, " ".join(each.origins), f"{each.loading:.1f}") for each in LURES]
    return "\n\n".join(
        (
            table(("threat", "share of schemes", "sensitivity of an examination", *Method), _threats()),
            table(("scheme", "beside it", "chance"), beside),
            table(("threat", "HS code begins", "from", "added log odds"), lures),
            table(("sign", "honest", "with a scheme", "otherwise"), map(_sign, Signs.every())),
            table(
                ("HS code", "goods", "GBP a kg", "a full unit", "by sea from", "by ferry from", "by air from",
                 "by parcel from"),
                map(_goods, COMMODITIES),
            ),
            table(RATE_HEADS, rate_rows()),
        )
    )  # fmt: skip


def _threats() -> Iterable[Sequence[str]]:
    for threat, share in SHARES.items():
        methods = (MEANS[threat].get(method, 0.0) for method in Method)
        yield (threat.value, f"{share:.2f}", f"{SENSITIVITY[threat]:.2f}", *(f"{each:.2f}" for each in methods))


def _sign(sign: Sign) -> Sequence[str]:
    otherwise = "; ".join(f"{method.value}: {rate:g}" for method, rate in sign.methods.items())
    return sign.words, f"{sign.honest:g}", f"{sign.scheme:g}", otherwise


def _goods(goods: Commodity) -> Sequence[str]:
    unit = f"{goods.packages} {goods.package_kind} of {goods.package_kg:g} kg" if goods.packages else ""
    ways = (goods.sea, goods.road, goods.air, goods.post)
    return goods.hs_code, goods.words[0], f"{goods.value_gbp_kg:g}", unit, *(" ".join(way) for way in ways)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
