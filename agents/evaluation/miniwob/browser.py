"""Chromium on a private desktop with one page in it, and the channel by which episodes begin and are scored.

The channel begins an episode with a seed, reads the task in words, and the reward afterwards. It neither sees nor
touches the page on anybody's behalf: who acts has the desktop, as with any other application.
"""

import contextlib
import math
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct

from agents.evaluation.miniwob.devtools import BrowserError, DevTools
from workbench.errors import UnavailableError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ZOOM = 2.0
"""Pages are 160 x 210 pixels: at their own size their print is too small for any reader."""

_OPTIONS = (
    "--remote-debugging-pipe",
    "--force-renderer-accessibility",
    "--start-maximized",
    "--no-first-run",
    "--no-default-browser-check",
    "--test-type",
    "--password-store=basic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--disable-translate",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-background-timer-throttling",
    "--disable-save-password-bubble",
    "--no-pings",
    # every name is unknown and every connection goes to a proxy that is not there
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)
_ENDS_S = 3.0
_LOOKS_AGAIN_S = 0.02

_BEGIN = """(() => {
  for (const id of ['reward-display', 'click-canvas']) document.getElementById(id).style.display = 'none';
  core.EPISODE_MAX_TIME = %(limit_ms)d;
  Math.seedrandom(%(seed)d);
  core.setDataMode('train');
  core.startEpisodeReal();
  core.cover_div.onclick = null;
  core.cover_div.textContent = '';
})()"""
"""The package's own way to begin (`miniwob.selenium_instance`), so that a seed means the problem that it means there.

What the page shows of rewards and time is hidden, and an episode that is over can no more be begun by a click.
"""

_TOLD = "(() => { const told = core.getUtterance(); return told.utterance || told; })()"
_RESULT = "({over: WOB_DONE_GLOBAL, reward: WOB_RAW_REWARD_GLOBAL, reason: String(WOB_REWARD_REASON || '')})"
_MARK = """(() => {
  const mark = document.createElement('div');
  mark.id = 'workbench-mark';
  mark.setAttribute('role', 'img');
  mark.setAttribute('aria-label', '%s');
  mark.style = 'position: fixed; left: 0; top: 0; width: 2px; height: 2px';
  document.body.append(mark);
})()"""
_UNMARK = "document.getElementById('workbench-mark').remove()"
_SHAPE = "[innerWidth, innerHeight, devicePixelRatio]"


class Result(Struct, frozen=True):
    """What the page says of its episode: whether it is over, its reward, untouched by time, and the reason."""

    over: bool
    reward: float
    reason: str = ""


@dataclass
class Browser:
    """One browser with one page; make it with `start`. For one thread. Whatever fails raises `BrowserError`."""

    process: "subprocess.Popen[bytes]"
    devtools: DevTools
    session: str = ""
    target: str = ""
    shape: tuple[float, ...] = ()

    @classmethod
    def start(cls, environment: Mapping[str, str], folder: Path, first: str, *, zoom: float = ZOOM) -> "Browser":
        """Start it on the desktop of that environment, with the page `first`; everything it writes is in `folder`.

        Raises `UnavailableError` where no Chromium is installed.
        """
        words = [
            _program(environment),
            *_OPTIONS,
            *_as_root(),
            f"--user-data-dir={folder / 'profile'}",
            f"--app={first}",
        ]
        _fill_profile(folder / "profile", zoom)
        process = _spawn(words, environment, folder / "browser.log")
        assert process.stdin is not None
        assert process.stdout is not None
        browser = cls(process, DevTools(process.stdin.fileno(), process.stdout.fileno()))
        try:
            browser._attach(first)
        except BrowserError as error:
            browser.close()
            raise BrowserError(f"{error}; it said: {_last_line(folder / 'browser.log')}") from None
        return browser

    def begin(self, page: str, seed: int, limit_s: float) -> str:
        """Load the page anew, begin its episode and return the task in words."""
        self.open(page)
        self.evaluate(_BEGIN % {"limit_ms": round(limit_s * 1000), "seed": seed})
        return str(self.evaluate(_TOLD)).strip()

    def open(self, page: str) -> None:
        """Load a page and wait until it has built itself up."""
        self.devtools.forget_events()
        self._call("Page.navigate", url=page)
        self.devtools.await_event("Page.loadEventFired", self.session)

    @contextlib.contextmanager
    def marked(self, name: str) -> Iterator[None]:
        """For so long the page has a picture of that name, letters alone, in its corner; it is too small to be seen."""
        self.evaluate(_MARK % name)
        try:
            yield
        finally:
            self.evaluate(_UNMARK)

    def result(self) -> Result:
        """How the episode stands."""
        import msgspec

        try:
            return msgspec.convert(self.evaluate(_RESULT), Result, strict=False)
        except msgspec.ValidationError as error:
            raise BrowserError(f"the page breaks: it says of its episode what is no result: {error}") from None

    def is_as_new(self) -> bool:
        """Whether it is alive and still the one window, of the size and zoom that it began with."""
        try:
            return self._pages() == [self.target] and self._shape() == self.shape
        except BrowserError:
            return False

    def close(self) -> None:
        """End it and its processes; idempotent."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            self.process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _attach(self, first: str) -> None:
        until_s = time.monotonic() + self.devtools.timeout_s
        while not (pages := self._pages()):
            if time.monotonic() > until_s:
                raise BrowserError(f"the browser opens no page within {self.devtools.timeout_s:g} s")
            time.sleep(_LOOKS_AGAIN_S)
        self.target = pages[0]
        attached = self.devtools.call("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session = str(attached["sessionId"])
        self._call("Page.enable")
        self.open(first)
        self.shape = self._shape()

    def _pages(self) -> list[str]:
        found = self.devtools.call("Target.getTargets")["targetInfos"]
        return [each["targetId"] for each in found if each["type"] == "page"]

    def _shape(self) -> tuple[float, ...]:
        return tuple(self.evaluate(_SHAPE))

    def _call(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        return self.devtools.call(method, self.session, **parameters)

    def evaluate(self, script: str) -> Any:
        """The value of a script in the page, as JSON has it."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            thrown = answer["exceptionDetails"].get("exception", {}).get("description", "an exception")
            raise BrowserError(f"the page breaks: {thrown.splitlines()[0]}")
        return answer["result"].get("value")


def _program(environment: Mapping[str, str]) -> str:
    import shutil

    found = (shutil.which(name, path=environment.get("PATH")) for name in PROGRAMS)
    program = next(filter(None, found), None)
    if program is None:
        raise UnavailableError("Chromium is not installed, which MiniWoB++ needs: install chromium")
    return program


def _fill_profile(profile: Path, zoom: float) -> None:
    import json

    # the zoom of the browser's own menu: with a device scale factor accessibility and screen disagree about places
    preferences = {"partition": {"default_zoom_level": {"x": math.log(zoom, 1.2)}}}
    settings = profile / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(preferences), "utf-8")


def _as_root() -> Sequence[str]:
    # Chromium refuses to start as root otherwise; the pages are the package's own and nothing else can be loaded
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def _spawn(words: Sequence[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    # Chromium speaks on the descriptors 3 and 4
    script = 'exec "$@" 3<&0 4>&1 </dev/null >"$LOG" 2>&1'
    return subprocess.Popen(
        ["sh", "-c", script, "sh", *words],
        env={**environment, "LOG": str(log)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").split("\n") if log.is_file() else []
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "nothing")
