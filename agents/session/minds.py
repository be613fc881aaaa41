"""The models of a run by their roles, and the thinker, chooser and pointer that are made of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.grounding.choosing import Chooser
from agents.grounding.pointing import Pointer
from agents.memory.retrieval.embedding import Embedder, key_of
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
    """Who thinks in a run, and who finds what words mean; `viewer` plans too, and may be shown pictures."""

    thinker: Thinker
    chooser: Chooser
    pointer: Pointer | None
    judge: Model | None
    embedder: Embedder | None = None
    viewer: Model | None = None


@contextmanager
def minds_of(order: AgentOrder, check: Callable[[], None], heard: Heard | None = None) -> Iterator[Opened]:
    """The models of the run, loaded when they are first asked and closed at the end.

    What `check` raises while a model thinks ends its thinking. A model that breaks down is asked once more.

    Without a grounder of its own, the built-in model chooses elements, else the planner does. Raises
    `UnavailableError` for a model that does not exist.
    """
    with pool_of(order.minds) as pool:
        yield opened(pool, order, check, heard=heard)


def pool_of(minds: Minds) -> Pool:
    """The models with their roles, none of them loaded yet; close it after use.

    Raises `UnavailableError` for a model that does not exist.
    """
    registry, roles = Registry(Path(minds.folder)), _roles(minds)
    for name in set(roles.values()):
        registry.get(name)
    return Pool(
        lambda name: open_model(name, registry=registry),
        lambda name: _needs_bytes(registry, name),
        budget_bytes=_memory_bytes(),
        roles=roles,
    )


def opened(pool: Pool, order: AgentOrder, check: Callable[[], None], *, heard: Heard | None = None) -> Opened:
    """The models of the pool of the order's minds, as `minds_of` has them for one run."""
    registry = Registry(Path(order.minds.folder))

    def asked(role: Role) -> Model:
        return Persisting(Interruptible(pool.model_for(role), check))

    planner, grounder = asked("planner"), asked("grounder")
    return Opened(
        thinker=_thinker(planner, registry, order, heard),
        chooser=Chooser(grounder, _style(registry, grounder.name)),
        pointer=_pointer(grounder, registry),
        judge=asked("judge") if order.minds.judge else None,
        embedder=_embedder(pool, registry, asked("embedder")) if order.minds.embedder else None,
        viewer=planner if _may_see(registry, planner.name) else None,
    )


def speaks_choosing(registry: Registry, name: str) -> bool:
    """Whether the model was trained on the choosing prompt alone."""
    entry = registry.get(name)
    return entry.kind == "local" and read_head(registry.files(entry)[0]).text(PROMPT_KEY) == CHOOSING


def _roles(minds: Minds) -> dict[Role, str]:
    grounder = minds.grounder or (built_in.NAME if built_in.comes_along() else minds.planner)
    roles: dict[Role, str] = {"planner": minds.planner, "grounder": grounder}
    others: dict[Role, str] = {"judge": minds.judge, "embedder": minds.embedder}
    return roles | {role: name for role, name in others.items() if name}


def _thinker(model: Model, registry: Registry, order: AgentOrder, heard: Heard | None) -> Thinker:
    if speaks_choosing(registry, model.name):
        return ChoosingThinker(model, BUILT_IN)
    return PlanningThinker(model, PlanningStyle(order.memory), heard=heard)


def _style(registry: Registry, name: str) -> ChoosingStyle:
    return BUILT_IN if speaks_choosing(registry, name) else ANY_MODEL


def _embedder(pool: Pool, registry: Registry, asked: Model) -> Embedder:
    key = key_of(asked.name, registry.fingerprint(asked.name))
    return Embedder(asked, beside=Persisting(pool.model_for("embedder")), key=key)


def _may_see(registry: Registry, name: str) -> bool:
    """Whether the model may be one that sees and plans; it says for sure once it is loaded."""
    entry = registry.get(name)
    return bool(entry.mmproj or entry.kind == "server") and not speaks_choosing(registry, name)


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
