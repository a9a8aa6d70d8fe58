"""A house of Spotify's parts and the composer on a stand-in, whose time can be turned: for the fault matrix."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.household import agree, free_port
from moodbox.events import Playback, PlaybackChanged, Sounding, Strategy
from moodbox.mood import COORDINATES, mood_by_hand
from moodbox.music.composer.player import ComposerPlayer
from moodbox.music.jukebox import Jukebox
from moodbox.music.planner import plan
from moodbox.music.spotify.made.mark import description
from moodbox.music.spotify.parts import Parts
from moodbox.music.spotify.room import SpotifyRoom
from moodbox.music.spotify.values import Feature, Purpose, SpeakerChoice, SpeakerKind
from moodbox.page.spotify.desk import Job
from moodbox.settings import MusicSettings, SpotifySettings
from moodbox.standin.standin import Standin

PATIENCE = 3.0  # seconds from a press to music
OVERLAP = 0.5  # seconds that both may sound: a command takes its time
MADE = ("happy", "sad")  # moods that have a playlist of the box's own
FEATURES = tuple(Feature)


class Rig:
    """One house. Its clocks are the machine's and what was turned; the stand-in's is the machine's."""

    def __init__(self, folder: Path) -> None:
        self._passed = 0.0  # seconds that were let go by
        self._wrong = 0.0  # seconds by which the wall clock is wrong
        self.was_linked = False
        self._run = 0
        self._news = threading.Condition()
        self._playback = Playback()
        self._ending = threading.Event()
        self._overlap = 0.0  # seconds at most that Spotify and the composer sounded together
        self.standin = Standin(local_speakers=False).start()
        settings = SpotifySettings(loopback_port=free_port())
        self.parts = Parts(settings, folder, self.standin.hosts, clock=self.clock, monotonic=self.monotonic)
        music = MusicSettings(output="none", seconds=60.0, keep=2)
        self.jukebox = Jukebox(
            lambda tell: self.parts.player(music.volume, tell),
            lambda tell: ComposerPlayer(music, state=folder, on_change=tell),
            on_change=self._hear,
            wait_seconds=settings.wait_seconds,
            monotonic=self.monotonic,
        )
        player = self.jukebox.spotify
        if player is None:
            raise RuntimeError("a rig without Spotify")
        self.room = SpotifyRoom(self.parts, player, demo=True, tell=lambda _: None)
        self.room.start()
        self._listener = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._listener.join(5.0)
        self.standin.faults.clear()
        self.jukebox.close()
        self.room.close()
        self.standin.close()

    def clock(self) -> float:
        """Tell the house's wall clock."""
        return time.time() + self._passed + self._wrong

    def monotonic(self) -> float:
        """Tell the house's monotonic clock."""
        return time.monotonic() + self._passed

    def turn(self, seconds: float) -> None:
        """Let time go by."""
        self._passed += seconds

    def set_clock(self, wrong: float) -> None:
        """Set the wall clock wrong by some seconds."""
        self._wrong = wrong

    # --- what is done -----------------------------------------------------------------------------------------

    def settle_in(self, *, linked: bool, made: bool = False) -> None:
        """Choose a speaker and playlists, have two `made`; without `linked` sign out again but keep all that."""
        self.link()
        self.wait_for_job("refresh", 30.0)
        api, shelf = self.parts.api.for_(Purpose.PAGE), self.parts.shelf
        own = [one for one in shelf.library() if one.owned and (one.total or 0) >= 10]
        for number, label in enumerate(COORDINATES):
            shelf.choose(label, [own[number % len(own)].uri])
        self.parts.refresh.read("happy")
        for label in MADE if made else ():
            self.parts.workshop.make(label)
        self.parts.workshop.write_lift([track.uri for track in shelf.tracks(own[0].uri)][:9])
        device = next(one for one in api.devices() if one.name == "Kitchen")
        shelf.prefer(speaker=SpeakerChoice(SpeakerKind.CONNECT, device.id, device.name), market="DE")
        if not linked:
            self.parts.login.disconnect()
        self.was_linked = linked

    def link(self) -> None:
        """Sign in as an owner does; raises MoodboxError."""
        self.finish(self.agree())

    def agree(self) -> str:
        """Begin to sign in and agree at Spotify; returns the address that the browser lands on."""
        return agree(self.room.begin_link("browser", self.standin.client_id, FEATURES).url)

    def finish(self, landed: str) -> None:
        """Paste that address; raises MoodboxError."""
        self.room.finish_link("browser", landed)

    def press(self) -> tuple[Playback, float]:
        """Press, and return what plays and after how many seconds; stops what played before."""
        self.jukebox.stop()
        self.settle()
        with self._news:
            self._run += 1
            self._playback = Playback()
        programme = plan(mood_by_hand("happy", time.monotonic()), Strategy.MATCH)
        begun = time.monotonic()
        self.jukebox.play(programme, self._run)
        with self._news:
            self._news.wait_for(lambda: self._playback.sounding is Sounding.PLAYING, timeout=PATIENCE + 10.0)
            return self._playback, time.monotonic() - begun

    def settle(self) -> None:
        """Wait until the player has done all that it was told, and Spotify is silent."""
        idle = threading.Event()
        if self.jukebox.spotify is not None:
            self.jukebox.spotify.give_way(self._run, lambda _: idle.set())
            idle.wait(15.0)

    def wait_for_job(self, name: str, seconds: float) -> Job:
        """Wait for a job of the room to end."""
        if not until(lambda: any(job.name == name and not job.running for job in self.room.view().jobs), seconds):
            return Job(name, running=True, words=f"The job {name} hangs.")
        return next(job for job in self.room.view().jobs if job.name == name)

    # --- what is left -----------------------------------------------------------------------------------------

    def chosen(self) -> tuple[object, ...]:
        """Return all that the owner chose."""
        preferences = replace(self.parts.shelf.preferences(), refreshed_at=None)
        moods = {label: [one.uri for one in self.parts.shelf.mood_playlists(label)] for label in COORDINATES}
        speaker = preferences.speaker.id if preferences.speaker else ""
        return preferences.client_id, preferences.market, speaker, tuple(sorted((k, *v) for k, v in moods.items()))

    def wrong(self) -> list[str]:
        """Look for what must never be."""
        found = []
        if self._overlap > OVERLAP:
            found.append(f"Spotify and the composer sounded together for {self._overlap:.1f} s")
        for kind in (*MADE, "lift"):
            made = self.parts.shelf.made(kind)
            marks = [
                one
                for one in self.standin.world.playlists.values()
                if made is not None and one.description == description(made.mark)
            ]
            if made is not None and len(marks) != 1:
                found.append(f"{len(marks)} playlists for {kind}")
        broken = self.parts.database.check()
        if broken:
            found.append(f"the database is broken: {broken}")
        return found

    def _hear(self, news: PlaybackChanged) -> None:
        with self._news:
            self._playback = news.playback if news.run == self._run else self._playback
            self._news.notify_all()

    def _listen(self) -> None:
        """Be the ear in the room: hear whether both sound, and for how long."""
        since: float | None = None
        while not self._ending.wait(0.05):
            composer = self.jukebox.composer.state().sounding is Sounding.PLAYING
            if composer and self.standin.world.playback().playing:
                since = since or time.monotonic()
                self._overlap = max(self._overlap, time.monotonic() - since)
            else:
                since = None


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look until something is so; False when it took too long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
