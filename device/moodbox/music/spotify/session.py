"""The session below Spotipy: one attempt within a deadline, to one host, and nothing kept from it but the answer.

The timeouts of requests are per read, so that an answer which trickles could last for ever, and they do not cover
looking up a name. Therefore every request has a thread, whose connection is cut at the deadline.
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT = 3.0  # s for each address of the host
LARGEST = 4_000_000  # bytes of an answer; 50 tracks are about 150 kB
IDLE = 50.0  # s; a connection that rested longer may have died unseen, and a command sent into it is uncertain

_CHUNK = 65_536


def quiet_loggers() -> None:
    """Keep tokens out of every log: at DEBUG these print the headers, whatever the root logger is set to."""
    for name in ("spotipy", "spotipy.oauth2", "spotipy.cache_handler", "spotipy.util", "requests", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs as ERROR what it raises as well, also a pause of what was paused; the exception is enough.
    logging.getLogger("spotipy.client").setLevel(logging.CRITICAL)


def nothing() -> None:
    """Do nothing."""


class Refused(requests.RequestException):
    """Report a request or an answer that we do not take."""


class Trip:
    """One request on its way, in a thread of its own; whoever waits for it may give it up.

    `before_send` runs once, when the host is reached and nothing was sent yet; what it raises ends the request.
    """

    def __init__(self, before_send: Callable[[], None] = nothing) -> None:
        self.done = threading.Event()
        self.response: requests.Response | None = None
        self.error: Exception | None = None
        self._before_send = before_send
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._sent = False
        self._late = False

    @property
    def sent(self) -> bool:
        """Say whether a byte has left, so that the request may have been carried out."""
        with self._lock:
            return self._sent

    def leave(self, way: socket.socket | None) -> None:
        """Note that bytes leave now; raises OSError when it was given up before."""
        first = not self.sent
        self._begin(way, sent=not first)
        if first:
            try:
                self._before_send()
            except Exception as error:
                self.error = error  # urllib3 would wrap an OSError into one of its own
                raise
            self._begin(way, sent=True)

    def _begin(self, way: socket.socket | None, *, sent: bool) -> None:
        with self._lock:
            if self._late:
                raise TimeoutError("given up before it was sent")
            self._sent = sent
            self._socket = way

    def give_up(self) -> None:
        """Let nothing more leave, and end the thread's waiting."""
        with self._lock:
            self._late = True
            if self._socket is not None:
                with contextlib.suppress(OSError):  # closed already
                    # The plain method: that of SSLSocket would take the TLS state away from the reading thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_trip: ContextVar[Trip] = ContextVar("trip")


class _Plain(HTTPConnection):
    def send(self, data: Any) -> None:
        """Ask the trip before anything leaves."""
        if self.sock is None:
            self.connect()
        _trip.get().leave(self.sock)
        super().send(data)


class _Secure(HTTPSConnection):
    def send(self, data: Any) -> None:
        """Ask the trip before anything leaves."""
        if self.sock is None:
            self.connect()
        _trip.get().leave(self.sock)
        super().send(data)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools make our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class Session(requests.Session):
    """Send requests of Spotipy to `base` only. Not for several threads at once.

    The deadline holds for everything, name lookup and an answer that trickles included: the request has a thread of its
    own, which is left behind when time is over and then sends nothing any more.
    """

    def __init__(
        self,
        base: str,
        *,
        largest: int = LARGEST,
        before_send: Callable[[], None] = nothing,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        quiet_loggers()
        self.base = base.rstrip("/")
        self._largest = largest
        self._before_send = before_send
        self.seconds = 10.0  # of the next request
        self.trip = Trip()  # the last one
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._monotonic = monotonic
        self._used_at = monotonic()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(pool_maxsize=1, max_retries=0))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request; raises RequestException. `trip` tells afterwards whether it left."""
        self.trip = trip = Trip(self._before_send)
        self._check(str(url))
        if self._monotonic() - self._used_at > IDLE:
            self.close()
        kwargs |= {"stream": True, "allow_redirects": False, "timeout": (min(CONNECT, self.seconds), self.seconds)}
        work = (trip, method, url, args, kwargs)
        try:
            threading.Thread(target=self._travel, args=work, name="spotify-call", daemon=True).start()
        except RuntimeError as error:
            raise Refused("the machine has no thread to spare") from error
        in_time = trip.done.wait(self.seconds)
        self._used_at = self._monotonic()
        if not in_time:
            trip.give_up()
            raise requests.Timeout("no answer in time")
        if isinstance(trip.error, ValueError):  # its text may hold a header; and Spotipy would take it for an answer
            raise Refused("the request cannot be sent") from None
        if trip.error is not None:
            raise trip.error
        if trip.response is None:
            raise Refused("no answer")
        return trip.response

    def forget(self) -> None:
        """Forget the last request, so that what is said of it is never said of the next."""
        self.trip = Trip()

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the signature of requests
        """Follow nothing, and read nothing to find out where to."""
        return None

    def _check(self, url: str) -> None:
        asked, allowed = urlsplit(url), urlsplit(self.base)
        if (asked.scheme, asked.netloc) != (allowed.scheme, allowed.netloc):
            raise Refused("only Spotify may be asked")

    def _travel(self, trip: Trip, method: str, url: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        _trip.set(trip)
        try:
            response = super().request(method, url, *args, **kwargs)
            response.raw = io.BytesIO(_read(response, self._largest))
            trip.response = response
        except Exception as error:  # noqa: BLE001 - whatever it is, the waiting thread raises it
            trip.error = trip.error or error
        finally:
            trip.done.set()


def _read(response: requests.Response, largest: int) -> bytes:
    """Read an answer as far as we take it."""
    body = bytearray()
    try:
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > largest:
                raise Refused("the answer is too large")
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError("the answer broke off") from error
    finally:
        if len(body) > largest:
            response.close()
    return bytes(body)
