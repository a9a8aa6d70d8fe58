"""One WebSocket kept open by one background thread, with a pause between tries that grows."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.speaker.turn import left

log = logging.getLogger(__name__)

_OPENING = 2.0  # seconds
_CLOSING = 0.5  # seconds for a good-bye that a dead speaker does not answer
_LARGEST = 2**20  # bytes of one message; a queue of 50 tracks is about 60 KB
_QUIET = 30.0  # seconds without a word after which the speaker is asked whether it is still there
_STEADY = 5.0  # seconds that a connection must have lasted before the next try may be quick again


class Backoff:
    """Pauses between tries: 0.2 s, doubled up to 8 s."""

    def __init__(self) -> None:
        self._next = 0.2

    def pause(self) -> float:
        """Return the pause before the next try."""
        seconds, self._next = self._next, min(8.0, self._next * 2)
        return seconds

    def reset(self) -> None:
        """Begin again with short pauses."""
        self._next = 0.2


class EventLine:
    """Keep a WebSocket to a local speaker. The callbacks come from the line's own thread.

    `find` returns the address or raises SpotifyError; `on_lost` gets what went wrong; `on_quiet` asks the speaker for a
    sign of life and says whether it came already: if none comes for as long again, the connection counts as dead.
    """

    def __init__(
        self,
        name: str,
        find: Callable[[], str],
        *,
        on_open: Callable[[], None],
        on_message: Callable[[str | bytes], None],
        on_lost: Callable[[], None],
        on_quiet: Callable[[], bool],
        monotonic: Callable[[], float] = time.monotonic,
        quiet: float = _QUIET,
    ) -> None:
        self._find = find
        self._on_open = on_open
        self._on_message = on_message
        self._on_lost = on_lost
        self._on_quiet = on_quiet
        self._monotonic = monotonic
        self._quiet = quiet
        self._change = threading.Condition()
        self._connection: ClientConnection | None = None
        self._trying = False
        self._failures = 0
        self._error: Exception | None = None
        self._hurry = False
        self._ending = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def error(self) -> Exception | None:
        """Say why the last try failed; None while connected."""
        with self._change:
            return self._error

    def wait_open(self, until: float) -> bool:
        """Be connected, trying at once; False when that try fails or time is over."""
        with self._change:
            if self._connection is not None:
                return True
            # A try that is under way may have looked before the speaker came up: the one after it counts.
            enough = self._failures + (2 if self._trying else 1)
            self._hurry = True
            self._change.notify_all()
            self._change.wait_for(
                lambda: self._connection is not None or self._failures >= enough or self._ending,
                left(until, self._monotonic()),
            )
            return self._connection is not None

    def send(self, message: dict[str, object]) -> None:
        """Send a message; raises ConnectionError when there is no connection (any more)."""
        with self._change:
            connection = self._connection
        if connection is None:
            raise ConnectionError("there is no connection")
        try:
            connection.send(json.dumps(message))
        except (ConnectionClosed, OSError) as error:
            raise ConnectionError(str(error)) from error

    def reset(self) -> None:
        """Hang up and connect afresh, so that a late answer cannot be taken for the next one."""
        with self._change:
            connection, self._connection, self._hurry = self._connection, None, True
        if connection is not None:
            with suppress(OSError):  # at once: a good-bye may have to wait for a speaker that does not answer
                connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self, *, wait: bool = True) -> None:
        """Hang up for good and end the thread, `wait`ing for its end or not; may be called twice."""
        with self._change:
            self._ending = True
            connection = self._connection
            self._change.notify_all()
        if connection is not None:
            connection.close()
        if wait and threading.current_thread() is not self._thread:
            self._thread.join(_OPENING + 2 * _CLOSING + 1.0)

    def _run(self) -> None:
        backoff = Backoff()
        while not self._ending:
            began = self._monotonic()
            try:
                self._live()
            except (SpotifyError, OSError, WebSocketException) as error:
                self._failed(error)
            except Exception as error:
                log.exception("the line to a local speaker failed and is opened again")
                self._failed(error)
            if self._monotonic() - began >= _STEADY:
                backoff.reset()
            self._rest(backoff.pause())

    def _live(self) -> None:
        """Connect and listen until the connection is lost, which raises."""
        with self._change:
            self._trying, self._hurry = True, False
        url = self._find()
        # No proxy: the address is this machine. Messages are small and local, so packing them costs more than it saves.
        with connect(
            url, open_timeout=_OPENING, close_timeout=_CLOSING, max_size=_LARGEST, compression=None, proxy=None
        ) as connection:
            self._on_open()
            with self._change:
                if self._ending:
                    return
                self._connection, self._trying, self._error = connection, False, None
                self._change.notify_all()
            self._listen(connection)

    def _listen(self, connection: ClientConnection) -> None:
        asked = False
        while True:
            try:
                message = connection.recv(timeout=self._quiet)
            except TimeoutError:
                if asked:
                    raise
                asked = not self._on_quiet()
                continue
            asked = False
            self._on_message(message)

    def _failed(self, error: Exception) -> None:
        with self._change:
            was_open = not self._trying
            self._connection, self._trying, self._error = None, False, error
            self._failures += 0 if was_open else 1
            self._change.notify_all()
        if was_open:
            self._on_lost()

    def _rest(self, seconds: float) -> None:
        with self._change:
            self._change.wait_for(lambda: self._ending or self._hurry, seconds)
