"""What tests of planning share: a form on a screen, moments in front of it, and models that say what they are told."""

from collections.abc import Callable

import pytest

from agents.memory.tree import remembering
from agents.planning.planning_thinker import PlanningThinker
from agents.planning.ports import Moment
from agents.planning.scripted import ScriptedModel, said
from agents.screen.listing import ElementList, Line, numbered
from agents.screen.reading import Read
from workbench.geometry import Rect
from workbench.trajectory import Element

LINES = (
    Line("e1", "field", "Name", "Bob"),
    Line("e2", "password field", "Password", states=("focused",)),
    Line("e3", "button", "Save"),
    Line("e4", "window", "Report - Writer"),
    Line("e5", "window", "Mail - Thunderbird"),
    Line("e6", "window", "Report 2 - Writer"),
)


def _element(line: Line, row: int) -> Element:
    app = line.name.rpartition(" ")[2].lower() if line.role == "window" else "shop"
    return Element(app, "Customers", line.role, line.name, Rect(0, 30 * row, 100, 30), password=row == 1)


@pytest.fixture
def form() -> Read:
    """A window with a field, a password field and a button, and three other windows."""
    lines = numbered(LINES)
    elements = {line.ref: _element(line, row) for row, line in enumerate(lines)}
    return Read(ElementList("shop", "Customers", lines), elements)


@pytest.fixture
def moment(form: Read) -> Moment:
    """In front of the form, at the start of a task."""
    return Moment(remembering("add customer Eve"), form, secrets=("bank",), steps_left=9)


@pytest.fixture
def thinker() -> Callable[..., PlanningThinker]:
    """A planning thinker with a scripted model: answers are steps (with `more` fields), or texts as they are."""

    def make(*answers: object) -> PlanningThinker:
        texts = [answer if isinstance(answer, str) else said(answer) for answer in answers]
        return PlanningThinker(ScriptedModel(texts))

    return make


@pytest.fixture
def plan() -> Callable[..., dict[str, object]]:
    """A plan as a model writes it: the step's action and fields, and what else stands beside it."""

    def make(action: str, /, beside: dict[str, object] | None = None, **fields: object) -> dict[str, object]:
        return {"thought": "so", **(beside or {}), "step": {"action": action, **fields}, "expect": "it is there"}

    return make
