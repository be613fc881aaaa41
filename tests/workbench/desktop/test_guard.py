"""The guard: owners are really killed, and the world is looked at afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from workbench.desktop import guard_ending
from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.switch import is_enabled, switch_off
from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.private import PrivateDesktop
from workbench.errors import UnavailableError
from workbench.geometry import Point

KEY_A, KEY_B, LEFT = 38, 56, 1
PATIENCE_S = 60.0

PRELUDE = """
import os, signal, subprocess, sys, time
from pathlib import Path
from workbench.desktop.guard import Guard, Screenful
guard = Guard.start()
"""

HOLDING = """
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest
where, display = Screenful(sys.argv[1]), Display(sys.argv[1])
guard.hold_key(where, 38)
xtest.fake_input(display, X.KeyPress, 38)
guard.hold_button(where, 1)
xtest.fake_input(display, X.ButtonPress, 1)
display.sync()
"""

STARTING = """
guard.watch_folder(Path(sys.argv[1]))
leader = subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000 & wait"], start_new_session=True)
guard.watch_process(leader.pid)
spared = subprocess.Popen(["sleep", "1000"], start_new_session=True)
guard.watch_process(spared.pid)
guard.forget_process(spared.pid)
print(leader.pid, spared.pid, flush=True)
"""

READY = """
print("ready", guard.pid, flush=True)
signal.pause()
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[PrivateDesktop]:
    with PrivateDesktop.start((640, 480)) as started:
        yield started


@pytest.fixture
def display(desktop: PrivateDesktop) -> Iterator[Any]:
    with closing(Display(desktop.display)) as connection:
        yield connection


@contextmanager
def owner(*parts: str, words: tuple[str, ...] = ()) -> Iterator["subprocess.Popen[str]"]:
    """A process that owns a guard and does these things; killed at the end if it still runs."""
    code = "".join((PRELUDE, *parts, READY))
    with subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: "subprocess.Popen[str]") -> int:
    """Wait until the owner is ready; the guard's process id."""
    assert process.stdout
    word, pid = process.stdout.readline().split()
    assert word == "ready"
    return int(pid)


def holds(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return held


def is_down(display: Any, key: int) -> bool:
    return bool(display.query_keymap()[key // 8] >> (key % 8) & 1)


def button_is_down(display: Any) -> bool:
    return bool(display.screen().root.query_pointer().mask & X.Button1Mask)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_keys_and_buttons_are_released_when_the_owner_is_ended(
    desktop: PrivateDesktop, display: Any, number: signal.Signals
) -> None:
    with owner(HOLDING, words=(desktop.display,)) as process:
        ready(process)
        assert is_down(display, KEY_A)
        assert button_is_down(display)
        process.send_signal(number)
        assert holds(lambda: not is_down(display, KEY_A) and not button_is_down(display))


def test_a_key_that_somebody_else_holds_stays_down(desktop: PrivateDesktop, display: Any) -> None:
    where = Screenful(desktop.display)
    xtest.fake_input(display, X.KeyPress, KEY_B)
    display.sync()
    with Guard.start() as guard:
        guard.hold_key(where, KEY_A)
        guard.hold_key(where, KEY_B)
        guard.release_key(where, KEY_B)
    still_down = is_down(display, KEY_B)
    xtest.fake_input(display, X.KeyRelease, KEY_B)
    display.sync()
    assert still_down


def test_holding_on_a_display_that_is_gone_does_not_keep_the_guard_from_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with Guard.start() as guard:
        guard.hold_key(Screenful(":4711"), KEY_A)
        guard.watch_folder(folder)
    assert not folder.exists()


def test_a_display_that_hangs_does_not_keep_the_guard_from_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with PrivateDesktop.start((640, 480)) as hanging:
        server = next(pid for pid in hanging.process_ids() if Path(f"/proc/{pid}/comm").read_text() == "Xvfb\n")
        os.kill(server, signal.SIGSTOP)
        with Guard.start() as guard:
            guard.hold_key(Screenful(hanging.display), KEY_A)
            guard.watch_folder(folder)
        assert not folder.exists()


def test_watched_processes_end_with_all_they_started_and_forgotten_ones_do_not(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    with owner(STARTING, words=(str(folder),)) as process:
        assert process.stdout
        leader, spared = map(int, process.stdout.readline().split())
        ready(process)
        found = guard_ending.process(leader)
        assert found
        assert holds(lambda: len(guard_ending.family([], [found])) == 3)
        family = guard_ending.family([], [found])
        process.kill()
        assert holds(lambda: not any(map(guard_ending.process, family)) and not folder.exists())
    assert guard_ending.process(spared)
    os.kill(spared, signal.SIGKILL)


def test_marked_processes_are_found_even_when_they_left_their_group(tmp_path: Path) -> None:
    mark = f"WORKBENCH_TEST_MARK={tmp_path}"
    name, value = mark.split("=")
    with Guard.start() as guard:
        guard.watch_mark(mark)
        subprocess.run(["setsid", "-f", "sleep", "1000"], env={**os.environ, name: value}, check=True)
        # a process that is just turning into another program shows no environment
        assert holds(lambda: len(guard_ending.family([mark], [])) == 1)
    assert guard_ending.family([mark], []) == set()


def test_a_pid_that_was_given_to_somebody_else_is_spared() -> None:
    with subprocess.Popen(["sleep", "1000"], start_new_session=True) as newcomer:
        before = guard_ending.Process(newcomer.pid, os.getpid(), newcomer.pid, started=1)
        left = guard_ending.end_processes([], [before])
        assert left == set()
        assert newcomer.poll() is None
        newcomer.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_that_end_programs_do_not_end_the_guard(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with owner("guard.watch_folder(Path(sys.argv[1]))", words=(str(folder),)) as process:
        guard = ready(process)
        assert holds(lambda: _ignores(guard, number))
        os.kill(guard, number)
        process.kill()
        assert holds(lambda: not folder.exists())


def _ignores(pid: int, number: signal.Signals) -> bool:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    ignored = next(int(line.split()[1], 16) for line in lines if line.startswith("SigIgn"))
    return bool(ignored >> (number - 1) & 1)


def test_a_forked_copy_of_the_owner_does_not_keep_the_guard_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    fork = "guard.watch_folder(Path(sys.argv[1]))\nif os.fork() == 0:\n    time.sleep(1000)\n"
    with owner(fork, words=(str(folder),)) as process:
        ready(process)
        copies = set(guard_ending.family([], [found])) if (found := guard_ending.process(process.pid)) else set()
        process.kill()
        gone = holds(lambda: not folder.exists())
        for pid in copies - {process.pid}:
            if guard_ending.process(pid):
                os.kill(pid, signal.SIGKILL)
    assert gone


def test_accessibility_that_was_off_is_off_again_when_the_owner_is_killed(desktop: PrivateDesktop) -> None:
    opening = (
        "from workbench.desktop.atspi import open_accessibility\n"
        "accessibility = open_accessibility(sys.argv[1], guard=guard)\n"
    )
    switch_off(desktop.bus_address)
    with closing(Bus.connect(desktop.bus_address)) as bus, owner(opening, words=(desktop.bus_address,)) as process:
        ready(process)
        assert is_enabled(bus)
        process.kill()
        assert holds(lambda: not is_enabled(bus))


def test_a_dead_guard_is_noticed_before_anything_is_held() -> None:
    guard = Guard.start()
    os.kill(guard.pid, signal.SIGKILL)
    os.waitid(os.P_PID, guard.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(UnavailableError, match="guard process is gone"):
        guard.hold_key(Screenful(":0"), KEY_A)
    guard.close()


@pytest.mark.parametrize("folder", ["/", "/home", "relative/folder"])
def test_a_folder_that_nobody_can_mean_is_never_removed(folder: str) -> None:
    with Guard.start() as guard, pytest.raises(ValueError, match="not a folder that a guard may remove"):
        guard.watch_folder(Path(folder))


def test_removing_a_folder_does_not_follow_links(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "folder"
    kept.mkdir()
    (kept / "letter.txt").write_text("dear")
    folder.mkdir()
    (folder / "link").symlink_to(kept)
    guard_ending.remove_folder(folder)
    guard_ending.remove_folder(folder)
    assert not folder.exists()
    assert (kept / "letter.txt").exists()


def test_the_guard_starts_with_the_standard_library_alone() -> None:
    root = Path(__file__).resolve().parents[3]
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r}); import workbench.desktop.guard_process\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    loaded = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["__main__", "workbench"]


def test_the_emergency_hotkey_lets_go_of_everything_and_tells_the_owner(desktop: PrivateDesktop, display: Any) -> None:
    where, reasons = Screenful(desktop.display), list[str]()
    with Guard.start() as guard:
        guard.watch_emergency(where, "ctrl+alt+Escape", reasons.append)
        guard.hold_key(where, KEY_A)
        xtest.fake_input(display, X.KeyPress, KEY_A)
        chord = [display.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("Control_L", "Alt_L", "Escape")]
        for key in chord:
            xtest.fake_input(display, X.KeyPress, key)
        display.sync()
        told = holds(lambda: bool(reasons))
        released = holds(lambda: not is_down(display, KEY_A))
        for key in reversed(chord):
            xtest.fake_input(display, X.KeyRelease, key)
        display.sync()
    assert told
    assert released
    assert reasons[0] == "ctrl+alt+Escape was pressed"


def test_an_emergency_stop_that_was_foreseen_works(desktop: PrivateDesktop, display: Any) -> None:
    reasons: list[str] = []
    with Guard.start() as guard:
        guard.foresee_emergency()
        guard.watch_emergency(Screenful(desktop.display), "ctrl+alt+Escape", reasons.append)
        xtest.fake_input(display, X.MotionNotify, x=0, y=0)
        display.sync()
        assert holds(lambda: bool(reasons))
    assert "corner" in reasons[0]


def test_a_key_that_is_announced_only_after_the_emergency_stop_is_let_go_too(
    desktop: PrivateDesktop, display: Any
) -> None:
    where, reasons = Screenful(desktop.display), list[str]()
    with Guard.start() as guard:
        guard.watch_emergency(where, "ctrl+alt+Escape", reasons.append)
        chord = [display.keysym_to_keycode(XK.string_to_keysym(name)) for name in ("Control_L", "Alt_L", "Escape")]
        for key in (*chord, KEY_A):
            xtest.fake_input(display, X.KeyPress, key)
        for key in reversed(chord):
            xtest.fake_input(display, X.KeyRelease, key)
        display.sync()
        assert holds(lambda: bool(reasons))
        assert is_down(display, KEY_A)
        guard.hold_key(where, KEY_A)
        assert holds(lambda: not is_down(display, KEY_A))


def test_a_pointer_that_is_not_where_it_was_put_is_an_emergency(desktop: PrivateDesktop, display: Any) -> None:
    where, reasons = Screenful(desktop.display), list[str]()
    with Guard.start() as guard:
        guard.watch_emergency(where, "ctrl+alt+Escape", reasons.append)
        guard.expect(Point(100, 100))
        xtest.fake_input(display, X.MotionNotify, x=300, y=200)
        display.sync()
        assert holds(lambda: bool(reasons))
    assert "(300, 200)" in reasons[0]


def test_a_hotkey_that_is_none_is_refused_by_name(desktop: PrivateDesktop) -> None:
    with Guard.start() as guard, pytest.raises(UnavailableError, match="'nonsense' is no hotkey"):
        guard.watch_emergency(Screenful(desktop.display), "nonsense", [].append)
