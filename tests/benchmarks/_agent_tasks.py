"""Made-up tasks on made-up forms: what a planner is told before each step of them, with either kind of memory."""

from collections.abc import Iterator
from functools import reduce
from random import Random

from msgspec.structs import replace

from agents.memory.changes import CloseSubgoal, MemoryChange, OpenSubgoal, Remember
from agents.memory.editing import apply
from agents.memory.serialising import Mode
from agents.memory.tree import remembering
from agents.planning.ports import Moment
from agents.screen.listing import ElementList, Line, listed, numbered
from agents.screen.reading import Read

TASK = "Enter the five new customers from the list on paper into the address book, with company, street, town and phone"
SUBGOAL_STEPS = 5
FORM = ("Company", "First name", "Last name", "Street", "Postal code", "Town", "Country", "Phone", "E-mail", "Web site")
AROUND = ("menu File", "menu Edit", "menu View", "menu Help", "button New", "button Save", "button Delete", "tab Main")
MORE = ("button Previous", "button Next", "checkbox Newsletter", "text 12 of 408 records", "dropdown Group")


def moments(steps: int) -> Iterator[Moment]:
    """What is known before each of so many steps; every five of them are a subgoal."""
    random = Random(steps)
    memory, values, before = remembering(TASK), dict.fromkeys(FORM, ""), ""
    for number in range(steps):
        memory = reduce(apply, _turn(number), memory)
        field = FORM[number % len(FORM)]
        yield Moment(memory, _read(values, focused=before), steps_left=steps - number)
        values[field], before = " ".join(random.choices(WORDS, k=2)), field
        memory = apply(memory, _done(number, field, values[field]))


def remembered_screens(steps: int, mode: Mode) -> Iterator[tuple[str, ...]]:
    """Before each step, the screens after all the steps before it that a memory of this kind holds in full.

    In HiAgent (arXiv 2408.09559) flat memory holds the observation of every step, hierarchical that of the steps of the
    subgoal that is open.
    """
    screens: list[str] = []
    for number, moment in enumerate(moments(steps)):
        screens += [listed(moment.read.shown)] if number else []
        yield tuple(screens if mode == "flat" else screens[number - number % SUBGOAL_STEPS :])


WORDS = ("Amber", "Birch", "Cedar", "Dahlia", "Elm", "Fern", "Gorse", "Hazel", "Iris", "Juniper")


def _turn(number: int) -> tuple[MemoryChange, ...]:
    if number % SUBGOAL_STEPS:
        return ()
    begun = OpenSubgoal(words=f"enter part {number // SUBGOAL_STEPS + 1} of the customers")
    return (CloseSubgoal(summary="the fields are filled in"), begun) if number else (begun,)


def _done(number: int, field: str, value: str) -> Remember:
    seen = f'the text stands in the field; the focus is in field "{field}"'
    return Remember(words=f'type "{value}" into field "{field}"', observed=seen, verified=True, step=number)


def _read(values: dict[str, str], focused: str) -> Read:
    plain = [_line(words) for words in (*AROUND, *MORE)]
    filled = [_field(name, value, focused=name == focused) for name, value in values.items()]
    lines = [*plain[: len(AROUND)], *filled, *plain[len(AROUND) :]]
    return Read(ElementList("contacts", "Address book", numbered(lines)), {})


def _field(name: str, value: str, *, focused: bool) -> Line:
    return Line("e1", "field", name, value, ("focused",) if focused else (), mark="changed" if focused else "")


def _line(words: str) -> Line:
    role, _, name = words.partition(" ")
    return replace(Line("e1", "button", name), role=role)
