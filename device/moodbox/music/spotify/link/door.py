"""A listener for the one request that ends a sign-in: GET /callback with the right Host, and nothing else.

It stays open for minutes, so it must not mind strangers: every connection has a deadline, its own thread and a small
limit on what it may send; when there are too many, the one that has kept us waiting longest goes.
"""

from __future__ import annotations

import contextlib
import io
import logging
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from moodbox.music.spotify.link.landing import Landing, refusal

log = logging.getLogger(__name__)

READING = 5.0  # seconds for the TLS handshake and the request together
WRITING = 5.0  # seconds for the answer
_LONGEST = 8_192  # bytes of a request; a browser sends about two thousand
_MOST = 12  # connections at a time
_LOOK = 0.2  # seconds between looks at the clock
_CLOSING = 2.0  # seconds for the thread to end

OnAnswer = Callable[[str], Landing]  # takes the query of /callback


class Door:
    """Listen until a deadline that may be put off; `close` may be called twice, and from a connection's own thread."""

    def __init__(
        self,
        listener: socket.socket,
        on_answer: OnAnswer,
        *,
        seconds: float,
        tls: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        listener.setblocking(False)  # a visitor may be gone before it is accepted
        host, self.port = listener.getsockname()[:2]
        self._host = f"{host}:{self.port}"
        self._on_answer = on_answer
        self._tls = tls
        self._monotonic = monotonic
        self._until = monotonic() + seconds
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._reading: dict[socket.socket, None] = {}  # in the order of their coming
        self._thread = threading.Thread(target=self._run, name=f"spotify-door-{self.port}", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Say whether it still listens."""
        return not self._closing.is_set() and self._monotonic() < self._until

    def keep_open(self, seconds: float) -> None:
        """Listen at least that long from now on."""
        self._until = max(self._until, self._monotonic() + seconds)

    def close(self) -> None:
        """Stop listening; whoever is being answered still gets the answer."""
        self._closing.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSING)

    def _run(self) -> None:
        try:
            while self.is_open:
                if select.select([self._listener], [], [], _LOOK)[0]:
                    self._accept()
        except OSError:
            log.exception("the listener for Spotify's sign-in broke")
        finally:
            self._closing.set()
            self._listener.close()
            with self._lock:
                for connection in self._reading:
                    _cut(connection)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # gone again, or no file left to open: not the end of the door
            self._closing.wait(_LOOK)
            return
        with self._lock:
            if len(self._reading) >= _MOST:
                oldest = next(iter(self._reading))
                del self._reading[oldest]
                _cut(oldest)
        try:
            connection.settimeout(READING)
            if self._tls is not None:  # the handshake is done by the connection's own thread
                connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        except OSError:
            connection.close()
            return
        with self._lock:
            self._reading[connection] = None
        threading.Thread(target=self._serve, args=(connection,), name="spotify-door-visitor", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # What a stranger sends is no news; ValueError: Python's word for a TLS connection that was cut.
        with connection, contextlib.suppress(OSError, ValueError):
            try:
                head = _head(connection)
            finally:
                with self._lock:
                    self._reading.pop(connection, None)
            answer = self._answer(head)
            connection.settimeout(WRITING)
            connection.sendall(answer.bytes())
            if isinstance(connection, ssl.SSLSocket):
                connection.unwrap()
            else:
                connection.shutdown(socket.SHUT_WR)

    def _answer(self, head: bytes | None) -> Landing:
        if head is None:
            return refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        request = _Request(head)
        if request.refused is not None:
            return refusal(request.refused)
        if request.headers.get_all("Host") != [self._host]:
            return refusal(HTTPStatus.MISDIRECTED_REQUEST)
        if request.command != "GET":
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED)
        if "Content-Length" in request.headers or "Transfer-Encoding" in request.headers:
            return refusal(HTTPStatus.BAD_REQUEST)
        target = urlsplit(request.path)
        if target.path != "/callback" or target.netloc or target.scheme:
            return refusal(HTTPStatus.NOT_FOUND)
        try:
            return self._on_answer(target.query)
        except Exception:
            log.exception("a sign-in could not be finished")
            return Landing(HTTPStatus.INTERNAL_SERVER_ERROR, "That did not work", "The log of the box says why.")


class _Request(BaseHTTPRequestHandler):
    """The parser of the standard library, fed with a head that is there already; it never speaks for itself."""

    def __init__(self, head: bytes) -> None:
        self.rfile = io.BytesIO(head)
        self.refused: HTTPStatus | None = None
        self.command, self.path = "", ""
        self.raw_requestline = self.rfile.readline()
        if not self.parse_request() and self.refused is None:
            self.refused = HTTPStatus.BAD_REQUEST

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Keep the status; the words would quote the request."""
        self.refused = HTTPStatus(code)


def _head(connection: socket.socket) -> bytes | None:
    """Read up to the empty line; None when it is too long. Raises OSError when time is up or the other side went."""
    until = time.monotonic() + READING
    if isinstance(connection, ssl.SSLSocket):
        connection.do_handshake()
    head = b""
    while b"\r\n\r\n" not in head:
        if len(head) > _LONGEST:
            return None
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        piece = connection.recv(_LONGEST)
        if not piece:
            raise ConnectionResetError
        head += piece
    return head if len(head) <= _LONGEST else None


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Of the plain class: that of ssl.SSLSocket takes the TLS object away from the thread that reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
