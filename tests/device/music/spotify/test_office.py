"""Spotify in the house: opened if it can be, and what its owner should know is told and taken back."""

import queue
from dataclasses import replace

import pytest

from bench.household import free_port
from moodbox.events import Problem, ProblemRaised, ProblemSolved
from moodbox.music.spotify.office import Office
from moodbox.settings import SpotifySettings


@pytest.fixture
def events():
    return queue.SimpleQueue()


@pytest.fixture
def open_office(tmp_path, events):
    offices = []

    def make(*, demo=False, state=tmp_path, **changes):
        settings = replace(SpotifySettings(loopback_port=free_port()), **changes)
        offices.append(Office(settings, state, put=events.put, demo=demo))
        return offices[-1]

    yield make
    for office in offices:
        office.close()
        office.close()


def test_house_without_spotify_opens_nothing(open_office, tmp_path):
    office = open_office(enabled=False, demo=True)
    office.start()
    assert office.parts is None
    assert office.furnish(None) is None
    assert list(tmp_path.iterdir()) == []


def test_demo_has_a_folder_and_speakers_of_its_own(open_office, tmp_path):
    office = open_office(demo=True)
    assert office.parts.hosts.accounts.startswith("http://127.0.0.1:")
    assert office.parts.settings.librespot.startswith("http://127.0.0.1:")
    assert (tmp_path / "demo" / "moodbox.db").exists()
    assert not (tmp_path / "moodbox.db").exists()


def test_real_spotify_is_the_real_one(open_office, tmp_path):
    office = open_office()
    assert office.parts.hosts.accounts == "https://accounts.spotify.com"
    assert (tmp_path / "moodbox.db").exists()


def test_folder_that_cannot_be_written_leaves_a_house_with_its_own_music(open_office, tmp_path, events):
    (tmp_path / "file").write_text("", encoding="utf-8")
    office = open_office(state=tmp_path / "file" / "state")
    office.start()
    raised = events.get_nowait()
    assert isinstance(raised, ProblemRaised)
    assert raised.problem.key == "spotify-storage"
    assert office.parts is None


def test_broken_database_is_put_aside_and_told(open_office, tmp_path, events):
    (tmp_path / "moodbox.db").write_bytes(b"this is no database" * 100)
    office = open_office()
    office.start()
    assert events.get_nowait().problem.key == "database"
    assert office.parts is not None


def test_notices_are_told_once_and_taken_back(open_office, events):
    office = open_office()
    first, second = Problem("spotify-expiry", "It ends", "Sign in"), Problem("spotify-speaker", "None", "Choose")
    office._tell((first, second))
    office._tell((first,))
    office._tell(())
    told = [events.get_nowait() for _ in range(events.qsize())]
    assert told == [
        ProblemRaised(first),
        ProblemRaised(second),
        ProblemSolved("spotify-speaker"),
        ProblemSolved("spotify-expiry"),
    ]
