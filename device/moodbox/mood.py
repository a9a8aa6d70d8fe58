"""Mood: the expressions of one or many faces over time become one `Mood`, and a mood becomes a colour.

The point on the circle is the sum of class probability times coordinate. When the numbers do not carry an answer the
mood says so (`not sure`, `mixed`, `nobody`) instead of guessing: faces do not reveal feelings reliably (Barrett et al.
2019, Psych. Sci. Public Interest), so the wording everywhere is "you look", never "you are".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moodbox.errors import MoodboxError
from moodbox.events import Certainty, Expression, Mood, Reading

# Valence and arousal, -1..1: Russell & Mehrabian 1977, J. Research in Personality 11:273, in the form that several
# code bases and the ALMA model carry alike. Joy's arousal is an upper value: AffectNet's tool bounded happy faces to
# -0.2..0.5 (arXiv 1708.03985), a smile is weak evidence of arousal. Neutral is 0, 0 by definition.
COORDINATES: dict[str, tuple[float, float]] = {
    "angry": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happy": (0.76, 0.48),
    "sad": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "neutral": (0.0, 0.0),
}
# How a label reads after "You look"; never "You are".
ADJECTIVES: dict[str, str] = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "afraid",
    "happy": "happy",
    "sad": "sad",
    "surprise": "surprised",
    "neutral": "calm",
}
# Surprise is pleasant or not by context, so a surprised face moves the point only half as far (our judgement).
_PULL = {"surprise": 0.5}

# A face of 24 px costs every classifier we measured 12-22 points of accuracy; below that it is a guess.
SMALLEST_FACE = 24.0  # pixels of the shorter side
NOBODY_AFTER = 3.0  # seconds; twice the default memory, when what is remembered weighs 13 %
# Confidence. On FER2013's PublicTest our first model's label is right in 35 % of the faces below it, in 71 % above.
SURE_FROM = 0.2
MIXED_FROM = (
    0.45  # spread of valence; a smile beside a neutral face (0.38) is no quarrel, beside a sad one (0.70) it is
)
_BLURRED = 0.05  # the weight a fully blurred face keeps, so that it counts when it is alone

# The palette of Okabe & Ito (jfly.uni-koeln.de/color), which colour-blind people can tell apart; motion and words
# say the same thing again. Neutral is a warm white, mixed a cool pale one, nobody a faint white.
_COLORS: dict[str, tuple[float, float, float]] = {
    "angry": (0.84, 0.37, 0.0),
    "disgust": (0.0, 0.62, 0.45),
    "fear": (0.80, 0.47, 0.65),
    "happy": (0.94, 0.89, 0.26),
    "sad": (0.0, 0.45, 0.70),
    "surprise": (0.34, 0.71, 0.91),
    "neutral": (1.0, 0.85, 0.68),
}
_CERTAINTY_COLORS: dict[Certainty, tuple[float, float, float]] = {
    Certainty.NOT_SURE: (1.0, 0.60, 0.0),  # amber
    Certainty.MIXED: (0.72, 0.72, 1.0),
    Certainty.NOBODY: (0.35, 0.33, 0.30),
}


class MoodTracker:
    """Follow how the people in front of the camera look; one tracker for one stream of readings."""

    def __init__(self, memory: float = 1.5) -> None:
        """Remember for about `memory` seconds; 0 remembers nothing but the latest reading."""
        self._memory = memory if math.isfinite(memory) else 0.0
        self.reset()

    def reset(self) -> None:
        """Forget everybody."""
        self._probabilities: dict[str, float] = {}
        self._spread = 0.0
        self._faces = 0
        self._time: float | None = None
        self._gap = 0.0  # seconds since the last reading with a face

    def add(self, reading: Reading) -> Mood:
        """Return the mood after one more reading; any order of faces and any clock will do."""
        self._advance(reading.time)
        seen = _look(reading)
        if seen is not None:
            self._blend(seen)
        elif self._gap >= NOBODY_AFTER:
            self._probabilities = {}
        return self._mood()

    def _advance(self, time: float) -> None:
        """Add the time that passed; a clock that goes back or is broken adds nothing."""
        if not math.isfinite(time):
            return
        if self._time is not None:
            self._gap += max(0.0, time - self._time)
        self._time = time

    def _blend(self, seen: _Look) -> None:
        """Let the new look in by the time since the last one, so that irregular rates weigh alike."""
        if self._probabilities.keys() != seen.probabilities.keys():  # the first face, or another model
            self._probabilities, self._spread = seen.probabilities, seen.spread
        else:
            new = 1.0 - math.exp(-self._gap / self._memory) if self._memory > 0.0 else 1.0
            mixed = {label: old + new * (seen.probabilities[label] - old) for label, old in self._probabilities.items()}
            self._probabilities = _distribution(mixed) or seen.probabilities
            self._spread += new * (seen.spread - self._spread)
        self._faces, self._gap = seen.faces, 0.0

    def _mood(self) -> Mood:
        time = self._time or 0.0
        if not self._probabilities:
            return Mood({}, 0.0, 0.0, 0.0, 0, Certainty.NOBODY, time)
        valence, arousal = _point(self._probabilities)
        confidence = _margin(self._probabilities)
        certainty = Certainty.SURE if confidence >= SURE_FROM else Certainty.NOT_SURE
        if self._spread >= MIXED_FROM:
            certainty = Certainty.MIXED
        return Mood(dict(self._probabilities), valence, arousal, confidence, self._faces, certainty, time)


def summary(labels: Sequence[str], probabilities: Sequence[float]) -> tuple[float, float, float]:
    """Return valence (-1..1), arousal (-1..1) and confidence (0..1) of one face; zeros when it cannot be read.

    Confidence is the margin: probability of the first label minus that of the second.
    """
    distribution = _read(labels, probabilities)
    if distribution is None:
        return 0.0, 0.0, 0.0
    return *_point(distribution), _margin(distribution)


def mood_by_hand(label: str, time: float) -> Mood:
    """Return the mood that the owner chose; raises MoodboxError for a label that is none of ours."""
    if label not in COORDINATES:
        raise MoodboxError(f'"{label}" is no mood this box knows: choose one of {", ".join(COORDINATES)}')
    valence, arousal = COORDINATES[label]
    probabilities = {name: float(name == label) for name in COORDINATES}
    return Mood(probabilities, valence, arousal, 1.0, 0, Certainty.SURE, time, by_hand=True)


def color_of(mood: Mood) -> tuple[float, float, float]:
    """Return the colour (r, g, b) of a mood as a screen would show it, distinct per label and soft on dark."""
    if mood.certainty in _CERTAINTY_COLORS:
        return _CERTAINTY_COLORS[mood.certainty]
    return _COLORS.get(mood.label, _COLORS["neutral"])


@dataclass(frozen=True, slots=True)
class _Look:
    """What the readable faces of one frame say together."""

    probabilities: dict[str, float]
    spread: float  # weighted standard deviation of the faces' valence
    faces: int


def _look(reading: Reading) -> _Look | None:
    weighed = [
        (weight, distribution)
        for face in reading.faces
        if (weight := _weight(face)) > 0.0 and (distribution := _read(reading.labels, face.probabilities)) is not None
    ]
    # Added in one order, so that the order of the faces cannot change even the last digit.
    weighed.sort(key=lambda pair: (pair[0], *pair[1].values()))
    total = math.fsum(weight for weight, _ in weighed)
    if not weighed or not math.isfinite(total):
        return None
    shares = [(weight / total, distribution) for weight, distribution in weighed]
    mean = {label: math.fsum(share * each[label] for share, each in shares) for label in weighed[0][1]}
    return _Look(_distribution(mean) or weighed[-1][1], _spread(shares), len(weighed))


def _weight(expression: Expression) -> float:
    """Weigh a face by the square root of its area and by sharpness; 0 for one too small to read."""
    rect, sharpness = expression.face.rect, expression.face.sharpness
    if not (math.isfinite(rect.w) and math.isfinite(rect.h)) or min(rect.w, rect.h) < SMALLEST_FACE:
        return 0.0
    sharp = min(max(sharpness, _BLURRED), 1.0) if math.isfinite(sharpness) else _BLURRED
    return math.sqrt(rect.w) * math.sqrt(rect.h) * sharp


def _spread(shares: Sequence[tuple[float, dict[str, float]]]) -> float:
    """Measure disagreement by valence: it is what people label alike (Kim & Wallraven 2021, arXiv 2110.04476).

    A divergence of distributions would call an angry and a disgusted face a quarrel; the same music fits both.
    """
    points = [(share, _point(distribution)[0]) for share, distribution in shares]
    mean = math.fsum(share * valence for share, valence in points)
    return math.sqrt(math.fsum(share * (valence - mean) ** 2 for share, valence in points))


def _read(labels: Sequence[str], probabilities: Sequence[float]) -> dict[str, float] | None:
    """Name the probabilities; None when they do not belong to the labels or are no numbers."""
    if len(labels) != len(probabilities) or len(set(labels)) != len(labels):
        return None
    return _distribution(dict(zip(labels, probabilities, strict=True)))


def _distribution(values: Mapping[str, float]) -> dict[str, float] | None:
    """Scale to a sum of 1; None when a value is negative or not finite, or all are zero."""
    if not values or not all(math.isfinite(value) and value >= 0.0 for value in values.values()):
        return None
    largest = max(values.values())
    if largest == 0.0:
        return None
    scaled = {label: value / largest for label, value in values.items()}  # first, so that huge values cannot overflow
    total = math.fsum(scaled.values())
    return {label: value / total for label, value in scaled.items()}


def _point(distribution: Mapping[str, float]) -> tuple[float, float]:
    """Return valence and arousal of a distribution; a label without coordinates counts as neutral."""
    valence = arousal = 0.0
    for label, probability in distribution.items():
        v, a = COORDINATES.get(label, (0.0, 0.0))
        pull = probability * _PULL.get(label, 1.0)
        valence, arousal = valence + pull * v, arousal + pull * a
    return max(-1.0, min(1.0, valence)), max(-1.0, min(1.0, arousal))


def _margin(distribution: Mapping[str, float]) -> float:
    first, second = sorted((*distribution.values(), 0.0, 0.0), reverse=True)[:2]
    return min(1.0, first - second)
