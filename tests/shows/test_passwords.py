"""A password that is typed while a recording runs occurs nowhere afterwards, and replay types it only where it belongs.

Qt's form runs with the interpreter of `WORKBENCH_QT_PYTHON`, or with this one where it has PySide6.
"""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from workbench.desktop.atspi.opening import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.windows import X11Windows
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.library.store import Library
from workbench.trajectory import Element

PASSWORD = "Xq7Zw9Kv3J"
APPS = Path(__file__).parents[1] / "apps"
CHROMIUM = "chromium --no-sandbox --force-renderer-accessibility --no-first-run --password-store=basic --disable-gpu"
PATIENCE_S = 60.0
STALLS_S = [0.3, 0.7, 2.0] if os.environ.get("WORKBENCH_SHOWS") == "full" else [0.3, 2.0]
GTK = f"/usr/bin/python3 {APPS / 'gtk_form.py'}"


def _has_gtk() -> bool:
    words = ["/usr/bin/python3", "-c", "import gi; gi.require_version('Gtk', '3.0')"]
    return Path(words[0]).exists() and subprocess.run(words, capture_output=True).returncode == 0


def _qt_python() -> str | None:
    given = os.environ.get("WORKBENCH_QT_PYTHON")
    return given or (sys.executable if importlib.util.find_spec("PySide6") else None)


needs_gtk = pytest.mark.skipif(not _has_gtk(), reason="the form needs python3-gi and gir1.2-gtk-3.0 of the system")


@dataclass
class Form:
    """A form with a password field on a private desktop, with eyes on it and a hand that is quicker than a person."""

    desktop: PrivateDesktop
    app: str
    pid: int = 0
    connection: Any = None
    _open: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = Display(self.desktop.display)
        eyes = Display(self.desktop.display)
        self.windows = X11Windows(eyes)
        accessibility = open_accessibility(self.desktop.bus_address, windows=self.windows)
        assert accessibility is not None
        self.accessibility = accessibility
        self._open = [accessibility, self.connection, eyes]

    def close(self) -> None:
        for one in self._open:
            one.close()

    def element(self, role: str, label: str = "") -> Element:
        def look() -> Element | None:
            found = self.accessibility.find(app=self.app, role=role)
            return next((one for one in found if label in (one.label or one.name)), None)

        found: Element = until(look)
        return found

    @property
    def secret(self) -> Element:
        return self.element("password text")

    def press(self, at: Point) -> None:
        for kind, detail in ((X.MotionNotify, 0), (X.ButtonPress, 1), (X.ButtonRelease, 1)):
            xtest.fake_input(self.connection, kind, detail, x=at.x, y=at.y)
        self.connection.sync()

    def type(self, text: str, pause_s: float = 0.0) -> None:
        for character in text:
            shift = [self.connection.keysym_to_keycode(XK.XK_Shift_L)] if character.isupper() else []
            code = self.connection.keysym_to_keycode(XK.string_to_keysym(NAMES.get(character, character)))
            for kind, codes in ((X.KeyPress, [*shift, code]), (X.KeyRelease, [code, *shift])):
                for one in codes:
                    xtest.fake_input(self.connection, kind, one)
            self.connection.sync()
            time.sleep(pause_s)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


NAMES = {"\n": "Return", "\t": "Tab"}


def until(look: Callable[[], Any]) -> Any:
    end_s = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.05)
    return found


@pytest.fixture
def show_form(desk: Callable[..., PrivateDesktop]) -> Iterator[Callable[..., Form]]:
    """Starts a form by its command on a desktop of its own, or on that of another form."""
    forms: list[Form] = []

    def start(command: str, app: str, beside: Form | None = None) -> Form:
        desktop = beside.desktop if beside else desk()
        pid = desktop.launch(command).pid
        form = Form(desktop, app, pid)
        forms.append(form)
        until(lambda: form.accessibility.speaks_for(app))
        return form

    yield start
    for form in forms:
        form.close()


@pytest.fixture(params=["gtk", "qt", "chromium"])
def form(request: pytest.FixtureRequest, show_form: Callable[..., Form], tmp_path: Path) -> Form:
    """The form in each of the three worlds."""
    if request.param == "gtk" and _has_gtk():
        return show_form(GTK, "gtk_form")
    if request.param == "qt" and (python := _qt_python()):
        return show_form(f"{python} {APPS / 'qt_form.py'}", "qt_form")
    if request.param == "chromium" and shutil.which("chromium"):
        page = (APPS / "page.html").as_uri()
        return show_form(f"{CHROMIUM} --user-data-dir={tmp_path / 'profile'} {page}", "chromium")
    pytest.skip(f"no interpreter or browser here shows the {request.param} form")


@pytest.fixture
def gtk(show_form: Callable[..., Form]) -> Form:
    if not _has_gtk():
        pytest.skip("the form needs python3-gi and gir1.2-gtk-3.0 of the system")
    return show_form(GTK, "gtk_form")


@pytest.fixture
def recorded(workbench: Any) -> Callable[..., Any]:
    """Records what happens in a block; the trajectory's id comes with the words that the recorder said."""

    @contextmanager
    def record(form: Form, *options: str) -> Iterator[dict[str, str]]:
        recorder = workbench.start("record", "--json", *options, environment=form.desktop.environment())
        made = {"id": listening(recorder)}
        time.sleep(0.4)
        yield made
        time.sleep(0.6)
        recorder.send_signal(signal.SIGINT)
        out, talk = recorder.communicate(timeout=60)
        assert recorder.returncode == 0, talk
        made["said"] = out + talk

    return record


def listening(recorder: "subprocess.Popen[str]") -> str:
    assert recorder.stderr
    line = next(line for line in recorder.stderr if line.startswith("recording "))
    return line.split()[1]


def shapes(password: str) -> list[bytes]:
    """The password in every shape that a file of ours could hold it in."""
    plain = [password.encode(), password.encode("utf-16-le"), password.encode("utf-16-be"), password[::-1].encode()]
    coded = [password.encode().hex().encode(), password.encode().hex().upper().encode()]
    based = [base64.b64encode(b" " * shift + password.encode())[4:-4] for shift in range(3)]
    spaced = [separator.join(password).encode() for separator in (" ", ",", ", ", '","', '", "', "\n", "\0")]
    return [*plain, *coded, *based, *spaced, hashlib.sha256(password.encode()).hexdigest().encode()]


def holding(folder: Path, password: str) -> list[str]:
    """The files below the folder in which the password occurs, bundles unpacked."""
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.trajectory"):
        with zipfile.ZipFile(path) as bundle:
            files |= {f"{path.name}/{name}": bundle.read(name) for name in bundle.namelist()}
    return [name for name, held in files.items() if any(shape in held for shape in shapes(password))]


def keys_of(events: list[InputEvent]) -> list[str]:
    return [event.keysym for event in events if event.kind in ("key_down", "key_up")]


def assert_nowhere(workbench: Any, trajectory: str, field_bounds: Rect) -> None:
    """No bytes, no keys, no pixels."""
    assert holding(workbench.library, PASSWORD) == []
    with Library.open(workbench.library) as library:
        assert library.verify() == []
        keys = keys_of(library.events(trajectory))
        assert not set(PASSWORD) & set(keys), keys
        frames = {sighting.frame for sighting in library.sightings(trajectory) if sighting.frame}
        assert frames
        for frame_id in frames:
            inside = library.frames.load(frame_id).crop(field_bounds)[:, :, :3]
            assert (inside == inside[0, 0]).all(), f"{frame_id} shows the field"


def secret_steps(workbench: Any, trajectory: str) -> list[dict[str, Any]]:
    steps = workbench.json("show", trajectory)["steps"]
    return [step["action"] for step in steps if step["action"].get("secret")]


@pytest.mark.slow
def test_a_password_typed_by_a_person_leaves_a_name_and_nothing_else(
    form: Form, recorded: Any, workbench: Any, tmp_path: Path
) -> None:
    bounds = form.secret.bounds
    with recorded(form) as made:
        role = "entry" if form.app == "chromium" else "text"
        form.press(form.element(role, "Name").bounds.centre)
        time.sleep(0.3)
        form.type("bob", pause_s=0.08)
        until(lambda: form.element(role, "Name").value == "bob")
        form.press(bounds.centre)
        time.sleep(0.2)
        form.type(PASSWORD, pause_s=0.08)
        time.sleep(0.3)
        form.type("\n")
    assert_nowhere(workbench, made["id"], bounds)
    assert PASSWORD not in made["said"]
    actions = [step["action"] for step in workbench.json("show", made["id"])["steps"]]
    assert "bob" in [action.get("text") for action in actions]
    (secret,) = secret_steps(workbench, made["id"])
    assert set(secret) == {"kind", "secret"}
    assert secret["secret"].endswith("password")
    done = workbench.run("export", made["id"], "--to", "bundle", "-o", str(tmp_path / "it.trajectory"))
    assert done.returncode == 0, done.stderr
    assert holding(tmp_path, PASSWORD) == []


def marker_is_timeless(workbench: Any, trajectory: str) -> bool:
    with Library.open(workbench.library) as library:
        events = library.events(trajectory)
    places = [place for place, event in enumerate(events) if event.kind == "secret"]
    return bool(places) and all(events[place].monotonic_ns == events[place - 1].monotonic_ns for place in places)


@pytest.mark.slow
def test_a_password_typed_at_once_after_the_click_is_kept_out(form: Form, recorded: Any, workbench: Any) -> None:
    bounds = form.secret.bounds
    with recorded(form) as made:
        form.press(bounds.centre)
        form.type(PASSWORD)
        form.type("\n")
    assert_nowhere(workbench, made["id"], bounds)
    assert marker_is_timeless(workbench, made["id"])


@pytest.mark.slow
@pytest.mark.parametrize("stall_s", STALLS_S)
@pytest.mark.parametrize("clicked", ["before the stall", "during the stall"])
def test_a_password_typed_while_the_application_hangs_is_kept_out(
    gtk: Form, recorded: Any, workbench: Any, stall_s: float, clicked: str
) -> None:
    bounds = gtk.secret.bounds
    with recorded(gtk) as made:
        if clicked == "before the stall":
            gtk.press(bounds.centre)
            time.sleep(0.5)
        with gtk.stalled():
            if clicked == "during the stall":
                gtk.press(bounds.centre)
            gtk.type(PASSWORD, pause_s=0.01)
            time.sleep(stall_s)
        time.sleep(1.5)
    assert_nowhere(workbench, made["id"], bounds)
    assert secret_steps(workbench, made["id"])


@pytest.mark.slow
def test_a_password_field_that_comes_up_by_itself_is_recognised(
    gtk: Form, show_form: Callable[..., Form], recorded: Any, workbench: Any
) -> None:
    with recorded(gtk) as made:
        gtk.press(gtk.element("text", "Name").bounds.centre)
        gtk.type("bob", pause_s=0.05)
        other = show_form(f"{GTK} --app vault --title Vault --at 600,100", "vault", gtk)
        bounds = other.secret.bounds
        until(lambda: (active := other.windows.active()) and active.app == "vault")
        other.type("\t\t")
        other.type(PASSWORD)
        os.kill(other.pid, signal.SIGKILL)
        time.sleep(0.3)
        gtk.type("bob", pause_s=0.05)
    with Library.open(workbench.library) as library:
        assert not set(PASSWORD) & set(keys_of(library.events(made["id"])))
    assert holding(workbench.library, PASSWORD) == []
    assert bounds.area


@pytest.mark.slow
def test_what_a_password_field_held_before_the_recording_is_not_in_the_first_picture(
    show_form: Callable[..., Form], recorded: Any, workbench: Any
) -> None:
    if not _has_gtk():
        pytest.skip("the form needs python3-gi and gir1.2-gtk-3.0 of the system")
    form = show_form(f"{GTK} --fill Password={PASSWORD}", "gtk_form")
    bounds = form.secret.bounds
    with recorded(form) as made:
        form.press(bounds.centre)
    assert_nowhere(workbench, made["id"], bounds)


@pytest.mark.slow
def test_keys_for_a_window_that_is_left_out_and_closes_at_once_go_to_nobody(
    gtk: Form, show_form: Callable[..., Form], recorded: Any, workbench: Any
) -> None:
    vault = show_form(f"{GTK} --app vault --title Vault --at 600,100", "vault", gtk)
    vault.press(vault.element("text", "City").bounds.centre)
    with recorded(gtk, "--exclude", "vault") as made:
        vault.type(PASSWORD)
        os.kill(vault.pid, signal.SIGKILL)
        until(lambda: (active := gtk.windows.active()) and active.app == "gtk_form")
        gtk.type("bob", pause_s=0.05)
    with Library.open(workbench.library) as library:
        keys = keys_of(library.events(made["id"]))
    assert not set(PASSWORD) & set(keys), keys
    assert "b" in keys
    assert holding(workbench.library, PASSWORD) == []


@pytest.mark.slow
def test_the_popups_of_a_window_that_is_left_out_are_in_no_picture(
    gtk: Form, show_form: Callable[..., Form], recorded: Any, workbench: Any
) -> None:
    vault = show_form(f"{GTK} --app other --title Vault --at 600,100", "other", gtk)
    combo = vault.element("combo box").bounds.centre
    main = until(lambda: (at := vault.windows.at(combo)) and at.app == "other" and at)
    with recorded(gtk, "--exclude", "Vault") as made:
        vault.press(combo)
        popup = until(lambda: (at := vault.windows.at(combo)) and at.handle != main.handle and at.bounds)
        time.sleep(0.3)
        gtk.press(Point(5, 5))
    with Library.open(workbench.library) as library:
        sightings = [one for one in library.sightings(made["id"]) if one.frame]
        first = library.frames.load(sightings[0].frame or "").crop(popup)[:, :, :3]
    assert sightings[0].before
    assert (first == first[0, 0]).all()


@pytest.fixture
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a session with an unlocked GNOME Keyring of its own."""
    if not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")):
        pytest.skip("GNOME Keyring is not installed")
    folder = tmp_path_factory.mktemp("k")
    folder.chmod(0o700)
    lost = ("DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYTHON_KEYRING_BACKEND")
    own = {name: value for name, value in os.environ.items() if name not in lost}
    environment = own | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    words = ["dbus-daemon", "--session", "--nofork", "--print-address=1", "--nopidfile"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        try:
            with _daemon(environment):
                yield environment
        finally:
            bus.terminate()


@contextmanager
def _daemon(environment: dict[str, str]) -> Iterator[None]:
    words = ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, **quiet) as daemon:  # type: ignore[call-overload]
        daemon.stdin.write(b"test")
        daemon.stdin.close()
        try:
            yield
        finally:
            daemon.terminate()


def put(environment: dict[str, str], name: str, value: str) -> None:
    words = [sys.executable, "-m", "ui.cli.main", "secrets", "set", name]

    def kept() -> bool:
        done = subprocess.run(words, input=value, text=True, env=environment, cwd=APPS.parents[1], capture_output=True)
        return done.returncode == 0

    until(kept)


@pytest.fixture
def login(gtk: Form, recorded: Any, workbench: Any) -> str:
    """A recording of somebody who logs in, and its id."""
    bounds = gtk.secret.bounds
    with recorded(gtk) as made:
        gtk.press(gtk.element("text", "Name").bounds.centre)
        time.sleep(0.3)
        gtk.type("bob", pause_s=0.08)
        gtk.press(bounds.centre)
        time.sleep(0.3)
        gtk.type(PASSWORD, pause_s=0.05)
        time.sleep(0.3)
        gtk.type("\n")
        gtk.element("label", "Password entered")
    return str(made["id"])


@pytest.mark.slow
def test_replay_takes_the_password_from_the_keyring_and_leaves_no_trace_of_it(
    login: str, workbench: Any, keyring: dict[str, str], tmp_path: Path
) -> None:
    (secret,) = secret_steps(workbench, login)
    put(keyring, secret["secret"], PASSWORD)
    digest, report, out = tmp_path / "digest", tmp_path / "report", tmp_path / "out"
    app = f"{GTK} --digest {digest}"
    words = ["replay", login, "--approve", "auto", "--private-desktop", "--app", app, "--report", str(report), "--json"]
    done = workbench.run(*words, "--junit", str(tmp_path / "junit.xml"), environment=keyring)
    assert done.returncode == 0, done.stderr + done.stdout
    assert digest.read_text() == hashlib.sha256(PASSWORD.encode()).hexdigest()
    digest.unlink()
    out.write_text(done.stdout + done.stderr)
    assert list(report.rglob("*.html"))
    assert holding(tmp_path, PASSWORD) == []


@pytest.mark.slow
def test_a_missing_secret_ends_the_replay_before_its_first_action(
    login: str, workbench: Any, keyring: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    put(keyring, "another", "value")
    words = ["replay", login, "--approve", "auto", "--private-desktop", "--app", f"{GTK} --log {log}", "--json"]
    done = workbench.run(*words, environment=keyring)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "gtk-form.password" in done.stderr
    assert not log.exists()


@pytest.mark.slow
def test_a_secret_is_typed_into_nothing_but_a_password_field(
    login: str, workbench: Any, keyring: dict[str, str], tmp_path: Path
) -> None:
    put(keyring, "gtk-form.password", PASSWORD)
    actions = [step["action"] for step in workbench.json("show", login)["steps"]]
    place = str(1 + next(at for at, action in enumerate(actions) if action.get("secret")))
    log = tmp_path / "log"
    words = [
        "replay",
        login,
        "--approve",
        "auto",
        "--private-desktop",
        "--app",
        f"{GTK} --log {log}",
        "--from",
        place,
        "--timeout",
        "3",
    ]
    done = workbench.run(*words, "--json", environment=keyring)
    assert done.returncode == 1, done.stderr
    step = json.loads(done.stdout)["steps"][0]
    assert (step["index"], step["status"]) == (int(place), "failed")
    assert not log.exists()
