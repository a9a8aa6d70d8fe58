"""Accompaniment: patterns of chords, bass and drums, one bar long, played over whatever chord sounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moodbox.music.composer.harmony import Bars
from moodbox.music.composer.melody import at_beat
from moodbox.music.composer.score import Note
from moodbox.music.composer.theory import Chord, near, voicing

ALL = -1  # every voice of the chord
LOW_TWO = -2  # its two lowest: the bare sound of hard music, and half the voices to sound


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke of a pattern: beat, length in beats, voice (0 lowest, ALL), loudness against the style's."""

    at: float
    length: float
    voice: int = ALL
    accent: float = 0.0


def _run(voices: str, length: float, ring: float) -> tuple[Hit, ...]:
    """Spell a broken chord: one digit a stroke, `.` a rest, the first of a bar accented."""
    return tuple(
        Hit(number * length, ring, int(voice), 0.1 if number == 0 else -0.05)
        for number, voice in enumerate(voices)
        if voice != "."
    )


COMPS: dict[str, tuple[Hit, ...]] = {
    "hold": (Hit(0, 4),),
    "halves": (Hit(0, 2, ALL, 0.05), Hit(2, 2, ALL, -0.05)),
    "offbeats": (Hit(1, 0.5), Hit(3, 0.5, ALL, 0.03)),
    "bounce": (Hit(0.5, 0.4), Hit(1.5, 0.4), Hit(2.5, 0.4), Hit(3.5, 0.4, ALL, 0.05)),
    "strum": (
        Hit(0, 1, ALL, 0.08),
        Hit(1, 0.5, ALL, -0.05),
        Hit(1.5, 1),
        Hit(2.5, 0.5, ALL, 0.04),
        Hit(3, 0.5),
        Hit(3.5, 0.5),
    ),
    "alberti": _run("02120212", 0.5, 0.6),
    "arpeggio": _run("01232121", 0.5, 1.0),
    "stabs": (Hit(0, 0.3, ALL, 0.1), Hit(1.5, 0.3, ALL, -0.02), Hit(2.5, 0.3, ALL, 0.12)),
    "limp": (Hit(1, 0.35), Hit(1.75, 0.25, ALL, -0.1), Hit(3, 0.35, ALL, 0.08)),
    "tremolo": (*_run("0101010101010101", 0.25, 0.3), *_run("2...2...2...2...", 0.25, 1.0)),
    "pulse": (*_run("0.0.1.0.0.0.1.0.", 0.25, 0.4), Hit(0, 4, 2, -0.1)),
    "drive": tuple(Hit(n / 2, 0.42, LOW_TWO, 0.1 if n in (0, 3, 6) else -0.08) for n in range(8)),
    "power": (
        Hit(0, 0.9, ALL, 0.1),
        Hit(1, 0.4, LOW_TWO),
        Hit(1.5, 0.9, ALL, 0.06),
        Hit(2.5, 0.4, LOW_TWO),
        Hit(3, 0.9, ALL, 0.06),
    ),
}

# Bass: the voice counts the root (0), the fifth (1), the octave (2), the third (3), a step towards the next root (4).
BASSES: dict[str, tuple[Hit, ...]] = {
    "long": (Hit(0, 4, 0),),
    "two": (Hit(0, 1.8, 0, 0.08), Hit(2, 1.8, 1)),
    "walk": (Hit(0, 1, 0, 0.08), Hit(1, 1, 3), Hit(2, 1, 1), Hit(3, 1, 4)),
    "bounce": (Hit(0, 0.9, 0, 0.08), Hit(1.5, 0.5, 0, -0.05), Hit(2, 0.9, 1), Hit(3.5, 0.5, 4, -0.05)),
    "pedal": (Hit(0, 4, 0),),
    "heavy": (Hit(0, 0.8, 0, 0.12), Hit(2, 0.8, 1, 0.05), Hit(3.5, 0.4, 4)),
    "creep": (Hit(0, 0.9, 0, 0.08), Hit(1, 0.4, 0), Hit(2, 0.9, 3), Hit(3, 0.9, 4)),
    "drive": tuple(Hit(n / 2, 0.45, 0, 0.1 if n in (0, 3, 6) else -0.05) for n in range(8)),
    "octaves": tuple(Hit(n / 2, 0.45, (0, 2)[n % 2], 0.08 if n == 0 else 0.0) for n in range(8)),
}

# Drums: the voice is a General MIDI key: 36 kick, 38 snare, 41 low tom, 42 hat, 70 maracas, 75 claves, 76 block.
DRUMS: dict[str, tuple[Hit, ...]] = {
    "light": (
        *(Hit(n / 2, 0.2, 70, -0.25 if n % 2 else -0.1) for n in range(8)),
        Hit(0, 0.2, 36, -0.1),
        Hit(2, 0.2, 36, -0.15),
    ),
    "brush": (
        *(Hit(n, 0.2, 42, -0.3) for n in range(4)),
        Hit(1, 0.2, 38, -0.35),
        Hit(3, 0.2, 38, -0.3),
        Hit(0, 0.2, 36, -0.15),
    ),
    "sparse": (Hit(0, 0.2, 76, -0.1), Hit(2.5, 0.2, 75, -0.15), Hit(3.5, 0.2, 76, -0.25)),
    "heart": (Hit(0, 0.2, 41, -0.2), Hit(0.5, 0.2, 41, -0.3), Hit(2, 0.2, 41, -0.2), Hit(2.5, 0.2, 41, -0.3)),
    "march": (
        Hit(0, 0.2, 36, 0.05),
        Hit(2, 0.2, 36),
        *(Hit(n / 2, 0.2, 38, -0.05 if n in (2, 6) else -0.25) for n in range(8)),
    ),
    "rock": (
        *(Hit(n / 2, 0.2, 42, -0.2) for n in range(8)),
        Hit(0, 0.2, 36, 0.05),
        Hit(1.5, 0.2, 36),
        Hit(2, 0.2, 36),
        Hit(1, 0.2, 38),
        Hit(3, 0.2, 38),
    ),
}


def comp(bars: Bars, meter: int, pattern: str, velocity: float, center: float) -> Iterator[Note]:
    """Play a chord pattern over bars; voices move as little as they can."""
    voices: tuple[int, ...] = ()
    current: Chord | None = None
    for start, chord, hit in _strokes(bars, meter, COMPS[pattern]):
        if chord != current:
            voices, current = voicing(chord, voices, center), chord
        for pitch in _struck(voices, hit.voice):
            yield _note(start, hit, pitch, velocity)


def bass(bars: Bars, meter: int, pattern: str, velocity: float, tonic: int) -> Iterator[Note]:
    """Play a bass pattern under bars, between E1 and the E an octave and a half above; `pedal` holds the tonic."""
    for start, chord, hit in _strokes(bars, meter, BASSES[pattern]):
        root = near(tonic if pattern == "pedal" else chord.bass, 39)
        following = near(at_beat(bars, start + hit.length, meter).bass, root)
        step = following + (1 if following <= root else -1)
        tones = chord.pitch_classes
        choices = (root, near(tones[2 % len(tones)], root), root + 12, near(tones[1], root + 3), step)
        yield _note(start, hit, choices[hit.voice], velocity)


def drums(count: int, meter: int, pattern: str, velocity: float) -> Iterator[Note]:
    """Play a drum pattern for `count` bars, with a fill of the snare or low tom at the end of the fourth."""
    for bar in range(count):
        fill = pattern in ("march", "rock", "light") and bar % 4 == 3
        for hit in DRUMS[pattern]:
            if hit.at < (meter - 1 if fill else meter):
                yield _note(bar * meter + hit.at, hit, hit.voice, velocity)
        if fill:
            drum = 38 if pattern != "light" else 76
            for number in range(4):
                stroke = Hit(meter - 1 + number / 4, 0.2, drum, -0.25 + 0.06 * number)
                yield _note(bar * meter + stroke.at, stroke, drum, velocity)


def pad(bars: Bars, meter: int, velocity: float, center: float) -> Iterator[Note]:
    """Hold every chord softly."""
    return comp(bars, meter, "hold", velocity, center)


def _strokes(bars: Bars, meter: int, pattern: tuple[Hit, ...]) -> Iterator[tuple[float, Chord, Hit]]:
    """Lay a pattern over bars: cut to the meter, struck again where the chord changes under a held stroke."""
    for number, bar in enumerate(bars):
        middle = meter / 2 if meter % 2 == 0 else float(meter - 1)
        for hit in pattern:
            if hit.at >= meter:
                continue
            end = min(hit.at + hit.length, float(meter))
            start = number * meter + hit.at
            if len(bar) > 1 and hit.at < middle < end:
                yield start, bar[0], Hit(hit.at, middle - hit.at, hit.voice, hit.accent)
                if hit.length >= 2.0:
                    again = Hit(middle, end - middle, hit.voice, hit.accent)
                    yield number * meter + middle, bar[-1], again
            else:
                yield start, at_beat(bars, start, meter), Hit(hit.at, end - hit.at, hit.voice, hit.accent)


def _struck(voices: tuple[int, ...], voice: int) -> tuple[int, ...]:
    if voice == ALL:
        return voices
    return voices[:2] if voice == LOW_TWO else (voices[voice % len(voices)],)


def _note(start: float, hit: Hit, pitch: int, velocity: float) -> Note:
    return Note(start, hit.length, pitch, round(min(127.0, max(1.0, velocity * (1.0 + hit.accent)))))
