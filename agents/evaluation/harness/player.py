"""Playing episodes in this process, one after the other, on one stage that stays open."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType

from msgspec import Struct

from agents.evaluation.harness.casting import Cast, Casting, cast_of, suite_named
from agents.evaluation.harness.plan import Episode
from agents.evaluation.harness.results import Played
from agents.evaluation.suites import Stage
from workbench.errors import UnavailableError


class Unplayed(Struct, frozen=True, tag=True):
    """An episode that could not be played, and why; it is no failure of who acts, and tried again the next time."""

    episode: Episode
    why: str


Outcome = Played | Unplayed


@dataclass
class Player:
    """One stage and its actors; use as a context manager. For one thread."""

    casting: Casting
    _stage: Stage | None = None
    _cast: Cast | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    def play(self, episode: Episode) -> Outcome:
        """One episode; stage and actors are opened with the first.

        Raises `BadInputError` for a task that the suite does not have, and whatever the actors cannot do at all.
        """
        if self._stage is None or self._cast is None:
            self._cast = cast_of(self.casting)
            self._open.callback(self._cast.close)
            self._stage = self._open.enter_context(suite_named(self.casting.suite).open(self.casting.stage))
        try:
            actor = self._cast.actor(episode.condition)
            return Played(episode, self._stage.play(episode.task, episode.seed, actor, self.casting.limits))
        except UnavailableError as error:
            return Unplayed(episode, str(error))

    def close(self) -> None:
        """Close stage and actors; idempotent."""
        self._stage = self._cast = None
        self._open.close()

    def __enter__(self) -> "Player":
        """Itself; nothing is opened yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()
