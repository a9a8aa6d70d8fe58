"""How long the address of a picture may be used."""

from __future__ import annotations

PLAYLIST_LIFE = 20 * 3600.0  # seconds; Spotify lets them expire within a day
TRACK_LIFE = 30 * 86_400.0  # seconds; those of albums stay, but nothing promises it


def fresh(cover: str, expires_at: float, now: float, life: float) -> str:
    """Return the address, "" once it is over. One that would live longer than any was met by a wrong clock."""
    return cover if now < expires_at <= now + life else ""
