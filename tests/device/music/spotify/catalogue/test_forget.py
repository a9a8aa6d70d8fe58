"""A disconnect leaves nothing of Spotify: no row, and no byte in the files."""

import pytest
from sqlalchemy import func, select

from moodbox.errors import StorageError
from moodbox.music.spotify.ports import Made
from moodbox.music.spotify.values import Preferences, SpeakerChoice, SpeakerKind
from moodbox.store.database import Database
from moodbox.store.tables import Base, CallRow, HoldRow, PieceRow, PreferenceRow
from tests.fakes.spotify_words import playlist, track

NAME = b"Songs of the secret shore"


def own_piece() -> PieceRow:
    """Return a piece of the box's own, which is none of Spotify's business."""
    return PieceRow(
        key="0" * 16, title="Late Rain", label="sad", valence=-0.6, arousal=-0.3, seed=1, seconds=75.0,
        composer="rules", made_at=1.0, played_at=1.0, plays=1, liked=True,
    )  # fmt: skip


@pytest.fixture
def full(shelf, database):
    """Put something into every table."""
    secret = playlist("own", description=NAME.decode(), owner=NAME.decode())
    shelf.meet_playlists([secret], "library")
    shelf.fill(secret.uri, [track(f"t{number}", album=NAME.decode()) for number in range(300)], "s")
    shelf.choose("happy", [secret.uri])
    shelf.forbid("happy", track("t1").uri, NAME.decode())
    shelf.like(track("t2"), "happy")
    shelf.keep_made(Made("happy", secret.uri, "mark", "", "", 1.0))
    shelf.prefer(
        client_id="c" * 32,
        market="DE",
        language="de",
        ceiling=0.5,
        speaker=SpeakerChoice(SpeakerKind.CONNECT, "id", NAME.decode()),
        account_id=NAME.decode(),
        account_user="user",
        account_name="Ann",
        refreshed_at=5.0,
    )
    with database.session() as session:
        session.add(CallRow(hour=1, purpose="press", count=7))
        session.add(HoldRow(reason="quota", until=2.0, set_at=1.0))
        session.add(own_piece())
    return shelf


def rows(database) -> dict[str, int]:
    with database.reading() as session:
        return {
            mapper.class_.__tablename__: session.scalar(select(func.count()).select_from(mapper.class_)) or 0
            for mapper in Base.registry.mappers
        }


def test_only_the_owners_own_choices_and_the_counts_stay(full, database):
    assert 0 not in rows(database).values()
    full.forget()
    left = {name: count for name, count in rows(database).items() if count}
    assert left == {"preference": 4, "call": 1, "hold": 1, "pieces": 1}
    assert full.preferences() == Preferences(client_id="c" * 32, market="DE", language="de", ceiling=0.5)
    assert full.library() == []
    assert full.candidates() == []


def test_no_byte_is_left_in_any_file(full, tmp_path):
    (tmp_path / "moodbox.db.broken-20250101-000000").write_bytes(NAME)
    assert {file.name for file in tmp_path.iterdir() if NAME in file.read_bytes()} >= {"moodbox.db-wal"}
    full.forget()
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["moodbox.db", "moodbox.db-shm", "moodbox.db-wal", "moodbox.db.lock"]
    assert [file.name for file in tmp_path.iterdir() if NAME in file.read_bytes()] == []


def test_forgetting_twice_and_beginning_again(full):
    full.forget()
    full.forget()
    full.meet_playlists([playlist("new")], "library")
    full.choose("happy", [playlist("new").uri])
    assert [one.name for one in full.mood_playlists("happy")] == ["new"]


def test_another_process_that_has_it_open_sees_it_empty(full, tmp_path):
    other = Database(tmp_path / "moodbox.db")
    with other.reading() as session:
        assert session.scalar(select(func.count()).select_from(PreferenceRow)) == 9
    full.forget()
    assert rows(other)["track"] == 0
    assert not any(NAME in file.read_bytes() for file in tmp_path.iterdir())
    other.close()


def test_closed_database_is_one_sentence(full, database):
    database.close()
    with pytest.raises(StorageError, match="is closed"):
        full.forget()
