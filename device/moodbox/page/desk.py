"""What the page may see and touch of the house: narrow, so that a small fake can stand in for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from moodbox.board import Board
from moodbox.events import Event
from moodbox.page.pieces.desk import PiecesDesk
from moodbox.page.spotify.desk import SpotifyDesk
from moodbox.settings import Settings


class Preview(Protocol):
    """A picture of the watching process; `number` is that of the reading of the same frame."""

    @property
    def number(self) -> int:
        """Number the frame."""

    @property
    def time(self) -> float:
        """Say when it was taken, `time.monotonic()`."""

    @property
    def jpeg(self) -> bytes:
        """Hold the picture."""


class Eyes(Protocol):
    """The part of the watcher that the page uses."""

    def preview(self, seconds: float) -> None:
        """Ask for pictures for that long from now."""

    def latest_preview(self) -> Preview | None:
        """Return the newest picture, if there is one."""

    def show(self, jpeg: bytes) -> None:
        """Hand in a frame of the visitor's webcam; raises CameraError."""

    def wants_browser_frames(self) -> bool:
        """Say whether such frames are wanted now."""

    def use_camera(self, name: str) -> None:
        """Look through another camera."""


class Front(Protocol):
    """The part of the panel that the page draws."""

    def color(self) -> tuple[float, float, float]:
        """Return what the light really shows now, as a screen colour (r, g, b), 0..1."""

    def touch(self, down: bool) -> None:  # noqa: FBT001 - a finger is down or it is not
        """Hold or release the on-screen button."""


class Growing(Protocol):
    """A sound file, which may still be in the making; its `size` in bytes is known."""

    @property
    def size(self) -> int:
        """Count the bytes of the whole."""

    def between(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop`, waiting for what is not there yet."""


class Desk(Protocol):
    """Where the page sits: it reads the board and puts events, and never calls the box or a player."""

    @property
    def board(self) -> Board:
        """What is so."""

    @property
    def settings(self) -> Settings:
        """What the box was told."""

    @property
    def simulated(self) -> bool:
        """Say whether the page draws the box, plays its music and may send a webcam's pictures."""

    @property
    def panel(self) -> Front | None:
        """Button and light; None when the pins cannot be had."""

    @property
    def watcher(self) -> Eyes:
        """The eyes."""

    @property
    def spotify(self) -> SpotifyDesk | None:
        """The Spotify room; None when it is switched off in the settings."""

    @property
    def pieces(self) -> PiecesDesk | None:
        """The pieces that the box wrote and kept; None when it keeps none."""

    def put(self, event: Event) -> None:
        """Tell the box."""

    def sound(self, key: str) -> Growing | None:
        """Find the sound of a piece, kept or still being made, as a WAV."""
