from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import ServerConnection, serve

from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.line import Backoff, EventLine

DEADLINE = 10.0


class Ends:
    """Both ends of a line."""

    def __init__(self) -> None:
        self.news: queue.SimpleQueue[str] = queue.SimpleQueue()

    def line(self, find: Callable[[], str], *, quiet: float = 30.0, alive: bool = False) -> EventLine:
        return EventLine(
            "test",
            find,
            on_open=lambda: self.news.put("open"),
            on_message=lambda message: self.news.put(f"said {message!r}"[:40]),
            on_lost=lambda: self.news.put("lost"),
            on_quiet=lambda: self.news.put("quiet") or alive,
            quiet=quiet,
        )

    def next(self) -> str:
        return self.news.get(timeout=DEADLINE)


@pytest.fixture
def ends() -> Ends:
    return Ends()


@contextmanager
def _server(handler: Callable[[ServerConnection], None]) -> Iterator[str]:
    with serve(handler, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        server.shutdown()
        thread.join(DEADLINE)


def _stay(connection: ServerConnection) -> None:
    for _ in connection:
        pass


def _absent() -> str:
    raise refusal.soloist_absent()


def test_pauses_double_up_to_eight_seconds() -> None:
    backoff = Backoff()
    assert [backoff.pause() for _ in range(8)] == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 8.0, 8.0])
    backoff.reset()
    assert backoff.pause() == 0.2


def test_nobody_there_is_asked_for_with_pauses(ends: Ends) -> None:
    tries: queue.SimpleQueue[float] = queue.SimpleQueue()

    def find() -> str:
        tries.put(time.monotonic())
        raise refusal.soloist_absent()

    line = ends.line(find)
    at = [tries.get(timeout=DEADLINE) for _ in range(3)]
    line.close()
    assert at[1] - at[0] >= 0.19
    assert at[2] - at[1] >= 0.39
    assert ends.news.empty()  # nothing was open, so nothing was lost


def test_waiting_for_nobody_ends_with_the_first_try(ends: Ends) -> None:
    line = ends.line(_absent)
    began = time.monotonic()
    assert not line.wait_open(began + 5.0)
    assert time.monotonic() - began < 4.0
    assert line.error is not None
    assert "not running" in str(line.error)
    line.close()


def test_waiting_hurries_the_next_try(ends: Ends) -> None:
    address = [""]

    def find() -> str:
        return address[0] or _absent()

    line = ends.line(find)
    for _ in range(4):
        line.wait_open(time.monotonic() + DEADLINE)
    with _server(_stay) as url:  # by now the pause would be 1.6 s or more
        address[0] = url
        assert line.wait_open(time.monotonic() + DEADLINE)
        assert line.error is None
        line.close()


def test_a_server_that_hangs_up_is_called_again(ends: Ends) -> None:
    with _server(lambda connection: connection.send("hello")) as url:
        line = ends.line(lambda: url)
        heard = [ends.next() for _ in range(6)]
        line.close()
    assert heard == ["open", "said 'hello'", "lost"] * 2


def test_a_huge_message_costs_the_connection_and_not_the_memory(ends: Ends) -> None:
    with _server(lambda connection: connection.send("x" * (2**20 + 1))) as url:
        line = ends.line(lambda: url)
        heard = [ends.next() for _ in range(4)]
        line.close()
    assert heard == ["open", "lost"] * 2


def test_a_quiet_speaker_is_asked_and_then_given_up(ends: Ends) -> None:
    with _server(_stay) as url:
        line = ends.line(lambda: url, quiet=0.05)
        assert [ends.next() for _ in range(4)] == ["open", "quiet", "lost", "open"]
        line.close()


def test_a_quiet_speaker_that_lives_is_kept(ends: Ends) -> None:
    with _server(_stay) as url:
        line = ends.line(lambda: url, quiet=0.05, alive=True)
        assert [ends.next() for _ in range(4)] == ["open", "quiet", "quiet", "quiet"]
        line.close()


def test_something_that_is_no_websocket_is_survived(ends: Ends) -> None:
    line = ends.line(lambda: "http://127.0.0.1:1/")
    assert not line.wait_open(time.monotonic() + DEADLINE)
    line.close()


def test_a_callback_that_fails_costs_the_connection_only(ends: Ends, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: str | bytes) -> None:
        raise KeyError("a mistake of ours")

    with _server(lambda connection: connection.send("hello")) as url:
        line = EventLine(
            "test",
            lambda: url,
            on_open=lambda: ends.news.put("open"),
            on_message=fail,
            on_lost=lambda: ends.news.put("lost"),
            on_quiet=lambda: True,
        )
        assert [ends.next() for _ in range(3)] == ["open", "lost", "open"]
        line.close()
    assert "the line to a local speaker failed" in caplog.text


def test_nothing_is_sent_without_a_connection(ends: Ends) -> None:
    line = ends.line(_absent)
    with pytest.raises(ConnectionError):
        line.send({"type": "command"})
    line.close()


def test_close_ends_the_thread_and_may_be_called_twice(ends: Ends) -> None:
    with _server(_stay) as url:
        line = ends.line(lambda: url)
        assert ends.next() == "open"
        line.close()
        line.close()
        assert not line._thread.is_alive()
        assert not line.wait_open(time.monotonic() + 0.01)
