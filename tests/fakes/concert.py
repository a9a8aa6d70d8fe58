"""The handover with Spotify's real player, a fake speaker and a slow composer, turned by the test without threads."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from pathlib import Path

from moodbox.events import Playback, PlaybackChanged, Programme
from moodbox.music.handover import Handover, Holder
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.player.gate import Gate
from moodbox.music.spotify.player.news import Failed
from moodbox.music.spotify.player.player import SpotifyPlayer
from moodbox.music.spotify.values import BudgetState, LoginState, SpeakerChoice
from tests.fakes.composer import SlowComposer
from tests.fakes.sound_device import SoundClock
from tests.fakes.spotify_music import NOW, Music
from tests.fakes.spotify_speaker import FakeSpeaker

WAIT = 2.2


class Concert:
    """Two players and who hands over between them. `work` lets Spotify's worker obey, `hear` delivers the news."""

    def __init__(self, music: Music, choice: SpeakerChoice) -> None:
        self.clock = SoundClock()
        self.music = music
        self.speaker = FakeSpeaker(choice, self.clock, music.contexts)
        self.login = LoginState(linked=True)
        self.refusal: SpotifyError | None = None  # of the Web API as a whole
        self.news: list[PlaybackChanged] = []
        self._inbox: deque[Callable[[], None]] = deque()
        self.run = 0
        self.composer = SlowComposer(lambda said: self._inbox.append(lambda: self.handover.composer_says(said)))
        gate = Gate(music.shelf, lambda: self.login, lambda: BudgetState(0, 300, 600), barred=lambda: self.refusal)
        self.spotify = SpotifyPlayer(
            music.shelf,
            self._open,
            music.write_lift,
            gate,
            lambda: BudgetState(0, 300, 600),
            volume=0.6,
            tell=self._spotify_tells,
            rng=random.Random(1),
            clock=lambda: NOW + self.clock(),
            monotonic=self.clock,
            threaded=False,
        )
        self.handover = Handover(
            self.spotify,
            self.composer,
            on_change=self.news.append,
            post=self._inbox.append,
            wait_seconds=WAIT,
            monotonic=self.clock,
        )
        self.spotify.use(choice)  # the worker's thread opens the chosen speaker first of all
        self.work()

    @classmethod
    def of(cls, folder: Path, choice: SpeakerChoice) -> Concert:
        return cls(Music(folder, choice), choice)

    def _open(self, choice: SpeakerChoice, on_heard: Callable[..., None]) -> FakeSpeaker:
        self.speaker.on_heard = on_heard
        return self.speaker

    def _spotify_tells(self, said: PlaybackChanged | Failed) -> None:
        self._inbox.append(lambda: self.handover.spotify_says(said))

    # --- what threads would do ------------------------------------------------------------------------------

    def hear(self) -> None:
        """Deliver what waits, then let the clock count: the jukebox's thread."""
        self._deliver()
        self.handover.turn()
        self._deliver()

    def _deliver(self) -> None:
        while self._inbox:
            self._inbox.popleft()()

    def work(self, times: int = 1) -> None:
        """Let Spotify's worker obey."""
        for _ in range(times):
            self.spotify.work(0.0)

    def flow(self, seconds: float = 0.0, step: float = 0.25) -> Playback:
        """Let everybody work, and time pass."""
        end = self.clock() + seconds
        while True:
            self.work(4)
            self.hear()
            self.work(4)
            self.hear()
            if self.clock() >= end:
                return self.shown
            self.clock.advance(step)

    def slow(self, name: str, seconds: float) -> None:
        """Let the next command of a name take its time, while the jukebox goes on."""

        def during(command: str) -> None:
            if command == name:
                self.speaker.during = lambda _: None
                self.clock.advance(seconds)
                self.hear()

        self.speaker.during = during

    # --- what the box does ----------------------------------------------------------------------------------

    def play(self, programme: Programme) -> None:
        self.run += 1
        self.handover.play(programme, self.run)

    @property
    def shown(self) -> Playback:
        """What the machine would show: news of older runs do not count."""
        return next((said.playback for said in reversed(self.news) if said.run == self.run), Playback())

    @property
    def both(self) -> bool:
        return self.composer.sounding and self.speaker.sounding

    @property
    def holder(self) -> Holder:
        return self.handover.holder
