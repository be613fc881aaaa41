"""The process that owns llama.cpp: `python -m agents.runtime.llama.worker`, spoken to over standard input and output.

One thread reads requests, so that a question can be cancelled and a `Ping` answered while native code works; the main
thread does them one after the other. It ends when its input closes, which is what happens when the program dies.
"""

import io
import os
import queue
import signal
import sys
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from agents.runtime import messages
from agents.runtime.llama.brake import Brake
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
    Turn,
    Turns,
)
from workbench.errors import BadInputError, UnavailableError, WorkbenchError

if TYPE_CHECKING:
    from agents.runtime.llama.engine import Engine

KEPT_PICTURES = 32
PICTURE_BYTES = 256 * 1024**2
"""So many pictures, and so many bytes of them, are kept to be named by their digest alone."""

LAST_BREATH_S = 1.0
"""How long native code may take to come back when the program is gone."""

Work = Load | See | Ask | Count | Save | Restore | Embed
_NATIVE_LINES = 20


class MissingPicturesError(WorkbenchError):
    """Pictures were named without pixels that are not here."""

    def __init__(self, digests: tuple[str, ...]) -> None:
        super().__init__("the pixels of a picture are no longer here: send them again")
        self.digests = digests


class Pictures:
    """The pixels of recent pictures by digest; the oldest make room."""

    def __init__(self, limit_bytes: int = PICTURE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[str, Image] = OrderedDict()

    def filled(self, turns: Turns) -> Turns:
        """The turns with the pixels of every picture; raises MissingPicturesError."""
        given = [part for turn in turns for part in turn.parts if isinstance(part, Image)]
        for image in given:
            if image.width < 1 or image.height < 1:
                raise BadInputError(f"a picture of {image.width}x{image.height} pixels shows nothing: send another")
            if image.rgb:
                self._kept[image.digest] = image
        missing = tuple(dict.fromkeys(image.digest for image in given if image.digest not in self._kept))
        if missing:
            raise MissingPicturesError(missing)
        found = {image.digest: self._kept[image.digest] for image in given}
        self._make_room(found)
        return tuple(Turn(turn.role, tuple(_filled(part, found) for part in turn.parts)) for turn in turns)

    def _make_room(self, used: dict[str, Image]) -> None:
        for digest in used:
            self._kept.move_to_end(digest)
        while len(self._kept) > 1 and self._is_full():
            self._kept.popitem(last=False)

    def _is_full(self) -> bool:
        size_bytes = sum(len(image.rgb) for image in self._kept.values())
        return size_bytes > self._limit_bytes or len(self._kept) > KEPT_PICTURES


def _filled(part: Text | Image, found: dict[str, Image]) -> Text | Image:
    return found[part.digest] if isinstance(part, Image) else part


class Worker:
    """Does requests in order. `serve` runs on the main thread, `listen` on its own until the input ends."""

    def __init__(self, replies: BinaryIO) -> None:
        self._brake = Brake()
        self._replies = replies
        self._writing = threading.Lock()
        self._jobs: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._state = threading.Lock()
        self._running = 0
        self._waiting: set[int] = set()
        self._cancelled: set[int] = set()
        self._over = threading.Event()
        self._ending = False
        self._pictures = Pictures()
        self._engine: Engine | None = None

    def listen(self, requests: BinaryIO) -> None:
        """Take requests until there are no more; then end the process, gently if native code lets it."""
        decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(cast("type[Request]", Request))
        while body := messages.read(requests):
            try:
                request = decoder.decode(body)
            except msgspec.MsgspecError as error:
                sys.stderr.write(f"a request could not be read: {error}\n")
                break
            if isinstance(request, Stop):
                break
            self._take(request)
        self._end()

    def serve(self) -> None:
        """Do requests until the input ends."""
        while (job := self._jobs.get()) is not None and self._begin(job.number):
            self._tell(self._answer(job))
            with self._state:
                self._running = 0
                self._cancelled.discard(job.number)
        if self._engine is not None:
            self._engine.close()
        self._over.set()

    def _begin(self, number: int) -> bool:
        """Whether to do this request; one that was cancelled while it waited begins with the brake pressed."""
        with self._state:
            self._running = number
            self._waiting.discard(number)
            if self._ending:
                return False
            self._brake.release()
            if number in self._cancelled:
                self._brake.press()
            return True

    def _end(self) -> None:
        with self._state:
            self._ending = True
            self._brake.press()
        self._jobs.put(None)
        if not self._over.wait(LAST_BREATH_S):
            os._exit(0)

    def _take(self, request: Request) -> None:
        match request:
            case Ping():
                self._tell(Pong())
            case Cancel(number=number):
                self._cancel(number)
            case Stop():
                raise AssertionError("ends the loop that calls this")
            case _:
                with self._state:
                    self._waiting.add(request.number)
                self._jobs.put(request)

    def _cancel(self, number: int) -> None:
        with self._state:
            if number == self._running:
                self._brake.press()
            elif number in self._waiting:
                self._cancelled.add(number)

    def _tell(self, reply: Reply) -> None:
        with self._writing:
            try:
                messages.write(self._replies, reply)
            except OSError:
                os._exit(0)

    def _answer(self, job: Work) -> Reply:
        try:
            from agents.runtime.llama.native import start

            log = start()
        except (ImportError, OSError, RuntimeError) as error:
            text = f"llama.cpp cannot be used here ({error}): install `gui-agent-workbench[model]` for this machine"
            return Refused(job.number, text, UnavailableError.exit_code)
        log.begin()
        try:
            return self._done(job)
        except MissingPicturesError as error:
            return Refused(job.number, str(error), missing=error.digests)
        except WorkbenchError as error:
            return Refused(job.number, str(error), error.exit_code, native=log.last(_NATIVE_LINES))
        except MemoryError:
            text = "memory ran out: close something, or choose a smaller model, context or picture"
            return Refused(job.number, text, UnavailableError.exit_code, native=log.last(_NATIVE_LINES))

    def _done(self, job: Work) -> Reply:
        if isinstance(job, Load):
            return self._load(job)
        engine = self._engine
        if engine is None:
            raise BadInputError("no model is loaded: load one first")
        match job:
            case Ask(number=number):
                turns = self._pictures.filled(job.turns)
                return Answered(number, engine.ask(turns, job.asking, lambda piece: self._tell(Piece(number, piece))))
            case See(number=number):
                return Answered(number, engine.see(self._pictures.filled(job.turns)))
            case Count(number=number):
                return Counted(number, engine.count(self._pictures.filled(job.turns)))
            case Embed(number=number, texts=texts):
                vectors = engine.embed(texts)
                return Embedded(number, vectors.shape[1], vectors.astype("<f4").tobytes())
            case Save(number=number, name=name):
                engine.save(name)
                return Done(number)
            case Restore(number=number, name=name):
                engine.restore(name)
                return Done(number)

    def _load(self, job: Load) -> Ready:
        from agents.runtime.llama.engine import Engine

        if self._engine is not None:
            old, self._engine = self._engine, None
            old.close()
        self._engine = Engine(job, self._brake)
        return Ready(job.number, self._engine.loaded)


class _WholeReads(io.FileIO):
    """A pipe of which reads give all that was asked for, or less only at its end.

    It is not buffered: a buffer's lock, held by a waiting thread, would end this process with a crash.
    """

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes, waiting for them."""
        data = bytearray(max(size or 0, 0))
        view, filled = memoryview(data), 0
        while filled < len(data) and (count := self.readinto(view[filled:])):
            filled += count
        return bytes(view[:filled])


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the program, where nothing native can write or read: what it prints goes to standard error."""
    requests, replies = _WholeReads(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def main() -> None:
    """Serve until the input closes."""
    os.environ["GGML_NO_BACKTRACE"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()
    worker = Worker(replies)
    threading.Thread(target=worker.listen, args=(requests,), name="requests", daemon=True).start()
    worker.serve()


if __name__ == "__main__":
    main()
