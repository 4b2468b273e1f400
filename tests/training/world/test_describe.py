"""The page about a world: what it says, how it reads, and what it refuses."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aftc.errors import InputError
from training.labels import THREATS
from training.world.describe import describe
from training.world.describe.testing import MODES, a_world
from training.world.describe.words import share
from training.world.generation import generate
from training.world.parameters import FaultLevel, Regime, WorldParameters
from training.world.parts import Form


class _Reader(HTMLParser):
    """What of a page the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.pictures: list[str] = []
        self.addresses: list[str] = []
        self.language = ""
        self.heads_without_scope = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.ids += [given["id"] or ""] if "id" in given else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.addresses += [given[name] or "" for name in ("href", "src", "xlink:href") if name in given]
        self.language = given["lang"] or "" if tag == "html" else self.language
        self.heads_without_scope += tag == "th" and given.get("scope") not in ("row", "col")
        if tag == "svg":
            assert given["role"] == "img"
            self.pictures.append(given["aria-label"] or "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 3,000 consignments in eight weeks and a half, whose methods change abruptly."""
    parameters = WorldParameters(consignments=3_000, days=60, regime=Regime.ABRUPT)
    return a_world(tmp_path_factory.mktemp("describe") / "world", parameters)


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    """The page about the same world."""
    return describe(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of the smallest size and one day, where nothing is aboard, nothing selected and nothing told."""
    parameters = WorldParameters(consignments=100, days=1, faults=FaultLevel.NONE)
    n, nobody = parameters.consignments, np.zeros(parameters.consignments, dtype=np.bool_)
    nothing = {f"{side}_{threat}": nobody for side in ("y", "found") for threat in THREATS}
    nothing |= {f"fired_{reason}": nobody for reason in ("rule", "selector", "intelligence", "random")}
    nothing |= {name: np.full(n, "") for name in ("scheme", "method", "outcome")}
    nothing |= {"selected": nobody, "examined": nobody, "network": np.full(n, -1)}
    recorded = pa.array([None] * n, pa.timestamp("us", "UTC"))
    odd = np.where(np.arange(n) % 2, "<script>alert('$x$')</script>", "A & B_$y")
    made = a_world(
        tmp_path_factory.mktemp("describe") / "bare", parameters, **nothing, recorded=recorded, route=odd, mode=odd
    )
    path = made / "truth" / "messages.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    return made


@pytest.fixture(scope="module")
def bare_page(bare: Path) -> str:
    """The page about the bare world."""
    return describe(bare).read_text(encoding="utf-8")


def test_a_page_needs_nothing_else(page: str) -> None:
    """No address leads out of the page, no script runs, and no style is fetched."""
    read = _Reader(page)
    assert all(address.startswith("#") for address in read.addresses)
    assert not read.tags["script"]
    assert not read.tags["link"]
    assert "@import" not in page
    assert set(re.findall(r"https?://[^\"' <)]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_a_page_is_accessible(page: str) -> None:
    """Language, one title, headings in order, words for every picture, captions and scopes in every table."""
    read = _Reader(page)
    assert read.language == "en-GB"
    assert read.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(read.levels))
    assert len(read.pictures) == 2 * page.count("<figcaption>") > 50
    assert all(len(words) > 30 for words in read.pictures)
    assert read.tags["caption"] == read.tags["table"] >= 30
    assert not read.heads_without_scope


def test_names_within_a_page_are_its_own(page: str) -> None:
    """No id occurs twice, and every reference within the page finds its id."""
    read = _Reader(page)
    assert len(read.ids) == len(set(read.ids))
    targets = {address[1:] for address in read.addresses} | set(re.findall(r"url\(#([^)]+)\)", page))
    assert targets <= set(read.ids)


def test_one_world_one_page(folder: Path, page: str, tmp_path: Path) -> None:
    """The same world gives the same bytes, and its folder stays as it was made."""
    before = sorted(folder.rglob("*"))
    assert describe(folder, tmp_path / "again.html").read_bytes() == page.encode()
    assert sorted(folder.rglob("*")) == before
    assert sorted(tmp_path.iterdir()) == [tmp_path / "again.html"]


def test_a_page_says_that_all_is_synthetic_and_what_it_was_made_from(page: str) -> None:
    """The notice, the digest and the parameters stand on the page."""
    assert "All of it is synthetic" in page
    assert "d" * 64 in page
    assert "“abrupt”" in page


def test_rates_of_a_page_are_those_of_the_rows(folder: Path, page: str) -> None:
    """Rates by mode and the finds among the examined, counted naively, stand on the page."""
    rows = pq.read_table(folder / "truth" / "truth.parquet").to_pylist()
    for mode in MODES:
        mine = [row for row in rows if row["mode"] == mode]
        carrying = sum(row["y_any"] for row in mine)
        assert f"<td>{len(mine):,}</td><td>{carrying}</td><td>{share(carrying / len(mine))}</td>" in page
    examined = [row for row in rows if row["examined"]]
    found = sum(row["found_any"] for row in examined)
    assert f"<td>{len(examined):,}</td><td>{found}</td><td>{share(found / len(examined))}</td>" in page


def test_the_smallest_and_emptiest_world_has_a_page(bare_page: str) -> None:
    """A hundred consignments in one day with nothing aboard, selected or told: every section says so."""
    for words in (
        "No consignment carries any threat",
        "No consignment was examined",
        "The world has no messages",
        "No consignment belongs to a network",
        "All arrivals lie in one week",
        "so the rate cannot be estimated",
    ):
        assert words in bare_page
    assert "nan" not in re.sub("<style>.*?</style>", "", bare_page, flags=re.DOTALL).lower().replace("finance", "")


def test_what_files_say_is_escaped(bare_page: str) -> None:
    """Names of routes and modes cannot become markup, nor formulas in a picture."""
    assert "<script>" not in bare_page
    assert "&lt;script&gt;" in bare_page
    assert "A &amp; B $y" in bare_page


def test_a_made_world_has_a_page(tmp_path: Path) -> None:
    """What the generator writes is what the report reads."""
    parameters = WorldParameters(consignments=200, days=9, regime=Regime.COLLAPSE, faults=FaultLevel.HEAVY)
    generate(tmp_path / "world", parameters, form=Form.RECORDS)
    text = describe(tmp_path / "world").read_text(encoding="utf-8")
    assert "as many as were asked for" in text
    assert "“collapse”" in text


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("truth/truth.parquet", "no such file"),
        ("truth/messages.parquet", "no such file"),
        ("world.json", "No such file"),
    ],
)
def test_a_folder_without_its_files_is_refused(folder: Path, tmp_path: Path, broken: str, words: str) -> None:
    """The error names what is missing and says what to do."""
    for name in ("truth/truth.parquet", "truth/messages.parquet", "world.json"):
        if name != broken:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes((folder / name).read_bytes())
    with pytest.raises(InputError, match=words) as raised:
        describe(tmp_path)
    assert "aftc world" in str(raised.value)
    assert broken in str(raised.value)


_DAMAGES = [
    pytest.param("world.json", b"{", "JSON", id="no JSON"),
    pytest.param("world.json", b"[]", "parameters and digest", id="no parameters"),
    pytest.param("world.json", b'{"parameters": {"seed": 1}, "digest": ""}', "parameters of a world", id="few"),
    pytest.param("truth/truth.parquet", b"PAR1", "truth.parquet", id="no Parquet"),
]


@pytest.mark.parametrize(("name", "raw", "words"), _DAMAGES)
def test_a_damaged_folder_is_refused(folder: Path, tmp_path: Path, name: str, raw: bytes, words: str) -> None:
    """A file that is not what it should be is an input error, never a stack of another library's."""
    (tmp_path / "truth").mkdir()
    for one in ("truth/truth.parquet", "truth/messages.parquet", "world.json"):
        (tmp_path / one).write_bytes(raw if one == name else (folder / one).read_bytes())
    with pytest.raises(InputError, match=words):
        describe(tmp_path)


def test_a_truth_of_another_form_is_refused(folder: Path, tmp_path: Path) -> None:
    """The columns that are missing are named."""
    (tmp_path / "truth").mkdir()
    for one in ("truth/messages.parquet", "world.json"):
        (tmp_path / one).write_bytes((folder / one).read_bytes())
    held = pq.read_table(folder / "truth" / "truth.parquet").drop_columns(["p_combined", "network"])
    pq.write_table(held, tmp_path / "truth" / "truth.parquet")
    with pytest.raises(InputError, match="none named network, p_combined"):
        describe(tmp_path)


def test_a_place_that_cannot_be_written_is_refused(bare: Path, tmp_path: Path) -> None:
    """Nothing half-written stays, and the error says to choose another place."""
    with pytest.raises(InputError, match="--out"):
        describe(bare, tmp_path / "absent" / "page.html")
    assert not list(tmp_path.iterdir())
