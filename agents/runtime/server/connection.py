"""A `requests` session whose socket is handed out, so that a request can be ended from outside at any moment.

Loads requests: import it only where a request is made.
"""

import socket
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

Watch = Callable[[socket.socket], None]
"""Given each socket once it is connected and before anything is sent on it; it may raise to forbid its use."""


def session(watch: Watch) -> requests.Session:
    """A session for one request: it takes no proxy, password or certificate from the environment, and keeps nothing."""
    made = requests.Session()
    made.trust_env = False
    adapter = _Adapter(watch)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


class _Adapter(HTTPAdapter):
    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = _watched_pools(self._watch)


def _watched_pools(watch: Watch) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _shown(super()._new_conn(), watch)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _shown(super()._new_conn(), watch)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _shown(connected: socket.socket, watch: Watch) -> socket.socket:
    try:
        watch(connected)
    except BaseException:
        connected.close()
        raise
    return connected
