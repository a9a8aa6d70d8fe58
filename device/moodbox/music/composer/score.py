"""A piece as written: notes in beats, parts with their instruments, a tempo map. Sound and MIDI are made from it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

RING = 2.5  # seconds that the last notes may ring after their end


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `start` and `length` are beats, `pitch` and `velocity` are MIDI's 0..127."""

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Part:
    """The notes of one instrument: a General MIDI program (0..127), or the drum kit."""

    name: str
    program: int
    notes: tuple[Note, ...]
    level: float = 0.8  # 0..1
    pan: float = 0.0  # -1 left .. 1 right
    drums: bool = False


@dataclass(frozen=True)
class Score:
    """A whole piece. `tempo` is (beat, beats per minute), the first at beat 0, sorted."""

    title: str
    label: str
    valence: float
    arousal: float
    seed: int
    tonic: int  # pitch class, 0 = C
    mode: str  # "major" or "minor"
    meter: int  # beats in a bar
    tempo: tuple[tuple[float, float], ...]
    parts: tuple[Part, ...]
    origin: str = "rules"  # who wrote it: "rules", or "lstm" with the version of its model

    def seconds_at(self, beat: float) -> float:
        """Return the time of a beat under the tempo map; a beat before the first is at 0."""
        starts, times = self._map
        at = max(0, bisect_right(starts, beat) - 1)
        return times[at] + max(0.0, beat - starts[at]) * 60.0 / self.tempo[at][1]

    @cached_property
    def _map(self) -> tuple[list[float], list[float]]:
        """The first beat of every tempo, and its time; asked for every note, so worked out once."""
        starts = [start for start, _ in self.tempo]
        lengths = [(end - start) * 60.0 / bpm for (start, bpm), end in zip(self.tempo, starts[1:], strict=False)]
        return starts, list(accumulate(lengths, initial=0.0))

    @cached_property
    def seconds(self) -> float:
        """The length with the ringing of the last notes."""
        last = max((note.start + note.length for part in self.parts for note in part.notes), default=0.0)
        return self.seconds_at(last) + RING

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits that are the same for the same notes, and only then."""
        digest = hashlib.sha256(repr((self.tempo, self.parts)).encode())
        return digest.hexdigest()[:16]
