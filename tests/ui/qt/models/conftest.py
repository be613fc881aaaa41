"""Models of the test's own: the tiny real one, and a hub on this machine that serves it."""

import functools
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from agents.runtime.models.registry import Registry
from ui.orders.models import OwnFiles, files_entry
from workbench import settings

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny_vlm"
LM, MMPROJ = TINY / "lm.gguf", TINY / "mmproj.gguf"
CUT_BYTES = 400_000


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    """A folder for models, where nothing is yet."""
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    settings.store("model.threads", "1")
    return tmp_path / "models"


@pytest.fixture
def add():
    """Enter the tiny model under a name."""

    def enter(name: str, *roles: str, sees: bool = True) -> None:
        Registry.usual().add(files_entry(OwnFiles(name, LM, MMPROJ if sees else None, roles=roles)))

    return enter


class _Hub(BaseHTTPRequestHandler):
    files: ClassVar = {"tiny-Q4_K_M.gguf": LM.read_bytes(), "mmproj-f16.gguf": MMPROJ.read_bytes()}

    def __init__(self, stall: threading.Event, ranges: list[str], *args) -> None:
        self.stall, self.ranges = stall, ranges
        super().__init__(*args)

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.startswith("/api/models/me/tiny/"):
            self._answer(json.dumps([self._row(*each) for each in self.files.items()]).encode())
            return
        body = self.files.get(self.path.removeprefix("/me/tiny/resolve/main/"), b"")
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        self._answer(body[start:], 206 if asked else 200, f"bytes {start}-{len(body) - 1}/{len(body)}" if asked else "")

    def _answer(self, body: bytes, status: int = 200, span: str = "") -> None:
        self.send_response(status if body else 404)
        self.send_header("Content-Length", str(len(body)))
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()
        try:
            self.wfile.write(body[:CUT_BYTES])
            self.wfile.flush()
            if len(body) > CUT_BYTES:
                self.stall.wait(30)
            self.wfile.write(body[CUT_BYTES:])
        except OSError:
            return

    @staticmethod
    def _row(name: str, data: bytes) -> dict:
        digest = hashlib.sha256(data).hexdigest()
        return {"type": "file", "path": name, "size": len(data), "lfs": {"oid": digest, "size": len(data)}}


@pytest.fixture
def hub():
    """A hub whose files break off in the middle until `flows` is set; `ranges` says from where on was asked."""
    flows, ranges = threading.Event(), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Hub, flows, ranges))
    server.daemon_threads = True
    server.flows, server.ranges = flows, ranges
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.store("model.hub", f"http://127.0.0.1:{server.server_port}")
    yield server
    flows.set()
    server.shutdown()
    thread.join()
    server.server_close()
