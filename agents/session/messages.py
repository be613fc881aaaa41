"""What the process of an agent's run is told before it begins; replies and events are those of every run."""

from typing import Literal

from msgspec import Struct

from workbench.approval import Mode
from workbench.trajectory import Trajectory

Memory = Literal["hierarchical", "flat"]


class Limits(Struct, frozen=True):
    """When a run ends by itself: after so many steps, seconds, tokens of prompts and answers, failures in a row.

    `timeout_s` is the longest that one step may wait for its target or its effect.
    """

    steps: int = 50
    seconds: float = 1800.0
    tokens: int = 500_000
    failures: int = 5
    timeout_s: float = 10.0


class Minds(Struct, frozen=True):
    """Which models think: names of the registry in `folder`. Empty ones are nobody's part.

    `planner` decides on steps, `grounder` finds the element that words mean, `judge` looks at risks.
    """

    folder: str
    planner: str
    grounder: str = ""
    judge: str = ""


class AgentOrder(Struct, frozen=True):
    """Everything that an agent's run needs to know.

    `library` is the library's folder, `frames` the one of its frames. `exemplars` are trajectories that people or runs
    left, the best first. `secrets` are the names that the person mentioned in the task: no others are ever typed.
    `resumes` is the run that is taken up again where it was cut off.
    """

    run: str
    task: str
    library: str
    frames: str
    minds: Minds
    memory: Memory = "hierarchical"
    approve: Mode = "ask"
    limits: Limits = Limits()
    exemplars: tuple[Trajectory, ...] = ()
    secrets: tuple[str, ...] = ()
    saves: bool = True
    resumes: str = ""
    emergency_hotkey: str = "ctrl+alt+Escape"
