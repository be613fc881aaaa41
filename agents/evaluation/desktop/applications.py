"""The applications of an episode: started fresh in a home of their own, looked at, and ended with all they started."""

import os
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agents.evaluation.desktop.evidence import PageState, UnresponsiveError, file_in, setting_in
from agents.evaluation.desktop.forms import READ, page_of, state_of
from agents.evaluation.desktop.problems import App, Setting
from agents.evaluation.miniwob.browser import PROGRAMS as BROWSERS
from agents.evaluation.miniwob.browser import Browser
from agents.evaluation.miniwob.devtools import BrowserError
from agents.evaluation.staging import Place
from workbench.desktop import guard_ending
from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from workbench.trajectory import Element

PROGRAMS: Mapping[App, str] = {
    "editor": "mousepad",
    "calculator": "galculator",
    "browser": "chromium",
}
_TEXT_ROLES = ("text", "entry")
_STARTS_S = 30.0
_ENDS_S = 5.0
_POLL_S = 0.02
_STILL_S, _DRAWN_S = 0.25, 2.0
_BASES = {f"XDG_{kind}_HOME": f".{kind.lower()}" for kind in ("CONFIG", "DATA", "CACHE", "STATE")}


def refuse_missing() -> None:
    """Raise `UnavailableError` where an application is not installed."""
    wanted = [PROGRAMS[app] for app in ("editor", "calculator")]
    missing = [name for name in wanted if shutil.which(name) is None]
    if not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    if missing:
        raise UnavailableError(f"the tasks need {', '.join(missing)}; install what is missing")


@dataclass
class Applications:
    """What runs in one episode, and all that can be known of its outcome; start it, then `end` it. For one thread."""

    place: Place
    folder: Path
    _browser: Browser | None = None
    _expected: list[str] = field(default_factory=list)

    def start(self, setting: Setting) -> None:
        """Lay out the files and start the applications, the last one in front, each until it can be used.

        Raises `UnavailableError` for one that does not come up.
        """
        self.folder.mkdir()
        for name, text in setting.files.items():
            (self.folder / name).write_text(text, "utf-8")
        for app in setting.apps:
            self._start(app, setting)

    def end(self) -> None:
        """End the applications and whatever else shows a window, and remove the files; idempotent.

        Raises `UnavailableError` where something does not end.
        """
        if self._browser is not None:
            with suppress(ProcessLookupError):
                # its processes overwrite the environment by which those of the desktop are known
                os.killpg(self._browser.process.pid, signal.SIGKILL)
            self._browser.close()
            self._browser = None
        self._wait(self._are_gone, _ENDS_S, "what ran in the episode does not end")
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name: str) -> str | None:
        """As `Evidence` has it."""
        return file_in(self.folder, name)

    def setting(self, section: str, key: str) -> str:
        """As `Evidence` has it."""
        return setting_in(self.folder / ".config" / "glib-2.0" / "settings" / "keyfile", section, key)

    def text(self, app: str) -> str | None:
        """As `Evidence` has it."""
        found = [one for role in _TEXT_ROLES for one in self._find(app, role, None) if "multi-line" in one.states]
        return found[0].value if found else None

    def shows(self, app: str, role: str, name: str) -> bool:
        """As `Evidence` has it."""
        return bool(self._find(app, role, name))

    def page(self) -> PageState:
        """As `Evidence` has it."""
        if self._browser is None:
            return {}
        try:
            return state_of(self._browser.evaluate(READ))
        except BrowserError as error:
            raise UnresponsiveError(f"the page cannot be read: {error}") from error

    def refuse_hung(self) -> None:
        """Raise `UnresponsiveError` where an application that still runs does not answer."""
        for app in self._expected:
            if self.place.voice.speaks_for(app) is None:
                raise UnresponsiveError(f"{app} does not answer")

    def _find(self, app: str, role: str, name: str | None) -> "list[Element]":
        before = self.place.voice.unanswered
        found = self.place.voice.find(app=app, role=role, name=name, limit=4)
        if not found and self.place.voice.unanswered > before:
            raise UnresponsiveError(f"{app} does not answer")
        return found

    def _start(self, app: App, setting: Setting) -> None:
        variables = self._variables()
        if app == "browser":
            page = self.folder / ".page.html"
            page.write_text(page_of(setting.forms), "utf-8")
            environment = {**self.place.private.environment(), **variables}
            self._browser = Browser.start(environment, self.folder / ".browser", page.as_uri(), zoom=1.0)
            return
        program = PROGRAMS[app]
        # a new document is saved where the program was started
        words = ["env", f"--chdir={self.folder}", program, *([setting.opened] if app == "editor" else [])]
        self.place.private.launch(shlex.join(words), variables=variables)
        self._expected.append(program)
        self._wait(lambda: self._is_usable(program), _STARTS_S, f"{program} does not come up")
        # a program that is still drawing its window may lose the first click
        self.place.rest(_STILL_S, _DRAWN_S)

    def _variables(self) -> dict[str, str]:
        return {"HOME": str(self.folder), **{name: str(self.folder / base) for name, base in _BASES.items()}}

    def _is_usable(self, program: str) -> bool:
        active = self.place.desktop.windows.active()
        return active is not None and active.app == program and bool(self.place.voice.speaks_for(program))

    def _are_gone(self) -> bool:
        """Kill what lives in the home of the episode or shows a window; True once all of it is gone.

        The process of whoever acts may go on with the next episode.
        """
        windows = self.place.desktop.windows.all()
        left = guard_ending.family([f"HOME={self.folder}"], ()) | {window.pid for window in windows if window.pid}
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not left and not windows

    def _wait(self, answer: Callable[[], bool], limit_s: float, otherwise: str) -> None:
        until_s = time.monotonic() + limit_s
        while not answer():
            if time.monotonic() > until_s:
                raise UnavailableError(f"{otherwise}; free the machine and start again")
            time.sleep(_POLL_S)
