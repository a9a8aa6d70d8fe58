"""The jukebox: Spotify and the composer as one player for the box. One thread hears both and hands over."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial

from moodbox.events import Playback, PlaybackChanged, Programme
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.handover import Handover
from moodbox.music.spotify.player.news import Tell
from moodbox.music.spotify.player.player import SpotifyPlayer

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 5.0


class Jukebox:
    """Play programmes with Spotify where it can, else with the composer; never both, and never silence unexplained.

    Both players are made here, so that their news cannot come before anybody listens: each argument takes the
    function that news are to be told to. `spotify` is None in a house without it.
    """

    def __init__(
        self,
        spotify: Callable[[Tell], SpotifyPlayer] | None,
        composer: Callable[[Callable[[PlaybackChanged], None]], ComposerPlayer],
        *,
        on_change: Callable[[PlaybackChanged], None],
        wait_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ending = threading.Event()
        self.composer = composer(lambda news: self._inbox.put(lambda: self._handover.composer_says(news)))
        self.spotify = (
            spotify(lambda news: self._inbox.put(lambda: self._handover.spotify_says(news))) if spotify else None
        )
        self._handover = Handover(
            self.spotify,
            self.composer,
            on_change=on_change,
            post=self._inbox.put,
            wait_seconds=wait_seconds,
            monotonic=monotonic,
        )
        self._thread = threading.Thread(target=self._work, name="jukebox", daemon=True)
        self._thread.start()

    def play(self, programme: Programme, run: int) -> None:
        """Start a programme instead of whatever plays."""
        self._inbox.put(partial(self._handover.play, programme, run))

    def pause(self) -> None:
        """Fall silent and keep the place."""
        self._inbox.put(self._handover.pause)

    def resume(self) -> None:
        """Go on."""
        self._inbox.put(self._handover.resume)

    def next(self) -> None:
        """Go to the next piece."""
        self._inbox.put(self._handover.next)

    def stop(self) -> None:
        """Fall silent and forget the programme."""
        self._inbox.put(self._handover.stop)

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1."""
        self._inbox.put(partial(self._handover.set_volume, level))

    def state(self) -> Playback:
        """Return what plays as of now."""
        return self._handover.state()

    def close(self) -> None:
        """Silence everybody and end every thread; may be called twice."""
        self._ending.set()
        self._inbox.put(lambda: None)
        self._thread.join(_CLOSE_SECONDS)
        self.composer.close()
        if self.spotify is not None:
            self.spotify.close()

    def _work(self) -> None:
        due = 3600.0
        while not self._ending.is_set():
            try:
                message = self._inbox.get(timeout=due)
            except queue.Empty:
                message = None
            while message is not None:  # everything that has come counts before the clock does
                self._guarded(message)
                message = self._waiting()
            due = self._guarded(self._handover.turn) or 0.0

    def _waiting(self) -> Callable[[], None] | None:
        try:
            return self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _guarded(self, call: Callable[[], float | None]) -> float | None:
        try:
            return call()
        except Exception:
            log.exception("the jukebox could not answer and goes on")
            return 1.0
