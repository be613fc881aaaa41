"""What all stages have in common: a private desktop with eyes of its own, and a second chance for what broke down."""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agents.evaluation.suites import Acted, Score
from workbench.desktop.private import PrivateDesktop
from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from workbench.desktop.ports import Accessibility, Desktop


@dataclass(frozen=True)
class Place:
    """A private desktop, and the stage's own eyes on it; nobody who acts shares them."""

    private: PrivateDesktop
    desktop: "Desktop"

    @property
    def voice(self) -> "Accessibility":
        """What the applications say of themselves."""
        assert self.desktop.accessibility is not None
        return self.desktop.accessibility

    def rest(self, still_s: float, limit_s: float) -> None:
        """Wait until nothing has changed on the screen for `still_s`, for `limit_s` at most."""
        until_s = time.monotonic() + limit_s
        self.desktop.screens.grab()
        while time.monotonic() < until_s and self.desktop.screens.wait_for_change(still_s):
            self.desktop.screens.grab()


@dataclass(frozen=True)
class Lost:
    """An episode that broke down, why, and what it is worth; no `score` where it did not even begin."""

    why: str
    score: Score | None = None


def opened_place(running: ExitStack, size_px: tuple[int, int]) -> Place:
    """A new desktop of that size, which ends with `running`; raises `UnavailableError` where none can be had."""
    from workbench.desktop.atspi.opening import open_accessibility
    from workbench.desktop.x11.opening import open_x11

    private = running.enter_context(PrivateDesktop.start(size_px))
    opened = open_x11(
        private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
    )
    return Place(private, running.enter_context(closing(opened)))


def with_second_chance(played: Callable[[], Score | Lost], renew: Callable[[], None], told: str) -> Score:
    """The score of an episode, or, where that broke down, of the same one played once more after `renew`.

    What breaks down twice is worth what was known of it then; raises `UnavailableError`, in which `told` names the
    episode, where it twice did not even begin.
    """
    first = played()
    if isinstance(first, Score):
        return first
    renew()
    again = played()
    if isinstance(again, Score):
        return replace(again, repeated=first.why)
    renew()
    if again.score is None:
        raise UnavailableError(f"{told} cannot be played: {again.why}")
    return replace(again.score, ended="broken", reason=again.why, repeated=first.why)


def worth_nothing(task: str, seed: int, told: str, *, acted: Acted, seconds: float) -> Score:
    """The score of whoever acted so, where nothing came of it."""
    return Score(
        task=task,
        seed=seed,
        told=told,
        reward=0.0,
        success=False,
        steps=acted.steps,
        seconds=seconds,
        ended=acted.ended,
        reason=acted.reason,
        asked=acted.asked,
        tokens=acted.tokens,
        run=acted.run,
    )
