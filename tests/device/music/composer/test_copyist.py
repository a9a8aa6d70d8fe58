"""The copyist: one copy at a time, never for ever, and its own sound."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import pytest
import soundfile

from moodbox.errors import MusicError
from moodbox.music.composer.copyist import LONGEST, Copyist
from moodbox.music.composer.midi import on_grid
from moodbox.music.composer.sound.sounder import RATE
from tests.fakes.short_pieces import LOUDNESS, short_score

SCORE = on_grid(short_score(beats=1))


def test_copy_is_the_piece_and_can_be_turned_into_another_form() -> None:
    copyist = Copyist("none.sf2", LOUDNESS)
    flac = copyist.sound(SCORE)
    assert soundfile.info(io.BytesIO(flac)).frames == round(SCORE.seconds * RATE)
    ogg = copyist.encode(flac, "ogg")
    assert soundfile.info(io.BytesIO(ogg)).format == "OGG"
    assert soundfile.info(io.BytesIO(ogg)).frames == round(SCORE.seconds * RATE)


class Gate:
    """A clock that lets nobody on until it is opened: whoever asks it is in the middle of a copy."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> float:
        self.entered.set()
        assert self.opened.wait(20)
        return 0.0


def test_second_visitor_is_told_to_come_back_and_then_served() -> None:
    gate = Gate()
    copyist = Copyist("none.sf2", LOUDNESS, gate)
    made: list[bytes] = []
    first = threading.Thread(target=lambda: made.append(copyist.sound(SCORE)))
    first.start()
    assert gate.entered.wait(20)
    for ask in (lambda: copyist.sound(SCORE), lambda: copyist.encode(b"", "ogg")):
        with pytest.raises(MusicError, match="try again in a moment"):
            ask()
    gate.opened.set()
    first.join(20)
    assert copyist.sound(SCORE) == made[0]


def test_copy_that_takes_too_long_is_given_up_and_the_next_may_try() -> None:
    times: Iterator[float] = iter([0.0, LONGEST + 1.0])
    copyist = Copyist("none.sf2", LOUDNESS, lambda: next(times, 0.0))
    with pytest.raises(MusicError, match="takes too long"):
        copyist.sound(SCORE)
    assert copyist.sound(SCORE)[:4] == b"fLaC"


def test_stopping_box_gives_its_copies_up() -> None:
    copyist = Copyist("none.sf2", LOUDNESS)
    copyist.close()
    copyist.close()
    with pytest.raises(MusicError, match="The box is stopping"):
        copyist.sound(SCORE)


def test_broken_sound_is_said() -> None:
    with pytest.raises(MusicError, match="cannot be read"):
        Copyist("none.sf2", LOUDNESS).encode(b"nonsense", "ogg")
