"""What solvers without a model have in common: a run like any other, in which all is permitted and nothing is judged.

The eyes, the hands, the guard and the conversation with the parent process are those of an agent
(`workbench.session.loop`), and a solver has no other way to the applications.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from workbench import events
from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.errors import StoppedError
from workbench.locate.verdict import Verdict
from workbench.session.child import Pipe
from workbench.session.roles import Ending, Grounding, Proposal, Taken, Verification
from workbench.trajectory import Step

if TYPE_CHECKING:
    from workbench.locate.sight import Sight
    from workbench.session.eyes import Eyes
    from workbench.session.running import Ready

MOST_LINES = 99
"""So many controls a solver reads."""

_STILL_S, _BEGINS_S, _RESTS_S = 0.05, 0.15, 2.0
"""How long the screen must not change, a first change is waited for, and any are."""

_EMERGENCY = "ctrl+alt+Escape"


class SolverOrder(Struct, frozen=True, kw_only=True):
    """What a solver is told: the task in words, whether to be wrong, and where to keep what.

    `frames` is the folder of the frames it keeps, `library` that of the library in which the run becomes a trajectory;
    None where it becomes none.
    """

    run: str
    task: str
    frames: str
    library: str | None = None
    wrong: bool = False

    @classmethod
    def keeping(cls, task: str, frames: Path, library: Path | None, **others: object) -> "SolverOrder":
        """A new order, whose run is kept in those folders; `others` are its remaining fields."""
        from workbench.session.replaying import new_run_id

        kept_in = str(library) if library is not None else None
        return cls(run=new_run_id(), task=task, frames=str(frames), library=kept_in, **others)  # type: ignore[arg-type]  # fields of the subclass


@dataclass
class Scripted(ABC):
    """Every role of the loop but the hands, for whoever knows what to do; a control is waited for `shows_s`."""

    eyes: "Eyes"
    shows_s: float

    @abstractmethod
    def propose(self) -> Proposal | Ending:
        """The next thing to do."""

    @abstractmethod
    def place(self, sight: "Sight") -> Grounding | None:
        """Where the click that is due goes; None while the screen does not show it."""

    @property
    @abstractmethod
    def wanted(self) -> str:
        """What the click that is due goes to, in words."""

    def ground(self, step: Step) -> Grounding:
        """Wait until the screen shows the control that is to be clicked, if one is."""
        until_s = time.monotonic() + self.shows_s
        while True:
            sight = self.eyes.look()
            found = self.place(sight) if isinstance(step.action, Click) else _at_focus(step, sight)
            if found is not None:
                return found
            if not self.eyes.wait(until_s):
                return Grounding(False, Verdict(reason=f"the screen shows no {self.wanted}"), sight)

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:  # noqa: ARG002 - the loop asks so
        """It may do everything."""
        return Decision("approve", "policy", "scripted")

    def learn(self, taken: Taken) -> None:  # noqa: B027 - no solver needs another one
        """It learns nothing."""

    def remember(self, taken: Taken) -> Ending | None:
        """A step that fails ends it."""
        return Ending("failed", taken.message) if taken.status == "failed" else None

    def verify(self, step: Step, grounding: Grounding) -> Verification:  # noqa: ARG002 - the loop asks so
        """Wait until the screen rests."""
        from workbench.session.eyes import Rest

        sight = self.eyes.rest(Rest(_STILL_S, first_s=_BEGINS_S), time.monotonic() + _RESTS_S)
        return Verification(True, "scripted", sight=sight)


def _at_focus(step: Step, sight: "Sight") -> Grounding:
    """Keys go to the focus; what is typed is kept with the field that has it."""
    voice = sight.accessibility if isinstance(step.action, TypeText) else None
    return Grounding(True, Verdict(), sight, element=voice.focused() if voice is not None else None)


def carry_out(order: SolverOrder, pipe: Pipe, ready: "Ready", *, cast: "Callable[[Eyes], Scripted | Ending]") -> None:
    """Have whoever `cast` makes carry out the order, or say at once how it ends."""
    from workbench.library.frames import FrameStore
    from workbench.session.emergency import watch_emergency
    from workbench.session.eyes import Eyes
    from workbench.session.loop import Players, run
    from workbench.session.performing import DesktopPerformer
    from workbench.session.running import Told, expecting

    watch_emergency(ready.guard, ready.desktop, _EMERGENCY, pipe)
    library = Path(order.library) if order.library is not None else None
    told = Told(pipe, Eyes(ready.desktop, FrameStore(Path(order.frames)), pipe.check), library)
    told.started(_begun(order, told.eyes))
    who = cast(told.eyes)
    if isinstance(who, Ending):
        return told.over(who)
    performer = DesktopPerformer(told.eyes, who.shows_s, str, lambda _: None, {}, expecting(ready.guard, told.eyes))
    try:
        return told.over(run(Players(who, who, who, performer, who), told.watch()))
    except StoppedError as stop:
        return told.over(Ending("stopped", str(stop)))
    finally:
        told.close()


def _begun(order: SolverOrder, eyes: "Eyes") -> events.RunStarted:
    from workbench.session.recording import becoming

    kept = becoming(order.task, eyes) if order.library is not None else None
    return events.RunStarted(
        run=order.run, trajectory=kept.id if kept else None, title=order.task, task=order.task, becomes=kept
    )
