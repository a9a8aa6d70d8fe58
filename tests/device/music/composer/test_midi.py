"""MIDI files: anybody can play them, and they say where they come from."""

from __future__ import annotations

import io

import mido
import pytest

from moodbox.events import Step
from moodbox.music.composer.compose import compose
from moodbox.music.composer.midi import DRUM_CHANNEL, read_origin, write_midi


@pytest.mark.parametrize("label", ["happy", "angry", "sad"])
def test_file_read_back_has_every_note_the_title_and_the_length(label: str) -> None:
    score = compose(Step(label, 0.0, 0.0), 3, 75.0)
    file = mido.MidiFile(file=io.BytesIO(write_midi(score)))
    struck = sum(message.type == "note_on" for track in file.tracks for message in track)
    assert struck == sum(len(part.notes) for part in score.parts)
    assert file.tracks[0].name == score.title
    assert abs(file.length - score.seconds) < 3.0


def test_origin_is_enough_to_write_the_piece_again() -> None:
    score = compose(Step("fear", -0.5, 0.4), 2**40 + 1, 90.0)
    origin = read_origin(write_midi(score))
    assert origin == {"label": "fear", "valence": -0.5, "arousal": 0.4, "seed": 2**40 + 1}


def test_file_of_somebody_else_has_no_origin() -> None:
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("text", text="hello")]))
    buffer = io.BytesIO()
    file.save(file=buffer)
    assert read_origin(buffer.getvalue()) == {}


def test_only_drums_are_on_the_drum_channel() -> None:
    score = compose(Step("angry", -0.5, 0.6), 3, 75.0)
    file = mido.MidiFile(file=io.BytesIO(write_midi(score)))
    for track in file.tracks[1:]:
        used = {message.channel for message in track if message.type == "note_on"}
        assert (used == {DRUM_CHANNEL}) == (track.name == "Drums")
