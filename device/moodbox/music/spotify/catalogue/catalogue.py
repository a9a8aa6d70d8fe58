"""The catalogue: what the box knows of the owner's music. Every call is one short transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import delete

from moodbox.music.spotify.catalogue import candidates, likes, moods, never, preferences
from moodbox.music.spotify.catalogue import made as known_made
from moodbox.music.spotify.catalogue import playlists as known_playlists
from moodbox.music.spotify.catalogue import tracks as known_tracks
from moodbox.music.spotify.ports import Candidate, Made
from moodbox.music.spotify.values import Playlist, Preferences, Track
from moodbox.store.database import Database
from moodbox.store.tables import (
    Base,
    LikeRow,
    MadeRow,
    MoodPlaylistRow,
    NeverRow,
    PlaylistRow,
    PlaylistTrackRow,
    PointRow,
    TrackRow,
)

# What came from Spotify or speaks of it; rows that name others first.
_FROM_SPOTIFY: tuple[type[Base], ...] = (
    LikeRow,
    MoodPlaylistRow,
    PlaylistTrackRow,
    PlaylistRow,
    TrackRow,
    NeverRow,
    PointRow,
    MadeRow,
)


class Catalogue:
    """The catalogue in the database; implements `ports.Shelf`. Raises StorageError when it cannot be read or written.

    Any thread may call it, and another process may have a catalogue over the same file.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    # --- preferences ----------------------------------------------------------------------------------------

    def preferences(self) -> Preferences:
        """Return what the owner chose."""
        with self._database.reading() as session:
            return preferences.read(session)

    def prefer(self, **changes: object) -> Preferences:
        """Change fields by name and return all; raises TypeError or ValueError for what is no field or value."""
        with self._database.session() as session:
            return preferences.change(session, changes)

    # --- playlists and tracks -------------------------------------------------------------------------------

    def meet_playlists(self, playlists: Sequence[Playlist], origin: str, *, whole_library: bool = False) -> None:
        """Remember playlists; with `whole_library` those not among them are no longer listed."""
        with self._database.session() as session:
            known_playlists.meet(session, playlists, origin, self._clock(), whole_library=whole_library)

    def library(self) -> list[Playlist]:
        """Return the account's own and followed playlists as last listed, by name."""
        with self._database.reading() as session:
            return known_playlists.library(session, self._clock())

    def playlist(self, uri: str) -> Playlist | None:
        """Return a playlist that was met."""
        with self._database.reading() as session:
            row = session.get(PlaylistRow, uri)
            return None if row is None else known_playlists.value(row, self._clock())

    def meet_tracks(self, tracks: Sequence[Track], origin: str) -> None:
        """Remember tracks."""
        with self._database.session() as session:
            known_tracks.meet(session, tracks, origin, self._clock())

    def fill(self, playlist_uri: str, tracks: Sequence[Track], snapshot: str) -> None:
        """Remember what is in an own playlist, as of a snapshot; raises CatalogueError when it was never met."""
        with self._database.session() as session:
            known_tracks.fill(session, playlist_uri, tracks, snapshot, self._clock())

    def is_read(self, playlist_uri: str, snapshot: str) -> bool:
        """Say whether the tracks of that snapshot are known already, so that no call is needed."""
        with self._database.reading() as session:
            row = session.get(PlaylistRow, playlist_uri)
            return row is not None and bool(snapshot) and row.read_snapshot == snapshot

    def tracks(self, playlist_uri: str) -> list[Track]:
        """Return the known tracks of a playlist, in order."""
        with self._database.reading() as session:
            return known_tracks.inside(session, playlist_uri, self._clock())

    def track(self, uri: str) -> Track | None:
        """Return a track that was met."""
        with self._database.reading() as session:
            row = session.get(TrackRow, uri)
            return None if row is None else known_tracks.value(row, self._clock())

    # --- moods ----------------------------------------------------------------------------------------------

    def mood_playlists(self, label: str) -> tuple[Playlist, ...]:
        """Return the owner's playlists of a mood, in the owner's order."""
        with self._database.reading() as session:
            return tuple(known_playlists.value(row, self._clock()) for row in moods.chosen(session, label))

    def choose(self, label: str, uris: Sequence[str]) -> None:
        """Set them; raises CatalogueError when one was never met. Their points follow the choice."""
        with self._database.session() as session:
            moods.choose(session, label, uris, self._clock())

    def turn(self, label: str, now: float) -> Playlist | None:
        """Return the mood's playlist whose turn it is (longest not played, then order), and note that it plays."""
        with self._database.session() as session:
            row = moods.turn(session, label, now)
            return None if row is None else known_playlists.value(row, self._clock())

    def candidates(self, label: str | None = None) -> list[Candidate]:
        """Return playable tracks of own mood playlists (of one mood, or all), without those that must never play."""
        with self._database.reading() as session:
            return candidates.candidates(session, label, self._clock())

    # --- never, likes, made ---------------------------------------------------------------------------------

    def never(self, label: str) -> dict[str, str]:
        """Return {uri: name} of what must not play for a mood."""
        with self._database.reading() as session:
            return never.of(session, label)

    def forbid(self, label: str, uri: str, name: str) -> None:
        """Never play that for a mood."""
        with self._database.session() as session:
            never.forbid(session, label, uri, name, self._clock())

    def allow(self, label: str, uri: str) -> None:
        """Take it back."""
        with self._database.session() as session:
            never.allow(session, label, uri)

    def is_forbidden(self, label: str, track: Track, context: str = "") -> bool:
        """Say whether a track (by itself, its artists or its playlist) must not play for a mood."""
        artists = [artist.uri for artist in track.artists]
        return never.hits(self.never(label), track.uri, artists, context)

    def like(self, track: Track, label: str) -> None:
        """Note that the owner liked a track while that mood's music played ("" = no mood)."""
        with self._database.session() as session:
            likes.like(session, track, label, self._clock())

    def unlike(self, uri: str) -> None:
        """Take that back."""
        with self._database.session() as session:
            likes.unlike(session, uri)

    def likes(self) -> dict[str, str]:
        """Return {track uri: mood label} of what the owner liked here."""
        with self._database.reading() as session:
            return likes.of(session)

    def made(self, kind: str) -> Made | None:
        """Return what is known of a made playlist."""
        with self._database.reading() as session:
            return known_made.get(session, kind)

    def plan_made(self, kind: str, mark: str) -> Made:
        """Note that one will be made; an older note is kept."""
        with self._database.session() as session:
            return known_made.plan(session, kind, mark, self._clock())

    def keep_made(self, made: Made) -> None:
        """Note what was made."""
        with self._database.session() as session:
            known_made.keep(session, made, self._clock())

    # --- the end --------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Delete everything that came from Spotify, securely; Client ID, market, language and call counts stay."""
        with self._database.session() as session:
            for table in _FROM_SPOTIFY:
                session.execute(delete(table))
            preferences.forget(session)
        self._database.scrub()
