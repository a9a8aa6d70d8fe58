"""FluidSynth: scores sounded with a soundfont, rendered into memory. No audio driver, no threads of its own."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from moodbox.errors import MusicError
from moodbox.music.composer.midi import DRUM_CHANNEL, channels
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.sounder import RATE, Frames

log = logging.getLogger(__name__)

_BLOCK = RATE  # frames
_LONGEST_ECHO = 5  # seconds
_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO)  # panic, error, warning
_CHATTER = (3, 4)  # information and debugging: a line for every voice that is cut short
_LOGGER = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_KEPT: list[Any] = []  # the C library holds a pointer to our log function: it must never be collected
_PERCUSSION = 128  # the bank of General MIDI drum kits


class FluidSounder:
    """Sound scores with FluidSynth; raises MusicError when the library or the soundfont cannot be used."""

    name = "fluidsynth"

    def __init__(self, soundfont: Path) -> None:
        self._library = _library()
        # Polyphony caps the work of a Pi; chorus costs a quarter of the time and adds little to acoustic sounds.
        options = {"synth.polyphony": 64, "synth.chorus.active": 0, "synth.cpu-cores": 1, "synth.lock-memory": 0}
        self._synth = self._library.Synth(gain=0.5, samplerate=float(RATE), channels=16, **options)
        self._font = self._synth.sfload(str(soundfont))
        if self._font < 0:
            self.close()
            raise MusicError(
                f"The soundfont {soundfont} cannot be read: install timgm6mb-soundfont or choose another one"
            )
        self._synth.set_reverb(0.55, 0.4, 0.8, 0.35)

    def blocks(self, score: Score) -> Iterator[Frames]:
        """Yield the piece a second at a time; float samples, so nothing clips on the way."""
        self._prepare(score)
        events = _events(score)
        following = next(events, None)
        total, done = round(score.seconds * RATE), 0
        while done < total:
            block = np.zeros((min(_BLOCK, total - done), 2), np.float32)
            filled = 0
            while filled < len(block):
                while following is not None and following[0] <= done + filled:
                    self._strike(following)
                    following = next(events, None)
                until = len(block) if following is None else min(len(block), following[0] - done)
                self._render(block[filled:until])
                filled = until
            done += len(block)
            yield block

    def close(self) -> None:
        """Free the synthesiser and its soundfont; may be called twice."""
        if self._synth is not None:
            self._synth.delete()
            self._synth = None

    def _prepare(self, score: Score) -> None:
        self._synth.system_reset()
        self._empty_room()
        for part, channel in channels(score):
            bank, program = (_PERCUSSION, 0) if part.drums else (0, part.program)
            self._synth.program_select(channel, self._font, bank, program)
            self._synth.cc(channel, 7, round(127 * part.level))
            self._synth.cc(channel, 10, round(64 + 63 * part.pan))
            self._synth.cc(channel, 91, 20 if channel == DRUM_CHANNEL else 50)

    def _empty_room(self) -> None:
        """Let what is left of an abandoned piece die away; without voices a second costs a few milliseconds."""
        for channel in range(16):
            self._synth.all_sounds_off(channel)
        for _ in range(_LONGEST_ECHO):
            left = np.zeros((_BLOCK, 2), np.float32)
            self._render(left)
            if np.abs(left).max() < 1e-5:
                break

    def _strike(self, event: tuple[int, bool, int, int, int]) -> None:
        _, on, channel, pitch, velocity = event
        if on:
            self._synth.noteon(channel, pitch, velocity)
        else:
            self._synth.noteoff(channel, pitch)

    def _render(self, part: Frames) -> None:
        address = part.ctypes.data
        self._library.fluid_synth_write_float(self._synth.synth, len(part), address, 0, 2, address, 1, 2)


def _events(score: Score) -> Iterator[tuple[int, bool, int, int, int]]:
    """List starts and ends as (frame, on, channel, pitch, velocity), ends first at the same frame."""
    found = []
    for part, channel in channels(score):
        for note in part.notes:
            start = round(score.seconds_at(note.start) * RATE)
            end = max(start + 64, round(score.seconds_at(note.start + note.length) * RATE))
            found += [(start, True, channel, note.pitch, note.velocity), (end, False, channel, note.pitch, 0)]
    return iter(sorted(found))


def _library() -> Any:
    """Import pyfluidsynth, which fails to import without the C library, and teach it floats and quiet logging."""
    try:
        import fluidsynth  # type: ignore[import-untyped]  # noqa: PLC0415 - only where it is asked for; no stubs
    except (ImportError, OSError) as error:
        raise MusicError(
            "FluidSynth is not installed: run sudo apt install libfluidsynth3 timgm6mb-soundfont"
        ) from error
    if not _KEPT:
        _extend(fluidsynth)
    return fluidsynth


def _extend(library: Any) -> None:
    """Add the two calls of the C library that pyfluidsynth 1.4 does not wrap."""
    arguments = [("synth", ctypes.c_void_p, 1), ("len", ctypes.c_int, 1)]
    for side in ("l", "r"):
        arguments += [
            (f"{side}out", ctypes.c_void_p, 1),
            (f"{side}off", ctypes.c_int, 1),
            (f"{side}incr", ctypes.c_int, 1),
        ]
    library.fluid_synth_write_float = library.cfunc("fluid_synth_write_float", ctypes.c_int, *arguments)
    set_log = library.cfunc(
        "fluid_set_log_function",
        ctypes.c_void_p,
        ("level", ctypes.c_int, 1),
        ("fun", _LOGGER, 1),
        ("data", ctypes.c_void_p, 1),
    )
    handler = _LOGGER(_to_log)
    _KEPT.append(handler)
    for level in range(len(_LEVELS)):
        set_log(level, handler, None)
    for level in _CHATTER:
        set_log(level, _LOGGER(), None)  # a null pointer: the library drops these itself


def _to_log(level: int, message: bytes | None, _data: int | None) -> None:
    log.log(_LEVELS[min(level, len(_LEVELS) - 1)], "fluidsynth: %s", (message or b"").decode("utf-8", "replace"))
