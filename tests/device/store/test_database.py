"""The file survives what happens to boxes: kills, two processes, a full disk, a broken card."""

import random
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from moodbox.errors import CatalogueError, StorageError
from moodbox.lock import FileLock
from moodbox.store.database import Database
from moodbox.store.tables import CallRow, HoldRow, MoodPlaylistRow, PreferenceRow

NOW = 1_795_000_000.0


@pytest.fixture
def database(tmp_path: Path):
    opened = Database(tmp_path / "state" / "moodbox.db")
    yield opened
    opened.close()


def hold(reason: str = "quota", until: float = 1.0) -> HoldRow:
    return HoldRow(reason=reason, until=until, set_at=0.0)


def holds(database: Database) -> dict[str, float]:
    with database.reading() as session:
        return {row.reason: row.until for row in session.scalars(select(HoldRow))}


# --- sessions ---------------------------------------------------------------------------------------------------


def test_what_was_written_is_there_after_opening_again(tmp_path: Path):
    first = Database(tmp_path / "moodbox.db")
    with first.session() as session:
        session.add(hold())
    first.close()
    again = Database(tmp_path / "moodbox.db")
    assert holds(again) == {"quota": 1.0}
    assert again.problem is None
    again.close()


def test_every_connection_has_its_pragmas(database: Database):
    for opened in (database.session, database.reading):
        with opened() as session:
            found = {
                name: session.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 5000,
            "secure_delete": 1,
        }


def test_file_and_folder_are_for_their_owner_only(database: Database, tmp_path: Path):
    with database.session() as session:
        session.add(hold())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "state").iterdir()}
    assert modes == dict.fromkeys(["moodbox.db", "moodbox.db-wal", "moodbox.db-shm", "moodbox.db.lock"], 0o600)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_open_file_becomes_private(tmp_path: Path):
    Database(tmp_path / "moodbox.db").close()
    (tmp_path / "moodbox.db").chmod(0o644)
    Database(tmp_path / "moodbox.db").close()
    assert stat.S_IMODE((tmp_path / "moodbox.db").stat().st_mode) == 0o600


def test_error_of_ours_rolls_back_and_stays_what_it_is(database: Database):
    def fail() -> None:
        with database.session() as session:
            session.add(hold())
            session.flush()
            raise CatalogueError("no such playlist")

    with pytest.raises(CatalogueError, match="no such playlist"):
        fail()
    assert holds(database) == {}


def test_refused_row_is_one_sentence_without_its_values(database: Database):
    sentence = r"moodbox\.db cannot be read or written \(SQLITE_CONSTRAINT"
    with pytest.raises(StorageError, match=sentence) as refused, database.session() as session:
        session.add(MoodPlaylistRow(label="happy", playlist_uri="spotify:secret", position=0, played_at=0.0))
    assert "\n" not in str(refused.value)
    assert "secret" not in f"{refused.value}{refused.value.__cause__}"
    with database.session() as session:
        session.add(hold())
    assert holds(database) == {"quota": 1.0}


def test_value_that_is_no_json_any_more_is_one_sentence(database: Database):
    with database.session() as session:
        session.execute(text("INSERT INTO preference VALUES ('x', '{broken')"))
    with pytest.raises(StorageError, match="JSONDecodeError"), database.reading() as session:
        session.scalars(select(PreferenceRow)).all()


def test_text_that_is_no_text_is_one_sentence(database: Database):
    with pytest.raises(StorageError, match="UnicodeEncodeError"), database.reading() as session:
        session.get(HoldRow, "\ud800")


def test_reading_waits_for_no_writer_and_sees_what_was_committed(database: Database):
    with database.session() as session:
        session.add(hold())
        session.flush()
        assert holds(database) == {}
    assert holds(database) == {"quota": 1.0}


def test_counting_in_many_threads_loses_nothing(database: Database):
    def count() -> None:
        for _ in range(10):
            with database.session() as session:
                row = session.get(CallRow, (1, "press"))
                if row is None:
                    session.add(CallRow(hour=1, purpose="press", count=1))
                else:
                    row.count += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert session.get_one(CallRow, (1, "press")).count == 40


def test_closed_database_says_so_and_closing_twice_is_fine(database: Database):
    database.close()
    database.close()
    for use in (database.check, database.scrub, lambda: holds(database)):
        with pytest.raises(StorageError, match="is closed"):
            use()


def test_file_held_by_another_program_is_one_sentence(tmp_path: Path):
    database = Database(tmp_path / "moodbox.db", busy=0.05)
    other = sqlite3.connect(tmp_path / "moodbox.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="is held by another program"), database.session() as session:
        session.get(HoldRow, "quota")
    assert holds(database) == {}, "reading goes on"
    other.execute("ROLLBACK")
    other.execute("BEGIN")
    other.execute("SELECT * FROM hold").fetchall()
    with database.session() as session:
        session.add(hold())
    with pytest.raises(StorageError, match="held by another program, so deleted data may remain"):
        database.scrub()
    other.close()
    database.close()


# --- processes --------------------------------------------------------------------------------------------------

OPENER = (
    "import sys; from pathlib import Path; from moodbox.store.database import Database\n"
    "print('ready', flush=True); sys.stdin.readline()\n"
    "database = Database(Path(sys.argv[1])); assert database.problem is None; assert database.check() == ''\n"
)
# Two rows that always change together, and a note that says how far it is.
WRITER = (
    "import sys; from pathlib import Path; from moodbox.store.database import Database\n"
    "from moodbox.store.tables import HoldRow\n"
    "database = Database(Path(sys.argv[1]))\n"
    "for number in range(100_000):\n"
    "    with database.session() as session:\n"
    "        for reason in ('first', 'second'):\n"
    "            session.merge(HoldRow(reason=reason, until=float(number), set_at=0.0)); session.flush()\n"
    "    print(number, flush=True)\n"
)
MAKER = (
    "import sys; from pathlib import Path; from moodbox.store.database import Database\n"
    "for number in range(100_000):\n"
    "    print(number, flush=True)\n"
    "    Database(Path(sys.argv[1]) / f'{number}.db').close()\n"
)


def run(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def kill_after(process: subprocess.Popen[str], lines: int) -> int:
    """Kill a process at whatever it does after having said so many lines; return the last number it said."""
    assert process.stdout is not None
    with process:
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
        said = process.stdout.read().split()
    return int(said[-1]) if said else lines - 1


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path):
    openers = [run(OPENER, tmp_path / "moodbox.db") for _ in range(3)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    codes = []
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    for opener in openers:
        with opener:
            codes.append(opener.wait(60))
    assert codes == [0, 0, 0]
    assert list(tmp_path.glob("*.broken-*")) == []


@pytest.mark.parametrize("seed", range(3))
def test_killed_writer_leaves_a_whole_file_with_every_commit(tmp_path: Path, seed: int):
    path = tmp_path / "moodbox.db"
    said = kill_after(run(WRITER, path), random.Random(seed).randint(1, 60))
    database = Database(path)
    assert database.problem is None
    assert database.check() == ""
    found = holds(database)
    assert found["first"] == found["second"]
    assert found["first"] in (said, said + 1), "what was committed stays, what was not is gone"
    database.close()


@pytest.mark.parametrize("seed", range(3))
def test_killed_opening_is_finished_by_the_next_one(tmp_path: Path, seed: int):
    said = kill_after(run(MAKER, tmp_path), random.Random(seed).randint(1, 6))
    for number in range(said + 1):
        database = Database(tmp_path / f"{number}.db")
        assert database.problem is None
        with database.session() as session:
            session.add(hold())
        database.close()


def test_opening_waits_for_whoever_migrates_and_then_says_so(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    with FileLock(tmp_path / "moodbox.db.lock"), pytest.raises(StorageError, match=r"moodbox\.db\.lock has been held"):
        Database(path, busy=0.02)
    assert not path.exists()
    Database(path, busy=0.02).close()


# --- broken files -----------------------------------------------------------------------------------------------


def spoil(path: Path, how: str) -> None:
    """Make a database with something in it, and break it."""
    if how == "no database":
        path.write_bytes(b"not a database, whatever its name says\n" * 500)
        return
    if how == "of another program":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE track (other TEXT)")
        connection.close()
        return
    database = Database(path)
    with database.session() as session:
        session.add_all(hold(f"reason {number}") for number in range(2000))
    database.close()
    whole = path.read_bytes()
    if how == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    else:  # a dead block of the card, in the middle
        path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 16384) + whole[-8192:])


@pytest.mark.parametrize("how", ["no database", "of another program", "truncated", "overwritten"])
def test_broken_file_is_kept_aside_and_a_new_one_works(tmp_path: Path, how: str, caplog):
    path = tmp_path / "moodbox.db"
    spoil(path, how)
    broken = path.read_bytes()[100:]  # without SQLite's header: it may note there that it looked
    database = Database(path, clock=lambda: NOW)
    assert database.problem is not None
    assert database.problem.key == "database"
    (aside,) = tmp_path.glob("moodbox.db.broken-*")
    assert aside.name in database.problem.cause
    assert aside.read_bytes()[100:] == broken
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "\n" not in caplog.messages[0]
    with database.session() as session:
        session.add(hold())
    assert database.check() == ""
    database.close()
    again = Database(path)
    assert (again.problem, holds(again)) == (None, {"quota": 1.0})
    again.close()


def test_empty_file_is_simply_new(tmp_path: Path):
    (tmp_path / "moodbox.db").touch()
    database = Database(tmp_path / "moodbox.db")
    assert (database.problem, holds(database)) == (None, {})
    database.close()


def test_log_of_a_broken_file_goes_with_it(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    run_and_kill = run(WRITER, path)
    kill_after(run_and_kill, 3)
    assert (tmp_path / "moodbox.db-wal").stat().st_size > 0
    path.write_bytes(b"broken " * 1000)
    database = Database(path, clock=lambda: NOW)
    assert database.problem is not None
    assert holds(database) == {}
    assert sorted(file.name.rpartition("-")[2] for file in tmp_path.glob("moodbox.db.broken-*-*-*")) == ["shm", "wal"]
    database.close()


def test_few_broken_files_are_kept_and_none_overwrites_another(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    for number in range(5):
        path.write_bytes(b"broken %d" % number * 200)
        Database(path, clock=lambda now=NOW + number // 2: now).close()  # two in the same second
    kept = sorted(file.read_bytes()[:8] for file in tmp_path.glob("moodbox.db.broken-*"))
    assert kept == [b"broken 2", b"broken 3", b"broken 4"]


def test_file_that_breaks_while_it_is_open_is_one_sentence_and_mended_at_the_next_start(tmp_path: Path):
    path = tmp_path / "moodbox.db"
    spoil(path, "whole")
    database = Database(path)
    database.close()
    database = Database(path)
    path.write_bytes(b"broken " * 5000)
    with pytest.raises(StorageError, match="is broken: restart the box"):
        holds(database)
    database.close()
    again = Database(path)
    assert again.problem is not None
    again.close()


def test_folder_in_the_way_is_one_sentence(tmp_path: Path):
    (tmp_path / "moodbox.db").mkdir()
    with pytest.raises(StorageError, match=r"moodbox\.db cannot be opened"):
        Database(tmp_path / "moodbox.db")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be opened"):
        Database(tmp_path / "file" / "moodbox.db")


# --- the disk ---------------------------------------------------------------------------------------------------


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; deleting the returned file frees it again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return ballast


def test_full_disk_is_one_sentence_and_what_was_kept_stays(small_disk: Path):
    database = Database(small_disk / "moodbox.db")
    with database.session() as session:
        session.add(hold())
    ballast = fill(small_disk)
    sentence = r"cannot be (read or )?written \((the disk is full|disk error)\): free some"
    with pytest.raises(StorageError, match=sentence), database.session() as session:
        session.add_all(hold(f"reason {number}" * 20) for number in range(2000))
    assert holds(database) == {"quota": 1.0}
    ballast.unlink()
    with database.session() as session:
        session.add(hold("rate"))
    assert holds(database).keys() == {"quota", "rate"}
    assert database.check() == ""
    database.close()


def test_full_disk_at_the_first_opening_is_one_sentence_and_no_broken_file(small_disk: Path):
    ballast = fill(small_disk)
    with pytest.raises(StorageError, match="free some space"):
        Database(small_disk / "moodbox.db")
    ballast.unlink()
    database = Database(small_disk / "moodbox.db")
    assert (database.problem, database.check()) == (None, "")
    database.close()


# --- scrubbing --------------------------------------------------------------------------------------------------


def test_scrubbing_leaves_no_byte_of_what_was_deleted(database: Database, tmp_path: Path):
    folder = tmp_path / "state"
    (folder / "moodbox.db.broken-20250101-000000").write_bytes(b"a secret name")
    with database.session() as session:
        session.add_all(hold(f"a secret name {number}") for number in range(500))
    with database.session() as session:
        session.execute(text("DELETE FROM hold"))
        session.add(hold())
    assert any(b"a secret name" in file.read_bytes() for file in folder.iterdir())
    database.scrub()
    assert not any(b"a secret name" in file.read_bytes() for file in folder.iterdir())
    assert holds(database) == {"quota": 1.0}
