"""Style: what a mood asks of the music. A pure function of label, valence and arousal.

Each of the seven labels has an anchor (start values: shared design notes after Eerola, Friberg & Bresin 2013, Front.
Psychol. 4:487: mode, tempo, register, dynamics, articulation and timbre act nearly linearly and additively). The
distance of the asked point from the label's own point moves every cue from there, so that a lift really travels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from moodbox.mood import COORDINATES


@dataclass(frozen=True, slots=True)
class Style:
    """The cues of a mood. Registers are MIDI pitches, shares 0..1."""

    mode: str  # "major" or "minor"
    bpm: float
    melody: float  # middle of the melody's register
    chords: float  # middle of the chords
    density: float  # melody notes per beat
    velocity: float  # mean MIDI velocity
    touch: float  # share of a note's length that sounds
    leap: float  # 0 steps only .. 1 leaps liked
    chromatic: float  # share of weak notes that may leave the scale
    rests: float  # share of melody beats left silent
    swing: float  # how far the dynamics swing
    unsteady: float  # how far the tempo wanders
    meters: tuple[int, ...]  # beats in a bar, to choose from
    comps: tuple[str, ...]  # accompaniment patterns, to choose from
    basses: tuple[str, ...]  # bass patterns
    drums: tuple[str, ...]  # drum patterns, "" for none
    leads: tuple[int, ...]  # General MIDI programs of the melody
    colors: tuple[int, ...]  # programs of the chords
    depths: tuple[int, ...]  # programs of the bass
    pads: tuple[int, ...]  # programs of the held background


# General MIDI programs: 0 piano, 3 honky-tonk, 4 e-piano, 8 celesta, 9 glockenspiel, 10 music box, 11 vibraphone,
# 12 marimba, 13 xylophone, 20 reed organ, 21 accordion, 24 nylon and 25 steel guitar, 29 overdrive, 32 to 38 basses,
# 40 violin, 42 cello, 43 contrabass, 44 tremolo strings, 45 pizzicato, 46 harp, 48 and 49 strings, 52 choir,
# 56 trumpet, 57 trombone, 58 tuba, 60 horn, 61 brass, 68 oboe, 69 English horn, 70 bassoon, 71 clarinet,
# 72 piccolo, 73 flute.
ANCHORS: dict[str, Style] = {
    "happy": Style(
        "major", 127, 76, 62, 1.45, 88, 0.72, 0.30, 0.0, 0.06, 0.10, 0.0, (4, 4, 4, 3),
        ("strum", "offbeats", "alberti", "bounce"), ("two", "walk", "bounce"), ("light", "brush", "light", ""),
        (73, 25, 11, 71, 0, 12), (25, 0, 24, 4), (32, 33), (48, 49),
    ),
    "surprise": Style(
        "major", 138, 78, 64, 1.50, 90, 0.50, 0.85, 0.06, 0.22, 0.30, 0.02, (4,),
        ("stabs", "bounce", "offbeats"), ("two", "bounce"), ("sparse", "light"),
        (13, 72, 56, 9, 71), (45, 0, 11), (32, 45), (48, 61),
    ),
    "neutral": Style(
        "major", 92, 71, 60, 0.95, 70, 0.92, 0.20, 0.0, 0.10, 0.08, 0.01, (4, 4, 3),
        ("arpeggio", "halves", "alberti", "strum"), ("long", "two"), ("", "", "brush"),
        (4, 11, 24, 71, 0), (4, 24, 0), (32, 35), (49, 48),
    ),
    "sad": Style(
        "minor", 62, 66, 55, 0.80, 58, 1.00, 0.18, 0.0, 0.08, 0.14, 0.02, (4, 4, 3),
        ("arpeggio", "halves", "hold", "alberti"), ("long",), ("",),
        (42, 68, 0, 69, 40), (0, 46, 24), (42, 43), (48, 49),
    ),
    "fear": Style(
        "minor", 119, 80, 58, 0.85, 60, 0.85, 0.45, 0.22, 0.25, 0.40, 0.08, (4,),
        ("tremolo", "tremolo", "pulse"), ("pedal",), ("heart", ""),
        (40, 8, 10, 71), (44, 44, 48), (43, 42), (52, 48),
    ),
    "angry": Style(
        "minor", 146, 62, 50, 1.70, 108, 0.66, 0.40, 0.06, 0.04, 0.06, 0.0, (4,),
        ("drive", "power", "drive"), ("drive", "octaves"), ("march", "rock"),
        (61, 57, 29, 0), (48, 29, 61), (34, 38, 33), (48, 61),
    ),
    "disgust": Style(
        "minor", 86, 57, 53, 1.10, 82, 0.48, 0.50, 0.20, 0.16, 0.16, 0.02, (4, 3),
        ("stabs", "offbeats", "limp"), ("heavy", "creep"), ("", "sparse"),
        (70, 58, 71, 57), (45, 3, 20, 21), (58, 43), (60, 49),
    ),
}  # fmt: skip
_MINOR_BELOW = -0.18  # valence under which the even music of `neutral` turns minor


def style(label: str, valence: float, arousal: float) -> Style:
    """Return the cues for a point of the circle, read from the anchor of its label."""
    anchor = ANCHORS.get(label, ANCHORS["neutral"])
    home = COORDINATES.get(label, COORDINATES["neutral"])
    up, out = _clamp(valence - home[0]), _clamp(arousal - home[1])  # brighter, livelier than the label's own point
    return replace(
        anchor,
        mode="minor" if label == "neutral" and valence < _MINOR_BELOW else anchor.mode,
        bpm=anchor.bpm * 2.0 ** (0.45 * out),
        melody=anchor.melody + 4.0 * up + 2.0 * out,
        density=anchor.density * 2.0 ** (0.5 * out),
        velocity=min(118.0, max(42.0, anchor.velocity + 22.0 * out)),
        touch=min(1.0, max(0.4, anchor.touch - 0.15 * out)),
    )


def _clamp(difference: float) -> float:
    """Keep a distance within what music of one label can still carry."""
    return min(0.8, max(-0.8, difference))
