"""What every player can do, whoever makes the music."""

from __future__ import annotations

from typing import Protocol

from moodbox.events import Playback, Programme


class Player(Protocol):
    """Play programmes. No call waits: news come as `PlaybackChanged` through the callback given at creation."""

    def play(self, programme: Programme, run: int) -> None:
        """Start a programme, instead of whatever plays; news about it carry `run`."""

    def pause(self) -> None:
        """Fall silent and remember the place."""

    def resume(self) -> None:
        """Go on from where `pause` left off."""

    def next(self) -> None:
        """Go to the next piece, and to the programme's next step if it has one."""

    def stop(self) -> None:
        """Fall silent within 200 ms and forget the programme."""

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1; the ceiling of the settings is applied below it."""

    def state(self) -> Playback:
        """Return what the player does as of now."""

    def close(self) -> None:
        """Fall silent and give everything back; may be called twice."""
