"""Secrets: values that trajectories only name, kept in the system's keyring and nowhere else.

The keyring cannot be asked what it holds, so an entry of its own lists the names. A value never occurs in an error,
a log or a file of the workbench. Whoever starts a run fetches what it needs and hands it over for one step.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import BadInputError, UnavailableError

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection
    from keyring.backend import KeyringBackend
    from secretstorage import Collection

SERVICE = "gui-agent-workbench"
NAME = re.compile(r"[a-z0-9._-]{1,64}")

_INDEX = "//names"
"""The entry that lists the names; no secret can be called that."""

_UNLOCK_TIMEOUT_S = 60.0
_ASKED_TIMES = 3
_ASKED_AGAIN_AFTER_S = 0.05
_UNSAFE = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")
_MEND = (
    "start it inside a desktop session with a keyring (GNOME Keyring, KWallet or KeePassXC); "
    "`workbench-cli doctor` shows which one is found"
)


def get(name: str) -> str:
    """The secret's value.

    Raises `BadInputError` for a name that is not kept and `UnavailableError` when no keyring can be asked.
    """
    return fetch([name])[name]


def fetch(names: Iterable[str]) -> dict[str, str]:
    """The values of these secrets; all of them or, with the errors of `get`, none."""
    wanted = [check_name(name) for name in dict.fromkeys(names)]
    if not wanted:
        return {}
    keyring = usable_keyring()
    with _explained():
        found = {name: keyring.get_password(SERVICE, name) for name in wanted}
    missing = [name for name, value in found.items() if value is None]
    if missing:
        raise BadInputError(
            f"the keyring holds no secret {_quoted(missing)}; add it with `workbench-cli secrets set {missing[0]}`"
        )
    return {name: value for name, value in found.items() if value is not None}


def put(name: str, value: str) -> None:
    """Keep a value under the name, in place of an older one.

    Raises `BadInputError` for a bad name or an empty value and `UnavailableError` when no keyring takes it.
    """
    check_name(name)
    if not value:
        raise BadInputError(f"the value of the secret “{name}” is empty; nothing was changed")
    if "\0" in value or not _is_unicode(value):
        raise BadInputError(f"the value of the secret “{name}” is no text that can be typed; nothing was changed")
    keyring = usable_keyring()
    with _explained():
        keyring.set_password(SERVICE, name, value)
        _list(keyring, _listed(keyring) | {name})


def remove(name: str) -> None:
    """Forget the secret; raises `BadInputError` for a name that is not kept."""
    check_name(name)
    keyring = usable_keyring()
    with _explained():
        listed, held = _listed(keyring), keyring.get_password(SERVICE, name) is not None
        if held:
            keyring.delete_password(SERVICE, name)
        if name in listed:
            _list(keyring, listed - {name})
    if not held:
        raise BadInputError(f"the keyring holds no secret “{name}”; `workbench-cli secrets list` shows the names")


def names() -> list[str]:
    """The names of all secrets that are kept, in alphabetical order."""
    keyring = usable_keyring()
    with _explained():
        return sorted(_listed(keyring))


def check_name(name: str) -> str:
    """The name, if a secret can be called that; raises `BadInputError` otherwise."""
    if not NAME.fullmatch(name):
        raise BadInputError(f"“{name[:80]}” cannot name a secret; use up to 64 of the characters a-z 0-9 . _ -")
    return name


def backend_name() -> str:
    """Which keyring is used, for people; raises `UnavailableError` when there is none that is safe."""
    return str(_safe_backend().name)


def usable_keyring() -> "KeyringBackend":
    """The system's keyring, unlocked, if it is one that encrypts.

    Waits up to a minute for the person to unlock it. Raises `UnavailableError` that says how to mend it.
    """
    keyring = _safe_backend()
    if type(keyring).__module__ == "keyring.backends.SecretService":
        opened = partial(_collection, getattr(keyring, "preferred_collection", ""))
        with _explained():
            opened().connection.close()
        keyring = keyring.with_properties(get_preferred_collection=opened)
    return keyring


def _safe_backend() -> "KeyringBackend":
    try:
        import keyring  # which looks for backends, and fails, at once

        chosen = keyring.get_keyring()
        safe = [backend for backend in _behind(chosen) if not type(backend).__module__.startswith(_UNSAFE)]
    except (ImportError, AttributeError, ValueError, RuntimeError, OSError) as error:
        raise UnavailableError(f"the keyring cannot be opened: {type(error).__name__}; {_MEND}") from error
    if safe:
        return safe[0]
    if type(chosen).__module__.startswith("keyrings.alt"):
        raise UnavailableError(f"the keyring found here, {chosen.name}, is not safe for secrets; {_MEND}")
    raise UnavailableError(f"there is no keyring to keep secrets in; {_MEND}")


def _behind(keyring: "KeyringBackend") -> "list[KeyringBackend]":
    """The backends that a chain would ask, best first; a chain would go on to an unsafe one by itself."""
    if type(keyring).__module__ == "keyring.backends.chainer":
        return list(getattr(keyring, "backends", []))
    return [keyring]


def _collection(preferred: str) -> "Collection":
    """The collection of that path, else the default one, unlocked; whoever asks closes its connection.

    The keyring package's own way waits for ever where it is locked, makes a new collection where it finds none, and
    finds none now and then in GNOME Keyring (42): that follows its alias in one thread while another replaces it for
    each new client, and may end itself over a new client whose first question is for a property. So the alias is read
    first, by a call, and never followed.
    """
    import secretstorage
    from secretstorage.exceptions import ItemNotFoundException

    connection = secretstorage.dbus_init()
    try:
        default = _default_path(connection)
        if not (preferred or default):
            raise ItemNotFoundException
        collection = secretstorage.Collection(connection, preferred or default)
        if collection.is_locked() and collection.unlock(timeout=_UNLOCK_TIMEOUT_S):
            raise UnavailableError("the keyring is locked and was not unlocked; unlock it and try again")
    except BaseException as error:
        connection.close()
        if isinstance(error, ItemNotFoundException):
            raise UnavailableError(_missing(preferred)) from error
        raise
    return collection


def _default_path(connection: "DBusConnection") -> str:
    """Where the default collection is, empty where there is none; who says so is asked again before it is believed."""
    from secretstorage.util import DBusAddressWrapper

    service = DBusAddressWrapper("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", connection)
    for asked in range(_ASKED_TIMES):
        if asked:
            time.sleep(_ASKED_AGAIN_AFTER_S)
        (path,) = service.call("ReadAlias", "s", "default")
        if path != "/":
            return str(path)
    return ""


def _missing(preferred: str) -> str:
    if preferred:
        return (
            f"the keyring has no collection {preferred}, which KEYRING_PROPERTY_PREFERRED_COLLECTION names; "
            "name one that it has, or unset the variable"
        )
    return (
        "the keyring has no default collection yet; make one with your desktop's password program "
        "(GNOME: Passwords and Keys), or log in through the desktop once"
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what keyrings raise into one line; their own texts are left out, for they may quote what they were given."""
    from keyring.errors import KeyringError, KeyringLocked

    try:
        yield
    except KeyringLocked as error:
        raise UnavailableError("the keyring is locked; unlock it and try again") from error
    except TimeoutError as error:
        raise UnavailableError("the keyring was not unlocked in time; unlock it and try again") from error
    except (KeyringError, OSError, RuntimeError) as error:
        raise UnavailableError(
            f"the keyring does not answer ({type(error.__cause__ or error).__name__}); {_MEND}"
        ) from None
    except _bus_errors() as error:
        raise UnavailableError(f"the keyring does not answer ({type(error).__name__}); {_MEND}") from None


def _bus_errors() -> tuple[type[Exception], ...]:
    """What the Secret Service raises through the keyring package unchanged; nothing where that is not installed."""
    try:
        from jeepney import DBusErrorResponse
        from secretstorage.exceptions import SecretStorageException
    except ImportError:
        return ()
    return (SecretStorageException, DBusErrorResponse)


def _listed(keyring: "KeyringBackend") -> set[str]:
    text = keyring.get_password(SERVICE, _INDEX)
    try:
        found = json.loads(text) if text else []
    except ValueError:
        found = []
    return {name for name in found if isinstance(name, str) and NAME.fullmatch(name)}


def _list(keyring: "KeyringBackend", listed: set[str]) -> None:
    keyring.set_password(SERVICE, _INDEX, json.dumps(sorted(listed)))


def _quoted(missing: list[str]) -> str:
    return " or ".join(f"“{name}”" for name in missing)


def _is_unicode(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)
