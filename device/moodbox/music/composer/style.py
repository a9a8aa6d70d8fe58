"""Style: what a mood asks of the music. A pure function of label, valence and arousal.

Each label has an anchor, the cues at its own coordinates (start values: shared design notes after Eerola, Friberg &
Bresin 2013, Front. Psychol. 4:487: mode, tempo, register, dynamics, articulation and timbre act nearly linearly and
additively). So a plane is laid through the seven anchors of each numeric cue, by least squares, and

    cue(label, p) = plane(p) + near(label, p) * (anchor(label) - plane(home(label)))
    near(label, p) = max(0, 1 - sqrt((dv / reach_v)^2 + (da / reach_a)^2))     dv, da: distance from the label's home

At home it is exactly the anchor, so that angry, fear and disgust, which share a corner of the circle, keep their own
faces; between the homes the plane carries, so that nothing jumps where the label of a lift changes. `reach_a` is
long enough that the plane always climbs faster than the label's own colour fades: more arousal never plays slower,
thinner or softer. Tempo and density are counted in octaves, as they are heard.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from moodbox.mood import COORDINATES
from moodbox.music.composer.texture import TEXTURES, Texture

GRITTY = 0.3  # grit from which a mood is dark: no bright chords, a drone behind, questions that end stranded


@dataclass(frozen=True, slots=True)
class Style:
    """The cues of a mood. Registers are MIDI pitches, shares 0..1."""

    mode: str  # "major" or "minor"
    bpm: float
    melody: float  # middle of the melody's register
    chords: float  # middle of the chords
    density: float  # melody notes per beat
    velocity: float  # mean MIDI velocity
    touch: float  # share of a note's length that sounds, in the melody
    leap: float  # 0 steps only .. 1 leaps liked
    chromatic: float  # share of weak notes that may leave the scale
    rests: float  # share of melody beats left silent
    swing: float  # how far the dynamics swing
    unsteady: float  # how far the tempo wanders
    grit: float  # how much dissonance the background holds: rubbing semitones, clusters
    sudden: float  # chance of a surprise in a phrase: a hole, a blow, a drop to piano
    colour: float  # how often chords and tune leave the key for a moment
    meters: tuple[int, ...] = (4,)  # beats in a bar, to choose from
    textures: tuple[Texture, ...] = ()  # bands and patterns, to choose from; `style` fills them in


ANCHORS: dict[str, Style] = {
    "happy": Style(
        "major", bpm=132, melody=76, chords=62, density=1.60, velocity=88, touch=0.72, leap=0.30, chromatic=0.02,
        rests=0.06, swing=0.10, unsteady=0.0, grit=0.0, sudden=0.05, colour=0.42, meters=(4, 4, 4, 3),
    ),
    "surprise": Style(
        "major", bpm=138, melody=78, chords=64, density=1.50, velocity=92, touch=0.50, leap=0.85, chromatic=0.06,
        rests=0.22, swing=0.30, unsteady=0.02, grit=0.0, sudden=0.75, colour=0.40,
    ),
    "neutral": Style(
        "major", bpm=92, melody=71, chords=60, density=0.95, velocity=70, touch=0.92, leap=0.20, chromatic=0.02,
        rests=0.10, swing=0.08, unsteady=0.01, grit=0.0, sudden=0.0, colour=0.45, meters=(4, 4, 3),
    ),
    "sad": Style(
        "minor", bpm=62, melody=64, chords=54, density=0.80, velocity=57, touch=1.0, leap=0.18, chromatic=0.02,
        rests=0.08, swing=0.16, unsteady=0.02, grit=0.0, sudden=0.0, colour=0.40, meters=(4, 4, 3),
    ),
    "fear": Style(  # a thin voice above strings that tremble in the dark
        "minor", bpm=122, melody=62, chords=48, density=1.0, velocity=64, touch=0.82, leap=0.40, chromatic=0.18,
        rests=0.18, swing=0.45, unsteady=0.08, grit=1.0, sudden=0.50, colour=0.55,
    ),
    "angry": Style(
        "minor", bpm=142, melody=57, chords=48, density=1.45, velocity=108, touch=0.92, leap=0.30, chromatic=0.12,
        rests=0.04, swing=0.06, unsteady=0.0, grit=0.9, sudden=0.15, colour=0.50,
    ),
    "disgust": Style(
        "minor", bpm=98, melody=57, chords=52, density=1.25, velocity=84, touch=0.52, leap=0.50, chromatic=0.14,
        rests=0.14, swing=0.18, unsteady=0.02, grit=0.6, sudden=0.20, colour=0.30, meters=(4, 4, 3),
    ),
}  # fmt: skip
_CUES = (
    "bpm", "melody", "chords", "density", "velocity", "touch", "leap", "chromatic", "rests", "swing", "unsteady",
    "grit", "sudden", "colour",
)  # fmt: skip
_OCTAVES = frozenset({"bpm", "density"})  # cues that are heard as ratios
_NEVER_LESS = frozenset({"bpm", "density", "velocity"})  # cues that arousal must not lower
_LIMITS = {  # what music can still carry; slower, and the shortest form would outlast the shortest piece
    "bpm": (62.0, 176.0), "melody": (52.0, 82.0), "chords": (48.0, 66.0), "density": (0.5, 2.2),
    "velocity": (42.0, 116.0), "touch": (0.4, 1.0), "leap": (0.05, 0.9), "unsteady": (0.0, 0.1),
}  # fmt: skip
_REACH = 0.6  # valence or arousal over which a label's own colour fades; the next label's home lies 0.7 and more away
_GUESTS = 0.55  # of `near`: further from home than this, the neighbour's bands may play too
_MINOR_BELOW = -0.18  # valence under which the even music of `neutral` turns minor


def style(label: str, valence: float, arousal: float) -> Style:
    """Return the cues for a point of the circle, read with the label's own colour; unknown labels are neutral."""
    name = label if label in ANCHORS else "neutral"
    point = (_inside(valence), _inside(arousal))
    anchor = ANCHORS[name]
    cues: dict[str, Any] = {cue: _bounded(cue, _cue(cue, name, point)) for cue in _CUES}
    mode = "minor" if name == "neutral" and point[0] < _MINOR_BELOW else anchor.mode
    return replace(anchor, mode=mode, textures=_textures(name, mode, point), **cues)


def _cue(cue: str, name: str, point: tuple[float, float]) -> float:
    offset, up, out = _plane(cue)

    def plane(at: tuple[float, float]) -> float:
        return offset + up * at[0] + out * at[1]

    home = COORDINATES[name]
    own = _scaled(cue, getattr(ANCHORS[name], cue)) - plane(home)
    reach = _REACH
    if cue in _NEVER_LESS:
        reach = max(reach, abs(own) / (0.9 * out))
    value = plane(point) + _near(name, point, reach) * own
    return float(2.0**value) if cue in _OCTAVES else value


@cache
def _plane(cue: str) -> tuple[float, float, float]:
    """Fit the plane of a cue: its value at the middle of the circle, and its slopes along valence and arousal."""
    points = np.array([(1.0, *COORDINATES[name]) for name in ANCHORS])
    values = np.array([_scaled(cue, getattr(anchor, cue)) for anchor in ANCHORS.values()])
    offset, up, out = np.linalg.lstsq(points, values, rcond=None)[0]
    return float(offset), float(up), float(out)


def _near(name: str, point: tuple[float, float], reach: float = _REACH) -> float:
    home = COORDINATES[name]
    return max(0.0, 1.0 - math.hypot((point[0] - home[0]) / _REACH, (point[1] - home[1]) / reach))


def _textures(name: str, mode: str, point: tuple[float, float]) -> tuple[Texture, ...]:
    """Return the label's own bands and, away from home, some of the nearest label's of the same mode."""
    own = _own_textures(name, mode)
    if _near(name, point) >= _GUESTS:
        return own
    distance: Callable[[str], float] = lambda other: math.dist(COORDINATES[other], point)  # noqa: E731 - a sort key
    others = [other for other in ANCHORS if other != name and ANCHORS[other].mode == mode]
    return (*own, *TEXTURES[min(others, key=distance)][:2])


def _own_textures(name: str, mode: str) -> tuple[Texture, ...]:
    """Neutral music that turned minor borrows from sad: it has no minor bands of its own."""
    if name == "neutral" and mode == "minor":
        return (*TEXTURES["neutral"], *TEXTURES["sad"][:2])
    return TEXTURES[name]


def _scaled(cue: str, value: float) -> float:
    return math.log2(value) if cue in _OCTAVES else float(value)


def _bounded(cue: str, value: float) -> float:
    low, high = _LIMITS.get(cue, (0.0, 1.0))
    return min(high, max(low, value))


def _inside(value: float) -> float:
    """Read a coordinate: within -1..1, and 0 for what is no number."""
    return min(1.0, max(-1.0, value)) if math.isfinite(value) else 0.0
