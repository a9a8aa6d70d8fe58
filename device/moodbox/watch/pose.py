"""How a face is turned, as far as five landmarks tell."""

from __future__ import annotations

import math

from moodbox.events import Face

# Eyes apart / eyes to mouth is about 1 from the front and shrinks with the cosine of the turn: 0.55 is some 55 degrees,
# where one eye hides. The sample portraits and clips have 0.85 to 1.25, the full profile among them 0.24 to 0.52.
_NARROWEST = 0.55


def from_the_side(face: Face) -> bool:
    """Say whether a face is turned so far that its expression cannot be read: nose beyond the eyes, or eyes as one."""
    if len(face.landmarks) < 5:
        return False
    right, left, nose, *corners = face.landmarks
    mouth = ((corners[0][0] + corners[1][0]) / 2, (corners[0][1] + corners[1][1]) / 2)
    eyes = ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)
    apart, down = math.dist(right, left), math.dist(eyes, mouth)
    if apart < _NARROWEST * down or apart == 0:
        return True
    along = ((nose[0] - right[0]) * (left[0] - right[0]) + (nose[1] - right[1]) * (left[1] - right[1])) / apart**2
    return not 0 <= along <= 1
