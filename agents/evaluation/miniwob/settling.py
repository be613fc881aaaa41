"""Waiting until the desktop says what the page says: accessibility and screen follow a page only after a while.

Without it an actor may be shown the page before, or a page whose episode has not begun, and more often on a busy
machine.
"""

import time
from collections.abc import Callable
from uuid import uuid4

from agents.evaluation.miniwob.browser import Browser
from agents.evaluation.miniwob.devtools import BrowserError
from agents.evaluation.staging import Place

_FOLLOWS_S = 10.0
"""So long after the page accessibility may be."""

_STILL_S, _DRAWN_S = 0.1, 1.0
"""How long the screen must not change, and how long that is waited for: some pages never rest."""

_POLL_S = 0.02


def settle(place: Place, browser: Browser) -> None:
    """Wait until accessibility has told everything that the page is now, and the screen rests.

    What is told arrives in the order in which it happened: a mark is set and taken away again, and once that has been
    heard, so has everything before. Raises `BrowserError` where it is never heard.
    """
    name = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex)
    with browser.marked(name):
        _await(lambda: _says(place, name) is True)
    _await(lambda: _says(place, name) is False)
    place.rest(_STILL_S, _DRAWN_S)


def _says(place: Place, name: str) -> bool | None:
    """Whether something of that name is there; None where nobody answered in time."""
    before = place.voice.unanswered
    apps = {window.app for window in place.desktop.windows.all()}
    found = any(place.voice.find(app=app, name=name, limit=1) for app in apps)
    return found if found or place.voice.unanswered == before else None


def _await(heard: Callable[[], bool]) -> None:
    until_s = time.monotonic() + _FOLLOWS_S
    while not heard():
        if time.monotonic() > until_s:
            raise BrowserError(f"accessibility is more than {_FOLLOWS_S:g} s behind the page")
        time.sleep(_POLL_S)
