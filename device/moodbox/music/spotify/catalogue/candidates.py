"""Tracks that may be played for a mood, each with its place on the circle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from moodbox.mood import COORDINATES
from moodbox.music.spotify.catalogue import likes, never, points, tracks
from moodbox.music.spotify.ports import Candidate
from moodbox.store.tables import MoodPlaylistRow, PlaylistRow, PlaylistTrackRow, TrackRow


@dataclass(frozen=True, slots=True)
class _Place:
    """A playable track in an own playlist that was chosen for a mood."""

    label: str
    playlist: str
    row: TrackRow


def candidates(session: Session, label: str | None, now: float) -> list[Candidate]:
    """Return them in the owner's order, each track once; without a label those of all moods.

    A track's point is the weighted mean of its own and of those of every chosen own playlist that holds it.
    """
    places = list(_places(session))
    evidence, liked = points.all_points(session), likes.of(session)
    holders: dict[str, dict[str, None]] = {}  # of a track: playlists, each once however many moods have it
    for place in places:
        holders.setdefault(place.row.uri, {})[place.playlist] = None
    found: dict[str, Candidate] = {}
    for place in _allowed(session, places, label):
        uri = place.row.uri
        if uri in found:
            continue
        point = points.mean(point for subject in (uri, *holders[uri]) for point in evidence.get(subject, ()))
        if point is not None:
            track = tracks.value(place.row, now)
            found[uri] = Candidate(track, point.valence, point.arousal, point.weight, place.playlist, uri in liked)
    return list(found.values())


def _places(session: Session) -> Iterator[_Place]:
    """Find every place of a playable track in an own mood playlist: by mood, the owner's order, and the playlist's."""
    query = (
        select(MoodPlaylistRow.label, PlaylistRow.uri, TrackRow)
        .join(PlaylistRow, PlaylistRow.uri == MoodPlaylistRow.playlist_uri)
        .join(PlaylistTrackRow, PlaylistTrackRow.playlist_uri == PlaylistRow.uri)
        .join(TrackRow, TrackRow.uri == PlaylistTrackRow.track_uri)
        .where(PlaylistRow.owned, TrackRow.playable)
        .order_by(MoodPlaylistRow.label, MoodPlaylistRow.position, PlaylistTrackRow.position)
    )
    return (_Place(label, playlist, row) for label, playlist, row in session.execute(query))


def _allowed(session: Session, places: list[_Place], label: str | None) -> Iterator[_Place]:
    """Leave out other moods, and what must not play for the mood that a place belongs to."""
    forbidden = {name: never.of(session, name) for name in COORDINATES}
    for place in places:
        if label in (None, place.label):
            artists = [artist["uri"] for artist in place.row.artists]
            if not never.hits(forbidden.get(place.label, ()), place.row.uri, artists, place.playlist):
                yield place
