"""Melody: the cheapest path through the scale. Rhythm first, then the pitches that cost least.

Costs say what a singer knows: chord tones on strong beats, steps rather than leaps, dissonance resolves by step, the
motif of the first bar returns, the line follows an arc and comes home.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from moodbox.music.composer.harmony import Bars
from moodbox.music.composer.style import Style
from moodbox.music.composer.theory import Chord, middle, pitches, scale

CADENCE, HALF = "cadence", "half"  # how a phrase ends: at home on the tonic, or open on the dominant
_CELLS: tuple[tuple[float, ...], ...] = (  # rhythms of one or two beats; negative is a rest
    (1.0,), (0.5, 0.5), (0.75, 0.25), (0.5, 0.25, 0.25), (0.25, 0.25, 0.5),
    (2.0,), (1.5, 0.5), (0.5, 1.0, 0.5), (1.0, 0.5, 0.5), (1.5, 0.25, 0.25), (-0.5, 0.5), (-1.0, 1.0), (-0.5, 1.0, 0.5),
)  # fmt: skip
_RANGE = 9  # semitones the melody may go above and below its middle


@dataclass(frozen=True, slots=True)
class Tone:
    """A melody note as composed: beats from the start of its phrase, not yet played by anybody."""

    start: float
    length: float
    pitch: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the rhythm that wants a pitch."""

    start: float
    length: float
    strong: bool
    chord: Chord
    target: float  # where the arc of the phrase wants the line to be
    interval: int | None  # the motif's step to this note, in semitones
    ending: tuple[int, ...] = ()  # the only pitch classes a phrase may end on


@dataclass(frozen=True, slots=True)
class Motif:
    """What returns in a section: the rhythms of its bars and the steps of the first."""

    rhythms: tuple[tuple[float, ...], ...]
    steps: tuple[int, ...]


class Singer:
    """Write melodies in one key, style and meter; every choice comes from the given random numbers."""

    def __init__(self, style: Style, tonic: int, meter: int, rng: random.Random) -> None:
        self._style, self._tonic, self._meter, self._rng = style, tonic, meter, rng

    def motif(self) -> Motif:
        """Invent the rhythms of a section's bars and the tune's first steps."""
        first = self._rhythm()
        second = first if self._rng.random() < 0.35 else self._rhythm()
        leaps = (-7, -5, -4, -3, 3, 4, 5, 7) if self._rng.random() < self._style.leap else (-4, -3, 3, 4)
        steps = tuple(self._rng.choice((-2, -1, 1, 2, *self._rng.choices(leaps, k=2))) for _ in first)
        return Motif((first, second, first), steps)

    def phrase(self, bars: Bars, motif: Motif, ending: str, begun: tuple[Tone, ...] = ()) -> tuple[Tone, ...]:
        """Sing four bars; `begun` keeps the notes of the first two bars of a phrase that is answered."""
        slots = self._slots(bars, motif, ending)
        half = 2.0 * self._meter
        kept = tuple(tone for tone in begun if tone.start < half)
        open_slots = [slot for slot in slots if slot.start >= half] if kept else slots
        found = self._path(open_slots, kept[-1].pitch if kept else None)
        return kept + tuple(Tone(s.start, s.length, p) for s, p in zip(open_slots, found, strict=True))

    def _rhythm(self) -> tuple[float, ...]:
        """Fill a bar with cells whose density comes near the style's."""
        lengths: list[float] = []
        left = float(self._meter)
        while left > 0.0:
            fitting = [cell for cell in _CELLS if sum(map(abs, cell)) <= left]
            if not lengths or self._rng.random() >= self._style.rests:
                fitting = [cell for cell in fitting if cell[0] > 0.0]
            weights = [self._liking(cell) for cell in fitting]
            chosen = self._rng.choices(fitting, weights)[0]
            lengths += chosen
            left -= sum(map(abs, chosen))
        return tuple(lengths)

    def _liking(self, cell: tuple[float, ...]) -> float:
        density = sum(1 for length in cell if length > 0.0) / sum(map(abs, cell))
        return math.exp(-2.8 * abs(density - self._style.density)) + 0.01

    def _slots(self, bars: Bars, motif: Motif, ending: str) -> list[_Slot]:
        rise = self._rng.choice((3.0, 5.0, 6.0)) * self._rng.choice((1.0, 1.0, -0.6))
        rhythms = (*motif.rhythms, self._last(bars[-1], ending))
        slots = [
            self._slot(bars, motif, number * self._meter + at, index, length, rise)
            for number, rhythm in enumerate(rhythms)
            for index, (at, length) in enumerate(zip(_starts(rhythm), rhythm, strict=True))
            if length > 0.0
        ]
        goal = (self._tonic,) if ending == CADENCE else bars[-1][-1].pitch_classes
        slots[-1] = replace(slots[-1], strong=True, interval=None, ending=goal)
        return slots

    def _slot(self, bars: Bars, motif: Motif, start: float, index: int, length: float, rise: float) -> _Slot:  # noqa: PLR0917 - one private caller
        number, at = int(start // self._meter), start % self._meter
        share = start / (4.0 * self._meter)
        arc = rise * 4.0 * share * (1.0 - share) - rise / 2.0
        strong = at == 0.0 or (self._meter == 4 and at == 2.0)
        imitates = number == 0 or (number in (1, 2) and motif.rhythms[number] == motif.rhythms[0])
        interval = motif.steps[index] if imitates and 0 < index < len(motif.steps) else None
        return _Slot(start, length, strong, at_beat(bars, start, self._meter), self._style.melody + arc, interval)

    def _last(self, bar: tuple[Chord, ...], ending: str) -> tuple[float, ...]:
        """Write the last bar: it comes to rest, on its second half where the chord changes there."""
        if ending == CADENCE and len(bar) == 1:
            return (float(self._meter),) if self._rng.random() < 0.4 else (float(self._meter - 1), -1.0)
        lively = self._style.density > 1.2
        if self._meter == 3 and len(bar) > 1:
            return (1.0, 1.0, 1.0)
        if self._meter == 3:
            return (0.5, 0.5, 2.0) if lively else (1.0, 2.0)
        return (0.5, 0.5, 1.0, 2.0) if lively else (1.0, 1.0, 2.0)

    def _path(self, slots: list[_Slot], before: int | None) -> list[int]:
        """Find the cheapest pitches (Viterbi over the candidates of each slot)."""
        costs: dict[int, float] = {before: 0.0} if before is not None else {}
        trail: list[dict[int, int]] = []
        previous: _Slot | None = None
        for slot in slots:
            reached: dict[int, float] = {}
            came: dict[int, int] = {}
            for pitch in self._candidates(slot):
                own = self._own(slot, pitch) + self._rng.uniform(0.0, 1.4)
                if costs:
                    moves = {old: cost + self._move(previous, slot, old, pitch) for old, cost in costs.items()}
                    came[pitch] = min(moves, key=moves.__getitem__)
                    own += moves[came[pitch]]
                reached[pitch] = own
            trail.append(came)
            costs, previous = reached, slot
        return _walk_back(costs, trail)

    def _candidates(self, slot: _Slot) -> list[int]:
        middle = round(self._style.melody)
        tones: set[int] = set(slot.ending or scale(self._tonic, self._style.mode, slot.chord))
        if not slot.ending and not slot.strong and self._rng.random() < self._style.chromatic:
            tones |= {(tone + 1) % 12 for tone in slot.chord.pitch_classes}
        return pitches(tones, middle - _RANGE, middle + _RANGE)

    def _own(self, slot: _Slot, pitch: int) -> float:
        cost = 0.05 * (pitch - slot.target) ** 2
        if pitch % 12 not in slot.chord.pitch_classes:
            cost += 8.0 if slot.strong else 0.6 + 1.2 * slot.length
        if slot.strong and slot.start == 0.0 and pitch % 12 == slot.chord.pitch_classes[1]:
            cost -= 0.6  # the third tells the mode at once
        return cost

    def _move(self, previous: _Slot | None, slot: _Slot, old: int, new: int) -> float:
        distance = abs(new - old)
        cost = _leap_cost(distance, self._style.leap)
        if slot.interval is not None:
            cost += 0.5 * abs(new - old - slot.interval)
        if previous is not None and old % 12 not in previous.chord.pitch_classes and not 1 <= distance <= 2:
            cost += 3.0  # a dissonance resolves by step
        if old % 12 == (self._tonic + 11) % 12 and distance > 1 and slot.strong:
            cost += 1.5  # the leading tone leads
        if distance == 3 and {old % 12, new % 12} == {(self._tonic + 8) % 12, (self._tonic + 11) % 12}:
            cost += 3.0  # the augmented second sounds like another country
        return cost


def at_beat(bars: Bars, beat: float, meter: int) -> Chord:
    """Return the chord that sounds at a beat of a phrase; two chords in a bar meet in its middle, or on beat 3 of 3."""
    bar = bars[min(len(bars) - 1, int(beat // meter))]
    return bar[-1] if beat % meter >= middle(meter) else bar[0]


def _starts(rhythm: tuple[float, ...]) -> list[float]:
    """Return where each length of a bar starts; rests are negative and take their time too."""
    return [sum(map(abs, rhythm[:index])) for index in range(len(rhythm))]


def _leap_cost(distance: int, liking: float) -> float:
    if distance == 0:
        return 1.3
    if distance <= 2:
        return 0.9 * liking
    if distance <= 5:
        return 1.3 - 1.0 * liking
    if distance in (7, 8, 9, 12):
        return 3.4 - 2.6 * liking
    return 6.0


def _walk_back(costs: dict[int, float], trail: list[dict[int, int]]) -> list[int]:
    pitch = min(costs, key=costs.__getitem__)
    found = [pitch]
    for came in reversed(trail[1:]):
        pitch = came[pitch]
        found.append(pitch)
    return found[::-1]
