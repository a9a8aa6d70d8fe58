"""Playlists as people paste them: a link of the app, a URI, or the bare id."""

from __future__ import annotations

import re

from moodbox.errors import LinkError

_PATTERNS = (
    re.compile(r"spotify:playlist:([A-Za-z0-9]{22})\Z"),
    re.compile(
        r"https?://open\.spotify\.com/(?:intl-[a-z]{2}(?:-[a-z]{2})?/)?playlist/([A-Za-z0-9]{22})(?:[/?#].*)?\Z"
    ),
    re.compile(r"([A-Za-z0-9]{22})\Z"),
)
_OTHERS = re.compile(r"(?:spotify:|open\.spotify\.com/(?:intl-[a-z-]+/)?)(album|artist|track|show|episode|user)\b")


def playlist_id(pasted: str) -> str:
    """Read the playlist's id out of what was pasted; raises LinkError with a sentence for the visitor."""
    text = pasted.strip().strip("<>\"'")
    for pattern in _PATTERNS:
        found = pattern.match(text)
        if found:
            return found.group(1)
    other = _OTHERS.search(text)
    if other:
        raise LinkError(f"That is the link of a Spotify {other.group(1)}: paste the link of a playlist instead")
    raise LinkError("That is no link of a Spotify playlist: in Spotify choose Share, then Copy link to playlist")
