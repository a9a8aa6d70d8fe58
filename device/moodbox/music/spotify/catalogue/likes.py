"""What the owner liked here, and which mood's music played then."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from moodbox.mood import COORDINATES
from moodbox.music.spotify.catalogue import points, tracks
from moodbox.music.spotify.values import Track
from moodbox.store.tables import LikeRow


def like(session: Session, track: Track, label: str, now: float) -> None:
    """Note a like; a mood gives the track a point, no mood ("") gives none."""
    tracks.meet(session, [track], "liked", now)
    session.merge(LikeRow(track_uri=track.uri, label=label, liked_at=now))
    if label in COORDINATES:
        points.put(session, track.uri, points.LIKE, label, now)


def unlike(session: Session, uri: str) -> None:
    """Take it back, with the points it gave."""
    session.execute(delete(LikeRow).where(LikeRow.track_uri == uri))
    points.take_likes(session, uri)


def of(session: Session) -> dict[str, str]:
    """Return {track uri: mood label}, the oldest first."""
    rows = session.scalars(select(LikeRow).order_by(LikeRow.liked_at, LikeRow.track_uri))
    return {row.track_uri: row.label for row in rows}
