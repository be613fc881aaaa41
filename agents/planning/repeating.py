"""Doing again what an exemplar did, without asking a model: where today's step is clear, and so is its control."""

import re
from collections.abc import Callable, Mapping, Sequence

from agents.planning.following import FINISHED
from agents.planning.wording import same_step
from agents.prompts.choosing import Choice, ClickIt, DoubleClickIt, Example, Finished, Press, RightClickIt, TypeInto
from agents.screen.listing import ElementList, called
from agents.screen.roles import PARTS

_TYPED = re.compile(r'^type "(?P<text>[^"]+)" into (?P<target>.+)$')
_NAME = re.compile(r' "([^"]+)"$')
_POINTING: Mapping[str, Callable[[str], Choice]] = {
    "click": ClickIt,
    "double-click": DoubleClickIt,
    "right-click": RightClickIt,
}


def repeated(examples: Sequence[Example], shown: ElementList, banned: Sequence[str] = ()) -> Choice | None:
    """The step that is due today by the first exemplar of the whole task for which exactly one line is called so.

    None where anything about it is open, or the step is `banned`: then it is a model's turn.
    """
    due = (example.today for example in examples if example.leads and example.today)
    allowed = (words for words in due if not any(same_step(words, other) for other in banned))
    clear = (_done_again(words, shown) for words in allowed)
    return next((choice for choice in clear if choice is not None), None)


def _done_again(words: str, shown: ElementList) -> Choice | None:
    """The step of these words on this screen; None where that is not clear."""
    if words == FINISHED:
        return Finished()
    kind, _, rest = words.partition(" ")
    if kind == "press":
        return Press(rest) if " " not in rest else None
    typed = _TYPED.match(words)
    ref = _only(typed["target"] if typed else rest, shown)
    if not ref:
        return None
    if typed:
        return TypeInto(ref, typed["text"])
    return _POINTING[kind](ref) if kind in _POINTING else None


def _only(target: str, shown: ElementList) -> str:
    """The reference of the one line that is called so, or else of the one control of that name, whatever its kind.

    Empty where there is none, or more than one.
    """
    found = [line.ref for line in shown.lines if same_step(called(line), target)]
    name = _NAME.search(target)
    if not found and name:
        found = [line.ref for line in shown.lines if line.role not in PARTS and same_step(line.name, name[1])]
    return found[0] if len(found) == 1 else ""
