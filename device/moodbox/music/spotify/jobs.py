"""Work in the background: one thread, one job after the other, each asked for once."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from moodbox.errors import MoodboxError
from moodbox.events import Problem
from moodbox.music.spotify.failure import SpotifyError
from moodbox.page.spotify.desk import Job

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
Work = Callable[[Progress], str]  # says what it does; returns how it ended, in a sentence


class Jobs:
    """Run jobs and tell how they go; a job that waits or runs already is not taken twice."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.SimpleQueue[tuple[str, Work] | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="spotify-jobs", daemon=True)
        self._thread.start()

    def start(self, name: str, work: Work) -> None:
        """Take a job, unless the same one waits or runs."""
        with self._lock:
            known = self._jobs.get(name)
            if known and known.running:
                return
            self._jobs[name] = Job(name, running=True, words="Waiting for its turn.")
        self._waiting.put((name, work))

    def view(self) -> tuple[Job, ...]:
        """Return every job as of now."""
        with self._lock:
            return tuple(self._jobs.values())

    def finish(self, seconds: float) -> bool:
        """Wait until every job that was taken has ended; False when that takes too long."""
        done = threading.Event()
        self._waiting.put(done)
        return done.wait(seconds)

    def close(self, seconds: float = 5.0) -> None:
        """Take no more; a job that runs is not cut off, for a half-written playlist helps nobody."""
        self._waiting.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (taken := self._waiting.get()) is not None:
            if isinstance(taken, threading.Event):
                taken.set()
                continue
            name, work = taken
            self._tell(name, "Beginning.")
            try:
                self._end(name, work(lambda words, name=name: self._tell(name, words)), None)  # type: ignore[misc]
            except SpotifyError as error:
                self._end(name, error.cause, error.problem)
            except MoodboxError as error:
                self._end(name, str(error), Problem("spotify-job", str(error), "Try again"))
            except Exception:
                log.exception("the job %s failed", name)
                words = "Something went wrong while making playlists"
                self._end(name, words, Problem("spotify-job", words, "Try again; the log says more"))

    def _tell(self, name: str, words: str) -> None:
        with self._lock:
            self._jobs[name] = replace(self._jobs[name], words=words)

    def _end(self, name: str, words: str, problem: Problem | None) -> None:
        with self._lock:
            self._jobs[name] = Job(name, running=False, words=words, ended_at=self._clock(), problem=problem)
