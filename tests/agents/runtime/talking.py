"""A worker process spoken to over its pipes, and short ways to write what is said."""

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from agents.runtime import messages
from agents.runtime.messages import Ask, Image, Load, Piece, Reply, Request, Text, Turn, Turns
from agents.runtime.ports import Asking
from agents.runtime.prompt import Picture

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "tests" / "data" / "tiny_vlm"
CONTEXT = 512
THREADS = 1


def load(model: Path, mmproj: Path | None = None, **options: Any) -> Load:
    settings: dict[str, Any] = {"context": CONTEXT, "threads": THREADS} | options
    return Load(1, str(model), str(mmproj) if mmproj else "", **settings)


def image(pixels: "np.ndarray[Any, Any]") -> Image:
    """A picture as it is sent, with its pixels."""
    picture = Picture(np.ascontiguousarray(pixels, np.uint8))
    return Image(picture.digest, picture.width, picture.height, picture.pixels.tobytes())


def user(*parts: str | Image) -> Turns:
    """A prompt of one user message."""
    return (Turn("user", tuple(Text(part) if isinstance(part, str) else part for part in parts)),)


def noise(width: int, height: int, seed: int = 0) -> Image:
    """A picture that no other seed gives."""
    return image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


class Talk:
    """A worker process and both ends of what is said with it."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors
        self._stderr = errors.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agents.runtime.llama.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(Reply)
        self._number = 0

    def number(self) -> int:
        self._number += 1
        return self._number

    def send(self, request: Request) -> None:
        assert self.process.stdin is not None
        messages.write(self.process.stdin, request)

    def hear(self) -> Any:
        """The next reply; None when the worker is gone."""
        assert self.process.stdout is not None
        body = messages.read(self.process.stdout)
        return None if body is None else self._decoder.decode(body)

    def final(self, request: Request) -> Any:
        """The reply that ends a request; pieces before it are dropped."""
        self.send(request)
        while isinstance(reply := self.hear(), Piece):
            pass
        return reply

    def load(self, request: Load) -> Any:
        return self.final(msgspec.structs.replace(request, number=self.number()))

    def ask(self, turns: Turns, **asking: Any) -> Any:
        settings: dict[str, Any] = {"max_tokens": 16} | asking
        return self.final(Ask(self.number(), turns, Asking(**settings)))

    def said(self) -> str:
        """What it wrote to standard error."""
        return self._errors.read_text(errors="replace")

    def close(self) -> int:
        """End it by closing its input; gives its exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self._stderr.close()
        return code
