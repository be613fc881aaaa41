"""A real model, lent by a small OpenAI-compatible server, answers through `ServerModel` as it does on this machine."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest

from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking
from agents.runtime.prompt import Message, Part, Picture, Prompt
from agents.runtime.server.address import ServerEntry
from agents.runtime.server.model import ServerModel

TINY = Path(__file__).parents[2] / "data" / "tiny_vlm"
FORM = Asking(grammar='root ::= "{\\"x\\":" n ",\\"y\\":" n "}"\nn ::= [0-9] | [1-9] [0-9]', max_tokens=32)


def prompt_of(messages: list[dict[str, Any]]) -> Prompt:
    def part(given: dict[str, Any]) -> Part:
        if given["type"] == "text":
            return str(given["text"])
        _, _, data = given["image_url"]["url"].partition(",")
        return Picture(imagecodecs.png_decode(base64.b64decode(data)))

    def parts(content: Any) -> tuple[Part, ...]:
        return (content,) if isinstance(content, str) else tuple(map(part, content))

    return tuple(Message(message["role"], parts(message["content"])) for message in messages)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    load = Load(0, str(TINY / "lm.gguf"), str(TINY / "mmproj.gguf"), threads=1)
    with LocalModel("tiny", load) as model:
        yield model


@pytest.fixture(scope="module")
def address(local: LocalModel) -> Iterator[str]:
    """Where the model is lent as llama-server lends one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {
                "/v1/models": {"data": [{"id": "tiny"}]},
                "/props": {"default_generation_settings": {"n_ctx": local.loaded.context}},
            }
            self.begin("application/json", 200 if self.path in known else 404)
            self.wfile.write(json.dumps(known.get(self.path, {})).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.begin("text/event-stream", 200)
            asking = Asking(grammar=body["grammar"], max_tokens=body["max_tokens"])
            answer = local.ask(prompt_of(body["messages"]), asking, self.tell)
            self.tell("", answer.finish)
            self.wfile.write(b"data: [DONE]\n\n")

        def tell(self, text: str, finish: str | None = None) -> None:
            choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
            self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")

        def begin(self, kind: str, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("colour", ["red", "blue"])
def test_a_model_answers_about_a_picture_through_a_server_as_it_does_here(
    local: LocalModel, address: str, colour: str
) -> None:
    pixels = np.full((128, 192, 3), 235, np.uint8)
    pixels[20:50, 15:70] = (220, 40, 40)
    pixels[80:110, 110:170] = (40, 80, 220)
    prompt = (Message("user", (Picture(pixels), f"click {colour}")),)
    heard: list[str] = []
    remote = ServerModel(ServerEntry("far", address))
    answer = remote.ask(prompt, FORM, heard.append)
    assert remote.constrained
    assert answer.text == "".join(heard) == local.ask(prompt, FORM).text
    point = json.loads(answer.text)
    left, top, right, bottom = (15, 20, 70, 50) if colour == "red" else (110, 80, 170, 110)
    assert left <= point["x"] / 100 * 192 <= right
    assert top <= point["y"] / 100 * 128 <= bottom
