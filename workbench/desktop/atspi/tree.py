"""The accessibility trees: asking many objects for facts at once.

An object is named by its `Ref`: the bus name of its application and its path there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.roles import role_name, role_words, state_names, state_words
from workbench.desktop.atspi.wire import Answer, Question
from workbench.geometry import Point, Rect

Ref = tuple[str, str]

ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
COLLECTION = "org.a11y.atspi.Collection"
TEXT = "org.a11y.atspi.Text"
VALUE = "org.a11y.atspi.Value"
SELECTION = "org.a11y.atspi.Selection"
APPLICATION = "org.a11y.atspi.Application"
PROPERTIES = "org.freedesktop.DBus.Properties"

REGISTRY: Ref = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

_SCREEN = 0
_MATCH_ALL, _MATCH_ANY = 1, 2
_TREE_ORDER = 1
NOWHERE = Rect(0, 0, 0, 0)
"""The bounds of what is not on the screen."""


@dataclass(frozen=True)
class Facts:
    """What an object says of itself; `bounds` are desktop pixels, of no size where it is not on the screen."""

    ref: Ref
    role: str
    name: str
    states: tuple[str, ...]
    bounds: Rect
    parent: Ref | None = None
    index: int = 0
    description: str = ""

    @property
    def showing(self) -> bool:
        """Whether it is on the screen."""
        return "showing" in self.states


@dataclass(frozen=True)
class Place:
    """Where an object stands in its tree."""

    role: str
    name: str
    index: int
    parent: Ref | None


def call(ref: Ref, interface: str, member: str, signature: str | None = None, *body: object) -> Question:
    """A method call to an object."""
    return Question(ref[0], ref[1], interface, member, signature, body)


def get(ref: Ref, name: str, interface: str = ACCESSIBLE) -> Question:
    """A question for a property of an object."""
    return call(ref, PROPERTIES, "Get", "ss", interface, name)


def value_of(answer: Answer | None) -> object | None:
    """What a property's answer holds."""
    return answer[0][1] if answer else None


def object_of(answer: object) -> Ref | None:
    """The object that an answer names; None for the null object."""
    match answer:
        case (str() as to, str() as path) if not path.endswith("/null"):
            return to, path
    return None


class Tree:
    """The trees of all applications on one accessibility bus. Nothing raises; what does not answer is absent."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def children(self, ref: Ref, *, deadline: float) -> list[Ref]:
        """The children, in order."""
        return self.children_of([ref], deadline=deadline)[0]

    def children_of(self, refs: Sequence[Ref], *, deadline: float) -> list[list[Ref]]:
        """The children of each, in order."""
        answers = self._bus.ask([call(ref, ACCESSIBLE, "GetChildren") for ref in refs], deadline=deadline)
        return [_objects(answer) for answer in answers]

    def facts(self, refs: Sequence[Ref], *, deadline: float) -> list[Facts | None]:
        """The facts of each, without `parent` and `index`."""
        questions = [question for ref in refs for question in _brief(ref)]
        answers = self._bus.ask(questions, deadline=deadline)
        return [_facts(ref, answers[5 * at : 5 * at + 5]) for at, ref in enumerate(refs)]

    def bounds(self, refs: Sequence[Ref], *, deadline: float) -> list[Rect]:
        """The bounds of each, of no size where it is not on the screen."""
        questions = [call(ref, COMPONENT, "GetExtents", "u", _SCREEN) for ref in refs]
        return [_bounds(answer) for answer in self._bus.ask(questions, deadline=deadline)]

    def full_facts(self, ref: Ref, *, deadline: float, guess: Sequence[Ref] = ()) -> tuple[Facts | None, list[Place]]:
        """All facts of one object, and the places of its ancestors from its parent up to its window.

        `guess` are the refs that its ancestors probably have, nearest first: where it is right everything is asked at
        once.
        """
        asked = [
            *_brief(ref),
            *_position(ref),
            *(question for parent in guess for question in (*_position(parent), *_names(parent))),
        ]
        answers = self._bus.ask(asked, deadline=deadline)
        facts = _facts(ref, answers[:5])
        if not facts:
            return None, []
        parent, index = _placed(answers[5:7])
        known = {one: _place(answers[7 + 4 * at : 11 + 4 * at]) for at, one in enumerate(guess)}
        return replace(facts, parent=parent, index=index), self._ancestors(parent, known, deadline)

    def parents(self, refs: Sequence[Ref], *, deadline: float) -> list[Ref | None]:
        """The parent of each."""
        answers = self._bus.ask([get(ref, "Parent") for ref in refs], deadline=deadline)
        return [object_of(value_of(answer)) for answer in answers]

    def roles(self, refs: Sequence[Ref], *, deadline: float) -> list[str]:
        """The role of each; empty where that is not answered."""
        answers = self._bus.ask([call(ref, ACCESSIBLE, "GetRole") for ref in refs], deadline=deadline)
        return [role_name(answer[0]) if answer else "" for answer in answers]

    def toolkit(self, app: Ref, *, deadline: float) -> str | None:
        """The name of the toolkit of which an application is made; None where that is not answered."""
        answer = self._bus.ask_one(get(app, "ToolkitName", APPLICATION), deadline=deadline)
        return None if answer is None else str(value_of(answer) or "")

    def _ancestors(self, parent: Ref | None, known: dict[Ref, Place | None], deadline: float) -> list[Place]:
        found: list[Place] = []
        while parent and len(found) < 100:
            place = known.get(parent) or _place(self._bus.ask([*_position(parent), *_names(parent)], deadline=deadline))
            if not place or place.role == "application":
                break
            found.append(place)
            parent = place.parent
        return found

    def at_point(self, refs: Sequence[Ref], point: Point, *, deadline: float) -> list[Ref | None]:
        """The descendant that each names for the point; it may be any number of levels below."""
        answers = self._bus.ask([_at(ref, point) for ref in refs], deadline=deadline)
        return [object_of(answer[0]) if answer else None for answer in answers]

    def matches(
        self, ref: Ref, *, roles: Iterable[str] = (), states: Iterable[str] = (), limit: int = 0, deadline: float
    ) -> list[Ref] | None:
        """The descendants with one of the roles and all of the states, in tree order; None where it cannot tell.

        `limit` 0 means all.
        """
        roles = tuple(roles)
        role_match = _MATCH_ANY if roles else _MATCH_ALL
        body: tuple[object, ...] = (state_words(*states), _MATCH_ALL, {}, _MATCH_ALL, role_words(*roles), role_match)
        rule = (*body, [], _MATCH_ALL, False)
        question = call(ref, COLLECTION, "GetMatches", "(aiia{ss}iaiiasib)uib", rule, _TREE_ORDER, limit, True)
        answer = self._bus.ask_one(question, deadline=deadline)
        return None if answer is None else _objects(answer)

    def names(self, refs: Sequence[Ref], *, deadline: float) -> list[str | None]:
        """The name of each."""
        answers = self._bus.ask([get(ref, "Name") for ref in refs], deadline=deadline)
        return [str(value_of(answer) or "") if answer else None for answer in answers]


def _objects(answer: Answer | None) -> list[Ref]:
    return [ref for one in (answer[0] if answer else ()) if (ref := object_of(one))]


def _at(ref: Ref, point: Point) -> Question:
    return call(ref, COMPONENT, "GetAccessibleAtPoint", "iiu", point.x, point.y, _SCREEN)


def _brief(ref: Ref) -> tuple[Question, ...]:
    extents = call(ref, COMPONENT, "GetExtents", "u", _SCREEN)
    return (*_names(ref), extents, call(ref, ACCESSIBLE, "GetState"), get(ref, "Description"))


def _names(ref: Ref) -> tuple[Question, Question]:
    return get(ref, "Name"), call(ref, ACCESSIBLE, "GetRole")


def _position(ref: Ref) -> tuple[Question, Question]:
    return get(ref, "Parent"), call(ref, ACCESSIBLE, "GetIndexInParent")


def _facts(ref: Ref, answers: Sequence[Answer | None]) -> Facts | None:
    name, role, extents, states, description = answers
    if not role or not states or "defunct" in (names := state_names(states[0])):
        return None
    said = str(value_of(description) or "")
    return Facts(ref, role_name(role[0]), str(value_of(name) or ""), names, _bounds(extents), description=said)


def _bounds(extents: Answer | None) -> Rect:
    x, y, width, height = extents[0] if extents else (0, 0, 0, 0)
    # toolkits give absurd places and negative sizes to what is not on the screen
    return Rect(x, y, width, height) if width > 0 and height > 0 and abs(x) < 1 << 20 and abs(y) < 1 << 20 else NOWHERE


def _placed(answers: Sequence[Answer | None]) -> tuple[Ref | None, int]:
    parent, index = answers
    return object_of(value_of(parent)), max(0, index[0]) if index else 0


def _place(answers: Sequence[Answer | None]) -> Place | None:
    parent, index, name, role = answers
    if not role:
        return None
    above, position = _placed((parent, index))
    return Place(role_name(role[0]), str(value_of(name) or ""), position, above)
