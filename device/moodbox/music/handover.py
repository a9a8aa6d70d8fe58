"""Who plays: Spotify, or the composer in its place. The rules of handing over, without a thread.

Nobody begins before the other has been told to be silent. Spotify gets a few seconds to answer a press; then the
composer plays the same programme, and the page says why. What Spotify begins after that is paused by its player.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import Protocol

from moodbox.events import Playback, PlaybackChanged, Programme, Sounding, Strategy
from moodbox.music.player import Player
from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.player.gate import UNUSED
from moodbox.music.spotify.player.news import Done, Failed, Outcome

NAME = "spotify"
ASKING = "Asking Spotify."


class Source(Protocol):
    """Spotify, as the handover sees it (`spotify.player.player.SpotifyPlayer`). No call waits."""

    def available(self) -> SpotifyError | None:
        """Return why it cannot be asked now; asks nobody."""

    def start(self, programme: Programme, run: int, deadline: float, done: Done) -> None:
        """Play by `deadline`, or say why not."""

    def give_way(self, run: int, done: Done) -> None:
        """Fall silent, or say why not."""

    def pause(self) -> None:
        """Fall silent and keep the place."""

    def resume(self) -> None:
        """Go on."""

    def next(self) -> None:
        """Go to the next track."""

    def stop(self) -> None:
        """Fall silent and forget the programme."""

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1."""

    def state(self) -> Playback:
        """Return what plays."""

    @property
    def follows(self) -> bool:
        """Say whether what plays was chosen in the Spotify app."""


class Holder(Enum):
    """Who has the floor."""

    NOBODY = auto()
    ASKED = auto()  # Spotify is asked to play
    SPOTIFY = auto()
    LEAVING = auto()  # Spotify is asked to be silent, so that the composer can play
    COMPOSER = auto()


class Handover:
    """Pass programmes, and the floor, between two players. `post` brings answers back to the caller's thread."""

    def __init__(
        self,
        spotify: Source | None,
        composer: Player,
        *,
        on_change: Callable[[PlaybackChanged], None],
        post: Callable[[Callable[[], None]], None],
        wait_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spotify, self._composer = spotify, composer
        self._on_change, self._post, self._wait, self._monotonic = on_change, post, wait_seconds, monotonic
        self.holder = Holder.NOBODY
        self._volume = composer.state().volume  # the owner's; both players come to it a moment later
        self._programme = Programme((), Strategy.MATCH, "")
        self._run = 0
        self._first = 0  # step of the programme at which the present player began
        self._reason: SpotifyError | None = None  # why the composer stands in
        self._asked = 0  # number of the question whose answer counts
        self._deadline = 0.0
        self._step = 0  # of Spotify, counted from the one that it began with
        self._gave_way = False  # to what somebody chose in the Spotify app
        self._over = False  # while Spotify is asked, what it played before goes on
        self._standby: int | None = None  # while Spotify is asked: the composer waits, having begun at this step
        self._hold = False  # the owner paused while Spotify was asked
        self._begins = False  # the composer was told to play and has not said so yet: older news do not count

    # --- what may be asked ----------------------------------------------------------------------------------

    def play(self, programme: Programme, run: int) -> None:
        """Start a programme instead of whatever plays."""
        self._programme, self._run = programme, run
        self._reason, self._hold, self._standby, self._first = None, False, None, 0
        self._over = self.holder in (Holder.SPOTIFY, Holder.LEAVING) or (self.holder is Holder.ASKED and self._over)
        refusal = self._refusal()
        if programme.piece:  # only the composer has it
            self._leave(None)
        elif refusal is None:
            self._composer.stop()
            self._ask(0)
        else:
            self._leave(self._worth_a_word(refusal))

    def pause(self) -> None:
        """Pause whoever plays."""
        match self.holder:
            case Holder.SPOTIFY:
                self._spotify_().pause()
            case Holder.COMPOSER:
                self._composer.pause()
            case Holder.ASKED | Holder.LEAVING:
                self._hold = True

    def resume(self) -> None:
        """Let whoever was paused go on."""
        self._hold = False
        if self.holder is Holder.SPOTIFY:
            self._spotify_().resume()
        elif self.holder is Holder.COMPOSER:
            self._composer.resume()

    def next(self) -> None:
        """Go to the next piece; where the composer stands in, Spotify is asked once more first."""
        if self.holder is Holder.SPOTIFY:
            self._spotify_().next()
        elif self.holder is Holder.COMPOSER:
            refusal = self._refusal()
            if self._programme.piece:  # what was asked for goes on as the composer's
                self._composer.next()
            elif refusal is None:
                self._composer.pause()
                self._standby, self._hold, self._over = self._first, False, False
                step = self._first + self._composer.state().step + 1
                self._ask(min(step, len(self._programme.steps) - 1))
            else:
                self._reason = self._worth_a_word(refusal)
                self._composer.next()

    def stop(self) -> None:
        """Silence both and forget the programme."""
        self.holder = Holder.NOBODY
        self._asked += 1
        self._reason, self._standby, self._hold, self._first = None, None, False, 0
        self._composer.stop()
        if self._spotify is not None:
            self._spotify.stop()

    def set_volume(self, level: float) -> None:
        """Set the volume of both, so that a change of player is none of loudness."""
        self._volume = min(1.0, max(0.0, level))
        self._composer.set_volume(level)
        if self._spotify is not None:
            self._spotify.set_volume(level)

    def state(self) -> Playback:
        """Return what plays."""
        if self.holder is Holder.SPOTIFY:
            return self._from_spotify(self._spotify_().state())
        if self.holder in (Holder.ASKED, Holder.LEAVING):
            return self._preparing()
        playback = self._from_composer(self._composer.state())
        if self.holder is Holder.NOBODY:
            return replace(playback, sounding=Sounding.SILENT, piece=None, position=0.0, why="")
        return replace(playback, sounding=Sounding.PREPARING, piece=None, position=0.0) if self._begins else playback

    def turn(self) -> float:
        """Wait no longer than was allowed; return the seconds until that may happen."""
        if self.holder not in (Holder.ASKED, Holder.LEAVING):
            return 3600.0
        left = self._deadline - self._monotonic()
        if left > 0:
            return left
        if self.holder is Holder.ASKED:
            self._stand_in(_slow())
        else:
            self._compose()
        return self.turn()

    # --- news -----------------------------------------------------------------------------------------------

    def composer_says(self, news: PlaybackChanged) -> None:
        """Pass on what the composer does, while it is the composer's turn."""
        if self.holder is Holder.NOBODY:
            self._publish(self.state())
        elif self.holder is Holder.COMPOSER and news.run == self._run:
            if self._begins and news.playback.sounding is not Sounding.PREPARING:
                return
            self._begins = False
            playback = self._from_composer(news.playback)
            if playback.sounding is Sounding.SILENT:
                self.holder = Holder.NOBODY
            self._publish(playback)

    def spotify_says(self, news: PlaybackChanged | Failed) -> None:
        """Pass on what Spotify does, stand in where it fails, and give way to what somebody chose in its app."""
        match self.holder, news:
            case Holder.SPOTIFY, Failed():
                self._reason = news.error
                self._first += self._step
                self._compose()
            case Holder.SPOTIFY, PlaybackChanged(playback):
                self._spotify_plays(playback)
            case Holder.COMPOSER, PlaybackChanged(playback) if playback.sounding is Sounding.PLAYING:
                # While the composer begins, Spotify is being told to stop: what it says now is older than that.
                if self._spotify_().follows and not self._begins:
                    self._composer.stop()
                    self.holder, self._first, self._gave_way = Holder.SPOTIFY, 0, True
                    self._publish(self._from_spotify(playback))
            case Holder.NOBODY | Holder.COMPOSER, PlaybackChanged():
                self._publish(self.state())  # it may have trouble to be silent

    def _spotify_plays(self, playback: Playback) -> None:
        if playback.sounding is Sounding.SILENT:
            if self._gave_way and not playback.problems:  # what we gave way to was stopped by what we said before
                self._compose()
                return
            self.holder = Holder.NOBODY
        self._step = playback.step
        self._publish(self._from_spotify(playback))

    def _answered(self, number: int, outcome: Outcome) -> None:
        """Hear whether Spotify plays."""
        if number != self._asked:
            return
        if self.holder is Holder.ASKED:
            if outcome.error is None:
                self._yield_to_spotify()
            elif outcome.sounds:  # what it played before cannot be silenced
                self._spotify_keeps_the_floor()
            else:
                self._over = False
                self._stand_in(outcome.error)
        elif self.holder is Holder.COMPOSER and outcome.error is not None and self._reason is not None:
            self._reason = outcome.error  # it comes late, but it says more than "does not answer"
            self._publish(self.state())

    def _left(self, number: int, outcome: Outcome) -> None:
        """Hear whether Spotify fell silent; where it cannot be silenced it keeps the floor, and the page says why."""
        if number != self._asked or self.holder is not Holder.LEAVING:
            return
        if outcome.sounds:
            self._spotify_keeps_the_floor()
        else:
            self._compose()

    # --- inside ---------------------------------------------------------------------------------------------

    def _ask(self, step: int) -> None:
        """Ask Spotify to play from a step on; the composer has been told to be silent."""
        self.holder, self._first, self._gave_way = Holder.ASKED, step, False
        number = self._begin_to_wait()
        rest = replace(self._programme, steps=self._programme.steps[step:])
        self._publish(self._preparing())
        self._spotify_().start(
            rest, self._run, self._deadline, lambda outcome: self._post(lambda: self._answered(number, outcome))
        )

    def _yield_to_spotify(self) -> None:
        if self._standby is not None:
            self._composer.stop()
        self._standby = self._reason = None
        if self._hold:
            self._spotify_().pause()
        self._spotify_keeps_the_floor()

    def _spotify_keeps_the_floor(self) -> None:
        self.holder = Holder.SPOTIFY
        playback = self._spotify_().state()
        self._step = playback.step
        self._publish(self._from_spotify(playback))

    def _stand_in(self, error: SpotifyError) -> None:
        """Spotify does not play: let the composer, and say why."""
        if self._standby is None:
            self._leave(error)
            return
        self._spotify_().stop()
        self.holder, self._first, self._standby, self._reason = Holder.COMPOSER, self._standby, None, error
        if not self._hold:
            self._composer.resume()
            self._composer.next()
        self._publish(self.state())

    def _leave(self, reason: SpotifyError | None) -> None:
        """Let the composer play, once Spotify is silent."""
        self._reason = reason
        if not self._over:
            self._compose()
            return
        self.holder, self._over = Holder.LEAVING, False
        number = self._begin_to_wait()
        self._spotify_().give_way(self._run, lambda outcome: self._post(lambda: self._left(number, outcome)))

    def _begin_to_wait(self) -> int:
        self._asked += 1
        self._deadline = self._monotonic() + self._wait
        return self._asked

    def _compose(self) -> None:
        """Let the composer play what is left of the programme; what Spotify may still begin is taken back."""
        self.holder, self._begins, self._standby = Holder.COMPOSER, True, None
        self._over = self._gave_way = False
        self._first = min(self._first, len(self._programme.steps) - 1)  # it may count what played before this one
        if self._spotify is not None:
            self._spotify.stop()
        self._composer.play(replace(self._programme, steps=self._programme.steps[self._first :]), self._run)
        if self._hold:
            self._composer.pause()

    def _refusal(self) -> SpotifyError | None:
        if self._spotify is None:
            return SpotifyError("", "", Verdict.IGNORE, key="spotify-off", reason=UNUSED)
        return self._spotify.available()

    @staticmethod
    def _worth_a_word(refusal: SpotifyError) -> SpotifyError | None:
        return None if refusal.reason == UNUSED else refusal

    def _spotify_(self) -> Source:
        if self._spotify is None:
            raise RuntimeError("there is no Spotify in this house")
        return self._spotify

    # --- what the page is told ------------------------------------------------------------------------------

    def _from_spotify(self, playback: Playback) -> Playback:
        return replace(playback, step=playback.step + self._first, volume=self._volume)

    def _from_composer(self, playback: Playback) -> Playback:
        """Say why the composer stands in, and what Spotify's player has to say although it does not play."""
        problems = list(playback.problems)
        if self._spotify is not None:
            problems += self._spotify.state().problems
        if self._reason is None or self.holder is not Holder.COMPOSER:
            return replace(playback, step=playback.step + self._first, problems=tuple(problems))
        why = f"{self._reason.cause.rstrip('.')}, so here is music of the box's own."
        problems.append(self._reason.problem)
        return replace(playback, step=playback.step + self._first, why=why, problems=tuple(problems))

    def _preparing(self) -> Playback:
        output = self._spotify.state().output if self._spotify is not None else ""
        why = ASKING if self.holder is Holder.ASKED else ""
        return Playback(
            Sounding.PREPARING,
            NAME,
            time=self._monotonic(),
            step=self._first,
            volume=self._volume,
            why=why,
            output=output,
        )

    def _publish(self, playback: Playback) -> None:
        self._on_change(PlaybackChanged(playback, self._run))


def _slow() -> SpotifyError:
    return SpotifyError("Spotify does not answer", "The next press asks again", Verdict.LATER, key="spotify-busy")
