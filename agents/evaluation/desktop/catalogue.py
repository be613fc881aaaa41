"""All tasks of the suite by name."""

from agents.evaluation.desktop import calculator, crossing, editor, pages
from agents.evaluation.desktop.composing import LISTED, composite
from agents.evaluation.desktop.problems import Task
from workbench.errors import BadInputError

SINGLE = (*editor.TASKS, *calculator.TASKS, *pages.TASKS, *crossing.TASKS)
_BY_NAME = {task.name: task for task in SINGLE}


def names() -> tuple[str, ...]:
    """The tasks, the short ones first, then the composites."""
    return (*(task.name for task in sorted(SINGLE, key=lambda task: task.length)), *LISTED)


def task_named(name: str) -> Task:
    """The task of that name; raises `BadInputError` where there is none."""
    found = _BY_NAME.get(name) or composite(name)
    if found is None:
        raise BadInputError(f"there is no desktop task {name!r}; tasks are {', '.join(names())}")
    return found
