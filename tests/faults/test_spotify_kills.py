"""kill -9 while the token is renewed and playlists are written: sign-in and database whole, never two of a playlist."""

import multiprocessing
import os
import random
import sqlite3
import threading
import time

import pytest

from bench.household import agree, free_port
from moodbox.mood import COORDINATES
from moodbox.music.spotify.link.token_file import Lapsed, Token, TokenFile
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.values import FEATURE_SCOPES, SCOPES, Feature
from moodbox.settings import SpotifySettings
from moodbox.standin.standin import Standin
from tests.faults import spotify_box

KILLS = int(os.environ.get("MOODBOX_KILLS", "25"))  # `make kills` does 200
KINDS = ("lift", "happy", "sad")
STEP = 7_200.0  # seconds between two lives, so that the day's budget lasts
EVERY_SCOPE = (*SCOPES, *(scope for feature in Feature for scope in FEATURE_SCOPES[feature]))


@pytest.fixture(scope="module")
def processes():
    """Return what makes processes: forked from a clean server that has everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.spotify_box"])
    return context


def sign_in(spotify, parts):
    parts.login.finish("browser", agree(parts.login.begin("browser", spotify.client_id, EVERY_SCOPE).url))


def settle(spotify, parts):
    sign_in(spotify, parts)
    parts.account()
    parts.shelf.meet_playlists(parts.api.own_playlists(), "library", whole_library=True)
    own = [one.uri for one in parts.shelf.library() if one.owned and (one.total or 0) >= 10]
    for number, label in enumerate(COORDINATES):
        parts.shelf.choose(label, [own[number % len(own)]])
    parts.refresh.read("happy")


def live_and_die(processes, spotify, state, number, chance):
    """Let a box live for a moment that is left to chance, and kill it; returns what it complained of."""
    hear, say = processes.Pipe(duplex=False)
    process = processes.Process(
        target=spotify_box.live, args=(spotify.hosts, state, number, number * STEP, say), daemon=True
    )
    process.start()
    say.close()
    try:
        assert hear.poll(60)
        assert hear.recv() == "ready"
        threading.Event().wait(chance.uniform(0.0, 0.35))
    finally:
        process.kill()
        process.join(30)
    assert process.exitcode == -9
    complaints = []
    while hear.poll():
        try:
            complaints.append(hear.recv())
        except EOFError:
            break
    hear.close()
    return complaints


def marked(spotify, parts):
    """Count the playlists of each kind by the mark that stands in them."""
    counts = {}
    for kind in KINDS:
        made = parts.shelf.made(kind)
        there = [one for one in spotify.world.playlists.values() if made and made.mark in one.description]
        counts[kind] = len(there)
    everything = [one for one in spotify.world.playlists.values() if one.description.startswith("Made by Moodbox")]
    assert len(everything) == sum(counts.values()), "a playlist was made that nobody remembers"
    return counts


def vanish(world):
    """Let the box's playlists disappear from the account, so that they have to be made again."""
    with world.lock:
        for playlist in [one for one in world.playlists.values() if one.description.startswith("Made by Moodbox")]:
            world.followed.remove(playlist.uri)
            del world.playlists[playlist.uri]


@pytest.mark.timeout(900)
def test_killed_box_keeps_its_login_its_database_and_one_playlist_of_each_kind(processes, tmp_path):
    chance, lost, complaints = random.Random(1), 0, []
    state = tmp_path / "state"
    with Standin(local_speakers=False) as spotify:
        with Parts(SpotifySettings(loopback_port=free_port()), state, spotify.hosts) as parts:
            settle(spotify, parts)
        for number in range(1, KILLS + 1):
            complaints += live_and_die(processes, spotify, state, number, chance)
            record = TokenFile(state / "spotify").read()
            assert isinstance(record, Token | Lapsed), "the token file is gone or torn"
            assert (state / "spotify" / "token.json").stat().st_mode & 0o777 == 0o600
            with sqlite3.connect(state / "moodbox.db") as database:
                assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            database.close()
            with Parts(
                SpotifySettings(loopback_port=free_port()),
                state,
                spotify.hosts,
                clock=lambda number=number: time.time() + number * STEP,
            ) as parts:
                assert max(marked(spotify, parts).values()) <= 1
                assert all(parts.shelf.mood_playlists(label) for label in COORDINATES), "a choice is lost"
                if isinstance(record, Lapsed):  # killed between Spotify's rotation and the save: nothing can help that
                    lost += 1
                    assert record.why == "lost"
                    sign_in(spotify, parts)
                if number % 3 == 0:
                    vanish(spotify.world)
        made = sum((call.method, call.path) == ("POST", "/me/playlists") for call in spotify.calls)
        written = sum(call.method == "PUT" and call.path.endswith("/items") for call in spotify.calls)
    assert made > len(KINDS)
    assert written > KILLS / 3
    print(f"{KILLS} kills, {made} playlists made, {written} written, {lost} sign-ins lost with their answer")
    print(f"complaints: {sorted(set(complaints)) or 'none'}")
    torn = [words for words in complaints if not words.startswith(("spotify-login", "spotify-playlist"))]
    assert not torn
