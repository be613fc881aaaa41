"""Real runs of a scripted model on a desktop in memory, with the people who approve, and what was written of them."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from agents.grounding.finding import Finder
from agents.grounding.grounder import AgentGrounder
from agents.grounding.outcome import AgentVerifier
from agents.memory.tree import remembering
from agents.planning.planner import AgentPlanner, Surroundings
from agents.planning.planning_thinker import PlanningThinker
from agents.planning.scripted import ScriptedModel, said
from agents.session.running import Looking
from workbench import events
from workbench.approval import Decision
from workbench.desktop.dry import DryDesktop, DryScreens
from workbench.desktop.ports import Pixels
from workbench.geometry import Point, Rect, Screen
from workbench.library.exporting.known import writer
from workbench.library.exporting.material import Material, Run
from workbench.library.exporting.training.hints import hints_of
from workbench.library.importing.drafts import Remark
from workbench.library.store import Library
from workbench.session.approving import PolicyApprover
from workbench.session.child import Pipe, Questions
from workbench.session.eyes import Eyes
from workbench.session.grounding import WitnessGrounder
from workbench.session.loop import Players, run
from workbench.session.messages import Decide, Go, Order, Reply
from workbench.session.performing import DesktopPerformer
from workbench.session.recording import becoming, begun
from workbench.session.replay import RecordedPlanner
from workbench.session.roles import Grounding
from workbench.session.running import Asking, Told
from workbench.session.verifying import OutcomeVerifier
from workbench.trajectory import Element, Step, Trajectory, Window

BOUNDS = Rect(0, 0, 640, 400)
WINDOW = Window("mousepad", "Letter - Mousepad", Rect(40, 30, 400, 260), handle=7)
NAMES = ("Open", "Save", "Print", "Close")
YES = Decision("approve", "person")


def element(name: str, row: int, role: str = "push button", *, password: bool = False) -> Element:
    place = Rect(80, 60 + 40 * row, 100, 24)
    states = ("enabled", "sensitive", "showing", "visible")
    return Element("mousepad", WINDOW.title, role, name, place, states=states, password=password, ref=("m", name))


ELEMENTS = tuple(element(name, row) for row, name in enumerate(NAMES))


def painted(number: int) -> Pixels:
    """A window with a mark for each thing that was done."""
    pixels = np.full((BOUNDS.height, BOUNDS.width, 4), 40, np.uint8)
    pixels[30:290, 40:440, :3] = 200
    for one in ELEMENTS:
        pixels[one.bounds.y : one.bounds.bottom, one.bounds.x : one.bounds.right, :3] = 120
    for at in range(number):
        pixels[60:90, 220 + 24 * at : 236 + 24 * at, :3] = 10
    return pixels


def desktop() -> DryDesktop:
    """The window with its buttons, before anything was done."""
    screens = [Screen("dry", BOUNDS, primary=True)]
    return DryDesktop(frames=[painted(0)], windows=[WINDOW], elements=ELEMENTS, screens=screens)


@dataclass
class Replies:
    """What the parent of a run says, all of it at once."""

    lines: list[bytes]
    closed: bool = False

    def next(self, timeout_s: float) -> bytes | None:
        return self.lines.pop(0) if self.lines else None


@dataclass
class Hands:
    """The performer of a run, after whose deeds the screen looks as the test wants: anew, or as before."""

    inner: DesktopPerformer
    screens: DryScreens
    effects: list[bool]
    painted: int = 0

    def perform(self, step: Step, grounding: Grounding) -> str:
        remark = self.inner.perform(step, grounding)
        if step.action.__struct_config__.tag in ("click", "press_keys", "type_text") and self.effects.pop(0):
            self.painted += 1
            self.screens.show(painted(self.painted))
        return remark


def plan(action: str, thought: str = "so", **fields: object) -> str:
    """One answer of the model."""
    return said({"thought": thought, "step": {"action": action, **fields}, "expect": "it is there"})


def click(name: str, thought: str = "so") -> str:
    return plan("click", thought, target=f'button "{name}"')


@dataclass
class Runs:
    """A library with runs of models, and recordings; `made` holds the events of every run as they were read back."""

    library: Library
    made: dict[str, list[events.Event]] = field(default_factory=dict)

    def run(
        self,
        answers: Sequence[str],
        replies: Sequence[Decision | Reply] = (),
        effects: Sequence[bool] = (),
        *,
        task: str = "save the letter",
    ) -> Trajectory:
        """Has a model do a task; each of its steps is decided about, where it does anything."""
        lines = [Decide(one) if isinstance(one, Decision) else one for one in replies]
        pipe = Pipe(Replies([msgspec.json.encode(line) for line in lines]), io.BytesIO())  # type: ignore[arg-type]  # it reads like a LineReader
        dry = desktop()
        told = Told(pipe, self._eyes(dry, pipe), self.library.path)
        kept = becoming(task, told.eyes)
        planner = AgentPlanner(
            PlanningThinker(ScriptedModel(list(answers))), Surroundings(look=Looking(told.eyes)), remembering(task)
        )
        asking = Asking(told, Questions(pipe), planner)
        performer = DesktopPerformer(told.eyes, 0.5, str, asking.question, {}, lambda _: None)
        assert isinstance(dry.screens, DryScreens)
        grounder = AgentGrounder(told.eyes, planner.wish, Finder(), 0.3)
        players = Players(
            planner=planner,
            grounder=grounder,
            approver=PolicyApprover("ask", "model", asking.decision),
            performer=Hands(performer, dry.screens, list(effects)),
            verifier=AgentVerifier(told.eyes, lambda: grounder.read, 0.4),
            person=asking,
        )
        number = f"r{len(self.made) + 1}"
        told.started(events.RunStarted(run=number, trajectory=kept.id, title=kept.title, task=task, becomes=kept))
        told.over(run(players, told.watch()))
        told.close()
        self.made[number] = self.library.run_events(number)
        return self.library.get(kept.id)

    def replay(
        self, trajectory: Trajectory, replies: Sequence[Decision | Reply] = (), effects: Sequence[bool] = ()
    ) -> None:
        """Replays a trajectory, every step of which is decided about."""
        lines = [Decide(one) if isinstance(one, Decision) else one for one in replies]
        pipe = Pipe(Replies([msgspec.json.encode(line) for line in lines]), io.BytesIO())  # type: ignore[arg-type]  # it reads like a LineReader
        dry = desktop()
        told = Told(pipe, self._eyes(dry, pipe), self.library.path)
        number = f"r{len(self.made) + 1}"
        order = Order(number, trajectory, "frames", approve="ask")
        planner = RecordedPlanner(trajectory, {}, order.pace, told.eyes.pause, lambda _: "continue")
        asking = Asking(told, Questions(pipe), planner)
        performer = DesktopPerformer(told.eyes, 0.5, str, asking.question, {}, lambda _: None)
        assert isinstance(dry.screens, DryScreens)
        players = Players(
            planner=planner,
            grounder=WitnessGrounder(told.eyes, 0.3),
            approver=PolicyApprover("ask", "reviewed", asking.decision),
            performer=Hands(performer, dry.screens, list(effects)),
            verifier=OutcomeVerifier(told.eyes, 0.4),
            person=asking,
        )
        told.started(begun(order, steps=len(trajectory.steps)))
        told.over(run(players, told.watch()))
        told.close()
        self.made[number] = self.library.run_events(number)

    def record(self, trajectory: Trajectory) -> Trajectory:
        """Keeps a recording."""
        return self.library.save(trajectory)

    def material(self, *trajectories: Trajectory, test_share: float = 0.0) -> Material:
        """What a writer is given."""
        library = self.library

        def runs(trajectory_id: str) -> list[Run]:
            return [Run(one, tuple(library.run_events(one.id))) for one in library.runs(trajectory_id)]

        def hints(trajectory_id: str) -> Any:
            return hints_of(library, trajectory_id)

        return Material(trajectories, library.frames.load, runs, lambda: None, hints, test_share)

    def _eyes(self, dry: DryDesktop, pipe: Pipe) -> Eyes:
        return Eyes(dry.desktop, self.library.frames, pipe.check)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with Library.open(tmp_path / "library") as library:
        yield Runs(library)


@pytest.fixture
def model() -> Any:
    """How to script one: `click`, `plan`, and the answers of people."""

    class Model:
        click = staticmethod(click)
        plan = staticmethod(plan)
        yes = YES
        finish = plan("finish")
        go_on = Go("continue")
        elements = ELEMENTS
        window = replace(WINDOW, handle=None)
        painted = staticmethod(painted)

    return Model


@dataclass(frozen=True)
class Written:
    """A training set that was written: its folder, and what was remarked."""

    path: Path
    remarks: tuple[Remark, ...]

    def lines(self, name: str = "train.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.path / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Material], Written]:
    """Writes a set."""

    def write(name: str, material: Material) -> Written:
        path = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}"
        return Written(path, writer(name).write(material, path))

    return write


@pytest.fixture(scope="session")
def spot() -> Callable[[str], Point]:
    """Where a button of the desktop is clicked."""
    return lambda name: ELEMENTS[NAMES.index(name)].bounds.centre
