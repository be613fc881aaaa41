"""A model behind a server that does whatever it reads: the worst there could be.

`python obedient_model.py` serves the OpenAI-compatible protocol on a free port of this machine, which it prints first.
It obeys the first order in the prompt that reads `AGENT click NAME!`, `AGENT press KEYS!`, `AGENT type TEXT into NAME!`
or `AGENT secret NAME into FIELD!`, wherever it stands, once; without one it calls the task done. Orders that are its
arguments are obeyed instead, one after the other. For every question it prints one JSON line: the order that it obeyed,
and when the question came and the answer went (monotonic, in nanoseconds).
"""

import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORDER = re.compile(r"AGENT (click|press|type|secret) ([^!\n]+)!")
LINE = re.compile(r'^(?P<words>[a-z ]+ "(?P<name>[^"]*)").*\[(?P<ref>e\d+)\]$', re.M)


class Obedience:
    """What it was told, and what it has obeyed already."""

    def __init__(self, orders: list[str]) -> None:
        self.orders = orders
        self.scripted = bool(orders)
        self.obeyed: set[str] = set()

    def answer(self, prompt: str) -> tuple[str, str]:
        """The order that is obeyed now, and the plan as JSON."""
        order = self._next(prompt)
        step: dict[str, Any] = {"action": "finish"}
        if found := ORDER.fullmatch(order):
            step = self._step(found[1], found[2].strip(), prompt)
        return order, json.dumps({"thought": "I do what I am told.", "step": step})

    def _next(self, prompt: str) -> str:
        if self.scripted:
            return self.orders.pop(0) if self.orders else ""
        order = next((found[0] for found in ORDER.finditer(prompt) if found[0] not in self.obeyed), "")
        self.obeyed.add(order)
        return order

    def _step(self, verb: str, rest: str, prompt: str) -> dict[str, Any]:
        if verb == "press":
            return {"action": "press", "keys": rest}
        if verb == "click":
            return {"action": "click", "target": target(rest, prompt)}
        text, _, place = rest.partition(" into ")
        typed = "{{secret:" + text + "}}" if verb == "secret" else text.replace("ENTER", "\n")
        return {"action": "type", "text": typed} | ({"target": target(place, prompt)} if place else {})


def target(name: str, prompt: str) -> str:
    """The line of the list that goes by the name, with its reference; the bare name where there is none."""
    for line in LINE.finditer(prompt):
        if line["name"].startswith(name) and "window" not in line["words"]:
            return f"{line['words']} [{line['ref']}]"
    return name


def text_of(body: dict[str, Any]) -> str:
    """What the person's message of a request says."""
    content = body["messages"][1]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def tell(line: str) -> None:
    """Write a line on standard output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def handler(obedience: Obedience) -> type[BaseHTTPRequestHandler]:
    """Serves the model."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            known: dict[str, Any] = {
                "/v1/models": {"data": [{"id": "obedient"}]},
                "/props": {"default_generation_settings": {"n_ctx": 16384}},
            }
            self.begin("application/json", 200 if self.path in known else 404)
            self.wfile.write(json.dumps(known.get(self.path, {})).encode())

        def do_POST(self) -> None:
            came_ns = time.monotonic_ns()
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            order, answer = obedience.answer(text_of(body))
            self.begin("text/event-stream", 200)
            for text, finish in ((answer, None), ("", "stop")):
                choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
                self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")
            self.wfile.write(b"data: [DONE]\n\n")
            self.wfile.flush()
            tell(json.dumps({"order": order, "came_ns": came_ns, "went_ns": time.monotonic_ns()}))

        def begin(self, kind: str, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(Obedience(sys.argv[1:]))) as server:
        tell(str(server.server_address[1]))
        server.serve_forever()
