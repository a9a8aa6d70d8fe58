"""kill -9 while playlists are made and lifts are written: one playlist of each kind, and a whole database."""

import sqlite3
import threading
import time

import pytest

from moodbox.standin.faults import Fault, FaultKind
from moodbox.standin.standin import Standin
from tests.fakes.purse import EVERY_SCOPE
from tests.fakes.workbench import Workbench
from tests.faults import spotify_writer

DAY = 86_400.0


class Ahead:
    """The real clock, with the days that a test lets pass."""

    def __init__(self):
        self.days = 0.0

    def __call__(self):
        return time.time() + self.days * DAY


@pytest.fixture
def spotify():
    with Standin(Ahead(), local_speakers=False) as spotify:
        yield spotify


def check(state):
    with sqlite3.connect(state / "moodbox.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/me/playlists"), ("PUT", "/playlists/"), ("GET", "/me/playlists"), ("GET", "/search")],
)
def test_a_writer_that_is_killed_while_spotify_answers_leaves_one_playlist(spotify, tmp_path, method, path, after):
    """The worst moments of all, one by one: the call has had its effect or not, and its answer never comes."""
    fault = spotify.faults.add(Fault(FaultKind.SLOW, path=path, method=method, after=after, seconds=60))
    token = spotify.world.grant(EVERY_SCOPE)["access_token"]
    writer = spotify_writer.start(spotify.hosts.api, token, tmp_path, seed=1)
    deadline = time.monotonic() + 60
    while not fault.met and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    there = [one for one in spotify.world.playlists.values() if "Made by Moodbox" in one.description]
    writer.kill()
    assert writer.communicate(timeout=30)[1] == ""
    assert fault.met
    spotify.faults.clear()
    check(tmp_path)
    spotify.world.clock.days = 1
    bench = Workbench(spotify, tmp_path, spotify.world.clock)
    bench.workshop.make("happy")
    assert len(bench.tracks("happy")) > 5
    made = [one for one in spotify.world.playlists.values() if "Made by Moodbox" in one.description]
    assert made[-1:] == (there or made)[-1:]
    assert len(made) == 1
    bench.close()
