"""Private desktops, started for real."""

import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from Xlib.display import Display

from workbench.desktop import guard_ending
from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.switch import is_enabled
from workbench.desktop.atspi.wire import Question
from workbench.desktop.private import MARK, PrivateDesktop
from workbench.errors import BadInputError, UnavailableError

PATIENCE_S = 60.0
OWNER = """
import signal, sys
from workbench.desktop.private import MARK, PrivateDesktop
with PrivateDesktop.start((640, 480)) as desktop:
    desktop.launch("galculator")
    desktop.launch("setsid -f sleep 1000", wait_for_window=False)
    bare = desktop.launch("env -i sleep 1000", wait_for_window=False)
    print(desktop.environment()[MARK], desktop.folder, desktop.display, bare.pid, flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[PrivateDesktop]:
    with PrivateDesktop.start((800, 600)) as started:
        yield started


def holds(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes to hold."""
    deadline = time.monotonic() + PATIENCE_S
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return held


def traces(mark: str, folder: Path, display: str) -> list[object]:
    socket_file = Path(f"/tmp/.X11-unix/X{display.removeprefix(':')}")
    found: list[object] = [*guard_ending.family([mark], [])]
    return found + [folder] * folder.exists() + [socket_file] * is_stale(socket_file)


def is_stale(socket_file: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        return probe.connect_ex(str(socket_file)) == errno.ECONNREFUSED


def traces_of(desktop: PrivateDesktop) -> Callable[[], list[object]]:
    mark, folder, display = f"{MARK}={desktop.environment()[MARK]}", desktop.folder, desktop.display
    return lambda: traces(mark, folder, display)


def test_a_started_desktop_answers_at_once_in_every_part(desktop: PrivateDesktop) -> None:
    with closing(Display(desktop.display)) as display:
        root = display.screen().root
        size = root.get_geometry()
        manager = root.get_full_property(display.intern_atom("_NET_SUPPORTING_WM_CHECK"), 0)
    with closing(Bus.connect(desktop.bus_address)) as bus:
        enabled = is_enabled(bus)
    assert (size.width, size.height) == desktop.size == (800, 600)
    assert manager is not None
    assert enabled


def test_a_launched_application_has_a_window_and_lives_in_the_desktop(desktop: PrivateDesktop) -> None:
    launched = desktop.launch("galculator")
    assert launched.window
    assert launched.pid in desktop.process_ids()


def test_an_application_without_a_process_id_on_its_window_is_recognised_too(desktop: PrivateDesktop) -> None:
    assert desktop.launch("xcalc").window


def test_extra_variables_reach_the_application(desktop: PrivateDesktop) -> None:
    launched = desktop.launch("galculator", variables={"GDK_DPI_SCALE": "1.25"})
    assert guard_ending.carries(launched.pid, ["GDK_DPI_SCALE=1.25"])


def test_closing_leaves_no_process_and_no_file() -> None:
    with PrivateDesktop.start((640, 480)) as closed:
        closed.launch("galculator")
        closed.launch("setsid -f sleep 1000", wait_for_window=False)
        bare = closed.launch("env -i sleep 1000", wait_for_window=False)
        left = traces_of(closed)
        assert len(left()) > 5
        assert bare.pid in closed.process_ids()
    assert left() == []
    assert not guard_ending.process(bare.pid)


def test_an_application_that_will_not_end_and_one_that_is_stopped_are_ended_all_the_same() -> None:
    with PrivateDesktop.start((640, 480)) as closed:
        stubborn = closed.launch("""sh -c 'trap "" TERM; while :; do sleep 1; done'""", wait_for_window=False)
        stopped = closed.launch("sleep 1000", wait_for_window=False)
        os.kill(stopped.pid, signal.SIGSTOP)
        assert {stubborn.pid, stopped.pid} <= closed.process_ids()
        left = traces_of(closed)
    assert left() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_owner_is_ended_by(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as owner:
        assert owner.stdout
        token, folder, display, bare = owner.stdout.readline().split()
        mark = f"{MARK}={token}"
        assert len(traces(mark, Path(folder), display)) > 5
        owner.send_signal(number)
    assert holds(lambda: traces(mark, Path(folder), display) == [] and not guard_ending.process(int(bare)))


def test_a_private_desktop_that_fails_to_start_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UnavailableError, match="no-such-manager is not installed"):
        PrivateDesktop.start((640, 480), window_manager="no-such-manager")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"Xvfb is not installed.*install xvfb"):
        PrivateDesktop.start((640, 480))


@pytest.mark.parametrize("size", [(0, 480), (640, -1), (1_000_000, 480)])
def test_a_size_that_no_screen_has_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(BadInputError, match="cannot measure"):
        PrivateDesktop.start(size)


def test_two_desktops_are_worlds_apart(desktop: PrivateDesktop) -> None:
    with PrivateDesktop.start((640, 480)) as other:
        launched = other.launch("galculator")
        assert other.display != desktop.display
        assert launched.pid not in desktop.process_ids()
        assert not other.process_ids() & desktop.process_ids()


@pytest.mark.parametrize(
    ("command", "error", "sentence"),
    [
        ("no-such-program --x", BadInputError, "no program 'no-such-program'"),
        ("sh -c 'unfinished", BadInputError, "check its quotes"),
        ("", BadInputError, "name a program"),
        ("sh -c 'echo the reason >&2; exit 3'", UnavailableError, "exit code 3: the reason"),
    ],
)
def test_a_command_that_cannot_be_launched_is_explained(
    desktop: PrivateDesktop, command: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        desktop.launch(command)


def test_an_application_that_shows_no_window_in_time_is_reported(desktop: PrivateDesktop) -> None:
    with pytest.raises(UnavailableError, match="showed no window within"):
        desktop.launch("sleep 1000", timeout_s=0.1)


def test_a_command_is_never_given_to_a_shell(desktop: PrivateDesktop, tmp_path: Path) -> None:
    desktop.launch(f"sleep 1000 ; touch {tmp_path}/made", wait_for_window=False)
    desktop.launch("galculator")
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_persons_session_leads_out_of_the_desktop(
    desktop: PrivateDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WAYLAND_DISPLAY", "SESSION_MANAGER", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE", "QT_SCALE_FACTOR"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/the/persons")
    monkeypatch.setenv("LANG", "C.UTF-8")
    values = desktop.environment()
    assert values["LANG"] == "C.UTF-8"
    assert not {"WAYLAND_DISPLAY", "SESSION_MANAGER", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE"} & values.keys()
    assert values["DBUS_SESSION_BUS_ADDRESS"] == desktop.bus_address
    places = [value for name, value in values.items() if name.startswith("XDG_") and name.endswith(("HOME", "DIR"))]
    assert len(places) == 5
    assert all(Path(place).is_relative_to(desktop.folder) for place in places)


def test_what_is_put_in_the_bin_survives_the_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    trash = tmp_path / ".local" / "share" / "Trash"
    trash.mkdir(parents=True)
    with PrivateDesktop.start((640, 480)) as started:
        (Path(started.environment()["XDG_DATA_HOME"]) / "Trash" / "letter.txt").write_text("dear")
    assert (trash / "letter.txt").read_text() == "dear"


def test_the_session_bus_offers_no_keyring(desktop: PrivateDesktop) -> None:
    daemon = "org.freedesktop.DBus"
    question = Question(daemon, "/org/freedesktop/DBus", daemon, "ListActivatableNames")
    with closing(Bus.connect(desktop.bus_address)) as bus:
        answer = bus.ask_one(question, deadline=time.monotonic() + PATIENCE_S)
    assert answer
    assert "org.a11y.Bus" in answer[0]
    assert not [name for name in answer[0] if "secret" in name.lower() or "keyring" in name.lower()]


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can try as somebody else")
def test_another_user_can_neither_see_the_screen_nor_read_the_folder(desktop: PrivateDesktop) -> None:
    number = desktop.display.removeprefix(":")
    hello = b"l\0\x0b\0" + b"\0" * 8
    script = (
        "import os, socket, sys\n"
        "s = socket.socket(socket.AF_UNIX)\n"
        f"s.connect('/tmp/.X11-unix/X{number}')\n"
        f"s.sendall({hello!r})\n"
        "sys.exit(s.recv(8)[0] == 1)"
    )
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    subprocess.run([python, "-c", script], user=65534, check=True)
    assert desktop.folder.stat().st_mode & 0o077 == 0


def test_a_closed_desktop_says_so_and_closing_twice_is_fine() -> None:
    closed = PrivateDesktop.start((640, 480))
    closed.close()
    closed.close()
    with pytest.raises(UnavailableError, match="closed"):
        closed.launch("galculator")


def test_a_desktop_whose_server_died_is_reported_in_one_line() -> None:
    with PrivateDesktop.start((640, 480)) as broken:
        left = traces_of(broken)
        server = next(pid for pid in broken.process_ids() if Path(f"/proc/{pid}/comm").read_text() == "Xvfb\n")
        os.kill(server, signal.SIGKILL)
        with pytest.raises(UnavailableError, match="X server of the private desktop is gone"):
            broken.launch("sleep 1000")
    assert left() == []


def test_the_display_admits_its_own_user_without_a_cookie(desktop: PrivateDesktop) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as connection:
        connection.connect(f"/tmp/.X11-unix/X{desktop.display.removeprefix(':')}")
        connection.sendall(b"l\0\x0b\0" + b"\0" * 8)
        assert select.select([connection], [], [], 10)[0]
        assert connection.recv(1) == b"\1"
