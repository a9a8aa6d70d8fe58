"""The jukebox with its threads: the real composer, Spotify's real player, and a speaker with behaviour."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moodbox.events import Playback, PlaybackChanged, Sounding
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.jukebox import Jukebox
from moodbox.music.player import Player
from moodbox.music.spotify.player.gate import Gate
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.values import BudgetState, LoginState
from moodbox.settings import MusicSettings
from tests.fakes.short_pieces import short_take
from tests.fakes.sound_device import SoundDevice
from tests.fakes.spotify_music import Music, match
from tests.fakes.spotify_speaker import BOX, FakeSpeaker, trouble

SETTINGS = MusicSettings(seconds=60.0, soundfont="none.sf2")
SECONDS = 30.0  # longest wait on a busy machine


class Room:
    """A running jukebox and what it told."""

    def __init__(self, folder: Path, *, with_spotify: bool = True, wait_seconds: float = SECONDS) -> None:
        self.news: queue.SimpleQueue[PlaybackChanged] = queue.SimpleQueue()
        self.music = Music(folder, BOX)
        self.login = LoginState(linked=True)
        self.speaker = FakeSpeaker(BOX, time.monotonic, self.music.contexts)
        self.device = SoundDevice()
        self.jukebox = Jukebox(
            self._spotify if with_spotify else None,
            lambda tell: ComposerPlayer(SETTINGS, state=folder, on_change=tell, opener=self.device.open),
            on_change=self.news.put,
            wait_seconds=wait_seconds,
        )

    def _spotify(self, tell) -> SpotifyPlayer:
        def open_speaker(_choice, on_heard) -> FakeSpeaker:
            self.speaker.on_heard = on_heard
            return self.speaker

        budget = BudgetState(0, 300, 600)
        gate = Gate(self.music.shelf, lambda: self.login, lambda: budget)
        return SpotifyPlayer(
            self.music.shelf, open_speaker, self.music.write_lift, gate, lambda: budget, volume=0.6, tell=tell
        )

    def until(self, sounding: Sounding, player: str) -> Playback:
        end = time.monotonic() + SECONDS
        while True:
            playback = self.news.get(timeout=max(0.0, end - time.monotonic())).playback
            if (playback.sounding, playback.player) == (sounding, player):
                return playback

    def close(self) -> None:
        self.jukebox.close()
        self.music.database.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def test_evening_with_spotify_leaves_no_thread(tmp_path: Path):
    before = set(threading.enumerate())
    room = Room(tmp_path)
    player: Player = room.jukebox  # the protocol holds
    player.play(match("sad"), 1)
    assert room.until(Sounding.PREPARING, "spotify").why == "Asking Spotify."
    assert room.until(Sounding.PLAYING, "spotify").source == "Sad songs"
    assert player.state().player == "spotify"
    player.pause()
    room.until(Sounding.PAUSED, "spotify")
    player.resume()
    room.until(Sounding.PLAYING, "spotify")
    player.set_volume(0.9)
    while room.until(Sounding.PLAYING, "spotify").volume != 0.9:
        pass
    player.stop()
    room.until(Sounding.SILENT, "composer")
    room.close()
    room.close()
    assert not room.speaker.sounding
    assert set(threading.enumerate()) == before


def test_house_without_spotify_is_the_composers(tmp_path: Path):
    room = Room(tmp_path, with_spotify=False)
    room.jukebox.play(match("happy"), 1)
    playback = room.until(Sounding.PLAYING, "composer")
    assert (playback.why, playback.problems) == ("Because.", playback.problems)
    assert playback.piece is not None
    assert room.jukebox.composer.sound(playback.piece.key) is not None
    room.jukebox.next()
    room.until(Sounding.PLAYING, "composer")
    room.close()


def test_kept_piece_silences_spotify_and_plays_again(room: Room):
    room.jukebox.play(match("sad"), 1)
    room.until(Sounding.PLAYING, "spotify")
    take = short_take(3, "sad")
    room.jukebox.composer.library.add(take, plays=1)
    room.jukebox.play(replace(match("sad"), why="Again.", piece=take.key), 2)
    playback = room.until(Sounding.PLAYING, "composer")
    assert (playback.piece, playback.why) == (take.piece, "Again.")
    assert not room.speaker.sounding
    assert abs(room.device.pull(2.0)).max() > 0.01


def test_spotify_that_fails_is_replaced_and_comes_back_with_the_next_press(room: Room):
    room.speaker.fail("play", trouble("spotify-speaker"))
    room.jukebox.play(match("sad"), 1)
    playback = room.until(Sounding.PLAYING, "composer")
    assert playback.why == "Spotify is down, so here is music of the box's own."
    assert "spotify-speaker" in {problem.key for problem in playback.problems}
    assert abs(room.device.pull(3.0)).max() > 0.01
    room.jukebox.next()
    assert room.until(Sounding.PLAYING, "spotify").problems == ()
    room.device.pull(0.5)
    assert abs(room.device.pull(1.0)).max() == 0.0, "the composer is silent"


def test_spotify_that_hangs_costs_no_more_than_the_wait(tmp_path: Path):
    room = Room(tmp_path, wait_seconds=0.5)
    go = threading.Event()
    room.speaker.during = lambda name: go.wait(SECONDS) and None if name == "play" else None
    room.jukebox.play(match("sad"), 1)
    playback = room.until(Sounding.PLAYING, "composer")
    assert playback.why.startswith("Spotify does not answer")
    go.set()
    deadline = time.monotonic() + SECONDS
    while "pause" not in room.speaker.commands and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert not room.speaker.sounding
    room.close()


def test_next_that_fails_hands_over_to_the_composer(room: Room):
    room.jukebox.play(match("sad"), 1)
    room.until(Sounding.PLAYING, "spotify")
    room.speaker.fail("next")
    room.jukebox.next()
    playback = room.until(Sounding.PLAYING, "composer")
    assert playback.why.startswith("Spotify is down")
    assert not room.speaker.sounding


def test_mistake_of_ours_does_not_end_the_jukebox(room: Room, caplog: pytest.LogCaptureFixture):
    def broken() -> None:
        raise RuntimeError("a loose wire")

    room.jukebox._inbox.put(broken)
    room.jukebox.play(match("sad"), 1)
    room.until(Sounding.PLAYING, "spotify")
    assert "a loose wire" in caplog.text
