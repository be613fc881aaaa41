"""`workbench-cli secrets`, with a real keyring and without one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VALUE = "pässword-7Q"

needs_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="GNOME Keyring is not installed",
)


def _in_session(folder: Path, script: str, root: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script with `cli` in it on a session bus with an unlocked keyring, all of it in the folder."""
    start = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    # it goes to the background before it is on the bus, and who asks too early starts a second one, which is locked
    on_bus = "dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner"
    start += f"\nuntil {on_bus} string:org.freedesktop.secrets | grep -q true; do sleep 0.05; done"
    whole = f'cli() {{ "{sys.executable}" -m ui.cli.main secrets "$@"; }}\n{start}\n{script}'
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C"}
    return subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", whole],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@needs_keyring
def test_secrets_are_set_from_standard_input_listed_by_name_and_removed(
    tmp_path_factory: pytest.TempPathFactory, root: Path
) -> None:
    script = f"""
    echo '{VALUE}' | cli set bank-login && cli list --json && cli remove bank-login && cli list
    cli remove bank-login; echo "exit $?"
    """
    done = _in_session(tmp_path_factory.mktemp("s"), script, root)
    kept, listed, *rest = done.stdout.split("\n", 1)[0], done.stdout.split("\n", 1)[1]
    assert kept == "kept the secret bank-login"
    document, end = json.JSONDecoder().raw_decode(listed)
    assert document == [{"name": "bank-login"}]
    assert listed[end:].split("\n")[1:4] == [
        "removed the secret bank-login",
        "no secrets are kept; `workbench-cli secrets set NAME` adds one",
        "exit 2",
    ]
    assert VALUE not in done.stdout + done.stderr
    assert rest == []


@needs_keyring
def test_the_value_that_was_piped_in_is_the_one_that_a_run_is_handed(
    tmp_path_factory: pytest.TempPathFactory, root: Path
) -> None:
    fetch = "from workbench import secrets; print(ascii(secrets.fetch(['a', 'b'])))"
    script = f"""
    printf '{VALUE}\\r\\n' | cli set a >/dev/null; printf ' two\\nlines\\n\\n' | cli set b >/dev/null
    "{sys.executable}" -c "{fetch}"
    """
    done = _in_session(tmp_path_factory.mktemp("s"), script, root)
    assert done.stdout.strip() == ascii({"a": VALUE, "b": " two\nlines\n"})


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list"], 4),
        (["set", "bank-login"], 4),
        (["remove", "bank-login"], 4),
        (["set", "Bank Login"], 2),
        (["set", "bank-login", "hunter2"], 2),
        (["show"], 2),
        ([], 2),
    ],
)
def test_without_a_keyring_or_with_bad_words_it_is_one_line(words: list[str], code: int, root: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli.main", "secrets", *words],
        env=environment,
        cwd=root,
        input=b"hunter2\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
