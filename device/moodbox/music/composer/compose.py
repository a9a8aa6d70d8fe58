"""Compose: a mood and a seed become a score. The same mood and seed always give the same piece."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Protocol

from moodbox.events import Step
from moodbox.music.composer.arrange import INTRO, OUTRO, Arranger
from moodbox.music.composer.lead import PHRASE, Lead, write_lead
from moodbox.music.composer.score import RING, Note, Part, Score
from moodbox.music.composer.style import Style, style
from moodbox.music.composer.theory import NAMES

RULES = "rules"  # who wrote a piece, where no model did
SHORTEST, LONGEST = 60.0, 180.0  # seconds of a piece
_LATE = 0.008  # seconds: standard deviation of a stroke's time, under what a listener hears as wrong
_BRAKING = 8.0  # seconds at most that an unsteady tempo and the slower ending add
_SLACK = 0.5  # seconds at most that an unsteady tempo takes away
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "happy": (
        ("Lemon", "Bright", "Dancing", "Paper", "Sunday", "Open"),
        ("Kites", "Window", "Carousel", "Street", "Picnic", "Garden"),
    ),
    "surprise": (
        ("Sudden", "Crooked", "Popping", "Upside-down", "Secret", "Jumping"),
        ("Door", "Box", "Comet", "Staircase", "Fireworks", "Letter"),
    ),
    "neutral": (
        ("Even", "Quiet", "Plain", "Slow", "Wooden", "Level"),
        ("Water", "Table", "Afternoon", "Path", "Room", "Horizon"),
    ),
    "sad": (
        ("Late", "Grey", "Faded", "Distant", "Empty", "Last"),
        ("Rain", "Photograph", "Station", "Shore", "November", "Lamp"),
    ),
    "fear": (
        ("Dark", "Cold", "Creaking", "Hidden", "Thin", "Restless"),
        ("Corridor", "Forest", "Shadow", "Ice", "Cellar", "Whisper"),
    ),
    "angry": (
        ("Iron", "Red", "Broken", "Burning", "Hard", "Clenched"),
        ("Engine", "Storm", "Gate", "Hammer", "March", "Fire"),
    ),
    "disgust": (
        ("Sour", "Swampy", "Sticky", "Mouldy", "Crawling", "Bitter"),
        ("Soup", "Mud", "Cabbage", "Slug", "Cellar", "Medicine"),
    ),
}


class Writer(Protocol):
    """What writes lead sheets: the rules of `lead.write_lead`, or the learned composer."""

    def __call__(self, style: Style, label: str, meter: int, phrases: int, rng: random.Random) -> Lead:
        """Write a lead sheet of so many four-bar phrases; every choice comes from `rng`."""


def compose(step: Step, seed: int, seconds: float, write: Writer = write_lead, origin: str = RULES) -> Score:
    """Write a piece for a step of a programme, near `seconds` long (60 to 180). What `write` raises comes through."""
    label = step.label if step.label in _WORDS else "neutral"
    cues = style(label, step.valence, step.arousal)
    rng = random.Random(f"{seed} {label} {step.valence:.3f} {step.arousal:.3f}")
    cues = replace(cues, bpm=cues.bpm * rng.uniform(0.94, 1.06), melody=cues.melody + rng.choice((-2, 0, 0, 2)))
    meter = rng.choice(cues.meters)
    lead = write(cues, label, meter, _phrases(cues, seconds, meter), rng)
    parts = _human(Arranger(lead, cues, rng).parts(), cues, rng)
    first, second = (rng.choice(words) for words in _WORDS[label])
    title = f"{first} {second}, in {NAMES[lead.tonic]} {lead.mode}"
    return Score(
        title,
        label,
        step.valence,
        step.arousal,
        seed,
        lead.tonic,
        lead.mode,
        lead.meter,
        _tempo(lead, cues, rng),
        parts,
        origin,
    )


def _phrases(cues: Style, seconds: float, meter: int) -> int:
    """Count the four-bar phrases that fill the time between intro and ending."""

    def fitting(whole: float) -> float:
        bars = (whole - RING) * cues.bpm / 60.0 / meter - INTRO - OUTRO
        return bars / PHRASE

    least = math.ceil(fitting(SHORTEST + _SLACK))
    most = int(fitting(LONGEST - _BRAKING))  # rounded down: a slow phrase lasts 18 s
    return max(3, least, min(most, round(fitting(seconds))))


def _tempo(lead: Lead, cues: Style, rng: random.Random) -> tuple[tuple[float, float], ...]:
    """Let the tempo wander as the style asks, and slow down into the ending."""
    bars = INTRO + PHRASE * len(lead.phrases)
    steady = [
        (float(bar * lead.meter), cues.bpm * (1.0 + cues.unsteady * rng.uniform(-1.0, 1.0))) for bar in range(bars)
    ]
    if cues.unsteady == 0.0:
        steady = steady[:1]
    brake = 0.97 if cues.velocity > 100.0 else 0.88
    ending = [((bars + bar - 1) * float(lead.meter), cues.bpm * brake ** (bar + 1)) for bar in range(3)]
    return tuple(sorted(dict(steady + ending).items()))


def _human(parts: tuple[Part, ...], cues: Style, rng: random.Random) -> tuple[Part, ...]:
    """Play like people who listen to each other: a few milliseconds early or late together, no two strokes alike."""
    spread = _LATE * cues.bpm / 60.0  # beats
    shifts: dict[float, float] = {0.0: 0.0}

    def played(note: Note) -> Note:
        if note.start not in shifts:
            shifts[note.start] = min(2.0 * spread, max(-2.0 * spread, rng.gauss(0.0, spread)))
        return Note(
            round(max(0.0, note.start + shifts[note.start]), 4),
            round(note.length, 4),
            note.pitch,
            min(127, max(1, round(note.velocity * rng.uniform(0.94, 1.06)))),
        )

    return tuple(
        replace(part, notes=tuple(sorted(map(played, part.notes), key=lambda note: (note.start, note.pitch))))
        for part in parts
    )
