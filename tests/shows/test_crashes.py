"""Whatever dies, what was done is kept, nothing stays held or running, and one line says what happened.

`WORKBENCH_SHOWS=full` kills at 50 instants instead of six.
"""

import json
import os
import random
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from workbench.actions import PressKeys, TypeText, Wait
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.windows import X11Windows
from workbench.inputs import InputEvent
from workbench.library.store import Library
from workbench.trajectory import Step, Trajectory

KILLS = 50 if os.environ.get("WORKBENCH_SHOWS") == "full" else 6
LOST_NS = 100_000_000
HANDOVERS = 4
"""From the hook to the disk an event is handed over so often: a machine with more to do delays each of them."""
PATIENCE_S = 60.0
TOKEN = "WORKBENCH_TEST_TOKEN"
ACTS = frozenset({"button_down", "button_up", "key_down", "key_up"})
RELEASES = {X.KeyPress: "key_down", X.KeyRelease: "key_up", X.ButtonPress: "button_down", X.ButtonRelease: "button_up"}


@dataclass
class Hand:
    """Clicks and types as fast as a person can; writes down what it did when, and how late the system woke it."""

    display: str
    done: list[tuple[int, str]] = field(default_factory=list)
    closed: bool = False
    delay_ns: int = 0

    def __post_init__(self) -> None:
        self.connection = Display(self.display)

    def work(self, end_s: float, chance: random.Random) -> None:
        """Go on until that moment; nothing is held afterwards."""
        while time.monotonic() < end_s:
            if chance.random() < 0.1:
                self.click(chance.randrange(300, 900), chance.randrange(300, 500))
                self._rest(chance.uniform(0.1, 0.2))
            else:
                self.key(chance.choice("abcdefgh"))
                self._rest(chance.uniform(0.01, 0.09))

    def click(self, x: int, y: int) -> None:
        xtest.fake_input(self.connection, X.MotionNotify, 0, x=x, y=y)
        for kind in (X.ButtonPress, X.ButtonRelease):
            self._send(kind, 1)

    def key(self, name: str) -> None:
        for kind in (X.KeyPress, X.KeyRelease):
            self._send(kind, self.connection.keysym_to_keycode(XK.string_to_keysym(name)))

    def held(self) -> int:
        """How many keys and buttons are down."""
        buttons = self.connection.screen().root.query_pointer().mask >> 8 & 0x1F
        return sum(map(int.bit_count, self.connection.query_keymap())) + int(buttons).bit_count()

    def close(self) -> None:
        """Disconnect; idempotent."""
        if not self.closed:
            self.connection.close()
        self.closed = True

    def _rest(self, seconds: float) -> None:
        due_ns = time.monotonic_ns() + round(seconds * 1e9)
        time.sleep(seconds)
        self.delay_ns = max(self.delay_ns, time.monotonic_ns() - due_ns)

    def _send(self, kind: int, detail: int) -> None:
        xtest.fake_input(self.connection, kind, detail)
        self.connection.sync()
        self.done.append((time.monotonic_ns(), RELEASES[kind]))


@pytest.fixture
def hand() -> Iterator[Callable[[PrivateDesktop], Hand]]:
    made: list[Hand] = []

    def on(desktop: PrivateDesktop) -> Hand:
        made.append(Hand(desktop.display))
        return made[-1]

    yield on
    for one in made:
        one.close()


def until(holds: Callable[[], Any], what: str = "it") -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < end_s, f"{what} did not happen"
        time.sleep(0.05)
    return found


def marked(token: str) -> dict[int, str]:
    """The living processes that carry the token in their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes()
            if token.encode() in words:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def with_token(environment: dict[str, str]) -> tuple[dict[str, str], str]:
    token = uuid.uuid4().hex
    return environment | {TOKEN: token}, token


def listening(recorder: "subprocess.Popen[str]") -> str:
    assert recorder.stderr
    line = next((line for line in recorder.stderr if line.startswith("recording ")), "")
    assert line, "the recorder ended before it listened"
    return line.split()[1]


def acts_of(events: Sequence[InputEvent]) -> list[str]:
    return [event.kind for event in events if event.kind in ACTS]


def gone_ns(done: Sequence[tuple[int, str]], kept: Sequence[str], killed_ns: int) -> int:
    """How old at the kill the oldest thing is that was done and is lost; 0 where nothing is."""
    assert [kind for _, kind in done[: len(kept)]] == list(kept)
    return killed_ns - done[len(kept)][0] if len(kept) < len(done) else 0


def written(workbench: Any, identifier: str) -> list[str]:
    """What the recording, which may still go on, has on the disk."""
    with Library.open(workbench.library) as library:
        return acts_of(library.events(identifier))


@pytest.fixture(scope="module")
def editor() -> Iterator[PrivateDesktop]:
    """One desktop with an editor for all kills of this module."""
    with PrivateDesktop.start((1280, 800)) as desktop:
        desktop.launch("mousepad")
        yield desktop


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
def test_killing_a_recording_at_any_instant_loses_nothing_older_than_100_ms(
    workbench: Any,
    editor: PrivateDesktop,
    hand: Callable[[PrivateDesktop], Hand],
    record_property: Callable[[str, object], None],
    number: int,
) -> None:
    chance, worker = random.Random(number), hand(editor)
    environment, token = with_token(editor.environment())
    recorder = workbench.start("record", "--json", environment=environment)
    identifier = listening(recorder)
    worker.key("a")
    until(lambda: written(workbench, identifier), "the writing of a first key")  # without one there is no step to list
    worker.work(time.monotonic() + chance.uniform(0.2, 2.0), chance)
    victims = [("recorder.child",), ("ui.cli.main",), ("recorder.child", "ui.cli.main")][number % 3]
    pids = [pid for pid, words in marked(token).items() if any(name in words for name in victims)]
    killed_ns = time.monotonic_ns()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    out, talk = recorder.communicate(timeout=PATIENCE_S)
    until(lambda: not marked(token), f"the end of {marked(token)}")
    assert worker.held() == 0
    if victims == ("recorder.child",):
        assert json.loads(out)["trajectory"] == identifier
        assert "signal 9" in talk
    assert_usable(workbench, identifier)
    with Library.open(workbench.library) as library:
        kept = acts_of(library.events(identifier))
    lost_ns = gone_ns(worker.done, kept, killed_ns)
    record_property("acts", len(worker.done))
    record_property("lost_ms", lost_ns / 1e6)
    record_property("delay_ms", worker.delay_ns / 1e6)
    assert lost_ns <= LOST_NS + HANDOVERS * worker.delay_ns
    use(workbench, identifier, environment, replayed=number % 4 == 0)


def assert_usable(workbench: Any, identifier: str) -> None:
    """The library verifies and lists the recording with its steps."""
    assert workbench.json("verify") == {"ok": True, "problems": []}
    (listed,) = workbench.json("list")
    assert listed["id"] == identifier
    assert listed["steps"] == len(workbench.json("show", identifier)["steps"]) > 0


def use(workbench: Any, identifier: str, environment: dict[str, str], *, replayed: bool) -> None:
    if replayed:
        done = workbench.run("replay", identifier, "--json", "--timeout", "2", environment=environment)
        assert done.returncode in (0, 1), done.stderr
        assert json.loads(done.stdout)["steps"]
    done = workbench.run("delete", identifier, "--yes")
    assert done.returncode == 0, done.stderr
    assert workbench.json("list") == []


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["ui.cli.main", "recorder.child"])
def test_killing_a_recording_leaves_no_private_desktop(workbench: Any, victim: str) -> None:
    environment, token = with_token(dict(os.environ))
    recorder = workbench.start(
        "record", "--json", "--private-desktop", "640x480", "--app", "xcalc", environment=environment
    )
    listening(recorder)
    assert any("Xvfb" in words for words in marked(token).values())
    for pid, words in marked(token).items():
        if victim in words:
            os.kill(pid, signal.SIGKILL)
    recorder.communicate(timeout=PATIENCE_S)
    until(lambda: not marked(token), f"the end of {marked(token)}")
    assert workbench.json("verify")["ok"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_recording_with_everything_saved(
    workbench: Any, editor: PrivateDesktop, hand: Callable[[PrivateDesktop], Hand], number: signal.Signals
) -> None:
    worker = hand(editor)
    environment, token = with_token(editor.environment())
    recorder = workbench.start("record", "--json", environment=environment)
    identifier = listening(recorder)
    worker.work(time.monotonic() + 0.8, random.Random(1))
    recorder.send_signal(number)
    out, talk = recorder.communicate(timeout=PATIENCE_S)
    assert recorder.returncode == 0, talk
    assert json.loads(out)["trajectory"] == identifier
    with Library.open(workbench.library) as library:
        assert acts_of(library.events(identifier)) == [kind for _, kind in worker.done]
    until(lambda: not marked(token), "the end of its processes")
    assert_usable(workbench, identifier)


def called(pid: int) -> str:
    """The name of the process, none where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def xvfb_of(desktop: PrivateDesktop) -> int:
    return next(pid for pid in desktop.process_ids() if called(pid) == "Xvfb")


def one_line(talk: str) -> str:
    """The line with the error, the only one on standard error."""
    lines = [line for line in talk.splitlines() if line.startswith("workbench-cli: ")]
    assert len(lines) == 1, talk
    assert "Traceback" not in talk
    return lines[0]


@pytest.mark.slow
def test_a_display_that_goes_away_ends_the_recording_and_keeps_it(
    workbench: Any, desk: Callable[..., PrivateDesktop], hand: Callable[[PrivateDesktop], Hand]
) -> None:
    desktop = desk("mousepad")
    environment, token = with_token(desktop.environment())
    recorder = workbench.start("record", "--json", environment=environment)
    identifier = listening(recorder)
    worker = hand(desktop)
    worker.work(time.monotonic() + 0.8, random.Random(2))
    worker.close()
    time.sleep(0.2)
    os.kill(xvfb_of(desktop), signal.SIGKILL)
    out, talk = recorder.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in talk
    assert "display" in talk
    assert recorder.returncode == 0
    assert json.loads(out)["trajectory"] == identifier
    until(lambda: not marked(token), "the end of its processes")
    assert_usable(workbench, identifier)


LONG = "the quick brown fox " * 400
ORDER = (Step("s1", TypeText(LONG)), Step("s2", PressKeys(("ctrl", "a"))), Step("s3", Wait(60)))


def start_typing(workbench: Any, desktop: PrivateDesktop, report: Path) -> tuple["subprocess.Popen[str]", str]:
    """A replay that is in the middle of typing a long text."""
    with Library.open(workbench.library) as library:
        library.save(Trajectory(library.new_id(), "long", ORDER))
    environment, token = with_token(desktop.environment())
    words = ("replay", "long", "--json", "--report", str(report), "--timeout", "3")
    replay = workbench.start(*words, environment=environment)
    eyes = Display(desktop.display)
    windows = X11Windows(eyes)
    until(lambda: (active := windows.active()) and active.title.startswith("*"), "typing")
    eyes.close()
    return replay, token


def assert_told(done: "subprocess.Popen[str]", report: Path, *, code: int) -> str:
    """One line, the exit code and the report; what it said."""
    out, talk = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == code, (out, talk)
    assert "Traceback" not in talk
    assert list(report.rglob("*.html")), talk
    return out + talk


@pytest.mark.slow
def test_a_display_that_goes_away_ends_the_replay(
    workbench: Any, desk: Callable[..., PrivateDesktop], tmp_path: Path
) -> None:
    desktop = desk("mousepad")
    replay, token = start_typing(workbench, desktop, tmp_path / "report")
    os.kill(xvfb_of(desktop), signal.SIGKILL)
    said = assert_told(replay, tmp_path / "report", code=4)
    assert "display" in one_line(said)
    until(lambda: not marked(token), "the end of its processes")
    assert workbench.json("verify")["ok"]


@pytest.mark.slow
def test_an_application_that_dies_ends_the_replay_with_nothing_held(
    workbench: Any, desk: Callable[..., PrivateDesktop], hand: Callable[[PrivateDesktop], Hand], tmp_path: Path
) -> None:
    desktop = desk("mousepad")
    replay, token = start_typing(workbench, desktop, tmp_path / "report")
    for pid in desktop.process_ids():
        if "mousepad" in called(pid):
            os.kill(pid, signal.SIGKILL)
    said = assert_told(replay, tmp_path / "report", code=1)
    assert json.loads(said[: said.rindex("}") + 1])["outcome"] == "failed"
    assert hand(desktop).held() == 0
    until(lambda: not marked(token), "the end of its processes")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True).returncode:
        pytest.skip("only root may mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the space that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                continue
        except OSError:
            return filler
    return filler


@pytest.mark.slow
def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(
    workbench: Any, editor: PrivateDesktop, hand: Callable[[PrivateDesktop], Hand], small_disk: Path
) -> None:
    workbench.library, worker = small_disk / "library", hand(editor)
    environment, token = with_token(editor.environment())
    recorder = workbench.start("record", "--json", environment=environment)
    identifier = listening(recorder)
    worker.work(time.monotonic() + 0.8, random.Random(3))
    before = len(worker.done)
    until(lambda: len(written(workbench, identifier)) >= before, "the writing of what was done")
    filler = fill(small_disk)
    worker.work(time.monotonic() + 1.0, random.Random(4))
    _, talk = recorder.communicate(timeout=PATIENCE_S)
    assert recorder.returncode == 4
    assert "disk is full" in one_line(talk)
    until(lambda: not marked(token), "the end of its processes")
    filler.unlink()
    assert_usable(workbench, identifier)
    with Library.open(workbench.library) as library:
        kept = acts_of(library.events(identifier))
    assert len(kept) >= before


@pytest.mark.slow
def test_a_full_disk_ends_the_replay_with_nothing_held(
    workbench: Any,
    desk: Callable[..., PrivateDesktop],
    hand: Callable[[PrivateDesktop], Hand],
    small_disk: Path,
    tmp_path: Path,
) -> None:
    desktop = desk("mousepad")
    workbench.library = small_disk / "library"
    with Library.open(workbench.library) as library:
        library.save(
            Trajectory(library.new_id(), "short", (Step("s1", TypeText("a word")), Step("s2", TypeText("more"))))
        )
    filler = fill(small_disk)
    done = workbench.run(
        "replay", "short", "--json", "--report", str(tmp_path / "r"), environment=desktop.environment()
    )
    assert done.returncode == 4, done.stdout
    assert "disk" in one_line(done.stderr)
    assert hand(desktop).held() == 0
    filler.unlink()
    assert workbench.json("verify")["ok"]
