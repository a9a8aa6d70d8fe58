"""What turns a score into sound, and which one there is on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.score import Score

RATE = 44_100  # frames per second
Frames = npt.NDArray[np.float32]  # (frames, 2), left and right


class Sounder(Protocol):
    """Sound scores. Blocks may be of any length; together they are the piece."""

    name: str

    def blocks(self, score: Score) -> Iterator[Frames]:
        """Yield the piece in stereo blocks of about a second, unnormalised."""

    def close(self) -> None:
        """Give everything back; may be called twice."""
