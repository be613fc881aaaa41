"""Why a person clicks on something, told from what it is."""

from collections.abc import Sequence
from typing import cast

from agents.completion.wording import is_in_task
from agents.screen.roles import role_word
from workbench.actions import Click, TypeText
from workbench.report.words import describe_target, quoted
from workbench.trajectory import Element, Step, Target

CONFIRMS = frozenset(
    ("ok", "save", "send", "submit", "apply", "yes", "done", "finish", "confirm", "continue", "next", "login")
)
LEAVES = frozenset(("cancel", "close", "back", "no", "discard", "dismiss", "exit", "quit"))
SHORT = 2
"""Names of so few characters are keys of a keypad rather than words."""


def click_reason(step: Step, done: Sequence[Step], task: str) -> str:
    """One sentence in the first person; by the element where there is one, else by what is printed or by the place."""
    action, element = cast(Click, step.action), step.target.element if step.target else None
    what = describe_target(step.target)
    if action.button == "right":
        return f"I look at what can be done with {what}."
    if action.count > 1:
        return f"I take {what} with a {'double' if action.count == 2 else 'triple'} click."
    if element is not None and (element.name or element.label).strip():
        return _by_element(element, what, done, task=task)
    return _by_place(step.target, what)


def is_key(name: str) -> bool:
    """Whether a button's name is that of a key, as those of a calculator have: a character or two, and no word."""
    return 0 < len(name) <= SHORT and (len(name) == 1 or not name.isalpha())


def is_command(step: Step) -> bool:
    """Whether the step presses what does something that is seen: a button or link with a word for a name."""
    element = step.target.element if step.target else None
    return element is not None and role_word(element) in ("button", "link", "menu item") and len(element.name) > SHORT


def _by_place(target: Target | None, what: str) -> str:
    """Where nothing has a name of its own."""
    if target is not None and target.text is not None and target.text.text.strip():
        return f"I go on at {what}."
    return "The place that I need has no name, so I go by where it is."


def _by_element(element: Element, what: str, done: Sequence[Step], *, task: str) -> str:
    name = (element.name or element.label).strip()
    role = role_word(element)
    called = quoted(name)
    if role == "button" and is_key(name):
        return f"{called} comes next."
    if role is not None and (reason := _by_role(role, called, element)):
        return reason
    if role in ("button", "link") and (closing := _by_name(name, done)):
        return closing
    if is_in_task(name, task):
        return f"The task speaks of {called}, so this is what I need."
    return f"I need {what} next."


def _by_role(role: str, called: str, element: Element) -> str:
    """What is the same for everything of its kind; empty for what is pressed."""
    ticked = "checked" in element.states
    reasons = {
        "field": f"I put the cursor into {called}.",
        "text area": f"I put the cursor into {called}.",
        "number field": f"I put the cursor into {called}.",
        "password field": f"I put the cursor into {called}.",
        "menu": f"What I need should be in the menu {called}.",
        "menu item": f"{called} is what I need from the menu.",
        "tab": f"I have to look at the tab {called}.",
        "dropdown": f"I have to choose in {called}.",
        "checkbox": f"{called} must not be ticked." if ticked else f"{called} has to be ticked.",
        "switch": f"{called} has to be off." if ticked else f"{called} has to be on.",
        "option": f"Of these, {called} is the right one.",
        "item": f"{called} is the one I mean.",
        "cell": f"{called} is the one I mean.",
    }
    return reasons.get(role, "")


def _by_name(name: str, done: Sequence[Step]) -> str:
    """What a button does whose name everybody knows."""
    words = set(name.casefold().replace("&", "").split())
    if words & LEAVES:
        return f"I am through here, so I leave it with {quoted(name)}."
    if not words & CONFIRMS:
        return ""
    entered = bool(done) and isinstance(done[-1].action, TypeText)
    return f"What belongs here is entered; {quoted(name)} comes next." if entered else f"I confirm with {quoted(name)}."
