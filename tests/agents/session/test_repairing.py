"""The repairing planner: what is handed over, what counts as repaired, and how a repair that fails ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from agents.memory.tree import remembering
from agents.planning.planner import AgentPlanner, Seen, Surroundings
from agents.planning.ports import Idea
from agents.planning.recovery import Limits
from agents.planning.scripted import ScriptedThinker
from agents.screen.listing import ElementList, Line
from agents.screen.reading import Read
from agents.session.repairing import MOST_STEPS, Ears, RepairingPlanner
from workbench.actions import Check, Click, Condition, Fail, Finish, TypeText
from workbench.approval import Decision
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect
from workbench.locate.sight import Sight
from workbench.locate.verdict import Cause, Verdict
from workbench.session.messages import Pace
from workbench.session.replay import RecordedPlanner
from workbench.session.roles import Ending, Grounding, Proposal, Taken, Verification
from workbench.trajectory import Element, Step, Target, Trajectory

FRAME = Frame(np.zeros((4, 4, 4), np.uint8), Point(0, 0), 0)
SIGHT = Sight(FRAME, (), None, (), None, lambda _: FRAME)
LIST = Read(ElementList("shop", "Orders", (Line("e1", "button", "Store"),)), {})


def button(name: str, role: str = "push button") -> Element:
    return Element("shop", "Orders", role, name, Rect(0, 0, 10, 10))


SAVE = Step("s1", Click(), target=Target(Point(5, 5), element=button("Save")))
APPLY = Step("s2", Click(), target=Target(Point(5, 5), element=button("Apply")))
STORE = Idea(Click(), target='button "Store"')


@dataclass
class Screen:
    """What the screen says of recorded steps; lists are used up answer by answer, the last one stays."""

    fitting: list[bool] = field(default_factory=lambda: [False])
    missing_now: list[tuple[str, ...]] = field(default_factory=lambda: [()])
    is_strong: bool = False

    def fits(self, step: Step) -> bool:
        return self.fitting.pop(0) if len(self.fitting) > 1 else self.fitting[0]

    def missing(self, step: Step, since: Grounding, acted: Grounding, *, anywhere: bool) -> tuple[str, ...]:
        return self.missing_now.pop(0) if len(self.missing_now) > 1 else self.missing_now[0]

    def rebased(self, step: Step, since: Grounding) -> Grounding:
        return since

    def strong(self, step: Step, acted: Grounding) -> bool:
        return self.is_strong


@dataclass
class Scene:
    """A replay of two clicks with a scripted thinker beside it."""

    planner: RepairingPlanner
    thinker: ScriptedThinker
    mended: dict[int, tuple[Step, ...]]
    ended: list[Taken]

    def next(self) -> Proposal:
        proposal = self.planner.propose()
        assert isinstance(proposal, Proposal), proposal
        return proposal

    def end(self) -> Ending:
        ending = self.planner.propose()
        assert isinstance(ending, Ending)
        return ending

    def halt(self, cause: Cause = "renamed") -> None:
        """The next step does not find its place."""
        verdict = Verdict(cause=cause, reason="Save says Store now")
        taken = Taken(self.next(), "failed", grounding=Grounding(False, verdict, SIGHT), message=verdict.reason)
        assert self.planner.remember(taken) is None

    def do(self, *, role: str = "push button", works: bool = True, by: str = "") -> Proposal:
        """The next step is carried out on a control of this role."""
        proposal = self.next()
        here = Grounding(True, Verdict(Point(5, 5), ("element",)), SIGHT, element=button("Store", role))
        proof = Verification(works, by, frame="f")
        taken = Taken(
            proposal, "repaired" if works else "failed", None, here, proof, "" if works else "nothing changed"
        )
        assert self.planner.remember(taken) is None
        return proposal


Stage = Callable[..., Scene]


@pytest.fixture
def stage() -> Stage:
    def made(*ideas: Idea, screen: Screen | None = None, steps: Sequence[Step] = (SAVE, APPLY)) -> Scene:
        thinker = ScriptedThinker(ideas)
        around = Surroundings(look=lambda _words, _before: Seen(SIGHT, LIST))
        recorded = RecordedPlanner(
            Trajectory("t", "orders", tuple(steps)), {}, Pace(), lambda _: None, lambda _: "continue"
        )

        def helper(proposal: Proposal) -> AgentPlanner:
            return AgentPlanner(thinker, around, remembering("click Save"), Limits(steps=0))

        mended: dict[int, tuple[Step, ...]] = {}
        ended: list[Taken] = []
        ears = Ears(ended.append, lambda index, kept: mended.update({index: kept}), lambda taken: taken.proposal.step)
        planner = RepairingPlanner(recorded, helper, screen or Screen(), ears)
        return Scene(planner, thinker, mended, ended)

    return made


def test_without_drift_no_thinker_is_asked(stage: Stage) -> None:
    scene = stage()
    for _ in range(2):
        assert scene.planner.remember(Taken(scene.next(), "done")) is None
    assert scene.end() == Ending("finished")
    assert scene.thinker.moments == []


def test_a_renamed_control_of_the_same_kind_with_the_recorded_effect_is_the_repair(stage: Stage) -> None:
    scene = stage(STORE)
    scene.halt()
    done = scene.do()
    assert (done.index, done.repairs) == (1, True)
    assert [step.action for step in scene.mended[1]] == [Click()]
    following = scene.next()
    assert (following.index, following.step, following.repairs) == (2, APPLY, False)


def test_the_thinker_is_told_of_the_one_step_and_why_it_does_not_fit(stage: Stage) -> None:
    scene = stage(STORE)
    scene.halt()
    scene.do()
    (moment,) = scene.thinker.moments
    assert moment.memory.root.words == "click Save"
    assert "Save says Store now" in moment.trouble
    assert "Do only this" in moment.trouble


def test_a_control_of_another_kind_is_only_the_repair_once_the_model_says_so_too(stage: Stage) -> None:
    scene = stage(STORE, STORE, Idea(Finish()))
    scene.halt()
    scene.do(role="toggle button")
    scene.do(role="menu item")
    assert scene.mended == {}
    assert scene.next().step == APPLY
    assert len(scene.mended[1]) == 2
    assert "finish, unless something" in scene.thinker.moments[-1].trouble


def test_what_fits_again_is_done_as_it_was_recorded(stage: Stage) -> None:
    scene = stage(STORE, screen=Screen(fitting=[True]))
    scene.halt("covered")
    scene.do()
    again = scene.next()
    assert (again.step, again.index, again.repairs) == (SAVE, 1, True)
    assert scene.planner.agent is None
    assert scene.planner.remember(Taken(again, "repaired")) is None
    assert scene.mended[1][-1] is SAVE
    assert scene.next().step == APPLY


def test_another_button_is_never_the_repair_of_one_that_is_greyed_out(stage: Stage) -> None:
    scene = stage(STORE, Idea(Fail("it stays grey")))
    scene.halt("disabled")
    scene.do()
    assert scene.end() == Ending("failed", "step 1: Save says Store now; the model could not repair it: it stays grey")


def test_saying_that_it_is_done_does_not_make_it_so(stage: Stage) -> None:
    scene = stage(*[Idea(Finish())] * MOST_STEPS)
    scene.halt()
    reason = scene.end().reason or ""
    assert reason.endswith(f"could not repair it: {MOST_STEPS} steps did not do it")
    assert "nothing was done for it" in scene.thinker.moments[-1].trouble


def test_without_what_the_recording_shows_nothing_is_repaired(stage: Stage) -> None:
    scene = stage(STORE, *[Idea(Finish())] * MOST_STEPS, screen=Screen(missing_now=[("no window came",)]))
    scene.halt()
    scene.do()
    assert scene.end().outcome == "failed"
    assert "no window came" in scene.thinker.moments[-1].trouble
    assert scene.mended == {}


def test_a_step_whose_effect_came_late_is_repaired_without_a_difference(stage: Stage) -> None:
    scene = stage(Idea(Finish()))
    there = Grounding(True, Verdict(Point(5, 5), ("element",)), SIGHT)
    failed = Taken(scene.next(), "failed", None, there, Verification(False, frame="f"), "nothing changed")
    assert scene.planner.remember(failed) is None
    assert scene.next().step == APPLY
    assert [taken.status for taken in scene.ended] == ["repaired"]
    assert scene.mended == {}


def test_no_more_than_a_few_small_steps_are_tried(stage: Stage) -> None:
    scene = stage(*[Idea(Click(), target=f"button {n}") for n in range(9)], screen=Screen(missing_now=[("nothing",)]))
    scene.halt()
    for _ in range(MOST_STEPS):
        scene.do()
    assert f"{MOST_STEPS} steps did not do it" in (scene.end().reason or "")
    assert [taken.status for taken in scene.ended] == ["failed"]


def test_a_model_that_says_nothing_usable_ends_the_run_with_both_reasons(stage: Stage) -> None:
    scene = stage()
    scene.halt()
    reason = scene.end().reason or ""
    assert reason.startswith("step 1: Save says Store now; the model could not repair it: the script has no idea")


@pytest.mark.parametrize("action", [Check(Condition(text="42")), Fail("no")])
def test_a_check_that_does_not_hold_is_never_repaired(action: Check | Fail, stage: Stage) -> None:
    scene = stage(STORE, steps=(Step("c", action),))
    there = Grounding(True, Verdict(), SIGHT)
    ending = scene.planner.remember(Taken(scene.next(), "failed", grounding=there, message="42 is not there"))
    assert ending == Ending("failed", "step 1: 42 is not there")


def test_a_step_that_somebody_refused_is_not_handed_over(stage: Stage) -> None:
    scene = stage(STORE)
    no = Decision("stop", "person", "not this")
    ending = scene.planner.remember(Taken(scene.next(), "skipped", no, message="not this"))
    assert ending is not None
    assert ending.outcome == "stopped"


def test_what_a_person_did_who_took_over_is_the_repair(stage: Stage) -> None:
    scene = stage(STORE)
    scene.halt()
    scene.do(role="menu item", by="person")
    assert len(scene.mended[1]) == 1


def test_a_typed_text_that_arrived_is_proof_enough(stage: Stage) -> None:
    typed = Step("t", TypeText("Ada"), target=SAVE.target)
    scene = stage(Idea(TypeText("Ada")), screen=Screen(is_strong=True), steps=(typed, APPLY))
    scene.halt()
    scene.do(role="entry")
    assert scene.next().step == APPLY
