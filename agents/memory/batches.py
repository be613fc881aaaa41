"""What comes next, by what was recorded: a graph of histories, and how many steps it is sure of.

Multi-step workflow prediction by n-grams that back off: the steps that followed the same last steps before, whatever
was typed in them. A person is offered a batch only where several recordings agree and the product of the
probabilities of its steps stays above `CONFIDENT`; a step that could be risky is never in one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from agents.memory.workflows.abstracting import LEFT_OUT, abstracted
from workbench.actions import TypeText
from workbench.approval import RISKY, Batch
from workbench.approving.foresight import Expected
from workbench.approving.risk import named_risk
from workbench.errors import BadInputError
from workbench.library.store import Library
from workbench.report.words import describe, quoted
from workbench.trajectory import Step, Trajectory

CONFIDENT = 0.75
"""A batch is offered where all of its steps together are at least this probable."""

MOST_AHEAD = 9
"""A batch is no longer than a person takes in at a glance."""

ORDER = 3
"""So many of the last steps tell what comes next, if so many are known together; else fewer."""

LEAST_RECORDINGS = 2
"""What fewer recordings than this show is chance."""

HELD_BACK = 0.25
"""Of every count so much is kept for what was never seen (absolute discounting): two recordings carry two steps."""

BACK_OFF = 0.9
"""What each step that history has to do without takes from a probability (stupid back-off, Brants et al. 2007)."""

MOST_READ = 200
"""So many of the newest trajectories make the graph: a fraction of a second."""

START, END, GAP = "\x00start", "\x00end", "\x00gap"

Context = tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """The steps of one trajectory, each by what it is known by and in words; `risky` are those never in a batch."""

    trajectory: str
    title: str
    steps: tuple[tuple[str, str], ...]
    risky: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Next:
    """A step that may come next: how probable it is, and which trajectories went that way."""

    key: str
    probability: float
    lent: frozenset[str]


@dataclass
class HistoryGraph:
    """What followed what, in how many recordings: from the last one, two or three steps to the next."""

    follows: dict[Context, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shown: dict[tuple[Context, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    words: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    risky: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, walks: Iterable[Walk]) -> "HistoryGraph":
        """The graph of these walks; of a step that several tell, the words of the first are kept."""
        graph = cls()
        for walk in walks:
            graph.titles[walk.trajectory] = walk.title
            graph.risky |= walk.risky
            for key, words in walk.steps:
                graph.words.setdefault(key, words)
            graph._learn([START, *(key for key, _ in walk.steps), END], walk.trajectory)
        return graph

    def ahead(self, history: Sequence[str], *, most: int = MOST_AHEAD) -> tuple[Next, ...]:
        """The steps that come next after these, as many as are sure together: none of them the end, none risky."""
        found: list[Next] = []
        sure, walked = 1.0, [START, *history]
        while len(found) < most:
            following = self.next(walked)
            if following is None or following.key in {START, END, GAP} | self.risky:
                break
            sure *= following.probability
            if sure < CONFIDENT:
                break
            found.append(following)
            walked.append(following.key)
        return tuple(found)

    def next(self, walked: Sequence[str]) -> Next | None:
        """The most probable step by the longest history that several recordings have; None where none has any."""
        longest = min(ORDER, len(walked))
        for length in range(longest, 0, -1):
            context = tuple(walked[-length:])
            counted = self.follows.get(context)
            if not counted or len(set().union(*(self.shown[context, key] for key in counted))) < LEAST_RECORDINGS:
                continue
            key, count = counted.most_common(1)[0]
            probability = BACK_OFF ** (longest - length) * count / (counted.total() + HELD_BACK)
            lent = frozenset(self.shown[context, key])
            return Next(key, probability, lent) if len(lent) >= LEAST_RECORDINGS else None
        return None

    def _learn(self, keys: Sequence[str], trajectory: str) -> None:
        for place in range(1, len(keys)):
            for length in range(1, min(ORDER, place) + 1):
                context = tuple(keys[place - length : place])
                if GAP not in (*context, keys[place]):
                    self.follows[context][keys[place]] += 1
                    self.shown[context, keys[place]].add(trajectory)


@dataclass
class Foreseen:
    """What the library in `folder` expects of a run, which knows how it went so far; see `workbench.approving`.

    The graph is read when somebody is asked for the first time. Raises as the library does.
    """

    folder: Path
    _graph: HistoryGraph | None = None
    _history: list[str] = field(default_factory=list)

    def key(self, step: Step) -> str:
        """What a step is known by; empty for looking around, waiting and remarks."""
        return "" if isinstance(step.action, LEFT_OUT) else key_of(step)

    def expected(self, step: Step) -> Expected | None:
        """What comes after the step that is to be approved."""
        key = self.key(step)
        if not key:
            return None
        if self._graph is None:
            with Library.open(self.folder) as library:
                self._graph = HistoryGraph.of(walks_of(library))
        return expected_after(self._graph, (*self._history, key))

    def went(self, step: Step | None) -> None:
        """The step was done; where a person did something else, history begins anew."""
        key = GAP if step is None else self.key(step)
        if key:
            self._history.append(key)


def expected_after(graph: HistoryGraph, history: Sequence[str]) -> Expected | None:
    """The batch that can be offered after these steps; None where the graph is not sure of any."""
    found = graph.ahead(history)
    if not found:
        return None
    sure = 1.0
    for one in found:
        sure *= one.probability
    lent = sorted(frozenset.intersection(*(one.lent for one in found)) or found[0].lent)
    words = tuple(graph.words[one.key] for one in found)
    why = f"{_like([graph.titles[one] for one in lent])}, sure by {sure:.2f}"
    return Expected(Batch(len(found), round(sure, 3), words, why, tuple(lent)), tuple(one.key for one in found))


def walks_of(library: Library) -> Iterator[Walk]:
    """The newest trajectories that history is made of: reviewed ones, and of those of models what finished."""
    standings = library.learning.standings()
    read = 0
    for one in library.summaries():
        retired = one.id in standings and not standings[one.id].active
        fits = one.state == "complete" and one.reviewed and (one.source != "agent" or one.outcome == "finished")
        if fits and not retired and read < MOST_READ:
            read += 1
            with suppress(BadInputError):  # deleted meanwhile, or damaged, which `verify` tells: no run ends for that
                yield walk_of(library.get(one.id))


def walk_of(trajectory: Trajectory) -> Walk:
    """A trajectory as steps that the graph knows; a step that nobody can name parts what is before it from the rest."""
    steps = [one.step for one in abstracted(trajectory)]
    keys = [(key_of(step), step) for step in steps]
    risky = frozenset(key for key, step in keys if named_risk(step).risk in RISKY)
    told = tuple((key, _words(step)) for key, step in keys)
    return Walk(trajectory.id, trajectory.title, told, risky)


def key_of(step: Step) -> str:
    """What a step is known by: program, kind, role and name of the target; of typing only that, whatever is typed.

    Where typing goes is told by the click before it. `GAP` stands for a step that nobody can name.
    """
    token = next((one.token for one in abstracted(Trajectory("", "", (step,)))), ())
    if not token:
        return GAP
    return "\t".join(token[:2] if isinstance(step.action, TypeText) and not step.action.secret else token)


def _words(step: Step) -> str:
    if not isinstance(step.action, TypeText):
        return describe(step)
    return "type a secret" if step.action.secret else "type a text"


def _like(titles: Sequence[str]) -> str:
    others = len(titles) - 1
    return f"as in {quoted(titles[0])}" + (f" and {others} more" if others else "")
