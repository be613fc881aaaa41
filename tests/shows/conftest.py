"""Fixtures of the shows: the program used the way a person uses it, on real applications and real screens."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.private import PrivateDesktop

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0


@dataclass
class Workbench:
    """`workbench-cli` in processes of its own, with one library."""

    library: Path
    _running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, *words: str, environment: dict[str, str] | None = None) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli.main", *words, "--library", str(self.library)],
            env=environment or dict(os.environ),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._running.append(process)
        return process

    def run(self, *words: str, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        process = self.start(*words, environment=environment)
        out, talk = process.communicate(timeout=PATIENCE_S)
        return subprocess.CompletedProcess(words, process.returncode, out, talk)

    def json(self, *words: str, environment: dict[str, str] | None = None, code: int = 0) -> Any:
        done = self.run(*words, "--json", environment=environment)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def record(
        self, desktop: PrivateDesktop, acts: Sequence[Sequence[Any]], *options: str, pause_s: float = 0.12
    ) -> Any:
        """Record a scripted person on a desktop and return what `record --json` says."""
        recorder = self.start("record", "--json", *options, environment=desktop.environment())
        wait_until_it_listens(recorder)
        perform(desktop, acts, pause_s=pause_s)
        recorder.send_signal(signal.SIGINT)
        out, talk = recorder.communicate(timeout=PATIENCE_S)
        assert recorder.returncode == 0, talk
        return json.loads(out)

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe:
                    pipe.close()


def wait_until_it_listens(recorder: "subprocess.Popen[str]") -> str:
    """The id of the recording, once it truly listens."""
    assert recorder.stderr
    said: list[str] = []
    for line in recorder.stderr:
        if line.startswith("recording "):
            return line.split()[1]
        said.append(line)
    raise AssertionError(f"the recorder ended before it listened: {''.join(said)}")


def perform(desktop: PrivateDesktop, acts: Sequence[Sequence[Any]], *, pause_s: float = 0.12) -> None:
    """Let a scripted person act on a desktop, from a process of its own."""
    subprocess.run(
        [sys.executable, str(ROOT / "tests" / "apps" / "person.py"), str(pause_s)],
        input=json.dumps(acts),
        env=desktop.environment() | {"PYTHONPATH": str(ROOT)},
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """The command line with a library of the test's own."""
    made = Workbench(tmp_path / "library")
    yield made
    made.close()


@pytest.fixture
def desk() -> Iterator[Callable[..., PrivateDesktop]]:
    """Starts private desktops with applications on them; all end with the test."""
    started: list[PrivateDesktop] = []

    def start(*commands: str, size: tuple[int, int] = (1280, 800), **variables: str) -> PrivateDesktop:
        desktop = PrivateDesktop.start(size)
        started.append(desktop)
        for command in commands:
            desktop.launch(command, variables=variables)
        return desktop

    yield start
    for desktop in started:
        desktop.close()


@pytest.fixture(name="perform")
def _perform() -> Callable[..., None]:
    """Lets a scripted person act on a desktop."""
    return perform
