"""What a mood asks of the ear: the signs of its own coordinates, which are also the step a match plays."""

from __future__ import annotations

from dataclasses import dataclass

from moodbox.events import Step
from moodbox.mood import COORDINATES

UNDECIDED = 0.15  # a coordinate nearer to 0 asks for neither side, so it is not counted on that axis
QUADRANTS = {(1, 1): 1, (-1, 1): 2, (-1, -1): 3, (1, -1): 4}  # (valence, arousal) -> VGMIDI's number
WORDS = {1: "1 (V+ A+)", 2: "2 (V- A+)", 3: "3 (V- A-)", 4: "4 (V+ A-)", 0: "none"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The side asked for on each axis: +1, -1, or 0 where none is; and the quadrant, 0 where an axis is open."""

    valence: int
    arousal: int

    @property
    def quadrant(self) -> int:
        """Return 1 to 4, or 0 when an axis asks for nothing."""
        return QUADRANTS.get((self.valence, self.arousal), 0)

    def on(self, axis: str) -> int:
        """Return what is asked on arousal, valence or quadrant; 0 for nothing."""
        return {"valence": self.valence, "arousal": self.arousal, "quadrant": self.quadrant}[axis]


def step_of(label: str) -> Step:
    """Return the step that a match plays for a mood of that label."""
    return Step(label, *COORDINATES[label])


def asked(label: str) -> Asked:
    """Say what a label asks for."""
    valence, arousal = COORDINATES[label]
    return Asked(_sign(valence), _sign(arousal))


def _sign(value: float) -> int:
    if abs(value) < UNDECIDED:
        return 0
    return 1 if value > 0 else -1
