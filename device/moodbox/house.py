"""The house: every room made once, joined by events, and closed in the right order."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from moodbox.board import Board
from moodbox.box import Box
from moodbox.errors import MoodboxError, PanelError
from moodbox.events import Event, Light, Press, Problem, ProblemRaised, ReadingTaken, Step, Stop, WatchChanged
from moodbox.machine import Memory
from moodbox.music.composer.live import KeptWave, LiveWave
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.jukebox import Jukebox
from moodbox.music.spotify.office import Office
from moodbox.music.spotify.room import SpotifyRoom
from moodbox.page.app import create_app
from moodbox.page.server import PageServer
from moodbox.panel.panel import Panel
from moodbox.settings import Settings
from moodbox.storage import writable
from moodbox.store.database import Database
from moodbox.watch.watcher import Watcher

log = logging.getLogger(__name__)


class House:
    """The whole box. `simulated`: panel on mock pins, drawn on the page; `demo`: a stand-in for Spotify inside."""

    def __init__(self, settings: Settings, *, simulated: bool, demo: bool = False) -> None:
        state, self._disk = writable(settings.box.state)
        self.settings = settings = replace(settings, box=replace(settings.box, state=state))
        self.simulated = simulated
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()  # rooms talk as soon as they are made
        self.board = Board()
        self.watcher = Watcher(
            settings.watch,
            state=state,
            on_reading=lambda reading: self.put(ReadingTaken(reading)),
            on_state=lambda watch: self.put(WatchChanged(watch)),
        )
        self._database, self._forgetful = _open_database(state)
        self._office = Office(settings.spotify, state, put=self.put, demo=demo, database=self._database)
        self._jukebox = self._make_jukebox()
        self.pieces = self._jukebox.composer.library
        self.spotify: SpotifyRoom | None = self._office.furnish(self._jukebox.spotify)
        chosen = settings.box
        self._box = Box(
            self.board,
            self.watcher,
            self._jukebox,
            self._show,
            memory=Memory(strategy=chosen.strategy, watching=chosen.watching, look_seconds=chosen.look_seconds),
            events=self._events,
            find=self._mood_of,
        )
        self.panel, self._pins = self._make_panel()
        self._server = PageServer(create_app(self), settings.page)
        self._thread = threading.Thread(target=self._box.run, name="box")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> str:
        """Start every room and return the page's address. Raises PageError; the house can then still be closed."""
        address = self._server.start()
        self._thread.start()
        self.watcher.start()
        self._office.start()
        renewed = self._database.problem if self._database else None
        for problem in (self._disk, self._pins, renewed):
            if problem:
                self.put(ProblemRaised(problem))
        return address

    def put(self, event: Event) -> None:
        """Hand an event to the box; never blocks."""
        self._events.put(event)

    def sound(self, key: str) -> KeptWave | LiveWave | None:
        """Find the sound of a piece, kept or still being made, as a WAV."""
        return self._jukebox.composer.sound(key)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the box was asked to end; True when it was."""
        return self._box.ended.wait(seconds)

    def close(self) -> None:
        """Stop every room; may be called twice."""
        self.put(Stop("closing"))
        if self._thread.ident is not None:
            self._thread.join(timeout=5)
        self.board.close()
        self._jukebox.close()
        self._office.close()
        self.watcher.close()
        self._server.close()
        if self._database:
            self._database.close()
        if self.panel:
            self.panel.close()

    def _make_jukebox(self) -> Jukebox:
        music, state, parts = self.settings.music, self.settings.box.state, self._office.parts
        return Jukebox(
            (lambda tell: parts.player(music.volume, tell)) if parts else None,
            lambda tell: ComposerPlayer(
                music, state=state, on_change=tell, database=self._database, problem=self._forgetful
            ),
            on_change=self.put,
            wait_seconds=self.settings.spotify.wait_seconds,
        )

    def _mood_of(self, key: str) -> Step | None:
        piece = self.pieces.find(key)
        return Step(piece.label, piece.valence, piece.arousal) if piece else None

    def _show(self, light: Light) -> None:
        if self.panel:
            self.panel.show(light)

    def _make_panel(self) -> tuple[Panel | None, Problem | None]:
        """Reach for the pins; a box without a button is still a box with a page."""
        try:
            return Panel(self.settings.panel, on_press=self._pressed, mock=self.simulated), None
        except PanelError as error:
            log.warning("%s", error)
            return None, Problem("panel", str(error), "Until then the button on this page works")

    def _pressed(self, press: Press) -> None:
        self.put(press)


def _open_database(state: Path) -> tuple[Database | None, Problem | None]:
    """Open what all rooms share; a box without it plays, and forgets."""
    try:
        return Database(state / "moodbox.db"), None
    except MoodboxError as error:
        log.warning("%s", error)
        action = "Until then the box keeps its pieces, but not what you like"
        return None, Problem("pieces", str(error), action)
