"""A model's run in the window: a person approves, refuses with words, takes over, watches the memory, and stops."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from workbench.actions import Click

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
TASK = "press 7, then times, then 6, then equals"


def _application(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "apps" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


MODEL = _application("planned_model")
step = MODEL.step
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
            model = stack.enter_context(MODEL.serving(answers))
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


def test_a_person_takes_a_step_over_and_then_stops_the_run(run_room: Callable[..., Any]) -> None:
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
    person.read("Escape once more")
    person.press("Escape")
    person.read("Stopped: ")
    assert not [line for line in person.lines() if "a run of a model" in line]
    (found,) = here.stored(lambda library: library.summaries())
    assert (found.source, found.outcome) == ("agent", "stopped")
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
