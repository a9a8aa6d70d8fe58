"""MIDI files: anybody can play them, and we read back exactly what we wrote."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace

import mido
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moodbox.errors import MusicError
from moodbox.events import Step
from moodbox.mood import COORDINATES
from moodbox.music.composer.compose import compose
from moodbox.music.composer.midi import DRUM_CHANNEL, Origin, on_grid, read_midi, read_origin, write_midi
from moodbox.music.composer.score import Note, Part, Score
from tests.fakes.short_pieces import short_score

SHORT = write_midi(short_score())
NOTES = st.builds(
    Note,
    start=st.floats(0.0, 20.0),
    length=st.floats(0.0, 8.0),
    pitch=st.integers(60, 63),  # so few that many overlap
    velocity=st.integers(0, 127),
)
PARTS = st.builds(
    Part,
    name=st.sampled_from(["Melody", "Bass"]),
    program=st.integers(0, 127),
    notes=st.lists(NOTES, max_size=12).map(tuple),
    level=st.floats(0.0, 1.0),
    pan=st.floats(-1.0, 1.0),
    drums=st.booleans(),
)


@pytest.mark.parametrize("label", ["happy", "angry", "sad"])
def test_file_has_every_note_the_title_and_the_length(label: str) -> None:
    score = compose(Step(label, 0.0, 0.0), 3, 75.0)
    file = mido.MidiFile(file=io.BytesIO(write_midi(score)))
    struck = sum(message.type == "note_on" for track in file.tracks for message in track)
    assert struck == sum(len(part.notes) for part in score.parts)
    assert file.tracks[0].name == score.title
    assert abs(file.length - score.seconds) < 3.0


@pytest.mark.parametrize("label", list(COORDINATES))
def test_piece_read_back_is_the_piece_on_the_grid(label: str) -> None:
    score = replace(compose(Step(label, *COORDINATES[label]), 2**40 + 1, 60.0), origin="lstm 2026.11.1")
    kept = read_midi(write_midi(score))
    assert kept == on_grid(score)
    assert write_midi(kept) == write_midi(score)
    assert on_grid(kept) == kept
    assert (kept.seed, kept.origin, kept.valence) == (2**40 + 1, "lstm 2026.11.1", COORDINATES[label][0])


def test_grid_moves_no_note_by_more_than_a_listener_hears() -> None:
    score = compose(Step("angry", -0.5, 0.6), 3, 60.0)
    for before, after in zip(score.parts, on_grid(score).parts, strict=True):
        starts = [sorted(score.seconds_at(note.start) for note in part.notes) for part in (before, after)]
        assert max(abs(one - other) for one, other in zip(*starts, strict=True)) < 0.002
        assert after.level == pytest.approx(before.level, abs=0.005)
        assert after.pan == pytest.approx(before.pan, abs=0.01)


@given(
    parts=st.lists(PARTS, max_size=3).map(tuple),
    tempo=st.lists(st.floats(30.0, 240.0), min_size=1, max_size=4),
    tonic=st.integers(0, 11),
    mode=st.sampled_from(["major", "minor"]),
)
def test_any_score_is_read_back_as_it_was_written(
    parts: tuple[Part, ...], tempo: list[float], tonic: int, mode: str
) -> None:
    bars = tuple((4.0 * number, bpm) for number, bpm in enumerate(tempo))
    score = Score("A title", "fear", 0.1, -0.7, 5, tonic, mode, 3, bars, parts)
    data = write_midi(score)
    assert read_midi(data) == on_grid(score)
    assert write_midi(read_midi(data)) == data
    assert read_midi(data).fingerprint == on_grid(score).fingerprint


def test_origin_is_read_without_the_notes() -> None:
    score = on_grid(short_score(7))
    assert read_origin(write_midi(score)) == Origin(
        "Short happy piece 7, in C major", "happy", 0.5, -0.25, 7, round(score.seconds, 3), "short"
    )


def first_version(data: bytes) -> bytes:
    """Make it a file of before the origin and the length were noted."""
    file = mido.MidiFile(file=io.BytesIO(data))
    text = 'moodbox {"label": "happy", "valence": 0.5, "arousal": -0.25, "seed": 7}'
    file.tracks[0][1] = mido.MetaMessage("text", text=text)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_file_of_the_first_version_is_the_rules() -> None:
    data = first_version(write_midi(short_score(7)))
    assert read_midi(data).origin == read_origin(data).origin == "rules"
    assert read_origin(data).seconds == 0.0
    assert read_midi(data).parts == on_grid(short_score(7)).parts


def test_file_of_somebody_else_is_refused() -> None:
    file = mido.MidiFile()
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("text", text="hello")]))
    buffer = io.BytesIO()
    file.save(file=buffer)
    for read in (read_midi, read_origin):
        with pytest.raises(MusicError, match="no whole MIDI file of this box"):
            read(buffer.getvalue())


@given(st.integers(0, len(SHORT) - 1))
def test_file_cut_anywhere_is_refused(length: int) -> None:
    for read in (read_midi, read_origin):
        with pytest.raises(MusicError):
            read(SHORT[:length])


@given(st.lists(st.tuples(st.integers(0, len(SHORT) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@example([(12, 0)])
def test_damaged_file_is_a_score_or_refused_and_nothing_else(damage: list[tuple[int, int]]) -> None:
    data = bytearray(SHORT)
    for at, value in damage:
        data[at] = value
    for read in (read_midi, read_origin):
        with contextlib.suppress(MusicError):
            read(bytes(data))


def test_file_that_would_last_for_hours_is_refused() -> None:
    score = short_score()
    endless = replace(score, parts=(Part("Melody", 0, (Note(0.0, 100_000.0, 60, 90),)),))
    with pytest.raises(MusicError, match="so it is broken"):
        read_midi(write_midi(endless))


def test_only_drums_are_on_the_drum_channel() -> None:
    score = compose(Step("angry", -0.5, 0.6), 3, 75.0)
    file = mido.MidiFile(file=io.BytesIO(write_midi(score)))
    for part, track in zip(score.parts, file.tracks[1:], strict=True):
        used = {message.channel for message in track if message.type == "note_on"}
        assert (used == {DRUM_CHANNEL}) == part.drums
