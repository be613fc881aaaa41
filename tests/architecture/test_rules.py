"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

THREADS_IN = ("workbench/desktop/", "recorder/", "agents/runtime/", "ui/qt/tasks")
STARTS_THREADS = {"Thread", "Timer", "ThreadPoolExecutor", "ThreadPool", "QThread", "QThreadPool", "start_new_thread"}
EXECUTES_TEXT = {"eval", "exec", "compile", "__import__"}
OPEN_ENDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ABOVE = Path(__file__).resolve().parents[3]
NO_HOME = r"/root/|/home/(?!person\b)\w|/Users/\w|\.pyenv"
MACHINE = re.compile(NO_HOME if ABOVE in (Path("/"), Path("/tmp")) else f"{NO_HOME}|{re.escape(str(ABOVE))}/")
IGNORED = re.compile(r"# (noqa|type: ignore)")
REASONED = re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* +[-–#] *\w|# type: ignore\[[a-z, -]+\] +[-–#] *\w")
SHAPELESS = {"utils", "util", "misc", "helpers", "helper", "manager", "managers", "common", "tools"}


def _calls(source):
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, isinstance(function, ast.Name), f"{source.path}:{node.lineno}"


def _places(sources, pattern):
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), 1):
            if pattern.search(line):
                yield f"{source.path}:{number}: {line.strip()}"


def test_threads_start_only_where_the_design_allows_it(sources):
    found = [
        where
        for source in sources
        if not source.path.startswith(THREADS_IN)
        for name, _, where in _calls(source)
        if name in STARTS_THREADS
    ]
    assert found == []


def test_only_the_command_line_prints(sources):
    found = [
        where
        for source in sources
        if not source.path.startswith("ui/cli/")
        for name, plain, where in _calls(source)
        if plain and name == "print"
    ]
    assert found == []


def test_no_text_is_ever_executed_as_code(sources):
    found = [where for source in sources for name, plain, where in _calls(source) if plain and name in EXECUTES_TEXT]
    assert found == []


def test_nothing_is_left_to_do_in_the_code(sources):
    assert list(_places(sources, OPEN_ENDS)) == []


def test_every_ignored_warning_has_its_code_and_its_reason(sources):
    assert [place for place in _places(sources, IGNORED) if not REASONED.search(place)] == []


def test_no_module_is_called_what_says_nothing(sources):
    assert [source.path for source in sources if source.name.rpartition(".")[2] in SHAPELESS] == []


def test_every_module_says_what_it_is(sources):
    assert [source.path for source in sources if not ast.get_docstring(source.tree)] == []


def test_no_file_knows_the_machine_it_was_written_on(root):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is no git checkout, so nobody knows which files belong to it")
    found = []
    for name in listed.stdout.splitlines():
        path = root / name
        if (
            path.is_file()
            and path.suffix in {".py", ".md", ".toml", ".yaml", ".txt", ".json", ""}
            and path != root / __file__
        ):
            found += [
                f"{name}: {m.group()}" for m in MACHINE.finditer(path.read_text(encoding="utf-8", errors="replace"))
            ]
    assert found == []
