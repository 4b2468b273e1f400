"""A mapping for the tests: what a port's history of examined consignments could look like."""

from __future__ import annotations

from pathlib import Path

from aftc.tabular import Mapping, read_mapping

__all__ = ["HEADER", "MAPPING", "mapping_of"]

HEADER = (
    "No",
    "Lodged",
    "Mode",
    "HS",
    "Origin",
    "Kilos",
    "Worth",
    "Money",
    "Buyer",
    "Goods",
    "Checked",
    "Result",
    "Seen",
    "P",
)
MAPPING = """
table = "port"
missing = ["-"]

[declaration]
reference = "No"
declared = { column = "Lodged", zone = "Europe/London" }
mode = { column = "Mode", means = { sea = "1", air = "4" } }

[goods]
hs_code = { column = "HS", digits = 6 }
origin = "Origin"
gross_mass = { column = "Kilos", unit = "kg" }
value = { column = "Worth", currency_column = "Money" }
description = "Goods"

[parties.consignee]
code = "Buyer"

[outcome]
finds = [{ column = "Result", means = { coke = "cocaine", none = "nothing" } }]
recorded = { column = "Seen", zone = "Europe/London" }

[selection]
examined = { column = "Checked", yes = ["Y"], no = ["N", ""] }
probability = { column = "P" }
reason = { value = "random" }
"""


def mapping_of(folder: Path, text: str = MAPPING) -> Mapping:
    """The mapping of a TOML text."""
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)
