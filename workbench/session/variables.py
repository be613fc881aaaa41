"""Values that a run is given instead of the recorded ones."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from workbench.actions import Ask, Call, Click, Read, TypeText
from workbench.errors import BadInputError
from workbench.trajectory import Step, Trajectory

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")
_CSV_LIMIT_BYTES = 64 * 1024 * 1024


def bind(
    trajectory: Trajectory, given: Mapping[str, str], *, mend: str = "give one with --var {0}=VALUE"
) -> dict[str, str]:
    """The value of every variable, but of those that a step of its own sets before any uses them.

    Raises `BadInputError` for an unknown name or one without a value; `mend` says how to give one.
    """
    declared = {variable.name: variable.default for variable in trajectory.variables}
    for name in given:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise BadInputError(f"{trajectory.title!r} has no variable {name!r} to give a value to; it has: {known}")
    values = declared | dict(given)
    missing = [name for name, value in values.items() if value is None and name not in _set_before_use(trajectory)]
    if missing:
        raise BadInputError(
            f"the variable {missing[0]!r} of {trajectory.title!r} has no value; {mend.format(missing[0])}"
        )
    return {name: value for name, value in values.items() if value is not None}


def _set_before_use(trajectory: Trajectory) -> set[str | None]:
    made: set[str | None] = set()
    used: set[str] = set()
    for step in trajectory.steps:
        action = step.action
        used |= set(_PLACE.findall(row_of(step)))
        if isinstance(action, Ask | Read):
            made |= {action.variable} - used
        elif isinstance(action, TypeText):
            used |= set(_PLACE.findall(action.text))
        elif isinstance(action, Call):
            used |= {name for argument in action.arguments for name in _PLACE.findall(argument.value)}
    return made


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every declared `{{name}}` replaced; anything else stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def filled(step: Step, values: Mapping[str, str]) -> Step:
    """The step with its typed text, or the name of the row that it chooses, filled in."""
    text = text_of(step)
    whole = fill(text, values)
    return step if whole == text else filled_with(step, whole)


def filled_with(step: Step, text: str) -> Step:
    """The step that types this text, or that chooses the row of this name, whatever it typed or chose before.

    What only the row of the recording looked like is left out with its name.
    """
    if isinstance(step.action, TypeText):
        return replace(step, action=replace(step.action, text=text))
    target = step.target
    if target is None or target.element is None:
        return step
    element = replace(target.element, name=text, label="", value=None)
    outcome = replace(step.outcome, element=None)
    return replace(step, target=replace(target, element=element, crop=None, text=None), outcome=outcome)


def text_of(step: Step) -> str:
    """Where the step may have variables: the text that it types, or the name of the row that it chooses."""
    return step.action.text if isinstance(step.action, TypeText) else row_of(step)


def row_of(step: Step) -> str:
    """The name of what a step clicks; only that of a workflow's row has variables."""
    element = step.target.element if step.target and isinstance(step.action, Click) else None
    return element.name if element else ""


def unset_variable(step: Step, trajectory: Trajectory, values: Mapping[str, str]) -> str | None:
    """The declared variable that the step would use although nothing has given it a value yet."""
    declared = {variable.name for variable in trajectory.variables} - values.keys()
    return next((name for name in _PLACE.findall(text_of(step)) if name in declared), None)


def parse_assignments(pairs: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` arguments as a mapping; raises `BadInputError` for anything else."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not NAME.fullmatch(name):
            raise BadInputError(f"--var {pair!r} is not NAME=VALUE, such as amount=12")
        found[name] = value
    return found


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file in UTF-8, whose first line names the variables; raises `BadInputError`."""
    try:
        if path.stat().st_size > _CSV_LIMIT_BYTES:
            raise BadInputError(f"{path} is larger than 64 MiB; split it")
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(reader.fieldnames or (), path)
            rows = [_checked(row, path, reader.line_num) for row in reader]
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not in UTF-8; save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise BadInputError(f"{path} is no CSV file: {error}; save it as CSV in UTF-8") from error
    if not rows:
        raise BadInputError(f"{path} has no rows; name the variables in its first line and give one row per run")
    return rows


def _check_header(names: Sequence[str], path: Path) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BadInputError(f"{path} has two columns called {twice[0]!r}; give each variable one")


def _checked(row: dict[str | None, str | None], path: Path, line: int) -> dict[str, str]:
    if None in row or None in row.values():
        raise BadInputError(
            f"{path}, line {line}: it has more or fewer values than the first line has names; "
            "put a value that holds a comma in quotes"
        )
    return {str(name): str(value) for name, value in row.items()}
