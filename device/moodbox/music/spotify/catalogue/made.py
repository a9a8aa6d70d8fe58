"""Playlists that the box makes in the account: noted before they are made, so that none is made twice."""

from __future__ import annotations

from sqlalchemy.orm import Session

from moodbox.music.spotify.ports import Made
from moodbox.store.tables import MadeRow


def get(session: Session, kind: str) -> Made | None:
    """Return what is known of one."""
    row = session.get(MadeRow, kind)
    return None if row is None else _value(row)


def plan(session: Session, kind: str, mark: str, now: float) -> Made:
    """Note that one will be made; an older note is kept."""
    row = session.get(MadeRow, kind)
    if row is None:
        row = _new_row(kind, mark, now)
        session.add(row)
    return _value(row)


def keep(session: Session, made: Made, now: float) -> None:
    """Note what was made."""
    row = session.get(MadeRow, made.kind)
    if row is None:
        row = _new_row(made.kind, made.mark, now)
        session.add(row)
    row.uri, row.mark, row.refreshed_at = made.uri, made.mark, made.refreshed_at
    row.items_digest, row.cover_digest = made.items_digest, made.cover_digest
    row.planned_at = made.planned_at


def _new_row(kind: str, mark: str, now: float) -> MadeRow:
    return MadeRow(kind=kind, uri="", mark=mark, planned_at=now, items_digest="", cover_digest="", refreshed_at=0.0)


def _value(row: MadeRow) -> Made:
    return Made(row.kind, row.uri, row.mark, row.items_digest, row.cover_digest, row.refreshed_at, row.planned_at)
