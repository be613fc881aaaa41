"""A real embedder: a small BERT as GGUF, run by the real worker process."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from agents.runtime.local import LocalModel
from agents.runtime.messages import Load

SYNONYMS = (
    ("delete", "erase"),
    ("record", "entry"),
    ("print", "output"),
    ("report", "summary"),
    ("customer", "client"),
    *((word,) for word in ("click", "button", "add", "the", "a", "field", "into", "type", "mail", "all", "new")),
)


def _bert() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_bert", Path(__file__).with_name("bert.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def write_embedder() -> Callable[..., Path]:
    """Writes an embedder to a file; `seed` and `width` make it another one."""
    write = _bert().write_bert

    def make(target: Path, **options: int) -> Path:
        made: Path = write(target, SYNONYMS, **options)
        return made

    return make


@pytest.fixture(scope="session")
def embedder_file(tmp_path_factory: pytest.TempPathFactory, write_embedder: Callable[..., Path]) -> Path:
    return write_embedder(tmp_path_factory.mktemp("embedder") / "small.gguf")


@pytest.fixture
def embedder(embedder_file: Path) -> Iterator[LocalModel]:
    """The embedder in a worker process of its own."""
    with LocalModel("small", Load(0, str(embedder_file), threads=1, embeds=True)) as model:
        yield model
