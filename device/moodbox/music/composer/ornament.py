"""Ornament: small changes to a tune, so that it is never heard twice the same and leaves the key for a moment."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from moodbox.music.composer.lead import Phrase
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.theory import near, scale

_SHORTEST = 0.75  # beats of a note that can give some of its time away
_VARIED = 0.3  # share of the notes that change when a tune returns


class Ornamenter:
    """Decorate phrases; `colour` (0..1) is how often a note outside the key passes by."""

    def __init__(self, tonic: int, mode: str, meter: int, colour: float, rng: random.Random) -> None:
        self._tonic, self._mode, self._meter, self._colour, self._rng = tonic, mode, meter, colour, rng

    def decorated(self, phrase: Phrase) -> Iterator[Tone]:
        """Yield the tune with passing and neighbour notes; on a later visit with more of its own."""
        for tone, following in zip_longest(phrase.tones, phrase.tones[1:]):
            yield from self._decorated(tone, following, phrase)

    def _decorated(self, tone: Tone, following: Tone | None, phrase: Phrase) -> Iterator[Tone]:
        passing = self._passing(tone, following)
        if passing is None and phrase.visit and following is not None and self._rng.random() < _VARIED:
            passing = self._neighbour(tone, following, phrase)
        if passing is None or tone.length < _SHORTEST or tone.start < self._meter:  # the opening stays known
            yield tone
            return
        given = 0.5 if tone.length >= 1.0 else 0.25
        yield Tone(tone.start, tone.length - given, tone.pitch)
        yield Tone(tone.start + tone.length - given, given, passing)

    def _passing(self, tone: Tone, following: Tone | None) -> int | None:
        """Find the semitone between two notes a whole step apart, or below a repeated one."""
        if following is None or following.start - tone.start - tone.length > 0.01:
            return None
        step = following.pitch - tone.pitch
        if abs(step) == 2 and self._rng.random() < self._colour:
            return tone.pitch + step // 2
        if step == 0 and self._rng.random() < self._colour:
            return tone.pitch - 1
        if abs(step) in (3, 4) and self._rng.random() < 0.5 * self._colour:
            return following.pitch - (1 if step > 0 else -1)  # slip into it from its near side
        return None

    def _neighbour(self, tone: Tone, following: Tone, phrase: Phrase) -> int:
        bar = phrase.bars[min(len(phrase.bars) - 1, int(tone.start // self._meter))]
        toward = tone.pitch + (2.0 if following.pitch > tone.pitch else -2.0)
        ladder = scale(self._tonic, self._mode, bar[0])
        return min((near(pc, toward) for pc in ladder), key=lambda pitch: (abs(pitch - toward), pitch))


def below(tones: Sequence[Tone], phrase: Phrase, tonic: int, mode: str, meter: int) -> Iterator[Tone]:
    """Accompany a tune with a second voice in thirds and sixths under it; chord tones on long notes."""
    for tone in tones:
        bar = phrase.bars[min(len(phrase.bars) - 1, int(tone.start // meter))]
        chord = bar[-1] if len(bar) > 1 and tone.start % meter >= meter / 2 else bar[0]
        wanted = set(chord.pitch_classes) if tone.length >= 1.0 else set(scale(tonic, mode, chord))
        for interval in (4, 3, 9, 8, 5, 7, 6, 12):
            if (tone.pitch - interval) % 12 in wanted:
                yield Tone(tone.start, tone.length, tone.pitch - interval)
                break


def answer(phrase: Phrase, tonic: int, mode: str, meter: int, rng: random.Random) -> Iterator[Tone]:
    """Fill the gaps of a tune: a few steps while its long notes and rests last, leading to what comes next."""
    span = float(len(phrase.bars) * meter)
    for tone, following in zip_longest(phrase.tones, phrase.tones[1:]):
        end = following.start if following is not None else span
        free = end - tone.start
        if free < 2.0 or rng.random() > 0.75:
            continue
        goal = following.pitch if following is not None else phrase.tones[0].pitch
        yield from _run(tone, end, goal, phrase, (tonic, mode, meter))


def _run(tone: Tone, end: float, goal: int, phrase: Phrase, key: tuple[int, str, int]) -> Iterator[Tone]:
    """Walk in quavers along the scale, below the tune, towards where it goes on."""
    tonic, mode, meter = key
    count = min(4, int((end - tone.start - 1.0) / 0.5))
    bar = phrase.bars[min(len(phrase.bars) - 1, int((end - 0.5) // meter))]
    ladder = sorted({near(pc, goal - 5 + shift) for pc in scale(tonic, mode, bar[-1]) for shift in (-12, 0, 12)})
    place = min(range(len(ladder)), key=lambda index: abs(ladder[index] - (goal - 3)))
    rising = goal >= tone.pitch
    for number in range(count):
        step = place - (count - 1 - number) if rising else place + (count - 1 - number)
        if 0 <= step < len(ladder):
            yield Tone(end - 0.5 * (count - number), 0.5, ladder[step])
