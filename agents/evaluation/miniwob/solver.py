"""A solver without a model for some of the tasks: it proves that the pages can be solved, and that the scorer scores.

It is given what an agent is given, the task in words and the list of controls on the screen, and says what to do in
the same terms. Asked to be wrong it does the same to other controls, with which no task may count as solved.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.screen.listing import Line, Role
from workbench.actions import Action, PressKeys, TypeText

Kind = Literal["click", "write", "choose"]


@dataclass(frozen=True)
class Deed:
    """One thing to do to one control: the `number`-th, from 1, with that role and name; any name where it is None.

    With 0 as `number` every one of them is right.

    `write` clicks and types `text`, `choose` opens a dropdown and picks the entry `text`. What matters for the answer
    is done wrongly where that is asked for; the rest, such as pressing Submit, never.
    """

    kind: Kind
    roles: tuple[Role, ...]
    name: str | None = None
    number: int = 1
    text: str = ""
    matters: bool = True


Plan = tuple[Deed, ...]

BUTTON: tuple[Role, ...] = ("button",)
FIELD: tuple[Role, ...] = ("field", "number field")
PASSWORD: tuple[Role, ...] = ("password field",)
WIDGETS: "dict[str, tuple[Role, ...]]" = {
    "button": BUTTON,
    "checkbox": ("checkbox",),
    "radio": ("option",),
    "text": FIELD,
    "textarea": ("text area",),
}
SUBMIT = Deed("click", BUTTON, "Submit", matters=False)


def plan_for(told: str) -> Plan | None:
    """What the task in words asks for; None for a task that the solver does not know."""
    for pattern, make in _RULES:
        found = re.fullmatch(pattern, told)
        if found is not None:
            return make(found)
    return None


def find(deed: Deed, lines: Sequence[Line]) -> Line | None:
    """The control of the deed; None where the screen does not show it, or not yet."""
    fitting = [line for line in lines if line.role in deed.roles and deed.name in (None, line.name)]
    place = max(0, deed.number - 1)
    return fitting[place] if place < len(fitting) else None


def find_wrong(deed: Deed, lines: Sequence[Line]) -> Line | None:
    """Another control that could be mistaken for that of the deed; None where there is no other."""
    if deed.number == 0:
        return None
    right = find(deed, lines)
    others = (line for line in lines if line.role in deed.roles and line is not right and line.name != SUBMIT.name)
    return next((line for line in others if deed.name != line.name), None)


def after_click(deed: Deed, line: Line | None, *, wrong: bool = False) -> tuple[Action, ...]:
    """What the keys do once the control of the deed, seen as `line`, was clicked."""
    match deed.kind:
        case "click":
            return ()
        case "write":
            return (TypeText(f"{deed.text[::-1]}?" if wrong else deed.text),)
        case "choose":
            return _chosen(deed, line, wrong=wrong)


def _chosen(deed: Deed, line: Line | None, *, wrong: bool) -> tuple[Action, ...]:
    if not wrong:
        return (TypeText(f"{deed.text}\n"),)
    if line is not None and line.value == deed.text:
        return PressKeys(("Down",)), PressKeys(("Return",))
    return (PressKeys(("Escape",)),)


def _click(*roles: Role, name: str | None = None, number: int = 1) -> Plan:
    return (Deed("click", roles, name, number),)


def _both(first: str, second: str) -> Plan:
    return Deed("click", BUTTON, first), Deed("click", BUTTON, second)


def _boxes(listed: str) -> Plan:
    names = [] if listed == "nothing" else listed.split(", ")
    return (*(Deed("click", ("checkbox", "option"), name) for name in names), SUBMIT)


def _choose(entry: str) -> Plan:
    return Deed("choose", ("dropdown",), text=entry), SUBMIT


def _write(text: str) -> Plan:
    return Deed("write", FIELD, text=text), SUBMIT


def _login(said: re.Match[str]) -> Plan:
    name, word = Deed("write", FIELD, text=said[1]), Deed("write", PASSWORD, text=said[2])
    return name, word, Deed("click", BUTTON, "Login", matters=False)


def _twice(said: re.Match[str]) -> Plan:
    return Deed("write", PASSWORD, text=said[1]), Deed("write", PASSWORD, number=2, text=said[1]), SUBMIT


_RULES: tuple[tuple[str, Callable[[re.Match[str]], Plan]], ...] = (
    (r"Click the button\.", lambda _: _click("button")),
    (r"Click button (\w+)\.", lambda said: _click("button", name=said[1])),
    (r"Click button (ONE), then click button (TWO)\.", lambda said: _both(said[1], said[2])),
    (r'Click on the "(.+)" button\.', lambda said: _click("button", name=said[1])),
    (r'Click on a "(\w+)" widget\.', lambda said: _click(*WIDGETS[said[1]], number=0)),
    (r"Click on (Tab #\d)\.", lambda said: _click("tab", name=said[1])),
    (r'Close the dialog box by clicking the "x"\.', lambda _: _click("button", name="Close")),
    (r'Click the button in the dialog box labeled "x"\.', lambda _: _click("button", name="Close")),
    (r'Click the button in the dialog box labeled "(.+)"\.', lambda said: _click("button", name=said[1])),
    (r"Focus into the textbox\.", lambda _: _click(*FIELD)),
    (r"Focus into the (\d)\w\w input textbox\.", lambda said: _click(*FIELD, number=int(said[1]))),
    (r"Select (.+) from the list and click Submit\.", lambda said: _choose(said[1])),
    (r"Select (.+) and click Submit\.", lambda said: _boxes(said[1])),
    (r'Enter "(.+)" into the text field and press Submit\.', lambda said: _write(said[1])),
    (
        r'Type "(.+)" in all upper case letters in the text input and press Submit\.',
        lambda said: _write(said[1].upper()),
    ),
    (
        r'Type "(.+)" in all lower case letters in the text input and press Submit\.',
        lambda said: _write(said[1].lower()),
    ),
    (r'Enter the username "(.+)" and the password "(.+)" into the text fields and press login\.', _login),
    (r'Enter the password "(.+)" into both text fields and press submit\.', _twice),
)
