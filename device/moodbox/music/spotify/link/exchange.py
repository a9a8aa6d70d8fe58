"""One exchange with the accounts service: nowhere else, no redirect, and over within its deadline whatever happens.

The timeouts of requests are per read, so that an answer which trickles could last for ever, and they do not cover
looking up the name. Therefore the exchange runs in a thread whose connection is cut at the deadline.
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

SECONDS = 10.0
_LARGEST = 65_536  # bytes of an answer; a real one has about one thousand
_GRACE = 1.0  # seconds for a thread whose connection was cut


def nothing() -> None:
    """Do nothing."""


class Exchange:
    """Make one request through `session`, in a thread that ends."""

    def __init__(self, base: str, seconds: float = SECONDS, before_send: Callable[[], None] = nothing) -> None:
        self.sent = False  # the request may have reached the service
        self.status = 0  # of the answer, 0 while there is none
        self.retry_after = ""
        self.session = _Session(self, base)
        self._seconds = seconds
        self._before_send = before_send
        self._lock = threading.Lock()
        self._over = False
        self._socket: socket.socket | None = None
        self._trouble: BaseException | None = None

    def run(self, work: Callable[[], object]) -> None:
        """Do `work`, which uses `session`; raises what it raises, or requests.Timeout when time is up."""
        thread = threading.Thread(target=self._work, args=(work,), name="spotify-accounts", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if self._cut():
            thread.join(_GRACE)
            raise requests.Timeout
        if self._trouble is not None:
            raise self._trouble

    def connected(self, connection: socket.socket) -> None:
        """Note the connection and do what must come before the request is sent; raises when time is up."""
        with self._lock:
            if self._over:
                raise TimeoutError
            self._socket = connection
        try:
            self._before_send()
        except Exception as error:
            self._trouble = error  # urllib3 would wrap an OSError into one of its own
            raise
        self.sent = True

    def _work(self, work: Callable[[], object]) -> None:
        _current.set(self)
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised again where it belongs, in `run`
            self._trouble = self._trouble or error
        finally:
            with self._lock:
                self._over = True
            self.session.close()

    def _cut(self) -> bool:
        """End it if it still runs; say whether it did."""
        with self._lock:
            if self._over:
                return False
            self._over = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Of the plain class: that of ssl.SSLSocket takes the TLS object away from the reading thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            return True


_current: ContextVar[Exchange] = ContextVar("exchange")


class _Session(requests.Session):
    """A session for one host, without the environment's proxies and passwords, without redirects."""

    def __init__(self, exchange: Exchange, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self._exchange = exchange
        self.adapters.clear()  # whatever is not below `base` has no adapter, so it cannot be asked
        self.mount(f"{base}/", _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' own name
        """Follow none."""
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, and read an answer of bounded size."""
        wanted = kwargs.pop("stream", False)
        response = super().send(request, **{**kwargs, "stream": True})
        self._exchange.status = response.status_code
        self._exchange.retry_after = response.headers.get("Retry-After", "")
        body = response.raw.read(_LARGEST + 1, decode_content=True)
        response.raw.close()
        if len(body) > _LARGEST:
            raise requests.exceptions.ContentDecodingError("the answer is too long")
        response.raw = io.BytesIO(body)
        if not wanted:
            _ = response.content
        return response


class _Http(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _current.get().connected(self.sock)


class _Https(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _current.get().connected(self.sock)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    """Connect through the classes above, and never try again."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
