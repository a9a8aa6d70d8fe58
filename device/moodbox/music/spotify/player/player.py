"""Spotify as a player: one worker thread turns the turntable. No caller waits, though a call may take ten seconds."""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from moodbox.events import Playback, PlaybackChanged, Programme, Sounding
from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.player import trouble
from moodbox.music.spotify.player.gate import Gate
from moodbox.music.spotify.player.news import Done, Failed, Outcome, Tell
from moodbox.music.spotify.player.selector import Selector, WriteLift
from moodbox.music.spotify.player.turntable import Turntable
from moodbox.music.spotify.ports import OnHeard, Shelf, Speaker
from moodbox.music.spotify.values import BudgetState, SpeakerChoice, Track

log = logging.getLogger(__name__)

OpenSpeaker = Callable[[SpeakerChoice, OnHeard], Speaker]
_CLOSE_SECONDS = 5.0
_FORGET_SECONDS = 3.0


class SpotifyPlayer:
    """Play programmes on the chosen speaker. Everything is answered through `tell` and `done`, from its own thread."""

    def __init__(
        self,
        shelf: Shelf,
        open_speaker: OpenSpeaker,
        write_lift: WriteLift,
        gate: Gate,
        budget: Callable[[], BudgetState],
        *,
        volume: float,
        tell: Tell,
        rng: random.Random | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        threaded: bool = True,
    ) -> None:
        """Start the worker; without a thread of its own (in tests) whoever made it calls `work`."""
        self._shelf, self._gate, self._tell, self._monotonic = shelf, gate, tell, monotonic
        self._turntable = Turntable(
            Selector(shelf, write_lift, rng=rng, clock=clock),
            lambda choice: open_speaker(choice, lambda _: self._commands.put(_look)),
            ceiling=lambda: shelf.preferences().ceiling,
            budget=budget,
            volume=volume,
            tell=self._publish,
            monotonic=monotonic,
        )
        self._run = 0
        self._lock = threading.Lock()
        self._ticket = 0  # of the newest start; a stop takes it back too
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="spotify-player", daemon=True)
        if threaded:
            self._thread.start()

    # --- what may be asked, from any thread -----------------------------------------------------------------

    def available(self) -> SpotifyError | None:
        """Return why Spotify cannot be asked to play now; asks nobody."""
        return self._gate.refusal()

    def start(self, programme: Programme, run: int, deadline: float, done: Done) -> None:
        """Play a programme; `done` tells once whether it plays by `deadline`. What comes later is paused again."""
        self._commands.put(partial(self._start, programme, run, self._next_ticket(), deadline, done))

    def give_way(self, run: int, done: Done) -> None:
        """Fall silent so that others may play; `done` tells why not, if it goes on."""
        self._next_ticket()
        self._commands.put(partial(self._give_way, run, done))

    def pause(self) -> None:
        """Fall silent and keep the place."""
        self._commands.put(self._turntable.pause)

    def resume(self) -> None:
        """Go on."""
        self._commands.put(self._turntable.resume)

    def next(self) -> None:
        """Go to the next track."""
        self._commands.put(self._turntable.next)

    def stop(self) -> None:
        """Fall silent and forget the programme; a start that is on its way is undone."""
        self._next_ticket()
        self._commands.put(self._turntable.stop)

    def set_volume(self, level: float) -> None:
        """Set the owner's level, 0..1."""
        self._commands.put(partial(self._turntable.set_volume, level))

    def look_again(self) -> None:
        """Take in what the owner has changed: the ceiling of the volume, or what never plays."""
        self._commands.put(self._turntable.settle)
        self._commands.put(self._turntable.reconsider)

    def forget(self) -> None:
        """Fall silent and let go of the speaker; waits a little, for without the sign-in nothing can be paused."""
        self._next_ticket()
        done = threading.Event()
        self._commands.put(partial(self._turntable.use, None))
        self._commands.put(done.set)
        done.wait(_FORGET_SECONDS)

    def use(self, choice: SpeakerChoice | None) -> None:
        """Play on another speaker from now on; what plays moves over."""
        self._commands.put(partial(self._turntable.use, choice))

    def state(self) -> Playback:
        """Return what plays, as last known."""
        return self._turntable.playback

    def track(self) -> Track | None:
        """Return the track at hand."""
        return self._turntable.track

    def label(self) -> str:
        """Name the mood whose music plays; "" for none of ours."""
        return self._turntable.label

    @property
    def follows(self) -> bool:
        """Say whether what plays was chosen in the Spotify app."""
        return self._turntable.follows

    def close(self) -> None:
        """Fall silent and end the worker; may be called twice."""
        self._next_ticket()
        self._ending.set()
        self._commands.put(_look)
        if self._thread.ident is not None:
            self._thread.join(_CLOSE_SECONDS)

    # --- the worker -----------------------------------------------------------------------------------------

    def _work(self) -> None:
        self._guarded(self._open_chosen)  # a speaker on this box takes a moment to be found
        due = 0.0
        while not self._ending.is_set():
            due = self.work(due)
        self._guarded(self._turntable.close)

    def work(self, seconds: float) -> float:
        """Obey the next command if one comes within `seconds`, and turn; return when the next turn is due."""
        with suppress(queue.Empty):
            self._guarded(self._commands.get(timeout=seconds) if seconds > 0 else self._commands.get_nowait())
        return self._guarded(self._turntable.turn) or 0.0

    def _guarded(self, call: Callable[[], float | None]) -> float | None:
        """Carry out a command; whatever goes wrong ends the music and not the thread."""
        try:
            return call()
        except SpotifyError as error:
            self._fail(error)
        except Exception:
            log.exception("the Spotify player failed and goes on")
            self._fail(trouble.stumbled())
        return 1.0

    def _fail(self, error: SpotifyError) -> None:
        """End the music; the failure is told before the silence, which would read as an end that was wished."""
        for call in (self._turntable.drop, partial(self._tell, Failed(self._run, error)), self._turntable.stop):
            try:
                call()
            except Exception:
                log.exception("the Spotify player could not even stop")

    def _start(self, programme: Programme, run: int, ticket: int, deadline: float, done: Done) -> None:
        error: SpotifyError | None = None
        if self._is_stale(ticket):
            done(Outcome(run, trouble.too_late()))
            return
        try:
            self._run = run
            self._open_chosen()
            self._turntable.start(programme, until=deadline)
        except SpotifyError as failure:
            error = failure
        except Exception:
            log.exception("Spotify could not be asked to play")
            error = trouble.stumbled()
        if error is None and (self._is_stale(ticket) or self._monotonic() > deadline):
            error = trouble.too_late()
        if error is None:
            done(Outcome(run))
            self._turntable.settle()
            self._keep_choice()
        else:
            done(self._silent(run, error))

    def _keep_choice(self) -> None:
        """Keep the speaker by the id and name that it has now, unless another was chosen meanwhile."""
        changed = self._turntable.renamed()
        if changed is not None and self._shelf.preferences().speaker == changed[0]:
            self._shelf.prefer(speaker=changed[1])

    def _give_way(self, run: int, done: Done) -> None:
        done(self._silent(run, None))

    def _silent(self, run: int, error: SpotifyError | None) -> Outcome:
        """Fall silent and say how that went."""
        try:
            refused = self._turntable.give_way()
        except Exception:
            log.exception("the Spotify player could not give way")
            return Outcome(run, error or trouble.stumbled())
        return Outcome(run, error or refused, sounds=self._turntable.playback.sounding is Sounding.PLAYING)

    def _open_chosen(self) -> None:
        self._turntable.use(self._shelf.preferences().speaker, move=False)

    def _next_ticket(self) -> int:
        with self._lock:
            self._ticket += 1
            return self._ticket

    def _is_stale(self, ticket: int) -> bool:
        with self._lock:
            return ticket != self._ticket

    def _publish(self, playback: Playback) -> None:
        self._tell(PlaybackChanged(playback, self._run))


def _look() -> None:
    """Wake the worker: the turn that follows every command looks at the speaker."""
