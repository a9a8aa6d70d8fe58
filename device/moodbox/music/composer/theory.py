"""Scales, chords and how to lead their voices; pitch classes are 0..11 with C = 0, pitches are MIDI numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from statistics import correlation

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)  # natural; chords raise the seventh where they need it
NAMES = ("C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
LOWEST, HIGHEST = 48.0, 127.0  # closer chords below this C sound muddy; no melody to keep clear of
_PROFILES = {  # how well each pitch class fits a key on C
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_ROMAN = re.compile(r"(?P<shift>[b#]?)(?P<numeral>[ivIV]+)(?P<kind>maj7|sus4|add9|o7|h7|o|7|)(?:/(?P<bass>[357]))?")
# Third, fifth and seventh (or ninth) in semitones above the root, by kind and by case of the numeral.
_KINDS = {
    ("", True): {2: 4, 4: 7},
    ("", False): {2: 3, 4: 7},
    ("7", True): {2: 4, 4: 7, 6: 10},
    ("7", False): {2: 3, 4: 7, 6: 10},
    ("maj7", True): {2: 4, 4: 7, 6: 11},
    ("maj7", False): {2: 3, 4: 7, 6: 11},
    ("add9", True): {2: 4, 4: 7, 1: 2},
    ("add9", False): {2: 3, 4: 7, 1: 2},
    ("sus4", True): {3: 5, 4: 7},
    ("o", False): {2: 3, 4: 6},
    ("o7", False): {2: 3, 4: 6, 6: 9},
    ("h7", False): {2: 3, 4: 6, 6: 10},
}


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord in a key: its root and bass, and the pitch class it gives to each scale degree it touches."""

    name: str
    root: int
    bass: int
    degrees: tuple[tuple[int, int], ...]  # (degree 0..6 of the key, pitch class), root first

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Return the chord's pitch classes, root first."""
        return tuple(pc for _, pc in self.degrees)


def chord(roman: str, tonic: int) -> Chord:
    """Read a roman numeral, counted on the major scale of the tonic: `I`, `bVI`, `iv`, `V7/3`, `viio7`."""
    match = _ROMAN.fullmatch(roman)
    if match is None:
        raise ValueError(f"{roman!r} is no roman numeral this composer knows")
    degree = _NUMERALS.index(match["numeral"].upper())
    root = tonic + MAJOR[degree] + {"b": -1, "#": 1, "": 0}[match["shift"]]
    tones = {0: 0, **_KINDS[match["kind"], match["numeral"].isupper()]}
    degrees = tuple(((degree + step) % 7, (root + semitones) % 12) for step, semitones in tones.items())
    member = {None: 0, "3": 2, "5": 4, "7": 6}[match["bass"]]
    return Chord(roman, root % 12, (root + tones[member]) % 12, degrees)


def scale(tonic: int, mode: str, over: Chord) -> tuple[int, ...]:
    """Return the seven pitch classes of the key as the chord bends them, so that a melody never rubs against it."""
    bent = dict(over.degrees)
    steps = MAJOR if mode == "major" else MINOR
    return tuple(bent.get(degree, (tonic + step) % 12) for degree, step in enumerate(steps))


def middle(meter: int) -> float:
    """Return the beat of a bar on which its second chord begins: the half of it, or beat 3 of 3."""
    return meter / 2 if meter % 2 == 0 else float(meter - 1)


def near(pitch_class: int, pitch: float) -> int:
    """Return the pitch of a pitch class that lies nearest to a pitch."""
    low = round(pitch) - 6
    return low + (pitch_class - low) % 12


def pitches(pitch_classes: Iterable[int], low: int, high: int) -> list[int]:
    """List every pitch of the pitch classes within low..high."""
    wanted = set(pitch_classes)
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in wanted]


def transposed(of: Chord, semitones: int) -> Chord:
    """Return a chord so many semitones higher; its degrees then count in the key that moved with it."""
    degrees = tuple((degree, (pc + semitones) % 12) for degree, pc in of.degrees)
    return Chord(of.name, (of.root + semitones) % 12, (of.bass + semitones) % 12, degrees)


def seventh_above(goal: Chord, semitones: int, steps: int, tones: tuple[int, int, int]) -> Chord:
    """Build a seventh chord that leads to another: its root so far above the goal's, third, fifth, seventh given."""
    root, degree = (goal.root + semitones) % 12, (goal.degrees[0][0] + steps) % 7
    upper = tuple(((degree + 2 * (place + 1)) % 7, (root + tone) % 12) for place, tone in enumerate(tones))
    return Chord(f"to {goal.name}", root, root, ((degree, root), *upper))


def mode_margin(weights: Sequence[float], mode: str) -> float:
    """Return how much better a pitch-class histogram fits a mode than the other one (Krumhansl & Kessler 1982)."""
    if len(set(weights)) < 2:
        return 0.0
    fit = {
        name: max(correlation(profile[-tonic:] + profile[:-tonic], weights) for tonic in range(12))
        for name, profile in _PROFILES.items()
    }
    return fit[mode] - fit["minor" if mode == "major" else "major"]


def voicing(
    of: Chord, previous: tuple[int, ...], center: float, floor: float = LOWEST, ceiling: float = HIGHEST
) -> tuple[int, ...]:
    """Place three or four voices close together so that each moves little from the chord before.

    Voices below `floor` sound muddy and above `ceiling` hide the melody: both are avoided where the chord allows.
    """
    return _voicing(of.degrees, previous, round(center), round(floor), round(ceiling))


@lru_cache(maxsize=4096)  # a piece asks for the same few changes again and again
def _voicing(
    degrees: tuple[tuple[int, int], ...], previous: tuple[int, ...], center: int, floor: int, ceiling: int
) -> tuple[int, ...]:
    tones = [pc for _, pc in degrees][-4:]
    best: tuple[float, tuple[int, ...]] | None = None
    for shifts in product((-12, 0, 12), repeat=len(tones)):
        notes = tuple(sorted(near(tone, center) + shift for tone, shift in zip(tones, shifts, strict=True)))
        cost = _cost(notes, previous, center) + 2.0 * sum(
            max(0, floor - note) + max(0, note - ceiling) for note in notes
        )
        if best is None or (cost, notes) < best:
            best = (cost, notes)
    return best[1] if best else ()


def _cost(notes: tuple[int, ...], previous: tuple[int, ...], center: float) -> float:
    width = notes[-1] - notes[0]
    clash = sum(1 for low, high in pairwise(notes) if high - low < 2)
    cost = (
        0.4 * abs(sum(notes) / len(notes) - center) + 3.0 * max(0, width - 14) + 2.0 * max(0, 6 - width) + 3.0 * clash
    )
    if previous:
        cost += sum(min(abs(note - old) for old in previous) for note in notes) + abs(notes[-1] - previous[-1])
    return cost
