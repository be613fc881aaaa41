"""States and decisions as chat messages whose content is a list of parts, as TRL and chat templates take them.

A part is `{"type": "text", "text": …}` or `{"type": "image"}`, which stands for the next picture of `images`. Every
content is a list, so that all lines have the same columns.
"""

from typing import Any

from workbench.library.exporting.training.answers import SYSTEM
from workbench.library.exporting.training.prompting import prompt
from workbench.library.exporting.training.study import State

Message = dict[str, Any]


def asked(state: State, *, hint: str = "") -> list[Message]:
    """What a model is told of a state: the rules, and then its picture with the words."""
    return [said("system", SYSTEM), pictured(prompt(state, hint=hint))]


def said(role: str, text: str) -> Message:
    """One message of text."""
    return {"role": role, "content": [{"type": "text", "text": text}]}


def pictured(text: str) -> Message:
    """A message of the person: a picture, and a text."""
    return {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}
