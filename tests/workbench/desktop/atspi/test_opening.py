"""Opening accessibility on sessions of every kind."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.desktop.atspi import open_accessibility
from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.switch import is_enabled, switch_off
from workbench.desktop.guard import Guard
from workbench.desktop.private import PrivateDesktop
from workbench.errors import UnavailableError

BARE = """<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[PrivateDesktop]:
    with PrivateDesktop.start((640, 480)) as started:
        yield started


@pytest.fixture
def bare_bus(tmp_path: Path) -> Iterator[str]:
    """A session bus that starts nothing."""
    config, socket = tmp_path / "bus.conf", tmp_path / "bus"
    config.write_text(BARE.format(socket))
    daemon = shutil.which("dbus-daemon")
    assert daemon
    command = [daemon, f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield f"unix:path={socket}"
        process.terminate()


def test_without_any_session_bus_there_is_no_accessibility(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert open_accessibility() is None


def test_the_usual_place_of_the_session_bus_is_tried(monkeypatch: pytest.MonkeyPatch, desktop: PrivateDesktop) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", desktop.environment()["XDG_RUNTIME_DIR"])
    opened = open_accessibility()
    assert opened
    opened.close()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "nonsense", "tcp:host=localhost,port=1"])
def test_a_session_bus_that_does_not_answer_is_reported(address: str) -> None:
    with pytest.raises(UnavailableError, match="cannot connect to the D-Bus bus"):
        open_accessibility(address)


def test_a_session_without_an_accessibility_bus_is_told_what_to_install(bare_bus: str) -> None:
    with pytest.raises(UnavailableError, match="install at-spi2-core"):
        open_accessibility(bare_bus)


def test_accessibility_is_switched_on_and_put_back(desktop: PrivateDesktop) -> None:
    switch_off(desktop.bus_address)
    with closing(Bus.connect(desktop.bus_address)) as session, Guard.start() as guard:
        opened = open_accessibility(desktop.bus_address, guard=guard)
        assert opened
        during = is_enabled(session)
        opened.close()
        opened.close()
        after = is_enabled(session)
    assert (during, after) == (True, False)


def test_accessibility_that_is_on_stays_on(desktop: PrivateDesktop) -> None:
    with closing(Bus.connect(desktop.bus_address)) as session:
        first = open_accessibility(desktop.bus_address)
        assert first
        before = is_enabled(session)
        second = open_accessibility(desktop.bus_address)
        assert second
        second.close()
        assert (before, is_enabled(session)) == (True, True)
        first.close()
