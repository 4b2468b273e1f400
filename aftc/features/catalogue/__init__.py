"""The catalogue: every feature, one file a family, and the schema made of them.

To add a feature, declare it in its family's file; everything else derives from the declaration.

Never among them: protected characteristics (nationality, sex, date of birth, ...) and what derives from them, names of
persons, identity codes, and whatever a selection of the consignment itself has caused.
"""

from __future__ import annotations

from typing import Final

from aftc.features import keys, measures
from aftc.features.catalogue import (
    equipment,
    goods_text,
    history,
    mismatch,
    norms,
    novelty,
    row,
    sea,
    selectors,
    timing,
)
from aftc.features.feature import Feature
from aftc.features.schema import FeatureSchema, make_schema
from aftc.reference.goods import VAGUE_TERMS_VERSION

__all__ = ["CATALOGUE", "FAMILIES", "SCHEMA"]

FAMILIES: Final[dict[str, tuple[Feature, ...]]] = {
    "row": row.FEATURES,
    "mismatch": mismatch.FEATURES,
    "sea": sea.FEATURES,
    "equipment": equipment.FEATURES,
    "timing": timing.FEATURES,
    "goods text": goods_text.FEATURES,
    "history": history.FEATURES,
    "novelty": novelty.FEATURES,
    "norms": norms.FEATURES,
    "selectors": selectors.FEATURES,
}
CATALOGUE: Final = tuple(feature for family in FAMILIES.values() for feature in family)
SCHEMA: Final[FeatureSchema] = make_schema(
    CATALOGUE,
    revisions={
        "keys": str(keys.REVISION),
        "measures": str(measures.REVISION),
        "vague terms": str(VAGUE_TERMS_VERSION),
    },
)
