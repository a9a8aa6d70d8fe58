"""Where music lies on the circle of moods: every piece of evidence is a row, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from moodbox.mood import COORDINATES
from moodbox.store.tables import PointRow

CHOICE = "choice"  # the owner chose a playlist for a mood
LIKE = "like"  # the owner liked a track while a mood's music played
_WEIGHTS = {CHOICE: 1.0, LIKE: 0.5}  # a choice is meant for the mood, a like may be meant for the song


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the circle, and the weight of the evidence for it."""

    valence: float  # -1..1
    arousal: float
    weight: float


def put(session: Session, subject: str, kind: str, label: str, now: float) -> None:
    """Note that a playlist or track belongs to a mood, once for each kind of evidence."""
    source = f"{kind}:{label}"
    row = session.scalar(select(PointRow).where(PointRow.subject == subject, PointRow.source == source))
    if row is None:
        row = PointRow(subject=subject, source=source)
        session.add(row)
    row.valence, row.arousal = COORDINATES[label]
    row.weight, row.seen_at = _WEIGHTS[kind], now


def take_choice(session: Session, subject: str, label: str) -> None:
    """Take back what a choice said."""
    session.execute(delete(PointRow).where(PointRow.subject == subject, PointRow.source == f"{CHOICE}:{label}"))


def take_likes(session: Session, subject: str) -> None:
    """Take back what likes said, whichever mood's music played."""
    session.execute(delete(PointRow).where(PointRow.subject == subject, PointRow.source.startswith(f"{LIKE}:")))


def all_points(session: Session) -> dict[str, list[Point]]:
    """Return every piece of evidence by its subject, the oldest first."""
    found: dict[str, list[Point]] = {}
    for row in session.scalars(select(PointRow).order_by(PointRow.id)):
        found.setdefault(row.subject, []).append(Point(row.valence, row.arousal, row.weight))
    return found


def mean(points: Iterable[Point]) -> Point | None:
    """Return the weighted mean with the sum of the weights; None without evidence."""
    given = list(points)
    total = sum(point.weight for point in given)
    if total <= 0.0:
        return None
    valence = sum(point.weight * point.valence for point in given) / total
    arousal = sum(point.weight * point.arousal for point in given) / total
    return Point(valence, arousal, total)
