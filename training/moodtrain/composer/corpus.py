"""The corpus: the lead sheets of many songs as tokens with a condition each, split into songs to learn and to test."""

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from moodtrain.composer import condition, files, sheet, song
from moodtrain.composer.files import SPLITS, File
from moodtrain.composer.vocabulary import TOKEN
from moodtrain.errors import DataError

_VERSION = 1  # of the way tokens are made; another one makes the cache void
# What a cache that was cut short or is another file breaks with.
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Piece:
    """One piece of a song: T tokens from start to end, and the raw condition of each."""

    song: str
    split: str
    tokens: NDArray[np.int64]  # T
    conditions: NDArray[np.float32]  # T x 4


@dataclass(frozen=True)
class Corpus:
    """All pieces; `digest` names what they were made of."""

    pieces: tuple[Piece, ...]
    digest: str
    broken: tuple[str, ...] = ()  # a sentence for each file that could not be read
    sources: dict[str, str] = field(default_factory=dict)  # song: the folder or zip it lay in

    def split(self, name: str) -> tuple[Piece, ...]:
        """Return the pieces of train, val or test."""
        return tuple(piece for piece in self.pieces if piece.split == name)

    def of(self, source: str, split: str) -> tuple[Piece, ...]:
        """Return the pieces of one split that come from one source."""
        return tuple(piece for piece in self.split(split) if self.sources.get(piece.song) == source)


def read(sources: Iterable[Path], cache: Path | None = None) -> Corpus:
    """Read folders of MIDI files, or zips of them; raises DataError. A cache file makes the second time quick."""
    found = files.read(sources)
    made_of, lay_in = digest(found), {file.name: file.source for file in found}
    if cache is not None and (kept := _kept(cache, made_of)) is not None:
        return Corpus(*kept, lay_in)
    broken: list[str] = []
    pieces = tuple(piece for file, _, written in sheets(found, broken) for piece in pieces_of(file, written))
    if not pieces:
        why = f"; the first: {broken[0]}" if broken else ""
        raise DataError(f"none of the {len(found)} MIDI files holds a tune that can be learnt{why}")
    corpus = Corpus(pieces, made_of, tuple(broken), lay_in)
    if cache is not None:
        _keep(cache, corpus)
    return corpus


def digest(found: Sequence[File]) -> str:
    """Return what names some files, their splits and the way they are read."""
    told = [(file.name, file.split, sha256(file.data).hexdigest()) for file in found]
    return "sha256:" + sha256(repr((_VERSION, told)).encode()).hexdigest()


def sheets(found: Sequence[File], broken: list[str]) -> Iterator[tuple[File, song.Song, sheet.Sheet]]:
    """Write the lead sheet of every file behind a progress bar; what cannot be read adds a sentence to `broken`."""
    for file in tqdm(found, desc="reading MIDI", mininterval=2, leave=False):
        try:
            told = song.parse(file.name, file.data)
        except DataError as error:
            broken.append(str(error))
        else:
            yield file, told, sheet.write(told)


def pieces_of(file: File, written: sheet.Sheet) -> list[Piece]:
    """Return the pieces of a lead sheet as tokens and conditions."""
    return [_piece(file.name, file.split, bars) for bars in written.pieces]


def _piece(name: str, split: str, bars: tuple[sheet.SheetBar, ...]) -> Piece:
    rows = condition.conditions(bars)
    tokens = [TOKEN["start"], *(token for bar in bars for token in bar.tokens), TOKEN["end"]]
    lengths = [len(bar.tokens) for bar in bars]
    lengths[0] += 1
    lengths[-1] += 1
    return Piece(name, split, np.array(tokens, np.int64), np.repeat(rows, lengths, axis=0))


def _keep(cache: Path, corpus: Corpus) -> None:
    """Write beside and rename, so that a pulled plug never leaves half a cache."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    pieces = corpus.pieces
    beside = cache.with_suffix(".part")
    with beside.open("wb") as file:
        np.savez_compressed(
            file,
            digest=corpus.digest,
            songs=[piece.song for piece in pieces],
            splits=[piece.split for piece in pieces],
            lengths=[len(piece.tokens) for piece in pieces],
            tokens=np.concatenate([piece.tokens for piece in pieces]).astype(np.uint8),
            conditions=np.concatenate([piece.conditions for piece in pieces]),
            broken=np.array(corpus.broken, np.str_),
        )
    beside.replace(cache)


def _kept(cache: Path, made_of: str) -> tuple[tuple[Piece, ...], str, tuple[str, ...]] | None:
    """Return what a cache holds of these very files; None when it is of others, damaged or not there."""
    if not cache.exists():
        return None
    try:
        with cache.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return _pieces(kept, made_of)
    except _DAMAGE:
        return None  # it is only a cache: read again


def _pieces(kept: Any, made_of: str) -> tuple[tuple[Piece, ...], str, tuple[str, ...]] | None:
    if str(kept["digest"]) != made_of:
        return None
    ends = np.cumsum(kept["lengths"])[:-1]
    tokens, rows = np.split(kept["tokens"].astype(np.int64), ends), np.split(kept["conditions"], ends)
    names, splits = kept["songs"].tolist(), kept["splits"].tolist()
    broken = tuple(kept["broken"].tolist()) if "broken" in kept else ()  # the first caches knew no broken files
    return tuple(Piece(*one) for one in zip(names, splits, tokens, rows, strict=True)), made_of, broken


def counts(corpus: Corpus) -> dict[str, Counter[str]]:
    """Count songs, pieces and tokens of every split."""
    found: dict[str, Counter[str]] = {}
    for name in SPLITS:
        pieces = corpus.split(name)
        songs = len({piece.song for piece in pieces})
        tokens = sum(len(piece.tokens) for piece in pieces)
        found[name] = Counter(songs=songs, pieces=len(pieces), tokens=tokens)
    return found
