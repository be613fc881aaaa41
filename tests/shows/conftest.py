"""Fixtures of the shows: the program used the way a person uses it, on real applications and real screens."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
            desktop.launch(command, variables=variables, timeout_s=PATIENCE_S)
        return desktop

    yield start
    for desktop in started:
        desktop.close()


@pytest.fixture(name="perform")
def _perform() -> Callable[..., None]:
    """Lets a scripted person act on a desktop."""
    return perform


Plan = dict[str, Any]


@dataclass
class Mind:
    """A model behind an OpenAI-compatible server that plans what the test says, and finds nothing on its own.

    `says` is given the text of a planning prompt and returns a plan; `prompts` are those that were asked.
    """

    folder: Path
    says: Callable[[str], Plan] = lambda _: {"thought": "", "step": {"action": "fail", "reason": "it was told nothing"}}
    prompts: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to know it as the model "mind"."""
        return {"WORKBENCH_MODELS": str(self.folder)}

    def plans(self, *plans: Plan) -> None:
        """Say these one after the other, then give up."""
        left = list(plans)
        over: Plan = {"thought": "", "step": {"action": "fail", "reason": "the script is over"}}
        self.says = lambda _: left.pop(0) if left else over

    def answer(self, messages: Sequence[Plan]) -> Plan:
        system, user = (_text_of(message) for message in messages[:2])
        if '"thought"' not in system:
            return {"action": "none"}
        self.prompts.append(user)
        return self.says(user)


def _text_of(message: Plan) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _handler(mind: Mind) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send("application/json", json.dumps({"object": "list", "data": [{"id": "m"}]}))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = json.dumps(mind.answer(body["messages"]))
            if not body.get("stream"):
                whole = {"message": {"content": text}, "finish_reason": "stop"}
                self.send("application/json", json.dumps({"choices": [whole]}))
                return
            pieces = [{"delta": {"content": text}, "finish_reason": None}, {"delta": {}, "finish_reason": "stop"}]
            lines = [json.dumps({"choices": [piece]}) for piece in pieces]
            self.send("text/event-stream", "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]))

        def send(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing: the test reads standard error."""

    return Handler


@pytest.fixture
def mind(tmp_path: Path, workbench: Workbench) -> Iterator[Mind]:
    """A model that plans what the test says, known to the program as "mind"."""
    made = Mind(tmp_path / "models")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    added = ("models", "add", "mind", "--server", address, "--remote-name", "m", "--allow-frames")
    done = workbench.run(*added, environment=dict(os.environ) | made.environment)
    assert done.returncode == 0, done.stderr
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
