"""Playlists that the box has met."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from moodbox.errors import CatalogueError
from moodbox.music.spotify.catalogue.covers import PLAYLIST_LIFE, fresh
from moodbox.music.spotify.catalogue.text import storable
from moodbox.music.spotify.values import Playlist
from moodbox.store.tables import PlaylistRow

_OWN = ("library", "made")  # origins that say: it is in the account


def meet(session: Session, playlists: Sequence[Playlist], origin: str, now: float, *, whole_library: bool) -> None:
    """Remember playlists; with `whole_library` those not among them are no longer listed."""
    if whole_library:
        session.execute(update(PlaylistRow).values(listed=False))
    for playlist in playlists:
        row = session.get(PlaylistRow, playlist.uri)
        if row is None:
            row = _new_row(playlist, origin)
            session.add(row)
        _update(row, playlist, now)
        row.listed = row.listed or origin in _OWN


def library(session: Session, now: float) -> list[Playlist]:
    """Return what is listed, by name."""
    rows = session.scalars(select(PlaylistRow).where(PlaylistRow.listed))
    return sorted((value(row, now) for row in rows), key=lambda playlist: (playlist.name.casefold(), playlist.uri))


def find(session: Session, uri: str) -> PlaylistRow:
    """Return the row of a playlist; raises CatalogueError when it was never met."""
    row = session.get(PlaylistRow, uri)
    if row is None:
        raise CatalogueError(f"The box does not know {uri}: search for that playlist first, or paste its link")
    return row


def value(row: PlaylistRow, now: float) -> Playlist:
    """Make the value of a row."""
    return Playlist(
        uri=row.uri,
        name=row.name,
        owner=row.owner,
        owned=row.owned,
        total=row.total,
        cover=fresh(row.cover, row.cover_expires_at, now, PLAYLIST_LIFE),
        snapshot=row.snapshot,
        description=row.description,
    )


def _new_row(playlist: Playlist, origin: str) -> PlaylistRow:
    return PlaylistRow(
        uri=playlist.uri,
        origin=origin,  # stays: where it was met first
        total=None,
        cover="",
        cover_expires_at=0.0,
        snapshot="",
        description="",
        listed=False,
        read_snapshot="",
    )


def _update(row: PlaylistRow, playlist: Playlist, now: float) -> None:
    """Take over what an answer says; what it leaves out (a search says less than a library) stays as it was."""
    row.name, row.owner, row.owned = storable(playlist.name), storable(playlist.owner), playlist.owned
    row.snapshot = playlist.snapshot or row.snapshot
    row.description = storable(playlist.description) or row.description
    row.seen_at = now
    if playlist.total is not None:
        row.total = playlist.total
    if playlist.cover:
        row.cover, row.cover_expires_at = playlist.cover, now + PLAYLIST_LIFE
