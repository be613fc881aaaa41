"""The user's own embedder reads a library beside a run; until it has read all of it, words find what is lent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agents.memory.retrieval.ports import Found, Query, Retriever
from agents.memory.retrieval.vectors import VectorRetriever, embed_missing
from agents.runtime.aside import Aside
from agents.runtime.ports import Model, ModelError
from workbench.errors import BadInputError, UnavailableError

if TYPE_CHECKING:
    from workbench.library.memories import Memories

FEW = 64
"""So few new entries are read at once, in about a second: the run waits for that."""


@dataclass(frozen=True)
class Embedder:
    """A model that makes vectors: `asked` answers on the thread of the run, `beside` on another one meanwhile.

    `key` is what its vectors are kept by, another one for another file of the same name.
    """

    asked: Model
    beside: Model
    key: str

    @property
    def name(self) -> str:
        """What people call it."""
        return self.asked.name


def key_of(name: str, fingerprint: str) -> str:
    """What the vectors of a model are kept by; `fingerprint` tells its file from others."""
    return f"{name} {fingerprint}"


@dataclass
class Reading:
    """Gives every entry that has none a vector, on a thread of its own; ended and begun anew it goes on where it was.

    `done` of `of` entries are read; all of it is for one thread but for the reading itself.
    """

    memories: "Memories"
    embedder: Embedder
    of: int = 0
    done: int = 0
    _aside: Aside | None = None
    _complete: bool = False

    def begin(self, *, waits: bool, check: Callable[[], None]) -> None:
        """Read what is few at once, else beside the run; with `waits` all of it is read first, whatever it takes.

        What `check` raises ends it. Raises what the embedder raises where the run waits for it.
        """
        self.of = self.memories.count_uncoded(self.embedder.key)
        if waits or self.of <= FEW:
            self._read(self.embedder.asked, check)
            return
        self._aside = Aside(
            lambda check: self._read(self.embedder.beside, check), self.embedder.beside.cancel, name="reading a library"
        )
        self._aside.start()

    @property
    def complete(self) -> bool:
        """Whether every entry has its vector; raises what ended the reading but for a wish to end."""
        if self._aside is not None and self._aside.over and self._aside.failure is not None:
            raise self._aside.failure
        return self._complete

    def end(self) -> None:
        """End it; what was read until now stays."""
        if self._aside is not None:
            self._aside.stop()

    def _read(self, model: Model, check: Callable[[], None]) -> None:
        def told(done: int) -> None:
            check()
            self.done = done

        embed_missing(self.memories, model, told, key=self.embedder.key)
        self._complete = True


@dataclass
class ReadingRetriever:
    """Searches by the vectors of an embedder once it has read everything, and by words until then.

    Every answer says by which. An embedder that fails is not asked again in this run: words do, and `say` hears why.
    `say` also hears how far the reading is, at each search that it has come further.
    """

    words: Retriever
    vectors: VectorRetriever
    reading: Reading
    say: Callable[[str], None] = lambda _line: None
    _failed: str = ""
    _said: int = field(default=-1)

    def find(self, query: Query) -> tuple[Found, ...]:
        """What the better way that there is finds; raises `StoppedError` as the embedder does."""
        if not self._failed:
            try:
                if self._is_read():
                    return self.vectors.find(query)
            except (ModelError, BadInputError, UnavailableError) as error:
                self.fail(str(error))
        return tuple(replace(one, by=f"{one.by}, {self._why}") for one in self.words.find(query))

    def fail(self, why: str) -> None:
        """Search by words from here on, for this reason."""
        self._failed = why
        self.say(f"past work is searched for by words from here on: {why}")

    def _is_read(self) -> bool:
        complete, reading = self.reading.complete, self.reading
        done = reading.of if complete else reading.done
        if self._said != done and reading.of:
            self._said = done
            self.say(_progress(self.vectors.model.name, reading, complete=complete))
        return complete

    @property
    def _why(self) -> str:
        if self._failed:
            return f"because {self.vectors.model.name} failed"
        return f"until {self.vectors.model.name} has read the library ({self.reading.done} of {self.reading.of})"


def _progress(name: str, reading: Reading, *, complete: bool) -> str:
    if complete:
        return f"{name} has read the library: past work is searched for by its vectors from here on"
    return (
        f"{name} reads the library, {reading.done} of {reading.of} entries so far; "
        "past work is searched for by words until it has read all"
    )
