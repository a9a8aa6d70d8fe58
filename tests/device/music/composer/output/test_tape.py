"""The tape: smooth volume, quick silence, no click between takes, true positions."""

from __future__ import annotations

import numpy as np
import pytest

from moodbox.events import Problem
from moodbox.music.composer.output.outlet import Outlet
from moodbox.music.composer.output.tape import FADE, Tape
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.sounder import RATE, Frames
from moodbox.music.composer.sound.synth import SynthSounder
from moodbox.music.composer.take import Take
from tests.fakes.sound_device import SoundClock, SoundDevice

LOUD = 16_000


def take(seconds: float = 2.0, level: int = LOUD) -> Take:
    """A take of one steady value, so that every change of gain can be seen."""
    made = Take(Score("", "", 0.0, 0.0, 0, 0, "major", 4, ((0.0, 60.0),), ()), SynthSounder(), -16.0)
    made.total = round(seconds * RATE)
    made.samples = np.full((made.total, 2), level, np.int16)
    made.ready, made.complete = made.total, True
    return made


def steepest(frames: Frames) -> float:
    return float(np.abs(np.diff(frames[:, 0])).max())


def test_take_is_read_at_the_volume_and_then_there_is_silence() -> None:
    tape = Tape(0.5)
    tape.load(take(1.0))
    frames = tape.read(2 * RATE)
    assert frames[:RATE] == pytest.approx(0.5 * LOUD / 32768.0)
    assert np.abs(frames[RATE:]).max() == 0.0
    assert tape.finished
    assert tape.position == pytest.approx(1.0)


def test_hush_is_silent_within_200_ms_without_a_click_and_resume_goes_on_from_there() -> None:
    tape = Tape(1.0)
    tape.load(take())
    before = tape.read(1000)
    tape.hush()
    after = tape.read(RATE // 5)
    assert np.abs(after[round(FADE * RATE) + 1 :]).max() == 0.0
    assert steepest(np.concatenate((before, after))) < 0.001
    place = tape.position
    tape.read(RATE)
    assert tape.position == place
    tape.resume()
    again = tape.read(RATE // 5)
    assert steepest(again) < 0.001
    assert np.abs(again[-1]).max() > 0.4
    assert tape.position > place


def test_volume_moves_without_zipper_noise() -> None:
    tape = Tape(0.1)
    tape.load(take())
    tape.read(500)
    tape.set_volume(0.9)
    frames = tape.read(RATE // 2)
    assert steepest(frames) < 0.001
    assert frames[-1, 0] == pytest.approx(0.9 * LOUD / 32768.0)


def test_new_take_waits_until_the_old_one_has_faded() -> None:
    tape = Tape(1.0)
    tape.load(take())
    first = tape.read(1000)
    tape.load(take(level=-LOUD))
    assert tape.position == 0.0
    second = tape.read(RATE // 4)
    fade = round(FADE * RATE) // 2
    assert steepest(np.concatenate((first, second))[:fade]) < 0.001
    assert second[-1, 0] < -0.4
    assert tape.position > 0.0


def test_take_laid_ready_while_paused_stays_silent_until_resumed() -> None:
    tape = Tape(1.0)
    tape.load(take(), paused=True)
    assert np.abs(tape.read(1000)).max() == 0.0
    assert tape.position == 0.0
    tape.resume()
    assert np.abs(tape.read(RATE // 4)).max() > 0.4


def test_ejected_take_fades_and_is_forgotten() -> None:
    tape = Tape(1.0)
    tape.load(take())
    tape.read(1000)
    tape.eject()
    assert not tape.silent
    tape.read(RATE // 5)
    assert tape.silent
    tape.resume()
    assert np.abs(tape.read(1000)).max() == 0.0


def test_loudness_found_later_is_reached_slowly() -> None:
    tape = Tape(1.0)
    playing = take(4.0)
    tape.load(playing)
    tape.read(512)
    playing.trim = 0.5
    frames = np.concatenate([tape.read(512) for _ in range(300)])
    assert steepest(frames) < 0.001
    assert frames[-1, 0] == pytest.approx(0.5 * LOUD / 32768.0, rel=0.2)


def test_sounder_that_falls_behind_gives_silence_and_then_goes_on() -> None:
    tape = Tape(1.0)
    late = take()
    late.ready, late.complete = 1000, False
    tape.load(late)
    frames = tape.read(2000)
    assert np.abs(frames[1000:]).max() == 0.0
    assert not tape.finished
    late.ready, late.complete = late.total, True
    assert np.abs(tape.read(RATE // 4)).max() > 0.4


def test_time_passes_where_nobody_listens() -> None:
    tape, clock = Tape(1.0), SoundClock()
    outlet = Outlet("none", tape, clock)
    tape.load(take(2.0))
    clock.advance(1.25)
    outlet.poll()
    assert outlet.position == pytest.approx(1.25, abs=0.001)
    tape.hush()
    clock.advance(5.0)
    outlet.poll()
    assert outlet.position == pytest.approx(1.25, abs=0.001)
    tape.resume()
    clock.advance(5.0)
    outlet.poll()
    assert tape.finished


def test_outlet_without_a_device_says_so_and_finds_it_later() -> None:
    tape, clock, device = Tape(1.0), SoundClock(), SoundDevice(connected=False)
    outlet = Outlet("", tape, clock, opener=device.open)
    outlet.ready()
    assert outlet.name == "this page only"
    assert isinstance(outlet.problem, Problem)
    assert outlet.problem.key == "sound"
    device.connected = True
    outlet.ready()
    assert outlet.name == device.name
    assert outlet.problem is None
    assert device.asked_afresh == [False, True]


def test_outlet_goes_on_by_the_clock_when_the_device_goes_away() -> None:
    tape, clock, device = Tape(1.0), SoundClock(), SoundDevice()
    outlet = Outlet("", tape, clock, opener=device.open)
    outlet.ready()
    tape.load(take(3.0))
    device.pull(1.0)
    assert outlet.position == pytest.approx(1.0 - device.latency, abs=0.001)
    device.connected = False
    outlet.poll()
    assert outlet.problem is not None
    assert "Fake Speaker" in outlet.problem.cause
    assert device.closed == 1
    clock.advance(1.0)
    outlet.poll()
    assert outlet.position == pytest.approx(2.0, abs=0.001)


def test_silence_by_choice_is_no_problem() -> None:
    device = SoundDevice()
    outlet = Outlet("none", Tape(1.0), SoundClock(), opener=device.open)
    outlet.ready()
    assert outlet.problem is None
    assert device.opened == 0
    outlet.close()
    outlet.close()
