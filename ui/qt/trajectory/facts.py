"""What is known of a step and of its witnesses, as names and words. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from ui.qt.trajectory.event_rows import is_hidden
from workbench.actions import Check, Condition, TypeText, Wait
from workbench.geometry import Rect
from workbench.report.words import describe_action, describe_condition, describe_target, sentence, tidy
from workbench.trajectory import CropWitness, Element, Step, Target

LONGEST = 400


@dataclass(frozen=True)
class Fact:
    """A name and what there is to say under it."""

    name: str
    words: str


@dataclass(frozen=True)
class Knows:
    """One witness: what it is called, what it knows, and the crop where it knows a picture."""

    name: str
    facts: tuple[Fact, ...]
    crop: CropWitness | None = None


@dataclass(frozen=True)
class Branch:
    """One line of an element's tree and what hangs below it."""

    words: str
    below: tuple["Branch", ...] = ()


def details_of(step: Step) -> tuple[Fact, ...]:
    """The step's facts in reading order; what is unknown is left out."""
    window = step.observation.window
    found = {
        "Action": _action(step),
        "Target": describe_target(step.target) if step.target else "",
        "Destination": describe_target(step.destination) if step.destination else "",
        "Waits for": _condition(step),
        "Window": f"{tidy(window.title, 120)} ({tidy(window.app)})" if window else "",
        "Verified by": step.outcome.verified_by,
        "Changed": _changed(step),
        "Left out": step.masked,
        "By": "a program, not by hand" if step.by_program else "",
        "Recorded": f"again, as {tidy(step.recorded_in)}" if step.recorded_in else "",
    }
    return tuple(Fact(name, tidy(words, LONGEST)) for name, words in found.items() if words)


def witnesses_of(step: Step) -> tuple[Knows, ...]:
    """What each witness of the step's target, and of its destination, knows."""
    found = list(_witnesses(step.target, step, ""))
    return tuple(found + list(_witnesses(step.destination, step, "Destination: ")))


def tree_of(element: Element, *, hidden: bool) -> Branch:
    """The way from the window down to the element, and what the element is."""
    own = Branch(_called(element.role, element.name or element.label), tuple(_traits(element, hidden=hidden)))
    for node in reversed(element.path):
        own = Branch(_called(node.role, node.name), (own,))
    return Branch(_called("application", element.app), (own,))


def _action(step: Step) -> str:
    typed = isinstance(step.action, TypeText) and not step.action.secret
    words = "type a hidden text" if typed and is_hidden(step) else describe_action(step.action)
    return sentence(words).rstrip(".")


def _condition(step: Step) -> str:
    condition: Condition | None = None
    if isinstance(step.action, Check):
        condition = step.action.that
    elif isinstance(step.action, Wait):
        condition = step.action.until
    return describe_condition(condition) if condition else ""


def _changed(step: Step) -> str:
    areas = step.outcome.changed
    return ", ".join(_box(area) for area in areas[:4]) + (" …" if len(areas) > 4 else "")


def _witnesses(target: Target | None, step: Step, of: str) -> Iterator[Knows]:
    if target is None:
        return
    if target.element is not None:
        yield Knows(sentence(f"{of}element").rstrip("."), tuple(_element(target.element, hidden=is_hidden(step))))
    if target.crop is not None:
        yield Knows(sentence(f"{of}picture").rstrip("."), (Fact("Place", _box(target.crop.region)),), target.crop)
    if target.text is not None:
        facts = (Fact("Text", tidy(target.text.text, LONGEST)), Fact("Place", _box(target.text.bounds)))
        yield Knows(sentence(f"{of}printed text").rstrip("."), facts)
    point = Fact("Place", f"{target.point.x}, {target.point.y}")
    yield Knows(sentence(f"{of}point").rstrip("."), (point, Fact("Decides", "never alone")))


def _element(element: Element, *, hidden: bool) -> Iterator[Fact]:
    yield Fact("Role", tidy(element.role))
    if element.name or element.label:
        yield Fact("Name", tidy(element.name or element.label, LONGEST))
    if element.value:
        yield Fact("Value", "hidden" if hidden or element.password else tidy(element.value, LONGEST))
    yield Fact("Place", _box(element.bounds))


def _traits(element: Element, *, hidden: bool) -> Iterator[Branch]:
    if element.description:
        yield Branch(f"description: {tidy(element.description, LONGEST)}")
    if element.value is not None:
        yield Branch(f"value: {'hidden' if hidden or element.password else tidy(element.value, LONGEST)}")
    if element.states:
        yield Branch("states", tuple(Branch(tidy(state)) for state in element.states))
    yield Branch(f"place: {_box(element.bounds)}")


def _called(role: str, name: str) -> str:
    return f"{tidy(role)} “{tidy(name)}”" if name.strip() else tidy(role)


def _box(area: Rect) -> str:
    return f"{area.width} × {area.height} at {area.x}, {area.y}"
