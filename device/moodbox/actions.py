"""What the machine asks of the rooms; `box.Box` carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from moodbox.events import Programme


@dataclass(frozen=True, slots=True)
class WakeCamera:
    """Open the camera."""


@dataclass(frozen=True, slots=True)
class SleepCamera:
    """Close the camera."""


@dataclass(frozen=True, slots=True)
class ForgetMood:
    """Start looking afresh: somebody else may stand there now."""


@dataclass(frozen=True, slots=True)
class Play:
    """Play a programme; its news come back with the same run number."""

    programme: Programme
    run: int


@dataclass(frozen=True, slots=True)
class NextPiece:
    """Go to the next piece."""


@dataclass(frozen=True, slots=True)
class StopMusic:
    """Be silent."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause (True) or resume (False)."""

    paused: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Set the volume, 0..1."""

    volume: float


@dataclass(frozen=True, slots=True)
class Shutdown:
    """End the program, safely."""


Action = WakeCamera | SleepCamera | ForgetMood | Play | NextPiece | StopMusic | Pause | SetVolume | Shutdown
