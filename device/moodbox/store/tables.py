"""The tables of the box's database. Everything that came from Spotify is in tables that `Catalogue.forget` empties.

Times are seconds of `time.time()`. A change here needs a migration in `migrations/versions`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The base of every table."""

    type_annotation_map = {dict[str, Any]: JSON, list[dict[str, str]]: JSON}  # noqa: RUF012 - SQLAlchemy's own name


class PreferenceRow(Base):
    """One choice of the owner; `value` is JSON."""

    __tablename__ = "preference"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class CallRow(Base):
    """Calls of the Web API in one hour for one purpose; kept over a disconnect, for Spotify counts per developer."""

    __tablename__ = "call"

    hour: Mapped[int] = mapped_column(primary_key=True)  # time // 3600
    purpose: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class HoldRow(Base):
    """Calls are held back until a time; `set_at` tells a clock that was wrong."""

    __tablename__ = "hold"

    reason: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[float]
    set_at: Mapped[float]


class PlaylistRow(Base):
    """A playlist that the box has met."""

    __tablename__ = "playlist"

    uri: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner: Mapped[str]
    owned: Mapped[bool]
    total: Mapped[int | None]
    cover: Mapped[str]
    cover_expires_at: Mapped[float]
    snapshot: Mapped[str]
    description: Mapped[str]
    origin: Mapped[str]  # "library", "search", "link", "made"
    listed: Mapped[bool]  # among the account's own and followed playlists when last asked
    read_snapshot: Mapped[str]  # the snapshot whose tracks are in `playlist_track`
    seen_at: Mapped[float]


class TrackRow(Base):
    """A track that the box has met."""

    __tablename__ = "track"

    uri: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    artists: Mapped[list[dict[str, str]]]  # [{"uri", "name"}]
    album: Mapped[str]
    cover: Mapped[str]
    cover_expires_at: Mapped[float]
    seconds: Mapped[float]
    playable: Mapped[bool]
    origin: Mapped[str]  # "playlist", "liked", "top", "search"
    seen_at: Mapped[float]


class PlaylistTrackRow(Base):
    """A track's place in an own playlist."""

    __tablename__ = "playlist_track"

    playlist_uri: Mapped[str] = mapped_column(ForeignKey("playlist.uri", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    track_uri: Mapped[str] = mapped_column(ForeignKey("track.uri", ondelete="CASCADE"), index=True)


class MoodPlaylistRow(Base):
    """A playlist that the owner chose for a mood, in the owner's order."""

    __tablename__ = "mood_playlist"

    label: Mapped[str] = mapped_column(primary_key=True)
    playlist_uri: Mapped[str] = mapped_column(ForeignKey("playlist.uri", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    played_at: Mapped[float]  # so that several playlists take turns


class NeverRow(Base):
    """Something that must not play for a mood: a track, an artist or a playlist."""

    __tablename__ = "never"

    label: Mapped[str] = mapped_column(primary_key=True)
    uri: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    added_at: Mapped[float]


class LikeRow(Base):
    """A track that the owner liked while a mood's music played."""

    __tablename__ = "liked"

    track_uri: Mapped[str] = mapped_column(ForeignKey("track.uri", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str]
    liked_at: Mapped[float]


class PointRow(Base):
    """Where music lies on the circle of moods, one row for each source that says so."""

    __tablename__ = "point"
    __table_args__ = (UniqueConstraint("subject", "source"), Index("ix_point_subject", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]  # URI of a track or a playlist
    source: Mapped[str]  # "choice:happy" (the owner's choice of a playlist), "like:happy", later evidence
    valence: Mapped[float]  # -1..1
    arousal: Mapped[float]
    weight: Mapped[float]
    seen_at: Mapped[float]


class MadeRow(Base):
    """A playlist that the box makes in the account; the row comes before the playlist, so that none is made twice."""

    __tablename__ = "made"

    kind: Mapped[str] = mapped_column(primary_key=True)  # "lift" or a mood label
    uri: Mapped[str]  # "" while it is only planned
    mark: Mapped[str]  # stands in the playlist's description: finds it again after a power cut
    planned_at: Mapped[float]
    items_digest: Mapped[str]  # of the tracks last written
    cover_digest: Mapped[str]
    refreshed_at: Mapped[float]


class PieceRow(Base):
    """A piece that the box wrote; its music is the MIDI file `pieces/<key>.mid`."""

    __tablename__ = "pieces"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    label: Mapped[str]
    valence: Mapped[float]
    arousal: Mapped[float]
    seed: Mapped[int]
    seconds: Mapped[float]
    composer: Mapped[str]
    made_at: Mapped[float]
    played_at: Mapped[float]
    plays: Mapped[int]
    liked: Mapped[bool]
