"""Words that meanings, thoughts and names of recordings share."""

import re

from workbench.actions import Activate, PressKeys
from workbench.report.words import NO_FIELDS, tidy
from workbench.trajectory import Element, Step

SHORTCUTS = {
    "ctrl+s": "save",
    "ctrl+shift+s": "save it under another name",
    "ctrl+o": "open something",
    "ctrl+n": "begin a new one",
    "ctrl+c": "copy this",
    "ctrl+x": "cut this out",
    "ctrl+v": "paste what I have copied",
    "ctrl+z": "take the last change back",
    "ctrl+y": "do it again",
    "ctrl+shift+z": "do it again",
    "ctrl+a": "choose all of it",
    "ctrl+f": "search for something",
    "ctrl+h": "replace something",
    "ctrl+p": "print",
    "ctrl+t": "open another tab",
    "ctrl+w": "close this",
    "ctrl+q": "quit",
    "alt+F4": "close this window",
    "alt+Tab": "go to another window",
    "F5": "load this anew",
    "F2": "give this another name",
}
"""What keys do in nearly every program."""


def shortcut(action: PressKeys) -> str:
    """The keys as `SHORTCUTS` has them; empty where they have no meaning of their own everywhere."""
    keys = "+".join(action.keys)
    return keys if keys in SHORTCUTS else ""


def app_name(step: Step) -> str:
    """The program that the step is in, as people write it; empty where that is not known."""
    if isinstance(step.action, Activate):
        return program(step.action.app)
    window = (step.target.window if step.target else None) or step.observation.window
    return program(window.app) if window else ""


def program(app: str) -> str:
    """The name of a program as people write it."""
    name = tidy(app)
    return name[:1].upper() + name[1:] if name.islower() else name


def field_of(step: Step) -> Element | None:
    """What the step types into; None for what may have the focus while somebody types to the window as a whole."""
    field = (step.target.element if step.target else None) or step.observation.focused
    return None if field is None or field.role in NO_FIELDS else field


def is_in_task(text: str, task: str) -> bool:
    """Whether the task says the text, whole words and in this order."""
    wanted = " ".join(text.split())
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", " ".join(task.split()), re.I) is not None
