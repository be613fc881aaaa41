"""Element lists that can be relied on: nothing is concluded from what a busy application did not answer."""

from agents.screen.listing import MOST_LINES
from agents.screen.reading import Read, read_screen
from workbench.locate.sight import Sight

TRIES = 2
"""A busy application is asked again at once, so many times in all."""


def read_whole(sight: Sight, *, before: Read | None = None, wanted: str = "", most: int = MOST_LINES) -> Read | None:
    """The list of this moment; None where somebody did not answer in time, so that lines may be missing on it."""
    accessibility = sight.accessibility
    for _ in range(TRIES):
        unanswered = accessibility.unanswered if accessibility else 0
        read = read_screen(sight, before=before, most=most, wanted=wanted)
        if accessibility is None or accessibility.unanswered == unanswered:
            return read
    return None
