"""What went wrong with the database, in one sentence for the owner."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from moodbox.errors import StorageError

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SENTENCES = {
    sqlite3.SQLITE_FULL: "cannot be written (the disk is full): free some space",
    sqlite3.SQLITE_IOERR: "cannot be read or written (disk error): free some space, or check the card",
    sqlite3.SQLITE_BUSY: "is held by another program: try again in a minute",
    sqlite3.SQLITE_LOCKED: "is held by another program: try again in a minute",
    sqlite3.SQLITE_READONLY: "cannot be written: make the file and its folder writable",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: make the file and its folder writable, and free some space",
    sqlite3.SQLITE_CORRUPT: "is broken: restart the box, which keeps the old one aside and begins a new one",
    sqlite3.SQLITE_NOTADB: "is broken: restart the box, which keeps the old one aside and begins a new one",
}


class BrokenFileError(Exception):
    """Report a file that can be read but is no whole database of ours."""


def is_broken(error: BaseException) -> bool:
    """Say whether the file itself is not a whole database of ours, so that trying again cannot help."""
    return isinstance(error, BrokenFileError) or _code(error) in _BROKEN


def storage_error(path: Path, error: BaseException) -> StorageError:
    """Word an error of SQLite or SQLAlchemy; values that were to be written are never part of it."""
    if isinstance(error, OSError):
        return StorageError(f"{path} cannot be opened ({error.strerror}): make the file and its folder writable")
    sentence = _SENTENCES.get(_code(error))
    return StorageError(f"{path} {sentence or f'cannot be read or written ({_name(error)}): restart the box'}")


def reason(error: BaseException) -> str:
    """Return SQLite's own words, for the log."""
    return str(_cause(error))


def _cause(error: BaseException) -> BaseException:
    """Return SQLite's own error, where there is one below."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _code(error: BaseException) -> int:
    """Return SQLite's primary result code; the extended ones carry more in their upper bytes."""
    code = getattr(_cause(error), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else -1


def _name(error: BaseException) -> str:
    cause = _cause(error)
    return str(getattr(cause, "sqlite_errorname", type(cause).__name__))
