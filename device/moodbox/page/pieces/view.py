"""The page's view of the kept pieces: plain values and finished words, for the templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from moodbox.events import Playback, Sounding
from moodbox.mood import COORDINATES
from moodbox.page.pieces import sentences
from moodbox.page.pieces.desk import KeptPiece, Shelf
from moodbox.page.pieces.question import LIKED, Question
from moodbox.page.sentences import adjective, composer_words

View = dict[str, Any]
KEY = "[0-9a-f]{16}"


@dataclass(frozen=True, slots=True)
class Almanac:
    """What time it is, and where."""

    clock: Callable[[], float]
    zone: tzinfo | None = field(default=None)


def sounding_key(playback: Playback) -> str:
    """Return the key of the piece of the box's own that plays or is paused; "" for any other music."""
    piece = playback.piece
    if piece is None or playback.sounding not in (Sounding.PLAYING, Sounding.PAUSED):
        return ""
    return piece.key if re.fullmatch(KEY, piece.key) else ""


def filters(asked: Question) -> list[View]:
    """List what may be shown, each with its address."""
    shows = [("", "All"), (LIKED, "Liked"), *((label, adjective(label).capitalize()) for label in COORDINATES)]
    return [
        {"show": show, "word": word, "query": Question(show).query, "chosen": show == asked.show}
        for show, word in shows
    ]


def shelf_view(shelf: Shelf, asked: Question, playback: Playback, almanac: Almanac) -> View:
    """Lay out a list of pieces."""
    now, key = almanac.clock(), sounding_key(playback)
    return {
        "rows": [_row(piece, now, almanac.zone, playback if piece.key == key else None) for piece in shelf.pieces],
        "total": shelf.total,
        "shown": _shown_words(shelf, asked),
        "more": asked.more if len(shelf.pieces) < shelf.matching and asked.more != asked else None,
        "space": sentences.space_words(shelf),
        "part": min(1.0, shelf.size / shelf.limit) if shelf.limit > 0 else 1.0,
        "none": sentences.none_words(asked.show),
        "problem": shelf.problem,
    }


def _shown_words(shelf: Shelf, asked: Question) -> str:
    said = sentences.count_words(shelf.matching)
    if asked.show:
        said = f"{said} {'liked' if asked.show == LIKED else f'for {adjective(asked.show)}'}"
    return said if len(shelf.pieces) >= shelf.matching else f"{len(shelf.pieces)} of {said}"


def _row(piece: KeptPiece, now: float, zone: tzinfo | None, playback: Playback | None) -> View:
    made = sentences.local(piece.made_at, zone)
    return {
        "key": piece.key,
        "title": piece.title or "A piece without a name",
        "label": piece.label if piece.label in COORDINATES else "neutral",
        "mood": adjective(piece.label).capitalize(),
        "when": sentences.moment_words(piece.made_at, now, zone),
        "datetime": made.isoformat(timespec="seconds") if made else "",
        "length": sentences.length_words(piece.seconds),
        "spoken": sentences.length_spoken(piece.seconds),
        "by": composer_words(piece.composer),
        "origin": piece.composer,
        "plays": sentences.plays_words(piece.plays),
        "liked": piece.liked,
        "live": "" if playback is None else "Paused" if playback.sounding is Sounding.PAUSED else "Plays now",
    }
