"""Steps without what is only of their day: program, kind, role and name of the target, and apart from them the value.

Two steps with the same token do the same thing to the same control, however far apart it stood on two days' screens.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.planning.recorded import target_words
from agents.screen.roles import role_word
from workbench.actions import Activate, Click, Finish, Hover, Note, PressKeys, Scroll, TypeText, Wait
from workbench.locate import identity
from workbench.trajectory import Element, Step, Trajectory, Window

LEFT_OUT = (Note, Scroll, Hover, Wait, Finish)
"""Steps that no routine consists of: remarks, looking around, waiting, the end."""

ITEM_ROLES = frozenset(("item", "cell"))
"""Rows are chosen by what they hold, which is data: their names are values and no part of the token."""

Token = tuple[str, ...]


@dataclass(frozen=True)
class Abstract:
    """One step of a trajectory as a routine knows it.

    `number` counts from 1 in the trajectory. `value` is the text that is typed or the name of the row that is chosen,
    None for steps that have none. `token` is empty where a routine cannot go on: what was left out of a recording, a
    place that nobody can name, an action that means something only on its day. `told` is the token as it was recorded,
    in which what is purged of a recording is found.
    """

    number: int
    step: Step
    token: Token
    value: str | None = None
    told: Token = ()


def abstracted(trajectory: Trajectory) -> tuple[Abstract, ...]:
    """The steps of a trajectory that can be part of a routine, and the gaps between them."""
    return tuple(_abstracted(trajectory))


def plain(token: Token) -> Token:
    """The token in one spelling, which is the same for the same thing done."""
    return tuple(" ".join(part.casefold().split()) for part in token)


def app_of(step: Step) -> str:
    """The program that a step goes to; empty where nobody knows."""
    if isinstance(step.action, Activate):
        return step.action.app
    window = window_of(step)
    element = step.target.element if step.target else None
    return window.app if window else element.app if element else ""


def window_of(step: Step) -> Window | None:
    """The window that a step goes to."""
    return (step.target.window if step.target else None) or step.observation.window


def item_of(step: Step) -> str | None:
    """The name of the row that a step clicks; None for everything else."""
    element = step.target.element if step.target else None
    if not isinstance(step.action, Click) or element is None or role_word(element) not in ITEM_ROLES:
        return None
    return identity.called(element).strip() or None


def _abstracted(trajectory: Trajectory) -> Iterator[Abstract]:
    for number, step in enumerate(trajectory.steps, 1):
        if isinstance(step.action, LEFT_OUT):
            continue
        told = _token(step)
        if (step.masked and not _is_secret(step)) or _is_hidden(step):
            told = ()
        yield Abstract(number, step, plain(told), _value(step) if told else None, told)


def _token(step: Step) -> Token:
    action, app = step.action, app_of(step)
    match action:
        case Click():
            how = f"{action.button}{action.count}{'+'.join(action.modifiers)}"
            named = _named(step)
            return (app, "click", how, *named) if named else ()
        case TypeText():
            field = step.target.element if step.target else None
            return (app, "type", action.secret or "", *(_field(field) if field else ("", "")))
        case PressKeys():
            return (app, "press", "+".join(action.keys), str(action.count))
        case Activate():
            return (app, "activate")
        case _:
            return ()


def _named(step: Step) -> Token:
    """Role and name of what is clicked; nothing where it has neither."""
    element = step.target.element if step.target else None
    if item_of(step) is not None:
        return "item", ""
    if element is not None and role_word(element) is not None:
        return _field(element)
    words = target_words(step.target)
    return ("element", words) if words and words != "element" else ()


def _field(element: Element) -> Token:
    return role_word(element) or "element", identity.called(element)


def _value(step: Step) -> str | None:
    if isinstance(step.action, TypeText):
        return step.action.text if step.action.secret is None else None
    return item_of(step)


def _is_secret(step: Step) -> bool:
    return isinstance(step.action, TypeText) and step.action.secret is not None


def _is_hidden(step: Step) -> bool:
    """Whether it types into a password field what is no secret of the keyring, and so would be kept in plain words."""
    field = (step.target.element if step.target else None) or step.observation.focused
    return isinstance(step.action, TypeText) and not _is_secret(step) and field is not None and field.password
