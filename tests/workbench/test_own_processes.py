"""How the program starts itself again, installed and frozen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import own_processes
from workbench.own_processes import become_child, give_back_environment, own_process, quick_process

STUB = "workbench.desktop.guard_process"


def answer(command: list[str], cwd: Path) -> str:
    """What the guard process says that serves nobody: it ends at once, for its owner is not its parent."""
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as PyInstaller builds it: `sys.frozen` is all that it tells."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/somewhere/workbench")
    monkeypatch.setattr(sys, "argv", ["workbench"])
    monkeypatch.setattr(os, "environ", dict(os.environ))


@pytest.mark.parametrize("command", [own_process, quick_process])
def test_a_module_of_ours_runs_as_a_program_and_hears_its_words(command, tmp_path):
    assert answer(command(STUB, "1"), tmp_path) == ""
    broken = subprocess.run(command(STUB, "no number"), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "no number" in broken.stderr


@pytest.mark.parametrize("command", [own_process, quick_process])
def test_the_current_folder_lends_our_processes_no_modules(command, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger in this folder was run')")
    assert answer(command(STUB, "1"), tmp_path) == ""


@pytest.mark.parametrize("command", [own_process, quick_process])
def test_a_frozen_program_asks_its_own_file_for_the_module(command, frozen):
    assert command("recorder.child", "a", "b") == ["/opt/somewhere/workbench", "--module", "recorder.child", "a", "b"]


def test_a_frozen_program_becomes_the_module_that_it_is_asked_for(tmp_path):
    code = (
        "import sys; sys.frozen = True; sys.argv = ['workbench', '--module', 'ui.cli.main', 'list', '--help']\n"
        "from workbench.own_processes import become_child; become_child(); print('it went on')"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: workbench-cli list ")
    assert "it went on" not in done.stdout


@pytest.mark.parametrize("words", [["--module", "http.server"], ["--module", "uiautomation"], ["--module"]])
def test_a_frozen_program_runs_no_module_but_its_own(words, frozen, capsys):
    sys.argv[1:] = words
    with pytest.raises(SystemExit) as ended:
        become_child()
    assert ended.value.code == 2
    assert "none of them" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["list"], ["run", "--module"]])
def test_a_frozen_program_that_a_person_starts_goes_on_with_their_words(words, frozen):
    sys.argv[1:] = words
    become_child()
    assert sys.argv[1:] == words


def test_a_frozen_program_lends_itself_to_multiprocessing(tmp_path):
    program = tmp_path / "workbench"
    start = (
        f"import sys; sys.frozen = True; sys.executable = {str(program)!r}; sys.argv[0] = sys.executable\n"
        "from workbench.own_processes import become_child; become_child()\n"
        "from multiprocessing import get_context\n"
        "worker = get_context('spawn').Process(target=print, args=('the worker',), name='it')\n"
        "worker.start(); worker.join(); print('ended with', worker.exitcode)\n"
    )
    (tmp_path / "start.py").write_text(start)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/start.py" "$@"\n')
    program.chmod(0o755)
    done = subprocess.run([program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["the worker", "ended with 0"]


@pytest.mark.parametrize("before", [None, "/opt/elsewhere/lib"])
def test_applications_get_the_library_path_that_the_person_had(before, frozen):
    os.environ["LD_LIBRARY_PATH"] = "/opt/somewhere/_internal"
    if before is not None:
        os.environ["LD_LIBRARY_PATH_ORIG"] = before
    give_back_environment()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1"


def test_no_module_asks_the_interpreter_for_another_by_itself():
    root = Path(own_processes.__file__).parents[1]
    files = [file for floor in own_processes.PACKAGES for file in (root / floor).rglob("*.py")]
    asking = {file.relative_to(root).as_posix() for file in files if "[sys.executable, " in file.read_text("utf-8")}
    # the demo is for a checkout: it is not frozen
    assert asking == {"workbench/own_processes.py", "ui/demo/__main__.py"}
