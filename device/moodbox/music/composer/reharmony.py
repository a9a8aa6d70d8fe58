"""Reharmony: what the arranger does to the chords of a lead sheet. The tune stays, but for the way back from a bridge.

Secondary dominants and leading diminished chords come before a new chord where the tune allows; a minor piece whose
chords lean to the relative major is drawn home; a bridge may stand in another key.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from moodbox.music.composer.lead import Phrase
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.theory import Chord, chord, middle, near, seventh_above, transposed

_DOMINANT, _DIMINISHED = (4, 7, 10), (3, 6, 9)
_LONG = 0.75  # beats: a shorter note may rub against the chord for its moment


def coloured(phrase: Phrase, meter: int, following: Chord | None, chance: float, rng: random.Random) -> Phrase:
    """Give bars with one chord a second one that leads to the chord after it, where the tune fits it."""
    bars = list(phrase.bars)
    goals = [bar[0] for bar in bars[1:]] + [following or bars[0][0]]
    for number, (bar, goal) in enumerate(zip(phrase.bars, goals, strict=True)):
        last_home = phrase.closed and number == len(bars) - 1
        if len(bar) > 1 or last_home or goal.root == bar[0].root or rng.random() > chance:
            continue
        start = number * meter + middle(meter)
        heard = list(_heard(phrase.tones, start, (number + 1.0) * meter))
        choices = [each for each in _leading(goal) if _fits(each, heard) and each.root != bar[0].root]
        if choices:
            bars[number] = (bar[0], choices[0] if rng.random() < 0.7 else choices[-1])
    return replace(phrase, bars=tuple(bars))


def drawn_home(phrase: Phrase, tonic: int, meter: int) -> Phrase:
    """Darken the chords of a minor piece: the relative major becomes the tonic, its dominant the real dominant.

    A learned composer often drifts into the relative major; both changes keep two tones of three.
    """
    exchange = {
        ((tonic + 3) % 12, True): chord("i", tonic),
        ((tonic + 10) % 12, True): chord("V7", tonic),
        ((tonic + 7) % 12, False): chord("V", tonic),
    }
    bars: list[tuple[Chord, ...]] = []
    for number, bar in enumerate(phrase.bars):
        fresh = []
        for each, (start, end) in zip(bar, _spans(bar, number, meter), strict=True):
            other = exchange.get((each.root, (each.root + 4) % 12 in each.pitch_classes))
            heard = list(_heard(phrase.tones, start, end))
            fresh.append(other if other is not None and _fits(other, heard) else each)
        bars.append(tuple(fresh))
    return replace(phrase, bars=tuple(bars))


def darkened(phrase: Phrase, tonic: int, meter: int, chance: float, rng: random.Random) -> Phrase:
    """Take the light out of a minor piece: bright major triads give way to minor and diminished ones that fit the tune.

    The dominant stays what it is, and a closed phrase still ends at home.
    """
    dominant = (tonic + 7) % 12
    dim = [chord(roman, tonic) for roman in ("viio7", "#ivo7", "iio")]
    bars: list[tuple[Chord, ...]] = []
    for number, bar in enumerate(phrase.bars):
        fresh = []
        for each, (start, end) in zip(bar, _spans(bar, number, meter), strict=True):
            bright = (each.root + 4) % 12 in each.pitch_classes and each.root != dominant
            heard = list(_heard(phrase.tones, start, end))
            choices = [other for other in (*dim, _minor(each)) if _fits(other, heard)]
            fresh.append(rng.choice(choices) if bright and choices and rng.random() < chance else each)
        bars.append(tuple(fresh))
    return replace(phrase, bars=tuple(bars))


def _minor(each: Chord) -> Chord:
    """Return the minor triad on a chord's root."""
    degree = each.degrees[0][0]
    tones = ((degree, each.root), ((degree + 2) % 7, (each.root + 3) % 12), ((degree + 4) % 7, (each.root + 7) % 12))
    return Chord(f"dark {each.name}", each.root, each.root, tones)


def _spans(bar: tuple[Chord, ...], number: int, meter: int) -> tuple[tuple[float, float], ...]:
    """Return start and end of each chord of a bar, in beats of the phrase."""
    start, half, end = float(number * meter), number * meter + middle(meter), (number + 1.0) * meter
    return ((start, end),) if len(bar) == 1 else ((start, half), (half, end))


def modulated(phrase: Phrase, semitones: int, home: Chord, meter: int, *, down: bool = False) -> Phrase:
    """Move a phrase into another key and lead it back: its last half bar becomes the dominant of the home chord.

    The tune takes the shorter way, or goes `down`.
    """
    shift = semitones - 12 if semitones > 6 or (down and semitones > 2) else semitones
    back = seventh_above(home, 7, 4, _DOMINANT)
    bars = tuple(tuple(transposed(each, semitones) for each in bar) for bar in phrase.bars)
    ending = (len(bars) - 1) * meter + middle(meter)
    tones = tuple(_led_back(replace(tone, pitch=tone.pitch + shift), ending, back) for tone in phrase.tones)
    return replace(phrase, bars=(*bars[:-1], (bars[-1][0], back)), tones=tones)


def _led_back(tone: Tone, ending: float, back: Chord) -> Tone:
    if tone.start + tone.length <= ending + 0.25 or tone.pitch % 12 in back.pitch_classes:
        return tone
    return replace(
        tone, pitch=min((near(pc, tone.pitch) for pc in back.pitch_classes), key=lambda p: abs(p - tone.pitch))
    )


def _leading(goal: Chord) -> tuple[Chord, Chord]:
    """Return the dominant seventh of a chord and the diminished chord on its leading tone."""
    return seventh_above(goal, 7, 4, _DOMINANT), seventh_above(goal, 11, 6, _DIMINISHED)


def _fits(each: Chord, heard: Iterable[tuple[int, float]]) -> bool:
    return all(pc in each.pitch_classes or length < _LONG for pc, length in heard)


def _heard(tones: Iterable[Tone], start: float, end: float) -> Iterable[tuple[int, float]]:
    """List pitch classes and lengths of what the tune sings in a stretch of a phrase."""
    for tone in tones:
        length = min(end, tone.start + tone.length) - max(start, tone.start)
        if length > 0.1:
            yield tone.pitch % 12, length
