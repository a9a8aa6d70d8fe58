"""Which of the owner's playlists might fit a mood, judged by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from moodbox.mood import COORDINATES
from moodbox.music.spotify.made.words import ANY, WORDS
from moodbox.music.spotify.values import Playlist

MOST = 3  # for one mood


def suggestions(playlists: Sequence[Playlist], language: str) -> dict[str, list[Playlist]]:
    """Return for each mood the first playlists whose names hold one of its words."""
    return {label: _fitting(playlists, _words(label, language)) for label in COORDINATES}


def _words(label: str, language: str) -> set[str]:
    return {
        word.casefold() for word in (label, *ANY[label], *WORDS["en"][label], *WORDS.get(language, {}).get(label, ()))
    }


def _fitting(playlists: Sequence[Playlist], words: Iterable[str]) -> list[Playlist]:
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(words)))
    return [playlist for playlist in playlists if pattern.search(playlist.name.casefold())][:MOST]
