"""Episodes of MiniWoB++ on a private desktop: fresh page, somebody acts, the page's reward is the score."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from msgspec.structs import replace

from agents.evaluation.miniwob.browser import Browser, Result
from agents.evaluation.miniwob.devtools import BrowserError
from agents.evaluation.miniwob.pages import ACCESSIBLE, Pages
from agents.evaluation.miniwob.settling import settle
from agents.evaluation.staging import Lost, Place, opened_place, with_second_chance, worth_nothing
from agents.evaluation.suites import Actor, Assignment, Limits, Score, StageOptions

SIZE_PX = (640, 880)
"""Room for the highest page; more would be empty screen for every reader."""

FULL = 1.0
"""The raw reward of a task that is solved, as `miniwob.reward.get_binary_reward` has it.

Some pages give a part of it for wrong answers: checkboxes for every box that is rightly left alone.
"""

TIMED_OUT = "timed out"
"""The page's own reason for its reward when the time is up."""


@dataclass(frozen=True)
class MiniWob:
    """The suite: Farama's pages, of which those that can be read through accessibility are its tasks.

    The drawn ones can be played as well, by who names them (`agents.evaluation.miniwob.pages.DRAWN`).
    """

    name: str = "miniwob"

    def tasks(self) -> tuple[str, ...]:
        """The accessible tasks, by name; raises `UnavailableError` where the pages are not installed."""
        pages = Pages.installed()
        return tuple(task for task in ACCESSIBLE if pages.has(task))

    @contextmanager
    def open(self, options: StageOptions = StageOptions()) -> "Iterator[MiniWobStage]":  # noqa: B008 - frozen
        """A stage with a desktop of its own, which begins with its first episode."""
        stage = MiniWobStage(Pages.installed(), options.size_px or SIZE_PX)
        try:
            yield stage
        finally:
            stage.close()


@dataclass
class MiniWobStage:
    """A private desktop with one browser, which goes from page to page; both are new after any trouble. One thread."""

    pages: Pages
    size_px: tuple[int, int]
    _place: Place | None = None
    _browser: Browser | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    def play(self, task: str, seed: int, actor: Actor, limits: Limits) -> Score:
        """One episode; the page itself ends it with -1 when the time is up.

        An episode whose browser breaks down is played a second time, on a new desktop. When the actor's work breaks
        it again that is worth nothing. Raises `UnavailableError` for a browser that twice does not even begin.
        """
        page, named = self.pages.page(task), f"{task} with seed {seed}"
        score = with_second_chance(lambda: self._played(page, seed, actor, limits), self.close, named)
        return replace(score, task=task)

    def close(self) -> None:
        """End browser and desktop; the next episode brings new ones."""
        self._browser = self._place = None
        self._running.close()

    def _played(self, page: str, seed: int, actor: Actor, limits: Limits) -> Score | Lost:
        try:
            place, browser = self._fresh()
            told = browser.begin(page, seed, limits.seconds)
            settle(place, browser)
        except BrowserError as error:
            return Lost(f"{error}; try `chromium` by hand")
        watch, began_s = _Watch(browser), time.monotonic()
        acted = actor.act(Assignment(told, place.private.environment(), limits, watch.is_over))
        score = worth_nothing("", seed, told, acted=acted, seconds=time.monotonic() - began_s)
        try:
            return _judged(score, browser.result())
        except BrowserError as error:
            return Lost(str(error), score)

    def _fresh(self) -> tuple[Place, Browser]:
        """The desktop with a browser as it was when it was started; whatever an actor changed about it is gone."""
        if self._browser is not None and not self._browser.is_as_new():
            self.close()
        if self._place is None or self._browser is None:
            self.close()
            place = opened_place(self._running, self.size_px)
            private = place.private
            self._browser = Browser.start(private.environment(), private.folder, self.pages.page("click-test"))
            self._running.callback(self._browser.close)
            self._place = place
        return self._place, self._browser


@dataclass
class _Watch:
    """Says whether an episode is over: finished, or broken down."""

    browser: Browser
    _over: bool = False

    def is_over(self) -> bool:
        if not self._over:
            self._over = True
            with suppress(BrowserError):
                self._over = self.browser.result().over
        return self._over


def _judged(score: Score, result: Result) -> Score:
    """The score with what the page says of an episode that is over."""
    if not result.over:
        return score
    ended = "seconds" if result.reason == TIMED_OUT else score.ended
    return replace(
        score,
        reward=result.reward,
        success=result.reward >= FULL,
        ended=ended,
        reason=result.reason or score.reason,
    )
