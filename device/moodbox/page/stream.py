"""The event stream: the full view first, then every change of it, and the colour of the drawn light."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from moodbox.events import Snapshot
from moodbox.page.desk import Desk
from moodbox.page.spotify.memory import Memory
from moodbox.page.spotify.view import song, stamps
from moodbox.page.view import view

MOST = 12  # windows at once; each holds one thread of the server
TICK = 0.04  # seconds: the drawn light moves 25 times a second
CALM = 0.1  # seconds between two views, however fast readings come
ROOMS = 0.5  # seconds between two looks at how Spotify stands and what is kept
HEARTBEAT = 10.0  # seconds of silence after which a sign of life is sent, so that a gone visitor is noticed


class Streams:
    """Count the open streams, and end them all when the server closes."""

    def __init__(self) -> None:
        self._open = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def enter(self) -> None:
        """Take a place; raises ServiceUnavailable when all are taken or the page closes."""
        with self._lock:
            if self._closing.is_set():
                raise ServiceUnavailable("The box is closing.", retry_after=5)
            if self._open >= MOST:
                raise ServiceUnavailable(f"{MOST} windows watch this box already: close one of them.", retry_after=5)
            self._open += 1

    def leave(self) -> None:
        """Give the place back."""
        with self._lock:
            self._open -= 1

    def pause(self, seconds: float) -> bool:
        """Wait; False when the streams must end."""
        return not self._closing.wait(seconds)

    def close(self) -> None:
        """End every stream; may be called twice."""
        self._closing.set()


class Feed:
    """Decide what one visitor is sent at a moment; waits for nothing."""

    def __init__(self, desk: Desk, memory: Memory, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._memory = memory
        self._clock = clock
        self._seen: tuple[object, ...] | None = None  # number of the snapshot, whether frames are wanted, the rooms
        self._rooms: object = None
        self._rooms_time = float("-inf")
        self._color: tuple[float, ...] | None = None
        self._view_time = self._sent_time = float("-inf")

    def due(self) -> Iterator[str]:
        """Yield the messages that are due now."""
        now = self._clock()
        yield from self._light(now)
        if now - self._view_time >= CALM:
            yield from self._view(now)
        if now - self._sent_time >= HEARTBEAT:
            self._sent_time = now
            yield ": still here\n\n"

    def _view(self, now: float) -> Iterator[str]:
        snapshot = self._desk.board.latest()
        if now - self._rooms_time >= ROOMS:
            self._rooms, self._rooms_time = self._look_at_rooms(snapshot), now
        seen = (snapshot.number, self._desk.watcher.wants_browser_frames(), self._rooms)
        if seen != self._seen:
            self._seen, self._view_time, self._sent_time = seen, now, now
            yield _message("view", view(self._desk, snapshot, self._memory))

    def _look_at_rooms(self, snapshot: Snapshot) -> object:
        """Return what tells whether Spotify's and the shelf's part of the view are others than before."""
        desk, playback, memory = self._desk, snapshot.playback, self._memory
        shelf = memory.glance.look(desk.pieces, playback, memory.changes)
        return stamps(desk.spotify, playback, memory), song(desk.spotify, playback, memory), shelf

    def _light(self, now: float) -> Iterator[str]:
        if self._seen is None or not self._desk.simulated or self._desk.panel is None:
            return
        color = tuple(round(level, 3) for level in self._desk.panel.color())
        if color != self._color:
            self._color, self._sent_time = color, now
            yield _message("light", color)


def streams(desk: Desk, places: Streams, memory: Memory) -> Blueprint:
    """Build the route of the stream."""
    routes = Blueprint("stream", __name__)

    @routes.get("/stream")
    def stream() -> Response:
        places.enter()
        gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
        response = Response(_run(desk, places, memory, gone), mimetype="text/event-stream")
        response.call_on_close(places.leave)  # also when the stream was never started
        return response

    return routes


def _run(desk: Desk, places: Streams, memory: Memory, gone: Callable[[], bool]) -> Iterator[str]:
    feed = Feed(desk, memory)
    while not desk.board.closed and not gone():
        yield from feed.due()
        if not places.pause(TICK):
            return


def _message(kind: str, value: object) -> str:
    return f"event: {kind}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n"
