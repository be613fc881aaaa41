"""Having an embedder read the library before a run does: the same reading, with its progress, and to be ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from agents.runtime.models.registry import Registry
    from agents.runtime.ports import Model
    from workbench.library.store import Library

Told = Callable[[int, int], None]
"""Told how many of how many entries are read."""


@dataclass(frozen=True)
class LibraryRead:
    """Who has read the library, and how many of its entries were new to them."""

    embedder: str
    entries: int


def embedder_name(registry: "Registry") -> str:
    """The model with the role of the embedder; raises `UnavailableError` where none has it."""
    for name in registry.names():
        if "embedder" in registry.get(name).roles:
            return name
    raise UnavailableError(
        "no model has the role of the embedder; `workbench-cli models add NAME --model F.gguf --role embedder` gives it"
    )


def read_library(
    model: "Model", library: "Library", registry: "Registry", *, told: Told, check: Callable[[], None]
) -> LibraryRead:
    """Bring the index up to date and give every entry that has none a vector of the model.

    Takes as long as the model does. `check` is called now and then; what it raises ends the reading, and what was read
    stays. Raises what the model raises.
    """
    from agents.memory.retrieval.embedding import key_of
    from agents.memory.retrieval.indexing import bring_up_to_date
    from agents.memory.retrieval.vectors import embed_missing

    def read(done: int) -> None:
        check()
        told(done, of)

    bring_up_to_date(library, lambda _done, _of: check())
    key = key_of(model.name, registry.fingerprint(model.name))
    of = library.memories.count_uncoded(key)
    return LibraryRead(model.name, embed_missing(library.memories, model, read, key=key))
