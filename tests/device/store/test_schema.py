"""The migrations make exactly the tables that the program uses."""

import logging
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from moodbox.errors import StorageError
from moodbox.store import schema
from moodbox.store.connection import make_engine
from moodbox.store.database import NEWEST, Database
from moodbox.store.tables import Base


def test_migrated_file_has_the_tables_of_the_program(tmp_path: Path):
    Database(tmp_path / "moodbox.db").close()
    engine = make_engine(tmp_path / "moodbox.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_comparison_would_see_a_missing_column(tmp_path: Path):
    Database(tmp_path / "moodbox.db").close()
    engine = make_engine(tmp_path / "moodbox.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE made DROP COLUMN cover_digest")
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []
    engine.dispose()


def test_form_of_a_new_step_can_be_filled_in(tmp_path: Path, monkeypatch):
    shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
    schema.migrate(tmp_path / "moodbox.db")
    engine = make_engine(tmp_path / "moodbox.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE hold")
        command.revision(schema.config(connection), "Try the form", autogenerate=True, rev_id="9999")
    engine.dispose()
    (step,) = (tmp_path / "migrations" / "versions").glob("9999*.py")
    assert "op.create_table('hold'" in step.read_text()
    compile(step.read_text(), str(step), "exec")


def test_steps_lie_in_the_package_where_a_wheel_takes_them():
    assert schema.MIGRATIONS.is_relative_to(Path(schema.__file__).parent)
    assert {"env.py", "script.py.mako", "versions"} <= {file.name for file in schema.MIGRATIONS.iterdir()}


def test_file_of_a_newer_program_is_one_sentence_and_stays_as_it_is(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2099'")
    connection.close()
    with pytest.raises(StorageError, match=r"was written by a newer Moodbox \(schema 2099\): install that version"):
        Database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("2099",)]
    connection.close()
    assert list(tmp_path.glob("*.broken-*")) == []


def test_step_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch):
    shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "9999_bad.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9999', '{NEWEST}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id INTEGER)')\n    op.execute('SELECT nonsense')\n"
    )
    path = tmp_path / "moodbox.db"
    Database(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
    monkeypatch.setattr("moodbox.store.database.NEWEST", "9999")
    with pytest.raises(StorageError, match="cannot be read or written"):
        Database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
    connection.close()


def test_opening_is_silent(tmp_path: Path, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        Database(tmp_path / "moodbox.db").close()
        Database(tmp_path / "moodbox.db").close()
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []
    assert capfd.readouterr() == ("", "")


def test_two_files_opened_at_once_in_one_process(tmp_path: Path):
    def open_one(number: int) -> None:
        database = Database(tmp_path / f"{number}.db")
        whole.append(database.check())
        database.close()

    whole: list[str] = []
    threads = [threading.Thread(target=open_one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert whole == [""] * 4


def test_newest_schema_is_known_without_alembic(tmp_path: Path):
    engine = make_engine(tmp_path / "moodbox.db")
    with engine.connect() as connection:
        assert ScriptDirectory.from_config(schema.config(connection)).get_current_head() == NEWEST
    engine.dispose()
    Database(tmp_path / "moodbox.db").close()
    code = "import sys; from pathlib import Path; from moodbox.store.database import Database\n"
    code += f"Database(Path({str(tmp_path / 'moodbox.db')!r})).close(); print('alembic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_box_of_the_first_tables_keeps_what_it_has_and_gets_the_pieces(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    engine = make_engine(path)
    with engine.begin() as connection:
        command.upgrade(schema.config(connection), "0001")
        connection.exec_driver_sql("INSERT INTO preference VALUES ('speaker', '{}')")
    engine.dispose()
    Database(path).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM preference").fetchall() == [("speaker",)]
        assert connection.execute("SELECT count(*) FROM pieces").fetchone() == (0,)
    connection.close()
