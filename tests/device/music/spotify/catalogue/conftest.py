"""A catalogue over a real database file, with a clock that is set by hand."""

from pathlib import Path

import pytest

from moodbox.music.spotify.catalogue.catalogue import Catalogue
from moodbox.store.database import Database


class Clock:
    """Tell the time that was set."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path):
    opened = Database(tmp_path / "moodbox.db")
    yield opened
    opened.close()


@pytest.fixture
def shelf(database: Database, clock: Clock) -> Catalogue:
    return Catalogue(database, clock=clock)
