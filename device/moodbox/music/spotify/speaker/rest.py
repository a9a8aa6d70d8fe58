"""go-librespot's REST interface on this machine: one short connection for each question, every one with a deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from moodbox.music.spotify.speaker.entity import document

_LARGEST = 256 * 1024  # bytes of an answer; a status is about 1 KB


class NoConnectionError(Exception):
    """Report that nobody listens: nothing was sent."""


class NoAnswerError(Exception):
    """Report that a request was sent and no usable answer came: it may have been carried out."""


class Answer(NamedTuple):
    """A status and the JSON object that came with it."""

    status: int
    body: dict[str, object]


class Rest:
    """Ask go-librespot. http.client: no proxy, no redirects, and connecting is a step of its own."""

    def __init__(self, host: str, port: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._port = port
        self._monotonic = monotonic

    def get(self, path: str, until: float) -> Answer:
        """Ask; raises NoConnectionError, NoAnswerError."""
        return self._request("GET", path, None, until)

    def post(self, path: str, body: dict[str, object] | None, until: float) -> Answer:
        """Command; raises NoConnectionError, NoAnswerError."""
        return self._request("POST", path, body, until)

    def _request(self, method: str, path: str, body: dict[str, object] | None, until: float) -> Answer:
        connection = HTTPConnection(self._host, self._port, timeout=self._left(until))
        try:
            try:
                connection.connect()
            except OSError as error:
                raise NoConnectionError(str(error)) from error
            try:
                return self._exchange(connection, method, path, body, until)
            except (OSError, HTTPException, ValueError) as error:
                raise NoAnswerError(str(error)) from error
        finally:
            connection.close()

    def _exchange(
        self, connection: HTTPConnection, method: str, path: str, body: dict[str, object] | None, until: float
    ) -> Answer:
        sock = connection.sock
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, path, content, {"Content-Type": "application/json"} if content else {})
        sock.settimeout(self._left(until))
        with connection.getresponse() as response:
            read = b""
            while len(read) <= _LARGEST:  # piece by piece: each may come just before a timeout of its own
                sock.settimeout(self._left(until))
                piece = response.read1(65_536)
                if not piece:
                    return Answer(response.status, document(read))
                read += piece
        raise ValueError("the answer is too large")

    def _left(self, until: float) -> float:
        """Return the seconds that are left; never 0, which would mean not to wait at all."""
        return max(0.01, until - self._monotonic())
