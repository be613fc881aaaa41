"""A model behind a server on this machine that says what a test wrote down, and keeps what it was asked.

    with serving([step("click", target="7"), step("finish")]) as model:
        ...  # `model.url` is where it listens

An answer is a plan, or text as it is. Two are none: `HANGS` never says a word until the asker goes away, `GONE` breaks
off the connection and does not answer ever again.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANGS = "(it thinks for ever)"
GONE = "(its connection breaks)"
OVER = {"thought": "", "step": {"action": "fail", "reason": "the script is over"}}
PATIENCE_S = 60.0


def step(action: str, /, beside: dict[str, Any] | None = None, **fields: object) -> dict[str, Any]:
    """A plan with this step, and what else stands beside it."""
    return {"thought": f"now {action}", **(beside or {}), "step": {"action": action, **fields}}


@dataclass
class Planned:
    """The model's end of the conversation."""

    url: str
    answers: list[Any]
    prompts: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    thinking: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    gone: bool = False

    def hear(self, body: bytes) -> Any:
        """Keep a question; the answer to it."""
        self.bodies.append(body)
        self.prompts.append("\n".join(_words(message["content"]) for message in json.loads(body)["messages"]))
        return self.answers.pop(0) if self.answers else OVER


def _words(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


class _Handler(BaseHTTPRequestHandler):
    """OpenAI's protocol, as little as is needed."""

    model: Planned

    def do_GET(self) -> None:
        self._reply("application/json", json.dumps({"object": "list", "data": [{"id": "planned"}]}))

    def do_POST(self) -> None:
        answer = self.model.hear(self.rfile.read(int(self.headers["Content-Length"])))
        if answer == HANGS:
            self.model.thinking.set()
            self.model.over.wait(PATIENCE_S)
        self.model.gone = self.model.gone or answer == GONE
        if self.model.gone or answer == HANGS:
            self.close_connection = True
            return
        text = answer if isinstance(answer, str) else json.dumps(answer)
        choices = [{"delta": {"content": text}, "finish_reason": None}, {"delta": {}, "finish_reason": "stop"}]
        told = "".join(f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices)
        self._reply("text/event-stream", f"{told}data: [DONE]\n\n")

    def _reply(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(answers: Sequence[Any]) -> Iterator[Planned]:
    """The model, listening on a free port until the block ends."""

    class Handler(_Handler):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Handler.model = Planned(f"http://127.0.0.1:{server.server_address[1]}/v1", list(answers))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield Handler.model
        finally:
            Handler.model.over.set()
            server.shutdown()
            thread.join()
