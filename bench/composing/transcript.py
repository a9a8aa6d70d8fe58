"""A transcript: every note of a piece in seconds and in quarters, whoever wrote it. All judges read nothing else."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import mido  # type: ignore[import-untyped]  # it has no stubs
import numpy as np
import numpy.typing as npt

from moodbox.music.composer.score import Score
from moodtrain.errors import MoodtrainError

DRUM_CHANNEL = 9
USUAL_BPM = 120.0  # what MIDI means where no tempo is written

Numbers = npt.NDArray[np.float64]


class Heard(NamedTuple):
    """One note: seconds, then quarters, MIDI's pitch and velocity, and the index of its part."""

    start: float
    end: float
    beat: float
    length: float
    pitch: int
    velocity: int
    part: int


@dataclass(frozen=True, eq=False)
class Transcript:
    """A piece as rows of `Heard`, shape (notes, 7), in order of their start. `bpm` is the first tempo."""

    title: str
    bpm: float
    bar: float  # quarters in a bar of the first meter
    parts: tuple[str, ...]
    notes: Numbers  # of everything with a pitch
    drums: Numbers

    def part(self, name: str) -> Numbers:
        """Return the pitched notes of the parts of a name."""
        wanted = [index for index, part in enumerate(self.parts) if part == name]
        return self.notes[np.isin(self.notes[:, 6], wanted)]


def table(rows: Iterable[Heard]) -> Numbers:
    """Put notes in order of their start into an array, also when there are none."""
    return np.array(sorted(rows), np.float64).reshape(-1, len(Heard._fields))


def of_score(score: Score) -> Transcript:
    """Transcribe a piece of ours; its beats are quarters."""
    pitched: list[Heard] = []
    drums: list[Heard] = []
    for index, part in enumerate(score.parts):
        for note in part.notes:
            end = note.start + note.length
            times = score.seconds_at(note.start), score.seconds_at(end), note.start, note.length
            (drums if part.drums else pitched).append(Heard(*times, note.pitch, note.velocity, index))
    names = tuple(part.name for part in score.parts)
    return Transcript(score.title, score.tempo[0][1], float(score.meter), names, table(pitched), table(drums))


def read_midi(path: Path) -> Transcript:
    """Transcribe a MIDI file under its tempo map; raises MoodtrainError for what is none."""
    try:
        file = mido.MidiFile(path)
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise MoodtrainError(f"{path} cannot be read as MIDI ({error}): replace it or take it away") from error
    clock = _Clock(file)
    heard: tuple[list[Heard], list[Heard]] = ([], [])
    for index, track in enumerate(file.tracks):
        for note, channel in _notes(track, index, clock):
            heard[channel == DRUM_CHANNEL].append(note)
    names = tuple(track.name for track in file.tracks)
    return Transcript(path.stem, clock.bpm, _bar(file), names, table(heard[0]), table(heard[1]))


def _bar(file: mido.MidiFile) -> float:
    """Return the quarters in a bar of the first meter; 4 where none is written."""
    signs: Iterable[Any] = (message for track in file.tracks for message in track if message.type == "time_signature")
    first = next(iter(signs), None)
    return 4.0 if first is None else 4.0 * float(first.numerator) / float(first.denominator)


class _Clock:
    """Ticks to seconds and quarters."""

    def __init__(self, file: mido.MidiFile) -> None:
        self._per_quarter = max(1, file.ticks_per_beat)
        changes = sorted(_tempos(file), key=lambda each: each[0])
        self.bpm = float(mido.tempo2bpm(changes[0][1])) if changes else USUAL_BPM
        if not changes or changes[0][0] > 0:
            changes.insert(0, (0, round(60e6 / USUAL_BPM)))
        self._ticks = np.array([tick for tick, _ in changes])
        self._rates = np.array([tempo for _, tempo in changes]) / 1e6 / self._per_quarter  # seconds a tick
        self._times = np.concatenate(([0.0], np.cumsum(np.diff(self._ticks) * self._rates[:-1])))

    def seconds(self, tick: int) -> float:
        at = int(np.searchsorted(self._ticks, tick, "right")) - 1
        return float(self._times[at] + (tick - self._ticks[at]) * self._rates[at])

    def quarters(self, tick: int) -> float:
        return float(tick / self._per_quarter)


def _tempos(file: mido.MidiFile) -> Iterable[tuple[int, int]]:
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                yield tick, message.tempo


def _notes(track: mido.MidiTrack, index: int, clock: _Clock) -> Iterable[tuple[Heard, int]]:
    """Pair starts with ends, the oldest first, and tell the channel; a note without an end is left out."""
    waiting: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
    tick = 0
    for message in track:
        tick += message.time
        if message.type not in {"note_on", "note_off"}:
            continue
        struck = waiting[message.channel, message.note]
        if message.type == "note_on" and message.velocity > 0:
            struck.append((tick, message.velocity))
        elif struck:
            start, velocity = struck.popleft()
            times = clock.seconds(start), clock.seconds(tick), clock.quarters(start), clock.quarters(tick - start)
            yield Heard(*times, message.note, velocity, index), message.channel
