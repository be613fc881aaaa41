"""Every change of a working memory, as data: what a run log keeps, a window shows, and a resumed run replays."""

from typing import get_args

from msgspec import Struct

from agents.memory.tree import By, NodeId


class _Change(Struct, frozen=True, tag_field="change", forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What all changes share: who made it."""

    by: By = "planner"


class OpenSubgoal(_Change, frozen=True, tag="open-subgoal"):
    """A subgoal begins below the one that is worked on (a branch, where that is not the task)."""

    words: str


class CloseSubgoal(_Change, frozen=True, tag="close-subgoal"):
    """The current subgoal is met. `summary` is what stands for it from now on; empty has one made by rules."""

    summary: str = ""


class Abandon(_Change, frozen=True, tag="abandon"):
    """The current subgoal, or the named one with all that is open below it, is given up and its parent gone on with.

    The prune of AgentOccam. `reason` and `summary` are one line each; an empty summary has one made by rules.
    """

    reason: str
    subgoal: NodeId | None = None
    summary: str = ""


class Remember(_Change, frozen=True, tag="remember"):
    """A step was done; fields as in `agents.memory.tree.Entry`."""

    words: str
    observed: str = ""
    verified: bool | None = None
    step: int | None = None


class Note(_Change, frozen=True, tag="note"):
    """The planner notes something, or a person remarks something."""

    words: str


class Pin(_Change, frozen=True, tag="pin"):
    """A fact is to stay in the prompt."""

    words: str


class Unpin(_Change, frozen=True, tag="unpin"):
    """A pinned fact is taken out."""

    fact: NodeId


class Edit(_Change, frozen=True, tag="edit"):
    """Words or summary of a node are put otherwise; None leaves them."""

    node: NodeId
    words: str | None = None
    summary: str | None = None


class Summarise(_Change, frozen=True, tag="summarise"):
    """A closed subgoal gets a model's summary for the one made by rules; once, then it is kept."""

    subgoal: NodeId
    summary: str


class Collapse(_Change, frozen=True, tag="collapse"):
    """What is unfolded is folded: the steps so far of an open subgoal or the task, or a closed one recalled before."""

    node: NodeId


class Retrieve(_Change, frozen=True, tag="retrieve"):
    """Closed subgoals are unfolded at the end of the prompt until the next subgoal begins."""

    subgoals: tuple[NodeId, ...]


MemoryChange = (
    OpenSubgoal | CloseSubgoal | Abandon | Remember | Note | Pin | Unpin | Edit | Summarise | Collapse | Retrieve
)
"""The closed set; `agents.memory.editing.apply` knows them all."""

KINDS: tuple[type[Struct], ...] = get_args(MemoryChange)
