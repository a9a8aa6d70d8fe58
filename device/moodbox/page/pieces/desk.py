"""What the page may see and touch of the kept pieces: `music.composer.library.Library` is the real one.

Nothing here waits for the composer; every method raises MoodboxError, whose sentence is for the visitor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from moodbox.events import Problem

FORMS = ("wav", "flac", "ogg")  # of audio that can be downloaded


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """A piece the box wrote and kept."""

    key: str  # sixteen hex digits, see `Score.fingerprint`
    title: str
    label: str  # the mood it was written for
    valence: float  # -1..1
    arousal: float  # -1..1
    seconds: float
    composer: str  # `Score.origin`
    made_at: float  # Unix time
    played_at: float  # Unix time of the last playing
    plays: int
    liked: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of what is kept, newest first, and how much there is."""

    pieces: tuple[KeptPiece, ...]
    matching: int  # pieces that fit the question, of which `pieces` is a part
    total: int  # pieces kept
    size: int  # bytes that they and their sound take on disk
    limit: int  # bytes they may take
    problem: Problem | None = None  # why nothing can be kept now


@dataclass(frozen=True, slots=True)
class Download:
    """A file for the visitor; `size` in bytes where it is known beforehand."""

    name: str  # "Distant Shore, in A minor.flac": letters, digits, spaces, commas and dots only
    mimetype: str
    body: Iterator[bytes]
    size: int | None = None


class PiecesDesk(Protocol):
    """The kept pieces as the page sees them."""

    def shelf(self, *, label: str = "", liked: bool = False, first: int = 0, count: int = 50) -> Shelf:
        """List pieces, newest first, those of one mood or those liked if asked, from the `first`th on."""

    def find(self, key: str) -> KeptPiece | None:
        """Return one piece; None when it is not kept (any more)."""

    def like(self, key: str, *, liked: bool) -> None:
        """Like a piece, or not any more; liked ones are the last to make way."""

    def delete(self, key: str) -> None:
        """Delete a piece with its sound; the piece that plays now plays on from memory."""

    def midi(self, key: str) -> Download:
        """Return its MIDI file."""

    def audio(self, key: str, form: str) -> Download:
        """Return its sound in one of FORMS; sounded again from the MIDI when it is not there any more."""
