"""WAVs that grow and WAVs that are decoded: the same bytes, in any cut, and never a wait without end."""

import io
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodbox.errors import MusicError
from moodbox.events import Step
from moodbox.music.composer import live
from moodbox.music.composer.compose import compose
from moodbox.music.composer.encoder import Encoder
from moodbox.music.composer.live import KeptWave, LiveWave
from moodbox.music.composer.take import Take

SCORE = compose(Step("happy", 0.8, 0.5), 1, 60.0)


def take(frames: int = 1000) -> Take:
    """Make a take without sound, to be filled by the test."""
    made = Take(SCORE, None, -16.0)  # type: ignore[arg-type] # sounds nothing here
    made.total = frames
    made.samples = np.arange(frames * 2, dtype=np.int16).reshape(-1, 2)
    return made


def whole(made: Take) -> bytes:
    wav = LiveWave(made)
    return b"".join(wav.between(0, wav.size))


def test_finished_take_is_a_valid_wav_of_the_promised_size(tmp_path: Path):
    made = take()
    made.ready = made.total
    heard = whole(made)
    assert len(heard) == LiveWave(made).size
    with wave.open(io.BytesIO(heard)) as sound:
        assert sound.getparams()[:4] == (2, 2, 44100, 1000)
        assert sound.readframes(1000) == made.samples.tobytes()


@given(st.integers(0, 4044), st.integers(0, 4044))
def test_any_part_is_that_part_of_the_whole(one: int, other: int):
    made = take()
    made.ready = made.total
    start, stop = sorted((one, other))
    assert b"".join(LiveWave(made).between(start, stop)) == whole(made)[start:stop]


def test_reader_waits_for_what_is_not_made_yet():
    made, heard = take(), bytearray()
    made.ready = 10
    first = threading.Event()

    def read() -> None:
        for part in LiveWave(made).between(44, 4044):
            heard.extend(part)
            first.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert first.wait(5)
    assert bytes(heard) == made.samples[:10].tobytes()
    made.ready = made.total
    reader.join(5)
    assert bytes(heard) == made.samples.tobytes()


def test_dropped_take_ends_early():
    made = take()
    made.ready = 10
    made.saved.set()
    assert len(whole(made)) == 44 + 40


def test_stalled_maker_ends_the_stream(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "_STALL", 0.05)
    assert len(whole(take())) == 44


def flac(made: Take) -> bytes:
    encoder = Encoder("flac")
    encoder.add(made.samples)
    return encoder.finish()


@given(st.integers(0, 4044), st.integers(0, 4044))
def test_any_part_of_kept_sound_is_what_grew(one: int, other: int):
    made = take()
    made.ready = made.total
    start, stop = sorted((one, other))
    wave = KeptWave(flac(made))
    assert wave.size == LiveWave(made).size
    assert b"".join(wave.between(start, stop)) == whole(made)[start:stop]


def test_kept_sound_in_many_chunks_is_whole():
    made = take(200_000)
    made.samples = np.random.default_rng(1).integers(-9000, 9000, (200_000, 2), np.int16)
    made.ready = made.total
    wave = KeptWave(flac(made))
    assert b"".join(wave.between(400_001, wave.size)) == whole(made)[400_001:]


def test_kept_sound_is_read_to_its_end_although_its_file_is_deleted(tmp_path: Path):
    made = take()
    made.ready = made.total
    path = tmp_path / "a.flac"
    path.write_bytes(flac(made))
    wave = KeptWave(path)
    path.unlink()
    assert b"".join(wave.between(0, wave.size)) == whole(made)


def test_kept_sound_that_is_broken_is_said(tmp_path: Path):
    with pytest.raises(MusicError, match="cannot be read"):
        KeptWave(b"fLaC and then nothing")
    with pytest.raises(MusicError, match="cannot be read"):
        KeptWave(tmp_path / "gone.flac")
