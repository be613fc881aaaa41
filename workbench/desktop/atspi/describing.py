"""Making an `Element` of an accessible object: its facts, where it stands, what labels it and what it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.roles import LABELLED, LABELLED_BY, NUMBER_HOLDERS, PASSWORD, POPUP_MENU, TEXT_HOLDERS
from workbench.desktop.atspi.tree import (
    ACCESSIBLE,
    NOWHERE,
    SELECTION,
    TEXT,
    VALUE,
    Facts,
    Place,
    Ref,
    Tree,
    call,
    get,
    object_of,
    value_of,
)
from workbench.desktop.atspi.wire import Answer
from workbench.geometry import Rect
from workbench.trajectory import Element, PathNode

TEXT_LIMIT = 100_000
"""How many characters of a text are read at most."""

LISTED = ("combo box", "list")
"""Above what Qt gives wrong bounds: the lines of the list of a combo box, which are said to show while it is closed."""

_NEAR_PX = 120
_COMBO = "combo box"

_Relation = tuple[int, list[tuple[str, str]]]


class Describer:
    """Makes elements of objects; None for what is gone or silent. The value of a password is never asked for."""

    def __init__(self, bus: Bus, tree: Tree) -> None:
        self._bus, self._tree = bus, tree
        self._parents: dict[Ref, Ref] = {}

    def element(self, ref: Ref, app: str, *, deadline: float, trail: Sequence[Ref] = ()) -> Element | None:
        """The element with all that is known of it; `trail` are the objects passed on the way down to it."""
        guess = tuple(reversed(trail)) if trail else self._remembered(ref)
        facts, places = self._tree.full_facts(ref, deadline=deadline, guess=guess)
        if not facts:
            return None
        self._remember(ref, facts, places)
        if facts.parent and [place.role for place in places[:2]] == list(reversed(LISTED)):
            facts = seen_in(facts, self._tree.bounds([facts.parent], deadline=deadline)[0])
        path = tuple(PathNode(place.role, place.name, place.index) for place in reversed(places))
        return self.made(facts, app=app, path=path, deadline=deadline)

    def around(self, line: Element, *, deadline: float) -> Element | None:
        """What stands where the line of a closed list is said to be: its combo box; None where that is silent."""
        box: Ref | None = line.ref
        for _ in LISTED:
            box = self._parents.get(box) if box else None
        return self.element(box, line.app, deadline=deadline) if box else None

    def made(self, facts: Facts, *, app: str, path: tuple[PathNode, ...], deadline: float) -> Element:
        """The element of facts that are known already, with label and value."""
        relations, attributes = self._asides(facts, deadline)
        password = facts.role == PASSWORD or attributes.get("text-input-type") == "password"
        value = None if password else self._value(facts, deadline)
        if facts.role == _COMBO and facts.name == value:
            # GTK calls a combo box after what is chosen in it, which is no name to find it by
            facts = replace(facts, name="")
        return Element(
            app=app,
            window=_window(path[0] if path else facts),
            role=facts.role,
            name=facts.name,
            bounds=facts.bounds,
            path=path,
            index=facts.index,
            label=self._label(facts, relations, deadline),
            description=facts.description,
            states=facts.states,
            value=value,
            password=password,
            ref=facts.ref,
        )

    def _asides(self, facts: Facts, deadline: float) -> tuple[list[_Relation], dict[str, str]]:
        # a name needs no label, and only what can be filled may be a password
        if not _is_input(facts) or (facts.name and facts.role not in TEXT_HOLDERS and "editable" not in facts.states):
            return [], {}
        questions = [call(facts.ref, ACCESSIBLE, member) for member in ("GetRelationSet", "GetAttributes")]
        relations, attributes = self._bus.ask(questions, deadline=deadline)
        return relations[0] if relations else [], attributes[0] if attributes else {}

    def _value(self, facts: Facts, deadline: float) -> str | None:
        if facts.role not in TEXT_HOLDERS | NUMBER_HOLDERS and "editable" not in facts.states:
            return None
        text = call(facts.ref, TEXT, "GetText", "ii", 0, TEXT_LIMIT)
        answers = self._bus.ask([text, get(facts.ref, "CurrentValue", VALUE)], deadline=deadline)
        value = _readable(facts.role, *answers)
        return value or (self._chosen(facts.ref, deadline) if facts.role == _COMBO else value)

    def _chosen(self, ref: Ref, deadline: float) -> str | None:
        answer = self._bus.ask_one(call(ref, SELECTION, "GetSelectedChild", "i", 0), deadline=deadline)
        child = object_of(answer[0]) if answer else None
        chosen = [child] if child else self._tree.matches(ref, states=("selected",), limit=1, deadline=deadline)
        return next(iter(self._tree.names(chosen or [], deadline=deadline)), None)

    def _label(self, facts: Facts, relations: list[_Relation], deadline: float) -> str:
        if facts.name or not _is_input(facts):
            return ""
        named = [ref for kind, refs in relations if kind == LABELLED_BY for ref in refs]
        labels = [ref for one in named if (ref := object_of(one))]
        stated = " ".join(filter(None, self._tree.names(labels, deadline=deadline)))
        return stated or self._label_beside(facts, deadline)

    def _label_beside(self, facts: Facts, deadline: float) -> str:
        # pages of text stand alone; what is beside them is not their label
        if not facts.parent or not facts.bounds.area or "multi-line" in facts.states:
            return ""
        near = self._tree.facts(self._tree.children(facts.parent, deadline=deadline)[:40], deadline=deadline)
        labels = [one for one in near if one and one.showing and one.name and one.role in ("label", "static")]
        nearest = min(labels, key=lambda one: _distance(one, facts), default=None)
        return nearest.name if nearest and _distance(nearest, facts) <= _NEAR_PX else ""

    def _remembered(self, ref: Ref) -> tuple[Ref, ...]:
        found: dict[Ref, None] = {}
        while (parent := self._parents.get(ref)) and parent not in found:
            found[parent] = None
            ref = parent
        return tuple(found)

    def _remember(self, ref: Ref, facts: Facts, places: Iterable[Place]) -> None:
        if len(self._parents) > 20_000:
            self._parents.clear()
        for parent in (facts.parent, *(place.parent for place in places)):
            if parent and parent != ref:
                self._parents[ref] = parent
                ref = parent


def seen_in(line: Facts, box: Rect) -> Facts:
    """A line of a list as far as the list, which covers `box`, shows it."""
    seen = line.bounds.intersection(box) if line.bounds.area and box.area else None
    if seen:
        return replace(line, bounds=seen)
    return replace(line, bounds=NOWHERE, states=tuple(state for state in line.states if state != "showing"))


def hidden(element: Element) -> bool:
    """Whether it is the line of a list that is closed."""
    roles = tuple(node.role for node in element.path[-2:])
    return roles == LISTED and "showing" not in element.states


def _window(top: Facts | PathNode) -> str:
    """The title of a window; a menu that stands in none has no title, whatever its toolkit says."""
    return "" if top.role == POPUP_MENU else top.name


def _is_input(facts: Facts) -> bool:
    return facts.role in LABELLED or "editable" in facts.states


def _readable(role: str, text: Answer | None, number: Answer | None) -> str | None:
    if text is not None and role not in NUMBER_HOLDERS - TEXT_HOLDERS:
        # a text holds this character where something else is embedded
        return str(text[0]).replace("\ufffc", "")
    amount = value_of(number)
    return f"{amount:g}" if isinstance(amount, float | int) else None


def _distance(label: Facts, field: Facts) -> float:
    """How far a label is from the field that it may stand for: to the left of it or above it, otherwise infinite."""
    one, other = label.bounds, field.bounds
    beside = abs(one.centre.y - other.centre.y) <= max(one.height, other.height) / 2 and one.x < other.x
    above = one.bottom <= other.y + 4 and one.x < other.right and other.x < one.right
    if beside:
        return max(0.0, other.x - one.right)
    return float(other.y - one.bottom) if above else float("inf")
