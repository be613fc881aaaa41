"""The models of a run by their roles, and the thinker, chooser and pointer that are made of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.grounding.choosing import Chooser
from agents.grounding.pointing import Pointer
from agents.planning.choosing_thinker import ChoosingThinker
from agents.planning.planning_thinker import PlanningThinker
from agents.planning.ports import Thinker
from agents.prompts.choosing import ANY_MODEL, BUILT_IN, ChoosingStyle
from agents.prompts.planning import PlanningStyle
from agents.runtime.interruptible import Interruptible
from agents.runtime.models import built_in
from agents.runtime.models.gguf_reading import read_head
from agents.runtime.models.opening import open_model, style_of
from agents.runtime.models.registry import Registry
from agents.runtime.persisting import Persisting
from agents.runtime.pool import Pool, Role
from agents.runtime.ports import Heard, Model
from agents.session.messages import AgentOrder, Minds

PROMPT_KEY = "workbench.prompt"
CHOOSING = "choosing-1"
"""What a model file says of itself that was trained on the choosing prompt and reads no other."""

ROOM = 1.4
"""Memory that a model takes, as a multiple of its files: context and scratch come on top of the weights."""


@dataclass(frozen=True)
class Opened:
    """Who thinks in a run, and who finds what words mean."""

    thinker: Thinker
    chooser: Chooser
    pointer: Pointer | None
    judge: Model | None


@contextmanager
def minds_of(order: AgentOrder, check: Callable[[], None], heard: Heard | None = None) -> Iterator[Opened]:
    """The models of the run, loaded when they are first asked and closed at the end.

    What `check` raises while a model thinks ends its thinking. A model that breaks down is asked once more.

    Without a grounder of its own, the built-in model chooses elements, else the planner does. Raises
    `UnavailableError` for a model that does not exist.
    """
    minds, registry = order.minds, Registry(Path(order.minds.folder))
    roles = _roles(minds)
    for name in set(roles.values()):
        registry.get(name)
    with Pool(
        lambda name: open_model(name, registry=registry),
        lambda name: _needs_bytes(registry, name),
        budget_bytes=_memory_bytes(),
        roles=roles,
    ) as pool:

        def asked(role: Role) -> Model:
            return Persisting(Interruptible(pool.model_for(role), check))

        planner, grounder = asked("planner"), asked("grounder")
        yield Opened(
            thinker=_thinker(planner, registry, order, heard),
            chooser=Chooser(grounder, _style(registry, grounder.name)),
            pointer=_pointer(grounder, registry),
            judge=asked("judge") if minds.judge else None,
        )


def speaks_choosing(registry: Registry, name: str) -> bool:
    """Whether the model was trained on the choosing prompt alone."""
    entry = registry.get(name)
    return entry.kind == "local" and read_head(registry.files(entry)[0]).text(PROMPT_KEY) == CHOOSING


def _roles(minds: Minds) -> dict[Role, str]:
    grounder = minds.grounder or (built_in.NAME if built_in.comes_along() else minds.planner)
    roles: dict[Role, str] = {"planner": minds.planner, "grounder": grounder}
    return roles | ({"judge": minds.judge} if minds.judge else {})


def _thinker(model: Model, registry: Registry, order: AgentOrder, heard: Heard | None) -> Thinker:
    if speaks_choosing(registry, model.name):
        return ChoosingThinker(model, BUILT_IN)
    return PlanningThinker(model, PlanningStyle(order.memory), heard=heard)


def _style(registry: Registry, name: str) -> ChoosingStyle:
    return BUILT_IN if speaks_choosing(registry, name) else ANY_MODEL


def _pointer(model: Model, registry: Registry) -> Pointer | None:
    """The model as one that points, where it sees and calibrating found out how."""
    entry = registry.get(model.name)
    profile = registry.profile(model.name) if entry.mmproj or entry.kind == "server" else None
    if profile is None or profile.convention is None:
        return None
    return Pointer(model, style_of(model.name, registry=registry), profile.hit_rate)


def _needs_bytes(registry: Registry, name: str) -> int:
    entry = registry.get(name)
    if entry.kind == "server":
        return 0
    return int(ROOM * sum(path.stat().st_size for path in registry.files(entry) if path))


def _memory_bytes() -> int:
    """The memory that models may take together: most of what this machine has."""
    import os

    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.7) if hasattr(os, "sysconf") else 8 * 10**9
