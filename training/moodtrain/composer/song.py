"""A song as its MIDI file tells it: notes on the grid, bars, tempo, and which notes are the melody."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from symusic.core import ScoreTick, TrackTick

from moodtrain.composer.vocabulary import GRID, METERS
from moodtrain.errors import DataError

_SUNG = ("voice", "vocal", "melody", "sopran", "lead", "violin 1", "violin i", "violino i")
_AS = {"2/2": "4/4", "4/8": "2/4", "8/8": "4/4"}  # meters that are read as another of the same length
USUAL_BPM = 120.0  # where a file says nothing

Notes = NDArray[np.int64]  # N x 3: onset and length in steps, MIDI pitch; sorted by onset


@dataclass(frozen=True)
class Bar:
    """One bar: its meter ("" for one that the vocabulary lacks), onset and length in steps, beats per minute."""

    meter: str
    onset: int
    length: int
    bpm: float


@dataclass(frozen=True)
class Song:
    """Everything the lead sheet is made of."""

    name: str
    bars: tuple[Bar, ...]
    keys: tuple[tuple[int, int | None], ...]  # (onset in steps, sharps of the key signature; None: not written)
    melody: Notes  # one voice: no two notes at once
    notes: Notes  # all of them


def read(path: Path) -> Song:
    """Read a MIDI file; raises DataError for one that is broken or holds no notes."""
    return parse(path.stem, path.read_bytes())


def parse(name: str, data: bytes) -> Song:
    """Read the bytes of a MIDI file; raises DataError for one that is broken or holds no notes."""
    try:
        score = ScoreTick.from_midi(data)
    except Exception as error:  # symusic raises many kinds
        reason = " ".join(str(error).split())[:120]
        raise DataError(f"{name} cannot be read as MIDI ({reason}); take it out of the folder") from error
    if score.tpq <= 0:
        raise DataError(f"{name} counts time in video frames, not in beats; take it out of the folder")
    tracks = [(track.name, _notes(track, score.tpq)) for track in score.tracks if not track.is_drum]
    tracks = [(name, notes) for name, notes in tracks if len(notes)]
    if not tracks:
        raise DataError(f"{name} holds no notes; take it out of the folder")
    everything = _sorted(np.concatenate([notes for _, notes in tracks]))
    end = int((everything[:, 0] + everything[:, 1]).max())
    return Song(name, _bars(score, end), _keys(score), _top_line(_melody(tracks)), everything)


def _notes(track: TrackTick, resolution: int) -> Notes:
    times = np.array([(note.time, note.time + note.duration, note.pitch) for note in track.notes], np.int64)
    if not len(times):
        return np.zeros((0, 3), np.int64)
    onsets, ends = (np.rint(times[:, n] * GRID / resolution).astype(np.int64) for n in (0, 1))
    return _sorted(np.stack([onsets, np.maximum(1, ends - onsets), times[:, 2]], axis=1))


def _sorted(notes: Notes) -> Notes:
    ordered: Notes = notes[np.lexsort((notes[:, 2], notes[:, 0]))]
    return ordered


def _melody(tracks: list[tuple[str, Notes]]) -> Notes:
    """Choose the track that is sung: by its name, else the one that lies highest."""
    sung = [notes for name, notes in tracks if any(word in name.lower() for word in _SUNG)]
    if sung:
        return max(sung, key=len)
    return max((notes for _, notes in tracks), key=lambda notes: float(notes[:, 2].mean()))


def _top_line(notes: Notes) -> Notes:
    """Keep the highest of notes that begin together, and end each where the next begins."""
    last = np.append(notes[1:, 0] != notes[:-1, 0], True)  # sorted by pitch within an onset
    line: Notes = notes[last].copy()
    line[:-1, 1] = np.minimum(line[:-1, 1], np.diff(line[:, 0]))
    return line


def _keys(score: ScoreTick) -> tuple[tuple[int, int | None], ...]:
    found: list[tuple[int, int | None]] = [
        (round(one.time * GRID / score.tpq), one.key) for one in sorted(score.key_signatures, key=lambda one: one.time)
    ]
    return tuple(found) if found and found[0][0] == 0 else ((0, None), *found)


def _bars(score: ScoreTick, end: int) -> tuple[Bar, ...]:
    steps = GRID / score.tpq
    meters = [(round(one.time * steps), one.numerator, one.denominator) for one in score.time_signatures]
    if not meters or meters[0][0] > 0:
        meters.insert(0, (0, 4, 4))
    tempos = sorted((one.time * steps, one.qpm) for one in score.tempos)
    starts, speeds = np.array([at for at, _ in tempos]), [bpm for _, bpm in tempos]
    bars = []
    for (at, over, under), until in zip(meters, [*(start for start, _, _ in meters[1:]), end], strict=True):
        length = max(1, round(over * 4 * GRID / under))
        written = f"{over}/{under}"
        meter = _AS.get(written, written)
        for onset in range(at, until, length):
            place = int(np.searchsorted(starts, onset, side="right")) - 1
            whole = min(length, until - onset) if until != end else length
            known = meter if meter in METERS and whole == METERS[meter] else ""
            bars.append(Bar(known, onset, whole, speeds[place] if place >= 0 else USUAL_BPM))
    return tuple(bars)
