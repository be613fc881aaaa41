"""What a person can choose from before a run: models, recorded trajectories, and what the settings say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench import settings
from workbench.approval import Mode

if TYPE_CHECKING:
    from workbench.library.store import Library

MOST_RECENT = 30


@dataclass(frozen=True)
class Shown:
    """A trajectory that a model can be shown: its id and what people call it."""

    id: str
    title: str


@dataclass(frozen=True)
class Recent:
    """A task that was given before: its trajectory, when (seconds since the epoch), and how it ended."""

    trajectory: str
    task: str
    created_s: float
    outcome: str


@dataclass(frozen=True)
class Offers:
    """`model` is the one that plans unless another is chosen, empty where there is none."""

    models: tuple[str, ...]
    model: str
    approve: Mode
    size: str
    shown: tuple[Shown, ...]
    recent: tuple[Recent, ...]


def offers_of(library: "Library") -> Offers:
    """What there is now; reads the library, the settings and the folder of the models."""
    from agents.runtime.models import built_in
    from agents.runtime.models.registry import Registry

    loaded, registry = settings.load(), Registry.usual()
    own = (built_in.NAME,) if built_in.comes_along() else ()
    names = registry.names()
    planner = next((name for name in names if "planner" in registry.get(name).roles), "")
    summaries = sorted(library.summaries(), key=lambda one: -one.created)
    agents = [one for one in summaries if one.source == "agent" and one.task]
    return Offers(
        models=(*own, *(name for name in names if name not in own)),
        model=planner or (own[0] if own else ""),
        approve=loaded.run.approve,
        size=loaded.desktop.private_size,
        shown=tuple(Shown(one.id, one.title) for one in summaries if one.source != "agent" and one.steps),
        recent=tuple(Recent(one.id, one.task, one.created, one.outcome or "") for one in agents[:MOST_RECENT]),
    )
