"""FluidSynth and the built-in synthesiser: sound, files that are not soundfonts, and a machine without the library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moodbox.errors import MusicError
from moodbox.events import Step
from moodbox.mood import COORDINATES
from moodbox.music.composer.compose import compose
from moodbox.music.composer.patterns.drums import CRASH, DRUMS, SNARE
from moodbox.music.composer.score import Note, Part, Score
from moodbox.music.composer.sound.fluid import FluidSounder
from moodbox.music.composer.sound.rack import Rack
from moodbox.music.composer.sound.sounder import RATE, Frames, Sounder
from moodbox.music.composer.sound.soundfont import find_soundfont
from moodbox.music.composer.sound.synth import SynthSounder


def fluid() -> FluidSounder:
    try:
        return FluidSounder(find_soundfont())
    except MusicError as error:
        pytest.skip(f"this machine has no FluidSynth or no soundfont: {error}")


# Every drum that a pattern strikes, and the snare and crash of the fills.
DRUM_KEYS = sorted({stroke.voice for each in DRUMS.values() for stroke in each.four} | {SNARE, CRASH})
MAKERS: list[Callable[[], Sounder]] = [fluid, SynthSounder]


def one_note(pitch: int, program: int = 0, *, drums: bool = False) -> Score:
    part = Part("Test", program, (Note(0.0, 1.0, pitch, 100),), drums=drums)
    return Score("", "", 0.0, 0.0, 0, 0, "major", 4, ((0.0, 60.0),), (part,))


def whole(sounder: Sounder, score: Score) -> Frames:
    return np.concatenate(list(sounder.blocks(score)))


@pytest.mark.parametrize("make", MAKERS)
def test_piece_is_sound_of_its_length_without_holes_or_broken_numbers(make: Callable[[], Sounder]) -> None:
    sounder = make()
    score = compose(Step("neutral", *COORDINATES["neutral"]), 4, 60.0)
    frames = whole(sounder, score)
    sounder.close()
    assert frames.shape == (round(score.seconds * RATE), 2)
    assert frames.dtype == np.float32
    assert np.isfinite(frames).all()
    heard = np.flatnonzero(np.abs(frames).max(axis=1) > 1e-4)
    assert np.diff(heard).max() < 3 * RATE


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("program", [0, 11, 24, 32, 42, 48, 52, 61, 71, 73])
def test_instrument_plays_the_pitch_that_is_written(make: Callable[[], Sounder], program: int) -> None:
    sounder = make()
    frames = whole(sounder, one_note(69, program))[: 2 * RATE].mean(axis=1)
    sounder.close()
    spectrum = np.abs(np.fft.rfft(frames[RATE // 10 : RATE // 10 + RATE]))
    fifths = {hertz: spectrum[hertz - 8 : hertz + 9].max() for hertz in (440, 466, 415, 494, 392)}
    assert max(fifths, key=fifths.__getitem__) == 440


@pytest.mark.parametrize("make", MAKERS)
def test_note_ends(make: Callable[[], Sounder]) -> None:
    sounder = make()
    frames = whole(sounder, one_note(69, 73))
    sounder.close()
    assert np.abs(frames[-RATE // 2 :]).max() < 0.05 * np.abs(frames).max()


def centroid(frames: Frames) -> float:
    """The middle of the spectrum in Hz."""
    spectrum = np.abs(np.fft.rfft(frames.mean(axis=1)))
    return float((spectrum * np.fft.rfftfreq(len(frames), 1.0 / RATE)).sum() / spectrum.sum())


@pytest.mark.parametrize("program", [0, 24, 42, 61])
def test_built_in_sound_is_brighter_when_struck_harder(program: int) -> None:
    def struck(velocity: int) -> Frames:
        part = Part("Test", program, (Note(0.0, 1.0, 60, velocity),))
        return whole(SynthSounder(), Score("", "", 0.0, 0.0, 0, 0, "major", 4, ((0.0, 60.0),), (part,)))[:RATE]

    assert centroid(struck(120)) > 1.05 * centroid(struck(40))


def test_built_in_sound_fills_both_sides_and_has_no_wall_in_its_spectrum() -> None:
    frames = whole(SynthSounder(), one_note(48, 48))[:RATE]
    spectrum = np.abs(np.fft.rfft(frames.mean(axis=1)))
    assert spectrum[2400:2700].max() > 1e-3 * spectrum.max(), "a low string has overtones beyond its twentieth"
    assert (frames[:, 0] - frames[:, 1]).std() > 0.05 * frames.std()


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("program", [0, 12, 24, 42, 48, 61, 73])
def test_notes_end_without_a_click(make: Callable[[], Sounder], program: int) -> None:
    """Around its end a note bends no sharper than while it sounds."""
    sounder = make()
    frames = whole(sounder, one_note(69, program)).mean(axis=1)
    sounder.close()
    bends = np.abs(np.diff(frames, 2))
    assert bends[round(0.9 * RATE) : round(1.6 * RATE)].max() <= 1.2 * bends[: round(0.9 * RATE)].max()


@pytest.mark.parametrize("key", DRUM_KEYS)
def test_every_drum_of_the_built_in_sound_is_heard(key: int) -> None:
    assert np.abs(whole(SynthSounder(), one_note(key, drums=True))).max() > 0.01


@pytest.mark.parametrize("make", MAKERS)
def test_sounder_may_be_closed_twice(make: Callable[[], Sounder]) -> None:
    sounder = make()
    sounder.close()
    sounder.close()


def test_second_piece_starts_clean() -> None:
    sounder = fluid()
    list(sounder.blocks(one_note(69, 48)))
    begun = sounder.blocks(one_note(60, 48))
    next(begun)
    begun.close()
    fresh = whole(sounder, Score("", "", 0.0, 0.0, 0, 0, "major", 4, ((0.0, 60.0),), ()))
    sounder.close()
    assert np.abs(fresh).max() < 1e-3


def test_garbage_instead_of_a_soundfont_is_refused_in_a_sentence(tmp_path: Path) -> None:
    fluid().close()  # skips where there is no library
    garbage = tmp_path / "broken.sf2"
    garbage.write_bytes(b"this is no soundfont" * 50)
    with pytest.raises(MusicError, match=r"broken\.sf2 cannot be read: install timgm6mb-soundfont"):
        FluidSounder(garbage)


def test_rack_with_a_broken_soundfont_plays_built_in_and_says_why(tmp_path: Path) -> None:
    garbage = tmp_path / "broken.sf2"
    garbage.write_bytes(b"")
    rack = Rack(str(garbage))
    assert isinstance(rack.sounder(), SynthSounder)
    assert rack.problem is not None
    assert rack.problem.key == "synth"
    assert rack.problem.cause.endswith("so a simpler built-in sound plays")
    assert rack.problem.action
    rack.close()


def test_missing_soundfont_is_named(tmp_path: Path) -> None:
    with pytest.raises(MusicError, match=r"nowhere\.sf2 is not there"):
        find_soundfont(str(tmp_path / "nowhere.sf2"))


def test_machine_without_soundfonts_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MusicError, match="sudo apt install timgm6mb-soundfont"):
        find_soundfont("", (tmp_path, tmp_path / "missing"))


def test_small_debian_soundfont_comes_first(tmp_path: Path) -> None:
    for name, size in (("Big.sf2", 900), ("TimGM6mb.sf2", 500), ("tiny.sf3", 10), ("notes.txt", 1)):
        (tmp_path / name).write_bytes(b"x" * size)
    assert find_soundfont("", (tmp_path,)).name == "TimGM6mb.sf2"
    (tmp_path / "TimGM6mb.sf2").unlink()
    assert find_soundfont("", (tmp_path,)).name == "tiny.sf3"


def test_machine_without_the_library_plays_built_in_and_says_what_to_install(tmp_path: Path) -> None:
    """In a process of its own, where the linker finds no FluidSynth."""
    (tmp_path / "any.sf2").write_bytes(b"RIFF")
    program = (
        "import ctypes.util; find = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda name: None if 'fluid' in name else find(name)\n"
        "from moodbox.music.composer.sound.rack import Rack\n"
        f"rack = Rack({str(tmp_path / 'any.sf2')!r})\n"
        "print(rack.sounder().name, '|', rack.problem.cause, '|', rack.problem.action)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith(
        "built-in | FluidSynth is not installed, so a simpler built-in sound plays | Run sudo apt"
    )


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    program = (
        "import sys, moodbox.music.composer.player\n"
        "print([name for name in ('fluidsynth', 'sounddevice', 'scipy', 'pyloudnorm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
