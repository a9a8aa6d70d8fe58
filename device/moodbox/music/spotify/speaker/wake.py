"""Find a Connect device again, and wake one that sleeps (spotify.md 4.3 and 4.4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.values import Device, SpeakerChoice

_PAUSES = (0.0, 1.0, 5.0)  # seconds before each look: three in six seconds, two of them within a press
_RESTART_PAUSE = 600.0  # seconds between two restarts of a speaker service


def match(devices: Sequence[Device], choice: SpeakerChoice) -> Device | None:
    """Find the chosen device: by its id, else by its name if only one has it (ids change, names repeat)."""
    for device in devices:
        if choice.id and device.id == choice.id:
            return device
    named = [device for device in devices if choice.name and device.name == choice.name and device.id]
    return named[0] if len(named) == 1 else None


def is_asleep(error: SpotifyError) -> bool:
    """Say whether a failure means that the device is not there, and not that the music is not."""
    return error.reason == "NO_ACTIVE_DEVICE" or (error.status == 404 and error.key == refusal.KEY)


class Waker:
    """Steps 2 to 4 of the wake order; step 1, the local way, is what the local speakers do."""

    def __init__(
        self,
        devices: Callable[[], list[Device]],
        restart: Callable[[], bool] | None,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._devices = devices
        self._restart = restart
        self._monotonic = monotonic
        self._wait = wait
        self._restarted_at: float | None = None

    def find(self, choice: SpeakerChoice, until: float) -> Device:
        """Look for the device until it is listed: three times at most and never past `until`; raises SpotifyError."""
        for pause in _PAUSES:
            if self._monotonic() + pause >= until:
                break
            if pause:
                self._wait(pause)
            found = match(self._devices(), choice)
            if found is not None:
                return found
        raise refusal.asleep(choice.name)

    def shake(self) -> None:
        """Restart the speaker's service if it is one of this machine, once in ten minutes."""
        now = self._monotonic()
        if self._restart is None or (self._restarted_at is not None and now - self._restarted_at < _RESTART_PAUSE):
            return
        self._restarted_at = now
        self._restart()
