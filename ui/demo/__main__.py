"""`python -m ui.demo`: records a scripted person, replays that, has a model carry out a task, and reports.

Everything happens on private desktops and in a new folder below `reports`, so neither the screen nor the library of
the person who tries it is touched. It drives the program through its command line only.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ui.cli.console import Console
from ui.cli.main import main as workbench_cli
from workbench.desktop.private import PrivateDesktop
from workbench.errors import WorkbenchError

APPLICATION = "galculator"
TITLE = "Add two numbers"
TASK = "Add 12 and 30 with the calculator, then multiply the sum by 2"
SIZE = (1280, 800)
PATIENCE_S = 60.0

TOLD = 'type "Hello from a small model", then open the Edit menu, then click Select All'
EDITOR = "mousepad"
"""What the built-in model is told to do, and where."""


def main(console: Console) -> int:
    """Record, show, replay, have a model act, report; the exit code is the first that is not 0."""
    folder = Path("reports") / time.strftime("demo-%Y%m%d-%H%M%S")
    library = ["--library", str(folder / "library")]
    console.say(f"1. recording {APPLICATION} on a private desktop: {TASK}")
    trajectory = _record(library)
    console.say("2. what was recorded")
    if code := workbench_cli([*library, "show", trajectory]):
        return code
    console.say("3. replaying it from a fresh start on another private desktop")
    if code := workbench_cli([*library, "replay", trajectory, *_where(APPLICATION, folder / "report")]):
        return code
    console.say(f"4. the built-in model carries out a task that it is only told, in {EDITOR}: {TOLD}")
    thinking = ["--model", "built-in", "--exemplars", "none", "--approve", "auto"]
    code = workbench_cli([*library, "run", TOLD, *thinking, *_where(EDITOR, folder / "report-of-the-model")])
    pages = [str((folder / name / "index.html").resolve()) for name in ("report", "report-of-the-model")]
    console.say(f"5. the reports are {' and '.join(pages)}; the library is {folder / 'library'}")
    return code


def _where(application: str, report: Path) -> list[str]:
    """A private desktop with the application, and a report."""
    return ["--private-desktop", f"{SIZE[0]}x{SIZE[1]}", "--app", application, "--report", str(report)]


def _record(library: Sequence[str]) -> str:
    """Record the scripted person and return the trajectory's id."""
    with PrivateDesktop.start(SIZE) as desktop:
        desktop.launch(APPLICATION)
        words = ["record", "--title", TITLE, "--task", TASK, "--json", *library]
        recorder = subprocess.Popen(
            [sys.executable, "-m", "ui.cli.main", *words],
            env=desktop.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            _wait_until_it_listens(recorder)
            subprocess.run([sys.executable, "-m", "ui.demo.person"], env=desktop.environment(), check=True)
        except subprocess.CalledProcessError as error:
            raise WorkbenchError("the scripted person could not use the application; see the lines above") from error
        finally:
            answer, talk = _end(recorder)
    if recorder.returncode:
        raise WorkbenchError(f"recording failed: {talk.strip() or 'it said nothing'}")
    return str(json.loads(answer)["trajectory"])


def _end(recorder: "subprocess.Popen[str]") -> tuple[str, str]:
    """Press Ctrl-C, as a person would, and return what the recorder wrote to its two streams."""
    recorder.send_signal(signal.SIGINT)
    try:
        return recorder.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired as error:
        recorder.kill()
        recorder.communicate()
        raise WorkbenchError(f"the recorder did not end within {PATIENCE_S:g} s; run it with --debug to see") from error


def _wait_until_it_listens(recorder: "subprocess.Popen[str]") -> None:
    """Read what the recorder says until it truly records; raises `WorkbenchError` with its words when it ends."""
    said = ""
    for line in recorder.stderr or ():
        if line.startswith("recording "):
            return
        said = line.strip()
    raise WorkbenchError(f"the recording did not begin: {said or 'it said nothing'}")


def _guarded(console: Console) -> int:
    try:
        return main(console)
    except WorkbenchError as error:
        console.complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        return 3


if __name__ == "__main__":
    sys.exit(_guarded(Console()))
