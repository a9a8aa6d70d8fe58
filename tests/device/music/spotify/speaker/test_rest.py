from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from moodbox.music.spotify.speaker.rest import NoAnswerError, NoConnectionError, Rest

HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def _answering(*pieces: bytes, every: float = 0.0) -> Iterator[Rest]:
    """Answer one request with these bytes, however wrong they are; then hold on until the client hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                for piece in pieces:
                    connection.sendall(piece)
                    if every and not _hung_up(connection, every):
                        continue
                connection.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Rest("127.0.0.1", listening.getsockname()[1])
        thread.join(10)
        assert not thread.is_alive()


def _hung_up(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False


def _soon(seconds: float = 10.0) -> float:
    return time.monotonic() + seconds


def test_an_answer_is_a_status_and_an_object() -> None:
    with _answering(HEAD + b'Content-Length: 7\r\n\r\n{"a":1}') as rest:
        assert rest.get("/status", _soon()) == (200, {"a": 1})


def test_nobody_there_means_that_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NoConnectionError):
        Rest("127.0.0.1", port).post("/player/play", {}, _soon())


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Content-Length: 400000\r\n\r\n" + b"x" * 400_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_answer_is_told_within_the_time(answer: bytes) -> None:
    began = time.monotonic()
    with _answering(answer) as rest, pytest.raises(NoAnswerError):
        rest.get("/status", _soon(0.3))
    assert time.monotonic() - began < 5.0


def test_an_answer_that_trickles_does_not_stretch_the_time() -> None:
    began = time.monotonic()
    pieces = (HEAD + b"Content-Length: 1000\r\n\r\n", *[b" "] * 400)
    with _answering(*pieces, every=0.02) as rest, pytest.raises(NoAnswerError):
        rest.get("/status", _soon(0.3))
    assert time.monotonic() - began < 4.0


def test_redirects_are_not_followed() -> None:
    with _answering(b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n") as rest:
        assert rest.get("/status", _soon()) == (302, {})
