"""How a playlist of the box's own is named and found again."""

from __future__ import annotations

import base64
import re
import secrets

from moodbox.music.spotify.values import Playlist

_BYTES = 10  # 80 random bits: nobody else's description holds them
_OURS = re.compile(r"Made by Moodbox\W.*?\b([a-z2-7]{16})\b")


def new_mark() -> str:
    """Make a mark for one playlist: 16 letters and digits that survive every way of writing them."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()


def title(kind: str) -> str:
    """Name a playlist of a kind; the owner may rename it."""
    return f"Moodbox: {kind}"


def description(mark: str) -> str:
    """Write the description that a playlist is found by."""
    return f"Made by Moodbox · {mark}"


def bears(playlist: Playlist, mark: str) -> bool:
    """Say whether a playlist holds the mark; only the mark counts, for Spotify escapes what stands around it."""
    return playlist.owned and mark in playlist.description


def earlier_mark(playlist: Playlist, kind: str) -> str:
    """Return the mark of a playlist that the box made in an earlier life, "" when it is none.

    A disconnect forgets every mark. After signing in again the old playlist is used, not a second one made.
    """
    found = _OURS.search(playlist.description) if playlist.owned and playlist.name == title(kind) else None
    return found.group(1) if found else ""
