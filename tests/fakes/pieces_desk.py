"""A shelf without a disk: it keeps pieces, counts its files' bodies, and refuses what the real one refuses."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

from moodbox.errors import MoodboxError, StorageError
from moodbox.events import Piece, Problem
from moodbox.mood import COORDINATES
from moodbox.page.pieces.desk import FORMS, Download, KeptPiece, Shelf

NOON = 1_795_262_400.0  # Saturday 21 November 2026, 12:00 UTC
HOUR, DAY = 3600.0, 86_400.0
TITLES = ("Distant Shore", "Bright Morning", "Slow Rain", "Iron Gate", "Paper Lantern", "Still Water", "Sudden Snow")
TYPES = {"wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}
CHUNK = 10_000  # bytes


def key_of(number: int) -> str:
    """Make a key that looks like a fingerprint."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def kept(number: int, **more: object) -> KeptPiece:
    """Make a piece; every mood comes by in turn."""
    label = list(COORDINATES)[number % len(COORDINATES)]
    usual = {
        "title": f"{TITLES[number % len(TITLES)]}, in {'CDEFGAB'[number % 7]} {'major' if number % 2 else 'minor'}",
        "composer": "rules" if number % 5 == 4 else "lstm 2026.11.1",
        "made_at": NOON - number * 5 * HOUR,
        "liked": number % 4 == 1,
        "seconds": 64.0 + 7 * number % 110,
        "plays": 1 + number % 3,
    }
    valence, arousal = COORDINATES[label]
    given = {"label": label, "valence": valence, "arousal": arousal, **usual, **more}
    return KeptPiece(key=key_of(number), played_at=float(given["made_at"]) + 60.0, **given)


class FakePiecesDesk:
    """Keep pieces in memory, newest first. `bodies` counts the files that are being sent."""

    def __init__(self, count: int = 0, limit: int = 2_000_000_000) -> None:
        self.kept = [kept(number) for number in range(count)]
        self.limit = limit
        self.problem: Problem | None = None
        self.failure: MoodboxError | None = None  # raised by everything
        self.silent = False  # the sound cannot be made again
        self.asked: list[tuple[object, ...]] = []
        self.chunks = 20  # of every sound
        self.bodies = 0
        self.changed = threading.Condition()

    # --- what tests do to it --------------------------------------------------------------------------------

    def add(self, piece: KeptPiece) -> KeptPiece:
        """Keep one more piece: the newest."""
        self.kept.insert(0, piece)
        return piece

    def piece(self, number: int) -> Piece:
        """Return a kept piece as the player shows it."""
        piece = next(each for each in self.kept if each.key == key_of(number))
        return Piece(piece.key, piece.title, piece.label, piece.seconds, piece.composer)

    def all_closed(self, seconds: float) -> bool:
        """Wait until no file is being sent; False when that takes longer."""
        with self.changed:
            return self.changed.wait_for(lambda: self.bodies == 0, seconds)

    # --- what the page does ---------------------------------------------------------------------------------

    def shelf(self, *, label: str = "", liked: bool = False, first: int = 0, count: int = 50) -> Shelf:
        self._ask("shelf", label, liked, first, count)
        fitting = [each for each in self.kept if label in ("", each.label) and (each.liked or not liked)]
        size = sum(int(each.seconds * 176_400) for each in self.kept)
        shown = tuple(fitting[first : first + count])
        return Shelf(shown, len(fitting), len(self.kept), size, self.limit, self.problem)

    def find(self, key: str) -> KeptPiece | None:
        self._ask("find", key)
        return next((each for each in self.kept if each.key == key), None)

    def like(self, key: str, *, liked: bool) -> None:
        self._ask("like", key, liked)
        self.kept = [replace(each, liked=liked) if each.key == key else each for each in self.kept]

    def delete(self, key: str) -> None:
        self._ask("delete", key)
        self.kept = [each for each in self.kept if each.key != key]

    def midi(self, key: str) -> Download:
        self._ask("midi", key)
        name = f"{self._title(key)}.mid"
        return Download(name, "audio/midi", self._body([b"MThd" + key.encode()]), 20)

    def audio(self, key: str, form: str) -> Download:
        self._ask("audio", key, form)
        assert form in FORMS
        name = f"{self._title(key)}.{form}"
        return Download(name, TYPES[form], self._body(bytes(CHUNK) for _ in range(self.chunks)))

    def _title(self, key: str) -> str:
        piece = next((each for each in self.kept if each.key == key), None)
        if piece is None:
            raise StorageError("This piece is not kept any more: load the page again")
        return piece.title

    def _body(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        self._count(1)
        try:
            if self.silent:
                raise StorageError("The disk is full: delete some pieces")
            yield from chunks
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self.changed:
            self.bodies += more
            self.changed.notify_all()

    def _ask(self, *question: object) -> None:
        self.asked.append(question)
        if self.failure:
            raise self.failure
