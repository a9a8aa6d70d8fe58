"""The listener: one request only, no patience for strangers, and gone when it closes."""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from http import HTTPStatus

import pytest

from moodbox.music.spotify.link import door as door_module
from moodbox.music.spotify.link.certificate import certificate
from moodbox.music.spotify.link.door import Door
from moodbox.music.spotify.link.landing import DONE, trouble
from moodbox.music.spotify.link.loopback import bound, listen


@pytest.fixture
def answers():
    return []


@pytest.fixture
def open_door(clock, answers, tmp_path):
    doors = []

    def start(*, tls=False, answer=DONE):
        def on_answer(query):
            answers.append(query)
            return answer

        shown = certificate(tmp_path, "127.0.0.1", time.time()) if tls else None
        context = shown.context() if shown else None
        doors.append(Door(bound("127.0.0.1", 0), on_answer, seconds=600, tls=context, monotonic=clock.ticks))
        return doors[-1]

    yield start
    for door in doors:
        door.close()
    left = [thread for thread in threading.enumerate() if thread.name.startswith("spotify-door")]
    for thread in left:
        thread.join(3)
    assert not [thread for thread in left if thread.is_alive()]


def send(door, data):
    """Send bytes and return the whole answer."""
    with socket.create_connection(("127.0.0.1", door.port), timeout=5) as connection:
        connection.sendall(data)
        pieces = []
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                pieces.append(piece)
        return b"".join(pieces)


def get(door, path="/callback?code=a&state=b", method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=5)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response, response.read().decode()


def test_answer_of_spotify_is_taken_and_thanked_for(open_door, answers):
    response, body = get(open_door())
    assert response.status == 200
    assert answers == ["code=a&state=b"]
    assert "<h1>Done: go back to the Moodbox page</h1>" in body


def test_page_holds_nothing_from_outside_and_says_what_went_wrong_as_text(open_door):
    response, body = get(open_door(answer=trouble("<b>No</b>.")))
    assert response.status == 400
    assert "&lt;b&gt;No&lt;/b&gt;.</p>" in body
    assert not re.search(r"https?:|//|src=|href=|<script", body)
    headers = dict(response.getheaders())
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("POST", "/callback?code=a&state=b", None, 405),
        ("HEAD", "/callback?code=a&state=b", None, 405),
        ("OPTIONS", "/callback", None, 405),
        ("GET", "/", None, 404),
        ("GET", "/callback/", None, 404),
        ("GET", "/Callback?code=a", None, 404),
        ("GET", "/favicon.ico", None, 404),
        ("GET", "/callback?code=a&state=b", "localhost:{port}", 421),
        ("GET", "/callback?code=a&state=b", "127.0.0.1", 421),
        ("GET", "/callback?code=a&state=b", "evil.example:{port}", 421),
    ],
)
def test_everything_else_is_refused(method, path, host, status, *, open_door, answers):
    door = open_door()
    headers = {"Host": host.format(port=door.port)} if host else {}
    response, _ = get(door, path, method, **headers)
    assert response.status == status
    assert answers == []


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /callback?code=a&state=b HTTP/1.1\r\n\r\n",
        b"GET /callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n",
        b"GET /callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello",
        b"GET /callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /callback?code=a&state=b HTTP/9.9\r\nHost: {host}\r\n\r\n",
        b"GET /callback?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET /callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET http://evil.example/callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /callback\r\n\r\n",
    ],
)
def test_odd_requests_are_refused(open_door, answers, request_):
    door = open_door()
    answer = send(door, request_.replace(b"{host}", f"127.0.0.1:{door.port}".encode()))
    assert re.match(rb"HTTP/1.1 (4|5)\d\d |\Z", answer)
    assert answers == []
    assert get(door)[0].status == 200


def test_failure_of_ours_is_a_page_without_details(clock, caplog):
    def fail(query):
        raise RuntimeError("inside")

    door = Door(bound("127.0.0.1", 0), fail, seconds=600, monotonic=clock.ticks)
    response, body = get(door)
    door.close()
    assert response.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "inside" not in body
    assert "could not be finished" in caplog.text


@pytest.mark.parametrize("tls", [False, True])
def test_silent_connections_block_nobody(open_door, answers, tls):
    """More strangers than the door takes at a time, none of which says anything (or ends a handshake)."""
    door = open_door(tls=tls)
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(socket.create_connection(("127.0.0.1", door.port), timeout=5))
        began = time.monotonic()
        if tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection("127.0.0.1", door.port, timeout=5, context=context)
            with contextlib.closing(connection):
                connection.request("GET", "/callback?code=a&state=b")
                assert connection.getresponse().status == 200
        else:
            assert get(door)[0].status == 200
        assert time.monotonic() - began < 3
    assert len(answers) == 1


@pytest.mark.parametrize("tls", [False, True])
def test_connection_has_a_deadline_however_it_trickles(open_door, monkeypatch, tls):
    monkeypatch.setattr(door_module, "READING", 0.3)
    door = open_door(tls=tls)
    with socket.create_connection(("127.0.0.1", door.port), timeout=5) as connection:
        began = time.monotonic()
        never, over = threading.Event(), False
        while not over and time.monotonic() - began < 5:
            try:
                connection.sendall(b"\x16" if tls else b"G")
                connection.settimeout(0.05)
                over = connection.recv(1) == b""
            except TimeoutError:
                never.wait(0.02)
            except OSError:
                over = True
        assert over
        assert time.monotonic() - began < 3


def test_door_closes_by_itself_and_frees_its_port(open_door, clock):
    door = open_door()
    assert door.is_open
    clock.advance(300)
    door.keep_open(600)
    clock.advance(599)
    assert get(door)[0].status == 200
    clock.advance(1)
    assert not door.is_open
    door._thread.join(3)
    bound("127.0.0.1", door.port).close()


def test_too_many_at_a_time_cost_the_one_that_waits_longest(open_door):
    door = open_door()
    with contextlib.ExitStack() as stack:
        first, *_ = [
            stack.enter_context(socket.create_connection(("127.0.0.1", door.port), timeout=2)) for _ in range(13)
        ]
        assert first.recv(1) == b""
    assert get(door)[0].status == 200


def test_closing_cuts_those_who_only_wait(open_door):
    door = open_door()
    with socket.create_connection(("127.0.0.1", door.port), timeout=2) as connection:
        connection.sendall(b"GET /callback")
        door.close()
        door.close()
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", door.port), timeout=5)


def test_door_that_is_closed_by_its_visitor_still_answers(clock):
    door = None

    def close(query):
        door.close()
        return DONE

    door = Door(bound("127.0.0.1", 0), close, seconds=600, monotonic=clock.ticks)
    assert get(door)[0].status == 200
    assert not door.is_open


def test_port_of_another_program_is_none(caplog):
    with bound("127.0.0.1", 0) as taken:
        assert listen(taken.getsockname()[1]) is None
    assert "pasting still works" in caplog.text
