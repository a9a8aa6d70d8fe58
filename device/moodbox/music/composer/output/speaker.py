"""The machine's sound device through PortAudio; its own thread reads the tape."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
from collections.abc import Callable
from typing import Any

from moodbox.events import Problem
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.sound.sounder import RATE

log = logging.getLogger(__name__)

LATENCY = 0.08  # seconds asked of the device: short enough to stop at once, long enough for a busy Pi
_DEAD_AFTER = 4.0  # seconds without a call from the device; a starved machine has stalled for 1.5
_ALSA_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_KEPT: list[Any] = []  # ALSA and JACK hold pointers to these for ever


class Speaker:
    """An open sound device; `open_speaker` makes one."""

    audible = True

    def __init__(self, stream: Any, name: str, clock: Callable[[], float], called: list[float]) -> None:
        self._stream, self.name, self._clock, self._called = stream, name, clock, called
        self.latency = float(stream.latency)

    def poll(self) -> bool:
        """Say whether the device still takes sound."""
        return bool(self._stream.active) and self._clock() - self._called[0] < _DEAD_AFTER

    def close(self) -> None:
        """Close the device at once; may be called twice."""
        try:
            self._stream.close(ignore_errors=True)
        except OSError as error:
            log.warning("the sound device did not close: %s", error)


def open_speaker(wanted: str, tape: Tape, clock: Callable[[], float], *, afresh: bool) -> Speaker | Problem:
    """Open a device by name or number ("" = the default) and start it, or say why not.

    `afresh` lists the devices again first, which PortAudio otherwise does only once.
    """
    try:
        sounddevice = _library(afresh=afresh)
    except OSError:
        return Problem(
            "sound", "PortAudio is not installed, so only this page can play", "Run: sudo apt install libportaudio2"
        )
    called = [clock()]

    def fill(out: Any, frames: int, _time: Any, _status: Any) -> None:
        out[:] = tape.read(frames)
        called[0] = clock()

    try:
        device = int(wanted) if wanted.isdecimal() else wanted or None
        name = str(sounddevice.query_devices(device, "output")["name"])
        stream = sounddevice.OutputStream(RATE, device=device, channels=2, latency=LATENCY, callback=fill)
        stream.start()
    except ValueError:
        return Problem(
            "sound", f'No sound device is called "{wanted}"', "Correct music.output, or leave it empty for the default"
        )
    except sounddevice.PortAudioError as error:
        log.info("no sound device: %s", error)
        return Problem("sound", "No sound device answers, so only this page can play", "Connect or switch on a speaker")
    return Speaker(stream, name, clock, called)


def _library(*, afresh: bool) -> Any:
    """Import sounddevice, quietly; raises OSError where PortAudio is missing."""
    _silence()
    import sounddevice  # type: ignore[import-untyped]  # noqa: PLC0415 - needs a C library that may be missing; no stubs

    if afresh:
        # The only way to see a device that came later: PortAudio lists them when it starts; there is no public call.
        sounddevice._terminate()  # noqa: SLF001
        sounddevice._initialize()  # noqa: SLF001
    return sounddevice


def _silence() -> None:
    """Send the complaints of ALSA and JACK, which they print on stderr, to our log instead."""
    if _KEPT:
        return
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    alsa, jack = ctypes.util.find_library("asound"), ctypes.util.find_library("jack")
    if alsa:
        handler = _ALSA_HANDLER(lambda *_: None)
        ctypes.CDLL(alsa).snd_lib_error_set_handler(handler)
        _KEPT.append(handler)
    if jack:
        complaint = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(lambda text: log.debug("jack: %s", text))
        library = ctypes.CDLL(jack)
        library.jack_set_error_function(complaint)
        library.jack_set_info_function(complaint)
        _KEPT.append(complaint)
    _KEPT.append(None)
