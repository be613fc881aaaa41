"""The few words of X11 that a private desktop needs while it starts: standard library only, so that starting is quick.

Requests and replies are laid out as in the X Window System Protocol, version 11, and EWMH names the properties.
"""

import secrets
import socket
import struct
from contextlib import suppress
from pathlib import Path

from workbench.errors import UnavailableError

_COOKIE_KIND = b"MIT-MAGIC-COOKIE-1"
_FAMILY_LOCAL, _FAMILY_WILD, _FAMILY_SERVER_INTERPRETED = 256, 0xFFFF, 5
_CREATE_WINDOW, _DESTROY_WINDOW, _MAP_WINDOW, _INTERN_ATOM, _GET_PROPERTY, _CHANGE_HOSTS = 1, 4, 8, 16, 20, 109
_INPUT_OUTPUT = 1
_TIMEOUT_S = 5.0


def write_authority(path: Path) -> bytes:
    """Make a fresh cookie and an Xauthority file that offers it for every display of this host; returns the cookie."""
    cookie = secrets.token_bytes(16)
    entries = ((_FAMILY_LOCAL, socket.gethostname().encode()), (_FAMILY_WILD, b""))
    path.touch(mode=0o600)
    path.write_bytes(
        b"".join(
            struct.pack(">H", family) + b"".join(_counted(part) for part in (address, b"", _COOKIE_KIND, cookie))
            for family, address in entries
        )
    )
    return cookie


def _counted(part: bytes) -> bytes:
    return struct.pack(">H", len(part)) + part


class Connection:
    """A connection to one local X server; raises `UnavailableError` when it is gone or does not answer in 5 s."""

    def __init__(self, number: int, cookie: bytes) -> None:
        self._socket = _connect(number)
        self._atoms: dict[str, int] = {}
        lengths = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(_COOKIE_KIND), len(cookie))
        self._send(lengths + _padded(_COOKIE_KIND) + _padded(cookie))
        self.root, self._trial = self._greeted()
        self._trying = self._taken = False

    def _greeted(self) -> tuple[int, int]:
        success, words = struct.unpack("<B5xH", self._read(8))
        body = self._read(words * 4)
        if success != 1:
            raise UnavailableError("the X server of the private desktop refuses its own cookie; start another one")
        vendor, formats = struct.unpack_from("<16xH3xB", body)[0], body[21]
        at = 32 + (vendor + 3) // 4 * 4 + formats * 8
        return struct.unpack_from("<I", body, at)[0], struct.unpack_from("<4xI", body)[0]

    def admit_user(self, uid: int) -> None:
        """Let every process of this user in without a cookie, and nobody else; returns once the server did."""
        host = b"localuser\0#" + str(uid).encode()
        length = 2 + len(_padded(host)) // 4
        self._send(
            struct.pack("<BBHBxH", _CHANGE_HOSTS, 0, length, _FAMILY_SERVER_INTERPRETED, len(host)) + _padded(host)
        )
        self._atom("_NET_CLIENT_LIST")

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """The window's property of that name as 32-bit numbers; empty without such a property or window."""
        self._send(struct.pack("<BBHIIIII", _GET_PROPERTY, 0, 6, window, self._atom(name), 0, 0, 4096))
        head, body = self._reply()
        if head[0] != 1 or head[1] != 32:
            return ()
        return struct.unpack_from(f"<{struct.unpack_from('<I', head, 16)[0]}I", body)

    def has_window_manager(self) -> bool:
        """Whether a window manager has taken a window of ours on trial, and let it go again; to be asked until it did.

        A window manager announces itself (EWMH) before it listens: windows that are mapped in between never show.
        """
        if not self.numbers(self.root, "_NET_SUPPORTING_WM_CHECK"):
            return False
        listed = self._trial in self.numbers(self.root, "_NET_CLIENT_LIST")
        if listed and not self._taken:
            self._send(struct.pack("<BxHI", _DESTROY_WINDOW, 2, self._trial))
            self._taken = True
        elif not self._taken:
            self._map_trial()
        return self._taken and not listed

    def _map_trial(self) -> None:
        """Ask for the window on trial to be shown, again and again because the request may have gone unheard."""
        if not self._trying:
            shape = struct.pack("<hhHHHHII", 0, 0, 1, 1, 0, _INPUT_OUTPUT, 0, 0)
            self._send(struct.pack("<BxHII", _CREATE_WINDOW, 8, self._trial, self.root) + shape)
            self._trying = True
        self._send(struct.pack("<BxHI", _MAP_WINDOW, 2, self._trial))

    def windows(self) -> dict[int, int]:
        """The windows that the window manager manages, oldest first, with the process id each states (0: none)."""
        listed = self.numbers(self.root, "_NET_CLIENT_LIST")
        return {window: next(iter(self.numbers(window, "_NET_WM_PID")), 0) for window in listed}

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            text = name.encode()
            self._send(struct.pack("<BBHHxx", _INTERN_ATOM, 0, 2 + len(_padded(text)) // 4, len(text)) + _padded(text))
            self._atoms[name] = struct.unpack_from("<I", self._reply()[0], 8)[0]
        return self._atoms[name]

    def _send(self, request: bytes) -> None:
        try:
            self._socket.sendall(request)
        except OSError as problem:
            raise _gone(problem) from None

    def _reply(self) -> tuple[bytes, bytes]:
        while True:
            head = self._read(32)
            if head[0] == 1:
                return head, self._read(struct.unpack_from("<I", head, 4)[0] * 4)
            if head[0] == 0:
                return head, b""

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            try:
                chunk = self._socket.recv(size - len(data))
            except OSError as problem:
                raise _gone(problem) from None
            if not chunk:
                raise _gone("it closed the connection")
            data += chunk
        return data

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()


def _connect(number: int) -> socket.socket:
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where every X server listens
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_TIMEOUT_S)
    with suppress(FileNotFoundError, ConnectionRefusedError):
        connection.connect(path)
        return connection
    try:
        connection.connect("\0" + path)
    except OSError as problem:
        connection.close()
        raise _gone(problem) from None
    return connection


def _gone(problem: OSError | str) -> UnavailableError:
    return UnavailableError(f"the X server of the private desktop is gone ({problem}); start another private desktop")


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
