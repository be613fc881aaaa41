"""Recorded steps as prompts tell them, in the words in which the steps of a run are told."""

from agents.planning.ports import Idea
from agents.planning.wording import idea_words
from agents.screen.listing import Line, called
from agents.screen.roles import role_word
from workbench.actions import TypeText
from workbench.locate import identity
from workbench.trajectory import Element, Step, Target


def words_of(step: Step) -> str:
    """A recorded step in words; its target by what accessibility called it, else by the text printed there.

    What was typed into a password field is never among them, whoever recorded it.
    """
    target = target_words(step.target)
    if isinstance(step.action, TypeText) and step.action.secret is None and _is_password(step):
        return f"type a hidden text into {target}" if target else "type a hidden text"
    return idea_words(Idea(step.action, target=target))


def target_words(target: Target | None) -> str:
    """Where a step went, as the element list would have it; empty where nothing but a place is known."""
    if target is None:
        return ""
    if target.element is not None:
        return element_words(target.element)
    return called(Line("", "element", target.text.text)) if target.text else ""


def element_words(element: Element) -> str:
    """Role and name of an element as the element list says them."""
    return called(Line("", role_word(element) or "element", identity.called(element)))


def _is_password(step: Step) -> bool:
    field = (step.target.element if step.target else None) or step.observation.focused
    return field is not None and field.password
