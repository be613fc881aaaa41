"""What the process of an agent's run is told before it begins; replies and events are those of every run."""

from typing import Literal

from msgspec import Struct

from agents.memory.lending import NOTHING, Lending
from agents.planning.recovery import Limits
from workbench.approval import Mode, Policy
from workbench.session.messages import Order
from workbench.trajectory import Trajectory

MODULE = "agents.session.child"
"""The process that carries it out: `python -m` this."""

REPAIRING = "agents.session.repair_child"
"""The process of a replay that has a model repair steps."""

Memory = Literal["hierarchical", "flat"]


class Minds(Struct, frozen=True):
    """Which models think: names of the registry in `folder`. Empty ones are nobody's part.

    `planner` decides on steps, `grounder` finds the element that words mean, `judge` looks at risks, `embedder` tells
    how alike words are, for what past work lends.
    """

    folder: str
    planner: str
    grounder: str = ""
    judge: str = ""
    embedder: str = ""


class AgentOrder(Struct, frozen=True):
    """Everything that an agent's run needs to know.

    `library` is the library's folder, in which the run is logged, None where nothing is kept; `frames` is the one of
    its frames. `commands` started the applications. `timeout_s` is the longest that one step may wait for its target,
    `effect_s` for its effect.
    `lending` says what past work may lend; it is found in the library of the folder `lends_from`, empty for `library`.
    `exemplars` are trajectories that a person named, in whose place nothing is searched for; a log holds only their
    ids. `secrets` are the names that the
    person mentioned in the task: no others are ever typed. `resumes` is the run that it goes on with. `seen` tells
    that a person sees the desktop, who can point at a place that nobody else finds. `warning` is what the planner is
    told before its first step, as that what the earlier run did on the screen is gone.
    """

    run: str
    task: str
    library: str | None
    frames: str
    minds: Minds
    memory: Memory = "hierarchical"
    approve: Mode = "ask"
    policy: Policy = Policy()
    limits: Limits = Limits()
    timeout_s: float = 10.0
    effect_s: float = 3.0
    commands: tuple[str, ...] = ()
    lending: Lending = NOTHING
    lends_from: str = ""
    exemplars: tuple[Trajectory, ...] = ()
    exemplar_ids: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    resumes: str = ""
    warning: str = ""
    seen: bool = False
    emergency_hotkey: str = "ctrl+alt+Escape"


class RepairOrder(Order, frozen=True, kw_only=True):
    """A replay in which `minds` do what a recorded step meant, where it does not fit."""

    minds: Minds
