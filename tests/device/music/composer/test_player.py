"""The composer as a player, end to end: real composing, real sound, a clock that the test moves."""

from __future__ import annotations

import io
import queue
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from moodbox.events import Playback, PlaybackChanged, Problem, Programme, Sounding, Step, Strategy
from moodbox.mood import COORDINATES
from moodbox.music.composer.author import Author
from moodbox.music.composer.cellar import Cellar
from moodbox.music.composer.copyist import Copyist
from moodbox.music.composer.deck import AFTER, Deck
from moodbox.music.composer.library import Library
from moodbox.music.composer.live import KeptWave
from moodbox.music.composer.midi import read_midi
from moodbox.music.composer.output.outlet import Outlet
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.composer.register import Register
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.rack import Rack
from moodbox.music.composer.sound.sounder import Frames, Sounder
from moodbox.music.player import Player
from moodbox.settings import MusicSettings
from moodbox.store.database import Database
from tests.fakes.short_pieces import ShortAuthor
from tests.fakes.sound_device import SoundClock, SoundDevice

SETTINGS = MusicSettings(seconds=60.0, soundfont="none.sf2")  # the built-in sound: the same on every machine
SECONDS = 30.0  # longest wait for the worker on a busy machine


def programme(*labels: str) -> Programme:
    return Programme(tuple(Step(label, *COORDINATES[label]) for label in labels), Strategy.LIFT, "Because.")


class Bench:
    """A deck without its thread: the test turns it."""

    def __init__(
        self,
        state: Path,
        device: SoundDevice,
        settings: MusicSettings = SETTINGS,
        hire: Callable[[], Author] = Author,
        database: Database | None = None,
    ) -> None:
        self.clock, self.device = SoundClock(), device
        self.news: list[PlaybackChanged] = []
        self.tape = Tape(settings.volume * settings.ceiling)
        self.library = Library(
            Cellar(state / "pieces"),
            Register(database),
            Copyist(settings.soundfont, settings.loudness),
            keep=settings.keep,
            limit=settings.disk * 1_000_000,
        )
        self.rack = Rack(settings.soundfont)
        self.deck = Deck(
            settings,
            library=self.library,
            rack=self.rack,
            tape=self.tape,
            outlet=Outlet(settings.output, self.tape, self.clock, opener=device.open),
            clock=self.clock,
            on_change=self.news.append,
            hire=hire,
        )

    def turn_until(self, true: Callable[[Playback], bool], turns: int = 2000) -> Playback:
        for _ in range(turns):
            if true(self.deck.playback):
                return self.deck.playback
            self.deck.turn()
        raise AssertionError(f"after {turns} turns: {self.deck.playback}")

    def turn_idle(self) -> None:
        """Turn until nothing is left to make."""
        for _ in range(2000):
            if self.deck.turn() > 0.0:
                return
        raise AssertionError("the deck never rests")

    def playing(self) -> Playback:
        return self.turn_until(lambda playback: playback.sounding is Sounding.PLAYING)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Bench]:
    """A deck on a machine without a sound device."""
    bench = Bench(tmp_path, SoundDevice(connected=False))
    yield bench
    bench.deck.close()


@pytest.fixture
def loud(tmp_path: Path) -> Iterator[Bench]:
    """A deck on a machine with one."""
    bench = Bench(tmp_path, SoundDevice())
    yield bench
    bench.deck.close()


def test_play_prepares_at_once_plays_with_the_first_seconds_and_keeps_the_piece(alone: Bench) -> None:
    alone.deck.play(programme("happy"), 3)
    assert alone.news[-1].playback.sounding is Sounding.PREPARING
    playback = alone.playing()
    assert alone.news[-1].run == 3
    assert playback.piece is not None
    assert playback.piece.label == "happy"
    assert playback.why == "Because."
    assert playback.output == "this page only"
    assert {problem.key for problem in playback.problems} == {"sound", "synth"}
    assert not playback.audible
    job = alone.deck.job_of(playback.piece.key)
    assert job is not None
    assert job.take is not None
    assert 0 < job.take.ready < job.take.total, "the page hears it while it grows"
    alone.turn_idle()
    assert alone.library.wave(playback.piece.key) is not None


def test_device_plays_from_the_first_seconds_before_the_piece_is_complete(loud: Bench) -> None:
    loud.deck.play(programme("happy"), 1)
    playback = loud.playing()
    assert playback.output == "Fake Speaker"
    assert playback.audible
    assert playback.piece is not None
    assert loud.library.wave(playback.piece.key) is None
    assert np.abs(loud.device.pull(3.0)).max() > 0.01
    loud.turn_idle()
    assert loud.library.wave(playback.piece.key) is not None


def test_programme_is_walked_piece_by_piece_and_stays_on_its_last_step(alone: Bench) -> None:
    alone.deck.play(programme("sad", "neutral"), 1)
    seen = []
    for _ in range(3):
        playback = alone.playing()
        assert playback.piece is not None
        seen.append((playback.step, playback.piece.label, playback.piece.key))
        alone.turn_idle()
        alone.clock.advance(playback.piece.seconds + 0.1)
        key = playback.piece.key
        alone.turn_until(lambda now, key=key: now.piece is not None and now.piece.key != key)  # type: ignore[misc]  # mypy cannot type a default of a lambda
    assert [(step, label) for step, label, _ in seen] == [(0, "sad"), (1, "neutral"), (1, "neutral")]
    assert len({key for _, _, key in seen}) == 3


def test_next_goes_over_in_one_turn_when_the_next_piece_is_ready(loud: Bench) -> None:
    loud.deck.play(programme("sad", "happy"), 1)
    loud.playing()
    loud.turn_idle()
    loud.device.pull(1.0)
    loud.deck.next()
    loud.deck.turn()
    playback = loud.deck.playback
    assert (playback.sounding, playback.step) == (Sounding.PLAYING, 1)
    assert playback.piece is not None
    assert playback.piece.label == "happy"


def test_next_asked_early_goes_over_as_soon_as_it_can_and_the_present_piece_plays_on(loud: Bench) -> None:
    loud.deck.play(programme("sad", "happy"), 1)
    loud.playing()
    loud.deck.next()
    loud.deck.turn()
    assert loud.deck.playback.sounding is Sounding.PLAYING
    assert loud.deck.playback.step == 0
    loud.turn_until(lambda playback: playback.step == 1)


def test_new_programme_while_preparing_supersedes_the_old_one(alone: Bench) -> None:
    alone.deck.play(programme("sad"), 1)
    for _ in range(5):
        alone.deck.turn()
    alone.deck.play(programme("happy"), 2)
    playback = alone.playing()
    assert playback.piece is not None
    assert playback.piece.label == "happy"
    assert [news.run for news in alone.news if news.playback.sounding is Sounding.PLAYING] == [2]
    assert Sounding.SILENT not in [news.playback.sounding for news in alone.news]


def test_pause_keeps_the_place_and_resume_goes_on(alone: Bench) -> None:
    alone.deck.play(programme("happy"), 1)
    alone.playing()
    alone.turn_idle()
    alone.clock.advance(10.0)
    alone.deck.turn()
    alone.deck.pause()
    assert alone.deck.playback.sounding is Sounding.PAUSED
    assert alone.deck.playback.position == pytest.approx(10.0, abs=0.01)
    alone.clock.advance(100.0)
    alone.deck.turn()
    alone.deck.resume()
    assert alone.deck.playback.sounding is Sounding.PLAYING
    assert alone.deck.playback.position == pytest.approx(10.0, abs=0.01)


def test_pause_while_preparing_lays_the_piece_ready_in_silence(loud: Bench) -> None:
    loud.deck.play(programme("happy"), 1)
    loud.deck.pause()
    loud.turn_until(lambda playback: playback.sounding is Sounding.PAUSED)
    assert np.abs(loud.device.pull(1.0)).max() == 0.0
    loud.deck.resume()
    assert np.abs(loud.device.pull(4.0)).max() > 0.01


def test_stop_is_silent_within_200_ms_and_gives_the_device_back(loud: Bench) -> None:
    loud.deck.play(programme("angry"), 1)
    loud.playing()
    assert np.abs(loud.device.pull(3.0)).max() > 0.01
    loud.deck.stop()
    assert loud.deck.playback.sounding is Sounding.SILENT
    heard = loud.device.pull(0.3)
    assert np.abs(heard[8820:]).max() == 0.0
    loud.turn_idle()
    assert loud.device.closed == 0
    loud.clock.advance(61.0)
    loud.deck.turn()
    assert loud.device.closed == 1
    loud.deck.play(programme("happy"), 2)
    loud.playing()
    assert loud.device.opened == 2


def test_device_that_vanishes_is_a_problem_and_the_piece_goes_on(loud: Bench) -> None:
    loud.deck.play(programme("happy"), 1)
    loud.playing()
    loud.device.pull(2.0)
    loud.device.connected = False
    loud.deck.turn()
    playback = loud.deck.playback
    assert playback.sounding is Sounding.PLAYING
    assert playback.output == "this page only"
    assert "sound" in {problem.key for problem in playback.problems}
    loud.device.connected = True
    loud.turn_idle()
    loud.deck.next()
    loud.turn_until(lambda now: now.output == "Fake Speaker")
    assert "sound" not in {problem.key for problem in loud.deck.playback.problems}


def test_folder_that_cannot_be_written_still_plays_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "pieces").write_text("in the way")
    bench = Bench(tmp_path, SoundDevice(connected=False))
    bench.deck.play(programme("happy"), 1)
    playback = bench.playing()
    bench.turn_idle()
    assert "disk" in {problem.key for problem in bench.deck.playback.problems}
    assert playback.piece is not None
    assert bench.library.find(playback.piece.key) is None
    bench.deck.close()


class Broken:
    """A sounder whose insides fail."""

    name = "broken"

    def blocks(self, score: Score) -> Iterator[Frames]:
        raise RuntimeError("the reverb caught fire")

    def close(self) -> None:
        pass


class BrokenRack(Rack):
    """A rack that holds the broken sounder first."""

    def sounder(self) -> Sounder:
        if self._sounder is None:
            self._sounder = Broken()
        return self._sounder


def test_sounder_that_fails_is_replaced_by_the_built_in_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SoundDevice())
    bench.deck._rack = bench.rack = BrokenRack("")
    bench.deck.play(programme("happy"), 1)
    playback = bench.playing()
    assert "the reverb caught fire" in next(p.cause for p in playback.problems if p.key == "synth")
    bench.deck.close()


@pytest.mark.parametrize(("asked", "kept"), [(0.3, 0.3), (7.0, 1.0), (-1.0, 0.0), (float("nan"), SETTINGS.volume)])
def test_volume_stays_within_its_range(alone: Bench, asked: float, kept: float) -> None:
    alone.deck.set_volume(asked)
    assert alone.deck.playback.volume == kept


def test_ceiling_holds_at_full_volume(loud: Bench) -> None:
    loud.deck.set_volume(1.0)
    loud.deck.play(programme("angry"), 1)
    loud.playing()
    assert np.abs(loud.device.pull(7.0)).max() <= SETTINGS.ceiling


def test_controls_before_anything_plays_do_nothing(alone: Bench) -> None:
    for control in (alone.deck.pause, alone.deck.resume, alone.deck.next, alone.deck.stop):
        control()
        alone.deck.turn()
    assert alone.deck.playback.sounding is Sounding.SILENT


# --- kept pieces -------------------------------------------------------------------------------------------------


@pytest.fixture
def short(tmp_path: Path) -> Iterator[Bench]:
    """A deck whose pieces last a few seconds, with a database."""
    database = Database(tmp_path / "moodbox.db")
    bench = Bench(tmp_path, SoundDevice(connected=False), hire=ShortAuthor, database=database)
    yield bench
    bench.deck.close()
    database.close()


def again(key: str, label: str = "sad") -> Programme:
    return Programme((Step(label, *COORDINATES[label]),), Strategy.MATCH, "You asked for it.", key)


def heard_key(bench: Bench) -> str:
    piece = bench.playing().piece
    assert piece is not None
    bench.turn_idle()
    return piece.key


def after(bench: Bench, key: str) -> Playback:
    """Let the piece end and the next one begin."""
    piece = bench.deck.playback.piece
    assert piece is not None
    bench.clock.advance(piece.seconds + 0.1)
    return bench.turn_until(lambda now: now.piece is not None and now.piece.key != key)


def test_piece_is_kept_and_counted_while_it_plays_and_the_next_is_ready(short: Bench) -> None:
    short.deck.play(programme("sad", "happy"), 1)
    playback = short.playing()
    assert playback.piece is not None
    kept = short.library.find(playback.piece.key)
    while kept is None:
        short.deck.turn()
        kept = short.library.find(playback.piece.key)
    assert (kept.plays, kept.label, kept.composer) == (1, "sad", "short")
    short.turn_idle()
    assert [piece.key for piece in short.library.shelf().pieces] == [kept.key], "what nobody heard is not offered"
    assert short.deck._then is not None
    assert short.deck._then.take is not None
    following = short.library.find(short.deck._then.take.key)
    assert following is not None
    assert (following.plays, following.label) == (0, "happy")
    ready = short.deck.job_of(following.key)
    assert ready is not None
    assert ready.take is not None
    midi = b"".join(short.library.midi(following.key).body)
    assert read_midi(midi) == ready.take.score == short.library.score(following.key)
    assert after(short, kept.key).piece == ready.take.piece
    counted = short.library.find(following.key)
    assert counted is not None
    assert counted.plays == 1


def test_new_piece_that_nobody_heard_is_not_kept(short: Bench) -> None:
    short.deck.play(programme("sad"), 1)
    key = heard_key(short)
    assert short.deck._then is not None
    assert short.deck._then.take is not None
    waiting = short.deck._then.take.key
    assert short.library.find(waiting) is not None
    short.deck.stop()
    assert short.library.find(waiting) is None
    assert [piece.key for piece in short.library.shelf().pieces] == [key]


@pytest.mark.parametrize("cached", [True, False], ids=["kept sound", "sounded again"])
def test_kept_piece_plays_again_and_then_new_ones_of_its_mood(short: Bench, *, cached: bool) -> None:
    short.deck.play(programme("sad"), 1)
    key = heard_key(short)
    first = short.deck.job_of(key)
    assert first is not None
    assert first.take is not None
    short.deck.stop()
    if not cached:
        (short.library._cellar._folder / f"{key}.flac").unlink()
    short.deck.play(again(key), 2)
    playback = short.playing()
    assert playback.piece == first.take.piece
    assert (playback.why, short.news[-1].run) == ("You asked for it.", 2)
    short.turn_idle()
    job = short.deck.job_of(key)
    assert job is not None
    assert job.take is not None
    exact = np.rint(first.take.samples * np.float32(first.take.trim))
    assert np.abs(np.rint(job.take.samples * np.float32(job.take.trim)) - exact).max() <= 1
    assert short.library.wave(key) is not None
    kept = short.library.find(key)
    assert kept is not None
    assert kept.plays == 2
    new = after(short, key)
    assert new.piece is not None
    assert (new.piece.label, new.why) == ("sad", AFTER)
    short.deck.stop()
    assert short.library.find(key) is not None


def test_next_leaves_the_piece_that_was_asked_for(short: Bench) -> None:
    short.deck.play(programme("sad"), 1)
    key = heard_key(short)
    short.deck.play(again(key), 2)
    heard_key(short)
    short.deck.next()
    short.turn_until(lambda now: now.piece is not None and now.piece.key != key)
    assert short.deck.playback.why == AFTER


def test_piece_that_is_gone_gives_a_new_one_of_its_mood_and_says_why(short: Bench) -> None:
    short.deck.play(again("0123456789abcdef", "angry"), 1)
    playback = short.playing()
    assert playback.piece is not None
    assert playback.piece.label == "angry"
    assert playback.why == AFTER
    assert [problem.cause for problem in playback.problems if problem.key == "piece"] == [
        "This piece is not kept any more, so a new one of its mood plays"
    ]
    short.deck.play(programme("sad"), 2)
    short.playing()
    assert "piece" not in {problem.key for problem in short.deck.playback.problems}


def test_deleted_piece_that_plays_goes_on_from_memory(short: Bench) -> None:
    short.deck.play(programme("sad"), 1)
    playback = short.playing()
    assert playback.piece is not None
    short.turn_idle()
    short.library.delete(playback.piece.key)
    short.clock.advance(1.0)
    short.turn_idle()
    assert short.deck.playback.sounding is Sounding.PLAYING
    assert short.deck.playback.piece == playback.piece
    assert short.library.find(playback.piece.key) is None
    assert short.deck.playback.problems == playback.problems
    after(short, playback.piece.key)
    assert short.library.find(playback.piece.key) is None


def test_piece_deleted_while_it_is_made_stays_deleted(short: Bench) -> None:
    short.deck.play(programme("sad"), 1)
    playback = short.playing()
    assert playback.piece is not None
    while short.library.find(playback.piece.key) is None:
        short.deck.turn()
    short.library.delete(playback.piece.key)
    short.turn_idle()
    assert short.library.find(playback.piece.key) is None
    assert playback.piece.key not in {path.stem for path in short.library._cellar._folder.iterdir()}


class Hesitant(ShortAuthor):
    """An author who writes, but not as it should."""

    def __init__(self) -> None:
        super().__init__()
        self.problem = Problem("composer", "The model is broken", "Install it again")


def test_trouble_of_the_author_is_said(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SoundDevice(connected=False), hire=Hesitant)
    bench.deck.play(programme("sad"), 1)
    assert Hesitant().problem in bench.playing().problems
    bench.deck.close()


# --- with its thread ---------------------------------------------------------------------------------------------


def until_kept(player: ComposerPlayer, key: str) -> KeptWave:
    """Wait for the sound that the player's own thread is about to write."""
    end = time.monotonic() + SECONDS
    while (wave := player.library.wave(key)) is None:
        assert time.monotonic() < end
        threading.Event().wait(0.02)
    return wave


class News(queue.Queue[PlaybackChanged]):
    """What a player said, to wait for."""

    def until(self, sounding: Sounding, run: int) -> Playback:
        while True:
            said = self.get(timeout=SECONDS)
            if said.playback.sounding is sounding and said.run == run:
                return said.playback


def test_player_plays_pauses_goes_on_and_stops_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    news = News()
    clock = SoundClock()
    player = ComposerPlayer(
        SETTINGS, state=tmp_path, on_change=news.put, clock=clock, opener=SoundDevice(connected=False).open
    )
    same: Player = player  # the protocol holds
    same.play(programme("sad", "happy"), 1)
    news.until(Sounding.PREPARING, 1)
    playback = news.until(Sounding.PLAYING, 1)
    assert playback.piece is not None
    assert until_kept(player, playback.piece.key).size > 10_000_000
    same.next()
    assert news.until(Sounding.PLAYING, 1).step == 1
    same.pause()
    news.until(Sounding.PAUSED, 1)
    same.resume()
    news.until(Sounding.PLAYING, 1)
    same.play(programme("angry"), 2)
    news.until(Sounding.PLAYING, 2)
    same.set_volume(0.25)
    assert news.until(Sounding.PLAYING, 2).volume == 0.25
    same.stop()
    news.until(Sounding.SILENT, 2)
    assert player.state().sounding is Sounding.SILENT
    player.close()
    player.close()
    assert set(threading.enumerate()) == before
    assert list((tmp_path / "pieces").glob(".*")) == []


def test_page_that_asks_early_hears_the_piece_as_it_grows_and_later_gets_the_file(tmp_path: Path) -> None:
    news, device = News(), SoundDevice()
    player = ComposerPlayer(SETTINGS, state=tmp_path, on_change=news.put, opener=device.open)
    player.play(programme("sad"), 1)
    playback = news.until(Sounding.PLAYING, 1)
    assert playback.piece is not None
    growing = player.sound(playback.piece.key)
    assert growing is not None
    heard = b"".join(growing.between(0, growing.size))
    assert len(heard) == growing.size
    with wave.open(io.BytesIO(heard)) as sound:
        assert sound.getnframes() == round(playback.piece.seconds * sound.getframerate())
    assert until_kept(player, playback.piece.key).size == growing.size
    kept = player.sound(playback.piece.key)
    assert isinstance(kept, KeptWave)
    assert b"".join(kept.between(0, 44)) == heard[:44]
    assert player.sound("../../etc/passwd") is None
    assert player.sound("another") is None
    player.close()


def test_listener_that_fails_does_not_stop_the_player(tmp_path: Path) -> None:
    news = News()

    def listen(said: PlaybackChanged) -> None:
        news.put(said)
        if said.playback.sounding is Sounding.PREPARING:
            raise RuntimeError("a listener of the test")

    player = ComposerPlayer(SETTINGS, state=tmp_path, on_change=listen, opener=SoundDevice(connected=False).open)
    player.play(programme("sad"), 1)
    news.until(Sounding.PLAYING, 1)
    player.close()
