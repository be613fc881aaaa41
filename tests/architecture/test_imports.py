"""Who may import whom, and what importing may do: nothing but define things."""

import json
import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from ui.cli.main import COMMANDS

PACKAGES = ("workbench", "recorder", "agents", "ui")
HEAVY = {
    "PySide6",
    "cv2",
    "llama_cpp",
    "numpy",
    "onnxruntime",
    "rapidocr",
    "imagecodecs",
    "Xlib",
    "mss",
    "pyautogui",
    "pynput",
    "keyring",
    "sqlite_utils",
    "jeepney",
    "PIL",
}
"""What costs time or opens something: loaded by the one who needs it, when it is needed."""

WATCHED_IMPORT = """
import importlib, json, os, sys, threading

wrong = []

def watch(event, arguments):
    if event in ("socket.connect", "subprocess.Popen", "os.mkdir", "os.system", "os.fork", "tempfile.mkdtemp"):
        wrong.append(f"{event} {arguments!r}")
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        path, flags = os.fsdecode(arguments[0]), arguments[2] or 0
        if path.startswith(os.environ["HOME"]) or (flags & (os.O_WRONLY | os.O_RDWR) and path != os.devnull):
            wrong.append(f"open {path}")

found = {}
sys.addaudithook(watch)
for name in json.load(sys.stdin):
    for old in [m for m in sys.modules if m.partition(".")[0] in ("workbench", "recorder", "agents", "ui")]:
        del sys.modules[old]
    wrong.clear()
    try:
        importlib.import_module(name)
    except Exception as error:
        wrong.append(f"{type(error).__name__}: {error}")
    if threading.active_count() > 1:
        wrong.append("a thread runs")
    if wrong:
        found[name] = list(wrong)
print(json.dumps(found))
"""


def _headless(root: Path) -> dict[str, str]:
    """An environment without display, bus or a home that could be written to."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"HOME": "/nonexistent/home", "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}


def _python(script: str, *, root: Path, given: object = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env=_headless(root),
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_floors_know_only_what_is_below_them(root):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_importing_any_module_first_works_headless_and_opens_nothing(root, sources):
    names = [source.name for source in sources if not source.name.startswith("ui.qt")]
    assert json.loads(_python(WATCHED_IMPORT, root=root, given=names).splitlines()[-1]) == {}


def test_the_command_line_starts_without_anything_heavy(root):
    loaded = set(_python("import ui.cli.main, sys; print(*sys.modules)", root=root).split())
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_loads_nothing_heavy(name, root):
    script = f"import sys; from ui.cli.main import command_parser; command_parser({name!r}); print(*sys.modules)"
    loaded = set(_python(script, root=root).split())
    assert {module.partition(".")[0] for module in loaded} & HEAVY == set()


def test_the_help_of_one_command_loads_no_other_command(root):
    loaded = _python(
        "import sys; from ui.cli.main import main; main(['list', '--help']); print(*sys.modules)", root=root
    )
    ours = [name for name in loaded.split() if name.startswith("ui.cli.commands.")]
    assert ours == ["ui.cli.commands.list"]


def test_no_dependency_owns_a_package_of_ours():
    owners = packages_distributions()
    assert {name: set(owners.get(name, [])) for name in PACKAGES} == {
        name: {"gui-agent-workbench"} for name in PACKAGES
    }


def test_packaging_is_no_package(root):
    assert not (root / "packaging/__init__.py").exists()
