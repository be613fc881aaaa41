"""A worker that does what the question's first words say, well or badly: a real process that speaks the protocol."""

import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from agents.runtime import messages
from agents.runtime.messages import (
    Answered,
    Ask,
    Cancel,
    Count,
    Counted,
    Done,
    Embed,
    Embedded,
    Image,
    Load,
    Piece,
    Ping,
    Pong,
    Ready,
    Refused,
    Reply,
    Request,
    Restore,
    Save,
    See,
    Stop,
    Text,
)
from agents.runtime.ports import Answer, Loaded, Timings


class Worker:
    def __init__(self) -> None:
        self.sink = os.fdopen(os.dup(1), "wb")
        self.lock = threading.Lock()
        self.jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.cancelled = threading.Event()
        self.pictures: dict[str, int] = {}
        self.kept: set[str] = set()

    def say(self, reply: Reply) -> None:
        with self.lock:
            messages.write(self.sink, reply)

    def read(self) -> None:
        while body := messages.read(sys.stdin.buffer):
            request = msgspec.msgpack.decode(body, type=Request)
            if isinstance(request, Ping):
                self.say(Pong())
            elif isinstance(request, Cancel):
                self.cancelled.set()
            elif isinstance(request, Stop):
                os._exit(0)
            else:
                self.cancelled.clear()
                self.jobs.put(request)
        os._exit(0)

    def run(self) -> None:
        threading.Thread(target=self.read, daemon=True).start()
        while True:
            self.work(self.jobs.get())

    def work(self, request: Any) -> None:
        match request:
            case Load(number, model):
                self.load(number, Path(model).name)
            case Ask(number, turns) | See(number, turns) | Count(number, turns):
                self.prompt(request, number, turns)
            case Save(number, name):
                self.kept.add(name)
                self.say(Done(number))
            case Restore(number, name):
                self.say(Done(number) if name in self.kept else Refused(number, f"nothing is kept as {name!r}", 2))
            case Embed(number, texts):
                self.say(Embedded(number, 1, b"\0\0\x80\x3f" * len(texts)))

    def load(self, number: int, model: str) -> None:
        if model.startswith("broken"):
            self.say(Refused(number, f"{model} is cut short; get it again", 2, ("gguf_init: truncated",)))
        else:
            self.act(number, model.removesuffix(".gguf"))
            self.say(Ready(number, Loaded(model, "scripted", 4096, True, load_ms=1.0)))

    def prompt(self, request: Any, number: int, turns: messages.Turns) -> None:
        parts = [part for turn in turns for part in turn.parts]
        images = [part for part in parts if isinstance(part, Image)]
        self.pictures |= {image.digest: len(image.rgb) for image in images if image.rgb}
        missing = tuple(image.digest for image in images if image.digest not in self.pictures)
        if missing:
            self.say(Refused(number, "pictures are missing", 1, (), missing))
        elif isinstance(request, Count):
            self.say(Counted(number, sum(len(part.text) for part in parts if isinstance(part, Text))))
        else:
            text = "".join(part.text for part in parts if isinstance(part, Text))
            answer = self.act(number, text)
            sent = sum(len(image.rgb) for image in images)
            self.say(Answered(number, Answer(answer, timings=Timings(image_tokens=sent))))
            if text == "lose the pictures":
                self.pictures.clear()

    def act(self, number: int, text: str) -> str:
        word, _, rest = text.partition(" ")
        action = getattr(self, f"do_{word}", None)
        return action(number, rest) if action else ""

    def do_say(self, number: int, rest: str) -> str:
        for letter in rest:
            self.say(Piece(number, letter))
        return rest

    def do_drip(self, number: int, rest: str) -> str:
        for letter in rest:
            self.say(Piece(number, letter))
            time.sleep(0.002)
        return rest

    def do_die(self, number: int, rest: str) -> str:
        sys.stderr.write(f"GGML_ASSERT(it fits) failed\nllama decoded: {rest} my password is swordfish\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.Signals[rest.split()[0]])
        time.sleep(60)
        return ""

    def do_exit(self, number: int, rest: str) -> str:
        os._exit(int(rest))

    def do_stand(self, number: int, rest: str) -> str:
        os.kill(os.getpid(), signal.SIGSTOP)
        return ""

    def do_wait(self, number: int, rest: str) -> str:
        self.say(Piece(number, "waiting"))
        self.cancelled.wait(60)
        return "cut"

    def do_deaf(self, number: int, rest: str) -> str:
        self.say(Piece(number, "deaf"))
        time.sleep(60)
        return ""

    def do_refuse(self, number: int, rest: str) -> str:
        self.say(Refused(number, "no, not this", int(rest)))
        return ""

    def do_babble(self, number: int, rest: str) -> str:
        with self.lock:
            self.sink.write(bytes.fromhex(rest))
            self.sink.flush()
        time.sleep(60)
        return ""

    def do_shut(self, number: int, rest: str) -> str:
        self.sink.close()
        os.close(1)
        time.sleep(60)
        return ""

    def do_other(self, number: int, rest: str) -> str:
        self.say(Done(number + 5))
        time.sleep(60)
        return ""

    def do_kind(self, number: int, rest: str) -> str:
        self.say(Counted(number, 3))
        return ""

    def do_rest(self, number: int, rest: str) -> str:
        time.sleep(float(rest))
        return "rested"

    def do_surroundings(self, number: int, rest: str) -> str:
        return f"{os.getsid(0) == os.getpid()} {os.environ.get('GGML_NO_BACKTRACE')}"


if __name__ == "__main__":
    Worker().run()
