"""The writer: a lead sheet by the learned composer. Rules give the form, the model fills it.

Phrases are four bars. One that asks (small letter) ends away from home; its answer (capital) begins like it and comes
home. What returns in the form is the same phrase, so a listener has something to recognise.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.lead import PHRASE, Lead, Phrase, form, is_bridge
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.neural.bar import Bar, BarWriter, Task
from moodbox.music.composer.neural.network import Network
from moodbox.music.composer.neural.palette import away, home, palette, spelling
from moodbox.music.composer.neural.scribe import Scribe
from moodbox.music.composer.neural.vocabulary import ChordName, Vocabulary
from moodbox.music.composer.style import GRITTY, Style
from moodbox.music.composer.theory import chord

_MODES = {"major": 0.55, "minor": -0.55}  # mode score asked for: clearer than most songs
_REPEATS = 0.65  # chance that the third bar of a phrase has the rhythm of its first
_FIRM = 1.5  # how much more the tonic is liked at a beginning, and what leads home before an ending
_LIFT = 3.0  # semitones that a bridge lies higher
_REGISTER = (62.0, 75.0)  # mean pitches that the songs have, tonic C: the model knows no others


@dataclass(frozen=True)
class Written:
    """A phrase as bars, tonic C."""

    bars: tuple[Bar, ...]
    closed: bool


@dataclass(frozen=True)
class Key:
    """How a piece leaves the tonic C: its tonic, the semitones of its tune, and how its chords are spelt."""

    tonic: int
    shift: int
    spelt: dict[ChordName, str]


class NeuralWriter:
    """Write lead sheets with a network; has the shape of `lead.write_lead`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._words = Vocabulary.of(network.card.vocabulary)

    def __call__(self, style: Style, label: str, meter: int, phrases: int, rng: random.Random) -> Lead:
        """Write a lead sheet of so many four-bar phrases in the style of a mood. Raises MusicError."""
        tonic = rng.randrange(12)
        shift = _shift(tonic, style.melody)
        scribe = Scribe(self._network, self._words.start, rng)
        middle = style.melody - shift
        hand = BarWriter(scribe, self._words, style, meter, self._network.card.grid, middle, style.mode)
        scribe.steer(self._condition(style, middle))
        scribe.begin()
        spelt = spelling(label, rng)
        written: dict[str, Written] = {}
        played: list[Phrase] = []
        for letter in form(phrases):
            if letter not in written:
                rises = is_bridge(letter) and style.grit < GRITTY  # what frightens goes no higher
                hand.middle = middle + (_LIFT if rises else 0.0)
                scribe.steer(self._condition(style, hand.middle))
                asked = written.get(letter.lower()) if letter.isupper() else None
                written[letter] = _phrase(hand, label, rng, closed=letter.isupper(), asked=asked)
            visit = sum(1 for phrase in played if phrase.letter == letter)
            played.append(replace(_transposed(letter, written[letter], hand, Key(tonic, shift, spelt)), visit=visit))
        return Lead(tonic, style.mode, meter, tuple(played))

    def _condition(self, style: Style, middle: float) -> npt.NDArray[np.float32]:
        low, high = _REGISTER
        return self._network.card.condition_of(
            mode=_MODES[style.mode],
            density=math.log(style.density),
            tempo=math.log(style.bpm),
            register=min(high, max(low, middle)),
        )


def _shift(tonic: int, melody: float) -> int:
    """Return the semitones from the tonic C to the piece's key that bring its tune nearest to what the model knows."""
    middle = sum(_REGISTER) / 2.0
    return min((tonic + 12 * octave for octave in range(-4, 4)), key=lambda shift: abs(melody - shift - middle))


def _phrase(hand: BarWriter, label: str, rng: random.Random, *, closed: bool, asked: Written | None) -> Written:
    """Write four bars; an answer begins with the two bars of what asked."""
    chords = palette(label, hand.mode)
    bars: list[Bar] = []
    if asked is not None:
        for bar in asked.bars[:2]:
            hand.copy(bar)
            bars.append(bar)
    while len(bars) < PHRASE:
        bars.append(hand.write(_task(hand, len(bars), bars, chords, rng, closed=closed)))
    return Written(tuple(bars), closed)


def _task(
    hand: BarWriter,
    number: int,
    bars: list[Bar],
    chords: dict[ChordName, float],
    rng: random.Random,
    *,
    closed: bool,
) -> Task:
    """Say what the bar of that number is for."""
    homeward, astray = home(hand.mode), away(hand.style.grit)
    if number == PHRASE - 1:
        goal = homeward if closed else astray
        return Task(goal, goal, ending="home" if closed else "away")
    if number == 0:
        firm = {name: likes + (_FIRM if name in homeward else 0.0) for name, likes in chords.items()}
        return Task(firm, chords, opening=True)
    rhythm = bars[0].rhythm if number == 2 and rng.random() < _REPEATS else ()
    leading = {name: likes + (_FIRM if name in astray else 0.0) for name, likes in chords.items()}
    return Task(chords, leading if number == 2 and closed else chords, rhythm)


def _transposed(letter: str, written: Written, hand: BarWriter, key: Key) -> Phrase:
    bars = tuple(
        tuple(
            chord(key.spelt[name], key.tonic)
            for name in (bar.chords if bar.chords[0] != bar.chords[1] else bar.chords[:1])
        )
        for bar in written.bars
    )
    tones = tuple(
        Tone(number * hand.meter + note.at / hand.grid, note.length / hand.grid, note.pitch + key.shift)
        for number, bar in enumerate(written.bars)
        for note in bar.tune
        if note.pitch is not None
    )
    return Phrase(letter, 0, bars, tones, written.closed)
