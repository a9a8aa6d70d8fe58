"""The judge's data, and small pieces made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

pytest.importorskip("symusic", reason="the composer's report needs symusic: make setup")

from bench.composing.corpus import Corpus
from bench.composing.transcript import Heard, Transcript, table


@pytest.fixture(scope="session")
def corpus(shared_path) -> Corpus:
    """Return the songs and rated pieces of ../shared."""
    return Corpus(shared_path("data", "music"))


@pytest.fixture
def song_file(corpus, tmp_path) -> Callable[[str], Path]:
    """Return a function that takes one song out of the zip."""

    def take(name: str) -> Path:
        with ZipFile(corpus.folder / "lieder_midi.zip") as archive:
            return Path(archive.extract(f"lieder_midi/{name}.mid", tmp_path))

    return take


@pytest.fixture(scope="session")
def tune() -> Callable[..., Transcript]:
    """Return a function that makes a melody of pitches and lengths (quarters), at 120 bpm in 4/4."""

    def make(pitches, lengths=None, title="tune", late=0.0) -> Transcript:
        lengths = lengths or [1.0] * len(pitches)
        beats = np.cumsum([0.0, *lengths])[:-1]
        rng = np.random.default_rng(1)
        rows = []
        for beat, pitch, length in zip(beats, pitches, lengths, strict=True):
            at = max(0.0, beat + late * rng.uniform(-1, 1))
            rows.append(Heard(at / 2, (at + length) / 2, at, length, pitch, 80, 0))
        return Transcript(title, 120.0, 4.0, ("Melody",), table(rows), table(()))

    return make
