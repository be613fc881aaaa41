"""What differs from time to time in a routine becomes a variable, with the name of the field that it goes into."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agents.memory.workflows.abstracting import Abstract, item_of
from agents.planning.carrying import pieces
from agents.screen.roles import role_word
from workbench.locate import identity
from workbench.trajectory import Step, Variable

NOT_NAMES = frozenset({"answer"})
"""Names that runs use for something else."""

_GAP = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 32


@dataclass(frozen=True)
class Slot:
    """One step of a routine that has a value: `text` is what it types or chooses, the variable in it as `{{name}}`.

    `variable` is None where the value was the same every time.
    """

    at: int
    text: str
    variable: str | None = None


@dataclass(frozen=True)
class Values:
    """The values of a routine: where they go, the variables, and what each was, each time that it was done."""

    slots: tuple[Slot, ...] = ()
    variables: tuple[Variable, ...] = ()
    given: tuple[dict[str, str], ...] = ()


def values_of(times: Sequence[Sequence[Abstract]], tasks: Sequence[str]) -> Values:
    """What is the same and what differs in the steps of a routine, each time with the task that it was done for.

    Values that were alike each time are one variable, wherever they go. Where only a part of a value stands in the
    tasks, as a file's name in a path, that part is the variable.
    """
    slots: list[Slot] = []
    variables: dict[tuple[str, ...], Variable] = {}
    for at, same_step in enumerate(zip(*times, strict=True)):
        found = tuple(one.value for one in same_step if one.value is not None)
        if len(found) < len(times):
            continue
        if len(set(found)) == 1:
            slots.append(Slot(at, found[0]))
            continue
        before, cores, after = _parted(found, tasks)
        if cores not in variables:
            variables[cores] = _variable(same_step[0].step, {one.name for one in variables.values()})
        name = variables[cores].name
        slots.append(Slot(at, f"{before}{{{{{name}}}}}{after}", name))
    named = {variable.name: cores for cores, variable in variables.items()}
    given = tuple({name: cores[time] for name, cores in named.items()} for time in range(len(times)))
    return Values(tuple(slots), tuple(variables.values()), given)


def _parted(found: Sequence[str], tasks: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """What all values begin with, the part of each that differs, and what all end with, as far as tasks tell them."""
    head, tail = _common(found)
    trimmed = [text.strip() for text in found]
    if _same_around(found, trimmed) and all(map(_stands_in, trimmed, tasks)):
        return _around(found[0], trimmed[0], trimmed)
    for before, after in ((head, ""), (head, tail), ("", tail)):
        cores = tuple(text[len(before) : len(text) - len(after)] for text in found)
        if all(cores) and all(map(_stands_in, cores, tasks)):
            return before, cores, after
    return _around(found[0], trimmed[0], trimmed) if _same_around(found, trimmed) else ("", tuple(found), "")


def _around(text: str, core: str, cores: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    before, _, after = text.partition(core)
    return before, tuple(cores), after


def _same_around(found: Sequence[str], cores: Sequence[str]) -> bool:
    """Whether the same space stands around all of the values."""
    parted = [text.partition(core) for text, core in zip(found, cores, strict=True) if core]
    return len(parted) == len(found) and len({(before, after) for before, _, after in parted}) == 1


def _common(found: Sequence[str]) -> tuple[str, str]:
    """What all begin and all end with, up to a place where a word begins or ends."""
    head = _beginning(found)
    while head and head[-1].isalnum():
        head = head[:-1]
    tail = _beginning([text[len(head) :][::-1] for text in found])[::-1]
    while tail and tail[0].isalnum():
        tail = tail[1:]
    return head, tail


def _beginning(texts: Sequence[str]) -> str:
    """The letters with which all begin."""
    first, last = min(texts), max(texts)
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return first if same is None else first[:same]


def _stands_in(value: str, task: str) -> bool:
    words, told = [one.word for one in pieces(value)], [one.word for one in pieces(task)]
    return bool(words) and any(told[at : at + len(words)] == words for at in range(len(told) - len(words) + 1))


def _variable(step: Step, taken: Collection[str]) -> Variable:
    named = _field_name(step)
    field = f"“{named}”" if named else _role_of(step)
    about = f"which row is chosen in {field}" if item_of(step) else f"what is typed into {field}"
    wanted = _slug(named) or ("item" if item_of(step) else "text")
    numbered = (f"{wanted}_{number}" for number in range(2, 99))
    name = next(one for one in (wanted, *numbered) if one not in taken)
    return Variable(name=name, description=about)


def _field_name(step: Step) -> str:
    """What a person would call the field or list: its own name, or that of the nearest thing around it with one."""
    element = step.target.element if step.target else None
    if element is None:
        return ""
    if item_of(step) is None:
        return identity.called(element)
    return next((node.name.strip() for node in reversed(element.path[1:]) if node.name.strip()), "")


def _role_of(step: Step) -> str:
    element = step.target.element if step.target else None
    if item_of(step):
        return "the list"
    return f"the {role_word(element) or 'field'}" if element else "what has the focus"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _GAP.sub("_", plain).strip("_")[:_LONGEST_NAME].strip("_")
    if not slug or slug in NOT_NAMES:
        return f"{slug}_text" if slug else ""
    return slug if slug[0].isalpha() else f"v_{slug}"
