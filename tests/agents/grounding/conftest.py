"""Real applications on a private desktop, grounded, acted on and verified by the agent's own players."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from agents.grounding.finding import Finder, Looked
from agents.grounding.grounder import AgentGrounder
from agents.grounding.outcome import AgentVerifier
from agents.grounding.wishes import Wish
from agents.planning.scripted import ScriptedModel
from agents.runtime.ports import PLAIN, Answer, Asking, Heard
from agents.runtime.prompt import Prompt
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.actions import Action
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.library.frames import FrameStore
from workbench.locate.sight import Sight
from workbench.session.eyes import Eyes
from workbench.session.performing import DesktopPerformer
from workbench.session.roles import Grounding, Verification
from workbench.trajectory import Element, Step, Window


@dataclass
class Bench:
    """The players of a run on one desktop, and the wishes of its steps."""

    stage: Any
    eyes: Eyes
    finder: Finder = field(default_factory=Finder)
    timeout_s: float = 60.0
    wishes: dict[str, Wish] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grounder = AgentGrounder(self.eyes, lambda step: self.wishes.get(step.id), self.finder, self.timeout_s)
        self.verifier = AgentVerifier(self.eyes, lambda: self.grounder.read, timeout_s=20.0)
        self.performer = DesktopPerformer(self.eyes, 20.0, str, lambda _: None, {}, lambda _: None)

    def ground(self, action: Action, wish: Wish | str | None = None, step_id: str = "s1") -> Grounding:
        """Ground a step that only has words, or a wish."""
        self.wishes.pop(step_id, None)
        if wish is not None:
            self.wishes[step_id] = Wish(wish) if isinstance(wish, str) else wish
        return self.grounder.ground(Step(id=step_id, action=action))

    def do(
        self, action: Action, wish: Wish | str | None = None, *, until_in_front: str = ""
    ) -> tuple[Grounding, Verification]:
        """Ground, perform and verify a step, the last not before the window of that title is in front."""
        grounding = self.ground(action, wish)
        assert grounding.ok, grounding.verdict.reason
        assert grounding.step is not None
        self.performer.perform(grounding.step, grounding)
        if until_in_front:
            windows = self.stage.desktop.windows
            self.stage.until(lambda: (active := windows.active()) is not None and active.title == until_in_front)
        return grounding, self.verifier.verify(grounding.step, grounding)


@pytest.fixture
def bench(stage: Any, tmp_path: Path) -> Bench:
    """An empty desktop and the players of a run."""
    return Bench(stage, Eyes(stage.desktop, FrameStore(tmp_path / "frames"), lambda: None))


class Sure(ScriptedModel):
    """A scripted model that says how sure it is; None as servers do."""

    def __init__(self, answers: Sequence[str] | Callable[[Prompt], str], sureness: float | None) -> None:
        super().__init__(answers)
        self.sureness = sureness

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        return replace(super().ask(prompt, asking, heard), likelihood=self.sureness if asking.likelihood else None)


def reference_of(prompt: Prompt, line: str) -> str:
    """The reference that the list in a prompt has for the line that begins so."""
    text = str(prompt[-1].parts[0])
    found = next(one for one in text.split("\n") if one.startswith(line))
    return found[found.rindex("[") + 1 : -1]


@pytest.fixture
def meaning() -> Callable[..., Sure]:
    """A model that clicks the first line that begins so, this sure of it; no line begins with an empty one."""

    def make(line: str, sureness: float | None = 0.99) -> Sure:
        def says(prompt: Prompt) -> str:
            if not line:
                return '{"action":"none"}'
            return f'{{"action":"click","element":"{reference_of(prompt, line)}"}}'

        return Sure(says, sureness)

    return make


@pytest.fixture
def looked() -> Callable[..., Looked]:
    """A moment of a window in memory: one line of the list per row, 30 pixels high."""

    def make(*lines: Line, printed: bool = False) -> Looked:
        listed = numbered(lines)
        window = Window("shop", "Customers", Rect(0, 0, 400, 30 * len(lines) + 30), handle=1)
        frame = Frame(np.zeros((window.bounds.height, 400, 4), np.uint8), Point(0, 0), 0)
        elements = {
            line.ref: Element(
                "shop", "Customers", line.role, line.name, Rect(10, 30 * at, 120, 20), ref=("shop", line.ref)
            )
            for at, line in enumerate(listed)
        }
        sight = Sight(frame, (), window, (window,), None, lambda digest: frame)
        return Looked(sight, Read(ElementList("shop", "Customers", listed), elements), printed)

    return make
