"""The agent as the actor of episodes, lent what a condition says.

Nothing of a run is kept: no episode learns from another, so that they can be played in any order by any process.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from agents.evaluation.acting import SeriesActor
from agents.evaluation.harness.conditions import Condition
from agents.evaluation.suites import Actor
from agents.memory.lending import Lending
from agents.session.messages import AgentOrder, Minds
from workbench.approval import Policy
from workbench.errors import UnavailableError

POLICY = Policy(irreversible=("ask", "ask", "ask"), misplaced="ask")
"""Nothing is blocked on a private desktop that is thrown away; what it would ask about is approved in advance."""

EFFECT_S = 1.5
"""The longest that an effect is waited for: pages and programs on a private desktop answer at once, or not at all."""


class AgentTold(Struct, frozen=True):
    """Which models think, and the folder of the library that past work is lent from; empty where nothing is lent."""

    minds: Minds
    lends_from: str = ""


@dataclass
class AgentCast:
    """Agents that share one process with its models loaded; made from `AgentTold` as JSON."""

    told: Raw
    _folder: Path | None = None
    _actor: SeriesActor | None = None
    _told: AgentTold = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is started yet."""
        self._told = msgspec.json.decode(self.told, type=AgentTold)

    def actor(self, condition: Condition) -> Actor:
        """The agent under this condition; raises `UnavailableError` where the library to lend from is not here."""
        if self._folder is None:
            self._folder = self._prepared()
        order = order_under(condition, self._told, self._folder)
        if self._actor is None:
            self._actor = SeriesActor(order)
        self._actor.order = order
        return self._actor

    def close(self) -> None:
        """End the process and remove what it has written; idempotent."""
        if self._actor is not None:
            self._actor.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._actor = self._folder = None

    def _prepared(self) -> Path:
        """A folder for the frames of the runs, with those by which lent workflows find their places."""
        lends_from = self._told.lends_from
        if lends_from and not (Path(lends_from) / "library.db").is_file():
            raise UnavailableError(
                f"there is no library in {lends_from} to lend from; put it where all machines see it"
            )
        folder = Path(tempfile.mkdtemp(prefix="workbench-eval-"))
        frames = Path(lends_from) / "frames"
        if lends_from and frames.is_dir():
            shutil.copytree(frames, folder, copy_function=_named_again, dirs_exist_ok=True)
        return folder


def order_under(condition: Condition, told: AgentTold, frames: Path) -> AgentOrder:
    """What a run is told under a condition, but for the task."""
    order = plain_order(told.minds, frames)
    lending = Lending(
        condition.exemplars, condition.lend, workflows=condition.workflows, hints=condition.hints, waits=True
    )
    return replace(
        order,
        memory=condition.memory,
        lending=lending if condition.lends else order.lending,
        lends_from=told.lends_from if condition.lends else "",
    )


def plain_order(minds: Minds, frames: Path) -> AgentOrder:
    """The order of an agent that is lent nothing and whose run is kept nowhere."""
    return AgentOrder(
        run="",
        task="",
        library=None,
        frames=str(frames),
        minds=minds,
        approve="auto",
        policy=POLICY,
        effect_s=EFFECT_S,
    )


def _named_again(source: str, copy: str) -> None:
    """Frames never change once they are written: another name for them is enough, where the disk is the same."""
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)
