import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from moodbox.errors import PageError
from moodbox.page.app import create_app
from moodbox.page.server import MOST_UNSENT, PageServer
from moodbox.page.stream import MOST
from moodbox.settings import PageSettings
from tests.device.page.conftest import TOKEN
from tests.fakes.desk import FakeDesk

DEADLINE = 10.0  # seconds; nothing here takes one


@pytest.fixture
def server(app) -> Iterator[PageServer]:
    server = PageServer(app, PageSettings(port=0))
    yield server
    server.close()


class Browser:
    """A bare browser on a real socket."""

    def __init__(self, address: str) -> None:
        self.host = address.removeprefix("http://")
        with self.ask("GET", "/") as page:
            self.cookie = page.headers["Set-Cookie"].split(";")[0]
            self.token = TOKEN.search(page.read().decode())[1]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.host, timeout=DEADLINE)
        if hasattr(self, "cookie"):
            headers |= {"Cookie": self.cookie, "X-Moodbox-Token": getattr(self, "token", "")}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.connection = connection  # closed with it, below
        return _Closing(answer, connection)

    def stream(self):
        return self.ask("GET", "/stream")


class _Closing:
    def __init__(self, answer, connection):
        self.answer, self.connection = answer, connection

    def __enter__(self):
        return self.answer

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.answer.close()
        self.connection.close()


def event(answer):
    """Read one message of a stream."""
    lines = []
    while (line := answer.readline().decode()) not in ("\n", ""):
        lines.append(line.strip())
    return lines


def wait_for(condition):
    """Wait with a deadline for something that another thread does."""
    until = time.monotonic() + DEADLINE
    paused = threading.Event()
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        paused.wait(0.01)


def test_server_answers_at_the_address_it_returns(server):
    address = server.start()
    assert address.startswith("http://127.0.0.1:")
    with Browser(address).ask("GET", "/") as page:
        assert page.status == 200
        assert page.headers["Server"] is None


def test_press_arrives_over_a_real_socket(server, desk):
    browser = Browser(server.start())
    with browser.ask("POST", "/touch", json.dumps({"down": True}), **{"Content-Type": "application/json"}) as answer:
        assert answer.status == 204
    assert desk.panel.touches == [True]


def test_stream_tells_a_change_promptly(server, desk):
    with Browser(server.start()).stream() as stream:
        assert event(stream)[0] == "event: view"
        event(stream)  # the light
        begun = time.monotonic()
        desk.play()
        while "event: view" not in event(stream):
            pass
        assert time.monotonic() - begun < 2.0


def test_streams_do_not_keep_presses_waiting(server, desk):
    browser = Browser(server.start())
    streams = [browser.stream() for _ in range(MOST)]
    try:
        with browser.ask("GET", "/live.jpg") as answer:
            assert answer.status == 204
        with browser.stream() as refused:
            assert refused.status == 503
            assert "windows watch this box already" in json.load(refused)["error"]
    finally:
        for stream in streams:
            stream.close()


def test_closed_window_gives_its_place_back(server):
    browser = Browser(server.start())
    for _ in range(2):
        streams = [browser.stream() for _ in range(MOST)]
        for stream in streams:
            with stream as answer:
                event(answer)

        def free():
            with browser.stream() as answer:
                return answer.status == 200

        wait_for(free)


def test_board_that_closes_ends_the_streams(server, desk):
    with Browser(server.start()).stream() as stream:
        event(stream)
        desk.board.close()
        begun = time.monotonic()
        stream.read()  # to its end
        assert time.monotonic() - begun < 2.0


def test_server_that_closes_ends_the_streams_and_frees_port_and_threads(app):
    before = set(threading.enumerate())
    server = PageServer(app, PageSettings(port=0))
    address = server.start()
    browser = Browser(address)
    streams = [browser.stream() for _ in range(3)]
    for stream in streams:
        event(stream.answer)
    server.close()
    for stream in streams:
        stream.answer.read()  # returns: the stream has ended
        stream.close()
    wait_for(lambda: set(threading.enumerate()) <= before)
    port = int(address.rsplit(":", 1)[1])
    again = PageServer(create_app(FakeDesk()), PageSettings(port=port))
    assert again.start() == address
    again.close()


def test_visitor_who_never_reads_cannot_hold_the_server(app, desk):
    server = PageServer(app, PageSettings(port=0))
    browser = Browser(server.start())
    host, port = browser.host.split(":")
    with socket.socket() as stalled:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect((host, int(port)))
        stalled.sendall(f"GET /stream HTTP/1.1\r\nHost: {browser.host}\r\nCookie: {browser.cookie}\r\n\r\n".encode())

        unsent: list[int] = []

        def stuck():
            desk.show(words="a very long sentence " * 50_000)
            unsent.append(sum(each.total_outbufs_len for each in server._server.active_channels.values()))
            return unsent[-1] > MOST_UNSENT and len(unsent) > 30 and len(set(unsent[-30:])) == 1

        wait_for(stuck)
        begun = time.monotonic()
        server.close()
        assert time.monotonic() - begun < DEADLINE
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("waitress", "page"))]


def test_close_may_come_twice_and_before_the_start(app):
    server = PageServer(app, PageSettings(port=0))
    server.close()
    other = PageServer(create_app(FakeDesk()), PageSettings(port=0))
    other.start()
    other.close()
    other.close()


def test_files_do_not_leak_over_many_starts(desk):
    psutil = pytest.importorskip("psutil")

    def start_and_close():
        server = PageServer(create_app(desk), PageSettings(port=0))
        Browser(server.start())
        server.close()

    start_and_close()
    before = psutil.Process().num_fds()
    for _ in range(5):
        start_and_close()
    assert psutil.Process().num_fds() <= before


def test_port_in_use_is_said_in_one_sentence(app):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageError) as told:
            PageServer(app, PageSettings(port=port)).start()
    assert str(told.value) == (f"Port {port} is already in use: stop the other program or choose another with --port")


def test_two_boxes_do_not_share_a_port(app, server):
    port = int(server.start().rsplit(":", 1)[1])
    with pytest.raises(PageError, match="already in use"):
        PageServer(create_app(FakeDesk()), PageSettings(port=port)).start()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "moodbox.local", "127.0.0.2", ""])  # noqa: S104 - refused
def test_page_refuses_to_leave_this_machine(app, host):
    with pytest.raises(PageError, match="stays on this computer until it has accounts") as told:
        PageServer(app, PageSettings(host=host, port=0)).start()
    assert f'"{host}"' in str(told.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_every_name_of_this_machine_serves(desk, host):
    if host == "::1":
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
    server = PageServer(create_app(desk), PageSettings(host=host, port=0))
    address = server.start()
    try:
        with Browser(address).ask("GET", "/") as page:
            assert page.status == 200
    finally:
        server.close()


def test_request_of_another_host_is_refused_over_a_real_socket(server):
    browser = Browser(server.start())
    with browser.ask("GET", "/", Host="evil.example") as answer:
        assert answer.status == 400


def test_body_beyond_every_limit_is_refused_without_reading_it_to_disk(server, desk):
    desk.watcher.wanted = True
    browser = Browser(server.start())
    connection = http.client.HTTPConnection(browser.host, timeout=DEADLINE)
    connection.putrequest("POST", "/camera/frame")
    connection.putheader("Content-Length", "500000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert desk.watcher.frames == []
