import subprocess
import sys

import pytest

from workbench.desktop.opening import open_desktop
from workbench.errors import UnavailableError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="displays are Linux's")


def test_without_a_display_there_is_one_line_with_a_way_out(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(UnavailableError, match=r"DISPLAY is not set.*--private-desktop") as refusal:
        open_desktop()
    assert "\n" not in str(refusal.value)


def test_a_wayland_session_is_named_as_the_reason(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(UnavailableError, match=r"Wayland.*--private-desktop"):
        open_desktop()


def test_speaking_of_desktops_loads_no_backend():
    script = (
        "import sys, workbench.desktop.opening; "
        "print(*{name.partition('.')[0] for name in sys.modules} & {'Xlib', 'numpy', 'mss', 'jeepney', 'pyautogui'})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
