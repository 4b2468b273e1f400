"""Goods descriptions that say nothing: a versioned list of vague terms and stop-words.

Customs authorities ask for descriptions plain enough to identify the goods and publish examples of terms that are
not; this list is the project's own, from that practice. Its version goes into the feature schema, because a changed
list changes features.
"""

from __future__ import annotations

import re

__all__ = ["STOP_WORDS", "VAGUE_TERMS", "VAGUE_TERMS_VERSION", "is_vague", "words"]

VAGUE_TERMS_VERSION = 1

# Words that name a class too wide to identify goods.
_VAGUE = """
accessories appliances apparel articles bulk cargo chemicals clothing commodities components consolidated
consolidation consumables effects electronics equipment foodstuff foodstuffs food freight gift gifts groupage
hardware household industrial items load machine machinery machines material materials mdse merchandise metal
miscellaneous mixed packages pallets parcel parcels parts personal pieces plastic plastics product products
provisions sample samples scrap ship shipment spare spares stores stuff sundries supplies textile textiles
tools unknown vehicle wares goods general
"""

VAGUE_TERMS = frozenset(_VAGUE.split())

# Words that never identify goods by themselves: fillers, counts, packagings, clauses of bills of lading.
_STOP = """
a an and as bag bags bale bales box boxes carton cartons case cases container containers contain containing
contains count crate crates ctn ctns dry drum drums for fak full fcl in kg kgs kind kinds lcl new nos no of on
other or pack package packed pallet pc pcs per pkg pkgs plt plts roll rolls sack sacks said set sets shipper
shippers slac sort stc the tin tins to unit units used various weight with
"""

STOP_WORDS = frozenset(_STOP.split())

_WORD = re.compile(r"[a-z]+")


def words(description: str) -> tuple[str, ...]:
    """The words of a description in lower case, in order, without digits, punctuation and stop-words.

    >>> words("20 PALLETS S.T.C. Fresh Bananas")
    ('pallets', 's', 't', 'c', 'fresh', 'bananas')
    """
    return tuple(word for word in _WORD.findall(description.casefold()) if word not in STOP_WORDS)


def is_vague(description: str) -> bool:
    """Whether nothing in a description identifies the goods: no word is left, or only vague terms and single letters.

    >>> is_vague("General cargo, 12 pallets"), is_vague("Frozen prawns"), is_vague("")
    (True, False, True)
    """
    return all(word in VAGUE_TERMS or len(word) == 1 for word in words(description))
