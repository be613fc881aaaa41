"""What past work lends to a model for a task: which trajectories would be shown, why, at which cost, to which use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.orders.finding import Say, find_complete

if TYPE_CHECKING:
    from agents.memory.retrieval.ports import Found
    from agents.memory.utility import Merit
    from workbench.library.learning import Standing
    from workbench.library.store import Library

MOST_SHOWN = 20
MADE_READY = 5
"""So many of the most alike trajectories are made ready to be lent before a run: any of them may be, on its screen."""


@dataclass(frozen=True)
class Lent:
    """One recorded trajectory as an exemplar.

    `likeness` of its task to the one that was asked for is 0 to 1, None without a task. `chosen` says that a run would
    show it to the model; `why` says why, or why not. `tokens` is about what it adds to a prompt. `active` says that
    nobody retired it; `merit` is None where it was never lent.
    """

    id: str
    title: str
    task: str
    likeness: float | None
    chosen: bool
    why: str
    tokens: int
    active: bool = True
    merit: "Merit | None" = None


def ready_to_lend(library: "Library", task: str, say: Say) -> None:
    """Bring the index up to date, and complete the recordings that may be lent for the task.

    The run itself chooses among them when it sees its screen, and says so; `say` hears which it may not choose.
    """
    from agents.memory.shelf import refusal_of

    standings = library.learning.standings()
    for one in _found(library, task, most=MADE_READY):
        trajectory = find_complete(one.trajectory, library, say)
        refusal = refusal_of(trajectory, standings.get(one.trajectory))
        if refusal:
            name = f"{trajectory.title} ({trajectory.id}), its task is alike by {one.likeness:.2f}"
            say(f"no exemplar, because {refusal}: {name}")


def lent_for(library: "Library", task: str) -> tuple[Lent, ...]:
    """The trajectories whose tasks are alike, the best first; all that could be shown for an empty task."""
    from agents.memory.utility import merits_of
    from workbench import settings

    shelf = _Stall(library, merits_of(library.learning.runs()), library.learning.standings())
    if task.strip():
        found = _found(library, task.strip(), most=MOST_SHOWN)
        most = int(settings.load().learning.exemplars)
        return tuple(shelf.offers(((one.trajectory, one.likeness) for one in found), most))
    allowed = {one for one, standing in shelf.standings.items() if standing.active}
    usable = (
        one.id for one in library.summaries() if one.task and one.steps and (one.source != "agent" or one.id in allowed)
    )
    return tuple(shelf.offers(((one, None) for one in usable), 0))


@dataclass(frozen=True)
class Compared:
    """Runs with a trajectory and runs that were lent nothing, and what one took on average in tokens."""

    merit: "Merit"
    tokens: float
    tokens_without: float


def compared(library: "Library", lent: str) -> Compared | None:
    """How runs went with and without it; None where it was never lent. Reads the logs of these runs."""
    from agents.memory.utility import merits_of

    runs = library.learning.runs()
    merit = merits_of(runs).get(lent)
    if merit is None:
        return None
    with_it = {ran.use.run for ran in runs if ran.use.lent == lent and ran.use.success is not None}
    alone = {ran.use.run for ran in runs if not ran.use.lent and ran.use.success is not None}
    tokens = library.learning.tokens(with_it | alone)
    return Compared(merit, *(_mean([tokens[run] for run in some]) for some in (with_it, alone)))


def allow(library: "Library", trajectory: str) -> None:
    """Let a trajectory be lent, whatever its merit says; a person's word."""
    from workbench.library.learning import Standing

    library.learning.stand(Standing(trajectory, active=True, by="person"))


def retire(library: "Library", trajectory: str) -> None:
    """Have a trajectory lent no more unless it is named; a person's word."""
    from workbench.library.learning import Standing

    library.learning.stand(Standing(trajectory, active=False, by="person", reason="you retired it"))


def _found(library: "Library", task: str, *, most: int) -> "tuple[Found, ...]":
    from agents.memory.retrieval.indexing import bring_up_to_date
    from agents.memory.retrieval.lexical import LexicalRetriever
    from agents.memory.retrieval.ports import Query

    bring_up_to_date(library)
    return LexicalRetriever(library.memories).find(Query(task, most=most))


@dataclass(frozen=True)
class _Stall:
    """Trajectories with what is known of their lending."""

    library: "Library"
    merits: "dict[str, Merit]"
    standings: "Mapping[str, Standing]"

    def offers(self, found: Iterable[tuple[str, float | None]], most: int) -> Iterable[Lent]:
        """Each as an exemplar; of those that may be lent for a task the first `most` are chosen."""
        left = most
        for identifier, likeness in found:
            one = self._lent(identifier, likeness, left)
            left -= one.chosen
            yield one

    def _lent(self, identifier: str, likeness: float | None, left: int) -> Lent:
        from agents.memory.retrieval.packing import tokens_of, whole_example
        from agents.memory.shelf import refusal_of

        trajectory, standing = self.library.get(identifier), self.standings.get(identifier)
        refusal, example = refusal_of(trajectory, standing), whole_example(trajectory, ())
        chosen = likeness is not None and not refusal and left > 0
        return Lent(
            id=identifier,
            title=trajectory.title,
            task=trajectory.task,
            likeness=likeness,
            chosen=chosen,
            why=f"not shown: {refusal}" if refusal else _why(likeness, chosen=chosen),
            tokens=tokens_of(example) if example else 0,
            active=standing is None or standing.active,
            merit=self.merits.get(identifier),
        )


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _why(likeness: float | None, *, chosen: bool) -> str:
    if likeness is None:
        return "shown where a task is like this one"
    return "shown: the most alike" if chosen else "not shown: another one is more alike"


def name_of(library: "Library", lent: str) -> str:
    """What people call a trajectory or a lesson that was lent; its id where it is gone."""
    from workbench.errors import BadInputError

    if lent in library:
        return library.get(lent).title or lent
    try:
        return library.learning.lesson(lent).words or lent
    except BadInputError:
        return lent
