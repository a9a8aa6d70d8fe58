"""The box's database: one SQLite file that a pulled plug, a full disk or a second process cannot harm."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from moodbox.errors import MoodboxError, StorageError
from moodbox.events import Problem
from moodbox.lock import FileLock
from moodbox.store.aside import delete_aside, move_aside
from moodbox.store.connection import BUSY, READING, make_engine
from moodbox.store.fault import BrokenFileError, is_broken, reason, storage_error

_log = logging.getLogger(__name__)
NEWEST = "0002"  # the last step in migrations/versions
_Kinds = tuple[type[Exception], ...]
# A value that is no JSON any more, or text that is none, comes from below us as well.
_ERRORS: _Kinds = (SQLAlchemyError, sqlite3.Error, json.JSONDecodeError, UnicodeError)
_ERRORS_OF_FILES: _Kinds = (*_ERRORS, OSError)
_ERRORS_AT_OPENING: _Kinds = (*_ERRORS, BrokenFileError)


class Database:
    """The file, opened and brought to today's tables. Any thread may use it; any number of processes may have one.

    Raises StorageError when it cannot be opened. A broken file is no reason: it is moved aside, a new one is begun
    and `problem` says so.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time, busy: float = BUSY) -> None:
        """Open it; a transaction waits `busy` seconds for others, opening twice that, for another may be migrating."""
        self._path = path
        self._clock = clock
        self._closed = False
        self.problem: Problem | None = None
        with self._worded(_ERRORS_OF_FILES), FileLock(path.with_name(f"{path.name}.lock"), 2 * busy):
            self._prepare()
        self._engine = make_engine(path, busy=busy)
        self._reader = self._engine.execution_options(begin=READING)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session for one short transaction that may write: committed at the end, rolled back on any error.

        What it reads stays true until it ends: no other thread or process can write in between. Raises StorageError.
        """
        with self._open(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads, and waits for nobody who writes. Raises StorageError."""
        with self._open(self._reader) as session:
            yield session

    def check(self) -> str:
        """Return what is wrong with the file, "" when it is whole; raises StorageError when it cannot be read."""
        with self.reading() as session:
            return _faults(session.connection().exec_driver_sql("PRAGMA quick_check").scalars())

    def scrub(self) -> None:
        """Make what was deleted unreadable, also in the log and in broken files kept aside. Raises StorageError."""
        self._require_open()
        with self._worded(_ERRORS_OF_FILES):
            delete_aside(self._path)
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                # The log first: if there is no room for VACUUM, what was deleted is overwritten all the same.
                self._checkpoint(cursor)
                cursor.execute("PRAGMA temp_store=MEMORY")  # its copy must not lie in another folder
                cursor.execute("VACUUM")
                self._checkpoint(cursor)  # VACUUM itself writes through the log
            finally:
                connection.close()

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._closed = True
        self._engine.dispose()

    @contextmanager
    def _open(self, engine: Engine) -> Iterator[Session]:
        self._require_open()
        with self._worded(), Session(engine) as session:
            yield session

    def _require_open(self) -> None:
        if self._closed:
            raise StorageError(f"{self._path} is closed: the box is stopping")

    @contextmanager
    def _worded(self, kinds: _Kinds = _ERRORS) -> Iterator[None]:
        try:
            yield
        except MoodboxError:
            raise
        except kinds as error:
            raise storage_error(self._path, error) from error

    def _checkpoint(self, cursor: DBAPICursor) -> None:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchall()[0][0] != 0:  # (busy, pages in the log, pages moved)
            raise StorageError(f"{self._path} is held by another program, so deleted data may remain: try again")

    def _prepare(self) -> None:
        """Leave a whole file of today's tables at the path, whatever was there before."""
        try:
            self._create()
            if _inspect(self._path) != NEWEST:
                _migrate(self._path)
        except _ERRORS_AT_OPENING as error:
            if not is_broken(error):
                raise
            self._begin_anew(error)

    def _begin_anew(self, error: Exception) -> None:
        aside = move_aside(self._path, self._clock())
        _log.error("%s was broken (%s), kept as %s", self._path, reason(error), aside.name)
        self._create()
        _migrate(self._path)
        self.problem = Problem(
            "database",
            f"The box's database was broken, so it began a new one and kept the old one as {aside.name}",
            "Open Setup on this page and choose your speaker and playlists again",
        )

    def _create(self) -> None:
        """Make the file private from the start; SQLite gives its log the same mode."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # Only a file that is new is opened here: closing a descriptor of one in use would drop SQLite's locks.
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            self._path.chmod(0o600)


def _migrate(path: Path) -> None:
    from moodbox.store.schema import migrate  # noqa: PLC0415 - Alembic takes 10 MB and is needed once a version

    migrate(path)


def _inspect(path: Path) -> str:
    """Return the schema of the file, "" for an empty one; raises BrokenFileError unless it is whole.

    It is a few megabytes, so that takes no time worth saving.
    """
    engine = make_engine(path)
    try:
        with engine.execution_options(begin=READING).connect() as connection:
            if faults := _faults(connection.exec_driver_sql("PRAGMA quick_check").scalars()):
                raise BrokenFileError(faults)
            if not inspect(connection).has_table("alembic_version"):
                return ""
            return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")
    finally:
        engine.dispose()


def _faults(lines: Iterator[str]) -> str:
    found = [line for line in lines if line != "ok"]
    return "; ".join(found)
