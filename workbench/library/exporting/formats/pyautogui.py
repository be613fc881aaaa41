"""A script for pyautogui that a person can read, change and start; above every step stands what it does.

Values of variables stand together at the top, secrets are asked for when it starts and never written. Places are the
pixels of the recording: unlike the workbench it does not look where things are now. What it cannot do is a comment and
a remark. The format cannot hold:

* pictures, windows, elements, crops, texts and every other witness; the targets of typing and keys
* times, dates, platform, revisions, what changed, what was verified, what was masked
* descriptions and thoughts but as comments; notes, checks, readings and workflows, and how it ended
* descriptions of variables; control characters in title and task, and more than one line of them
* the path of a drag but for its duration
* steps that pyautogui cannot do (see `workbench.library.pyautogui_code.writing`)
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.actions import Ask, Finish, Note, TypeText
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark
from workbench.library.pyautogui_code.writing import Code, Dialect, code_of, literal, pixels, sleep
from workbench.report.words import caption, sentence, tidy
from workbench.trajectory import Step, Trajectory

TITLE = "pyautogui"
SUFFIX = ".py"
SEVERAL = False
USES_RUNS = False

PAUSE_S = 0.5
"""How long pyautogui rests after each call, for windows to follow."""

_LONGEST = 200


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the script."""
    (trajectory,) = material.trajectories
    codes = [_code(step, trajectory) for step in trajectory.steps]
    remarks = [Remark(number, what) for number, code in enumerate(codes, 1) for what in code.lost]
    lines = [*_head(trajectory, codes), *_steps(trajectory.steps, codes)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    for _ in trajectory.steps:
        material.told()
    return tuple(remarks)


def _head(trajectory: Trajectory, codes: Sequence[Code]) -> Iterator[str]:
    yield f'"""{_quiet(trajectory.title) or "A recording"}'
    yield ""
    if trajectory.task:
        yield f"Task: {_quiet(trajectory.task)}"
    for command in trajectory.commands:
        yield f"Start first: {_quiet(command)}"
    undone = sum(not code.lines for code in codes)
    if undone:
        yield f"It leaves out what pyautogui cannot do, {undone} of {len(codes)} steps; they say so."
    yield "It moves the real pointer to where things were when this was recorded. Push the pointer into a corner of the"
    yield "screen to stop it."
    yield '"""'
    yield ""
    secrets = dict.fromkeys(secret for secret in map(_secret, trajectory.steps) if secret is not None)
    yield from [*(["import getpass"] if secrets else []), "import time", "", "import pyautogui", ""]
    yield from [f"pyautogui.PAUSE = {PAUSE_S}", ""]
    yield from _table("VALUES", [(v.name, _value(v.name, v.default)) for v in trajectory.variables])
    asked = [(name, f"getpass.getpass({f'{name}: '!r})") for name in secrets]
    yield from _table("SECRETS", asked)


def _table(name: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield f"{name} = {{"
        yield from (f"    {key!r}: {value}," for key, value in rows)
        yield from ["}", ""]


def _value(name: str, default: str | None) -> str:
    return f"input({f'{name}: '!r})" if default is None else literal(default)


def _steps(steps: Sequence[Step], codes: Sequence[Code]) -> Iterator[str]:
    for number, (step, code) in enumerate(zip(steps, codes, strict=True), 1):
        yield f"# {number}. {sentence(tidy(caption(step), _LONGEST))}"
        yield from (f"#    {sentence(what)}" for what in code.lost)
        yield from [*code.lines, ""]


def _code(step: Step, trajectory: Trajectory) -> Code:
    match step.action:
        case Ask(question=question, variable=None):
            return Code((f"pyautogui.prompt({literal(question)})",))
        case Ask(question=question, variable=str(name)):
            return Code((f"VALUES[{name!r}] = pyautogui.prompt({literal(question)})",))
        case Finish() | Note():
            return Code(lost=("nothing is to be done for it",))
    names = [variable.name for variable in trajectory.variables]
    return code_of(step, Dialect(pixels, lambda action: _text(action, names), sleep))


def _text(action: TypeText, names: Sequence[str]) -> str:
    if action.secret is not None:
        return f"SECRETS[{action.secret!r}]"
    if not names:
        return literal(action.text)
    parts = re.split("(" + "|".join(re.escape(f"{{{{{name}}}}}") for name in names) + ")", action.text)
    known = {f"{{{{{name}}}}}": f"VALUES[{name!r}]" for name in names}
    return " + ".join(known.get(part) or literal(part) for part in parts if part) or "''"


def _secret(step: Step) -> str | None:
    return step.action.secret if isinstance(step.action, TypeText) else None


def _quiet(text: str) -> str:
    """One line that ends no docstring and escapes nothing."""
    return tidy(text, _LONGEST * 5).replace("\\", "\\\\").replace('"', '\\"')
