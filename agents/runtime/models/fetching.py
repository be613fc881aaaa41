"""One question to a web server, asked with care: where it may go, what goes along, and what to do when it fails.

TLS everywhere but on this machine itself; a redirect to another host gets no credentials; failures that may pass are
told from those that will not.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from workbench.errors import BadInputError, UnavailableError
from workbench.settings_values import LOOPBACK

if TYPE_CHECKING:
    import requests

_MOST_REDIRECTS = 10
_QUESTIONS = 3
"""How often a short question is asked before a person is told."""

_TRY_LATER = (408, 425, 429, 500, 502, 503, 504)
T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try again; times are in seconds.

    `attempts` may fail in a row without anything arriving, `most_attempts` in all. `sleep` waits between them.
    """

    connect_s: float = 15.0
    read_s: float = 60.0
    attempts: int = 5
    most_attempts: int = 200
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, failures: int, asked_s: float = 0.0) -> float:
        """How long to wait after so many failures in a row, at least what the server asked for, within the bound."""
        return float(min(max(self.first_wait_s * 2 ** max(failures - 1, 0), asked_s), self.longest_wait_s))


class PassingError(Exception):
    """It failed in a way that may pass; `wait_s` is what the server asked for, 0 where it asked for nothing."""

    def __init__(self, text: str, wait_s: float = 0.0) -> None:
        super().__init__(text)
        self.wait_s = wait_s


class Client:
    """Asks one server; `token` is its key, sent to no other host. Belongs to one thread."""

    def __init__(self, *, token: str = "", patience: Patience | None = None) -> None:
        self._token = token
        self.patience = patience or Patience()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str] | None = None) -> "Iterator[requests.Response]":
        """The answer of the server at the end of all redirects, its body not yet read.

        Raises `PassingError` for what may pass, `BadInputError` for an address that is refused or leads to nothing,
        and `UnavailableError` for everything else. Errors while the body is read become `PassingError` too.
        """
        import requests
        from urllib3.exceptions import HTTPError

        with requests.Session() as session:
            session.auth = _as_it_is  # else a .netrc file would decide who is told what
            try:
                with self._follow(session, url, headers or {}) as response:
                    _check_status(response)
                    yield response
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
                raise BadInputError(f"{_host(url)} is no usable address; check it") from error
            except (requests.RequestException, HTTPError) as error:
                raise PassingError(_reason(error)) from error

    def persist(self, attempt: Callable[[], T], page: str) -> T:
        """What the attempt returns; one that fails in a way that may pass is tried again, each time after longer.

        Raises `UnavailableError` when it goes on failing; that sends a person to `page`.
        """
        failures = 0
        while True:
            try:
                return attempt()
            except PassingError as error:
                failures += 1
                if failures >= _QUESTIONS:
                    raise unreachable(page, error) from error
                self.patience.sleep(self.patience.wait_s(failures, error.wait_s))

    def _follow(self, session: "requests.Session", url: str, headers: Mapping[str, str]) -> "requests.Response":
        first = _origin(url)
        for _ in range(_MOST_REDIRECTS):
            check_address(url)
            session.trust_env = urlsplit(url).hostname not in LOOPBACK  # proxies are for the world outside
            sent = {"Accept-Encoding": "identity", **headers}
            if self._token and _origin(url) == first:
                sent["Authorization"] = f"Bearer {self._token}"
            times = (self.patience.connect_s, self.patience.read_s)
            try:
                response = session.get(url, headers=sent, stream=True, allow_redirects=False, timeout=times)
            except ValueError as error:  # also where it would not follow, requests reads where a redirect leads
                if isinstance(error, OSError):
                    raise  # requests' own errors
                raise _astray(url) from error
            if not response.is_redirect:
                return response
            response.close()
            url = next_address(url, response.headers["Location"])
        raise UnavailableError(f"{_host(url)} leads from one address to the next without end; try again later")


def check_address(url: str) -> None:
    """Refuse an address that others could read along; raises `BadInputError`."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise BadInputError("the address is none; check it") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadInputError(f"{parts.scheme}://{host} is not reached through TLS; use an https address")


def next_address(url: str, given: str) -> str:
    """Where a server leads on to; raises `UnavailableError` where that is no address."""
    try:
        following = urljoin(url, given)
        urlsplit(following)
    except ValueError as error:
        raise _astray(url) from error
    return following


def _astray(url: str) -> UnavailableError:
    return UnavailableError(f"{_host(url)} leads to what is no address; try again later")


def unreachable(url: str, error: Exception) -> UnavailableError:
    """What to tell a person after the last attempt has failed."""
    return UnavailableError(
        f"{_host(url)} does not deliver ({error}); check the network and try again, which goes on where it stopped, or "
        f"download {url} with a browser, on any machine, and give the file to `workbench-cli models add`"
    )


def _check_status(response: "requests.Response") -> None:
    status, host = response.status_code, _host(response.url)
    if status in _TRY_LATER:
        raise PassingError(f"it answers {status}", _retry_after_s(response.headers.get("Retry-After", "")))
    if status in (401, 403):
        raise UnavailableError(
            f"{host} refuses {response.url} ({status}); it may need an account or a consent: download the file with a "
            "browser and give it to `workbench-cli models add`"
        )
    if status in (404, 410):
        raise BadInputError(f"{host} has nothing at {response.url}; check the name, or look there with a browser")
    if status not in (200, 206, 416):
        raise UnavailableError(f"{host} answers {status} for {response.url}; try again later")


def _retry_after_s(text: str) -> float:
    """Seconds from a Retry-After header, whether it counts them or names a moment."""
    if text.strip().isdigit():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


def _as_it_is(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    return request


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _host(url: str) -> str:
    return urlsplit(url).netloc or "the server"


def _reason(error: Exception) -> str:
    """A few words; the libraries' own texts are long and name their own insides."""
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.exceptions.Timeout):
        return "it does not answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer"
    name = "NameResolutionError"
    if name in repr(error):
        return "its name is not known here: no network?"
    return "no connection" if isinstance(error, requests.exceptions.ConnectionError) else "the connection broke off"
