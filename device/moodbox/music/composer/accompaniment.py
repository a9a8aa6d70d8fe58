"""Accompaniment: patterns of chords, bass and drums played over whatever chord sounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from moodbox.music.composer.harmony import Bars
from moodbox.music.composer.lead import PHRASE
from moodbox.music.composer.melody import at_beat
from moodbox.music.composer.patterns.bass import APPROACH, BASSES, FIFTH, OCTAVE, RUB, THIRD
from moodbox.music.composer.patterns.chords import CHORDS
from moodbox.music.composer.patterns.drums import CRASH, DRUMS, LOW_TOM, SNARE, fill
from moodbox.music.composer.patterns.stroke import ALL, LOW_TWO, PAIR, TOP, TRILL, UPPER, Stroke
from moodbox.music.composer.score import Note
from moodbox.music.composer.theory import Chord, middle, near, voicing

_BASS = 38  # the D around which the bass moves
_SPLIT_FROM = 2.0  # beats: a held stroke at least this long is struck again when the chord changes under it


@dataclass(frozen=True, slots=True)
class Room:
    """Where chords may sound: around a middle, not below a floor, not above a ceiling. MIDI pitches."""

    center: float
    floor: float
    ceiling: float
    scale: frozenset[int] = frozenset()  # pitch classes among which a trill looks for its semitone


def comp(bars: Bars, meter: int, pattern: str, velocity: float, room: Room) -> Iterator[Note]:
    """Play a chord pattern over bars; voices move as little as they can."""
    voices: tuple[int, ...] = ()
    current: Chord | None = None
    for start, chord, stroke in _strokes(bars, meter, CHORDS[pattern].bar(meter)):
        if chord != current:
            voices, current = voicing(chord, voices, room.center, room.floor, room.ceiling), chord
        struck = (_trill(voices, room.scale),) if stroke.voice == TRILL else _struck(voices, stroke.voice)
        for pitch in struck:
            yield _note(start, stroke, pitch, velocity)


def bass(bars: Bars, meter: int, pattern: str, velocity: float, pedal: int | None = None) -> Iterator[Note]:
    """Play a bass pattern between B0 and B flat 3; `pedal` is a pitch class to hold instead of the roots."""
    for start, chord, stroke in _strokes(bars, meter, BASSES[pattern].bar(meter)):
        root = near(chord.bass if pedal is None else pedal, _BASS)
        following = near(at_beat(bars, start + stroke.length, meter).bass if pedal is None else pedal, root)
        yield _note(start, stroke, _bass_pitch(stroke.voice, chord, root, following), velocity)


def drums(count: int, meter: int, pattern: str, velocity: float) -> Iterator[Note]:
    """Play a drum pattern for `count` bars, with a fill at the end of each phrase and a crash after it."""
    bar = DRUMS[pattern].bar(meter)
    loud = pattern in {"pop", "march", "metal", "stomp", "anvil", "tumble"}
    for number in range(count):
        filled = loud and number % PHRASE == PHRASE - 1
        for stroke in bar:
            if stroke.at < (meter - 1 if filled else meter):
                yield _note(number * meter + stroke.at, stroke, stroke.voice, velocity)
        if filled:
            for stroke in fill(meter, LOW_TOM if pattern in {"stomp", "anvil"} else SNARE):
                yield _note(number * meter + stroke.at, stroke, stroke.voice, velocity)
    if loud:
        yield _note(0.0, Stroke(0.0, 0.2, CRASH, -0.3), CRASH, velocity)


def pad(bars: Bars, meter: int, velocity: float, room: Room) -> Iterator[Note]:
    """Hold two voices of every chord softly; a tone that stays is not struck again."""
    sounding: dict[int, Note] = {}
    for note in comp(bars, meter, "guide", velocity, room):
        before = sounding.get(note.pitch)
        if before is not None and before.start + before.length == note.start:
            sounding[note.pitch] = replace(before, length=before.length + note.length)
            continue
        if before is not None:
            yield before
        sounding[note.pitch] = note
    yield from sounding.values()


def _strokes(bars: Bars, meter: int, pattern: tuple[Stroke, ...]) -> Iterator[tuple[float, Chord, Stroke]]:
    """Lay a pattern over bars: struck again where the chord changes under a held stroke."""
    for number, bar in enumerate(bars):
        half = middle(meter)
        for stroke in pattern:
            end, start = stroke.at + stroke.length, number * meter + stroke.at
            if len(bar) == 1 or not stroke.at < half < end:
                yield start, at_beat(bars, start, meter), replace(stroke, length=min(stroke.length, meter - stroke.at))
                continue
            yield start, bar[0], replace(stroke, length=half - stroke.at)
            if stroke.length >= _SPLIT_FROM:
                again = Stroke(half, min(end, meter) - half, stroke.voice, stroke.accent)
                yield number * meter + half, bar[-1], again


def _struck(voices: tuple[int, ...], voice: int) -> tuple[int, ...]:
    groups = {ALL: voices, LOW_TWO: voices[:2], UPPER: voices[1:], TOP: voices[-1:], PAIR: voices[-2:]}
    return groups[voice] if voice < 0 else (voices[voice % len(voices)],)


def _trill(voices: tuple[int, ...], scale: frozenset[int]) -> int:
    """Find a tone of the key that rubs against one of the voices, the highest that has one."""
    beside = (voice + step for voice in reversed(voices) for step in (1, -1))
    return next((pitch for pitch in beside if pitch % 12 in scale), voices[-1] + 1)


def _bass_pitch(voice: int, chord: Chord, root: int, following: int) -> int:
    tones = chord.pitch_classes
    if voice == FIFTH:
        return near(tones[2 % len(tones)], root)
    if voice == THIRD:
        return near(tones[1], root + 3)
    if voice == APPROACH:  # from the side the line comes from; around a root that stays, from below
        return following + (1 if following < root else -1)
    return root + {OCTAVE: 12, RUB: 1}.get(voice, 0)


def _note(start: float, stroke: Stroke, pitch: int, velocity: float) -> Note:
    return Note(start, stroke.length, pitch, round(min(127.0, max(1.0, velocity * (1.0 + stroke.accent)))))
