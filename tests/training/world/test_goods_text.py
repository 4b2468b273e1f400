"""Goods text: plain or vague as asked for, alike where the habits are alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aftc.reference.goods import is_vague
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.goods_text import describe
from training.world.goods_words import FURTHER_WORDS, LANGUAGES

LATIN = "iso8859-1"  # what every format of the world can carry


def _origins(commodity: int) -> tuple[str, ...]:
    own = COMMODITIES[commodity]
    return own.sea + own.road + own.air + own.post


goods = st.integers(0, len(COMMODITIES) - 1).flatmap(
    lambda index: st.tuples(st.just(index), st.sampled_from(_origins(index)))
)


def _many(count: int) -> list[tuple[int, str, int, int]]:
    """Commodity, origin, habit and pick of so many papers."""
    rng = Draws(7).of("papers")
    rows = rng.integers(0, 2**62, (count, 4)).tolist()
    found = []
    for first, second, habit, pick in rows:
        commodity = first % len(COMMODITIES)
        origins = _origins(commodity)
        found.append((commodity, origins[second % len(origins)], habit % 500, pick))
    return found


def test_every_commodity_has_words_in_its_origins_languages() -> None:
    """Four spellings in English or more, and some in each trade language of each origin; no others."""
    for index, each in enumerate(COMMODITIES):
        further = FURTHER_WORDS[each.hs_code]
        assert len(each.words + further["en"]) >= 4
        assert {language for country in _origins(index) for language in LANGUAGES.get(country, ())} == {*further} - {
            "en"
        }


@given(goods=goods, habit=st.integers(0, 10**9), pick=st.integers(0, 2**62), packages=st.integers(0, 5_000))
def test_plain_texts_identify_goods(goods: tuple[int, str], habit: int, pick: int, packages: int) -> None:
    """However misspelt or abbreviated, a plain text is never one of vague words alone; all formats can carry it."""
    text = describe(*goods, habit, pick, packages=packages)
    assert not is_vague(text)
    assert text == describe(*goods, habit, pick, packages=packages)
    assert 3 < len(text) < 100
    assert text.upper().encode(LATIN)


@given(goods=goods, habit=st.integers(0, 10**9), pick=st.integers(0, 2**62), packages=st.integers(0, 5_000))
def test_vague_texts_can_be_carried(goods: tuple[int, str], habit: int, pick: int, packages: int) -> None:
    """Vague texts are as short and as deterministic."""
    text = describe(*goods, habit, pick, vague=True, packages=packages)
    assert text == describe(*goods, habit, pick, vague=True, packages=packages)
    assert 2 < len(text) < 100
    assert text.upper().encode(LATIN)


def test_vague_texts_say_nothing() -> None:
    """The reference list knows nine in ten of them; the rest are in other languages."""
    texts = [describe(*each, vague=True, packages=40) for each in _many(5_000)]
    known = sum(map(is_vague, texts)) / len(texts)
    assert 0.88 < known < 0.97


def test_a_trader_writes_alike() -> None:
    """Of forty papers of one trader at least two thirds share the words that most begin with."""
    for commodity, country, habit, _ in _many(50):
        texts = [describe(commodity, country, habit, pick) for pick in range(40)]
        base = max(set(texts), key=texts.count)
        assert sum(base in text or text in base for text in texts) >= 26


def test_traders_write_differently() -> None:
    """A thousand traders of one commodity give hundreds of texts, many in capitals, a tenth or more in Spanish."""
    bananas = next(index for index, each in enumerate(COMMODITIES) if each.hs_code == "080390")
    texts = [describe(bananas, "EC", habit, habit, packages=1080) for habit in range(1_000)]
    assert len(set(texts)) > 200
    assert sum(text.isupper() for text in texts) > 500
    spanish = sum("banano" in text.lower() or "tano" in text.lower() for text in texts)
    assert 100 < spanish < 350


def test_counts_are_those_stated() -> None:
    """A text that begins with a count begins with the packages handed in; with none, no text has a count or a size."""
    for commodity, country, habit, pick in _many(2_000):
        counted = describe(commodity, country, habit, pick, packages=4321)
        assert not counted[:1].isdigit() or counted.startswith("4321 ")
        assert "S.T.C." not in describe(commodity, country, habit, pick)
