"""Steps as clauses: what was done in a few words, and how much each tells of what was wanted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from agents.completion.clicking import CONFIRMS, LEAVES, is_key
from agents.completion.meaning import title_of
from agents.completion.veiling import VEIL
from agents.completion.wording import SHORTCUTS, app_name, field_of, shortcut
from agents.screen.roles import role_word
from workbench.actions import Call, Check, Click, Drag, PressKeys, Read, TypeText
from workbench.report.words import describe_target, quoted
from workbench.trajectory import Step

LONGEST_KEYPAD = 24

_SAVING = re.compile(r"\b(save|export|rename|speichern|enregistrer|guardar|salva)", re.IGNORECASE)
_PATH = re.compile(r"\.\w{1,5}$|^[/~]")
_TELLING_KEYS = frozenset(("ctrl+s", "ctrl+o", "ctrl+n", "ctrl+p", "ctrl+z", "ctrl+f", "F2"))


@dataclass(frozen=True)
class Clause:
    """One thing that was done, as an order without a subject; `weight` is how much it tells of the purpose.

    What was done several times in a row is told with one `verb`; a clause without `what` stands alone. `app` is the
    program in which it was done, as people write it.
    """

    verb: str
    what: str
    weight: int
    app: str = ""


def clauses_of(steps: Sequence[Step]) -> list[Clause]:
    """The clauses of the steps, in their order; steps that tell nothing have none. The steps are veiled."""
    found: list[Clause] = []
    for keypad, group in groupby(steps, _is_keypad):
        members = list(group)
        found += [_keypad(members)] if keypad else [each for step in members for each in _placed(step)]
    return found


def _placed(step: Step) -> Iterator[Clause]:
    return (replace(clause, app=app_name(step)) for clause in _clause(step))


def _is_keypad(step: Step) -> bool:
    """Whether the step presses a button with the shortest of names, as those of a calculator."""
    element = step.target.element if step.target else None
    if not isinstance(step.action, Click) or element is None or role_word(element) != "button":
        return False
    return is_key(element.name.strip())


def _keypad(steps: Sequence[Step]) -> Clause:
    elements = [step.target.element for step in steps if step.target]
    keys = " ".join(element.name.strip() for element in elements if element)
    shown = keys if len(keys) <= LONGEST_KEYPAD else keys[: LONGEST_KEYPAD - 1].rstrip() + "…"
    return Clause("press", shown, 3 if len(elements) > 1 else 1, app_name(steps[0]))


def _clause(step: Step) -> Iterator[Clause]:
    match step.action:
        case TypeText():
            yield from _typed(step)
        case Click():
            yield from _clicked(step)
        case PressKeys():
            known = shortcut(step.action)
            if known in _TELLING_KEYS:
                yield Clause(SHORTCUTS[known], "", 2)
        case Drag():
            goal = f" to {describe_target(step.destination)}" if step.destination else ""
            yield Clause("drag", f"{describe_target(step.target)}{goal}", 2)
        case Read(variable=variable):
            yield Clause("read", quoted(variable), 3)
        case Call(workflow=workflow):
            yield Clause("do", quoted(workflow), 4)
        case Check():
            return


def _typed(step: Step) -> Iterator[Clause]:
    action, field = cast(TypeText, step.action), field_of(step)
    name = (field.name or field.label).strip() if field else ""
    if action.secret is not None or VEIL in action.text:
        yield Clause("fill in", quoted(name) if name else "what is hidden", 2)
        return
    text = action.text.strip()
    if not text:
        return
    if _is_file_name(step, text):
        yield Clause("save as", quoted(text), 4)
    elif name and field is not None and role_word(field) not in ("text area", None):
        yield Clause("fill in", f"{quoted(name)} with {quoted(text)}", 3)
    else:
        yield Clause("type", quoted(text), 3)


def _is_file_name(step: Step, text: str) -> bool:
    """Whether what is typed is the name of a file to be saved."""
    window = step.observation.window
    return window is not None and bool(_SAVING.search(title_of(window))) and bool(_PATH.search(text) or " " not in text)


def _clicked(step: Step) -> Iterator[Clause]:
    element = step.target.element if step.target else None
    name = (element.name or element.label).strip() if element else ""
    if element is None or not name:
        return
    role, words = role_word(element), set(name.casefold().split())
    match role:
        case "checkbox" | "switch" | "option":
            off = role != "option" and "checked" in element.states
            verb = "choose" if role == "option" else "untick" if off else "tick"
            yield Clause(verb, quoted(name), 2)
        case "menu item" | "item" | "dropdown" | "cell":
            yield Clause("choose", quoted(name), 2)
        case "button" | "link" if not words & LEAVES:
            yield Clause("click", quoted(name), 1 if words & CONFIRMS else 2)
        case "tab":
            yield Clause("open the tab", quoted(name), 1)
