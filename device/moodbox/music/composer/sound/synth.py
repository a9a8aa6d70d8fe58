"""The built-in synthesiser: a few timbres from wave tables, envelopes, drums of noise, and a room. numpy alone.

It sounds pieces where FluidSynth or its soundfont is missing, so that the box is never silent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.score import Note, Part, Score
from moodbox.music.composer.sound.sounder import RATE, Frames

Wave = npt.NDArray[np.float32]

_TABLE = 4096  # samples of one period
_PARTIALS = 28  # of a table; those a timbre does not list fade out evenly, or the sound would end at a wall
_BLOCK = 2 * RATE  # frames
_ROOM = round(1.1 * RATE)  # frames of the room's echo
_LONGEST = 12.0  # seconds of a single note


@dataclass(frozen=True, slots=True)
class Timbre:
    """A family of instruments: strengths of its partials, and an envelope in seconds."""

    bright: tuple[float, ...]  # partials at the attack
    dark: tuple[float, ...]  # partials that remain
    attack: float
    decay: float  # seconds to 1/e; 0 holds
    release: float
    vibrato: float = 0.0  # depth in cents
    air: float = 0.72  # strength of each partial that is not listed, against the one before
    many: bool = False  # several players: a second voice, a little out of tune


_PIANO = Timbre((1, 0.6, 0.4, 0.25, 0.18, 0.1, 0.07), (1, 0.25, 0.08), 0.004, 0.9, 0.15)
_PLUCK = Timbre((1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.15, 0.1), (1, 0.3, 0.1), 0.003, 0.5, 0.12)
_MALLET = Timbre((1, 0.1, 0.05, 0.5, 0, 0, 0, 0.1), (1, 0.02), 0.002, 0.45, 0.25, 0.0, 0.3)
_STRINGS = Timbre((1, 0.5, 0.33, 0.25, 0.2, 0.15, 0.1, 0.08), (1, 0.45, 0.3, 0.2, 0.15), 0.09, 0.0, 0.22, 7.0, 0.82)
_ENSEMBLE = replace(_STRINGS, attack=0.13, release=0.3, vibrato=5.0, many=True)
_BRASS = Timbre((1, 0.9, 0.8, 0.6, 0.45, 0.3, 0.2, 0.15), (1, 0.7, 0.5, 0.3, 0.2), 0.035, 0.0, 0.12, 4.0, 0.84)
_REED = Timbre((1, 0.2, 0.7, 0.15, 0.4, 0.1, 0.2), (1, 0.15, 0.5, 0.1, 0.25), 0.035, 0.0, 0.1, 4.0)
_FLUTE = Timbre((1, 0.3, 0.12, 0.05), (1, 0.2, 0.06), 0.05, 0.0, 0.12, 8.0, 0.55)
_BASS = Timbre((1, 0.7, 0.35, 0.2, 0.1), (1, 0.35, 0.1), 0.006, 0.8, 0.1)
_CHOIR = Timbre((1, 0.4, 0.3, 0.08, 0.05), (1, 0.4, 0.25, 0.05), 0.15, 0.0, 0.3, 9.0, 0.6, many=True)
_DRIVE = Timbre(
    (1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2), (1, 0.7, 0.6, 0.5, 0.4, 0.3), 0.006, 2.5, 0.08, 0.0, 0.86
)
# The first General MIDI program that a timbre serves, up to the next line.
_FAMILIES = (
    (0, _PIANO), (8, _MALLET), (16, _REED), (24, _PLUCK), (29, _DRIVE), (32, _BASS), (40, _STRINGS), (44, _ENSEMBLE),
    (45, _PLUCK), (47, _MALLET), (48, _ENSEMBLE), (52, _CHOIR), (56, _BRASS), (64, _REED), (72, _FLUTE), (80, _DRIVE),
    (88, _CHOIR),
)  # fmt: skip


class SynthSounder:
    """Sound scores with wave tables."""

    name = "built-in"

    def blocks(self, score: Score) -> Iterator[Frames]:
        """Yield the piece two seconds at a time, room included."""
        total = round(score.seconds * RATE)
        waiting = _schedule(score)
        tail: Frames = np.zeros((_BLOCK + round((_LONGEST + 1.0) * RATE), 2), np.float32)
        echo: Frames = np.zeros((_ROOM, 2), np.float32)
        for start in range(0, total, _BLOCK):
            while waiting and waiting[-1][0] < start + _BLOCK:
                at, part, seconds, note = waiting.pop()
                wave = _drum(note) if part.drums else _tone(part, note, seconds)
                tail[at - start : at - start + len(wave)] += wave[:, None] * _sides(part)
            dry = tail[:_BLOCK].copy()
            tail[:-_BLOCK] = tail[_BLOCK:]
            tail[-_BLOCK:] = 0.0
            wet = _in_room(dry)
            wet[: len(echo)] += echo
            echo = wet[_BLOCK:].copy()
            yield (dry + wet[:_BLOCK])[: total - start]

    def close(self) -> None:
        """Nothing to give back."""


def _schedule(score: Score) -> list[tuple[int, Part, float, Note]]:
    """List every note with its first frame and its seconds, the last one first."""
    found = []
    for part in score.parts:
        for note in part.notes:
            start = score.seconds_at(note.start)
            found.append((round(start * RATE), part, score.seconds_at(note.start + note.length) - start, note))
    return sorted(found, key=lambda each: each[0], reverse=True)


def _sides(part: Part) -> Wave:
    """Pan with constant power."""
    angle = (part.pan + 1.0) * math.pi / 4.0
    return np.array((math.cos(angle), math.sin(angle)), np.float32) * part.level


def _tone(part: Part, note: Note, seconds: float) -> Wave:
    timbre = next(found for first, found in reversed(_FAMILIES) if part.program >= first)
    count = round((min(seconds, _LONGEST - 1.0) + timbre.release) * RATE)
    time = np.asarray(np.arange(count) / RATE, np.float32)
    frequency = 440.0 * 2.0 ** ((note.pitch - 69) / 12)
    phase = time * (frequency * _TABLE)
    if timbre.vibrato:  # it sets in after a moment, as players do; depth in cents, 5.3 rounds a second
        depth = frequency * _TABLE * timbre.vibrato / 1200.0 * math.log(2.0) / (2.0 * math.pi * 5.3)
        phase += np.minimum(time * 2.0, 1.0) * depth * np.sin(time * (2.0 * math.pi * 5.3))
    loud = note.velocity / 127.0
    wave = _played(timbre, phase, time, note, loud)
    if timbre.many:
        wave = np.float32(0.62) * (
            wave + _played(timbre, phase * np.float32(1.0035) + np.float32(900.0), time, note, loud)
        )
    wave *= _envelope(timbre, time, seconds, note.pitch)
    return np.asarray(wave * np.float32(0.22 * loud**2), np.float32)


def _played(timbre: Timbre, phase: Wave, time: Wave, note: Note, loud: float) -> Wave:
    """Read the two tables: a hard stroke is brighter, and struck or plucked sounds lose their edge first."""
    index = phase.astype(np.int32) & (_TABLE - 1)
    dark = _table(timbre.dark, timbre.air * 0.8, note.pitch)[index]
    bright = _table(timbre.bright, timbre.air, note.pitch)[index]
    edge = loud * (np.exp(time * np.float32(-6.0)) if timbre.decay else np.float32(0.75))
    return np.asarray(dark + (bright - dark) * edge, np.float32)


def _envelope(timbre: Timbre, time: Wave, seconds: float, pitch: int) -> Wave:
    shape = np.minimum(time / np.float32(timbre.attack), np.float32(1.0))
    if timbre.decay:  # high strings and bars die sooner: an octave halves the time by about a third
        shape *= np.exp(time * np.float32(-1.0 / (timbre.decay * 2.0 ** ((60 - pitch) / 24.0))))
    shape *= np.clip((np.float32(seconds + timbre.release) - time) / np.float32(timbre.release), 0.0, 1.0)
    return np.asarray(shape, np.float32)


@cache
def _table(partials: tuple[float, ...], air: float, pitch: int) -> Wave:
    """Draw one period; partials above 16 kHz are left out, they would fold back as noise."""
    frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
    at = np.arange(_TABLE) * (2.0 * math.pi / _TABLE)
    unlisted = (partials[-1] * air ** (n + 1) for n in range(_PARTIALS - len(partials)))
    heard = [(n, each) for n, each in enumerate((*partials, *unlisted), 1) if n * frequency < 16_000.0]
    wave = np.sum([strength * np.sin(n * at + 0.7 * n * n) for n, strength in heard], axis=0)
    return np.asarray(wave / np.sqrt(np.mean(wave**2)), np.float32)


def _drum(note: Note) -> Wave:
    """Strike a drum; harder is louder."""
    loud = np.float32(0.5 * (note.velocity / 127.0) ** 2)
    return _stroke(note.pitch) * loud


# General MIDI keys. Skins: pitch in Hz, seconds to 1/e, how far the pitch falls. Woods and metals: pitch, seconds.
_SKINS = {36: (52.0, 0.07, 4.0), 41: (80.0, 0.10, 3.0), 48: (130.0, 0.09, 2.0)}
_WOODS = {
    37: (1700.0, 0.012), 56: (560.0, 0.05), 75: (2400.0, 0.017), 76: (1100.0, 0.017), 77: (780.0, 0.02),
    81: (4100.0, 0.25),
}  # fmt: skip
_NOISES = {38: 0.05, 39: 0.035, 42: 0.014, 44: 0.012, 49: 0.5, 51: 0.12, 54: 0.05, 70: 0.014}  # seconds to 1/e
_OTHER = 0.02


@cache
def _stroke(key: int) -> Wave:
    if key in _SKINS:
        low, ring, fall = _SKINS[key]
        time = np.arange(round(5.0 * ring * RATE)) / RATE
        wave = np.sin(2 * math.pi * (low * time - fall * np.exp(-time * 30.0))) * np.exp(-time / ring)
    elif key in _WOODS:
        pitch, ring = _WOODS[key]
        time = np.arange(round(6.0 * ring * RATE)) / RATE
        wave = 0.4 * (np.sin(2 * math.pi * pitch * time) + 0.5 * np.sin(2 * math.pi * 1.48 * pitch * time))
        wave *= np.exp(-time / ring)
    else:
        ring = _NOISES.get(key, _OTHER)
        time = np.arange(round(6.0 * ring * RATE)) / RATE
        wave = np.random.default_rng(key).standard_normal(len(time)) * np.exp(-time / ring)
        if key == 38:  # the skin under the wires
            wave = 0.8 * wave + np.sin(2 * math.pi * 185.0 * time) * np.exp(-time / 0.06)
        elif key != 39:  # metal and seeds live above the snare
            wave = np.diff(wave, prepend=0.0) * (0.5 if ring > 0.1 else 0.8)
        wave *= 0.35
    shape = np.minimum(1.0, np.minimum(np.arange(len(wave)), len(wave) - 1 - np.arange(len(wave))) / 40.0)
    return np.asarray(wave * shape, np.float32)


@cache
def _room() -> npt.NDArray[np.complex64]:
    """Return the spectrum of a small room: noise that dies away, darker with time, different on both sides."""
    rng = np.random.default_rng(1)
    time = np.arange(_ROOM) / RATE
    noise = rng.standard_normal((_ROOM, 2))
    smooth = np.cumsum(noise, axis=0)
    noise = noise[8:] * 0.25 + (smooth[8:] - smooth[:-8]) / 8.0
    time = time[8:]
    shape = np.exp(-time * 6.9 / 1.0) * np.clip((time - 0.012) / 0.01, 0.0, 1.0)
    impulse = noise * shape[:, None]
    impulse *= 0.30 / np.sqrt((impulse**2).sum(axis=0))
    return np.asarray(np.fft.rfft(impulse.astype(np.float32), _size(), axis=0), np.complex64)


def _in_room(dry: Frames) -> Frames:
    """Return the room's answer to a block, `_ROOM` frames longer than the block."""
    mono = dry.mean(axis=1)
    spectrum = np.fft.rfft(mono, _size())[:, None] * _room()
    wet = np.fft.irfft(spectrum, _size(), axis=0)[: len(dry) + _ROOM]
    return np.asarray(wet, np.float32)


def _size() -> int:
    return 139_968  # 2^6 * 3^7, above block + room, and quick to transform
