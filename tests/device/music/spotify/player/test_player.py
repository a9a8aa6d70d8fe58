"""Spotify's player with its thread: nobody waits, and every start is answered once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from moodbox.events import Playback, PlaybackChanged, Sounding
from moodbox.music.spotify.player.gate import Gate
from moodbox.music.spotify.player.news import Failed, Outcome
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.values import BudgetState, LoginState, SpeakerChoice
from tests.fakes.spotify_music import Music, match, tracks
from tests.fakes.spotify_speaker import BOX, KITCHEN, FakeSpeaker, trouble

SECONDS = 10.0  # longest wait on a busy machine


class Room:
    """A running player, its speakers and its news."""

    def __init__(self, folder: Path, choice: SpeakerChoice = BOX) -> None:
        self.music = Music(folder, choice)
        self.news: queue.SimpleQueue[PlaybackChanged | Failed] = queue.SimpleQueue()
        self.outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.speakers: dict[str, FakeSpeaker] = {}
        budget = BudgetState(0, 300, 600)
        self.player = SpotifyPlayer(
            self.music.shelf,
            self.open,
            self.music.write_lift,
            Gate(self.music.shelf, lambda: LoginState(linked=True), lambda: budget),
            lambda: budget,
            volume=0.6,
            tell=self.news.put,
        )

    def open(self, choice, on_heard) -> FakeSpeaker:
        speaker = FakeSpeaker(choice, time.monotonic, self.music.contexts, on_heard)
        self.speakers[choice.name] = speaker
        return speaker

    def start(self, label: str = "sad", run: int = 1, seconds: float = SECONDS) -> None:
        self.player.start(match(label), run, time.monotonic() + seconds, self.outcomes.put)

    def until(self, sounding: Sounding) -> Playback:
        while True:
            said = self.news.get(timeout=SECONDS)
            if isinstance(said, PlaybackChanged) and said.playback.sounding is sounding:
                return said.playback

    def failed(self) -> Failed:
        while True:
            said = self.news.get(timeout=SECONDS)
            if isinstance(said, Failed):
                return said

    def outcome(self) -> Outcome:
        return self.outcomes.get(timeout=SECONDS)

    def close(self) -> None:
        self.player.close()
        self.music.database.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def hang(speaker: FakeSpeaker, name: str) -> tuple[threading.Event, threading.Event]:
    """Let a command wait until the test lets it go."""
    begun, go = threading.Event(), threading.Event()

    def during(command: str) -> None:
        if command == name:
            begun.set()
            go.wait(SECONDS)

    speaker.during = during
    return begun, go


def opened(room: Room, name: str = "Box") -> FakeSpeaker:
    room.start()
    assert room.outcome().error is None
    return room.speakers[name]


def test_story_of_an_evening_leaves_no_thread(tmp_path: Path):
    before = set(threading.enumerate())
    room = Room(tmp_path)
    room.start()
    assert room.outcome() == Outcome(1)
    assert room.until(Sounding.PLAYING).source == "Sad songs"
    assert room.player.state().sounding is Sounding.PLAYING
    assert room.player.track() == tracks("sad")[0]
    assert room.player.label() == "sad"
    room.player.pause()
    room.until(Sounding.PAUSED)
    room.player.resume()
    room.until(Sounding.PLAYING)
    room.player.set_volume(1.0)
    while room.until(Sounding.PLAYING).volume != 1.0:
        pass
    room.player.stop()
    room.until(Sounding.SILENT)
    room.close()
    room.close()
    assert room.speakers["Box"].closed
    assert set(threading.enumerate()) == before


def test_news_of_the_speaker_wake_the_worker(room: Room):
    speaker = opened(room)
    speaker.app_pauses()
    room.until(Sounding.PAUSED)


def test_closing_falls_silent(room: Room):
    speaker = opened(room)
    room.player.close()
    assert not speaker.sounding


def test_start_that_was_given_up_while_it_hung_is_undone(room: Room):
    speaker = opened(room)
    begun, go = hang(speaker, "play")
    room.start("happy", run=2)
    assert begun.wait(SECONDS)
    room.player.stop()
    go.set()
    outcome = room.outcome()
    assert outcome.run == 2
    assert outcome.error is not None
    room.until(Sounding.SILENT)
    assert not speaker.sounding
    assert speaker.commands.count("play") == 2


def test_newer_start_supersedes_one_that_waits(room: Room):
    speaker = opened(room)
    begun, go = hang(speaker, "play")
    room.start("happy", run=2)
    assert begun.wait(SECONDS)
    room.start("neutral", run=3)
    room.start("sad", run=4)
    go.set()
    outcomes = [room.outcome() for _ in range(3)]
    assert [(outcome.run, outcome.error is None) for outcome in outcomes] == [(2, False), (3, False), (4, True)]
    assert speaker.commands.count("play") == 3
    assert speaker.sounding


def test_start_that_waited_too_long_in_the_queue_sends_nothing(room: Room):
    speaker = opened(room)
    room.player.stop()
    room.start("happy", run=2, seconds=-1.0)
    outcome = room.outcome()
    assert outcome.error is not None
    assert outcome.error.key == "spotify-busy"
    assert speaker.commands.count("play") == 1


def test_failed_start_tells_why(room: Room):
    speaker = opened(room)
    speaker.fail("play", trouble("spotify-premium"))
    room.start(run=2)
    error = room.outcome().error
    assert error is not None
    assert error.key == "spotify-premium"
    room.until(Sounding.SILENT)
    assert not speaker.sounding, "what played before is over too"


def test_mistake_of_ours_is_told_and_survived(room: Room, caplog: pytest.LogCaptureFixture):
    speaker = opened(room)

    def burst(_name: str) -> None:
        raise RuntimeError("a loose wire")

    speaker.during = burst
    room.start(run=2)
    error = room.outcome().error
    assert error is not None
    assert error.cause == "The Spotify player stumbled"
    assert "a loose wire" in caplog.text
    speaker.during = lambda _: None
    room.start(run=3)
    assert room.outcome().error is None


def test_failure_in_the_middle_is_told_with_its_run(room: Room):
    speaker = opened(room)
    speaker.fail("next", trouble("spotify-speaker"))
    room.player.next()
    failed = room.failed()
    assert (failed.run, failed.error.key) == (1, "spotify-speaker")
    assert not speaker.sounding


def test_giving_way_tells_when_it_is_silent_or_why_not(room: Room):
    speaker = opened(room)
    speaker.fail("pause", trouble("spotify-offline"))
    room.player.give_way(1, room.outcomes.put)
    refused = room.outcome()
    assert refused.sounds
    assert refused.error is not None
    room.player.give_way(1, room.outcomes.put)
    assert room.outcome() == Outcome(1)
    assert not speaker.sounding


def test_forgetting_waits_until_it_is_silent(room: Room):
    speaker = opened(room)
    room.player.forget()
    assert not speaker.sounding
    assert speaker.closed
    assert room.player.state().sounding is Sounding.SILENT


def test_kitchen_instead(room: Room):
    box = opened(room)
    room.music.shelf.prefer(speaker=KITCHEN)
    room.player.use(KITCHEN)
    while room.until(Sounding.PLAYING).output != "Kitchen":
        pass
    assert not box.sounding
    assert room.speakers["Kitchen"].sounding


def test_what_is_forbidden_now_is_skipped_now(room: Room):
    opened(room)
    track = room.player.track()
    assert track is not None
    room.music.shelf.forbid("sad", track.uri, track.title)
    room.player.look_again()
    while (piece := room.until(Sounding.PLAYING).piece) is None or piece.title != "sad-1":
        pass
