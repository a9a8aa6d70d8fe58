"""Which playlists the owner chose for which mood, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from moodbox.errors import CatalogueError
from moodbox.mood import COORDINATES
from moodbox.music.spotify.catalogue import never, playlists, points
from moodbox.store.tables import MoodPlaylistRow, PlaylistRow

_TICK = 0.001  # seconds


def chosen(session: Session, label: str) -> list[PlaylistRow]:
    """Return the playlists of a mood, in the owner's order."""
    return list(
        session.scalars(
            select(PlaylistRow)
            .join(MoodPlaylistRow, MoodPlaylistRow.playlist_uri == PlaylistRow.uri)
            .where(MoodPlaylistRow.label == label)
            .order_by(MoodPlaylistRow.position)
        )
    )


def choose(session: Session, label: str, uris: Sequence[str], now: float) -> None:
    """Set them, each once; raises CatalogueError when a playlist was never met or the mood is none."""
    if label not in COORDINATES:
        raise CatalogueError(f'"{label}" is no mood this box knows: choose one of {", ".join(COORDINATES)}')
    rows = session.scalars(select(MoodPlaylistRow).where(MoodPlaylistRow.label == label))
    played = {row.playlist_uri: row.played_at for row in rows}
    wanted = list(dict.fromkeys(uris))
    for uri in wanted:
        playlists.find(session, uri)
        points.put(session, uri, points.CHOICE, label, now)
    for uri in played.keys() - set(wanted):
        points.take_choice(session, uri, label)
    session.execute(delete(MoodPlaylistRow).where(MoodPlaylistRow.label == label))
    session.add_all(
        MoodPlaylistRow(label=label, playlist_uri=uri, position=position, played_at=played.get(uri, 0.0))
        for position, uri in enumerate(wanted)
    )


def turn(session: Session, label: str, now: float) -> PlaylistRow | None:
    """Return the playlist that was not played for longest and note that it plays; forbidden ones have no turn."""
    rows = session.scalars(
        select(MoodPlaylistRow)
        .where(MoodPlaylistRow.label == label)
        .order_by(MoodPlaylistRow.played_at, MoodPlaylistRow.position)
    ).all()
    forbidden = never.of(session, label)
    first = next((row for row in rows if row.playlist_uri not in forbidden), None)
    if first is None:
        return None
    # Never before the others: a clock that was set back must not give one playlist every turn.
    first.played_at = max(now, rows[-1].played_at + _TICK)
    return session.get_one(PlaylistRow, first.playlist_uri)
