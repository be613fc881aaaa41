"""Whether a condition of a wait or a check holds in what can be seen now."""

from dataclasses import dataclass

from workbench.actions import Condition
from workbench.desktop.ports import Accessibility
from workbench.geometry import Point
from workbench.locate.identity import called, role_of
from workbench.locate.ocr import read_text
from workbench.locate.sight import Sight
from workbench.locate.standing import same_name
from workbench.locate.text import normal
from workbench.trajectory import Element, PathNode, Window

MOST_ELEMENTS = 50
"""Elements of one name whose values are compared."""


@dataclass(frozen=True)
class Held:
    """Whether it holds, and a sentence that says what was looked for and what was seen."""

    ok: bool
    reason: str


def holds(condition: Condition, sight: Sight) -> Held:
    """Whether every given field of `condition` holds at once (or, with `present=False`, that they do not all hold).

    The window is the active one, or with `app` the application's topmost. Elements are looked for in `app`, else in
    the active window's application. A condition that cannot be examined (an element without accessibility) does not
    hold, whatever `present` says. Text is read off the pixels and may take 1.5 s; `UnavailableError` when it cannot.
    """
    if not _asked(condition):
        return Held(False, "the condition names nothing to look for")
    if condition.element is None and condition.role is None and condition.value is not None:
        return Held(False, "the condition names a value but not the element that should have it")
    window = _window(condition, sight)
    examined = _examine(condition, window, sight)
    if examined is None:
        return Held(
            False, f"{_app(condition, window) or 'the desktop'} tells accessibility nothing, so no element is seen"
        )
    failed = next((reason for ok, reason in examined if not ok), None)
    if condition.present:
        return Held(failed is None, failed or "; ".join(reason for _, reason in examined))
    return Held(failed is not None, failed or f"it should be gone but {'; '.join(reason for _, reason in examined)}")


def _asked(condition: Condition) -> bool:
    """Whether any field is given."""
    fields = (condition.window, condition.app, condition.element, condition.role, condition.value, condition.text)
    return any(field is not None for field in fields)


def _window(condition: Condition, sight: Sight) -> Window | None:
    """The window that the condition speaks of."""
    if condition.app is None:
        return sight.active
    own = [window for window in sight.windows if same_name(window.app, condition.app)]
    if sight.active in own:
        return sight.active
    return own[0] if own else None


def _app(condition: Condition, window: Window | None) -> str:
    """The application in which elements are looked for."""
    return condition.app or (window.app if window else "")


def _examine(condition: Condition, window: Window | None, sight: Sight) -> list[tuple[bool, str]] | None:
    """Each given field, cheapest first, up to the first that does not hold; None when one cannot be examined."""
    found: list[tuple[bool, str]] = []
    if condition.app is not None:
        found.append((window is not None, f"{condition.app} has {'a' if window else 'no'} window"))
    if condition.window is not None and _all(found):
        title = window.title if window else ""
        found.append((condition.window in title, f"the window is called '{title}'"))
    if (condition.element is not None or condition.role is not None) and _all(found):
        accessibility, app = sight.accessibility, _app(condition, window)
        if accessibility is None or not app or not accessibility.speaks_for(app):
            return None
        found.append(_element(condition, app, accessibility))
    if condition.text is not None and _all(found):
        found.append(_text(condition.text, sight))
    return found


def _all(found: list[tuple[bool, str]]) -> bool:
    """Whether everything so far holds."""
    return all(ok for ok, _ in found)


def _element(condition: Condition, app: str, accessibility: Accessibility) -> tuple[bool, str]:
    """Whether an element of that name and role exists, with that value."""
    wanted = f"{condition.role or 'element'} '{condition.element or ''}'"
    matching = _matching(condition, app, accessibility)
    if not matching:
        return False, f"no {wanted} is in {app}"
    if condition.value is None:
        return True, f"the {wanted} is in {app}"
    if any(_value(element) == condition.value for element in matching):
        return True, f"the {wanted} has the value '{condition.value}'"
    return False, f"the {wanted} has another value than '{condition.value}'"


def _matching(condition: Condition, app: str, accessibility: Accessibility) -> list[Element]:
    """Elements with the wanted role that carry the wanted name themselves or by their label."""
    named = accessibility.find(app=app, name=condition.element, limit=MOST_ELEMENTS) if condition.element else []
    fitting = [element for element in named if _has_role(element, condition.role)]
    if fitting:
        return fitting
    return [
        element
        for element in accessibility.walk(app)
        if _has_role(element, condition.role) and condition.element in (None, called(element))
    ]


def _has_role(element: Element, role: str | None) -> bool:
    """Whether it has the role, however that is spelled."""
    return role is None or role_of(element) == role_of(PathNode(role))


def _value(element: Element) -> str:
    """The text or value that it shows; a label shows its name."""
    return element.name if element.value is None else element.value


def _text(wanted: str, sight: Sight) -> tuple[bool, str]:
    """Whether the text is printed anywhere on the screen."""
    lines = read_text(sight.frame.pixels, Point(sight.frame.origin.x, sight.frame.origin.y))
    printed = any(normal(wanted) in normal(line.text) for line in lines)
    return printed, f"'{wanted}' is {'' if printed else 'not '}printed on the screen"
