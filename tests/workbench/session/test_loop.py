"""The step loop with scripted players: order, refusals, failures and endings."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.actions import Click, Note
from workbench.approval import Decision
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError
from workbench.geometry import Point
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.session.loop import Players, StepFailed, Watch, run
from workbench.session.roles import Ending, Grounding, Person, Proposal, Returned, Taken, Verification
from workbench.trajectory import Step

FRAME = Frame(np.zeros((4, 4, 4), np.uint8), Point(0, 0), 0)
SIGHT = Sight(FRAME, (), None, (), None, lambda frame: FRAME)
HERE = Grounding(True, Verdict(point=Point(1, 1), located_by=("element",)), SIGHT)
NOWHERE = Grounding(False, Verdict(cause="missing", reason="the button is gone"), SIGHT)


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision that took its time has the place looked for again, and on a busy machine every one may take it."""
    monkeypatch.setattr("workbench.session.loop.time", SimpleNamespace(monotonic=lambda: 0.0))


@dataclass
class Script:
    """Plays every role from a script and notes the order in which it is called."""

    steps: int = 2
    groundings: list[Grounding] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    fails: bool = False
    calls: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    learnt: list[Taken] = field(default_factory=list)

    def propose(self) -> Proposal | Ending:
        self.calls.append("propose")
        index = len(self.taken) + 1
        return Proposal(index, Step(id=f"s{index}", action=Click())) if index <= self.steps else Ending("finished")

    def ground(self, step: Step) -> Grounding:
        self.calls.append("ground")
        return self.groundings.pop(0) if self.groundings else HERE

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        self.calls.append("approve")
        return self.decisions.pop(0) if self.decisions else Decision("approve", "policy")

    def perform(self, step: Step, grounding: Grounding) -> str:
        self.calls.append("act")
        if self.fails:
            raise StepFailed("another window came over the target")
        return ""

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        self.calls.append("verify")
        return self.verifications.pop(0) if self.verifications else Verification(True, "window")

    def remember(self, taken: Taken) -> Ending | None:
        self.calls.append("remember")
        self.taken.append(taken)
        return Ending("failed", taken.message) if taken.status == "failed" else None

    def learn(self, taken: Taken) -> None:
        self.learnt.append(taken)

    def play(self, person: Person | None = None) -> Ending:
        watch = Watch(
            lambda proposal: None,
            lambda proposal, grounding: None,
            lambda taken: self.calls.append("ended"),
            decided=lambda proposal, decision: self.calls.append("decided"),
        )
        return run(Players(self, self, self, self, self, person=person), watch)


def test_a_step_goes_through_every_role_in_order() -> None:
    script = Script(steps=1)
    assert script.play() == Ending("finished")
    assert script.calls == ["propose", "ground", "approve", "decided", "act", "verify", "ended", "remember", "propose"]


def test_a_step_without_a_place_is_neither_asked_about_nor_performed() -> None:
    script = Script(groundings=[NOWHERE])
    assert script.play() == Ending("failed", "the button is gone")
    assert "approve" not in script.calls
    assert "act" not in script.calls


@pytest.mark.parametrize("word", ["stop", "take-over"])
def test_a_decision_to_stop_ends_the_run_before_anything_is_done(word: str) -> None:
    script = Script(decisions=[Decision(word, "person", "enough")])  # type: ignore[arg-type]  # parametrised words
    assert script.play() == Ending("stopped", "enough")
    assert "act" not in script.calls


def test_who_stopped_a_step_is_told_with_it() -> None:
    script = Script(decisions=[Decision("stop", "person", "enough")])
    script.play()
    assert [(taken.status, taken.decided_by) for taken in script.taken] == [("skipped", "person")]


def test_a_rejected_step_is_skipped_and_the_planner_decides_how_to_go_on() -> None:
    script = Script(decisions=[Decision("reject", "person", "not this")])
    assert script.play() == Ending("finished")
    assert [taken.status for taken in script.taken] == ["skipped", "done"]


def test_a_modified_step_is_grounded_anew_and_performed_as_modified() -> None:
    other = Step(id="m", action=Note("instead"))
    script = Script(steps=1, decisions=[Decision("modify", "person", step=other)])
    script.play()
    assert script.calls.count("ground") == 2
    assert script.taken[0].proposal.step == other


def test_a_modified_step_without_a_place_fails_unperformed() -> None:
    script = Script(groundings=[HERE, NOWHERE], decisions=[Decision("modify", "person", step=Step("m", Click()))])
    assert script.play().outcome == "failed"
    assert "act" not in script.calls


@dataclass
class Handed:
    """A person who takes over and gives back, or ends the run."""

    goes_on: bool = True
    seen: list[Proposal] = field(default_factory=list)

    def take_over(self, proposal: Proposal, decision: Decision, grounding: Grounding) -> Returned:
        self.seen.append(proposal)
        if not self.goes_on:
            raise StoppedError("the person took over and ended the run")
        return Returned("the person took over: the window “Save” opened", "f1")


TAKE_OVER = Decision("take-over", "person")


def test_a_step_that_a_person_takes_over_is_theirs_and_the_planner_hears_what_changed() -> None:
    script, person = Script(decisions=[TAKE_OVER]), Handed()
    assert script.play(person) == Ending("finished")
    assert [taken.status for taken in script.taken] == ["repaired", "done"]
    assert script.taken[0].message == "the person took over: the window “Save” opened"
    assert script.taken[0].verification.by == "person"
    assert (len(person.seen), script.calls.count("act")) == (1, 1)


def test_a_person_who_took_over_and_ends_the_run_stops_it() -> None:
    script = Script(decisions=[TAKE_OVER])
    assert script.play(Handed(goes_on=False)) == Ending("stopped", "the person took over and ended the run")
    assert "act" not in script.calls


@pytest.mark.parametrize(("took_s", "looks"), [(0.1, 1), (30.0, 2)])
def test_a_place_is_looked_for_again_when_the_policy_took_its_time(
    took_s: float, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Script):
        now_s = 0.0

        def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
            self.now_s += took_s
            return super().decide(proposal, grounding)

    script = Slow(steps=1, groundings=[HERE, NOWHERE] if looks == 2 else [HERE])
    monkeypatch.setattr("workbench.session.loop.time.monotonic", lambda: script.now_s)
    script.play()
    assert (script.calls.count("ground"), "act" in script.calls) == (looks, looks == 1)


def test_every_decision_is_told_before_anything_is_done() -> None:
    script = Script(steps=1)
    script.play()
    assert script.calls.index("decided") < script.calls.index("act")


def test_the_approver_hears_how_every_step_went() -> None:
    script = Script(decisions=[Decision("reject", "person")], groundings=[HERE, NOWHERE])
    script.play()
    assert [taken.status for taken in script.learnt] == ["skipped", "failed"]


def test_what_was_expected_and_not_seen_fails_the_step() -> None:
    script = Script(verifications=[Verification(False, "window", ("the dialog did not open",))])
    assert script.play() == Ending("failed", "the dialog did not open")


def test_a_step_that_cannot_be_carried_out_says_why() -> None:
    script = Script(fails=True)
    assert script.play() == Ending("failed", "another window came over the target")
    assert script.taken[0].verification.ok is False


def test_a_place_that_a_person_showed_makes_the_step_repaired() -> None:
    shown = Grounding(True, Verdict(point=Point(1, 1), located_by=("person",)), SIGHT)
    script = Script(steps=1, groundings=[shown])
    script.play()
    assert script.taken[0].status == "repaired"


def test_a_stop_in_the_middle_of_a_step_is_an_ending_not_an_error() -> None:
    class Stopped(Script):
        def perform(self, step: Step, grounding: Grounding) -> str:
            raise StoppedError("emergency stop")

    script = Stopped()
    assert script.play() == Ending("stopped", "emergency stop")
    assert script.calls[-1] == "ended"


def test_a_step_goes_on_as_it_was_grounded() -> None:
    told = Step(id="s1", action=Click(), description="with a target")
    script = Script(steps=1, groundings=[replace(HERE, step=told)])
    script.play()
    assert [taken.proposal.step for taken in script.taken] == [told]


@pytest.mark.parametrize("role", ["ground", "decide", "perform", "verify"])
@pytest.mark.parametrize("error", [BadInputError("the list is too long"), UnavailableError("the model is gone")])
def test_what_a_player_cannot_do_ends_the_step_before_it_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, role: str, error: WorkbenchError
) -> None:
    script, ended = Script(), list[Taken]()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(script, role, fail)
    watch = Watch(lambda proposal: None, lambda proposal, grounding: None, ended.append)
    with pytest.raises(type(error)):
        run(Players(script, script, script, script, script), watch)
    assert [(taken.proposal.index, taken.status, taken.message) for taken in ended] == [(1, "failed", str(error))]
