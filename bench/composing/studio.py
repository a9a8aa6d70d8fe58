"""The studio: pieces written, sounded and measured in several processes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]  # it has no types

from bench.composing import roll, spectrogram
from bench.composing.copying import Copied, Memory, copied
from bench.composing.piece import Order, Piece, write
from bench.composing.sounding import Samples, Sound, sound
from moodbox.music.composer.author import Author
from moodbox.music.composer.midi import write_midi
from moodbox.music.composer.sound.rack import Rack
from moodbox.music.composer.sound.sounder import RATE

SHOWN = 2  # pieces of every mood with pictures and sound
_PART = 5 * RATE  # frames given to the encoder at a time: libsndfile's Vorbis overflows its stack on whole pieces


@dataclass(frozen=True)
class Taken:
    """A piece with what was found out about it."""

    piece: Piece
    copied: Copied
    sound: Sound | None


@dataclass(frozen=True)
class Studio:
    """What every process needs: the songs' melodies, where files go, whether to sound."""

    memory: Memory
    out: Path
    sounding: bool

    def work(self, orders: Sequence[Order], jobs: int) -> Iterator[Taken]:
        """Carry out orders, in any order, in so many processes; one job stays in this process."""
        if jobs == 1:
            desk = _Desk(self)
            yield from map(desk.take, orders)
            return
        # Spawned, not forked: the runtime of the model does not survive a fork.
        with ProcessPoolExecutor(jobs, get_context("spawn"), _open, (self,)) as pool:
            for done in as_completed([pool.submit(_take, order) for order in orders]):
                yield done.result()


class _Desk:
    """One process's author and sounder."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._author = Author()
        self._rack = Rack("")

    def take(self, order: Order) -> Taken:
        piece = write(order, self._author)
        self._keep(piece)
        found = copied(self._studio.memory, piece.transcript)
        if order.number < SHOWN:
            roll.draw(piece.score, piece.transcript, self._file("rolls", f"{order.name}.png"))
        if not self._studio.sounding:
            return Taken(piece, found, None)
        samples, heard = sound(piece.score, self._rack.sounder())
        if order.number < SHOWN:
            spectrogram.draw(
                samples, f"{order.name}: {piece.score.title}", self._file("spectrograms", f"{order.name}.png")
            )
            encode(samples, self._file("audio", f"{order.name}.ogg"))
        return Taken(piece, found, heard)

    def _keep(self, piece: Piece) -> None:
        self._file("midi", piece.order.label, f"{piece.order.name}.mid").write_bytes(write_midi(piece.score))

    def _file(self, *names: str) -> Path:
        path = self._studio.out.joinpath(*names)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


_DESKS: list[_Desk] = []  # of this process


def _open(studio: Studio) -> None:
    _DESKS.append(_Desk(studio))


def _take(order: Order) -> Taken:
    return _DESKS[0].take(order)


def encode(samples: Samples, path: Path) -> None:
    """Write samples as OGG Vorbis."""
    with soundfile.SoundFile(path, "w", RATE, 2, format="OGG", subtype="VORBIS") as file:
        for start in range(0, len(samples), _PART):
            file.write(np.clip(samples[start : start + _PART], -1.0, 1.0))
