"""The steps that a run takes become those of a trajectory, with what only the moment can tell and nothing secret."""

from pathlib import Path
from typing import Any

import pytest

from workbench.actions import Argument, Ask, Call, Click, Drag, Note, TypeText
from workbench.desktop.dry import DryDesktop
from workbench.geometry import Point, Rect
from workbench.library.frames import FrameStore
from workbench.locate.sight import Sight
from workbench.locate.verdict import Verdict
from workbench.session.eyes import MASK, Eyes
from workbench.session.messages import Order
from workbench.session.recording import TakenRecorder, becoming, begun
from workbench.session.roles import Grounding, Proposal, Taken, Verification
from workbench.trajectory import CropWitness, Element, Outcome, Step, Target, TextWitness, Trajectory, Window

WINDOW = Window("app", "Form", Rect(0, 0, 200, 100), pid=7, handle=9)
BUTTON = Element("app", "Form", "push button", "Save", Rect(10, 10, 40, 20), ref=("a", "1"))
FIELD = Element("app", "Form", "password text", "Secret", Rect(60, 10, 40, 20), value="hunter2", ref=("a", "2"))
NAMED = Element("app", "Form", "entry", "Name", Rect(60, 50, 40, 20), value="Ada", ref=("a", "3"))


@pytest.fixture
def eyes(tmp_path: Path) -> Eyes:
    return Eyes(DryDesktop().desktop, FrameStore(tmp_path / "frames"), lambda: None)


@pytest.fixture
def sight(look: Any, elements: Any) -> Sight:
    return look(WINDOW, elements([BUTTON, FIELD, NAMED]))


def taken(step: Step, sight: Sight, element: Element | None = None, **proof: Any) -> Taken:
    point = element.bounds.centre if element and isinstance(step.action, Click) else None
    grounding = Grounding(True, Verdict(point, ("element",), 1.0), sight, element=element)
    verification = Verification(True, "window", frame="f" * 32, **proof)
    return Taken(Proposal(1, step, why="to keep it"), "done", grounding=grounding, verification=verification)


def add(eyes: Eyes, one: Taken, after: Sight | None = None) -> Step:
    assert one.grounding
    kept = TakenRecorder(eyes).add(one, one.grounding.sight, after)
    assert kept is not None
    return kept


def test_a_click_is_kept_with_what_was_under_it_before_and_after(eyes: Eyes, sight: Sight) -> None:
    kept = add(eyes, taken(Step("s1", Click()), sight, BUTTON), sight)
    assert kept.target is not None
    assert kept.target.point == BUTTON.bounds.centre
    assert (kept.target.element.name, kept.target.element.ref) == ("Save", None)
    assert (kept.target.window.handle, kept.observation.window.pid) == (None, None)
    assert eyes.frames.has(kept.observation.frame)
    assert (kept.outcome.frame, kept.outcome.window.title, kept.outcome.element.name) == ("f" * 32, "Form", "Save")
    assert (kept.outcome.verified_by, kept.thought) == ("window", "to keep it")
    assert kept.description == "", "it is completed at its first use, as recordings are"


def test_the_call_of_a_workflow_is_kept_as_a_remark_because_its_steps_are_kept_themselves(
    eyes: Eyes, sight: Sight
) -> None:
    kept = add(eyes, taken(Step("s1", Call("Add customer", (Argument("name", "Ada"),))), sight))
    assert kept.action == Note("carry out the workflow “Add customer” with name = “Ada”")
    assert kept.thought == ""


def test_typing_is_kept_with_the_field_that_had_the_focus(eyes: Eyes, sight: Sight) -> None:
    kept = add(eyes, taken(Step("s1", TypeText("Ada")), sight, NAMED), sight)
    assert kept.target.element.name == kept.observation.focused.name == "Name"
    assert kept.outcome.element.value == "Ada"


def test_a_password_field_has_no_value_and_is_covered_in_every_picture(eyes: Eyes, sight: Sight) -> None:
    eyes.hide(FIELD)
    shown = Element(**{name: getattr(FIELD, name) for name in FIELD.__struct_fields__} | {"password": False})
    kept = add(eyes, taken(Step("s1", TypeText(secret="app.password")), sight, shown), sight)
    for element in (kept.target.element, kept.observation.focused, kept.outcome.element):
        assert (element.value, element.password) == (None, True)
    assert kept.action == TypeText(secret="app.password")
    pixels = eyes.frames.load(kept.observation.frame).crop(FIELD.bounds)
    assert (pixels[..., :3] == MASK[:3]).all()


def test_the_target_of_a_step_that_was_grounded_by_words_is_kept_with_its_witnesses(eyes: Eyes, sight: Sight) -> None:
    crop, text = CropWitness("c" * 32, Rect(0, 0, 9, 9)), TextWitness("Save", Rect(1, 1, 5, 5))
    grounded = Step("s1", Click(), target=Target(Point(30, 20), WINDOW, BUTTON, crop, text))
    followed = Outcome("f" * 32, WINDOW, BUTTON, (Rect(1, 1, 2, 2),), "window")
    one = taken(grounded, sight, BUTTON, outcome=followed)
    one = Taken(
        one.proposal,
        "done",
        grounding=Grounding(True, Verdict(Point(30, 20)), sight, element=BUTTON, step=grounded),
        verification=one.verification,
    )
    kept = add(eyes, one)
    assert (kept.target.crop, kept.target.text, kept.target.element.ref) == (crop, text, None)
    assert kept.outcome.changed == followed.changed
    assert kept.description == "click the button “Save” in App", "nothing is left to complete"


def test_a_drag_keeps_where_it_went(eyes: Eyes, sight: Sight) -> None:
    step = Step("s1", Drag())
    grounding = Grounding(True, Verdict(Point(20, 20)), sight, end=Verdict(NAMED.bounds.centre), element=BUTTON)
    one = Taken(Proposal(1, step), "done", grounding=grounding, verification=Verification(True, frame="f" * 32))
    kept = add(eyes, one, sight)
    assert (kept.target.element.name, kept.destination.element.name) == ("Save", "Name")


def test_only_what_was_carried_out_is_kept(eyes: Eyes, sight: Sight) -> None:
    recorder = TakenRecorder(eyes)
    done = taken(Step("s1", Click()), sight, BUTTON)
    broken_off = Verification(False, differed=("another window took the focus",))
    failed = Verification(False, differed=("nothing changed",), frame="f" * 32)
    for status, proof, expected in (
        ("skipped", done.verification, False),
        ("would-do", done.verification, False),
        ("failed", broken_off, False),
        ("failed", failed, True),
        ("repaired", done.verification, True),
    ):
        one = Taken(done.proposal, status, grounding=done.grounding, verification=proof)  # type: ignore[arg-type]  # statuses as words
        assert (recorder.add(one, sight, None) is not None) == expected, (status, proof)
    assert recorder.add(Taken(done.proposal, "failed"), sight, None) is None


def test_steps_have_ids_of_their_own_even_where_the_planner_repeats_itself(eyes: Eyes, sight: Sight) -> None:
    recorder = TakenRecorder(eyes)
    recorder.know(Step("s1", Note("from the run before")))
    kept = [recorder.add(taken(Step(name, Click()), sight, BUTTON), sight, None) for name in ("s1", "s1", "s2")]
    assert [step.id for step in kept if step] == ["s1-2", "s1-3", "s2"]


def test_what_a_person_did_by_hand_is_asked_for_again(eyes: Eyes, sight: Sight) -> None:
    by_hand = Verification(True, by="person", frame="f" * 32, observed="the window “Mail” opened")
    one = taken(Step("s1", Click()), sight, BUTTON)
    kept = add(eyes, Taken(one.proposal, "repaired", grounding=one.grounding, verification=by_hand), sight)
    assert isinstance(kept.action, Ask)
    assert "the window “Mail” opened" in kept.action.question


def test_the_trajectory_begins_with_the_task_and_the_screens(eyes: Eyes) -> None:
    begins = becoming("add 2 and 3\nthen stop", eyes, commands=("galculator",))
    assert (begins.title, begins.source, begins.steps) == ("add 2 and 3", "agent", ())
    assert begins.screens == eyes.desktop.screens.layout()
    assert becoming("x" * 200, eyes).title.endswith("x…")
    assert becoming(" \n ", eyes).title == "A run without a task"


def test_the_first_event_holds_the_order_without_folders_and_steps() -> None:
    order = Order("r1", Trajectory("t1", "Add", (Step("s1", Click()),), task="add"), "/somewhere/frames", library="/x")
    event = begun(order, steps=1)
    assert (event.task, event.trajectory, event.becomes) == ("add", "t1", None)
    assert event.order["approve"] == "risky"
    assert not {"frames", "library", "run"} & event.order.keys()
    assert "steps" not in event.order["trajectory"]
