"""The deck: what plays now and what comes next. One thread turns it; every turn does one small slice of work."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from moodbox.events import Playback, PlaybackChanged, Problem, Programme, Sounding
from moodbox.music.composer.author import Author
from moodbox.music.composer.job import Job
from moodbox.music.composer.library import Library
from moodbox.music.composer.output.outlet import Outlet
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.sound.rack import Rack
from moodbox.settings import MusicSettings

log = logging.getLogger(__name__)

NAME = "composer"
AFTER = "New music in the mood of the piece before."  # why it goes on after a piece that was asked for
_REST_AFTER = 60.0  # seconds of silence after which others may have the device; opening it again can take a second
_BUSY, _WATCHING, _IDLE = 0.0, 0.05, 5.0  # seconds until the next turn is due


class Deck:
    """Walk a programme piece by piece. Not for more than one thread, except for the properties that say so."""

    def __init__(
        self,
        settings: MusicSettings,
        *,
        library: Library,
        rack: Rack,
        tape: Tape,
        outlet: Outlet,
        clock: Callable[[], float],
        on_change: Callable[[PlaybackChanged], None],
        hire: Callable[[], Author] = Author,
    ) -> None:
        self._hire = hire
        self._settings, self._library, self._rack = settings, library, rack
        self._tape, self._outlet, self._clock, self._on_change = tape, outlet, clock, on_change
        self._programme: Programme | None = None
        self._run = 0
        self._now: Job | None = None  # plays, or is to play as soon as it can
        self._then: Job | None = None  # comes after it
        self._started = False  # `_now` is on the tape
        self._skip = False  # go over to `_then` as soon as it can play
        self._paused = False
        self._asked = clock()  # when something was last asked for
        self._disk: Problem | None = None
        self._failed: Problem | None = None
        self.playback = Playback(player=NAME, volume=settings.volume, output=outlet.name, time=clock())

    @cached_property
    def author(self) -> Author:
        """Who writes; found at the first asking, which takes a moment."""
        return self._hire()

    # --- what may be asked ---------------------------------------------------------------------------------------

    def play(self, programme: Programme, run: int) -> None:
        """Start a programme; whatever plays fades, whatever is being made is dropped."""
        self._clear()
        self._programme, self._run = programme, run
        self._failed = None
        self._now = self._job(0, programme.piece)
        self._announce()
        self._outlet.ready()

    def pause(self) -> None:
        """Fall silent and keep the place."""
        if self._programme is not None and not self._paused:
            self._paused = True
            self._tape.hush()
            self._announce()

    def resume(self) -> None:
        """Go on."""
        if self._paused:
            self._paused = False
            if self._started:
                self._tape.resume()
            self._announce()

    def next(self) -> None:
        """Go over to the next piece as soon as its first seconds are there."""
        if self._started:
            self._skip, self._paused = True, False

    def stop(self) -> None:
        """Fall silent and forget the programme."""
        self._clear()
        self._programme = None
        self._announce()

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1."""
        if math.isfinite(level):
            level = min(1.0, max(0.0, level))
            self._tape.set_volume(level * self._settings.ceiling)
            self.playback = replace(self.playback, volume=level)
            self._announce()

    # --- turning -------------------------------------------------------------------------------------------------

    def turn(self) -> float:
        """Do what is due and return the seconds until the next turn is."""
        self._outlet.poll()
        self._go_on()
        if self._programme is not None:
            self._work()
        elif self._outlet.audible and self._clock() - self._asked >= _REST_AFTER:
            self._outlet.rest()
        self._tell_problems()
        if self._jobs():
            return _BUSY
        return _IDLE if self._programme is None and self._tape.silent else _WATCHING

    def close(self) -> None:
        """Drop everything; may be called twice."""
        self._clear()
        self._programme = None
        self._outlet.close()
        self._rack.close()

    def job_of(self, key: str) -> Job | None:
        """Find the job that makes a piece; any thread may ask."""
        return next((job for job in (self._now, self._then) if job and job.take and job.take.key == key), None)

    # --- inside --------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Start what can be started: the piece that was asked for, or the next one at the end of a piece."""
        if not self._started:
            if self._playable(self._now):
                self._start()
            return
        ended = self._tape.finished
        if not (self._skip or ended):
            return
        if self._playable(self._then):
            if self._now is not None:
                self._now.drop()
            self._now, self._then = self._then, None
            self._outlet.ready()
            self._start()
        elif ended and self.playback.sounding is not Sounding.PREPARING:
            self._set(Sounding.PREPARING)

    def _start(self) -> None:
        if self._now is None or self._now.take is None:
            return
        self._tape.load(self._now.take, paused=self._paused)
        self._started, self._skip = True, False
        self._announce()
        self._now.begin()

    def _playable(self, job: Job | None) -> bool:
        """Sound may begin with the first seconds: a device reads the take as it grows, and so does the page."""
        return job is not None and job.take is not None and job.take.ready > 0

    def _work(self) -> None:
        """Do one slice for the piece that is needed first."""
        for job in self._jobs()[:1]:
            self._advance(job)
        if self._started and self._then is None and self._now is not None and (self._now.done or self._skip):
            self._then = self._job(self._now.number + 1)

    def _jobs(self) -> list[Job]:
        order = (self._then, self._now) if self._skip else (self._now, self._then)
        return [job for job in order if job is not None and not job.done]

    def _advance(self, job: Job) -> None:
        try:
            job.advance()
        except Exception as error:  # whatever it was: the box plays on with its built-in sound
            log.exception("a piece could not be made")
            self._replace(job, error)
        if job.done and job.take is not None and job.take.complete:
            self._disk = None
            if job.storage is not None:
                self._disk = Problem("disk", str(job.storage), "Free some space; music plays on from memory until then")

    def _replace(self, job: Job, error: Exception) -> None:
        """Make a broken piece again with the built-in sound; give up when that was the one that broke."""
        job.drop()
        if not self._rack.fall_back(str(error)):
            self._failed = Problem(
                "music", f"The composer failed ({error})", "Press again; if it stays, look into the log"
            )
            self.stop()
        elif job is self._now:
            self._now = self._job(job.number, job.again)
            self._started = False
        elif job is self._then:
            self._then = self._job(job.number, job.again)

    def _job(self, number: int, again: str = "") -> Job:
        steps = self._programme.steps if self._programme is not None else ()
        number = min(number, len(steps) - 1)
        settings = self._settings
        return Job(
            number,
            steps[number],
            author=self.author,
            sounder=self._rack.sounder,
            library=self._library,
            seconds=settings.seconds,
            loudness=settings.loudness,
            again=again,
        )

    def _clear(self) -> None:
        for job in (self._now, self._then):
            if job is not None:
                job.drop()
        self._now = self._then = None
        self._started = self._skip = self._paused = False
        self._asked = self._clock()
        self._tape.eject()

    # --- news ----------------------------------------------------------------------------------------------------

    def _problems(self) -> tuple[Problem, ...]:
        gone = self._now.gone if self._now is not None else None
        found = (
            *(self._failed, gone, self._outlet.problem, self._rack.problem),
            *(self.author.problem, self._disk, self._library.problem),
        )
        return tuple(problem for problem in found if problem is not None)

    def _why(self) -> str:
        if self._programme is None:
            return ""
        again = self._now is not None and self._now.again
        return AFTER if self._programme.piece and not again else self._programme.why

    def _tell_problems(self) -> None:
        if self._problems() != self.playback.problems or self._outlet.name != self.playback.output:
            self._announce()

    def _announce(self) -> None:
        if self._programme is None:
            self._set(Sounding.SILENT)
        elif not self._started:
            self._set(Sounding.PREPARING)
        else:
            self._set(Sounding.PAUSED if self._paused else Sounding.PLAYING)

    def _set(self, sounding: Sounding) -> None:
        """Publish what is so now."""
        job = self._now if self._started else None
        self.playback = Playback(
            sounding=sounding,
            player=NAME,
            piece=job.take.piece if job is not None and job.take is not None else None,
            position=self._outlet.position if job is not None else 0.0,
            time=self._clock(),
            step=job.number if job is not None else 0,
            volume=self.playback.volume,
            why=self._why(),
            output=self._outlet.name,
            audible=self._outlet.audible,
            problems=self._problems(),
        )
        self._on_change(PlaybackChanged(self.playback, self._run))
