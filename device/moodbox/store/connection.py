"""How the box talks to SQLite: the same pragmas on every connection, and transactions that begin where we say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, Pool, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY = 5.0  # seconds that a transaction waits for another one, of this or another process
READING = "BEGIN"  # reads what is there now and waits for nobody
# Takes the right to write at once: a transaction that reads first and then wants to write may be refused in WAL mode
# without waiting (SQLITE_BUSY_SNAPSHOT).
WRITING = "BEGIN IMMEDIATE"


def make_engine(path: Path, *, busy: float = BUSY, foreign_keys: bool = True, pool: type[Pool] | None = None) -> Engine:
    """Make the engine for a database file. Migrations go without foreign keys, as SQLite's guide to them says."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=pool,
        connect_args={"timeout": busy, "check_same_thread": False},
        hide_parameters=True,  # no name, id or address of the owner in an exception's text
    )

    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # Python's driver would begin and end transactions by its own rules, and run DDL outside of them.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy * 1000)}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a commit survives a pulled plug; writes are rare here
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", WRITING))
