"""One life of the child process, as its parent leads it: tell it what is wanted, hear it, and mind that it lives."""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from moodbox.errors import MoodboxError
from moodbox.watch.process import ChildProcess
from moodbox.watch.wanted import Want, Wanted
from moodbox.watch.wire import Message, Wire


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the watcher waits, in seconds."""

    start: float = 60.0  # for models to load, from a cold SD card
    silence: float = 15.0  # for news from a child that is awake, above its camera's deadline; opening takes seconds
    closing: float = 2.0  # for the child to end by itself
    first_pause: float = 0.5  # before a restart; doubled every time
    last_pause: float = 30.0
    healthy: float = 60.0  # a child that lived so long failed for the first time
    memory: float = 2.0  # between two looks at its memory


class ChildFailedError(MoodboxError):
    """Tell why a child must be replaced."""


class ChildEndedError(ChildFailedError):
    """Tell that a child ended without having been asked to."""


class Life:
    """Lead one child from its start until the watcher closes, or until it fails."""

    def __init__(
        self,
        child: ChildProcess,
        wanted: Wanted,
        patience: Patience,
        *,
        memory_mb: float,
        settled: str,
        on_message: Callable[[Message], bool],
    ) -> None:
        """Take `on_message`, which returns whether the child owes us further news (it is awake)."""
        self._child, self._wanted, self._patience = child, wanted, patience
        self._memory_mb, self._settled, self._on_message = memory_mb, settled, on_message
        self._told: tuple[bool, str] | None = None
        self._preview_told = 0.0
        self._ready = self._owes = False
        self._heard = self._measured = time.monotonic()

    def lead(self) -> None:
        """Return when the watcher closes. Raises ChildFailedError or WireError when the child must be replaced."""
        self._child.greet()
        lines: list[Wire | Wanted] = [self._child.wire, self._wanted]
        while not (want := self._wanted.latest()).closing:
            self._tell(want)
            readable, _, _ = select.select(lines, [], [], self._longest_wait())
            if self._wanted in readable:
                self._wanted.hear()
            if self._child.wire in readable:
                self._hear()
            self._mind()

    def _tell(self, want: Want) -> None:
        """Send what changed since the last time."""
        if self._told != (want.awake, want.camera):
            if self._told is None or not self._owes:
                self._heard = time.monotonic()  # the deadline for an answer begins now
            if self._told is not None and self._told[1] != want.camera:
                self._settled = ""
            self._told = (want.awake, want.camera)
            self._owes = True
            self._child.wire.send("look", {"awake": want.awake, "camera": want.camera, "settled": self._settled})
        if want.preview_until > max(self._preview_told, time.monotonic()):
            self._preview_told = want.preview_until
            self._child.wire.send("preview", {"seconds": want.preview_until - time.monotonic()})
        if want.frame is not None and self._ready:  # until then nobody would take it from the line
            self._child.wire.send("frame", jpeg=self._wanted.take_frame() or b"")

    def _hear(self) -> None:
        message = self._child.wire.receive(0)
        if message is None:
            raise ChildEndedError("it ended by itself")
        self._heard = time.monotonic()
        self._ready = self._ready or message.word == "ready"
        self._owes = self._on_message(message) or (self._told is not None and self._told[0])

    def _mind(self) -> None:
        """Raise ChildFailedError when the child is silent for too long, or too large."""
        now = time.monotonic()
        if now - self._heard > self._deadline():
            raise ChildFailedError(f"it said nothing for {now - self._heard:.0f} s")
        if now - self._measured >= self._patience.memory:
            self._measured = now
            memory = self._child.memory_mb()
            if memory > self._memory_mb:
                raise ChildFailedError(f"it took {memory:.0f} MB of memory, more than {self._memory_mb:.0f}")

    def _deadline(self) -> float:
        if not self._ready:
            return self._patience.start
        return self._patience.silence if self._owes else float("inf")

    def _longest_wait(self) -> float:
        """Return the seconds until something must be checked again."""
        return max(0.05, min(self._patience.memory, self._heard + self._deadline() - time.monotonic() + 0.01))
