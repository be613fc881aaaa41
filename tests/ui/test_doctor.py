"""`workbench-cli doctor` and the checks behind it."""

import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.cli.main import main
from workbench.checkup import asking, checks
from workbench.checkup.findings import Finding, Scope

needs_x = pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")


@pytest.fixture(autouse=True)
def _no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    return Scope(str(tmp_path / "library"))


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        name = f":{process.stdout.readline().strip()}"
        monkeypatch.setenv("DISPLAY", name)
        try:
            yield name
        finally:
            process.terminate()


def test_doctor_prints_one_document_and_exits_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert code == (0 if document["ok"] else 1)
    assert document["ok"] == all(check["ok"] for check in document["checks"])
    assert [check["name"] for check in document["checks"]] == [*checks.checks(), "graphics card"]
    for check in document["checks"]:
        assert set(check) == {"name", "ok", "found", "mend"}
        assert check["ok"] or check["mend"]
        assert "\n" not in check["found"] + (check["mend"] or "")


def test_doctor_in_words_says_how_to_mend_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DISPLAY", ":987654")
    assert main(["--library", str(tmp_path / "file" / "library"), "doctor"]) == 1
    said = capsys.readouterr().out
    assert "NOT OK  library" in said
    assert "to mend it: make" in said
    assert "NOT OK  display" in said
    assert "checks did not hold" in said


@needs_x
def test_a_real_screen_passes(screen: str, scope: Scope) -> None:
    assert checks.display(scope) == Finding("display", True, f"{screen}, 800x600")
    for check in (checks.xinput, checks.xtest, checks.xdamage):
        assert check(scope).ok
        assert check(scope).mend is None
    assert checks.xinput(scope).found.startswith("2.")


@needs_x
def test_a_screen_without_an_extension_is_found_out(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-noreset", "-extension", "XTEST", "-extension", "DAMAGE"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        monkeypatch.setenv("DISPLAY", f":{process.stdout.readline().strip()}")
        try:
            found = [checks.xtest(scope), checks.xdamage(scope)]
        finally:
            process.terminate()
    assert [(finding.ok, finding.found) for finding in found] == [(False, "missing"), (False, "missing")]


def test_a_wayland_session_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    finding = checks.display(scope)
    assert not finding.ok
    assert "Xorg session" in (finding.mend or "")


def test_missing_programs_are_named_as_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = checks.private_desktops(scope)
    assert not finding.ok
    assert "xvfb openbox dbus-daemon" in (finding.mend or "")


def test_looking_at_the_library_makes_nothing(tmp_path: Path, scope: Scope) -> None:
    assert checks.library(scope).ok
    assert list(tmp_path.iterdir()) == []


def test_a_bus_that_does_not_answer_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert checks.accessibility(scope).found == "the session bus does not answer"


def test_a_display_that_never_answers_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1] - 6000
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{number}")
        findings = {finding.name: finding for finding in asking.examine(Scope(str(tmp_path)), limit_s=3.0)}
    assert list(findings) == list(checks.checks())
    assert findings["display"].found == "no answer within 3 s"
    assert findings["XTEST"].found == "no answer within 3 s"
    assert findings["library"].ok
    assert multiprocessing.active_children() == []


def test_a_check_that_dies_is_a_finding_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "Xlib"
    package.mkdir()
    (package / "__init__.py").write_text("import os; os._exit(3)")
    monkeypatch.syspath_prepend(tmp_path)
    findings = {finding.name: finding for finding in asking.examine(Scope(str(tmp_path)))}
    assert findings["python-xlib"].found == "the check ended without an answer"
    assert findings["library"].ok


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="D-Bus is not installed")
def test_a_session_with_an_accessibility_bus_passes(tmp_path_factory: pytest.TempPathFactory, root: Path) -> None:
    folder = tmp_path_factory.mktemp("s")
    folder.chmod(0o700)
    code = "from workbench.checkup import checks; print(checks.accessibility(checks.Scope('/')).found)"
    # the session bus starts the accessibility bus when it is first asked for, which takes its time
    begun = "dbus-send --session --print-reply --dest=org.a11y.Bus /org/a11y/bus org.a11y.Bus.GetAddress >/dev/null"
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{begun}; exec "$0" -c "$1"', sys.executable, code],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "the accessibility bus answers\n"
