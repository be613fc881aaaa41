"""What a person would have thought before a step, by rules: where things stand, and why this step.

In the first person and without hindsight (PC Agent-E, arXiv 2505.13909): a thought is made of the task, the steps
before and what is seen now; nothing of what the step led to or what followed it.
"""

import re
from collections.abc import Callable, Sequence
from typing import cast

from agents.completion.clicking import click_reason, is_command
from agents.completion.meaning import had_no_effect, same_window, title_of, turned
from agents.completion.veiling import is_hidden
from agents.completion.wording import SHORTCUTS, app_name, field_of, is_in_task, shortcut
from workbench.actions import (
    Activate,
    Ask,
    Call,
    Check,
    Click,
    Drag,
    Fail,
    Finish,
    Hover,
    Note,
    PressKeys,
    Read,
    Scroll,
    TypeText,
    Wait,
)
from workbench.report.words import describe_condition, describe_keys, describe_target, quoted, sentence, tidy
from workbench.trajectory import Step

LONGEST_TASK = 120

_VARIABLE = re.compile(r"\{\{([^{}]+)\}\}")

_KEYS = {
    "Return": "I confirm with Enter.",
    "KP_Enter": "I confirm with Enter.",
    "Tab": "I go on to the next field with Tab.",
    "Escape": "I do not need this any more, so I leave it with Escape.",
    "BackSpace": "Something here has to go, so I take it back.",
    "Delete": "What is chosen here has to go.",
    "Page_Down": "What I need may be further down.",
    "Next": "What I need may be further down.",
    "Page_Up": "What I need may be further up.",
    "Prior": "What I need may be further up.",
}


def thought(task: str, before: Sequence[Step], step: Step) -> str:
    """The thought that leads to `step` after the steps `before`, one to three short sentences; none for a note."""
    why = _REASONS.get(type(step.action))
    if why is None:
        return ""
    done = [each for each in before if not isinstance(each.action, Note)]
    return " ".join(filter(None, [_standing(task, done, step), why(step, done, task)]))


def _standing(task: str, done: Sequence[Step], step: Step) -> str:
    """Where things stand before the step."""
    if not done:
        return _beginning(task, step)
    last, now = done[-1], step.observation.window
    was = last.observation.window
    if now is not None and was is not None and not same_window(was, now) and not isinstance(last.action, Activate):
        return f"{quoted(title_of(now))} is in front now."
    if had_no_effect(last) and is_command(last):
        return "The last click changed nothing that I can see."
    return _achieved(last, step)


def _beginning(task: str, step: Step) -> str:
    app = app_name(step)
    if task.strip():
        return f"The task is: {sentence(tidy(task, LONGEST_TASK))}"
    return f"I begin in {app}." if app and not isinstance(step.action, Activate) else ""


def _achieved(last: Step, step: Step) -> str:
    """What the step before has done, where that is worth a word: a box that was ticked, a field that was filled."""
    if turned(last) and last.target and last.target.element and last.target.element.name:
        return f"{quoted(last.target.element.name)} is {_BECAME[turned(last)]} now."
    field = field_of(last) if isinstance(last.action, TypeText) else None
    if field is None or not (field.name or field.label) or field == field_of(step):
        return ""
    return f"{quoted(field.name or field.label)} is filled in."


_BECAME = {
    "which ticks it": "ticked",
    "which unticks it": "no longer ticked",
    "which unfolds it": "unfolded",
    "which folds it": "folded",
}


def _type(step: Step, _done: Sequence[Step], task: str) -> str:
    action, field = cast(TypeText, step.action), field_of(step)
    name = (field.name or field.label).strip() if field else ""
    where = f" into {quoted(name)}" if name else ""
    if action.secret is not None:
        return f"Here belongs the secret {quoted(action.secret)}; I enter it{where} without looking at it."
    if is_hidden(step):
        return f"What belongs here is not to be seen by anybody, so I enter it{where} unseen."
    if variable := _VARIABLE.fullmatch(action.text.strip()):
        return f"I enter the value for “{variable[1]}”{where}."
    if is_in_task(action.text, task):
        return f"The task gives {quoted(action.text)}, which I enter{where}."
    return f"{quoted(name)} needs {quoted(action.text)}." if name else f"I write {quoted(action.text)}."


def _press(step: Step, _done: Sequence[Step], _task: str) -> str:
    action = cast(PressKeys, step.action)
    if known := shortcut(action):
        return f"It is time to {SHORTCUTS[known]}, which {describe_keys(action.keys)} does."
    plain = _KEYS.get(action.keys[0]) if len(action.keys) == 1 else None
    return plain or f"I press {describe_keys(action.keys)}."


def _scroll(step: Step, _done: Sequence[Step], _task: str) -> str:
    action = cast(Scroll, step.action)
    if "ctrl" in action.modifiers:
        return "I change how large this is shown."
    way = ("down" if action.dy > 0 else "up") if action.dy else ("to the right" if action.dx > 0 else "to the left")
    return f"What I need is not in view; it may be further {way}."


def _drag(step: Step, _done: Sequence[Step], _task: str) -> str:
    goal = f" to {describe_target(step.destination)}" if step.destination else ""
    return f"I drag {describe_target(step.target)}{goal}."


def _hover(step: Step, _done: Sequence[Step], _task: str) -> str:
    return f"I rest the pointer on {describe_target(step.target)} to see what it shows."


def _activate(step: Step, done: Sequence[Step], _task: str) -> str:
    app = app_name(step)
    return f"I {'go on' if done else 'begin'} in {app}."


def _said(step: Step, _done: Sequence[Step], _task: str) -> str:
    match step.action:
        case Wait(until=until) if until is not None:
            return f"I can go on only once {describe_condition(until)}."
        case Wait():
            return "This needs a moment."
        case Check(that=that):
            return f"I make sure that {describe_condition(that)}."
        case Read(variable=variable):
            return f"I will need what {describe_target(step.target)} says, so I remember it as {quoted(variable)}."
        case Call(workflow=workflow):
            return f"I know how to do this: it is the workflow {quoted(workflow)}."
        case Ask(question=question):
            return f"Only the person can tell me: {quoted(question, 120)}"
        case Fail(reason=reason):
            return f"I cannot go on: {sentence(tidy(reason, 120) or 'I see no way')}"
    return "Nothing is left to do."


_REASONS: dict[type[object], Callable[[Step, Sequence[Step], str], str]] = {
    **dict.fromkeys((Wait, Check, Read, Call, Ask, Finish, Fail), _said),
    Click: click_reason,
    Hover: _hover,
    TypeText: _type,
    PressKeys: _press,
    Scroll: _scroll,
    Drag: _drag,
    Activate: _activate,
}
