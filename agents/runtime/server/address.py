"""Where a model server is, and whether that is this machine.

An address is taken apart by one strict pattern and put together anew from its parts, so that nobody reads another host
in it than the one that is checked here.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass

from msgspec import Struct

from workbench.errors import BadInputError

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)*)/?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000


class ServerEntry(Struct, frozen=True):
    """A model that a server runs, as people name it here.

    `url` is where the server's OpenAI-compatible interface begins (`http://127.0.0.1:8080/v1`), `model` what the model
    is called there (empty where the server has only one). `key` names the secret with the server's key in the system
    keyring. `consent` is the site (`host` or `host:port`) that a person allowed this model's prompts to be sent to.
    `ca_file` holds the certificates to trust in place of the usual ones. `context` is in tokens, 0 where unknown.
    `embeds` is set for a model that is there to make vectors and for nothing else.
    """

    name: str
    url: str
    model: str = ""
    key: str = ""
    consent: str = ""
    ca_file: str = ""
    context: int = 0
    embeds: bool = False


@dataclass(frozen=True)
class Address:
    """The parts of a server's address; `path` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def site(self) -> str:
        """The host for people and for consent, with its port where that is not the usual one."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _PORTS[self.scheme] else f"{shown}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port as a URL begins."""
        return f"{self.scheme}://{self.site}"

    def url(self, path: str) -> str:
        """The URL of a path below the address, such as `/chat/completions`."""
        return f"{self.origin}{self.path}{path}"

    def root_url(self, path: str) -> str:
        """The URL of a path beside `/v1`, where servers keep what OpenAI does not know, such as `/props`."""
        return f"{self.origin}{self.path.removesuffix('/v1')}{path}"


def parse(url: str) -> Address:
    """The parts of a URL; one without any path gets `/v1`. Raises `BadInputError` for what is no such address."""
    match = _URL.fullmatch(url.strip()) if len(url) <= _LONGEST else None
    scheme, host, port = _parts(match) if match else ("", "", 0)
    if match is None or not 0 < port < 65536 or ("[" in match["host"] and not _is_ip(host)):
        shown = "".join(character if character.isprintable() else " " for character in url[:80])
        raise BadInputError(
            f"“{shown if '@' not in url else '…@…'}” is no address of a model server; "
            "write it like https://models.example/v1, without user, key, question mark or spaces"
        )
    return Address(scheme, host, port, match["path"] or "/v1")


def _parts(match: re.Match[str]) -> tuple[str, str, int]:
    scheme = match["scheme"].lower()
    return scheme, match["host"].lower().strip("[]"), int(match["port"] or _PORTS[scheme])


def is_here(address: Address) -> bool:
    """Whether the server is on this machine: 127.0.0.0/8, ::1, or the name localhost where it leads nowhere else.

    Other names never are, wherever they lead today: who owns such a name can lead it elsewhere tomorrow.
    """
    if address.host != "localhost":
        return is_loopback(address.host)
    try:
        found = socket.getaddrinfo("localhost", address.port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(is_loopback(str(entry[4][0])) for entry in found)


def is_loopback(host: str) -> bool:
    """Whether these digits are a loopback address; False for names."""
    return _is_ip(host) and ipaddress.ip_address(host).is_loopback


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
