"""One bar of a lead sheet: what may be written in it, and how the model is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from moodbox.music.composer.neural.palette import roman
from moodbox.music.composer.neural.sampler import Logits
from moodbox.music.composer.neural.scribe import Scribe
from moodbox.music.composer.neural.vocabulary import ChordName, Vocabulary
from moodbox.music.composer.style import Style
from moodbox.music.composer.theory import chord, middle, scale

NEVER = -np.inf
_QUICK = 112.0  # bpm from which sixteenths are rare
_STUCK = 0.6  # what a repeated note costs: words need them, tunes less
_STALE = 1.2  # what a chord loses that sounded last
SPAN = 10  # semitones that the tune may go above and below its middle
_FINEST = 4  # notes of a quarter: sixteenths; triplets would fall between the strokes of the accompaniment
_TEMPERATURES = {"chord": 1.8, "pitch": 1.0, "length": 0.9}  # chords: hotter, songs love their tonic too much
_UNREST = 1.6  # what grit adds to the temperature of chords


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A note as written: steps from the start of the bar, and a pitch with the tonic C; None is a rest."""

    at: int
    length: int
    pitch: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as written, and its tokens."""

    chords: tuple[ChordName, ChordName]
    tune: tuple[SheetNote, ...]
    tokens: tuple[int, ...]

    @property
    def rhythm(self) -> tuple[tuple[int, bool], ...]:
        """Return lengths in steps and whether they sound."""
        return tuple((note.length, note.pitch is not None) for note in self.tune)


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of one bar."""

    first: Mapping[ChordName, float]  # chords of its first part with their liking
    second: Mapping[ChordName, float]
    rhythm: tuple[tuple[int, bool], ...] = ()  # of an earlier bar, to be repeated
    ending: str = ""  # "home": the tune ends on the tonic; "away": on the last chord; "": it goes on
    opening: bool = False  # the first of a phrase: begins with a note


@dataclass
class BarWriter:
    """Write bars in one style; remembers the last pitch."""

    scribe: Scribe
    words: Vocabulary
    style: Style
    meter: int  # quarter notes in a bar
    grid: int  # steps of a quarter note
    middle: float  # of the tune's register, tonic C
    mode: str
    last: int | None = None  # pitch
    chord: ChordName | None = None  # of the bar before
    _tokens: list[int] = field(default_factory=list)

    @property
    def second(self) -> int:
        """Return the step on which a bar's second chord comes."""
        return round(middle(self.meter) * self.grid)

    @property
    def span(self) -> int:
        """Return the steps of a bar."""
        return self.meter * self.grid

    def write(self, task: Task) -> Bar:
        """Ask for one bar."""
        self._tokens = []
        self._read(self.words.bars[f"{self.meter}/4"])
        first = self._chord(task.first, self.chord)
        second = self._chord({first: 0.0} if task.ending else task.second, None)
        self.chord = second
        tune: list[SheetNote] = []
        at = 0
        while at < self.span:
            note = self._note(task, (first, second), at, tune)
            tune.append(note)
            at += note.length
        return Bar((first, second), tuple(tune), tuple(self._tokens))

    def copy(self, bar: Bar) -> None:
        """Read a bar that was written before, as its repetition."""
        for token in bar.tokens:
            self.scribe.read(token)
        self.last = next((note.pitch for note in reversed(bar.tune) if note.pitch is not None), self.last)
        self.chord = bar.chords[1]

    # --- chords ---------------------------------------------------------------------------------------------

    def _chord(self, liking: Mapping[ChordName, float], before: ChordName | None) -> ChordName:
        """Choose a chord; one that goes on over the barline is liked less, harmony shall move."""
        bias = self._nothing()
        for name, likes in liking.items():
            bias[self.words.chords[name]] = likes - (_STALE if name == before else 0.0)
        token = self._draw(bias, "chord")
        return next(name for name in liking if self.words.chords[name] == token)

    # --- tune -----------------------------------------------------------------------------------------------

    def _note(self, task: Task, chords: tuple[ChordName, ChordName], at: int, before: list[SheetNote]) -> SheetNote:
        given = task.rhythm[len(before)] if task.rhythm else None
        over = chords[1] if at >= self.second else chords[0]
        if task.ending and at >= self._stop(task):
            return self._rest(at, self.span - at)
        bias = self._pitches(task, over, at)
        may_rest = at > 0 or not (task.opening or task.ending)
        if given is None and may_rest and not task.ending:
            bias[self.words.rest] = 4.0 * (self.style.rests - 0.2)
        if given is not None and not given[1]:
            return self._rest(at, given[0])
        token = self._draw(bias, "pitch")
        pitch = None if token == self.words.rest else self._pitch_of(token)
        length = given[0] if given else self._length(task, at, rest=pitch is None)
        if given:
            self._read(self.words.lengths[length])
        self.last = pitch or self.last
        return SheetNote(at, length, pitch)

    def _stop(self, task: Task) -> int:
        """Return the step by which the last note must have begun: the second beat at home, the middle away."""
        return self.grid if task.ending == "home" else self.second + 1

    def _rest(self, at: int, steps: int) -> SheetNote:
        """Write a rest; it may take more than one length."""
        left = steps
        while left:
            length = max(size for size in self.words.lengths if size <= left)
            self._read(self.words.rest)
            self._read(self.words.lengths[length])
            left -= length
        return SheetNote(at, steps, None)

    def _length(self, task: Task, at: int, *, rest: bool) -> int:
        left = self.span - at
        sixteenth = self.grid // _FINEST
        finest = sixteenth if self.style.bpm < _QUICK else 2 * sixteenth
        sizes = [size for size in self.words.lengths if size <= left and size % sixteenth == 0]
        if task.ending == "home":
            sizes = [size for size in sizes if size >= min(left, 2 * self.grid)]
        elif task.ending == "away" and at >= self.second:
            sizes = [size for size in sizes if size >= min(left, self.grid)]
        bias = self._nothing()
        for size in sizes:
            bias[self.words.lengths[size]] = self._liking(size, at, finest, rest=rest)
        token = self._draw(bias, "length")
        return next(size for size in sizes if self.words.lengths[size] == token)

    def _liking(self, size: int, at: int, finest: int, *, rest: bool) -> float:
        """Like lengths near the style's density, and endings on a beat; short rests rather than long ones."""
        usual = self.grid / self.style.density
        liking = -0.5 * float(np.log2(size / usual)) ** 2
        if size < finest:
            liking -= 2.5
        if (at + size) % self.grid and size > self.grid // 2:
            liking -= 0.8  # a syncopation
        if rest and size > self.grid:
            liking -= 2.0
        return liking

    def _pitches(self, task: Task, over: ChordName, at: int) -> Logits:
        """Say what each pitch is worth over a chord; every pitch of the scale within reach may come."""
        found = chord(roman(over), 0)
        tones, ladder = set(found.pitch_classes), set(scale(0, self.mode, found))
        strong = at in (0, self.second)
        bias = self._nothing()
        for pitch, token in self.words.pitches.items():
            if abs(pitch - self.middle) > SPAN or (self.last is not None and abs(pitch - self.last) > 12):
                continue
            worth = -0.02 * (pitch - self.middle) ** 2 - self._leap(pitch)
            pc = pitch % 12
            if pc in tones:
                worth += 1.2 if strong else 0.2
            elif pc not in ladder:
                if strong or self.last is None or abs(pitch - self.last) > 2:
                    continue
                worth += 8.0 * self.style.chromatic - 2.2
            bias[token] = worth
        if task.ending:
            self._end(bias, task, tones)
        return bias

    def _leap(self, pitch: int) -> float:
        """Return what a step costs: leaps by the style's liking, repetitions, the augmented second."""
        if self.last is None:
            return 0.0
        distance = abs(pitch - self.last)
        if distance == 0:
            return _STUCK
        cost = 0.22 * (1.0 - self.style.leap) * max(0, distance - 4)
        if distance == 3 and {pitch % 12, self.last % 12} == {8, 11}:
            cost += 3.0  # it sounds like another country
        return cost

    def _end(self, bias: Logits, task: Task, tones: set[int]) -> None:
        """Leave only the notes that a phrase may end on."""
        goal = {0} if task.ending == "home" else tones
        reach = [pitch for pitch, token in self.words.pitches.items() if bias[token] > NEVER and pitch % 12 in goal]
        nearest = [p for p in reach if self.last is None or abs(p - self.last) <= 7] or reach
        barred = [token for pitch, token in self.words.pitches.items() if pitch not in nearest]
        bias[barred] = NEVER

    # --- tokens ---------------------------------------------------------------------------------------------

    def _pitch_of(self, token: int) -> int:
        return next(pitch for pitch, number in self.words.pitches.items() if number == token)

    def _nothing(self) -> Logits:
        return np.full(self.words.size, NEVER)

    def _draw(self, bias: Logits, kind: str) -> int:
        heat = _UNREST * self.style.grit if kind == "chord" else 0.0
        token = self.scribe.write(bias, _TEMPERATURES[kind] + heat)
        self._tokens.append(token)
        return token

    def _read(self, token: int) -> None:
        self.scribe.read(token)
        self._tokens.append(token)
