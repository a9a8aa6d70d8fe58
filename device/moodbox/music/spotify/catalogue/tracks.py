"""Tracks that the box has met, and which own playlist holds them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from moodbox.music.spotify.catalogue import playlists
from moodbox.music.spotify.catalogue.covers import TRACK_LIFE, fresh
from moodbox.music.spotify.catalogue.text import storable
from moodbox.music.spotify.values import Artist, Track
from moodbox.store.tables import PlaylistTrackRow, TrackRow


def meet(session: Session, tracks: Sequence[Track], origin: str, now: float) -> None:
    """Remember tracks; where one was met first stays."""
    found = session.scalars(select(TrackRow).where(TrackRow.uri.in_([track.uri for track in tracks])))
    known = {row.uri: row for row in found}
    for track in tracks:
        if track.uri not in known:
            known[track.uri] = TrackRow(uri=track.uri, origin=origin, cover="", cover_expires_at=0.0)
            session.add(known[track.uri])
        _update(known[track.uri], track, now)
    session.flush()  # so that other rows may name them at once


def fill(session: Session, playlist_uri: str, tracks: Sequence[Track], snapshot: str, now: float) -> None:
    """Make these the playlist's tracks, as of a snapshot; raises CatalogueError when the playlist was never met."""
    playlists.find(session, playlist_uri).read_snapshot = snapshot
    meet(session, tracks, "playlist", now)
    session.execute(delete(PlaylistTrackRow).where(PlaylistTrackRow.playlist_uri == playlist_uri))
    session.add_all(
        PlaylistTrackRow(playlist_uri=playlist_uri, position=position, track_uri=track.uri)
        for position, track in enumerate(tracks)
    )


def inside(session: Session, playlist_uri: str, now: float) -> list[Track]:
    """Return the known tracks of a playlist, in order."""
    rows = session.scalars(
        select(TrackRow)
        .join(PlaylistTrackRow, PlaylistTrackRow.track_uri == TrackRow.uri)
        .where(PlaylistTrackRow.playlist_uri == playlist_uri)
        .order_by(PlaylistTrackRow.position)
    )
    return [value(row, now) for row in rows]


def value(row: TrackRow, now: float) -> Track:
    """Make the value of a row."""
    return Track(
        uri=row.uri,
        title=row.title,
        artists=tuple(Artist(artist["uri"], artist["name"]) for artist in row.artists),
        album=row.album,
        cover=fresh(row.cover, row.cover_expires_at, now, TRACK_LIFE),
        seconds=row.seconds,
        playable=row.playable,
    )


def _update(row: TrackRow, track: Track, now: float) -> None:
    row.title, row.album = storable(track.title), storable(track.album)
    row.artists = [{"uri": artist.uri, "name": storable(artist.name)} for artist in track.artists]
    row.seconds, row.playable, row.seen_at = track.seconds, track.playable, now
    if track.cover:
        row.cover, row.cover_expires_at = track.cover, now + TRACK_LIFE
