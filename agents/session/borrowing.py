"""What a run may be lent: the library opened for it, its index brought up to date, what loses retired."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from agents.memory.crops import Crops
from agents.memory.hints.telling import lendable
from agents.memory.lending import Lender
from agents.memory.retrieval.embedding import Embedder, Reading, ReadingRetriever
from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.retrieval.ports import Retriever
from agents.memory.retrieval.vectors import VectorRetriever
from agents.memory.shelf import Shelf
from agents.memory.utility import retire_losers
from agents.runtime.models.registry import Registry
from agents.runtime.ports import ModelError
from agents.session.messages import AgentOrder
from agents.session.minds import Opened, speaks_choosing
from workbench.errors import BadInputError, UnavailableError
from workbench.library.frames import FrameStore
from workbench.library.learning import Lesson
from workbench.library.store import Library

MANY = 200
"""So many trajectories that are new to the index take long enough to say so."""

Say = Callable[[str], None]


@contextmanager
def lender_for(order: AgentOrder, minds: Opened, *, check: Callable[[], None], say: Say) -> Iterator[Lender]:
    """Who lends to the run of this order; the library is read when something is first asked for.

    Trajectories that a person named are lent and nothing is searched for then. `check` is called now and then while
    the index is brought up to date, and may raise; `say` hears what takes long, and what was retired. What reads the
    library beside the run ends with it.
    """
    folder = order.lends_from or order.library
    crops = _crops(order, minds, say)
    searches = bool(order.lending.exemplars and not order.exemplars)
    if folder is None or not (searches or order.lending.hints):
        yield Lender(order.lending, named=order.exemplars, crops=crops)
        return
    with ExitStack() as ending:
        library = ending.enter_context(Library.open(Path(folder)))

        def stock() -> Shelf:
            brought = _up_to_date(library, check=check, say=say)
            retriever = _retriever(library, minds.embedder, order, check=check, say=say)
            if isinstance(retriever, ReadingRetriever):
                ending.callback(retriever.reading.end)
            return Shelf(brought, retriever, library.learning.standings())

        def hints() -> tuple[Lesson, ...]:
            if speaks_choosing(Registry(Path(order.minds.folder)), order.minds.planner):
                say(f"the model {order.minds.planner} is told no hints: its prompt has no place for them")
                return ()
            return lendable(library.learning.lessons("hint"), unapproved=order.lending.unapproved_hints)

        yield Lender(order.lending, stock if searches else None, order.exemplars, hints, crops)


def _up_to_date(library: Library, *, check: Callable[[], None], say: Say) -> Library:
    """The library with its index brought up to date, and what loses retired."""
    for standing in retire_losers(library):
        say(f"{standing.lent} is not lent any more: {standing.reason}; `workbench-cli learn approve` takes that back")
    waiting = len(library.memories.stale())
    if waiting >= MANY:
        say(f"reading {waiting} trajectories that are new to the index of exemplars …")
    bring_up_to_date(library, lambda _done, _of: check())
    return library


def _retriever(
    library: Library, embedder: Embedder | None, order: AgentOrder, *, check: Callable[[], None], say: Say
) -> Retriever:
    """By the user's own embedder, where there is one and it has read the library, else by words."""
    words = LexicalRetriever(library.memories)
    if embedder is None:
        return words
    reading = Reading(library.memories, embedder)
    retriever = ReadingRetriever(words, VectorRetriever(library.memories, embedder.asked, embedder.key), reading, say)
    try:
        reading.begin(waits=order.lending.waits, check=check)
    except (ModelError, BadInputError, UnavailableError) as error:
        retriever.fail(str(error))
    return retriever


def _crops(order: AgentOrder, minds: Opened, say: Say) -> Crops | None:
    """What makes pictures of lent steps, where they are wanted and whoever plans sees."""
    if not order.lending.crops or not (order.lending.exemplars or order.exemplars):
        return None
    if minds.viewer is None or not minds.viewer.loaded.sees:
        why = "it does not see, or its prompt has no place for them"
        say(f"the model {order.minds.planner} is shown no pictures of lent steps: {why}")
        return None
    folder = order.lends_from or order.library
    return Crops(FrameStore(Path(folder) / "frames" if folder else Path(order.frames)).load, minds.viewer)
