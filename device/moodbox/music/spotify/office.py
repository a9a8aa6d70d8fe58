"""Spotify in the house: its parts if they can be opened, the stand-in where the demo is wanted, and its notices."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from moodbox.errors import MoodboxError
from moodbox.events import Event, Problem, ProblemRaised, ProblemSolved
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.room import SpotifyRoom
from moodbox.music.spotify.values import Hosts
from moodbox.settings import SpotifySettings
from moodbox.store.database import Database

if TYPE_CHECKING:
    from moodbox.standin.standin import Standin

log = logging.getLogger(__name__)


class Office:
    """Open Spotify, and tell the box what its owner should know. A house without it is still a house with music."""

    def __init__(
        self,
        settings: SpotifySettings,
        state: Path,
        *,
        put: Callable[[Event], None],
        demo: bool,
        database: Database | None = None,
    ) -> None:
        """Share the house's `database`, if it has one; the demo keeps its own, and so does a house without."""
        self._put = put
        self._database = None if demo else database
        self._told: tuple[Problem, ...] = ()
        self._room: SpotifyRoom | None = None
        self._standin = _demo(state / "demo" / "standin.json") if demo and settings.enabled else None
        self._trouble: Problem | None = None
        self.parts = self._open(settings, state) if settings.enabled else None

    def furnish(self, player: SpotifyPlayer | None) -> SpotifyRoom | None:
        """Make the room that the page sees, once there is a player."""
        if self.parts is not None and player is not None:
            self._room = SpotifyRoom(self.parts, player, demo=self._standin is not None, tell=self._tell)
        return self._room

    def start(self) -> None:
        """Begin to tell what the owner should know."""
        if self._trouble is not None:
            self._put(ProblemRaised(self._trouble))
        if self._room is not None:
            self._room.start()

    def close(self) -> None:
        """Close everything; may be called twice."""
        if self._room is not None:
            self._room.close()
        if self.parts is not None:
            self.parts.close()
        if self._standin is not None:
            self._standin.close()

    def _open(self, settings: SpotifySettings, state: Path) -> Parts | None:
        hosts, folder = Hosts(), state
        if self._standin is not None:
            hosts, folder = self._standin.hosts, state / "demo"  # what is tried there must not touch the real login
            soloist, librespot = self._standin.soloist, self._standin.librespot
            if soloist is not None and librespot is not None:
                settings = replace(settings, soloist=str(soloist.folder), librespot=librespot.address)
        try:
            parts = Parts(settings, folder, hosts, database=self._database)
        except MoodboxError as error:
            log.warning("%s", error)
            self._trouble = Problem("spotify-storage", str(error), "Until then the box plays its own music")
            return None
        self._trouble = parts.database.problem
        return parts

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Raise what is new and take back what is gone."""
        for problem in problems:
            if problem not in self._told:
                self._put(ProblemRaised(problem))
        for key in {problem.key for problem in self._told} - {problem.key for problem in problems}:
            self._put(ProblemSolved(key))
        self._told = problems


def _demo(memory: Path) -> Standin:
    """Start the stand-in; what is linked and made there outlives the program."""
    from moodbox.standin.standin import Standin  # noqa: PLC0415 - a house with the real Spotify needs none

    return Standin.demo(memory=memory).start()
