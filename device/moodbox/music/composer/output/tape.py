"""The tape: the take that plays now, its place, and its loudness. Outputs read it; nothing here knows a device."""

from __future__ import annotations

import threading

import numpy as np

from moodbox.music.composer.sound.sounder import RATE, Frames
from moodbox.music.composer.take import Take

FADE = 0.06  # seconds from full volume to silence; with a device's 0.08 s of latency a stop stays under 0.2 s
_SETTLE = 1.5  # seconds in which a corrected loudness is reached


class Tape:
    """Play takes without a click: volume moves smoothly, a new take waits until the old one has faded."""

    def __init__(self, volume: float) -> None:
        """Start empty, at an amplitude of 0..1."""
        self._lock = threading.Lock()
        self._take: Take | None = None
        self._next: Take | None = None
        self._position = 0  # frames
        self._running = False
        self._start_paused = False
        self._leaving = False  # the take is to be forgotten once it has faded
        self._gain = 0.0  # amplitude as of the last frame
        self._trim = 1.0
        self._volume = volume

    def load(self, take: Take, *, paused: bool = False) -> None:
        """Play a take from its start, after what plays now has faded; or only lay it ready."""
        with self._lock:
            self._next, self._start_paused = take, paused
            if self._gain == 0.0:
                self._turn_over()

    def hush(self) -> None:
        """Fade to silence and stay in place; any thread may ask."""
        with self._lock:
            self._running = False

    def resume(self) -> None:
        """Go on from the present place."""
        with self._lock:
            self._running = self._take is not None

    def eject(self) -> None:
        """Fade to silence and forget the take."""
        with self._lock:
            self._running = False
            self._next = None
            self._leaving = True
            self._let_go()

    def set_volume(self, volume: float) -> None:
        """Move to another amplitude, 0..1."""
        with self._lock:
            self._volume = volume

    @property
    def position(self) -> float:
        """Seconds of the take that were read."""
        with self._lock:
            return 0.0 if self._next is not None else self._position / RATE

    @property
    def finished(self) -> bool:
        """Say whether the take was read to its end and nothing waits."""
        with self._lock:
            done = self._take is not None and self._take.complete and self._position >= self._take.ready
            return done and self._next is None

    @property
    def silent(self) -> bool:
        """Say whether nothing sounds and nothing is about to."""
        with self._lock:
            return self._gain == 0.0 and not self._running and self._next is None

    def read(self, count: int) -> Frames:
        """Return the next frames to be heard, silence where there are none."""
        out: Frames = np.zeros((count, 2), np.float32)
        with self._lock:
            self._settle(count)
            done = 0
            while done < count:
                if self._gain == 0.0 and self._next is not None:
                    self._turn_over()
                frames = self._some(count - done)
                if not len(frames):
                    break
                out[done : done + len(frames)] = frames
                done += len(frames)
            self._let_go()
        return out

    def skip(self, count: int) -> None:
        """Let time pass where nobody listens."""
        with self._lock:
            if self._next is not None:
                self._turn_over()
            self._gain = self._target if self._running else 0.0
            if self._running and self._take is not None:
                self._position = min(self._take.ready, self._position + count)
            self._let_go()

    @property
    def _target(self) -> float:
        return self._volume * self._trim if self._running and self._next is None else 0.0

    def _turn_over(self) -> None:
        """Begin the waiting take; it has its own short fade-in."""
        self._take, self._next, self._position = self._next, None, 0
        self._running, self._leaving = not self._start_paused, False
        self._trim = self._take.trim if self._take is not None else 1.0
        self._gain = self._volume * self._trim if self._running else 0.0

    def _let_go(self) -> None:
        """Free the memory of a take that faded for good."""
        if self._leaving and self._gain == 0.0:
            self._take, self._position, self._leaving = None, 0, False

    def _settle(self, count: int) -> None:
        """Let the loudness of a take that plays since before it was complete drift to the exact one."""
        if self._take is not None:
            self._trim += (self._take.trim - self._trim) * min(1.0, count / (_SETTLE * RATE))

    def _some(self, most: int) -> Frames:
        """Read on with one ramp of the gain; nothing when there is nothing to hear."""
        target = self._target
        available = self._take.ready - self._position if self._take is not None else 0
        if (self._gain == 0.0 and target == 0.0) or available <= 0 or self._take is None:
            if available <= 0:
                self._gain = 0.0  # the end, or a sounder that fell behind: what follows begins by itself
            return np.zeros((0, 2), np.float32)
        slope = 1.0 / (FADE * RATE)
        until = max(1, round(abs(target - self._gain) / slope))
        ramping = abs(target - self._gain) > 1e-6
        count = min(most, available, until) if ramping else min(most, available)
        end = target if count >= until or not ramping else self._gain + np.sign(target - self._gain) * slope * count
        ramp = np.linspace(self._gain, end, count + 1, dtype=np.float32)[1:]
        frames = self._take.samples[self._position : self._position + count] * (ramp[:, None] / np.float32(32768.0))
        self._position += count
        self._gain = float(end)
        return frames
