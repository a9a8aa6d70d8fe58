"""What the Spotify player tells whoever gave it a programme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from moodbox.events import PlaybackChanged
from moodbox.music.spotify.failure import SpotifyError


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a start ended: it plays, or why it does not. What was started too late has been paused again.

    `sounds`: what played before cannot be silenced, and goes on.
    """

    run: int
    error: SpotifyError | None = None
    sounds: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The music has ended against the owner's wish, and why. Nothing sounds, as far as can be told."""

    run: int
    error: SpotifyError


Tell = Callable[[PlaybackChanged | Failed], None]
Done = Callable[[Outcome], None]
