"""The dependency rule and the house's other promises, read from the source with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from aftc.config import Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("aftc", "training", "serving", "benchmarks")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "_pb2" not in path.name)
LONGEST_MODULE = 400  # lines

# (packages that may import it, what is imported)
ONLY_IN = (
    (("training", "benchmarks"), "lightgbm"),
    (("training", "benchmarks"), "mlflow"),
    (("training", "benchmarks"), "sklearn"),
    (("serving", "benchmarks"), "grpc"),
    (("serving", "benchmarks"), "serving"),
    (("training", "benchmarks"), "training"),
    (("benchmarks",), "benchmarks"),
    (("aftc/models/scorer.py", "training/export"), "onnxruntime"),
    (("aftc/features/spark",), "pyspark"),
    (("training", "benchmarks"), "aftc.features.spark"),
)


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, at the top, inside functions and under TYPE_CHECKING alike."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("allowed", "imported"), ONLY_IN, ids=[each[1] for each in ONLY_IN])
def test_dependency_rule(allowed: tuple[str, ...], imported: str) -> None:
    """No module imports what only other rooms may."""
    offenders = [
        _name(path)
        for path in MODULES
        if not _name(path).startswith(allowed)
        and any(name == imported or name.startswith(f"{imported}.") for name in _imports(path))
    ]
    assert offenders == []


def test_modules_are_short() -> None:
    """No module is longer than 400 lines."""
    lengths = {_name(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for() -> None:
    """Each module opens with a docstring."""
    assert [_name(path) for path in MODULES if ast.get_docstring(ast.parse(path.read_text())) is None] == []


def test_every_test_says_what_it_proves() -> None:
    """Each test function has a docstring of its own."""
    silent = [
        f"{_name(path)}::{node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_ignore_has_a_reason() -> None:
    """A silenced check says why, on the same line."""
    pattern = re.compile(r"#\s*(type: ignore|noqa)(\[[^\]]*\]|:[ A-Z0-9,]+)?\s*$")
    silent = [
        f"{_name(path)}:{number}"
        for path in (*MODULES, *sorted((ROOT / "tests").rglob("*.py")))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]
    assert silent == []


def test_settings_are_documented() -> None:
    """docs/settings.md holds exactly the settings, with their defaults and meanings."""
    documented = (ROOT / "docs" / "settings.md").read_text()
    rows = {match[1]: match[0] for match in re.finditer(r"^\| `AFTC_(\w+)` \|.*$", documented, re.MULTILINE)}
    assert set(rows) == {each.name.upper() for each in fields(Settings)}
    for each in fields(Settings):
        assert each.metadata["meaning"] in rows[each.name.upper()]
        assert f"`{each.default}`" in rows[each.name.upper()]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-spark.lock"])
def test_lock_file_names_no_registry(name: str) -> None:
    """A lock file pins versions and hashes and names no host."""
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    pins = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin for pin in pins)
