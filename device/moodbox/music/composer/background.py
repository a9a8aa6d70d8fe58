"""The background: held chords; where a mood wants grit, one held tone: the minor third, or one that rubs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from moodbox.music.composer.accompaniment import Room, pad
from moodbox.music.composer.harmony import Bars
from moodbox.music.composer.score import Note
from moodbox.music.composer.style import GRITTY
from moodbox.music.composer.theory import Chord, middle, near

_RUBS = (1, 6, 8, 8)  # semitones above the tonic: the flat second, the tritone, the flat sixth of the key
_LOWEST_RUB = 52  # semitones lower than this E are mud, not tension


@dataclass(frozen=True, slots=True)
class Ground:
    """What the background stands on: the tonic's pitch class, and the grit (0..1) of the mood."""

    tonic: int
    grit: float


def background(
    bars: Bars, meter: int, velocity: float, room: Room, *, ground: Ground, rng: random.Random
) -> Iterator[Note]:
    """Hold the chords, or one tone under and against them."""
    if ground.grit < GRITTY:
        yield from pad(bars, meter, velocity, room)
        return
    home = near(ground.tonic, room.center)
    for number, bar in enumerate(bars):
        start = float(number * meter)
        if rng.random() < ground.grit:
            strange = (ground.tonic + rng.choice(_RUBS)) % 12
            yield from _rub(bar, start, meter, velocity, max(_LOWEST_RUB, round(room.center)), strange)
        else:
            yield from _third(bar, start, meter, velocity, home)


def _third(bar: tuple[Chord, ...], at: float, meter: int, velocity: float, tonic: int) -> Iterator[Note]:
    """Hold the minor third of the key, or the tonic under chords that fight it."""
    fought = any((tonic + 3 - pc) % 12 in {1, 11} for chord in bar for pc in chord.pitch_classes)
    yield Note(at, float(meter), tonic if fought else tonic + 3, round(velocity))


def _rub(bar: tuple[Chord, ...], at: float, meter: int, velocity: float, low: int, pc: int) -> Iterator[Note]:  # noqa: PLR0917 - one private caller
    """Hold one tone against each chord: the semitone of a chord tone that is not the chord's own."""
    half = middle(meter)
    spans = ((0.0, float(meter)),) if len(bar) == 1 else ((0.0, half), (half, meter - half))
    for chord, (start, length) in zip(bar, spans, strict=True):
        yield Note(at + start, length, near(_strange(chord, pc), low + 3), round(velocity))


def _strange(chord: Chord, wanted: int) -> int:
    """Return the wanted pitch class where it rubs, else the semitone above the chord's fifth."""
    tones = chord.pitch_classes
    rubs = wanted not in tones and any((wanted - pc) % 12 in {1, 6, 11} for pc in tones)
    return wanted if rubs else (tones[2 % len(tones)] + 1) % 12
