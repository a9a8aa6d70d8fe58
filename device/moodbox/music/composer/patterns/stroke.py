"""Strokes: a bar of accompaniment, spelled as a line of characters on an even grid.

`.` is silence and `-` lets the last stroke sound on; every other character strikes what the kind of pattern says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Every voice of a chord, its two lowest, all but the lowest, the highest, a semitone of the key beside a
# voice, the two highest.
ALL, LOW_TWO, UPPER, TOP, TRILL, PAIR = -1, -2, -3, -4, -5, -6
_MARKS = {"^": 0.16, "v": -0.22, " ": 0.0}
_FIRST, _BEAT, _OFF = 0.08, 0.0, -0.06  # accents nobody wrote: bars begin, beats carry, the rest floats


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke: beat of the bar, length in beats, what is struck, loudness against the style's."""

    at: float
    length: float
    voice: int = ALL
    accent: float = 0.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A bar of strokes for each meter."""

    four: tuple[Stroke, ...]
    three: tuple[Stroke, ...]
    two: tuple[Stroke, ...]

    def bar(self, meter: int) -> tuple[Stroke, ...]:
        """Return the strokes of a bar of so many quarters; longer bars than four keep silent at their end."""
        return self.two if meter <= 2 else self.three if meter == 3 else self.four


def spell(line: str, voices: dict[str, int], ring: float = 1.0, accents: str = "", step: float = 0.5) -> list[Stroke]:
    """Read a line; `ring` is the share of its length that a stroke sounds, `accents` marks `^` loud and `v` soft."""
    found = []
    for place, sign in enumerate(line):
        if sign in ".-":
            continue
        held = len(line[place + 1 :]) - len(line[place + 1 :].lstrip("-"))
        at = place * step
        default = _FIRST if place == 0 else _BEAT if at % 1.0 == 0.0 else _OFF
        accent = _MARKS[accents[place]] if place < len(accents) else default
        found.append(Stroke(at, (1 + held) * step * ring, voices[sign], accent))
    return found


def pattern(four: Iterable[Stroke], three: Iterable[Stroke] = (), two: Iterable[Stroke] = ()) -> Pattern:
    """Make a pattern; a bar of three or two that is not written is the beginning of the one of four."""
    whole = tuple(four)
    return Pattern(whole, tuple(three) or cut(whole, 3.0), tuple(two) or cut(whole, 2.0))


def cut(strokes: Iterable[Stroke], beats: float) -> tuple[Stroke, ...]:
    """Keep what begins within so many beats, no longer than them."""
    return tuple(
        Stroke(each.at, min(each.length, beats - each.at), each.voice, each.accent)
        for each in strokes
        if each.at < beats
    )
