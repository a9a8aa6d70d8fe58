"""Bring a database file to the tables that this program knows. The steps are in `migrations/versions`."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.pool import NullPool

from moodbox.errors import StorageError
from moodbox.store.connection import make_engine
from moodbox.store.fault import BrokenFileError

MIGRATIONS = Path(__file__).with_name("migrations")

_alembic = threading.Lock()  # Alembic keeps what it works on in a module


def config(connection: Connection) -> Config:
    """Make Alembic's settings for a connection; `alembic.command.revision(config(...), ...)` drafts a new step."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def migrate(path: Path) -> None:
    """Bring the file to the newest schema in one transaction; raises StorageError if that is older."""
    engine = make_engine(path, foreign_keys=False, pool=NullPool)
    try:
        with _alembic, engine.begin() as connection:
            settings = config(connection)
            script = ScriptDirectory.from_config(settings)
            if _revision(path, connection, script) != script.get_current_head():
                command.upgrade(settings, "head")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise StorageError(f"{path} cannot be brought up to date: install the version used before")
    finally:
        engine.dispose()


def _revision(path: Path, connection: Connection, script: ScriptDirectory) -> str | None:
    """Return the schema that the file has; None for an empty one."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None and inspect(connection).get_table_names():
        raise BrokenFileError("its tables are not ours")
    known = {step.revision for step in script.walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageError(
            f"{path} was written by a newer Moodbox (schema {revision}): install that version again, "
            "or move the file away to begin anew"
        )
    return revision
