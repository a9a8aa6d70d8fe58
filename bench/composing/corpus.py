"""The songs and quartets of ../shared/data/music, read straight from their zips: what the composer learnt from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import symusic

from bench.composing.transcript import Heard, Numbers, Transcript, table
from moodtrain.errors import MoodtrainError

USUAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "music"
FILES = (
    "vgmidi_eval_features.csv", "lieder_index.csv", "lieder_midi.zip", "quartet_index.csv", "quartet_midi.zip",
)  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """The folder of the data."""

    folder: Path

    def check(self) -> None:
        """Raise MoodtrainError when a file is missing."""
        missing = [name for name in FILES if not (self.folder / name).is_file()]
        if missing:
            raise MoodtrainError(
                f"The judge's data is not in {self.folder} ({missing[0]} is missing): say where it is with --music"
            )

    def rows(self, name: str) -> list[dict[str, str]]:
        """Read one of the tables."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def title(self, name: str) -> str:
        """Say whose song an id is."""
        for row in (*self.rows("lieder_index.csv"), *self.rows("quartet_index.csv")):
            if row["id"] == name:
                return f"{row['composer']}: {row['title']} ({name})"
        return name

    def songs(self, *splits: str) -> Iterator[tuple[str, Transcript]]:
        """Read the Lieder of some splits (train, val, test), or all of them, with their ids."""
        wanted = [row["id"] for row in self.rows("lieder_index.csv") if not splits or row["split"] in splits]
        yield from self._read("lieder_midi", wanted)

    def quartets(self) -> Iterator[tuple[str, Transcript]]:
        """Read all quartets with their ids."""
        yield from self._read("quartet_midi", [row["id"] for row in self.rows("quartet_index.csv")])

    def _read(self, name: str, wanted: list[str]) -> Iterator[tuple[str, Transcript]]:
        with ZipFile(self.folder / f"{name}.zip") as archive:
            for each in wanted:
                yield each, _transcript(each, archive.read(f"{name}/{each}.mid"))


def _transcript(title: str, data: bytes) -> Transcript:
    """Read quickly with symusic, which keeps ticks and seconds apart: one reading for each."""
    ticks: Any = symusic.Score.from_midi(data)  # its types say less than it can do
    seconds = ticks.to("second")
    pairs = list(zip(ticks.tracks, seconds.tracks, strict=True))
    rows = [
        _rows(index, beats.notes.numpy(), times.notes.numpy(), ticks.tpq) for index, (beats, times) in enumerate(pairs)
    ]
    notes = np.concatenate([table(()), *rows])
    signs = ticks.time_signatures
    bar = 4.0 * signs[0].numerator / signs[0].denominator if len(signs) else 4.0
    bpm = float(ticks.tempos[0].qpm) if len(ticks.tempos) else 120.0
    names = tuple(track.name for track in ticks.tracks)
    return Transcript(title, bpm, bar, names, notes[np.lexsort((notes[:, 4], notes[:, 0]))], table(()))


def _rows(index: int, beats: dict[str, Numbers], times: dict[str, Numbers], quarter: int) -> Numbers:
    rows = np.zeros((len(beats["time"]), len(Heard._fields)))
    rows[:, 0] = times["time"]
    rows[:, 1] = times["time"] + times["duration"]
    rows[:, 2] = beats["time"] / quarter
    rows[:, 3] = beats["duration"] / quarter
    rows[:, 4] = beats["pitch"]
    rows[:, 5] = beats["velocity"]
    rows[:, 6] = index
    return rows
