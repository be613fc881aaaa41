"""The program's source, parsed once for all rules."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workbench", "recorder", "agents", "ui")


@dataclass(frozen=True)
class Source:
    """One module: its dotted name, its place in the checkout, its text and its syntax tree."""

    name: str
    path: str
    text: str
    tree: ast.Module


def _source(path: Path) -> Source:
    relative = path.relative_to(ROOT)
    name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
    text = path.read_text(encoding="utf-8")
    return Source(name, relative.as_posix(), text, ast.parse(text))


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    return [_source(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
