"""The register: what the MIDI files cannot say about the kept pieces, as rows of the box's database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from moodbox.page.pieces.desk import KeptPiece
from moodbox.store.database import Database
from moodbox.store.tables import PieceRow

_FIELDS = (
    "key", "title", "label", "valence", "arousal", "seconds", "composer", "made_at", "played_at", "plays", "liked",
)  # fmt: skip


class Register:
    """Write rows through to the database. Without one nothing is written; every call raises StorageError."""

    def __init__(self, database: Database | None) -> None:
        self._database = database

    def all(self) -> list[KeptPiece]:
        """Return every piece, the oldest first."""
        if self._database is None:
            return []
        with self._database.reading() as session:
            rows = session.scalars(select(PieceRow).order_by(PieceRow.made_at, PieceRow.key))
            return [KeptPiece(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]

    def add(self, pieces: Iterable[tuple[KeptPiece, int]]) -> None:
        """Add pieces with their seeds; a row that is there already is replaced."""
        if self._database is not None:
            with self._database.session() as session:
                for piece, seed in pieces:
                    session.merge(PieceRow(seed=seed, **{name: getattr(piece, name) for name in _FIELDS}))

    def change(self, piece: KeptPiece) -> None:
        """Write what may change: when and how often it was played, and whether it is liked."""
        if self._database is not None:
            changed = {"played_at": piece.played_at, "plays": piece.plays, "liked": piece.liked}
            with self._database.session() as session:
                session.execute(update(PieceRow).where(PieceRow.key == piece.key).values(changed))

    def erase(self, keys: Iterable[str]) -> None:
        """Delete rows."""
        if self._database is not None:
            with self._database.session() as session:
                for key in keys:
                    session.execute(delete(PieceRow).where(PieceRow.key == key))
