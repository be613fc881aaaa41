"""Models behind a server: a real HTTP server in a thread answers well, badly, slowly or not at all."""

import base64
import json
import logging
import re
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from agents.runtime.ports import Asking, ModelError
from agents.runtime.prompt import Message, Picture
from agents.runtime.server import calls, dialect, exchange, faults, sse
from agents.runtime.server.address import ServerEntry, parse
from agents.runtime.server.exchange import Head
from agents.runtime.server.model import ServerModel
from workbench.errors import BadInputError, StoppedError, WorkbenchError

KEY = "sk-very-secret-0123456789"
CHAT = "/v1/chat/completions"
QUESTION = (Message("system", ("Be short.",)), Message("user", ("What is this?",)))
FORMED = Asking(grammar='root ::= "yes" | "no"', schema='{"enum": ["yes", "no"]}')
Route = Callable[[BaseHTTPRequestHandler], None]


class Served:
    """A server on a free port of this machine: `routes` say what it does, `seen` and `bodies` what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {"/v1/models": say(listed("tiny")), CHAT: stream("Yes", ", it is.")}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[Any] = []
        self._noting = threading.Lock()
        self.gone = threading.Event()
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                served.take(self)

            do_POST = do_GET  # noqa: N815 - the standard library finds it by this name

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                served.gone.set()

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._noting:
            self.seen.append((handler.command, handler.path, dict(handler.headers.items())))
            self.bodies.append(json.loads(body) if body else None)
        self.routes.get(handler.path, say({"error": "no such page"}, 404))(handler)

    def asked(self, path: str = CHAT) -> list[Any]:
        """The bodies of all requests for the path."""
        with self._noting:
            return [body for (_, seen, _), body in zip(self.seen, self.bodies, strict=True) if seen == path]

    def __enter__(self) -> "Served":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def listed(*names: str, **more: object) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, **more} for name in names]}


def say(body: object, status: int = 200, **headers: str) -> Route:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        given = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def in_turn(*routes: Route) -> Route:
    waiting = list(routes)
    return lambda handler: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)


def chunk(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()


def event(**document: object) -> bytes:
    return b"data: " + json.dumps(document).encode() + b"\n\n"


def piece(text: str | None, finish: str | None = None) -> bytes:
    return event(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": finish}])


DONE = b"data: [DONE]\n\n"
USAGE = event(choices=[], usage={"prompt_tokens": 9, "completion_tokens": 4}, timings={"prompt_ms": 3.5, "cache_n": 2})


def stream_bytes(*parts: bytes, end: bool = True, wait: threading.Event | None = None) -> Route:
    """Stream the parts as chunks; without an end the connection just closes, perhaps after a wait."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in parts:
            chunk(handler, part)
        if wait is not None:
            wait.wait(20)
        if end:
            handler.wfile.write(b"0\r\n\r\n")

    return answer


def stream(*texts: str, finish: str = "stop") -> Route:
    return stream_bytes(*map(piece, texts), piece(None, finish), USAGE, DONE)


def until_gone(served: Served) -> Route:
    """Say nothing until the other side closes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(20)
        if handler.connection.recv(1) == b"":
            served.gone.set()

    return answer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BACK_OFF_S", 0.01)
    monkeypatch.setattr(calls, "LOADING_S", 0.01)


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as server:
        yield server


@pytest.fixture
def model(served: Served) -> ServerModel:
    return to(served)


def to(served: Served, **more: Any) -> ServerModel:
    entry = ServerEntry("mine", f"http://127.0.0.1:{served.port}/v1", key="server-key", **more)
    return ServerModel(entry, secret=lambda _name: KEY)


def picture(width: int = 40, height: int = 30) -> Picture:
    return Picture(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8))


def test_an_answer_is_heard_piece_by_piece_and_comes_whole_with_its_cost(model: ServerModel) -> None:
    heard: list[str] = []
    answer = model.ask(QUESTION, heard=heard.append)
    assert "".join(heard) == answer.text == "Yes, it is."
    assert len(heard) == 2
    assert answer.finish == "stop"
    cost = answer.timings
    assert (cost.prompt_tokens, cost.answer_tokens, cost.reused_tokens, cost.prompt_ms) == (9, 4, 2, 3.5)


def test_what_was_asked_for_reaches_the_server(served: Served, model: ServerModel) -> None:
    model.ask(QUESTION, Asking(max_tokens=7, temperature=0.5, seed=3, stop=("\n",)))
    (body,) = served.asked()
    assert body["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "What is this?"},
    ]
    wanted = {"model": "tiny", "max_tokens": 7, "temperature": 0.5, "seed": 3, "stop": ["\n"], "stream": True}
    assert wanted.items() <= body.items()


def test_a_picture_reaches_the_server_pixel_by_pixel_and_in_its_place(served: Served, model: ServerModel) -> None:
    shown = picture()
    model.ask((Message("user", ("before", shown, "after")),))
    before, image, after = served.asked()[0]["messages"][0]["content"]
    assert (before["text"], after["text"]) == ("before", "after")
    prefix, _, data = image["image_url"]["url"].partition(",")
    assert prefix == "data:image/png;base64"
    assert np.array_equal(imagecodecs.png_decode(base64.b64decode(data)), shown.pixels)


def test_something_that_is_no_picture_is_refused_before_anything_is_asked(served: Served, model: ServerModel) -> None:
    with pytest.raises(BadInputError, match="height x width x 3"):
        model.ask((Message("user", (Picture(np.zeros((0, 4, 3), np.uint8)),)),))
    assert served.asked() == []


@given(st.text(), st.sampled_from(["<|im_end|>", "<__media__>", "[INST]", "</s>", "<start_of_turn>", "<|image|>"]))
def test_no_text_can_carry_a_control_token(text: str, token: str) -> None:
    made = dialect.harmless(text + token + text)
    assert token not in made
    assert made.replace(" ", "") == (text + token + text).replace(" ", "")


_WORDS = st.from_regex(r"</?[|｜]?[\w▁-]+[|｜]?>", fullmatch=True)


@pytest.mark.parametrize(
    "token",
    [
        *(
            "<end_of_utterance>",
            "<IMG_CONTEXT>",
            "<global-img>",
            "<row_1_col_1>",
            "<slice>",
            "</slice>",
            "<box>",
            "<ref>",
        ),
        *("<start_of_turn>", "<image_soft_token>", "<|box_start|>", "<｜tool▁calls▁begin｜>", "<fim▁begin>"),
    ],
)
def test_the_control_tokens_of_the_families_are_broken_up(token: str) -> None:
    assert dialect.harmless(token) == f"< {token[1:]}"


@given(st.lists(_WORDS | st.text(), max_size=6).map("".join))
def test_whatever_has_the_shape_of_a_control_token_is_broken_up_and_nothing_else_is_changed(text: str) -> None:
    made = dialect.harmless(text)
    assert re.search(r"<[/|｜]{0,2}[\w▁-]+[|｜]?>", made) is None
    assert made.replace(" ", "") == text.replace(" ", "")
    assert dialect.harmless(made) == made


@pytest.mark.parametrize(
    "text", ["a < b and c > d", "x <- y -> z", "1<2, 3>2", "<!-- -->", "[1] <https://example.org>"]
)
def test_texts_without_such_shapes_stay_as_they_are(text: str) -> None:
    assert dialect.harmless(text) == text


def test_half_a_character_does_not_stop_a_question(served: Served, model: ServerModel) -> None:
    model.ask((Message("user", ("a\ud800b",)),))
    assert served.asked()[0]["messages"][0]["content"] == "a?b"


PROPS = {"default_generation_settings": {"n_ctx": 4096}, "modalities": {"vision": False}}


def test_llama_server_is_given_the_grammar_as_it_is(served: Served, model: ServerModel) -> None:
    served.routes["/props"] = say(PROPS)
    model.ask(QUESTION, FORMED)
    assert served.asked()[0]["grammar"] == FORMED.grammar
    assert model.constrained
    assert (model.loaded.architecture, model.loaded.context, model.loaded.sees) == ("llama.cpp", 4096, False)


@pytest.mark.parametrize(
    ("version", "field", "value"),
    [
        ("0.10.2", "guided_grammar", FORMED.grammar),
        ("0.14.0", "structured_outputs", {"grammar": FORMED.grammar}),
        ("dev", "structured_outputs", {"grammar": FORMED.grammar}),
    ],
)
def test_vllm_is_given_the_grammar_in_the_field_of_its_version(
    served: Served, model: ServerModel, version: str, field: str, value: object
) -> None:
    served.routes |= {
        "/v1/models": say(listed("tiny", owned_by="vllm", max_model_len=2048)),
        "/version": say({"version": version}),
    }
    model.ask(QUESTION, FORMED)
    assert served.asked()[0][field] == value
    assert (model.loaded.architecture, model.loaded.context) == ("vLLM", 2048)


def test_any_other_server_is_given_the_schema(served: Served, model: ServerModel) -> None:
    model.ask(QUESTION, FORMED)
    assert served.asked()[0]["response_format"]["json_schema"]["schema"] == json.loads(FORMED.schema)
    assert model.constrained
    assert (model.name, model.loaded.embeds, to(served, embeds=True).loaded.embeds) == ("mine", False, True)


def test_a_server_that_knows_no_schema_is_asked_without_and_that_is_said(served: Served, model: ServerModel) -> None:
    refusal = say({"error": {"message": "response_format is not supported"}}, 400)
    served.routes[CHAT] = lambda handler: (
        refusal if "response_format" in (served.bodies[-1] or {}) else stream("yes")
    )(handler)
    for expected in (2, 3):
        answer = model.ask(QUESTION, FORMED)
        assert (answer.text, answer.constrained) == ("yes", False)
        assert not model.constrained
        assert len(served.asked()) == expected
    model.ask(QUESTION)
    assert model.constrained


def test_a_grammar_that_llama_server_cannot_parse_is_bad_input(served: Served, model: ServerModel) -> None:
    served.routes |= {"/props": say(PROPS), CHAT: say({"error": {"message": "failed to parse grammar"}}, 400)}
    with pytest.raises(BadInputError, match="failed to parse grammar"):
        model.ask(QUESTION, FORMED)
    assert len(served.asked()) == 1


def test_a_schema_that_is_no_json_is_bad_input(model: ServerModel) -> None:
    with pytest.raises(BadInputError, match="no JSON"):
        model.ask(QUESTION, Asking(grammar="root ::= .", schema="{"))


def test_a_picture_for_a_model_that_sees_nothing_is_not_sent(served: Served, model: ServerModel) -> None:
    served.routes["/props"] = say(PROPS)
    with pytest.raises(BadInputError, match="takes no pictures"):
        model.ask((Message("user", (picture(),)),))
    assert served.asked() == []


FAULTS: list[tuple[str, Route, type[WorkbenchError], str]] = [
    ("wrong key", say({"error": {"message": f"bad key {KEY}"}}, 401), BadInputError, "does not accept the key"),
    ("forbidden", say(b"", 403), BadInputError, "does not accept the key"),
    ("no such path", say(b"<html>", 404, Content_Type="text/html"), BadInputError, "has no /v1/chat/completions"),
    (
        "no such model",
        say({"error": {"message": "The model `x` does not exist"}}, 404),
        BadInputError,
        "no such model",
    ),
    ("always too much", say({}, 429), ModelError, "asked too much"),
    ("long break", say({}, 429, Retry_After="99999"), ModelError, "ask again in 99999 s"),
    ("broken", say({"error": {"message": "slot failed"}}, 500), ModelError, "slot failed"),
    ("bad gateway", say(b"<html>oh</html>", 502), ModelError, r"failed \(502\)"),
    ("overloaded", say({"error": "busy"}, 503), ModelError, "busy"),
    (
        "too long",
        say({"error": {"type": "exceed_context_size_error", "message": "request (9 tokens) exceeds"}}, 400),
        BadInputError,
        "longer than",
    ),
    ("no eyes", say({"error": {"message": "image input is not supported"}}, 500), BadInputError, "that sees"),
    ("web page", say(b"<!doctype html><html>", Content_Type="text/html"), ModelError, "web page"),
    ("no JSON", say(b"\xff\xfe{"), ModelError, "no JSON"),
    ("other JSON", say({"choices": 5}), ModelError, "no JSON of a model server"),
    ("compressed", say(b"\x1f\x8b", Content_Encoding="gzip"), ModelError, "compresses"),
    ("empty", stream(), ModelError, "empty answer: it said nothing"),
    ("silent", stream(finish="length"), ModelError, "ran out of tokens"),
    ("cut", stream_bytes(piece("Ye"), end=False), ModelError, "cut off"),
    ("unfinished", stream_bytes(piece("Ye")), ModelError, "cut off after 2 characters"),
    ("cut event", stream_bytes(piece("Ye"), b'data: {"choi'), ModelError, "no JSON"),
    ("broken event", stream_bytes(b"data: {]\n\n"), ModelError, "no JSON"),
    ("error event", stream_bytes(piece("Y"), event(error={"message": "out of memory"})), ModelError, "out of memory"),
    ("closes at once", lambda _handler: None, ModelError, "broke"),
    ("short", say(b"{}", Content_Length="99"), ModelError, "cut off"),
    (
        "elsewhere",
        say(b"", 307, Location="https://evil.example/v1"),
        BadInputError,
        "redirects to https://evil.example",
    ),
    ("in circles", say(b"", 307, Location=CHAT), BadInputError, "redirects to"),
]


@pytest.mark.parametrize(("route", "kind", "text"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_one_clear_line_and_the_next_question_is_answered(
    served: Served, model: ServerModel, route: Route, kind: type[WorkbenchError], text: str
) -> None:
    served.routes[CHAT] = route
    with pytest.raises(kind, match=text) as raised:
        model.ask(QUESTION)
    line = str(raised.value)
    assert f"127.0.0.1:{served.port}" in line
    assert "\n" not in line
    assert KEY not in "".join(traceback.format_exception(raised.value))
    assert len(served.asked()) <= 4
    served.routes[CHAT] = stream("fine")
    assert model.ask(QUESTION).text == "fine"


@pytest.mark.parametrize(
    "wait", ["0", format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True)], ids=["seconds", "date"]
)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_asked_again(served: Served, model: ServerModel, status: int, wait: str) -> None:
    served.routes[CHAT] = in_turn(say({}, status, Retry_After=wait), say({}, status), stream("yes"))
    assert model.ask(QUESTION).text == "yes"
    assert len(served.asked()) == 3


def test_a_lasting_fault_is_asked_about_three_times_only(served: Served, model: ServerModel) -> None:
    served.routes[CHAT] = say({}, 500)
    with pytest.raises(ModelError):
        model.ask(QUESTION)
    assert len(served.asked()) == calls.TRIES


def test_what_was_said_about_the_prompt_is_not_asked_again(served: Served, model: ServerModel) -> None:
    served.routes[CHAT] = say({"error": {"message": "input is too large to process, context size 512"}}, 500)
    with pytest.raises(BadInputError):
        model.ask(QUESTION)
    assert len(served.asked()) == 1


def test_a_server_that_loads_its_model_is_waited_for(
    served: Served, model: ServerModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = say({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503)
    served.routes[CHAT] = in_turn(*[loading] * 6, stream("yes"))
    assert model.ask(QUESTION).text == "yes"
    served.routes[CHAT] = loading
    monkeypatch.setattr(calls, "LOADING_S", 1000.0)
    with pytest.raises(ModelError, match="still loading"):
        model.ask(QUESTION)


def test_a_redirect_within_the_server_is_followed(served: Served, model: ServerModel) -> None:
    served.routes |= {CHAT: say(b"", 308, Location="/v2/chat"), "/v2/chat": stream("moved")}
    assert model.ask(QUESTION).text == "moved"
    assert served.asked("/v2/chat") == served.asked()


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ModelError, match=rf"127\.0\.0\.1:{port} does not run"):
        ServerModel(ServerEntry("mine", f"http://127.0.0.1:{port}")).ask(QUESTION)


def test_a_host_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    entry = ServerEntry("mine", "https://models.example/v1", consent="models.example")
    with pytest.raises(ModelError, match=r"models\.example was not found"):
        ServerModel(entry).ask(QUESTION)


def test_an_answer_that_does_not_stream_is_taken_too(served: Served, model: ServerModel) -> None:
    message = {"role": "assistant", "content": "whole"}
    served.routes[CHAT] = say({"choices": [{"message": message, "finish_reason": "length"}]})
    assert (model.ask(QUESTION).text, model.ask(QUESTION).finish) == ("whole", "length")


def test_a_server_that_closes_the_connection_in_place_of_counting_bytes_is_understood(
    served: Served, model: ServerModel
) -> None:
    def old(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(piece("old ") + piece("style", "stop"))

    served.routes[CHAT] = old
    assert model.ask(QUESTION).text == "old style"


@given(st.lists(st.text(), max_size=5), st.integers(1, 7), st.sampled_from([b"\n", b"\r\n"]))
def test_events_are_read_the_same_however_the_stream_is_cut(texts: list[str], size: int, end: bytes) -> None:
    wanted = [json.dumps({"t": text}).encode() for text in texts]
    whole = b": hello" + end + end + b"".join(b"event: x" + end + b"data: " + data + end + end for data in wanted)
    assert list(sse.events(whole[at : at + size] for at in range(0, len(whole), size))) == wanted


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(ModelError, match="a line of more than"):
        list(sse.events(b"x" * 65536 for _ in range(100)))


def test_an_answer_without_end_is_refused(model: ServerModel, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LARGEST_BYTES", 100_000)
    served.routes[CHAT] = stream("x" * 1000, *["x" * 1000] * 200)
    with pytest.raises(ModelError, match="larger than"):
        model.ask(QUESTION)


@pytest.mark.parametrize("wanted", ["nemo", ""])
def test_a_model_that_the_server_has_not_is_named_with_those_it_has(served: Served, wanted: str) -> None:
    served.routes["/v1/models"] = say(listed("qwen", "gemma"))
    with pytest.raises(BadInputError, match=r"one of those it has: “gemma”, “qwen”"):
        to(served, model=wanted).ask(QUESTION)
    assert to(served, model="gemma").ask(QUESTION).text
    assert served.asked()[0]["model"] == "gemma"


def test_a_server_that_lists_no_models_is_asked_for_the_one_that_was_named(served: Served) -> None:
    del served.routes["/v1/models"]
    assert to(served, model="hidden").ask(QUESTION).text == "Yes, it is."
    with pytest.raises(BadInputError, match="none that it lists"):
        to(served).ask(QUESTION)


@pytest.mark.parametrize("status", [302, 401, 500, 502])
def test_a_gateway_that_refuses_what_openai_does_not_know_is_still_used(
    served: Served, model: ServerModel, status: int
) -> None:
    refusal = say(b"<html>", status, Location="https://login.example/")
    served.routes |= {"/props": refusal, "/version": refusal}
    assert model.ask(QUESTION).text == "Yes, it is."
    assert model.loaded.architecture == "OpenAI-compatible"


@pytest.mark.parametrize(("status", "text"), [(401, "key"), (302, "redirects"), (500, "failed"), (429, "too much")])
def test_a_server_that_does_not_say_its_models_is_reported(
    served: Served, model: ServerModel, status: int, text: str
) -> None:
    served.routes["/v1/models"] = say({}, status, Location="https://login.example/")
    with pytest.raises(WorkbenchError, match=text):
        assert model.loaded
    assert served.asked() == []


def test_an_address_without_v1_gets_it_and_one_with_another_path_is_told(served: Served) -> None:
    bare = ServerModel(ServerEntry("bare", f"http://127.0.0.1:{served.port}"))
    assert bare.ask(QUESTION).text == "Yes, it is."
    other = ServerModel(ServerEntry("other", f"http://127.0.0.1:{served.port}/api", model="tiny"))
    with pytest.raises(BadInputError, match="does the address end in /v1"):
        other.ask(QUESTION)


@contextmanager
def asking(model: ServerModel) -> Iterator[list[BaseException]]:
    """A question in another thread; afterwards it must be over, and the list holds what it raised."""
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            model.ask(QUESTION)
        except WorkbenchError as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield raised
        thread.join(20)
        assert not thread.is_alive()
    finally:
        model.cancel()


def wait_until(holds: Callable[[], object]) -> None:
    end_s = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_cancel_ends_a_question_that_the_server_does_not_answer_and_the_server_sees_it(
    served: Served, model: ServerModel
) -> None:
    served.routes[CHAT] = until_gone(served)
    with asking(model) as raised:
        wait_until(served.asked)
        model.cancel()
    assert isinstance(raised[0], StoppedError)
    assert served.gone.wait(20)
    served.routes[CHAT] = stream("fine")
    assert model.ask(QUESTION).text == "fine"


def test_cancel_from_within_ends_an_answer_that_is_coming(served: Served, model: ServerModel) -> None:
    release = threading.Event()
    served.routes[CHAT] = stream_bytes(piece("a"), wait=release)
    try:
        with pytest.raises(StoppedError):
            model.ask(QUESTION, heard=lambda _text: model.cancel())
    finally:
        release.set()


def test_what_is_known_of_a_server_is_kept_after_a_cancelled_question_or_bad_input(
    served: Served, model: ServerModel
) -> None:
    release = threading.Event()
    served.routes[CHAT] = in_turn(stream_bytes(piece("a"), wait=release), stream("fine"))
    with pytest.raises(BadInputError):
        model.ask((Message("user", (Picture(np.zeros((0, 4, 3), np.uint8)),)),))
    try:
        with pytest.raises(StoppedError):
            model.ask(QUESTION, heard=lambda _text: model.cancel())
    finally:
        release.set()
    assert model.ask(QUESTION).text == "fine"
    assert [path for _, path, _ in served.seen].count("/v1/models") == 1


@pytest.mark.parametrize(
    "fault", [say({"error": {"message": "model 'tiny' not found"}}, 404), say({}, 401), say({"error": "broken"}, 400)]
)
def test_a_server_that_refuses_is_looked_at_anew_where_its_key_or_model_may_have_changed(
    served: Served, model: ServerModel, fault: Route
) -> None:
    served.routes[CHAT] = in_turn(fault, stream("fine"))
    with pytest.raises(BadInputError) as raised:
        model.ask(QUESTION)
    assert model.ask(QUESTION).text == "fine"
    times = 2 if isinstance(raised.value, faults.ChangedError) else 1
    assert [path for _, path, _ in served.seen].count("/v1/models") == times
    assert (times == 1) == ("broken" in str(raised.value))


def test_a_model_that_is_closed_while_its_key_is_fetched_stops(served: Served) -> None:
    keys: list[str] = []

    def secret(_name: str) -> str:
        keys.append(KEY)
        model.close()
        return KEY

    model = ServerModel(ServerEntry("mine", f"http://127.0.0.1:{served.port}/v1", key="server-key"), secret=secret)
    with pytest.raises(StoppedError):
        model.ask(QUESTION)
    assert keys == [KEY]


def test_what_was_found_out_is_used_although_it_is_forgotten_meanwhile(
    served: Served, model: ServerModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(was: Any, name: str, value: Any) -> None:
        object.__setattr__(was, name, None if name in ("_known", "_key") else value)

    monkeypatch.setattr(ServerModel, "__setattr__", forgetful)
    monkeypatch.setattr(calls.Calls, "__setattr__", forgetful)
    assert model.ask(QUESTION).text
    assert {headers.get("Authorization") for _, _, headers in served.seen} == {f"Bearer {KEY}"}


def test_cancel_ends_the_wait_before_the_next_try(served: Served, model: ServerModel) -> None:
    served.routes[CHAT] = say({}, 429, Retry_After="200")
    with asking(model) as raised:
        wait_until(served.asked)
        model.cancel()
    assert isinstance(raised[0], StoppedError)


def test_cancel_ends_a_handshake_that_does_not_come(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = ServerModel(ServerEntry("mine", f"https://127.0.0.1:{silent.getsockname()[1]}/v1"))
        with asking(model) as raised:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                model.cancel()
        assert isinstance(raised[0], StoppedError)


def test_cancel_without_a_question_changes_nothing(model: ServerModel) -> None:
    model.cancel()
    assert model.ask(QUESTION).text
    model.close()
    model.close()
    assert model.ask(QUESTION).text


def test_a_question_that_takes_too_long_ends_in_time(served: Served, model: ServerModel) -> None:
    assert model.loaded.name == "mine"
    served.routes[CHAT] = until_gone(served)
    with pytest.raises(ModelError, match="no complete answer in time"):
        model.ask(QUESTION, Asking(timeout_s=3.0))
    assert served.gone.wait(20)


def test_an_answer_that_trickles_ends_in_time_too(served: Served, model: ServerModel) -> None:
    release = threading.Event()
    served.routes[CHAT] = stream_bytes(piece("a"), wait=release)
    try:
        with pytest.raises(ModelError, match="no complete answer in time"):
            model.ask(QUESTION, Asking(timeout_s=0.3))
    finally:
        release.set()


def test_a_second_caller_waits_for_the_first(served: Served, model: ServerModel) -> None:
    release, order = threading.Event(), []
    served.routes[CHAT] = in_turn(stream_bytes(piece("1", "stop"), DONE, wait=release), stream("2"))
    first = threading.Thread(target=lambda: order.append(model.ask(QUESTION).text))
    first.start()
    wait_until(served.asked)
    second = threading.Thread(target=lambda: order.append(model.ask(QUESTION).text))
    second.start()
    release.set()
    first.join(20)
    second.join(20)
    assert order == ["1", "2"]


def test_what_hears_an_answer_cannot_ask_the_same_model(model: ServerModel) -> None:
    with pytest.raises(ValueError, match="from within"):
        model.ask(QUESTION, heard=lambda _text: model.count(QUESTION) and None)
    assert model.ask(QUESTION).text


def test_the_key_is_sent_and_never_shown(served: Served, model: ServerModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model.ask(QUESTION)
    assert {headers.get("Authorization") for _, _, headers in served.seen} == {f"Bearer {KEY}"}
    assert KEY not in caplog.text + repr(model) + repr(vars(model))


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", ""])
def test_a_key_that_no_header_can_carry_is_refused_unseen(served: Served, key: str) -> None:
    entry = ServerEntry("mine", f"http://127.0.0.1:{served.port}/v1", key="server-key")
    with pytest.raises(BadInputError, match="secrets set server-key") as raised:
        ServerModel(entry, secret=lambda _name: key).ask(QUESTION)
    assert not key or key not in str(raised.value)
    assert served.seen == []


def test_a_key_is_fetched_anew_after_it_was_refused(served: Served) -> None:
    keys = ["old", "new"]
    entry = ServerEntry("mine", f"http://127.0.0.1:{served.port}/v1", key="server-key")
    model = ServerModel(entry, secret=lambda _name: keys.pop(0))
    served.routes[CHAT] = say({}, 401)
    with pytest.raises(BadInputError):
        model.ask(QUESTION)
    served.routes[CHAT] = stream("in")
    assert model.ask(QUESTION).text == "in"
    assert served.seen[-1][2]["Authorization"] == "Bearer new"


def test_proxies_and_passwords_of_the_environment_are_not_used(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hidden\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    ServerModel(ServerEntry("mine", f"http://127.0.0.1:{served.port}/v1")).ask(QUESTION)
    assert all("Authorization" not in headers for _, _, headers in served.seen)


def test_llama_server_counts_with_its_own_tokenizer(served: Served, model: ServerModel) -> None:
    served.routes |= {
        "/props": say(PROPS),
        "/apply-template": say({"prompt": "<|im_start|>user\nhi"}),
        "/tokenize": say({"tokens": [1, 2, 3, 4, 5]}),
    }
    assert model.count((Message("user", ("hi", picture(56, 29))),)) == 5 + 4
    assert served.asked("/tokenize")[0]["content"] == "<|im_start|>user\nhi"


def test_elsewhere_tokens_are_estimated(model: ServerModel) -> None:
    assert model.count((Message("user", ("1234567", picture(56, 29))),)) == 3 + 8 + 4


def test_vectors_come_in_order_and_with_length_one(served: Served, model: ServerModel) -> None:
    rows = [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 4]}]
    served.routes["/v1/embeddings"] = say({"data": rows})
    assert np.allclose(model.embed(["a", "b"]), [[0.6, 0.8], [0, 1]])
    assert model.embed([]).shape == (0, 0)


@pytest.mark.parametrize(
    "rows",
    [[], [{"index": 0, "embedding": []}], [{"index": 0, "embedding": [0, 0]}], [{"index": 0, "embedding": "x"}]],
)
def test_vectors_that_are_none_are_refused(served: Served, model: ServerModel, rows: list[object]) -> None:
    served.routes["/v1/embeddings"] = say({"data": rows})
    with pytest.raises(ModelError):
        model.embed(["a"])


def test_a_server_without_vectors_is_bad_input(model: ServerModel) -> None:
    with pytest.raises(BadInputError, match="has no /v1/embeddings"):
        model.embed(["a"])


def test_an_answer_from_another_machine_is_refused_where_only_this_one_may_answer(
    model: ServerModel, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "is_loopback", lambda _host: False)
    with pytest.raises(BadInputError, match="nothing was sent"):
        model.ask(QUESTION)
    assert served.seen == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for models.example with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "models.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("models.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def far(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server with TLS whose name is models.example, for this test's resolver."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    resolve = socket.getaddrinfo

    def here(host: str, *args: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host in ("models.example", "other.example") else host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with Served(context) as server:
        yield server


def far_entry(
    far: Served, certificate: Path | None, host: str = "models.example", *, allowed: bool = True
) -> ServerEntry:
    site = f"{host}:{far.port}"
    return ServerEntry(
        "far", f"https://{site}/v1", consent=site if allowed else "", ca_file=str(certificate) if certificate else ""
    )


def test_what_leaves_this_machine_goes_through_tls_and_is_told_before(far: Served, certificate: Path) -> None:
    told: list[tuple[str, int]] = []

    def sending(host: str, size_bytes: int) -> None:
        assert far.asked() == []
        told.append((host, size_bytes))

    ServerModel(far_entry(far, certificate), sending=sending).ask((Message("user", (picture(),)),))
    ((host, size_bytes),) = told
    assert host == f"models.example:{far.port}"
    assert size_bytes == int(next(headers for _, path, headers in far.seen if path == CHAT)["Content-Length"])


def test_nothing_is_told_about_prompts_that_stay_here(served: Served) -> None:
    told: list[str] = []
    entry = ServerEntry("near", f"http://localhost:{served.port}")
    ServerModel(entry, sending=lambda host, _size: told.append(host)).ask(QUESTION)
    assert told == []


@pytest.mark.parametrize("what", [QUESTION, (Message("user", (picture(),)),)], ids=["text", "picture"])
def test_without_consent_no_prompt_reaches_a_server_elsewhere(far: Served, certificate: Path, what: Any) -> None:
    model = ServerModel(far_entry(far, certificate, allowed=False))
    assert model.loaded.name == "far"
    far.routes |= {"/props": say(PROPS)}
    model.close()
    for question in (model.ask, model.count):
        with pytest.raises(StoppedError, match="nobody has allowed"):
            question(what)
    with pytest.raises(StoppedError, match="nobody has allowed"):
        model.embed(["text"])
    assert {method for method, _, _ in far.seen} == {"GET"}


def test_a_certificate_that_nobody_trusts_stops_everything(far: Served) -> None:
    with pytest.raises(ModelError, match=r"no safe connection to .*self-signed certificate"):
        ServerModel(far_entry(far, None)).ask(QUESTION)
    assert far.seen == []


def test_a_certificate_of_another_host_stops_everything(far: Served, certificate: Path) -> None:
    with pytest.raises(ModelError, match=r"no safe connection to .*other\.example"):
        ServerModel(far_entry(far, certificate, "other.example")).ask(QUESTION)
    assert far.seen == []


def test_a_file_of_certificates_that_is_not_there_is_named(far: Served, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"none\.pem cannot be read"):
        ServerModel(far_entry(far, tmp_path / "none.pem")).ask(QUESTION)


def test_a_redirect_to_another_host_is_not_followed_with_the_prompt(
    far: Served, served: Served, certificate: Path
) -> None:
    far.routes[CHAT] = say(b"", 307, Location=f"https://other.example:{far.port}{CHAT}")
    with pytest.raises(BadInputError, match=r"redirects to https://other\.example"):
        ServerModel(far_entry(far, certificate)).ask(QUESTION)
    assert len(far.asked()) == 1


def test_what_a_server_says_is_quoted_short_and_harmless() -> None:
    body = json.dumps({"error": {"message": f"a\x1b[31m\n{KEY}" + "x" * 5000}}).encode()
    said = faults.quoted(body, KEY)
    assert len(said) <= 200
    assert said.isprintable()
    assert KEY not in said
    assert re.match(r"a \[31m •••x+", said)


@given(st.text(max_size=40))
def test_any_header_of_a_wait_gives_a_number(value: str) -> None:
    assert faults.wait_s({"retry-after": value}, 0.5) >= 0


@given(st.integers(100, 599), st.binary(max_size=200), st.text(max_size=20))
def test_any_answer_of_any_server_gives_one_line(status: int, body: bytes, location: str) -> None:
    address, head = parse("http://127.0.0.1:1"), Head(status, {"location": location})
    assert str(faults.of_answer(address, address.url("/x"), head, body=body, key=KEY)).isprintable()
