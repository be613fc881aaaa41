"""The memory of a run that is gone on with, of whose changes a person may have had some forgotten."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from agents.memory.changes import Abandon, Collapse, Edit, MemoryChange, Retrieve, Summarise, Unpin
from agents.memory.editing import apply
from agents.memory.tree import WorkingMemory, remembering
from workbench.errors import BadInputError

FORGOTTEN = "parts of the memory were forgotten at a person's wish: trust the screen, not the gaps"


@dataclass(frozen=True)
class Recalled:
    """The memory that is left, the changes that lead to it as plain JSON, and whether all of them were kept."""

    memory: WorkingMemory
    changes: tuple[dict[str, Any], ...] = ()
    whole: bool = True

    @property
    def warning(self) -> str:
        """A sentence for the planner; empty where nothing is missing."""
        return "" if self.whole else FORGOTTEN


def recalled(task: str, changes: Iterable[dict[str, Any]]) -> Recalled:
    """The memory of the task after those changes that still fit; an empty one stands for what was forgotten.

    Behind a gap the numbers of nodes may be others than they were, so what names a node by its number is left out.
    """
    memory, kept, whole = remembering(task), [], True
    for plain in changes:
        after = _after(memory, plain, whole=whole)
        whole = whole and after is not None
        if after is not None:
            memory = after
            kept.append(plain)
    return Recalled(memory, tuple(kept), whole)


def edits_of(changes: Iterable[dict[str, Any]], refused: Callable[[str], None]) -> tuple[MemoryChange, ...]:
    """The changes that a person sent, as theirs; `refused` is told of each that is none, which keeps no other back."""
    found: list[MemoryChange] = []
    for plain in changes:
        try:
            found.append(msgspec.convert({**plain, "by": "person"}, MemoryChange))
        except msgspec.ValidationError as error:
            refused(f"it is no change of a working memory: {error}; use `agents.memory.changes`")
    return tuple(found)


def _after(memory: WorkingMemory, plain: dict[str, Any], *, whole: bool) -> WorkingMemory | None:
    """The memory after the change; None where it does not fit."""
    try:
        change: MemoryChange = msgspec.convert(plain, MemoryChange)
        return apply(memory, change) if whole or not _names_node(change) else None
    except (msgspec.ValidationError, BadInputError):
        return None


def _names_node(change: MemoryChange) -> bool:
    if isinstance(change, Abandon):
        return change.subgoal is not None
    return isinstance(change, Unpin | Edit | Summarise | Collapse | Retrieve)
