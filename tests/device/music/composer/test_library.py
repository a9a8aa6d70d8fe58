"""The library: whole files or none, only so many, and memory across restarts."""

from __future__ import annotations

import os
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import StorageError
from moodbox.events import Step
from moodbox.music.composer.compose import compose
from moodbox.music.composer.library import Library
from moodbox.music.composer.midi import read_origin
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.sound.synth import SynthSounder
from moodbox.music.composer.take import Take


def take(seed: int = 1) -> Take:
    """A short complete take; its sound is a ramp, which shows every sample in its place."""
    made = Take(compose(Step("happy", 0.7, 0.4), seed, 60.0), SynthSounder(), -16.0)
    made.total = made.ready = RATE
    made.samples = np.arange(2 * RATE).reshape(RATE, 2).astype(np.int16) // 4
    made.complete = True
    return made


def saved(library: Library, made: Take) -> Take:
    for _ in library.save(made):
        pass
    return made


def test_saved_piece_is_a_wav_and_a_midi_file(tmp_path: Path) -> None:
    library = Library(tmp_path / "pieces", 5)
    made = take()
    made.trim = 0.5
    path = library.path(saved(library, made).key)
    assert path is not None
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, RATE)
        frames = np.frombuffer(sound.readframes(RATE), "<i2").reshape(-1, 2)
    assert np.array_equal(frames, np.rint(made.samples * np.float32(0.5)).astype(np.int16))
    assert read_origin(path.with_suffix(".mid").read_bytes())["seed"] == 1
    assert sorted(each.suffix for each in path.parent.iterdir()) == [".mid", ".wav"]


def test_oldest_pieces_are_deleted(tmp_path: Path) -> None:
    library = Library(tmp_path, 3)
    keys = []
    for seed in range(5):
        made = saved(library, take(seed))
        keys.append(made.key)
        os.utime(tmp_path / f"{made.key}.wav", (seed, seed))
    saved(library, take(9))
    assert [library.path(key) is not None for key in keys] == [False, False, False, True, True]
    assert len(list(tmp_path.glob("*.mid"))) == len(list(tmp_path.glob("*.wav"))) == 3


@given(st.text() | st.sampled_from(["", "..", "../secret", "0" * 16 + "/..", "0123456789abcde\n", "0123456789ABCDEF"]))
def test_key_that_is_not_ours_has_no_file(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "keys" / "pieces"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "secret.wav").write_bytes(b"x")
    assert Library(folder, 5).path(key) is None


def test_fingerprints_are_remembered_after_a_restart(tmp_path: Path) -> None:
    Library(tmp_path, 5).remember("0123456789abcdef")
    again = Library(tmp_path, 5)
    assert again.heard("0123456789abcdef")
    assert not again.heard("fedcba9876543210")


def test_broken_memory_is_forgotten_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "heard.txt").write_bytes(b"\xff\xfe nonsense\n0123456789abcdef\n")
    assert Library(tmp_path, 5).heard("0123456789abcdef")


def test_given_up_saving_leaves_nothing_and_old_leftovers_are_swept(tmp_path: Path) -> None:
    library = Library(tmp_path, 5)
    slices = library.save(take())
    next(slices)
    next(slices)
    slices.close()
    assert list(tmp_path.glob("*.wav")) == list(tmp_path.glob(".*")) == []
    (tmp_path / ".0123456789abcdef.wav.abc").write_bytes(b"half")
    Library(tmp_path, 5)
    assert list(tmp_path.glob(".*")) == []


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    library = Library(tmp_path / "file" / "pieces", 5)
    with pytest.raises(StorageError, match="cannot be written"):
        saved(library, take())


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("only root may mount the small file system this test fills")
    yield disk
    subprocess.run(["umount", str(disk)], check=True, timeout=20)


def test_full_disk_is_one_sentence_and_leaves_no_half_file(tiny_disk: Path) -> None:
    library = Library(tiny_disk, 5)
    with pytest.raises(StorageError, match=r"cannot be written \(No space left on device\): free some space"):
        saved(library, take())
    assert list(tiny_disk.glob("*.wav")) == list(tiny_disk.glob(".*")) == []
