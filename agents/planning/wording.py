"""An idea as one line of words: how it is remembered, how it is banned, and how people and judges are told of it."""

from collections.abc import Callable

from agents.planning.ports import Idea
from agents.prompts.choosing import step_words, told
from agents.screen.listing import quoted
from workbench import actions


def idea_words(idea: Idea) -> str:
    """The step of an idea: `click button "Save"`, `type "Bob" into field "Name"`; empty where it has none.

    The reference of a line is left out: the same step has the same words on another day's list.
    """
    if idea.action is None:
        return ""
    words = _WORDS.get(type(idea.action))
    return told(words(idea) if words else step_words(actions.kind(idea.action).replace("_", " "), idea.target))


def same_step(one: str, other: str) -> bool:
    """Whether two steps in words are the same but for capitals and spaces."""
    return told(one).casefold() == told(other).casefold()


def _click(idea: Idea) -> str:
    action = idea.action
    assert isinstance(action, actions.Click)
    often = {2: "double-click", 3: "triple-click"}.get(action.count, "click")
    return step_words(often if action.button == "left" else f"{action.button}-{often}", idea.target)


def _type(idea: Idea) -> str:
    action = idea.action
    assert isinstance(action, actions.TypeText)
    if action.secret is not None:
        return f"type the secret {quoted(action.secret)}" + (f" into {idea.target}" if idea.target else "")
    return step_words("type", idea.target, action.text)


def _press(idea: Idea) -> str:
    action = idea.action
    assert isinstance(action, actions.PressKeys)
    times = "" if action.count == 1 else f" {action.count} times"
    return step_words("press", "", "+".join(action.keys)) + times


def _scroll(idea: Idea) -> str:
    action = idea.action
    assert isinstance(action, actions.Scroll)
    direction = ("down" if action.dy > 0 else "up") if action.dy else ("right" if action.dx > 0 else "left")
    return f"scroll {direction}" + (f" over {idea.target}" if idea.target else "")


def _call(idea: Idea) -> str:
    action = idea.action
    assert isinstance(action, actions.Call)
    given = ", ".join(f"{one.name} {quoted(one.value)}" for one in action.arguments)
    return f"carry out the workflow {quoted(action.workflow)}" + (f" with {given}" if given else "")


def _said(idea: Idea) -> str:
    match idea.action:
        case actions.Activate(app, title):
            return f"switch to {quoted(title or app)}"
        case actions.Wait(seconds):
            return f"wait {seconds:g} s"
        case actions.Ask(question):
            return f"ask {quoted(question)}"
        case actions.Note(text):
            return f"note {quoted(text)}"
        case actions.Finish(answer):
            return f"finish {quoted(answer)}" if answer else "finish"
        case actions.Fail(reason):
            return f"fail {quoted(reason)}"
        case _:
            raise AssertionError(f"{idea.action} has words of its own")


_WORDS: dict[type, Callable[[Idea], str]] = {
    actions.Click: _click,
    actions.TypeText: _type,
    actions.PressKeys: _press,
    actions.Scroll: _scroll,
    actions.Call: _call,
    **dict.fromkeys((actions.Activate, actions.Wait, actions.Ask, actions.Note, actions.Finish, actions.Fail), _said),
}
