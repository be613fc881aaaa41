"""What a planner wants acted on, in words, and how typing into a field becomes steps that can be replayed."""

from dataclasses import dataclass

from msgspec.structs import replace

from agents.screen.reading import Read
from workbench.actions import Click, PressKeys
from workbench.trajectory import Step, Target


@dataclass(frozen=True)
class Wish:
    """Where a step is meant to go.

    `words` name the control as people do. `ref` is the line of the list `read` that a model chose, empty where it chose
    none; `sureness` is how likely it found that choice, 0 to 1, None where it does not say. With `replaces` what a
    field holds is replaced by what is typed. `exemplar` is the target of a recorded step that this step repeats.
    """

    words: str
    ref: str = ""
    sureness: float | None = None
    replaces: bool = False
    read: Read | None = None
    exemplar: Target | None = None


def typing_steps(
    step: Step, *, field: str, replaces: bool, select_all: tuple[str, ...] = ("ctrl", "a")
) -> tuple[Step, ...]:
    """Typing into a named field as one action each: click the field, select what it holds where it is replaced, type.

    All of the steps have the same wish; their ids are the step's with `-1`, `-2` and so on. `field` is what people call
    it, for the words of the steps before the typing; `select_all` are the system's keys for selecting everything.
    """
    clicked = replace(step, action=Click(), description=f"click {field}")
    selected = replace(step, action=PressKeys(select_all), description=f"select all that {field} holds")
    parts = (clicked, selected, step) if replaces else (clicked, step)
    return tuple(replace(part, id=f"{step.id}-{number}") for number, part in enumerate(parts, 1))
