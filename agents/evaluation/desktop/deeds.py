"""What a scripted solver does, one step each: an action, and the control it goes to as the element list names it.

A way is found by whoever made the task, with the task's own values. It goes through screen, mouse and keys like
anybody's; asked to be wrong it does the same to other controls, with other words.
"""

from collections.abc import Sequence
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from agents.screen.listing import Line, Role
from workbench.actions import Action, Activate, Click, PressKeys, TypeText


class Deed(Struct, frozen=True):
    """One step: a click goes to the control of that role and name, keys to the focus.

    `matters` is whether the outcome of the task hangs on it: only such deeds are ever done wrongly. A menu on the way
    to an entry does not.
    """

    action: Action
    role: str = ""
    name: str = ""
    matters: bool = True


Way = tuple[Deed, ...]


def click(role: Role, name: str, *, matters: bool = True) -> Deed:
    """Click on a control; the empty name is that of the first without one, or of any."""
    return Deed(Click(), role, name, matters)


def pass_by(role: Role, name: str) -> Deed:
    """Click on a control that only leads somewhere."""
    return click(role, name, matters=False)


def write(text: str) -> Deed:
    """Type into what has the focus."""
    return Deed(TypeText(text))


def press(*keys: str) -> Deed:
    """Press keys together."""
    return Deed(PressKeys(keys), matters=False)


def go_to(app: str, title: str = "") -> Deed:
    """Bring a window to the front."""
    return Deed(Activate(app, title), matters=False)


def find(deed: Deed, lines: Sequence[Line]) -> Line | None:
    """The control of the deed; None where the screen does not show it, or not yet."""
    assert deed.role in get_args(Role), deed
    return next((line for line in lines if line.role == deed.role and deed.name in ("", _plain(line.name))), None)


def _plain(name: str) -> str:
    # versions of one application disagree about the sign
    return name.replace("…", "...")


def find_wrong(deed: Deed, lines: Sequence[Line]) -> Line | None:
    """The nearest other control of that role on the list; None where there is no other."""
    right = find(deed, lines)
    place = lines.index(right) if right is not None else 0
    others = [at for at, line in enumerate(lines) if line.role == deed.role and line is not right and line.name]
    others = [at for at in others if _plain(lines[at].name) != deed.name and "disabled" not in lines[at].states]
    return lines[min(others, key=lambda at: abs(at - place))] if others else None


def wrong_words(deed: Deed) -> Deed:
    """The deed with its words turned around, where it has any."""
    action = deed.action
    if not isinstance(action, TypeText) or not deed.matters:
        return deed
    end = "\n" if action.text.endswith("\n") else ""
    return replace(deed, action=TypeText(f"{action.text.removesuffix(end)[::-1]}?{end}"))
