"""How well a recorded situation fits today's: the same program, and controls on the screen that were touched then.

A declarative abstraction of the state (Synapse, arXiv 2306.07863, abstracts states too; there by code that a model
writes, here by roles and names alone), and the second key of a search beside the task (P-RAG, arXiv 2409.11279).
"""

from collections.abc import Iterable

from agents.memory.retrieval.ports import Control, Situation
from agents.screen.listing import ElementList
from agents.screen.roles import role_word
from workbench.locate import identity
from workbench.trajectory import Step, Target

UNKNOWN = 0.5
"""How well fits what nobody can compare."""

BY_ROLES, BY_NAMES, BY_APP = 0.5, 0.15, 0.35
"""What counts how much: the kinds of controls, their names, and the program."""


def fit(now: Situation, then: Situation) -> float:
    """How well what was recorded fits today's screen, 0 to 1; of the controls that were touched, how many are there."""
    roles, names = _there(now.controls, then.controls)
    return BY_ROLES * roles + BY_NAMES * names + BY_APP * _same_app(now.app, then.app)


def today(shown: ElementList) -> Situation:
    """The situation of a screen as its element list shows it."""
    controls = frozenset((line.role, _plain(line.name)) for line in shown.lines if line.role != "window")
    return Situation(shown.app, shown.window, controls)


def controls_of(steps: Iterable[Step]) -> frozenset[Control]:
    """Role and name of everything that the steps touched."""
    targets = [target for step in steps for target in (step.target, step.destination) if target]
    return frozenset(control for target in targets if (control := _control(target)) is not None)


def written(controls: Iterable[Control]) -> str:
    """The controls as lines of text, in alphabetical order."""
    return "\n".join(f"{role}\t{name}" for role, name in sorted(controls))


def read(text: str) -> frozenset[Control]:
    """The controls of such lines."""
    pairs = (line.partition("\t") for line in text.splitlines())
    return frozenset((role, name) for role, _, name in pairs if role)


def _control(target: Target) -> Control | None:
    if target.element is None:
        return ("text", _plain(target.text.text)) if target.text else None
    return role_word(target.element) or "element", _plain(identity.called(target.element))


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def _there(today: frozenset[Control], then: frozenset[Control]) -> tuple[float, float]:
    """The share of the recorded roles that are on the screen, and that of the recorded names."""
    if not today or not then:
        return UNKNOWN, UNKNOWN
    roles = {role for role, _ in today}
    named = [control for control in then if control[1]]
    by_role = sum(role in roles for role, _ in then) / len(then)
    return by_role, sum(control in today for control in named) / len(named) if named else 0.0


def _same_app(today: str, then: str) -> float:
    if not today or not then:
        return UNKNOWN
    return 1.0 if today.casefold() == then.casefold() else 0.0
