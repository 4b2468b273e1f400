"""Features of the goods' description in words."""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import Fact, Quantity
from aftc.features.feature import Feature, ReasonGroup, Standing
from aftc.features.particulars import Particulars
from aftc.reference.goods import words

__all__ = ["FEATURES"]

_NO_DESCRIPTION = "No description of the goods is known"


def _characters(stated: Particulars) -> int | None:
    return len(stated.descriptions[0]) if stated.descriptions else None


def _shared_words(stated: Particulars) -> int | None:
    """Words in both of the first two descriptions, in per cent of those in either."""
    if len(stated.descriptions) < 2:
        return None
    one, other = (set(words(text)) for text in stated.descriptions[:2])
    return 100 * len(one & other) // len(one | other) if one | other else None


FEATURES: Final = (
    Feature(
        form=Fact("vague_description", lambda stated: stated.vague, Quantity.FLAG, 0, 1),
        group=ReasonGroup.GOODS,
        officer="The description of the goods is vague",
        otherwise="The description of the goods is specific",
        missing=_NO_DESCRIPTION,
        auditor="A description that the versioned list of vague terms does not accept.",
        standing=Standing.ASSESSMENT,
        monotone=1,
    ),
    Feature(
        form=Fact("description_characters", _characters, Quantity.CHARACTERS, 0, 512),
        group=ReasonGroup.GOODS,
        officer="The goods are described in {value}",
        missing=_NO_DESCRIPTION,
        auditor="Length of the description.",
    ),
    Feature(
        form=Fact("descriptions_shared_words", _shared_words, Quantity.PERCENT, 0, 100),
        group=ReasonGroup.GOODS,
        officer="Two streams' descriptions share {value} of their words",
        missing="Only one stream describes the goods",
        auditor="Words common to the first two of declaration, bill and booking, in per cent of all their words.",
        standing=Standing.ASSESSMENT,
    ),
)
