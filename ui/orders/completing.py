"""Completing recordings for the command line and the window: witnesses first, then words, by rules or by a model."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ui.orders.finding import Say, find_complete
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.completion.completing import Completed, Told
    from agents.runtime.models.registry import Registry
    from agents.runtime.ports import Model
    from workbench.library.store import Library


@contextlib.contextmanager
def writing_model(name: str | None, say: Say, check: Callable[[], None]) -> "Iterator[Model | None]":
    """The model of that name, closed afterwards; None without a name. What `check` raises ends a question.

    `say` hears what is sent off this machine. Raises `UnavailableError` for a name that no model has, `BadInputError`
    for one that cannot write sentences, `StoppedError` where nobody allowed to send screens to its server.
    """
    if not name:
        yield None
        return
    from agents.runtime.interruptible import Interruptible
    from agents.runtime.models.registry import Registry
    from ui.orders.model_trials import opened

    if not _writes(name, Registry.usual()):
        raise BadInputError(f"the model “{name}” writes no sentences; name another, or none: rules do without")
    with opened(name, say) as model:
        yield Interruptible(model, check)


def writers(registry: "Registry") -> list[str]:
    """The models that can write sentences; one that is damaged is left out."""
    from ui.orders.models import listed

    return [entry.name for entry in listed(registry).entries if _writes(entry.name, registry)]


def completed(
    library: "Library",
    trajectory_id: str,
    *,
    model: "Model | None",
    told: "Told",
    check: Callable[[], None],
) -> "Completed":
    """The trajectory with its witnesses, meanings, thoughts and chapters; see `agents.completion.completing`."""
    from agents.completion.completing import complete

    find_complete(trajectory_id, library, lambda _line: None)
    return complete(library, trajectory_id, model=model, told=told, check=check)


def summary(done: "Completed") -> str:
    """What was added, in a line."""
    counts = ((done.meanings, "meaning"), (done.thoughts, "thought"), (done.chapters, "chapter"))
    words = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
    return ", ".join(words) or "nothing was missing"


def nothing_stops() -> None:
    """For callers that are ended in another way."""


def _writes(name: str, registry: "Registry") -> bool:
    """Whether the model answers in words: no embedder, and none that was trained to choose controls alone."""
    from agents.session.minds import speaks_choosing

    return "embedder" not in registry.get(name).roles and not speaks_choosing(registry, name)
