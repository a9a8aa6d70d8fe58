"""Instruments: General MIDI programs by name, and where each of them sounds well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum


class Program(IntEnum):
    """The General MIDI programs that our bands use."""

    PIANO = 0
    HONKY_TONK = 3
    ELECTRIC_PIANO = 4
    HARPSICHORD = 6
    CELESTA = 8
    GLOCKENSPIEL = 9
    MUSIC_BOX = 10
    VIBRAPHONE = 11
    MARIMBA = 12
    XYLOPHONE = 13
    CHURCH_ORGAN = 19
    REED_ORGAN = 20
    ACCORDION = 21
    HARMONICA = 22
    NYLON_GUITAR = 24
    STEEL_GUITAR = 25
    JAZZ_GUITAR = 26
    OVERDRIVE = 29
    DOUBLE_BASS = 32
    FINGER_BASS = 33
    PICK_BASS = 34
    FRETLESS = 35
    SYNTH_BASS = 38
    VIOLIN = 40
    VIOLA = 41
    CELLO = 42
    CONTRABASS = 43
    TREMOLO = 44
    PIZZICATO = 45
    HARP = 46
    STRINGS = 48
    SLOW_STRINGS = 49
    CHOIR = 52
    TRUMPET = 56
    TROMBONE = 57
    TUBA = 58
    HORN = 60
    BRASS = 61
    TENOR_SAX = 66
    BARITONE_SAX = 67
    OBOE = 68
    ENGLISH_HORN = 69
    BASSOON = 70
    CLARINET = 71
    PICCOLO = 72
    FLUTE = 73
    PAN_FLUTE = 75
    OCARINA = 79


P = Program  # for tables
# Comfortable pitches, lowest and highest: inside what players can reach, where the tone is good. The rest: 36 to 88.
_RANGES: dict[int, tuple[int, int]] = {
    P.PIANO: (33, 96), P.CELESTA: (60, 100), P.GLOCKENSPIEL: (72, 103), P.MUSIC_BOX: (60, 98),
    P.VIBRAPHONE: (53, 89), P.MARIMBA: (45, 91), P.XYLOPHONE: (65, 101), P.REED_ORGAN: (41, 84),
    P.ACCORDION: (50, 86), P.HARMONICA: (60, 88), P.NYLON_GUITAR: (40, 81), P.STEEL_GUITAR: (40, 83),
    P.JAZZ_GUITAR: (40, 81), P.OVERDRIVE: (40, 79), P.DOUBLE_BASS: (28, 55), P.FINGER_BASS: (28, 55),
    P.PICK_BASS: (28, 55), P.FRETLESS: (28, 57), P.SYNTH_BASS: (28, 55), P.VIOLIN: (55, 93), P.VIOLA: (48, 81),
    P.CELLO: (36, 74), P.CONTRABASS: (28, 55), P.HARP: (31, 94), P.CHOIR: (46, 79), P.TRUMPET: (54, 82),
    P.TROMBONE: (40, 70), P.TUBA: (29, 57), P.HORN: (41, 74), P.BRASS: (40, 82), P.TENOR_SAX: (46, 74),
    P.BARITONE_SAX: (37, 67), P.OBOE: (58, 87), P.ENGLISH_HORN: (52, 79), P.BASSOON: (34, 69), P.CLARINET: (50, 86),
    P.PICCOLO: (74, 103), P.FLUTE: (60, 93), P.PAN_FLUTE: (60, 88), P.OCARINA: (60, 88),
}  # fmt: skip
_USUAL = (36, 88)
_MOVING = 0.5  # semitones out of range, on average, that weigh as much as an octave's move
# Instruments that carry further than their part should: factors on its level.
_LEVELS: dict[int, float] = {
    P.PICCOLO: 0.68, P.GLOCKENSPIEL: 0.75, P.XYLOPHONE: 0.8, P.TRUMPET: 0.85, P.BRASS: 0.85, P.OVERDRIVE: 0.72,
    P.ACCORDION: 0.75, P.REED_ORGAN: 0.75, P.HARMONICA: 0.8, P.OBOE: 0.88, P.HONKY_TONK: 0.9, P.HARPSICHORD: 0.85,
}  # fmt: skip


def span(program: int) -> tuple[int, int]:
    """Return the lowest and the highest pitch that a program plays well."""
    return _RANGES.get(program, _USUAL)


def loudness(program: int) -> float:
    """Return the factor that keeps an instrument's level in its place."""
    return _LEVELS.get(program, 1.0)


def shift(pitches: Iterable[int], program: int) -> int:
    """Return by how many semitones, in octaves, a line moves to lie within an instrument; a few notes may stick out."""
    low, high = span(program)
    line = list(pitches)

    def cost(octaves: int) -> float:
        moved = (pitch + 12 * octaves for pitch in line)
        return sum(max(0, low - pitch) + max(0, pitch - high) for pitch in moved) + _MOVING * abs(octaves) * len(line)

    return 12 * min((0, -1, 1, -2, 2), key=cost)


def folded(pitch: int, program: int) -> int:
    """Bring a pitch into an instrument's range by octaves."""
    low, high = span(program)
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch


def able(programs: Sequence[int], pitches: Sequence[int]) -> list[int]:
    """Keep the instruments that can play a line where it lies, at least nine notes of ten; all if none can."""
    fitting = [program for program in programs if _share(program, pitches) >= 0.9]
    return fitting or list(programs)


def _share(program: int, pitches: Sequence[int]) -> float:
    low, high = span(program)
    return sum(low <= pitch <= high for pitch in pitches) / max(1, len(pitches))
