"""Make the tables of the Spotify room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    _make_own()
    _make_met()
    _make_chosen()


def _make_own() -> None:
    """Make what does not come from Spotify."""
    op.create_table(
        "preference",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "call",
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "purpose"),
    )
    op.create_table(
        "hold",
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("reason"),
    )


def _make_met() -> None:
    """Make what the box has met at Spotify."""
    op.create_table(
        "playlist",
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owned", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("cover", sa.String(), nullable=False),
        sa.Column("cover_expires_at", sa.Double(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("read_snapshot", sa.String(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("uri"),
    )
    op.create_table(
        "track",
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artists", sa.JSON(), nullable=False),
        sa.Column("album", sa.String(), nullable=False),
        sa.Column("cover", sa.String(), nullable=False),
        sa.Column("cover_expires_at", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("playable", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("uri"),
    )
    op.create_table(
        "playlist_track",
        sa.Column("playlist_uri", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("track_uri", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["playlist_uri"], ["playlist.uri"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_uri"], ["track.uri"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("playlist_uri", "position"),
    )
    op.create_index("ix_playlist_track_track_uri", "playlist_track", ["track_uri"])


def _make_chosen() -> None:
    """Make what the owner chose and the box made of it."""
    op.create_table(
        "mood_playlist",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("playlist_uri", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("played_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["playlist_uri"], ["playlist.uri"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("label", "playlist_uri"),
    )
    op.create_table(
        "never",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("label", "uri"),
    )
    op.create_table(
        "liked",
        sa.Column("track_uri", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("liked_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["track_uri"], ["track.uri"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_uri"),
    )
    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valence", sa.Double(), nullable=False),
        sa.Column("arousal", sa.Double(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "source"),
    )
    op.create_index("ix_point_subject", "point", ["subject"])
    op.create_table(
        "made",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("uri", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("planned_at", sa.Double(), nullable=False),
        sa.Column("items_digest", sa.String(), nullable=False),
        sa.Column("cover_digest", sa.String(), nullable=False),
        sa.Column("refreshed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
