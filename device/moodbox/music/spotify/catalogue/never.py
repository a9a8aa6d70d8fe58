"""What must not play for a mood: tracks, artists, playlists."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from moodbox.music.spotify.catalogue.text import storable
from moodbox.store.tables import NeverRow


def of(session: Session, label: str) -> dict[str, str]:
    """Return {uri: name}, in the order in which the owner added them."""
    rows = session.scalars(select(NeverRow).where(NeverRow.label == label).order_by(NeverRow.added_at, NeverRow.uri))
    return {row.uri: row.name for row in rows}


def forbid(session: Session, label: str, uri: str, name: str, now: float) -> None:
    """Never play that for a mood."""
    session.merge(NeverRow(label=label, uri=uri, name=storable(name), added_at=now))


def allow(session: Session, label: str, uri: str) -> None:
    """Take it back."""
    session.execute(delete(NeverRow).where(NeverRow.label == label, NeverRow.uri == uri))


def hits(forbidden: Collection[str], track_uri: str, artists: Iterable[str], context: str) -> bool:
    """Say whether a track is forbidden by itself, by one of its artists or by its playlist."""
    return any(uri and uri in forbidden for uri in (track_uri, *artists, context))
