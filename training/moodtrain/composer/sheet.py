"""Lead sheets: of a song, bar by bar, two chords and a melody, with the tonic moved to C."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from moodtrain.composer.key import estimate
from moodtrain.composer.song import Bar, Notes, Song
from moodtrain.composer.vocabulary import HIGHEST, KINDS, LOWEST, NO_CHORD, SECOND, TOKEN, lengths

_BASS = 0.6  # how much more the lowest sounding note counts
_OUTSIDE = 1.0  # what a sounding note outside the chord takes away
_MISSING = 0.35  # what an unheard chord note takes away, in shares of the part's length
_LEAST = 0.15  # share of a part that must sound for a chord to be heard
_SILENT_BARS = 2  # so many bars without melody part one piece of it from the next


@dataclass(frozen=True)
class SheetBar:
    """One bar of a lead sheet: its tokens, its melody notes, and what was heard in it."""

    bar: Bar
    tokens: tuple[int, ...]
    pitches: tuple[int, ...]  # of the notes that begin in it
    histogram: NDArray[np.float64]  # 12 durations in steps, tonic = C


@dataclass(frozen=True)
class Sheet:
    """The pieces of a song's lead sheet, and its key at the beginning."""

    name: str
    tonic: int
    mode: str
    pieces: tuple[tuple[SheetBar, ...], ...]


def write(song: Song) -> Sheet:
    """Write the lead sheet of a song; at a new key signature, and after a long rest of the tune, a piece begins."""
    starts = [at for at, _ in song.keys]
    ends = [*starts[1:], int(song.notes[:, :2].sum(1).max()) + 1]
    pieces: list[tuple[SheetBar, ...]] = []
    first: tuple[int, str] | None = None
    for start, end, (_, sharps) in zip(starts, ends, song.keys, strict=True):
        bars = [bar for bar in song.bars if start <= bar.onset < end]
        notes = _between(song.notes, start, end)
        if not bars or not len(notes):
            continue
        last = notes[notes[:, 0] == notes[-1, 0]][0, 2]
        tonic, mode = estimate(_histogram(notes, start, end), int(last), sharps)
        first = first or (tonic, mode)
        pieces += _region(song, bars, -tonic if tonic <= 6 else 12 - tonic)
    return Sheet(song.name, *(first or (0, "major")), tuple(pieces))


def _region(song: Song, bars: list[Bar], shift: int) -> list[tuple[SheetBar, ...]]:
    moved = np.array([0, 0, shift])
    melody, notes = song.melody + moved, song.notes + moved
    return _pieces([_bar(bar, melody, notes) if bar.meter else None for bar in bars])


def _pieces(bars: list[SheetBar | None]) -> list[tuple[SheetBar, ...]]:
    pieces: list[list[SheetBar]] = [[]]
    silent = 0
    for bar in bars:
        silent = silent + 1 if bar is None or not bar.pitches else 0
        if bar is None or silent == _SILENT_BARS:
            pieces.append([])
        if bar is not None and silent < _SILENT_BARS:
            pieces[-1].append(bar)
    return [tuple(piece) for piece in pieces if sum(1 for bar in piece if bar.pitches) > 1]


def _bar(bar: Bar, melody: Notes, notes: Notes) -> SheetBar:
    middle, end = bar.onset + SECOND[bar.meter], bar.onset + bar.length
    notes = _between(notes, bar.onset, end)
    chords = [_chord(notes, start, stop) for start, stop in ((bar.onset, middle), (middle, end))]
    line = _between(melody, bar.onset, end)
    tokens = [TOKEN[f"bar {bar.meter}"], *(TOKEN[chord] for chord in chords), *_line(line, bar.onset, end)]
    began = line[line[:, 0] >= bar.onset]
    return SheetBar(bar, tuple(tokens), tuple(map(_inside, began[:, 2].tolist())), _histogram(notes, bar.onset, end))


def _line(line: Notes, start: int, end: int) -> list[int]:
    """Write the melody of one bar; notes that began before it, and long ones, go on with ties."""
    tokens: list[int] = []
    at = start
    for onset, length, pitch in line.tolist():
        if onset > at:
            tokens += _spelt("rest", "rest", onset - at)
        first = "tie" if onset < start else f"pitch {_inside(pitch)}"
        begins, until = max(onset, start), min(onset + length, end)
        tokens += _spelt(first, "tie", until - begins)
        at = until
    return tokens + (_spelt("rest", "rest", end - at) if at < end else [])


def _spelt(first: str, more: str, steps: int) -> list[int]:
    tokens: list[int] = []
    for number, length in enumerate(lengths(steps)):
        tokens += [TOKEN[first if number == 0 else more], TOKEN[f"length {length}"]]
    return tokens


def _inside(pitch: int) -> int:
    """Move a pitch by octaves into the range of the vocabulary."""
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def _between(notes: Notes, start: int, end: int) -> Notes:
    begun = notes[: np.searchsorted(notes[:, 0], end)]  # sorted by onset
    found: Notes = begun[begun[:, 0] + begun[:, 1] > start]
    return found


def _overlap(notes: Notes, start: int, end: int) -> NDArray[np.int64]:
    steps: NDArray[np.int64] = np.minimum(notes[:, 0] + notes[:, 1], end) - np.maximum(notes[:, 0], start)
    return steps


def _histogram(notes: Notes, start: int, end: int) -> NDArray[np.float64]:
    found = _between(notes, start, end)
    return np.bincount(found[:, 2] % 12, weights=_overlap(found, start, end), minlength=12).astype(float)


def _chord(notes: Notes, start: int, end: int) -> str:
    """Name the chord whose notes sound most of the time, and the others least; the bass counts more."""
    found = _between(notes, start, end)
    if not len(found):
        return NO_CHORD
    heard = np.bincount(found[:, 2] % 12, weights=_overlap(found, start, end), minlength=12) / (end - start)
    if heard.max() < _LEAST:
        return NO_CHORD
    lowest = found[found[:, 2].argmin(), 2] % 12
    heard = np.minimum(heard, 1.5)
    heard[lowest] += _BASS * min(1.0, heard[lowest])
    names, inside = _templates()
    missing = inside @ (heard < _LEAST)
    roots = np.repeat(np.arange(12), len(KINDS)) == lowest
    scores = inside @ heard - _OUTSIDE * ((1 - inside) @ heard) - _MISSING * missing + 0.3 * roots
    return names[int(scores.argmax())]


@cache
def _templates() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the names of all chords, and for each which of the 12 pitch classes it holds."""
    names, rows = [], []
    for root in range(12):
        for kind, tones in KINDS.items():
            names.append(f"chord {root}:{kind}")
            rows.append([1.0 if (pc - root) % 12 in tones else 0.0 for pc in range(12)])
    return tuple(names), np.array(rows)
