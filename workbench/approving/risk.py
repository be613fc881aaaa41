"""What a step could cost: harmless, reversible, seen by others, or never to be taken back.

Rules over the action, the words on and around its target, the window and application it goes to, and the planner's
own words. Every rule can only raise a risk, so that no name on the screen talks one down.
"""

import re

from msgspec import Struct

from workbench.actions import Call, Click, Drag, PressKeys, TypeText
from workbench.approval import RISKS, Assessment, Risk
from workbench.approving import words as known
from workbench.approving.commands import after_prompt, assess_command
from workbench.trajectory import Element, Step

_IRREVERSIBLE, _LEAVES = known.matcher(known.IRREVERSIBLE), known.matcher(known.LEAVES)
_AFFIRMING, _CLOSING = known.matcher(known.AFFIRMING), known.matcher(known.CLOSING)
_REPLACING, _SAVING = known.matcher(known.REPLACING), known.matcher(known.SAVING)
_MAIL, _CHAT, _TERMINALS = (known.matcher(words) for words in (known.MAIL, known.CHAT, known.TERMINALS))

ENTER = frozenset({"Return", "KP_Enter", "ISO_Enter"})
_CLOSING_KEYS = frozenset({("alt", "F4"), ("ctrl", "w"), ("ctrl", "q")})
_SENDING_KEYS = frozenset({("alt", "s"), ("ctrl", "s"), ("ctrl", "shift", "Return"), ("ctrl", "shift", "d")})
_ORDER = ("ctrl", "shift", "alt", "super")

HARMLESS = Assessment("harmless", "it changes nothing")
REVERSIBLE = Assessment("reversible", "it can be undone")


class Scene(Struct, frozen=True):
    """What stands around a step today: application, title, the element it goes to, and the window's buttons by name.

    `line` is the last line of a terminal. `said` is what the planner says that the step does.
    """

    app: str = ""
    title: str = ""
    element: Element | None = None
    buttons: tuple[str, ...] = ()
    line: str = ""
    said: str = ""

    @property
    def is_terminal(self) -> bool:
        """Whether what is typed here is a command line."""
        role = self.element.role if self.element else ""
        return role == "terminal" or bool(_TERMINALS.search(known.plain(self.app)))

    @property
    def place(self) -> str:
        """Application and title as plain words."""
        return known.plain(f"{self.app} | {self.title}")


def named_risk(step: Step) -> Assessment:
    """The risk that can be read off a step alone, by its action and what its target is called.

    This is all that counts in a recording that a person has reviewed: there the person has seen the rest.
    """
    action = step.action
    if isinstance(action, TypeText):
        return Assessment("leaves-machine", "it types a secret") if action.secret is not None else REVERSIBLE
    if not isinstance(action, Click | PressKeys | Call):
        return HARMLESS
    return _by_words(_called(step), "it is called") or REVERSIBLE


def assess(step: Step, scene: Scene) -> Assessment:
    """The highest risk that any rule finds for the step where it stands now."""
    rules = (_of_kind, _of_names, _of_title, _of_keys, _of_typing, _of_closing, _of_own_words)
    found = [one for rule in rules if (one := rule(step, scene)) is not None]
    worst = max([named_risk(step), *found], key=lambda one: RISKS.index(one.risk))
    misplaced = _misplaced(step, scene)
    reason = "a secret would go where no password field is" if misplaced else worst.reason
    return Assessment(worst.risk, reason, misplaced)


def presses_enter(step: Step) -> bool:
    """Whether the step ends with Enter, which presses the default button of many windows."""
    if isinstance(step.action, TypeText):
        return step.action.text.endswith(("\n", "\r"))
    return _keys(step)[-1:] != () and _keys(step)[-1] in ENTER


def _of_kind(step: Step, scene: Scene) -> Assessment | None:  # noqa: ARG001 - a rule's signature
    return REVERSIBLE if isinstance(step.action, Drag) else None


def _of_names(step: Step, scene: Scene) -> Assessment | None:
    """What stands at the place today, or where a drag ends, counts like what was meant."""
    if not isinstance(step.action, Click | PressKeys | Call | Drag):
        return None
    end = step.destination.element if step.destination else None
    here = scene.element if isinstance(step.action, Click | Drag) else None
    names = [element.name for element in (here, end) if element is not None]
    return _by_words(" | ".join([*names, step.description]), "it is called")


def _of_title(step: Step, scene: Scene) -> Assessment | None:
    """Agreeing to what a window's title asks, and replacing a file on saving."""
    if not isinstance(step.action, Click) and not presses_enter(step):
        return None
    name, title = _names(step, scene), known.plain(scene.title)
    if _REPLACING.search(name) and _SAVING.search(title):
        return Assessment("irreversible", f"it replaces what was saved before (window “{scene.title[:60]}”)")
    if isinstance(step.action, Click) and not _AFFIRMING.search(name):
        return None
    return _by_words(scene.title, "it agrees to the window")


def _of_keys(step: Step, scene: Scene) -> Assessment | None:
    keys, enters = _keys(step), presses_enter(step)
    if _MAIL.search(scene.place) and ((enters and "ctrl" in keys) or keys in _SENDING_KEYS):
        return Assessment("leaves-machine", "these keys send or store mail")
    if enters and _CHAT.search(scene.place):
        return Assessment("leaves-machine", "Enter sends what was written")
    if scene.is_terminal:
        return assess_command(after_prompt(scene.line)) if keys and enters and scene.line else None
    return _by_words(" | ".join(scene.buttons), "Enter may press") if enters else None


def _of_typing(step: Step, scene: Scene) -> Assessment | None:
    action = step.action
    if not isinstance(action, TypeText) or action.secret is not None:
        return None
    return assess_command(action.text) if scene.is_terminal else None


def _of_closing(step: Step, scene: Scene) -> Assessment | None:
    clicked = isinstance(step.action, Click) and _CLOSING.search(_names(step, scene))
    if (clicked or _keys(step) in _CLOSING_KEYS) and known.UNSAVED.search(known.plain(scene.title)):
        return Assessment("irreversible", "it closes a window with unsaved changes")
    return None


def _of_own_words(step: Step, scene: Scene) -> Assessment | None:
    """Where the target has no name, what the planner says it is doing speaks for it."""
    acts = isinstance(step.action, Click | PressKeys | Call | Drag)
    if not acts or _names(step, scene):
        return None
    return _by_words(f"{scene.said} | {step.thought}", "the planner says")


def _misplaced(step: Step, scene: Scene) -> bool:
    if not isinstance(step.action, TypeText) or step.action.secret is None:
        return False
    return scene.element is None or not scene.element.password


def _by_words(text: str, how: str) -> Assessment | None:
    plain = known.plain(text)
    risks: tuple[tuple[Risk, re.Pattern[str]], ...] = (("irreversible", _IRREVERSIBLE), ("leaves-machine", _LEAVES))
    for risk, pattern in risks:
        if found := pattern.search(plain):
            return Assessment(risk, f"{how} “{found.group()}”")
    return None


def _keys(step: Step) -> tuple[str, ...]:
    """The keys with their modifiers in one order; empty for other actions."""
    if not isinstance(step.action, PressKeys):
        return ()
    keys = tuple(key.lower() if key.lower() in _ORDER or len(key) == 1 else key for key in step.action.keys)
    held = sorted((key for key in keys if key in _ORDER), key=_ORDER.index)
    return (*held, *(key for key in keys if key not in _ORDER))


def _called(step: Step) -> str:
    keys = " ".join(step.action.keys) if isinstance(step.action, PressKeys) else ""
    element = step.target.element if step.target else None
    printed = step.target.text if step.target else None
    return " | ".join(filter(None, [keys, element.name if element else "", printed.text if printed else ""]))


def _names(step: Step, scene: Scene) -> str:
    """What the target is called, in the step and today, as plain words; empty where it has no name."""
    elements = [element for element in (step.target.element if step.target else None, scene.element) if element]
    printed = step.target.text.text if step.target and step.target.text else ""
    return known.plain(" | ".join(filter(None, [*(e.name or e.label for e in elements), printed])))
