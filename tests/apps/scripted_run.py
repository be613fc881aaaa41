"""A run without a model: presses the buttons of an application that it was told to, by their accessible names.

`python scripted_run.py` is the process of the run and speaks with its parent as every such process does; with `parent`
as its first argument it is that parent, which reads an order on standard input, carries it out and says when a step
begins. Both can be killed at any instant.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec.structs import replace

from workbench import events
from workbench.actions import Click, PressKeys, TypeText
from workbench.approval import Decision
from workbench.errors import StoppedError
from workbench.library.frames import FrameStore
from workbench.locate.verdict import Verdict
from workbench.session.child import Pipe, serve
from workbench.session.emergency import watch_emergency
from workbench.session.eyes import Eyes
from workbench.session.loop import Players, Watch, run
from workbench.session.messages import Order
from workbench.session.parent import RunChild
from workbench.session.performing import DesktopPerformer
from workbench.session.recording import begun
from workbench.session.roles import Ending, Grounding, Proposal, Taken, Verification
from workbench.session.running import Ready, Told, expecting
from workbench.trajectory import Element, Step

REST_S = 0.1


@dataclass
class Script:
    """Every role but the hands; the words of the task are button names, `keys:a+b` and `type:TEXT`."""

    told: Told
    words: list[str]
    index: int = 0
    _presses: dict[str, str] = field(default_factory=dict)

    def propose(self) -> Proposal | Ending:
        if self.index == len(self.words):
            return Ending("finished")
        word = self.words[self.index]
        self.index += 1
        self.told.say(events.MemoryChanged(change={"kind": "remember", "words": f"about to press {word}"}))
        kind, _, rest = word.partition(":")
        action = {"keys": PressKeys(tuple(rest.split("+")) or ("a",)), "type": TypeText(rest)}.get(kind, Click())
        step = Step(f"s{self.index}", action)
        self._presses[step.id] = word
        return Proposal(self.index, step, why=f"because {word} comes next")

    def remember(self, taken: Taken) -> Ending | None:
        return Ending("failed", taken.message) if taken.status == "failed" else None

    def ground(self, step: Step) -> Grounding:
        sight = self.told.eyes.look()
        elements = sight.accessibility
        assert elements is not None
        assert sight.active is not None
        if not isinstance(step.action, Click):
            return Grounding(True, Verdict(), sight, element=elements.focused())
        button = self._button(sight.active.app, self._presses[step.id])
        return Grounding(True, Verdict(button.bounds.centre, ("element",), 1.0), sight, element=button)

    def _button(self, app: str, name: str) -> Element:
        """Waits until the application has built itself up."""
        elements = self.told.eyes.desktop.accessibility
        assert elements is not None
        while True:
            for element in elements.walk(app):
                if element.name.strip() == name and element.bounds.area:
                    return element
            self.told.eyes.pause(0.05)

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        return Decision("approve", "policy", "a script decides nothing")

    def learn(self, taken: Taken) -> None:
        return None

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        eyes = self.told.eyes
        sight = eyes.look()
        while eyes.desktop.screens.wait_for_change(REST_S):
            sight = eyes.look()
        return Verification(True, "script", frame=eyes.keep(sight.frame), sight=sight)


class Face:
    """Says when a step begins and ends."""

    def hear(self, event: events.Event) -> None:
        if isinstance(event, events.StepActing | events.StepEnded | events.RunStarted | events.RunEnded):
            print(type(event).__name__, getattr(event, "index", 0), flush=True)  # noqa: T201 - its parent listens

    def decide(self, *_: object) -> Decision:
        return Decision("stop", "policy", "nobody is there")

    def answer(self, index: int, question: str) -> str | None:
        return None

    def point(self, index: int, verdict: Verdict) -> bool:
        return False

    def resume(self, index: int) -> str:
        return "stop"


def carry_out(order: Order, pipe: Pipe, ready: Ready) -> None:
    assert order.library is not None
    watch_emergency(ready.guard, ready.desktop, order.emergency_hotkey, pipe)
    told = Told(pipe, Eyes(ready.desktop, FrameStore(Path(order.frames)), pipe.check), Path(order.library))
    script = Script(told, order.trajectory.task.split())
    performer = DesktopPerformer(told.eyes, 5.0, str, lambda _: None, {}, expecting(ready.guard, told.eyes))
    try:
        told.started(replace(begun(order, steps=None), becomes=order.trajectory))
        told.over(stopped_or(run, Players(script, script, script, performer, script), told.watch()))
    finally:
        told.close()


def stopped_or(loop: Callable[[Players, Watch], Ending], players: Players, watch: Watch) -> Ending:
    try:
        return loop(players, watch)
    except StoppedError as stop:
        return Ending("stopped", str(stop))


def parent() -> None:
    order = msgspec.json.decode(sys.stdin.readline(), type=Order)
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    with RunChild(process) as run_child:
        run_child.conduct(order, Face(), str)


if __name__ == "__main__":
    parent() if sys.argv[1:] == ["parent"] else sys.exit(serve(Order, carry_out))
