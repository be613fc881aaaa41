"""The command line, run in this process and in one of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@pytest.fixture
def library_path(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], library_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command line in this process, on a library of the test's own."""
    monkeypatch.setenv("WORKBENCH_LIBRARY", str(library_path))

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


def program(*arguments: str) -> list[str]:
    """The command line as a process."""
    return [sys.executable, "-m", "ui.cli.main", *arguments]


@pytest.fixture
def process(library_path: Path):
    """Run a command line in a process of its own."""

    def run(*arguments: str, **options: object) -> Answer:
        environment = os.environ | {"WORKBENCH_LIBRARY": str(library_path)} | options.pop("env", {})
        done = subprocess.run(
            program(*arguments), capture_output=True, cwd=ROOT, env=environment, check=False, timeout=60, **options
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
