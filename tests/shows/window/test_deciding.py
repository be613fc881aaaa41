"""A model's run in the window: a person approves, refuses with words, takes over, watches the memory, and stops."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import planned_model
import pytest

from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from ui.qt.theme.colours import LIGHT
from workbench import events
from workbench.actions import Click, TypeText

pytestmark = pytest.mark.slow

TASK = "press 7, then times, then 6, then equals"
PRIVATE_PX = (1280, 800)
RING = tuple(bytes.fromhex(LIGHT.recording.removeprefix("#")))
BAR = "Approval"


step = planned_model.step
PRODUCT = (
    step("click", {"subgoal": {"begin": "enter the product"}}, target="the 7 button"),
    step("click", target='button "*"'),
    step("click", target="button 6"),
    step("click", target="="),
    step("finish", {"subgoal": {"met": "the product is 42"}}, answer="42"),
)


@pytest.fixture
def run_room(table: Callable[..., Any], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the window at the run room, with a model that says what the test wrote down."""
    with ExitStack() as stack:

        def opened(*answers: Any) -> Any:
            model = stack.enter_context(planned_model.serving(answers))
            registry = Registry(tmp_path / "models")
            registry.add(Entry("planned", kind="server", url=model.url, roles=("planner",)))
            here = table(WORKBENCH_MODELS=str(registry.folder)).without_tour()
            here.open("--room", "run")
            return here, model

        yield opened


def begin(person: Any, approval: str) -> None:
    """Fill in the brief, and run on a desktop that nobody sees."""
    person.fill("Task", TASK)
    person.fill("Applications to start first", "galculator")
    person.choose("Approval", approval)
    person.press("ctrl", "Return")


def told_of(here: Any) -> list[events.Event]:
    """What the log of the only run says so far."""
    (run,) = here.stored(lambda library: library.runs())
    told: list[events.Event] = here.stored(lambda library: library.run_events(run.id))
    return told


def asked_about(here: Any, number: int) -> events.ApprovalAsked:
    """The question about that step."""
    return next(each for each in told_of(here) if isinstance(each, events.ApprovalAsked) and each.index == number)


def ended_as(here: Any) -> list[tuple[str, str | None]]:
    """Where the trajectories come from, and how the runs of each ended."""
    return [(each.source, each.outcome) for each in here.stored(lambda library: library.summaries())]


def decides(person: Any, number: int) -> None:
    """Wait for the question about that step, until its keys count."""
    person.read(f"{number}. ")
    person.see("May this step happen?")
    person.usable("Approve")


def test_each_step_is_decided_by_key_and_the_memory_follows(run_room: Callable[..., Any]) -> None:
    other = step("click", target="button 7")
    here, model = run_room(PRODUCT[0], other, *PRODUCT[1:])
    person = here.person
    begin(person, "Every step")
    decides(person, 1)
    person.read("enter the product")
    person.press("r")
    person.see("What should be done instead?", "text")
    person.type("take the real seven")
    person.press("Return")
    decides(person, 2)
    assert "take the real seven" in model.prompts[1]
    person.press("Return")
    for number in (3, 4, 5):
        decides(person, number)
        person.press("Return")
    person.read("Finished: ")
    person.read("the product is 42")
    person.click("Open trajectory")
    person.read("by an agent")
    here.leave()


def test_a_person_takes_a_step_over_and_then_stops_the_run(
    run_room: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here, _ = run_room(*PRODUCT)
    person = here.person
    begin(person, "Every step")
    decides(person, 1)
    person.press("t")
    person.read("The desktop is yours")
    person.usable("Continue")
    person.press("Return")
    decides(person, 2)
    person.press("Escape")
    person.press("Escape")
    person.read("Stopped: ")
    until(lambda: not [line for line in person.lines() if "a run of a model" in line], "the end of what goes on")
    until(lambda: ended_as(here) == [("agent", "stopped")], "the end of the run in the library")
    here.leave()


def drag_to(here: Any, until: Callable[..., Any], asked: events.ApprovalAsked, name: str) -> None:
    """Drag the ring of the step that is asked about, where it is seen, to the element of this name."""
    person = here.person
    x, y, width, height = person.see("Screen of the run")["box"]
    ring_x, ring_y = until(lambda: person.ask("middle_of", RING, x, y, width, height), "a ring in the picture")
    assert asked.verdict
    assert asked.verdict.point
    start, goal = asked.verdict.point, next(each for each in asked.elements if each.name == name).bounds.centre
    scale = min(width / PRIVATE_PX[0], height / PRIVATE_PX[1])
    to_x, to_y = ring_x + (goal.x - start.x) * scale, ring_y + (goal.y - start.y) * scale
    person.drag(ring_x, ring_y, round(to_x), round(to_y))


def test_a_step_gets_another_text_one_another_place_and_some_more_are_approved_at_once(
    run_room: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here, _ = run_room(step("type", text="12"), *PRODUCT)
    person = here.person
    begin(person, "Every step")
    decides(person, 1)
    person.press("m")
    person.see("Text to type instead", "text")
    person.press("ctrl", "a")
    person.type("34")
    person.press("Return")
    decides(person, 2)
    drag_to(here, until, asked_about(here, 2), "8")
    person.click("Do this instead")
    decides(person, 3)
    person.press("n")
    person.see("How many more steps of this kind")
    person.press("ctrl", "a")
    person.type("2")
    person.press("Return")
    person.read("Finished: ")
    (found,) = here.stored(lambda library: library.summaries())
    steps = here.stored(lambda library: library.get(found.id)).steps
    assert steps[0].action == TypeText("34")
    assert [each.target.element.name for each in steps if each.action == Click()] == ["8", "*", "6", "="]
    told = told_of(here)
    assert [each.index for each in told if isinstance(each, events.ApprovalAsked)] == [1, 2, 3]
    decided = [each.decision for each in told if isinstance(each, events.ApprovalDecided)]
    assert [each.word for each in decided if each.by == "person"] == ["modify"] * 2 + ["approve"] * 3
    here.leave()


def on_bar(person: Any, name: str) -> dict[str, Any] | None:
    """What is called so on the approval bar."""
    there = [each for each in person.elements() if each["window"].startswith(BAR) and each["name"] == name]
    return next((each for each in there if "showing" in each["states"] and all(each["box"][2:])), None)


def approved_by_key(person: Any, before: str, after: str) -> bool:
    """Press the key that works everywhere while the bar still asks about the first; whether it asks about the other.

    Nothing on the screen says when that key begins to count.
    """
    said = [
        each["name"] for each in person.elements() if each["window"].startswith(BAR) and "showing" in each["states"]
    ]
    if any(line.startswith(before) for line in said):
        person.press("ctrl", "alt", "Return")
    return any(line.startswith(after) for line in said)


def test_the_approval_bar_is_used_while_another_program_has_the_keyboard(
    run_room: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here, _ = run_room(*PRODUCT)
    person = here.person

    def press_on_bar(name: str) -> None:
        x, y, width, height = person.at_rest(lambda: on_bar(person, name), f"{name} on the bar")["box"]
        person.ask("click", x + width // 2, y + height // 2)

    person.choose("Desktop", "This one")
    begin(person, "Every step")
    until(lambda: on_bar(person, "Approve"), "the bar")
    person.comes_to_front("galculator")
    person.read("Step 1: ")
    until(lambda: person.see("Approval of a run", "panel")["box"] == person.ask("bounds", BAR), "the bar in its place")
    press_on_bar("Approve")
    person.read("Step 2: ")
    person.comes_to_front("galculator")
    until(lambda: approved_by_key(person, "Step 2: ", "Step 3: "), "the third step")
    press_on_bar("Approve next…")
    press_on_bar("Approve them")
    until(lambda: not on_bar(person, "Approve"), "the end of the bar")
    person.read("42", app="galculator")
    person.front("GUI agent workbench")
    person.read("Finished: ")
    here.leave()


def test_a_run_that_is_killed_while_it_asks_is_told_at_once_and_gone_on_with(
    run_room: Callable[..., Any], until: Callable[..., Any]
) -> None:
    here, _ = run_room(*PRODUCT)
    person = here.person
    begin(person, "Every step")
    decides(person, 1)
    person.press("Return")
    decides(person, 2)
    (worker,) = here.workers()
    os.kill(worker, signal.SIGKILL)
    person.read("Failed: 1 step")
    until(lambda: any("signal 9 after 1 step" in line for line in person.notices()), "the notice")
    until(lambda: person.find("May this step happen?") is None, "the end of the question")
    until(lambda: not here.workers(), "the end of the process")
    person.click("Resume")
    decides(person, 2)
    assert [each.outcome for each in here.stored(lambda library: library.runs())] == [None, "failed"]
    person.press("Escape")
    person.press("Escape")
    person.read("Stopped: ")
    assert here.stored(lambda library: library.verify()) == []
    here.leave()


@pytest.mark.skipif(not built_in.comes_along(), reason="this copy of the program comes without its own model")
def test_the_model_that_comes_along_carries_a_task_out(run_room: Callable[..., Any]) -> None:
    here, model = run_room()
    person = here.person
    person.choose("Model", built_in.NAME)
    begin(person, "Nothing: approve all")
    person.read("Finished: ")
    assert not model.prompts
    (found,) = here.stored(lambda library: library.summaries())
    steps = here.stored(lambda library: library.get(found.id)).steps
    assert [type(each.action) for each in steps[:4]] == [Click] * 4
    here.leave()
