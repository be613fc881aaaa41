"""Secrets in a real keyring: GNOME Keyring on a session bus of its own."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from keyring.backends import SecretService, fail

from workbench import secrets
from workbench.errors import BadInputError, UnavailableError

needs_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")), reason="GNOME Keyring is not installed"
)
VALUE = "pässword-7Q“x”"


@contextmanager
def session_bus(folder: Path, **extra: str) -> Iterator[dict[str, str]]:
    """The environment of a session bus that lives in the folder and ends with the block."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)} | extra
    folder.chmod(0o700)
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", "--nopidfile"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = process.stdout.readline().strip()
        try:
            yield environment
        finally:
            process.terminate()


@contextmanager
def gnome_keyring(folder: Path, *, unlocked: bool, **extra: str) -> Iterator[dict[str, str]]:
    """A keyring on a bus of its own; without `unlocked` nobody has ever logged in to it."""
    with session_bus(folder, **extra) as environment:
        mode = ["--unlock"] if unlocked else ["--start"]
        with subprocess.Popen(
            ["gnome-keyring-daemon", *mode, "--foreground", "--components=secrets"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            process.stdin.write(b"test")
            process.stdin.close()
            _wait_for_service(environment)
            try:
                yield environment
            finally:
                process.send_signal(signal.SIGTERM)


def _wait_for_service(environment: dict[str, str]) -> None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        while True:
            asked = new_method_call(bus, "NameHasOwner", "s", ("org.freedesktop.secrets",))
            if connection.send_and_get_reply(asked, timeout=10).body[0]:
                return


@pytest.fixture
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a path short enough for the sockets in it."""
    return tmp_path_factory.mktemp("s")


@contextmanager
def _entered(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        if name in environment:
            monkeypatch.setenv(name, environment[name])
        else:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    keyring.set_keyring(SecretService.Keyring())
    try:
        yield
    finally:
        keyring.set_keyring(fail.Keyring())


@pytest.fixture
def unlocked(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with gnome_keyring(own_folder, unlocked=True) as environment, _entered(environment, monkeypatch):
        yield environment


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("s")
    with (
        pytest.MonkeyPatch.context() as patch,
        gnome_keyring(folder, unlocked=True) as there,
        _entered(there, patch),
    ):
        yield


@needs_keyring
def test_a_secret_is_kept_listed_replaced_and_removed(unlocked: dict[str, str]) -> None:
    assert secrets.names() == []
    secrets.put("bank-login", "first")
    secrets.put("a.b_c-9", VALUE)
    secrets.put("bank-login", "second\nline")
    assert secrets.names() == ["a.b_c-9", "bank-login"]
    assert secrets.get("bank-login") == "second\nline"
    assert secrets.fetch(["a.b_c-9", "bank-login", "a.b_c-9"]) == {"a.b_c-9": VALUE, "bank-login": "second\nline"}
    secrets.remove("bank-login")
    assert secrets.names() == ["a.b_c-9"]
    with pytest.raises(BadInputError, match="holds no secret “bank-login”"):
        secrets.get("bank-login")
    with pytest.raises(BadInputError, match="holds no secret “bank-login”"):
        secrets.remove("bank-login")


@needs_keyring
@given(value=st.text(min_size=1, max_size=200).filter(lambda text: "\0" not in text))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was(long_lived: None, value: str) -> None:
    secrets.put("any", value)
    assert secrets.get("any") == value


@needs_keyring
def test_one_missing_secret_means_none_is_handed_over(unlocked: dict[str, str]) -> None:
    secrets.put("here", VALUE)
    with pytest.raises(BadInputError, match="no secret “gone” or “away”; add it with") as refusal:
        secrets.fetch(["here", "gone", "away"])
    assert VALUE not in str(refusal.value)


@needs_keyring
def test_a_secret_that_another_program_deleted_can_still_be_removed_from_the_list(unlocked: dict[str, str]) -> None:
    secrets.put("gone", VALUE)
    secrets.usable_keyring().delete_password(secrets.SERVICE, "gone")
    with pytest.raises(BadInputError):
        secrets.remove("gone")
    assert secrets.names() == []


@needs_keyring
def test_the_alias_is_read_first_by_every_client_and_never_followed(
    unlocked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # GNOME Keyring 42 may answer otherwise that there is no collection, or end itself
    from jeepney import HeaderFields
    from secretstorage.util import DBusAddressWrapper

    asked: dict[str, list[tuple[str, str]]] = {}
    send = DBusAddressWrapper.send_and_get_reply

    def heard(self: Any, message: Any) -> Any:
        fields = message.header.fields
        if fields[HeaderFields.path].startswith("/org/freedesktop/secrets"):  # the others are questions to the bus
            client = asked.setdefault(self._connection.unique_name, [])
            client.append((fields[HeaderFields.path], fields[HeaderFields.member]))
        return send(self, message)

    monkeypatch.setattr(DBusAddressWrapper, "send_and_get_reply", heard)
    secrets.put("a", VALUE)
    secrets.get("a")
    secrets.remove("a")
    assert len(asked) > 3
    assert {client[0] for client in asked.values()} == {("/org/freedesktop/secrets", "ReadAlias")}
    assert not [path for client in asked.values() for path, _ in client if "/aliases/" in path]


@needs_keyring
def test_a_collection_that_the_person_prefers_is_the_one_that_is_used(unlocked: dict[str, str]) -> None:
    import secretstorage

    preferred = "/org/freedesktop/secrets/collection/session"
    keyring.set_keyring(SecretService.Keyring().with_properties(preferred_collection=preferred))
    secrets.put("here", VALUE)
    assert secrets.get("here") == VALUE
    with closing(secretstorage.dbus_init()) as connection:
        assert secretstorage.get_collection_by_alias(connection, "session").collection_path == preferred
        assert {
            item.get_attributes()["username"]
            for item in secretstorage.Collection(connection, preferred).get_all_items()
        } == {"here", "//names"}
        assert not [*secretstorage.get_collection_by_alias(connection, "default").get_all_items()]


@needs_keyring
def test_a_preferred_collection_that_is_not_there_is_named(unlocked: dict[str, str]) -> None:
    keyring.set_keyring(SecretService.Keyring().with_properties(preferred_collection="/org/freedesktop/secrets/none"))
    with pytest.raises(UnavailableError, match="no collection /org/freedesktop/secrets/none, which KEYRING_PROPERTY"):
        secrets.put("here", VALUE)


@needs_keyring
def test_no_value_is_ever_logged_or_said(unlocked: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        secrets.put("quiet", VALUE)
        secrets.get("quiet")
        with pytest.raises(BadInputError) as refusal:
            secrets.put("NOT GOOD", VALUE)
    assert VALUE not in caplog.text
    assert VALUE not in str(refusal.value)


@needs_keyring
def test_a_locked_keyring_is_said_in_a_line(unlocked: dict[str, str]) -> None:
    secrets.put("kept", VALUE)
    _lock()
    with pytest.raises(UnavailableError, match="the keyring is locked"):
        secrets.get("kept")


@needs_keyring
@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_a_prompt_that_nobody_answers_ends_in_a_line(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_UNLOCK_TIMEOUT_S", 1.0)
    with (
        _screen() as display,
        gnome_keyring(own_folder, unlocked=True, DISPLAY=display) as environment,
        _entered(environment, monkeypatch),
    ):
        secrets.put("kept", VALUE)
        _lock()
        with pytest.raises(UnavailableError, match="not unlocked in time"):
            secrets.get("kept")


@needs_keyring
def test_a_keyring_that_nobody_has_set_up_is_said_in_a_line(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        gnome_keyring(own_folder, unlocked=False) as environment,
        _entered(environment, monkeypatch),
        pytest.raises(UnavailableError, match="has no default collection yet"),
    ):
        secrets.put("first", VALUE)


@needs_keyring
def test_a_bus_without_a_keyring_is_said_in_a_line(own_folder: Path) -> None:
    with session_bus(own_folder) as environment:
        bus = environment["DBUS_SESSION_BUS_ADDRESS"]
    assert "UnavailableError: there is no keyring" in _in_a_new_process(DBUS_SESSION_BUS_ADDRESS=bus)


def test_without_a_session_there_is_no_keyring() -> None:
    assert "UnavailableError: there is no keyring" in _in_a_new_process()


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Thing"])
def test_a_keyring_that_keeps_nothing_is_refused(backend: str) -> None:
    done = _in_a_new_process(PYTHON_KEYRING_BACKEND=backend)
    assert "UnavailableError" in done
    assert VALUE not in done


def test_a_keyring_in_clear_text_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "file.py").write_text(
        "from keyring.backends.null import Keyring\n"
        "class PlaintextKeyring(Keyring):\n    name = 'in clear text'\n    def set_password(self, *given):\n"
        "        print('STORED', given)\n"
    )
    backend = "keyrings.alt.file.PlaintextKeyring"
    done = _in_a_new_process(PYTHON_KEYRING_BACKEND=backend, PYTHONPATH=str(tmp_path))
    assert "UnavailableError: the keyring found here, in clear text, is not safe" in done
    assert "STORED" not in done


@pytest.mark.parametrize("name", ["", "Bank", "a b", "//names", "ä", "x" * 65, "a/b", "a\n"])
def test_a_bad_name_is_refused_before_any_keyring_is_asked(name: str) -> None:
    for act in (lambda: secrets.get(name), lambda: secrets.put(name, VALUE), lambda: secrets.remove(name)):
        with pytest.raises(BadInputError, match="cannot name a secret"):
            act()


@pytest.mark.parametrize("value", ["", "a\0b", "\ud800"])
def test_a_value_that_cannot_be_typed_is_refused(value: str) -> None:
    with pytest.raises(BadInputError, match="nothing was changed"):
        secrets.put("name", value)


def test_fetching_nothing_asks_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: pytest.fail("a keyring was asked"))
    assert secrets.fetch([]) == {}


def test_the_module_loads_no_keyring_before_it_is_needed() -> None:
    code = (
        "import sys, workbench.secrets; print([m for m in ('keyring', 'jeepney', 'secretstorage') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _in_a_new_process(**extra: str) -> str:
    """What storing a secret says in a process without any session but what `extra` gives it."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")} | extra
    code = f"from workbench import secrets; secrets.put('any', {VALUE!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    return done.stdout + done.stderr.strip().splitlines()[-1]


def _lock() -> None:
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        secretstorage.get_collection_by_alias(connection, "default").lock()


@contextmanager
def _screen() -> Iterator[str]:
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()
