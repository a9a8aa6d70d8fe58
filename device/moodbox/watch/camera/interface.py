"""What every camera can do, whatever it is made of."""

from __future__ import annotations

from typing import Protocol

from moodbox.errors import CameraError
from moodbox.watch.picture import Picture


class Camera(Protocol):
    """An open camera. It lives in the child process, so one that hangs for ever can be killed with it."""

    name: str  # as in the settings: "webcam:0", "demo", a path ...

    def capture(self, seconds: float) -> Picture:
        """Return the newest picture. Raises CameraError when there is none within `seconds`."""

    def close(self) -> None:
        """Let the camera go; may be called twice. Raises CameraStuckError when it does not let go."""


class CameraStuckError(CameraError):
    """Report a camera that cannot even be closed: only the end of this process frees it."""
